package redcap

import (
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"time"

	"tidemark/survey"
	"tidemark/survey/instrument"
	"tidemark/survey/pastwaves"
)

// importRecords brings people in, or what people have answered on paper. It is the
// latter as soon as a record has a field of a form.
func (k *call) importRecords() error {
	records, err := k.given()
	if err != nil {
		return err
	}
	columns, err := k.columns()
	if err != nil {
		return err
	}
	for _, r := range records {
		for name := range r {
			if name != recordID && slices.ContainsFunc(columns, func(c column) bool { return c.name == name }) {
				return k.importAnswers(records, columns)
			}
		}
	}
	return k.importPeople(records)
}

// importAnswers brings in what people who are known have answered on paper, as a batch:
// all of it or nothing, every questionnaire with a line in the audit trail, and to be
// taken back as a whole.
func (k *call) importAnswers(records []map[string]string, columns []column) error {
	if !k.actor.May(survey.ScopeWriteAnswers, k.study) {
		return survey.ErrForbidden
	}
	gives, err := k.req.choice("returnContent", "count", "ids", "nothing")
	if err != nil {
		return err
	}
	how, err := k.req.choice("overwriteBehavior", "normal", "overwrite")
	if err != nil {
		return err
	}
	if _, err := k.req.choice("type", "flat"); err != nil {
		return err
	}
	auto, err := k.req.truth("forceAutoNumber")
	if err == nil && auto {
		err = bad("Answers are of people who are known: leave forceAutoNumber out, and send their record_id.")
	}
	if err != nil {
		return err
	}
	order, err := k.req.choice("dateFormat", "YMD", "MDY", "DMY")
	if err != nil {
		return err
	}
	f, err := k.paper(records, columns, how == "overwrite")
	if err != nil {
		return err
	}
	s := survey.ImportSettings{Columns: f.targets, Existing: survey.ExistingReplace, Days: string(dayOrders()[order]), Date: k.today().Format(time.DateOnly)}
	file := survey.NewImport{FileName: "REDCap import", Data: f.text, Paper: true}
	look, err := k.use.Imports.Look(k.ctx, k.actor, k.study, file, s)
	if err != nil {
		return err
	}
	if look.Result.Faulty > 0 {
		return bad("Nothing was imported: " + faultsOf(look.Result))
	}
	if look.Ready() {
		_, err = k.use.Imports.Bring(k.ctx, k.actor, k.study, file, s, survey.ApplyImport{Agreed: true, Reason: "imported by token " + k.actor.Token.Prefix})
		if errors.Is(err, survey.ErrConflict) {
			return &fault{http.StatusConflict, "Nothing was imported: something was answered meanwhile. Send it again."}
		}
		if err != nil {
			return err
		}
	}
	return k.gaveBack(gives, f.people, nil)
}

func dayOrders() map[string]pastwaves.DayOrder {
	return map[string]pastwaves.DayOrder{"YMD": pastwaves.DayOrderUnknown, "MDY": pastwaves.MonthFirst, "DMY": pastwaves.DayFirst}
}

// today is the time where the study is.
func (k *call) today() time.Time { return k.cfg.Now().In(zoneOf(k.project.Study.TimeZone)) }

// faultsOf are the first faults, in words for whoever sent the records.
func faultsOf(r pastwaves.Result) string {
	const most = 5
	var words []string
	for _, f := range r.Faults[:min(len(r.Faults), most)] {
		where := ""
		if f.Line > 1 {
			where = fmt.Sprintf("record %d: ", f.Line-1)
		}
		words = append(words, where+f.Text)
	}
	if r.Faulty > most {
		words = append(words, fmt.Sprintf("and %d more", r.Faulty-most))
	}
	return strings.Join(words, " ")
}

// paperFile are records as a file that answers are brought in from.
type paperFile struct {
	text    []byte
	targets []string // what its columns are
	people  []string // each once
}

