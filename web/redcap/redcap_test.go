package redcap_test

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"tidemark/survey"
)

// What PyCap sends for Project(…).export_records(): metadata, the mapping of forms, and
// every field by name from 0, with each form's state.
func TestPyCapReadsALongitudinalStudy(t *testing.T) {
	t.Parallel()
	c := newClient(t)
	metadata := c.ask("content", "metadata", "format", "json").want(200).json()
	same(t, []string{metadata[0]["field_name"], metadata[0]["field_type"]}, []string{"record_id", "text"})
	same(t, len(metadata[0]), 18)
	mapping := c.ask("content", "formEventMapping", "format", "json").want(200).json()
	asked := map[string]bool{}
	for _, m := range mapping {
		asked[m["unique_event_name"]+" "+m["form"]] = true
	}
	parameters, fields := []string{"content", "record", "format", "json", "type", "flat", "eventName", "label", "rawOrLabel", "raw", "exportSurveyFields", "True"}, map[string]bool{}
	ask := func(name string) {
		parameters = append(parameters, fmt.Sprintf("fields[%d]", len(fields)), name)
		fields[name] = true
	}
	for _, m := range metadata {
		if m["field_type"] != "descriptive" {
			ask(m["field_name"])
		}
	}
	for _, m := range metadata[1:] {
		if name := m["form_name"] + "_complete"; !fields[name] {
			ask(name)
		}
	}
	records := c.ask(parameters...).want(200).json()
	index := map[string]bool{}
	for _, r := range records {
		key := r["record_id"] + " " + r["redcap_event_name"]
		if index[key] || !slices.Contains(c.Codes, r["record_id"]) || !strings.Contains(r["redcap_event_name"], "_arm_") {
			t.Errorf("the row %s is twice there, or of nobody", key)
		}
		index[key] = true
		for name, v := range r {
			if form, is := strings.CutSuffix(name, "_complete"); is && (v != "") != asked[r["redcap_event_name"]+" "+form] {
				t.Errorf("%s is %q at %s", name, v, r["redcap_event_name"])
			}
		}
	}
	if len(records) != 3 {
		t.Errorf("%d rows, want one for each of two who answered and one who did not", len(records))
	}
	// Every answer that is stored stands in the rows, and nothing else does.
	got, want := map[string]string{}, map[string]string{}
	for _, r := range records {
		for name, v := range r {
			if fields[name] && v != "" && name != "record_id" && !strings.HasSuffix(name, "_complete") {
				got[r["record_id"]+" "+name] = v
			}
		}
	}
	names := map[survey.EnrolmentID]string{}
	people, err := c.Stage.Store.Enrolments(t.Context(), c.Study().ID)
	c.Must(err)
	for _, e := range people {
		names[e.ID] = e.Code
	}
	c.Must(c.Stage.Store.EachResponse(t.Context(), c.Study().ID, func(r *survey.ResponseRow) error {
		if r.Missing == survey.NotMissing {
			want[names[r.EnrolmentID]+" "+r.Item] = fmt.Sprint(r.Value)
		}
		return nil
	}))
	c.Must(c.Stage.Store.EachScore(t.Context(), c.Study().ID, nil, func(r *survey.ScoreRow) error {
		if r.Valid && fields[r.Scale] {
			want[names[r.EnrolmentID]+" "+r.Scale] = fmt.Sprint(r.Value)
		}
		return nil
	}))
	same(t, got, want)
	if len(want) < 20 {
		t.Errorf("only %d values are compared", len(want))
	}
}

