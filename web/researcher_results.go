package web

import (
	"errors"
	"fmt"
	"html/template"
	"net/http"
	"net/url"
	"strconv"

	"github.com/gin-gonic/gin"

	"tidemark/survey"
	"tidemark/survey/report"
	"tidemark/survey/report/figure"
)

// resultsPage is a study's report with one outcome in front.
type resultsPage struct {
	Page
	Study  survey.Study
	Report *report.Report
	// Outcome is nil when no questionnaire is asked before and after.
	Outcome *report.Outcome
	Choice  resultsChoice
	Query   string // of the choice, for the addresses of downloads

	// AnsweredPre is how many people, of all arms, have answered everything
	// before the course.
	AnsweredPre int
	Loss        report.FlowRow // of the group in front, at the later survey
	Cloud, Bar  *shownFigure
	Arms        *shownFigure
	Files       []resultsFile
	// Sources are the waves with answers that somebody brought in.
	Sources []broughtIn
}

// resultsChoice is what the form on the page chooses.
type resultsChoice struct {
	Outcomes, Arms, Waves []choiceOption
	Data                  []choiceOption // empty: there are no snapshots
	Chosen                bool           // something else than what comes first
}

// choiceOption is an entry of a select.
type choiceOption struct {
	Value, Label string
	On           bool
}

// chooser is a select with its label.
type chooser struct {
	Name, Label string
	Options     []choiceOption
}

func newChooser(name, label string, options []choiceOption) chooser {
	return chooser{name, label, options}
}

// shownFigure is a drawing for a desk, one for a phone, and its numbers.
type shownFigure struct {
	ID, Title  string
	Desk       template.HTML
	Phone      template.HTML // empty: too large to send twice
	Table      figure.Table
	Name, Mark string // of the file, and what a caption says of the marks
}

// maxTwice is how many people a figure may show to be sent in two sizes.
const maxTwice = 1000

// showResults is the researcher's page about what changed.
func (s *Server) showResults(c *gin.Context, a survey.Actor) error {
	study, r, o, err := s.results(c, a)
	if err != nil {
		return err
	}
	p := resultsPage{
		Study: study, Report: r, Outcome: o,
		AnsweredPre: r.FlowOf(r.Basis.Pre.Key, "").Answered,
		Loss:        r.FlowOf(r.Basis.Post.Key, r.Basis.Arm),
	}
	title := "Results"
	p.Choice = newResultsChoice(r, o)
	snapshots, err := s.use.Snapshots.List(c.Request.Context(), a, study.ID)
	if err != nil {
		return err
	}
	p.Choice.offer(snapshots, r.Basis.Snapshot)
	if r.Basis.Snapshot == nil { // what a snapshot holds is not counted
		if p.Sources, err = s.broughtInAt(c, a, study, r.Basis.Pre.Key, r.Basis.Post.Key); err != nil {
			return err
		}
	}
	if o != nil {
		title = o.Scale.Label + ", before and after"
		p.Query = resultsQuery(r, o)
		p.draw()
	}
	p.Page = s.staffPage(c, a, study, sectionResults, title)
	p.Files = resultsFiles(r, o)
	if err := s.noteResults(c, a, study, r, ""); err != nil {
		return err
	}
	return s.render(c, 200, "results", p)
}

// results builds the report that a request asks for and finds its outcome. What
// the address names and the study does not have is not found.
func (s *Server) results(c *gin.Context, a survey.Actor) (survey.Study, *report.Report, *report.Outcome, error) {
	study, err := s.study(c, a)
	if err != nil {
		return survey.Study{}, nil, nil, err
	}
	spec := report.Spec{Arm: c.Query("arm"), Post: c.Query("wave"), Now: s.cfg.Now(), Version: s.cfg.Version}
	data, err := s.resultsData(c, a, study.ID, &spec)
	if err != nil {
		return study, nil, nil, err
	}
	r, err := report.Build(c.Request.Context(), data, a, study.ID, spec)
	if _, unknown := errors.AsType[survey.FieldErrors](err); unknown {
		return study, nil, nil, survey.ErrNotFound
	}
	if err != nil {
		return study, nil, nil, err
	}
	key := c.Query("outcome")
	if key == "" && len(r.Outcomes) > 0 {
		return study, r, &r.Outcomes[0], nil
	}
	o, ok := r.Outcome(key)
	if !ok && key != "" {
		return study, nil, nil, survey.ErrNotFound
	}
	return study, r, o, nil
}

// resultsData are the data a request asks for, live or those of a snapshot, and
// puts into the spec what a report says about them.
func (s *Server) resultsData(c *gin.Context, a survey.Actor, study survey.StudyID, spec *report.Spec) (survey.DataReader, error) {
	var err error
	if spec.Plan, err = s.planInForce(c, a, study); err != nil {
		return nil, err
	}
	if c.Query("snapshot") == "" {
		return s.store, nil
	}
	frozen, err := s.use.Snapshots.Open(c.Request.Context(), a, study, snapshotNumber(c.Query("snapshot")))
	if err != nil {
		return nil, err
	}
	taken := frozen.Snapshot()
	spec.Snapshot, spec.Now = &taken, taken.TakenAt
	return frozen, nil
}

