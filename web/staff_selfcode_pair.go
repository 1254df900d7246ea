package web

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"

	"github.com/gin-gonic/gin"

	"tidemark/survey"
	"tidemark/survey/selfcode"
)

// pairLine is a pair of codes in the list of those that are near.
type pairLine struct {
	survey.SelfCodePair
	Path   string
	Agrees string // what agrees and what does not, in words
	Form   staffForm
}

// Percent is how probably the two are one person.
func (p pairLine) Percent() string {
	if p.Verdicts == nil {
		return "not known"
	}
	if p.Probability > 0.99 {
		return "more than 99 %"
	}
	return fmt.Sprintf("%.0f %%", 100*p.Probability)
}

func pairLines(study survey.Study, recipe selfcode.Recipe, pairs []survey.SelfCodePair) []pairLine {
	lines := make([]pairLine, len(pairs))
	for i, p := range pairs {
		lines[i] = pairLine{SelfCodePair: p, Path: pairPath(study, p), Agrees: agreement(recipe, p.Verdicts)}
	}
	return lines
}

func pairPath(study survey.Study, p survey.SelfCodePair) string {
	return studyPath(study) + "/codes/" + string(p.First.EnrolmentID) + "/" + string(p.Second.EnrolmentID)
}

// agreement says what agrees of two codes, and never what was answered.
func agreement(recipe selfcode.Recipe, verdicts []selfcode.Verdict) string {
	if verdicts == nil {
		return "One of the codes cannot be opened with this installation’s secret."
	}
	same, parts := 0, []string{}
	for i, v := range verdicts {
		name := strings.ToLower(selfCodeNames[recipe[i].Key][:1]) + selfCodeNames[recipe[i].Key][1:]
		switch v {
		case selfcode.Same:
			same++
		case selfcode.Near:
			parts = append(parts, name+" is near")
		case selfcode.Differs:
			parts = append(parts, name+" differs")
		case selfcode.Unknown:
			parts = append(parts, name+" was left out in one")
		}
	}
	return fmt.Sprintf("%d of %d parts are the same; %s.", same, len(recipe), strings.Join(parts, ", "))
}

// selfCodePairPage sets two participations beside each other.
type selfCodePairPage struct {
	Page
	Pair survey.SelfCodeComparison
	Line pairLine
	Path string
	Rows []pairRow
	Form staffForm
}

// pairRow is one questionnaire of both.
type pairRow struct {
	survey.SelfCodeRow
	Field string // of the choice; empty: there is none
}

func (s *Server) showSelfCodePair(c *gin.Context, a survey.Actor) error {
	study, err := s.study(c, a)
	if err != nil {
		return err
	}
	return s.selfCodePair(c, a, study, http.StatusOK, staffForm{})
}

func (s *Server) selfCodePair(c *gin.Context, a survey.Actor, study survey.Study, status int, f staffForm) error {
	pair, err := s.use.SelfCodes.Compare(c.Request.Context(), a, study.ID, survey.EnrolmentID(c.Param("first")), survey.EnrolmentID(c.Param("second")))
	if err != nil {
		return err
	}
	p := selfCodePairPage{
		Page: s.staffPage(c, a, study, sectionStudy, "Two codes that are near"), Pair: pair, Path: studyPath(study), Form: f,
		Line: pairLines(study, pair.Recipe, []survey.SelfCodePair{pair.SelfCodePair})[0],
	}
	for _, r := range pair.Rows {
		row := pairRow{SelfCodeRow: r}
		if r.Both() && pair.Decision.ID == "" {
			row.Field = survey.SelfCodeKeepField(r.First.ID)
		}
		p.Rows = append(p.Rows, row)
	}
	if status != http.StatusOK {
		erring(&p.Page)
	}
	return s.render(c, status, "staff_selfcode_pair", p)
}

// decideSelfCodePair links two participations, or keeps them apart.
func (s *Server) decideSelfCodePair(c *gin.Context, a survey.Actor) error {
	study, values, err := s.studyForm(c, a)
	if err != nil {
		return err
	}
	n := survey.SelfCodeChoice{
		First: survey.EnrolmentID(c.Param("first")), Second: survey.EnrolmentID(c.Param("second")),
		Reason: values.Get("reason"), Seconds: keptOf(values),
	}
	did := "linked"
	if values.Get("step") == "apart" {
		did, err = "apart", s.use.SelfCodes.KeepApart(c.Request.Context(), a, study.ID, n)
	} else {
		err = s.use.SelfCodes.Link(c.Request.Context(), a, study.ID, n)
	}
	if err != nil {
		f, status, err := again(values, err, "")
		if err != nil {
			return err
		}
		return s.selfCodePair(c, a, study, status, f)
	}
	return redirect(c, studyPath(study)+"/codes?did="+did)
}

// keptOf reads which of two answered questionnaires count.
func keptOf(values url.Values) map[survey.AssessmentID]bool {
	kept, prefix := map[survey.AssessmentID]bool{}, survey.SelfCodeKeepField("")
	for field := range values {
		id, ok := strings.CutPrefix(field, prefix)
		if v := values.Get(field); ok && (v == "first" || v == "second") {
			kept[survey.AssessmentID(id)] = v == "second"
		}
	}
	return kept
}

// undoSelfCodes takes a decision back.
func (s *Server) undoSelfCodes(c *gin.Context, a survey.Actor) error {
	study, values, err := s.studyForm(c, a)
	if err != nil {
		return err
	}
	if err := s.use.SelfCodes.Undo(c.Request.Context(), a, study.ID, c.Param("decision"), values.Get("reason")); err != nil {
		f, status, err := again(values, err, "")
		if err != nil {
			return err
		}
		f.Values.Set("decision", c.Param("decision"))
		return s.selfCodes(c, a, study, status, f)
	}
	return redirect(c, studyPath(study)+"/codes?did=undone")
}