// What REDCapR sends for redcap_read(): names of fields, the dictionary, forms, the
// project, groups, then the records' names, then batches; options that are empty.
func TestREDCapRReadsInBatches(t *testing.T) {
	t.Parallel()
	c := newClient(t)
	names := c.ask("content", "exportFieldNames", "format", "csv").want(200).csv()
	c.ask("content", "metadata", "format", "json", "forms", "", "fields[0]", "").want(200).json()
	same(t, len(c.ask("content", "instrument", "format", "csv").want(200).csv()) > 1, true)
	project := c.ask("content", "project", "format", "csv").want(200).csv()
	same(t, []string{project[0]["is_longitudinal"], project[0]["has_repeating_instruments_or_events"]}, []string{"1", "0"})
	same(t, len(c.ask("content", "dag", "format", "csv").want(200).csv()), 1)
	read := []string{
		"content", "record", "format", "csv", "type", "flat", "rawOrLabel", "raw", "rawOrLabelHeaders", "raw", "exportCheckboxLabel", "FALSE",
		"exportSurveyFields", "false", "exportDataAccessGroups", "false", "filterLogic", "", "dateRangeBegin", "", "dateRangeEnd", "", "events", "", "forms", "",
	}
	ids := c.ask(append(read, "fields", "record_id", "records", "")...).want(200).csv()
	var all []string
	for _, r := range ids {
		same(t, slices.Sorted(maps.Keys(r)), []string{"record_id", "redcap_event_name"})
		all = append(all, r["record_id"])
	}
	slices.Sort(all)
	same(t, slices.Compact(all), slices.Sorted(slices.Values(c.Codes)))
	batch := c.ask(append(read, "records", c.Codes[0]+","+c.Codes[2], "fields", "")...).want(200).csv()
	columns := map[string]bool{}
	for _, r := range batch {
		same(t, slices.Contains([]string{c.Codes[0], c.Codes[2]}, r["record_id"]), true)
		for name := range r {
			columns[name] = true
		}
	}
	for _, n := range names {
		if !columns[n["export_field_name"]] {
			t.Errorf("there is no column %s", n["export_field_name"])
		}
	}
	same(t, len(columns), len(names)+1) // with the event
}

func TestRedcapAPIAsksInParts(t *testing.T) {
	t.Parallel()
	c := newClient(t)
	same(t, c.multipart("content", "version").want(200).body, "14.5.0")
	form := c.multipart("content", "instrument", "format", "csv", "csvDelimiter", ",", "returnFormat", "csv").want(200).csv()[0]["instrument_name"]
	rows := c.multipart("content", "record", "format", "csv", "forms[1]", form, "records[1]", c.Codes[0], "records[2]", c.Codes[1], "csvDelimiter", ",").want(200).csv()
	same(t, len(rows), 2)
	if _, has := rows[0][form+"_complete"]; !has {
		t.Error("the state of the form is not there")
	}
	events := c.multipart("content", "event", "format", "csv", "arms[1]", "1").want(200).csv()
	arms := c.multipart("content", "arm", "format", "csv").want(200).csv()
	design := c.Stage.Design
	same(t, len(arms), len(design.Arms))
	for _, e := range events {
		same(t, e["arm_num"], "1")
	}
	same(t, c.multipart("content", "repeatingFormsEvents", "format", "csv").want(501).body,
		"ERROR: You cannot export repeating instruments and events because the project does not contain any repeating instruments and events")
}

func TestRecordsComeInEveryFormAlike(t *testing.T) {
	t.Parallel()
	c := newClient(t)
	flat := []string{"content", "record", "type", "flat"}
	j := c.ask(append(flat, "format", "json")...).want(200).json()
	same(t, c.ask(append(flat, "format", "csv")...).want(200).csv(), j)
	same(t, c.ask(append(flat, "format", "xml")...).want(200).xml(), j)
	same(t, c.ask(flat...).want(200).xml(), j) // without a format it is XML

	want := map[string]string{}
	for _, r := range j {
		for name, v := range r {
			if v != "" && name != "redcap_event_name" {
				want[r["record_id"]+" "+name] = v
			}
		}
	}
	got := map[string]string{}
	for _, r := range c.ask("content", "record", "type", "eav", "format", "json").want(200).json() {
		got[r["record"]+" "+r["field_name"]] = r["value"]
	}
	same(t, got, want)

	labels := c.ask("content", "record", "format", "json", "rawOrLabel", "label", "exportDataAccessGroups", "true", "exportSurveyFields", "true").want(200).json()
	design := c.Stage.Design
	def := design.Instruments[design.Waves[0].Sets[0]].Definition
	item := def.Items[1]
	options, _ := def.ItemOptions(item.Code)
	seen := 0
	for i, r := range labels {
		same(t, []string{r["redcap_event_name"], r["redcap_data_access_group"], r["redcap_survey_identifier"]}, []string{design.Waves[0].Name, c.Stage.Run.Name, ""})
		if v := r[item.Code]; v != "" {
			same(t, v, options[0].Label)
			seen++
		}
		stamped := r[def.Key+"_timestamp"] != ""
		same(t, stamped, j[i][def.Key+"_complete"] == "2")
	}
	same(t, seen, 2)
	heads := c.ask("content", "record", "format", "csv", "rawOrLabelHeaders", "label", "fields", item.Code).want(200).csv()
	same(t, slices.Sorted(maps.Keys(heads[0])), slices.Sorted(slices.Values([]string{"Record ID", "Event Name", item.Text})))
	same(t, c.Audit(t.Context(), survey.ActionExported, "records, page by page by token "), 1) // of all of these
}

