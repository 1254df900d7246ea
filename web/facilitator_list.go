package web

import (
	"errors"
	"mime"
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"github.com/gin-gonic/gin"

	"tidemark/survey"
	"tidemark/survey/peoplelist"
)

// maxListBytes bounds a list of people: it travels in the form, once more in fields to mend, encoded as up to
// three times as much.
const maxListBytes = 100 << 10

// listPage is a list of people before they are added. Nothing of it is stored: the
// list itself, what its columns were said to be and what was mended are fields of the
// form.
type listPage struct {
	Page
	Study   survey.Study
	Run     survey.CourseRun
	Path    string
	Text    string
	Headed  bool
	Columns []listColumn
	Rows    []listRow
	Good    int // rows to take over
	Out     int // rows that are not
	Faulty  int // of these, with a fault
	Form    staffForm
}

type listColumn struct {
	Number  int
	Heading string
	Example string
	Options []listOption
}

type listOption struct {
	Value, Label string
	On           bool
}

type listRow struct {
	survey.ListRow
	Skip bool // left out by hand
	Open bool // shown as fields to mend
}

// Fault is what is wrong with a field of the row.
func (r listRow) Fault(field string) string {
	key, ok := r.Faults[field]
	if !ok {
		return ""
	}
	text := messageText(key)
	if key == "list.elsewhere" {
		text += " (" + r.Elsewhere + ")"
	}
	return text
}

// listCell is a field of a row to mend.
type listCell struct {
	Name, Label, Value, Fault string
	Line                      int
}

// Cells are the fields of a row to mend.
func (r listRow) Cells() []listCell {
	cell := func(field, label, value string) listCell {
		return listCell{lineField(field, r.Line), label, value, r.Fault(field), r.Line}
	}
	return []listCell{
		cell("name", "Name", r.Person.Name), cell("email", "E-mail", r.Person.Email), cell("language", "Language", r.Person.Language),
		cell("phone", "Phone", r.Person.Phone), cell("stratum", "Stratum", r.Person.Stratum),
	}
}

func fieldLabel(f peoplelist.Field) string {
	return map[peoplelist.Field]string{
		peoplelist.Unused: "not used", peoplelist.Name: "Name", peoplelist.First: "First name", peoplelist.Last: "Last name",
		peoplelist.Email: "E-mail", peoplelist.Language: "Language", peoplelist.Phone: "Phone", peoplelist.Stratum: "Stratum",
	}[f]
}

func (s *Server) showListForm(c *gin.Context, a survey.Actor) error {
	return s.listForm(c, a, http.StatusOK, listPage{})
}

// readList takes a file or a pasted list, and shows what would become of it.
func (s *Server) readList(c *gin.Context, a survey.Actor) error {
	study, err := s.study(c, a)
	if err != nil {
		return err
	}
	if _, err := s.use.Runs.Get(c.Request.Context(), a, study.ID, runID(c)); err != nil { // who may not is told first
		return err
	}
	kind, _, err := mime.ParseMediaType(c.Request.Header.Get("Content-Type"))
	if err == nil && kind == "multipart/form-data" {
		_, data, err := readUpload(c)
		if err != nil {
			return err
		}
		text, err := peoplelist.Decode(data)
		return s.preview(c, a, study, url.Values{"list": {text}}, err)
	}
	values, err := readForm(c)
	if err != nil {
		return err
	}
	text, err := peoplelist.Decode([]byte(values.Get("list")))
	values.Set("list", text)
	return s.preview(c, a, study, values, err)
}

