package web

import (
	"math"
	"net/http"
	"strconv"
	"strings"

	"github.com/gin-gonic/gin"

	"tidemark/survey"
	"tidemark/survey/report"
	"tidemark/survey/report/document"
	"tidemark/survey/report/figure"
	"tidemark/survey/report/paper"
)

// powerPage says what a study could have found, and plans the next one.
type powerPage struct {
	Page
	Study survey.Study
	Paper *paper.Paper
	// Found is the table of the smallest effects; nil without an outcome.
	Found *report.Table
	Curve *document.Picture
	Data  []choiceOption
	Form  staffForm
	// Fields are those of every design, Ratio those of two arms.
	Fields  []powerField
	Ratio   []powerField
	Planned *paper.Planned // nil: something is wrong with the form
	People  int            // to take in, in all
	Reached string         // in per cent
	Next    *document.Picture
}

// powerField is a number of the form.
type powerField struct{ Name, Label, Hint string }

// filledField is a field with what was given in it.
type filledField struct {
	powerField
	Value, Fault string
}

func newFilledField(f powerField, form staffForm) filledField {
	return filledField{f, form.Value(f.Name), form.Fault(f.Name)}
}

// showPower is the page about the power of a study and of the next. Planning is a
// GET: it changes nothing, and can be sent as a link.
func (s *Server) showPower(c *gin.Context, a survey.Actor) error {
	study, err := s.study(c, a)
	if err != nil {
		return err
	}
	made, data, number, err := s.paper(c, a, study.ID)
	if err != nil {
		return err
	}
	snapshots, err := s.use.Snapshots.List(c.Request.Context(), a, study.ID)
	if err != nil {
		return err
	}
	p := powerPage{
		Page: s.staffPage(c, a, study, sectionReport, "Power"), Study: study, Paper: made, Data: dataChoice(snapshots, number),
		Fields: []powerField{
			{"effect", "Effect to be found", "Two arms: difference in SDs of the scores. One group: mean change in SDs of the changes."},
			{"attrition", "Share of people lost", "From 0 to 0.95."},
			{"alpha", "Significance level α", "Two-sided."},
			{"power", "Power", "The chance to find the effect, from 0.5 to 0.999."},
		},
		Ratio: []powerField{
			{"r", "Correlation before and after", "Two arms only: the score before explains part of the score after."},
			{"ratio", "People in the second arm for each in the first", "Two arms only."},
		},
	}
	if t, ok := made.Table(paper.TablePower); ok {
		p.Found = &t
	}
	d := document.Document{Paper: made, Data: data}
	if f, ok := d.Figure(paper.FigurePower); ok {
		curve := document.NewPicture(f, paper.FigurePower, figure.SizeStandard, true)
		p.Curve = &curve
	}
	status := p.plan(c)
	if status != http.StatusOK {
		erring(&p.Page)
	}
	if err := s.noteReport(c, a, study, number, "power"); err != nil {
		return err
	}
	return s.render(c, status, "power", p)
}

// plan answers the form, or the suggestion that stands in it at first.
func (p *powerPage) plan(c *gin.Context) int {
	next := p.Paper.Power.Next()
	p.Form = planningForm(next)
	for field := range p.Form.Values {
		if given, ok := c.GetQuery(field); ok {
			p.Form.Values.Set(field, strings.TrimSpace(given))
		}
	}
	number := func(field string) float64 {
		v, err := strconv.ParseFloat(strings.Replace(p.Form.Value(field), ",", ".", 1), 64)
		if err != nil {
			return math.NaN()
		}
		return v
	}
	next = paper.Planning{
		TwoArms: p.Form.Is("arms", "2"), Effect: number("effect"), R: number("r"), Attrition: number("attrition"),
		Alpha: number("alpha"), Power: number("power"), Ratio: number("ratio"),
	}
	if p.Form.Faults = next.Check(); len(p.Form.Faults) > 0 {
		return http.StatusUnprocessableEntity
	}
	planned := next.Size()
	p.Planned, p.People, p.Reached = &planned, planned.EnrolCourse+planned.EnrolControl, report.Decimal(100*planned.Reached.Value, 0)
	if f, ok := next.Figure(); ok {
		curve := document.NewPicture(f, paper.FigurePlanning, figure.SizeStandard, true)
		p.Next = &curve
	}
	return http.StatusOK
}

func planningForm(n paper.Planning) staffForm {
	arms := "1"
	if n.TwoArms {
		arms = "2"
	}
	return given("arms", arms, "effect", numberText(n.Effect), "r", numberText(n.R), "attrition", numberText(n.Attrition),
		"alpha", numberText(n.Alpha), "power", numberText(n.Power), "ratio", numberText(n.Ratio))
}

// Arms is the choice of the design.
func (p powerPage) Arms() []choiceOption {
	return []choiceOption{
		{"2", "Two arms, adjusted for the score before", p.Form.Is("arms", "2")},
		{"1", "One group, before and after", p.Form.Is("arms", "1")},
	}
}