func TestRecordsAreFiltered(t *testing.T) {
	t.Parallel()
	c := newClient(t)
	design := c.Stage.Design
	def := design.Instruments[design.Waves[0].Sets[0]].Definition
	item, first := def.Items[1].Code, def.Items[0].Code // the first was left out by everybody
	options, _ := def.ItemOptions(item)
	low, event := fmt.Sprint(options[0].Value), design.Waves[0].Key+"_arm_1"
	count := func(parameters ...string) int {
		t.Helper()
		return len(c.ask(append([]string{"content", "record", "format", "json"}, parameters...)...).want(200).json())
	}
	all := count()
	for logic, want := range map[string]int{
		"[" + item + "] = '" + low + "'":                                         2,
		"[" + item + "] = " + low + ".0":                                         2,
		"[" + item + "] <> \"" + low + "\"":                                      1,
		"[" + item + "] > " + low:                                                0,
		"[" + item + "] >= " + low + " and [" + def.Key + "_complete] = 2":       2,
		"[" + first + "] < 99":                                                   0, // nobody who left it out is below
		"[" + first + "] = ''":                                                   all,
		"[record_id] = '" + c.Codes[0] + "' or [record_id]='" + c.Codes[2] + "'": 2,
		"([record_id] = '" + c.Codes[0] + "' OR 1 = 1) AND [" + item + "]<>''":   2,
	} {
		if got := count("filterLogic", logic); got != want {
			t.Errorf("%s: %d rows, want %d", logic, got, want)
		}
	}
	same(t, count("filterLogic", "["+event+"]["+item+"] = "+low)+count("filterLogic", "["+strings.Replace(event, "arm_1", "arm_2", 1)+"]["+item+"] = "+low), 2)
	for _, logic := range []string{
		"[nowhere] = 1", "[" + item + "]", "[" + item + "] = ", "([" + item + "] = 1", "[" + item + "] = 1)", "datediff([a],[b],'d') > 3", "[" + item + "] like 1", "= = =",
		strings.Repeat("(", 50) + "1 = 1" + strings.Repeat(")", 50), strings.Repeat("1 = 1 and ", 300) + "1 = 1",
	} {
		r := c.ask("content", "record", "format", "json", "filterLogic", logic).want(400)
		if !strings.Contains(r.body, `{"error":"The filterLogic`) {
			t.Errorf("%s: %s", logic, r.body)
		}
	}
	now := time.Now().UTC()
	at := func(d time.Duration) string { return now.Add(d).Format(time.DateTime) }
	same(t, []int{
		count("dateRangeBegin", at(-time.Hour)), count("dateRangeBegin", at(time.Hour)), count("dateRangeEnd", at(-time.Hour)),
		count("dateRangeBegin", at(-time.Hour), "dateRangeEnd", at(time.Hour)),
	}, []int{2, 0, 0, 2})
	same(t, count("events[0]", design.Waves[len(design.Waves)-1].Key+"_arm_1"), 0)
}