// preview shows a list with the faults of its rows, or takes the rows without faults
// over into the form that adds people.
func (s *Server) preview(c *gin.Context, a survey.Actor, study survey.Study, values url.Values, err error) error {
	refuse := func(key string) error {
		p := listPage{Form: staffForm{Values: values, Faults: survey.FieldErrors{"list": key}}}
		return s.listForm(c, a, http.StatusUnprocessableEntity, p)
	}
	text := values.Get("list")
	if len(text) > maxListBytes {
		values.Del("list")
		return refuse("list.too_large")
	}
	var list *peoplelist.List
	if err == nil {
		list, err = peoplelist.Read(text, survey.MaxListRows)
	}
	for fault, key := range map[error]string{
		peoplelist.ErrWorkbook: "list.workbook", peoplelist.ErrBinary: "list.binary", peoplelist.ErrEmpty: "list.empty",
		peoplelist.ErrTooMany: "list.too_many", peoplelist.ErrQuotes: "list.quotes",
	} {
		if errors.Is(err, fault) {
			return refuse(key)
		}
	}
	if err != nil {
		return err
	}
	scheme, err := s.use.Allocations.Scheme(c.Request.Context(), a, study.ID)
	if err != nil {
		return err
	}
	for _, f := range scheme.AskedOf() {
		list.Mean(peoplelist.Stratum, f.Name)
	}
	correctColumns(list, values)
	rows, err := s.use.Runs.CheckList(c.Request.Context(), a, study.ID, runID(c), mended(list, values))
	if err != nil {
		return err
	}
	p := listPage{Text: text, Headed: list.Headed, Columns: listColumns(list), Form: staffForm{Values: values}}
	var good []string
	for _, r := range rows {
		row := listRow{ListRow: r, Skip: values.Get(lineField("skip", r.Line)) != ""}
		row.Open = len(r.Faults) > 0 || values.Has(lineField("email", r.Line))
		switch {
		case len(r.Faults) > 0:
			p.Faulty++
			p.Out++
		case row.Skip:
			p.Out++
		default:
			good = append(good, r.Person.Line())
		}
		p.Rows = append(p.Rows, row)
	}
	p.Good = len(good)
	if values.Get("step") == "take" && p.Good > 0 {
		return s.peopleForm(c, a, study, http.StatusOK, given("once", newOnce(), "people", strings.Join(good, "\n")))
	}
	return s.listForm(c, a, http.StatusOK, p)
}

func lineField(field string, line int) string { return field + "-" + strconv.Itoa(line) }

// correctColumns takes what somebody said the columns are.
func correctColumns(l *peoplelist.List, values url.Values) {
	if values.Has("corrected") {
		l.Head(values.Get("headed") != "")
	}
	for i := range l.Columns {
		if said := values["column-"+strconv.Itoa(i)]; len(said) == 1 {
			l.Columns[i].Field = peoplelist.Field(said[0])
		}
	}
}

// mended are the rows of a list with what was typed in place of their cells.
func mended(l *peoplelist.List, values url.Values) []survey.ListRow {
	rows := make([]survey.ListRow, len(l.Rows))
	for i, r := range l.Rows {
		p := survey.Person{
			Name: l.Value(r, peoplelist.Name), Email: l.Value(r, peoplelist.Email),
			Language: peoplelist.LanguageTag(l.Value(r, peoplelist.Language)),
			Phone:    l.Value(r, peoplelist.Phone), Stratum: l.Value(r, peoplelist.Stratum),
		}
		for field, into := range map[string]*string{"name": &p.Name, "email": &p.Email, "language": &p.Language, "phone": &p.Phone, "stratum": &p.Stratum} {
			if key := lineField(field, r.Line); values.Has(key) {
				*into = values.Get(key)
			}
		}
		rows[i] = survey.ListRow{Line: r.Line, Person: p}
	}
	return rows
}

func listColumns(l *peoplelist.List) []listColumn {
	columns := make([]listColumn, len(l.Columns))
	for i, c := range l.Columns {
		columns[i] = listColumn{Number: i, Heading: c.Heading}
		for _, r := range l.Rows {
			if i < len(r.Cells) && r.Cells[i] != "" {
				columns[i].Example = cut(r.Cells[i], 40)
				break
			}
		}
		for _, f := range peoplelist.Fields {
			columns[i].Options = append(columns[i].Options, listOption{string(f), fieldLabel(f), f == c.Field})
		}
	}
	return columns
}

func (s *Server) listForm(c *gin.Context, a survey.Actor, status int, p listPage) error {
	study, err := s.study(c, a)
	if err != nil {
		return err
	}
	run, err := s.use.Runs.Get(c.Request.Context(), a, study.ID, runID(c))
	if err != nil {
		return err
	}
	p.Page, p.Study, p.Run, p.Path = s.staffPage(c, a, study, sectionRuns, "People from a list"), study, run, runPath(study, run.ID)
	if len(p.Form.Faults) > 0 {
		erring(&p.Page)
	}
	return s.render(c, status, "facilitator_list", p)
}
