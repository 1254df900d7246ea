package web

import (
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/gin-gonic/gin"

	"tidemark/survey"
	"tidemark/survey/datafile"
	"tidemark/survey/pastwaves"
)

// mappingPage asks what the columns of a file are.
type mappingPage struct {
	Page
	Study   survey.Study
	Path    string
	Batch   survey.ImportBatch
	Notes   []string
	Rows    int
	Earlier int
	Columns []mappedColumn
	Known   int // columns that are read
	Groups  []targetGroup
	// Typed: there are so many columns that each is typed, with suggestions, and
	// not chosen from a list of its own.
	Typed      bool
	Arms, Runs []pastwaves.Choice
	Form       staffForm
}

// mappedColumn is a column with what it is.
type mappedColumn struct {
	Number                int
	Name, Label, Examples string
	Target                string
	Fault                 string
}

// targetGroup are things that a column can be, under a heading.
type targetGroup struct {
	Title   string
	Targets []listOption
}

// mostOptions bounds the options of all lists of a page.
const mostOptions = 30_000

func (s *Server) mappingForm(c *gin.Context, a survey.Actor, study survey.Study, status int, f staffForm) error {
	preview, err := s.lookThrough(c, a, study)
	if err != nil {
		return err
	}
	p := mappingPage{
		Page: s.staffPage(c, a, study, sectionData, "What the columns are"), Study: study, Path: importsPath(study), Batch: preview.Batch,
		Notes: preview.Table.Notes, Rows: len(preview.Table.Rows), Earlier: preview.Earlier, Groups: targetGroups(preview.Design), Arms: preview.Design.Arms, Runs: preview.Design.Runs, Form: f,
	}
	if f.Values == nil {
		p.Form = settingsForm(preview.Batch.Settings)
	}
	options := 0
	for _, g := range p.Groups {
		options += len(g.Targets)
	}
	for i, column := range preview.Table.Columns {
		m := mappedColumn{Number: i, Name: column.Name, Label: column.Label, Examples: examples(preview.Table, i), Target: preview.Mapping[i].String()}
		if name := columnField(i); f.Values != nil {
			m.Target, m.Fault = f.Value(name), f.Fault("column_"+strconv.Itoa(i+1))
		}
		if m.Target != "" {
			p.Known++
		}
		p.Columns = append(p.Columns, m)
	}
	p.Typed = options*len(p.Columns) > mostOptions
	if len(f.Faults) > 0 {
		erring(&p.Page)
	}
	return s.render(c, status, "researcher_import_map", p)
}

// lookThrough is the preview of a draft. A file takes room in memory, so few are
// looked through at once.
func (s *Server) lookThrough(c *gin.Context, a survey.Actor, study survey.Study) (survey.ImportPreview, error) {
	done, err := s.takeDownload(c.Request.Context())
	if err != nil {
		return survey.ImportPreview{}, err
	}
	defer done()
	return s.use.Imports.Preview(c.Request.Context(), a, study.ID, importID(c))
}

func columnField(i int) string { return "c" + strconv.Itoa(i) }

// examples are the first different cells of a column.
func examples(t *datafile.Table, column int) string {
	const most, looked, length = 3, 200, 24
	var found []string
	for _, r := range t.Rows[:min(looked, len(t.Rows))] {
		if cell := cut(r.Cells[column], length); cell != "" && !slices.Contains(found, cell) {
			if found = append(found, cell); len(found) == most {
				break
			}
		}
	}
	return strings.Join(found, " · ")
}

// targetGroups are all things that a column can be.
func targetGroups(d pastwaves.Design) []targetGroup {
	option := func(k pastwaves.TargetKind, label string) listOption {
		return listOption{Value: string(k), Label: label}
	}
	groups := []targetGroup{
		{"About the person", []listOption{
			option(pastwaves.Code, "Code of the person"), option(pastwaves.Arm, "Arm"), option(pastwaves.Run, "Course run"),
			option(pastwaves.Enrolled, "When enrolled"), option(pastwaves.Left, "When they left"), option(pastwaves.Simulated, "Simulated or real"),
		}},
		{"About the row", []listOption{
			option(pastwaves.Answered, "When it was answered"), option(pastwaves.Submitted, "When it was submitted (empty: it was not)"), option(pastwaves.Wave, "Wave"),
			option(pastwaves.Form, "Questionnaire"), option(pastwaves.Version, "Version of the questionnaire"), option(pastwaves.Item, "Question"),
			option(pastwaves.Value, "Answer as a number"), option(pastwaves.Words, "Answer as a text"), option(pastwaves.Why, "Why there is no answer"),
		}},
	}
	at := func(title string) *targetGroup {
		for i := range groups {
			if groups[i].Title == title {
				return &groups[i]
			}
		}
		groups = append(groups, targetGroup{Title: title})
		return &groups[len(groups)-1]
	}
	inRow := map[string]bool{}
	for _, answer := range d.Answers() {
		g := at(answer.Wave + " · " + answer.Form)
		if len(g.Targets) == 0 {
			submitted := pastwaves.Target{Kind: pastwaves.Submitted, Wave: answer.Target.Wave, Form: answer.Target.Form}
			answered := pastwaves.Target{Kind: pastwaves.Answered, Wave: answer.Target.Wave}
			g.Targets = append(g.Targets, listOption{Value: submitted.String(), Label: "When submitted · " + answer.Target.Wave + " · " + answer.Form}, listOption{Value: answered.String(), Label: "When answered · " + answer.Target.Wave})
		}
		// A list that is closed does not show the heading, so the wave stands here as well.
		g.Targets = append(g.Targets, listOption{Value: answer.Target.String(), Label: answer.Code + " · " + answer.Target.Wave + " · " + answer.Text})
		if row := answer.InRow(); !inRow[row.String()] {
			inRow[row.String()] = true
			g := at("Wave of the row · " + answer.Form)
			g.Targets = append(g.Targets, listOption{Value: row.String(), Label: answer.Code + " · " + answer.Text})
		}
	}
	return groups
}

