package redcap

import (
	"encoding/csv"
	"encoding/json"
	"errors"
	"fmt"
	"net/mail"
	"slices"
	"strings"

	"tidemark/survey"
)

// importPeople enrols people who are given as records: who they are and where they
// belong.
func (k *call) importPeople(records []map[string]string) error {
	if !k.actor.Token.Has(survey.ScopeWritePeople) || !k.actor.MayRunAny(k.study) {
		return survey.ErrForbidden
	}
	gives, err := k.req.choice("returnContent", "count", "ids", "auto_ids", "nothing")
	if err != nil {
		return err
	}
	run, people, err := k.people(records)
	if err != nil {
		return err
	}
	added, err := k.use.Runs.Enrol(k.ctx, k.actor, k.study, run, survey.Enrolling{People: people})
	if faults, ok := errors.AsType[survey.FieldErrors](err); ok {
		return bad("Nobody was imported: " + faultWords(faults))
	}
	if errors.Is(err, survey.ErrNotFound) {
		return bad("The data access group is a course run that the token's person does not manage.")
	}
	if err != nil {
		return err
	}
	var ids, given []string
	for i, e := range added {
		ids, given = append(ids, e.Code), append(given, records[i][recordID])
	}
	return k.gaveBack(gives, ids, given)
}

func faultWords(faults survey.FieldErrors) string {
	var words []string
	for place, key := range faults {
		switch key {
		case "people.already":
			words = append(words, place+" is in the course run already")
		case "study.not_open":
			words = append(words, "the study is not open")
		default:
			words = append(words, place+" ("+key+")")
		}
	}
	slices.Sort(words)
	return strings.Join(words, "; ")
}

// given reads the records.
func (k *call) given() ([]map[string]string, error) {
	var records []map[string]string
	text := k.req.values.Get("data")
	switch k.req.format {
	case "json":
		var raw []map[string]any
		if err := json.Unmarshal([]byte(text), &raw); err != nil {
			return nil, bad("The data are no JSON list of records.")
		}
		for _, r := range raw {
			record := map[string]string{}
			for name, v := range r {
				record[name] = ""
				if v != nil {
					record[name] = fmt.Sprint(v)
				}
			}
			records = append(records, record)
		}
	case "csv":
		rows, err := csv.NewReader(strings.NewReader(text)).ReadAll()
		if err != nil || len(rows) == 0 {
			return nil, bad("The data are no CSV with a heading.")
		}
		for _, row := range rows[1:] {
			record := map[string]string{}
			for i, name := range rows[0] {
				record[name] = row[i]
			}
			records = append(records, record)
		}
	default:
		return nil, &fault{501, "Records are imported as json or csv; xml is not supported."}
	}
	if len(records) == 0 {
		return nil, bad("The data hold no record.")
	}
	return records, nil
}

// people are the persons of the records, and the run that they all go to.
func (k *call) people(records []map[string]string) (survey.RunID, []survey.Person, error) {
	auto, err := k.req.truth("forceAutoNumber")
	if err != nil {
		return "", nil, err
	}
	runs, groups, err := k.groupsOf()
	if err != nil {
		return "", nil, err
	}
	var people []survey.Person
	chosen := ""
	for n, r := range records {
		for name, v := range r {
			known := slices.Contains([]string{recordID, "redcap_event_name", "redcap_data_access_group", "name", "email", "language"}, name)
			if !known && v != "" {
				return "", nil, bad("The field “" + name + "” cannot be imported. Participants have record_id, redcap_data_access_group, name, email and language, and answers stand in fields of the project.")
			}
		}
		if r[recordID] != "" && !auto {
			return "", nil, bad("Records get their names here: send forceAutoNumber=true, or leave record_id empty.")
		}
		if n > 0 && r["redcap_data_access_group"] != chosen {
			return "", nil, bad("All records of one import go to one data access group.")
		}
		chosen = r["redcap_data_access_group"]
		p := survey.Person{
			Name: strings.Join(strings.Fields(r["name"]), " "), Email: strings.ToLower(strings.TrimSpace(r["email"])), Language: strings.TrimSpace(r["language"]),
		}
		if a, err := mail.ParseAddress(p.Email); p.Email != "" && (err != nil || a.Address != p.Email) {
			return "", nil, bad(fmt.Sprintf("Record %d has no e-mail address in “email”.", n+1))
		}
		if read, err := survey.ParsePeople(p.Line()); err != nil || len(read) > 1 {
			return "", nil, bad(fmt.Sprintf("Record %d cannot be read as a person.", n+1))
		}
		people = append(people, p)
	}
	if chosen == "" && len(runs) == 1 {
		return runs[0].Run.ID, people, nil
	}
	for id, g := range groups {
		if g.unique == chosen {
			return id, people, nil
		}
	}
	return "", nil, bad("Say in redcap_data_access_group which course run people go to; content=dag lists them.")
}

// gaveBack answers with what was asked for: how many records were imported, or which;
// given are the names that they were sent with.
func (k *call) gaveBack(gives string, ids, given []string) error {
	n := len(ids)
	if gives == "auto_ids" {
		for i := range ids {
			ids[i] += "," + given[i]
		}
	}
	format := k.req.errors
	if k.req.value("returnFormat") == "" {
		format = k.req.format
	}
	media := mediaOf(format)
	switch {
	case gives == "nothing":
		if format == "json" {
			return k.text(media, []byte("{}"))
		}
		return k.text(media, nil)
	case gives == "count" && format == "json":
		return k.text(media, fmt.Appendf(nil, `{"count": %d}`, n))
	case gives == "count" && format == "xml":
		return k.text(media, fmt.Appendf(nil, "%s<hash><count>%d</count></hash>", xmlBegins, n))
	case gives == "count":
		return k.text(media, fmt.Appendf(nil, "%d", n))
	case format == "json":
		b, err := json.Marshal(ids)
		if err != nil {
			return err
		}
		return k.text(media, b)
	case format == "xml":
		return k.text(media, []byte(xmlBegins+"<ids><id>"+strings.Join(ids, "</id><id>")+"</id></ids>"))
	}
	return k.text(media, []byte("id\n"+strings.Join(ids, "\n")+"\n"))
}
