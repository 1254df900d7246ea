package redcap

import (
	"slices"
	"strconv"
	"strings"
	"time"

	"tidemark/survey"
	"tidemark/survey/export"
)

func numberText(v float64) string { return strconv.FormatFloat(v, 'g', -1, 64) }

// wish is what is asked of the records.
type wish struct {
	columns        []column
	records        map[string]bool // nil: all
	events         map[string]bool // nil: all
	labels         bool
	headings       bool // labels in place of names
	checkboxLabels bool
	survey, groups bool // with times and identifiers of surveys, and with runs
	blank          bool // nothing for the state of a form that has none
	eav            bool
	filter         condition // nil: none
	begin, end     time.Time // zero: no bound
}

// wish reads the parameters of content=record. What it does not know of these it refuses.
func (k *call) wish() (wish, error) {
	var w wish
	kind, err := k.req.choice("type", "flat", "eav")
	if err != nil {
		return w, err
	}
	how, err := k.req.choice("rawOrLabel", "raw", "label")
	if err != nil {
		return w, err
	}
	heads, err := k.req.choice("rawOrLabelHeaders", "raw", "label")
	if err != nil {
		return w, err
	}
	if _, err := k.req.choice("decimalCharacter", ".", "."); err != nil {
		return w, err
	}
	w.eav, w.labels, w.headings = kind == "eav", how == "label", heads == "label"
	for name, into := range map[string]*bool{
		"exportSurveyFields": &w.survey, "exportDataAccessGroups": &w.groups, "exportCheckboxLabel": &w.checkboxLabels, "exportBlankForGrayFormStatus": &w.blank,
	} {
		if *into, err = k.req.truth(name); err != nil {
			return w, err
		}
	}
	if w.columns, err = k.chosen(); err != nil {
		return w, err
	}
	w.records = setOf(k.req.list("records"))
	if w.events, err = k.chosenEvents(); err != nil {
		return w, err
	}
	for name, into := range map[string]*time.Time{"dateRangeBegin": &w.begin, "dateRangeEnd": &w.end} {
		if v := k.req.value(name); v != "" {
			if *into, err = time.ParseInLocation(time.DateTime, v, zoneOf(k.project.Study.TimeZone)); err != nil {
				return w, bad("The parameter “" + name + "” is an instant as 2026-03-02 18:30:00.")
			}
		}
	}
	if logic := k.req.value("filterLogic"); logic != "" {
		if w.filter, err = k.readLogic(logic); err != nil {
			return w, err
		}
	}
	return w, nil
}

func setOf(list []string) map[string]bool {
	if len(list) == 0 {
		return nil
	}
	set := map[string]bool{}
	for _, v := range list {
		set[v] = true
	}
	return set
}

// chosen are the columns of the fields and forms that are asked for, all when none is.
// The record's name always is among them, as every client asks for it anyway.
func (k *call) chosen() ([]column, error) {
	all, err := k.columns()
	if err != nil {
		return nil, err
	}
	fields, forms := k.req.list("fields"), k.req.list("forms")
	if len(fields)+len(forms) == 0 {
		return all, nil
	}
	var unknown []string
	described, err := k.project.Dictionary()
	if err != nil {
		return nil, err
	}
	for _, f := range fields {
		known := slices.ContainsFunc(all, func(c column) bool { return c.field == f || c.name == f }) ||
			slices.ContainsFunc(described, func(row []string) bool { return row[0] == f }) // a descriptive one has no column
		if !known {
			unknown = append(unknown, f)
		}
	}
	if len(unknown) > 0 {
		return nil, bad("The following values in the parameter \"fields\" are not valid: '" + strings.Join(unknown, "', '") + "'")
	}
	for _, f := range forms {
		if !slices.ContainsFunc(all, func(c column) bool { return c.form == f }) {
			unknown = append(unknown, f)
		}
	}
	if len(unknown) > 0 {
		return nil, bad("The following values in the parameter \"forms\" are not valid: '" + strings.Join(unknown, "', '") + "'")
	}
	return slices.DeleteFunc(all, func(c column) bool {
		return c.name != recordID && !slices.Contains(fields, c.field) && !slices.Contains(fields, c.name) && !slices.Contains(forms, c.form)
	}), nil
}

func (k *call) chosenEvents() (map[string]bool, error) {
	wanted := k.req.list("events")
	rows, err := k.project.Events()
	if err != nil {
		return nil, err
	}
	for _, e := range wanted {
		if !slices.ContainsFunc(rows[1:], func(row []string) bool { return row[2] == e }) {
			return nil, bad("The following values in the parameter \"events\" are not valid: '" + e + "'")
		}
	}
	return setOf(wanted), nil
}

// records streams the rows that are asked for.
func (k *call) records() error {
	if !k.actor.MayAnalyse(k.study) {
		return survey.ErrForbidden
	}
	w, err := k.wish()
	if err != nil {
		return err
	}
	t, err := k.newTable(w)
	if err != nil {
		return err
	}
	done, err := k.cfg.Download(k.ctx)
	if err != nil {
		return err
	}
	defer done()
	if err := k.use.Programs.NoteRead(k.ctx, k.actor, k.study, "records"); err != nil {
		return err
	}
	if held := t.withheld(); held != "" {
		k.c.Header("X-Tidemark-Withheld", held)
	}
	if t.out, err = k.begin(t.header(), "records"); err != nil {
		return err
	}
	if err := k.project.Each(k.ctx, k.data, k.actor, t.person); err != nil {
		return err
	}
	return t.out.end()
}