// noteResults puts into the audit trail that results were opened. A plan that is
// locked later says so.
func (s *Server) noteResults(c *gin.Context, a survey.Actor, study survey.Study, r *report.Report, what string) error {
	if c.Request.Method == http.MethodHead {
		return nil
	}
	detail := "live data"
	if r.Basis.Snapshot != nil {
		detail = fmt.Sprintf("snapshot %d", r.Basis.Snapshot.Number)
	}
	if what != "" {
		detail = what + ", " + detail
	}
	return s.use.Studies.NoteUse(c.Request.Context(), a, study.ID, survey.ActionReportViewed, detail)
}

func newResultsChoice(r *report.Report, o *report.Outcome) resultsChoice {
	var c resultsChoice
	for i := range r.Outcomes {
		scale := r.Outcomes[i].Scale
		label := scale.Name
		if scale.Parent != "" {
			label = "– " + label
		}
		on := o != nil && scale.Key == o.Scale.Key
		c.Outcomes = append(c.Outcomes, choiceOption{scale.Key, label, on})
		c.Chosen = c.Chosen || on && i > 0
	}
	for _, arm := range r.Basis.Arms {
		c.Arms = append(c.Arms, choiceOption{arm.Key, arm.Name, arm.Key == r.Basis.ArmKey})
	}
	c.Arms = append(c.Arms, choiceOption{report.Everyone, "Everyone", r.Basis.ArmKey == report.Everyone})
	for _, w := range r.Basis.Later {
		c.Waves = append(c.Waves, choiceOption{w.Key, w.Name, w.Key == r.Basis.Post.Key})
	}
	return c
}

// offer adds the choice between live and frozen data.
func (c *resultsChoice) offer(snapshots []survey.Snapshot, used *report.SnapshotUsed) {
	if len(snapshots) == 0 {
		return
	}
	c.Data = append(c.Data, choiceOption{"", "Live, as of now", used == nil})
	for _, s := range snapshots {
		if s.Removed == nil {
			on := used != nil && used.Number == s.Number
			c.Data = append(c.Data, choiceOption{strconv.Itoa(s.Number), fmt.Sprintf("Snapshot %d: %s", s.Number, s.Name), on})
		}
	}
}

// resultsQuery is the choice as part of an address.
func resultsQuery(r *report.Report, o *report.Outcome) string {
	v := url.Values{"outcome": {o.Scale.Key}, "arm": {r.Basis.ArmKey}, "wave": {r.Basis.Post.Key}}
	if r.Basis.Snapshot != nil {
		v.Set("snapshot", strconv.Itoa(r.Basis.Snapshot.Number))
	}
	return "?" + v.Encode()
}

// draw makes the page's figures; those that may not be shown stay nil.
func (p *resultsPage) draw() {
	o, c := p.Outcome, p.Outcome.Main()
	if f, ok := o.Raincloud(c, "cloud"); ok {
		small := f
		small.ID = "cloud-phone"
		p.Cloud = newShownFigure(f, small, "raincloud", c.Pairs <= maxTwice)
		p.Cloud.Mark = "Each line is one person (teal up, clay down). Dots with bars: mean and " +
			report.LevelPercent(o.Level) + " interval. Shapes: distribution of scores."
	}
	if f, ok := o.ChangeBar(c, "bar"); ok {
		small := f
		small.ID = "bar-phone"
		p.Bar = newShownFigure(f, small, "change", true)
	}
	if f, ok := o.TwoArm("arms"); ok {
		small := f
		small.ID = "arms-phone"
		p.Arms = newShownFigure(f, small, "arms", true)
		p.Arms.Mark = "Means of people with both scores, with " + report.LevelPercent(o.Level) + " intervals."
	}
}

func newShownFigure(f, small figure.Figure, name string, twice bool) *shownFigure {
	desk := f.Draw(figure.SizeStandard)
	shown := &shownFigure{ID: desk.ID, Title: desk.Title, Table: f.Table(), Name: name}
	shown.Desk = template.HTML(figure.SVG(desk)) //nolint:gosec // package figure escapes what it draws
	if twice {
		shown.Phone = template.HTML(figure.SVG(small.Draw(figure.SizeCompact))) //nolint:gosec // as above
	}
	return shown
}

// Table finds one of the report's tables for the page; nil when it has no rows.
func (p resultsPage) Table(name string) *resultsTable {
	t, ok := p.Report.Table(name)
	if !ok {
		return nil
	}
	return &resultsTable{Table: t, Path: studyPath(p.Study) + "/results/" + name + ".csv" + p.Query}
}

// resultsTable is a table with the address of its numbers in full.
type resultsTable struct {
	report.Table
	Path string
}