func TestWhatIsNotSupportedSaysSoInTheClientsFormat(t *testing.T) {
	t.Parallel()
	c := newClient(t)
	for _, format := range []struct{ format, begins string }{
		{"json", `{"error":"`}, {"csv", "ERROR: "}, {"xml", "<?xml version=\"1.0\" encoding=\"UTF-8\" ?>\n<hash><error>"},
	} {
		for _, ask := range [][]string{
			{"content", "file"}, {"content", ""}, {"content", "record", "action", "delete"}, {"content", "metadata", "data", "x"},
		} {
			r := c.ask(append(ask, "format", format.format)...).want(501)
			if !strings.HasPrefix(r.body, format.begins) {
				t.Errorf("%v as %s: %s", ask, format.format, r.body)
			}
		}
		r := c.ask("token", strings.Repeat("A", 32), "content", "version", "format", format.format).want(403)
		if !strings.HasPrefix(r.body, format.begins+"You do not have permissions") {
			t.Errorf("%s", r.body)
		}
	}
	for _, ask := range [][]string{
		{"format", "odm"}, {"type", "wide"}, {"rawOrLabel", "both"}, {"fields", "nowhere"}, {"forms", "nowhere"}, {"events", "nowhere"},
		{"dateRangeBegin", "yesterday"}, {"exportSurveyFields", "perhaps"}, {"csvDelimiter", "x", "format", "csv"}, {"decimalCharacter", ","},
	} {
		c.ask(append([]string{"content", "record", "returnFormat", "json"}, ask...)...).want(400)
	}
	few := c.TokenOf(c.User, survey.TokenBearer)
	c.ask("token", few, "content", "metadata", "format", "csv").want(200)
	r := c.ask("token", few, "content", "record", "format", "csv").want(403)
	if !strings.Contains(r.body, "do not have permission") {
		t.Errorf("%s", r.body)
	}
	if log := c.Log.String(); strings.Contains(log, c.token) || strings.Contains(log, c.Codes[0]) {
		t.Error("the log holds a token or a code")
	}
}

func TestParticipantsAreImported(t *testing.T) {
	t.Parallel()
	c := newClient(t)
	put := func(parameters ...string) reply {
		return c.ask(append([]string{"content", "record", "overwriteBehavior", "normal", "dateFormat", "YMD"}, parameters...)...)
	}
	same(t, put("format", "json", "returnFormat", "json", "returnContent", "count", "forceAutoNumber", "True",
		"data", `[{"record_id": 7, "name": "Bo Li", "email": "bo@example.org"}, {"record_id": "8"}]`).want(200).body, `{"count": 2}`)
	ids := put("format", "csv", "returnContent", "ids", "data", "name,email\nAna,ana@example.org\n").want(200).csv()
	people, err := c.Stage.Store.Enrolments(t.Context(), c.Study().ID)
	c.Must(err)
	same(t, len(people), 6)
	same(t, slices.ContainsFunc(people, func(e survey.Enrolment) bool { return e.Code == ids[0]["id"] }), true)
	for _, data := range []string{
		`[{"record_id": "7"}]`, `[{"sc_01": "3"}]`, `[{"email": "nobody"}]`, `[{"email": "bo@example.org"}]`, `[{"redcap_data_access_group": "nowhere"}]`, `[]`, `{`,
	} {
		r := put("format", "json", "data", data).want(400)
		if !strings.HasPrefix(r.body, `{"error":"`) {
			t.Errorf("%s: %s", data, r.body)
		}
	}
	put("format", "xml", "data", "<records/>").want(501)
	c.ask("token", c.TokenOf(c.User, survey.TokenREDCap, survey.ScopeAnswers), "content", "record", "format", "json", "data", "[{}]").want(403)
}