// settingsForm is what a form shows of the settings of a draft.
func settingsForm(s survey.ImportSettings) staffForm {
	var missing []string
	for _, v := range s.Missing {
		missing = append(missing, datafile.FormatNumber(v))
	}
	f := given("missing", strings.Join(missing, " "), "days", s.Days, "date", s.Date, "arm", s.Arm, "run", string(s.Run), "existing", string(s.Existing))
	if s.Create {
		f.Values.Set("create", "1")
	}
	return f
}

// saveMapping keeps what the columns are and goes on to the preview.
func (s *Server) saveMapping(c *gin.Context, a survey.Actor) error {
	study, values, err := s.studyForm(c, a)
	if err != nil {
		return err
	}
	settings, faults := readSettings(values)
	if len(faults) == 0 {
		err = s.use.Imports.Set(c.Request.Context(), a, study.ID, importID(c), settings)
	} else {
		err = faults
	}
	if err == nil {
		return redirect(c, importsPath(study)+"/"+string(importID(c))+"/preview")
	}
	f, status, err := again(values, err, "")
	if err != nil {
		return err
	}
	return s.mappingForm(c, a, study, status, f)
}

// readSettings reads what a form says of a file.
func readSettings(values url.Values) (survey.ImportSettings, survey.FieldErrors) {
	faults := survey.FieldErrors{}
	s := survey.ImportSettings{
		Days: values.Get("days"), Date: strings.TrimSpace(values.Get("date")), Create: values.Get("create") != "",
		Arm: values.Get("arm"), Run: survey.RunID(values.Get("run")), Existing: survey.Existing(values.Get("existing")),
	}
	for i := 0; values.Has(columnField(i)); i++ {
		target, err := pastwaves.ParseTarget(values.Get(columnField(i)))
		if err != nil {
			faults["column_"+strconv.Itoa(i+1)] = "import.unknown_target"
		}
		s.Columns = append(s.Columns, target.String())
	}
	for _, text := range strings.FieldsFunc(values.Get("missing"), func(r rune) bool { return strings.ContainsRune(" ,;\t", r) }) {
		v, err := strconv.ParseFloat(strings.Replace(text, "−", "-", 1), 64)
		if err != nil {
			faults["missing"] = "import.bad_missing"
		}
		s.Missing = append(s.Missing, v)
	}
	return s, faults
}

// importPreviewPage shows what a file would do.
type importPreviewPage struct {
	Page
	Study  survey.Study
	Path   string
	Look   survey.ImportPreview
	Shown  []previewRow
	Heads  []string
	Form   staffForm
	Unused []string
}

// previewRow is a questionnaire as it was understood.
type previewRow struct {
	Line                     int
	Person, Wave, Form, When string
	Answers                  string
}

func (s *Server) showPreview(c *gin.Context, a survey.Actor) error {
	study, b, err := s.importOf(c, a)
	if err != nil {
		return err
	}
	if b.State != survey.ImportDraft {
		return redirect(c, importsPath(study)+"/"+string(b.ID))
	}
	return s.previewForm(c, a, study, http.StatusOK, given("once", newOnce()))
}

func (s *Server) previewForm(c *gin.Context, a survey.Actor, study survey.Study, status int, f staffForm) error {
	look, err := s.lookThrough(c, a, study)
	if err != nil {
		return err
	}
	p := importPreviewPage{
		Page: s.staffPage(c, a, study, sectionData, "Preview"), Study: study, Path: importsPath(study) + "/" + string(importID(c)), Look: look, Form: f,
	}
	const shown, answers, longest = 8, 12, 18
	for _, rec := range look.Result.Records[:min(shown, len(look.Result.Records))] {
		row := previewRow{Line: rec.Line, Person: rec.Person, Wave: rec.Wave, Form: rec.Form, When: "begun, not submitted"}
		if !rec.At.IsZero() {
			row.When = rec.At.Format("2006-01-02")
		}
		var parts []string
		for i, g := range rec.Answers {
			if i == answers {
				parts = append(parts, "…")
				break
			}
			parts = append(parts, g.Item+" "+cut(g.Value.String(), longest))
		}
		row.Answers = strings.Join(parts, ", ")
		p.Shown = append(p.Shown, row)
	}
	for i, t := range look.Mapping {
		if t.Kind == pastwaves.Ignore {
			p.Unused = append(p.Unused, look.Table.Columns[i].Name)
		}
	}
	if len(f.Faults) > 0 {
		erring(&p.Page)
	}
	return s.render(c, status, "researcher_import_preview", p)
}

// Faults are the first of them, as many as a page can bear.
func (p importPreviewPage) Faults() []pastwaves.Fault {
	const most = 100
	return p.Look.Result.Faults[:min(most, len(p.Look.Result.Faults))]
}

// MoreFaults are those that are not shown.
func (p importPreviewPage) MoreFaults() int { return p.Look.Result.Faulty - len(p.Faults()) }

// NoAnswer counts the cells that stand for no answer.
func (p importPreviewPage) NoAnswer() int { return p.Look.Counts.Missing + p.Look.Table.Emptied }