// table makes rows of records.
type table struct {
	wish
	out    rowWriter
	labels map[string]string // of events
	asked  map[string]bool   // event and form
	runs   map[survey.RunID]group
	zone   string
}

func (k *call) newTable(w wish) (*table, error) {
	t := &table{wish: w, labels: map[string]string{}, asked: map[string]bool{}, zone: k.project.Study.TimeZone}
	events, err := k.project.Events()
	if err != nil {
		return nil, err
	}
	for _, row := range events[1:] {
		t.labels[row[2]] = row[3]
	}
	mapping, err := k.project.Mapping()
	if err != nil {
		return nil, err
	}
	for _, row := range mapping[1:] {
		t.asked[row[1]+" "+row[2]] = true
	}
	_, t.runs, err = k.groupsOf()
	return t, err
}

// withheld names the columns that would hold people's own words.
func (t *table) withheld() string {
	var names []string
	for _, c := range t.columns {
		if c.withheld {
			names = append(names, c.name)
		}
	}
	return strings.Join(names, ",")
}

// before are the columns that tell which row it is.
func (t *table) before() []string {
	names := []string{recordID, "redcap_event_name"}
	if t.groups {
		names = append(names, "redcap_data_access_group")
	}
	if t.survey {
		names = append(names, "redcap_survey_identifier")
	}
	return names
}

func (t *table) header() []string {
	if t.eav {
		return []string{"record", "redcap_event_name", "field_name", "value"}
	}
	names := t.before()
	if t.headings {
		copy(names, []string{"Record ID", "Event Name"})
	}
	form := ""
	for _, c := range t.columns[1:] {
		if t.survey && c.form != form {
			form = c.form
			names = append(names, form+"_timestamp")
		}
		if t.headings {
			names = append(names, c.label)
		} else {
			names = append(names, c.name)
		}
	}
	return names
}

// person writes somebody's rows.
func (t *table) person(rows []export.ProjectRow) error {
	if len(rows) == 0 || t.records != nil && !t.records[rows[0].Record] || !t.within(rows) {
		return nil
	}
	for i := range rows {
		if t.events != nil && !t.events[rows[i].Event] || t.filter != nil && !t.filter(rows, i) {
			continue
		}
		var err error
		if t.eav {
			err = t.each(&rows[i])
		} else {
			err = t.out.row(t.flat(&rows[i]))
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// within reports whether something of a record was changed in the range of time that is
// asked for.
func (t *table) within(rows []export.ProjectRow) bool {
	if t.begin.IsZero() && t.end.IsZero() {
		return true
	}
	return slices.ContainsFunc(rows, func(r export.ProjectRow) bool {
		return !r.Changed.IsZero() && !r.Changed.Before(t.begin) && (t.end.IsZero() || !r.Changed.After(t.end))
	})
}

func (t *table) flat(r *export.ProjectRow) []string {
	event := r.Event
	if t.wish.labels {
		event = t.labels[r.Event]
	}
	row := []string{r.Record, event}
	if t.groups {
		g := t.runs[r.Run]
		if t.wish.labels {
			row = append(row, g.name)
		} else {
			row = append(row, g.unique)
		}
	}
	if t.survey {
		row = append(row, "") // nobody has an identifier beside the record's
	}
	form := ""
	for _, c := range t.columns[1:] {
		if t.survey && c.form != form {
			form = c.form
			row = append(row, stamp(r.Submitted[form], t.zone))
		}
		row = append(row, t.cell(r, c))
	}
	return row
}

// cell is a value as it is asked for.
func (t *table) cell(r *export.ProjectRow, c column) string {
	v := valueOf(r, c)
	if c.status && v == "" && t.asked[r.Event+" "+c.form] && !t.blank {
		v = "0" // REDCap's state of a form that nobody has opened
	}
	if !t.wish.labels || v == "" {
		return v
	}
	if c.choice != "" {
		switch {
		case t.checkboxLabels && v == "1":
			return c.labels["1"]
		case t.checkboxLabels:
			return ""
		case v == "1":
			return "Checked"
		}
		return "Unchecked"
	}
	if label, has := c.labels[v]; has {
		return label
	}
	return v
}

// valueOf is what is stored; empty where nothing is.
func valueOf(r *export.ProjectRow, c column) string {
	if c.name == recordID {
		return r.Record
	}
	if !c.status {
		return r.Values[c.name]
	}
	at, begun := r.Submitted[c.form]
	switch {
	case !begun:
		return ""
	case at.IsZero():
		return "0"
	}
	return "2"
}

// each writes a row for each value that there is.
func (t *table) each(r *export.ProjectRow) error {
	event := r.Event
	if t.wish.labels {
		event = t.labels[r.Event]
	}
	for _, c := range t.columns {
		name, v := c.field, t.cell(r, c)
		if c.choice != "" { // of several, those that were chosen
			if valueOf(r, c) != "1" {
				continue
			}
			if v = c.choice; t.wish.labels {
				v = c.labels["1"]
			}
		}
		if v == "" {
			continue
		}
		if err := t.out.row([]string{r.Record, event, name, v}); err != nil {
			return err
		}
	}
	return nil
}