// paper makes a file of records. A form is submitted where its state is 2, Complete, and
// begun otherwise, as in REDCap.
func (k *call) paper(records []map[string]string, columns []column, overwrite bool) (paperFile, error) {
	var f paperFile
	targets, err := k.targets(columns)
	if err != nil {
		return f, err
	}
	waves := map[string]string{} // by event
	for _, name := range k.project.EventNames() {
		waves[name.Event] = name.Wave
	}
	header, place := []string{"code", "wave"}, map[string]int{}
	f.targets = []string{string(pastwaves.Code), string(pastwaves.Wave)}
	at := func(target string) int {
		if _, known := place[target]; !known {
			place[target] = len(header)
			header, f.targets = append(header, target), append(f.targets, target)
		}
		return place[target]
	}
	rows := make([]map[int]string, len(records))
	for n, r := range records {
		wave, known := waves[r["redcap_event_name"]]
		switch {
		case r[recordID] == "":
			return f, bad(fmt.Sprintf("Record %d has no record_id.", n+1))
		case !known:
			return f, bad(fmt.Sprintf("Record %d is of no event of this project: “%s”. content=event lists them.", n+1, r["redcap_event_name"]))
		}
		if !slices.Contains(f.people, r[recordID]) {
			f.people = append(f.people, r[recordID])
		}
		row := map[int]string{0: r[recordID], 1: wave}
		for _, c := range columns {
			value, there := r[c.name]
			target := targets[c.name]
			switch {
			case !there || target == "":
			case value == "" && overwrite && !c.status:
				return f, bad(fmt.Sprintf("Record %d: “%s” is empty. An answer cannot be taken away here; leave the field out, or use overwriteBehavior=normal.", n+1, c.name))
			case value != "" && !c.status:
				row[at(target)] = value
				row[at(submitted(wave, k.form(c)))] = k.sentAt(r, c)
			}
		}
		if err := unknownFields(r, columns); err != nil {
			return f, err
		}
		rows[n] = row
	}
	return f, f.write(header, rows)
}

// submitted is the column that says when a form was submitted.
func submitted(wave, form string) string {
	return pastwaves.Target{Kind: pastwaves.Submitted, Wave: wave, Form: form}.String()
}

// form is the key of the questionnaire of a column.
func (k *call) form(c column) string {
	for _, f := range k.project.Forms() {
		if f.Name == c.form {
			return f.Definition.Key
		}
	}
	return ""
}

// sentAt is when the form of a column was submitted; empty: it was begun.
func (k *call) sentAt(r map[string]string, c column) string {
	if r[c.form+"_complete"] != "2" {
		return ""
	}
	if at := r[c.form+"_timestamp"]; at != "" {
		return at
	}
	return k.today().Format(time.RFC3339)
}

// unknownFields refuses fields that there are not; calculated ones are passed over, as
// they are worked out here.
func unknownFields(r map[string]string, columns []column) error {
	for name, value := range r {
		base := strings.TrimSuffix(name, "_timestamp")
		known := name == recordID || name == "redcap_event_name" || slices.ContainsFunc(columns, func(c column) bool { return c.name == name || c.form == base })
		if !known && value != "" {
			return bad("The following fields were not found in the project as real data fields: " + name)
		}
	}
	return nil
}

// targets are what the columns of answers are, by name.
func (k *call) targets(columns []column) (map[string]string, error) {
	all := map[string]string{}
	for _, form := range k.project.Forms() {
		for _, item := range form.Definition.Items {
			for _, c := range columns {
				if c.form != form.Name || c.field != form.Fields[item.Code] || c.status {
					continue
				}
				t := pastwaves.Target{Kind: pastwaves.Answer, Wave: pastwaves.RowsWave, Form: form.Definition.Key, Item: item.Code}
				if item.Type == instrument.TypeMultiple {
					options, _ := form.Definition.ItemOptions(item.Code)
					i := slices.IndexFunc(options, func(o instrument.Option) bool { return numberText(o.Value) == c.choice })
					if i < 0 {
						return nil, fmt.Errorf("%s is no option of %s", c.choice, item.Code)
					}
					t.Option = &options[i].Value
				}
				all[c.name] = t.String()
			}
		}
	}
	return all, nil
}

func (f *paperFile) write(header []string, rows []map[int]string) error {
	var b bytes.Buffer
	out := csv.NewWriter(&b)
	if err := out.Write(header); err != nil {
		return err
	}
	for _, row := range rows {
		cells := make([]string, len(header))
		for i, v := range row {
			cells[i] = v
		}
		if err := out.Write(cells); err != nil {
			return err
		}
	}
	out.Flush()
	f.text = b.Bytes()
	return out.Error()
}