// A record of answers on paper becomes what its person would have answered here: the same
// comes back, it is scored, and each questionnaire has a line in the trail.
func TestAnswersOnPaperAreImported(t *testing.T) {
	t.Parallel()
	c := newClient(t)
	ctx, study := t.Context(), c.Study().ID
	all := c.ask("content", "record", "format", "json", "type", "flat", "forms", "self_compassion").want(200).json()
	var full, free map[string]string // who has answered, and somebody who has not
	for _, row := range all {
		switch {
		case !strings.HasPrefix(row["redcap_event_name"], "pre_arm_"):
		case row["self_compassion_complete"] == "2":
			full = row
		default:
			free = row
		}
	}
	if full == nil || free == nil {
		t.Fatalf("nobody to compare among %v", all)
	}
	event := free["redcap_event_name"]
	put := func(data string, parameters ...string) reply {
		return c.ask(append([]string{"content", "record", "format", "json", "type", "flat", "data", data}, parameters...)...)
	}
	record := map[string]string{"record_id": free["record_id"], "redcap_event_name": event, "self_compassion_complete": "2"}
	for name, value := range full {
		if strings.HasPrefix(name, "sc_") {
			record[name] = value
		}
	}
	record["sc_01"] = "2" // which the other has left out
	sent := func(r ...map[string]string) string {
		b, err := json.Marshal(r)
		c.Must(err)
		return string(b)
	}
	before, err := c.Stage.Store.AuditEvents(ctx, study, 100)
	c.Must(err)
	same(t, put(sent(record)).want(200).body, `{"count": 1}`)
	after := c.ask("content", "record", "format", "json", "records", free["record_id"], "events", event).want(200).json()
	for name, value := range record {
		scored := !strings.Contains("0123456789", name[len(name)-1:]) && strings.HasPrefix(name, "sc_")
		if scored && after[0][name] == "" || !scored && after[0][name] != value {
			t.Errorf("%s came back as %q, sent was %q", name, after[0][name], value)
		}
	}
	events, err := c.Stage.Store.AuditEvents(ctx, study, 100)
	c.Must(err)
	noted := map[survey.Action]int{}
	for _, e := range events[:len(events)-len(before)] {
		noted[e.Action]++
	}
	if noted[survey.ActionImported] != 1 || noted[survey.ActionAnswersImported] != 1 {
		t.Errorf("the trail has %v", noted)
	}
	paper := 0
	c.Must(c.Stage.Store.EachResponse(ctx, study, func(r *survey.ResponseRow) error {
		if r.Source == survey.SourcePaper {
			paper++
		}
		return nil
	}))
	same(t, paper, 12)
	same(t, put(sent(record), "returnContent", "ids").want(200).body, `["`+free["record_id"]+`"]`) // nothing new is no fault

	// What is empty is left alone; another value takes the place of the one there is.
	changed := map[string]string{"record_id": free["record_id"], "redcap_event_name": event, "sc_01": "", "sc_02": record["sc_02"], "sc_03": "1"}
	put(sent(changed)).want(200)
	after = c.ask("content", "record", "format", "json", "records", free["record_id"], "events", event).want(200).json()
	same(t, []string{after[0]["sc_01"], after[0]["sc_02"], after[0]["sc_03"], after[0]["self_compassion_complete"]}, []string{record["sc_01"], record["sc_02"], "1", "2"})

	stored := c.ask("content", "record", "format", "csv").want(200).body
	for what, r := range map[string]reply{
		"nobody":        put(sent(map[string]string{"record_id": "X", "redcap_event_name": event, "sc_01": "3"})),
		"no event":      put(sent(map[string]string{"record_id": free["record_id"], "sc_01": "3"})),
		"no such event": put(sent(map[string]string{"record_id": free["record_id"], "redcap_event_name": "never_arm_1", "sc_01": "3"})),
		"no option":     put(sent(record, map[string]string{"record_id": free["record_id"], "redcap_event_name": "post" + strings.TrimPrefix(event, "pre"), "sc_01": "77"})),
		"no field":      put(sent(map[string]string{"record_id": free["record_id"], "redcap_event_name": event, "sc_01": "3", "nonsense": "1"})),
		"taken away":    put(sent(changed), "overwriteBehavior", "overwrite"),
		"a number":      put(sent(record), "forceAutoNumber", "true"),
		"eav":           put(sent(record), "type", "eav"),
		"otherwise":     put(sent(record), "overwriteBehavior", "both"),
	} {
		if r.want(400); !strings.HasPrefix(r.body, `{"error":"`) {
			t.Errorf("%s: %s", what, r.body)
		}
	}
	same(t, c.ask("content", "record", "format", "csv").want(200).body, stored)
	reading := c.TokenOf(c.User, survey.TokenREDCap, survey.ScopeAnswers, survey.ScopeWritePeople)
	c.ask("token", reading, "content", "record", "format", "json", "data", sent(record)).want(403)
}
