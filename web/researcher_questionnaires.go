package web

import (
	"net/http"
	"net/url"
	"slices"
	"strconv"

	"github.com/gin-gonic/gin"

	"tidemark/survey"
	"tidemark/survey/instrument"
)

type questionnairesPage struct {
	Page
	Study   survey.Study
	Path    string
	Draft   bool
	Form    staffForm
	Choices []setChoice
	Waves   []setWave
	Scales  []instrument.Scale
	Newer   []newerLine
	Done    *survey.Replaced // what a replacement came to
}

// setChoice is a questionnaire that can be asked.
type setChoice struct {
	Value      string
	Definition *instrument.Definition
	Retired    bool
}

// setWave is a wave with what it asks.
type setWave struct {
	survey.Wave
	When    string
	Asks    []*instrument.Definition
	Ticked  map[string]bool
	Fault   string
	Minutes float64
}

// newerLine is a newer version of what a study asks.
type newerLine struct {
	From, To survey.LibraryItem
	Name     string // of To, as the form sends it
	Changes  instrument.Comparison
}

// showQuestionnaires says what the waves of a study ask.
func (s *Server) showQuestionnaires(c *gin.Context, a survey.Actor) error {
	study, err := s.study(c, a)
	if err != nil {
		return err
	}
	var done *survey.Replaced
	if moved, err := strconv.Atoi(c.Query("moved")); err == nil {
		done = &survey.Replaced{Moved: moved, Comparable: c.Query("comparable") == "1"}
	}
	return s.questionnaires(c, a, study, http.StatusOK, staffForm{}, done)
}

func (s *Server) questionnaires(c *gin.Context, a survey.Actor, study survey.Study, status int, f staffForm, done *survey.Replaced) error {
	q, err := s.use.Library.InStudy(c.Request.Context(), a, study.ID)
	if err != nil {
		return err
	}
	p := questionnairesPage{
		Page: s.staffPage(c, a, study, sectionStudy, "Questionnaires of the study"), Study: q.Design.Study, Path: studyPath(study) + "/questionnaires",
		Draft: q.Design.Study.State == survey.StudyDraft, Form: f, Done: done,
	}
	if f.Values == nil {
		p.Form.Values = url.Values{"primary_scale": {q.Design.Study.PrimaryScale}}
	}
	for _, item := range q.Choices {
		p.Choices = append(p.Choices, setChoice{choiceValue(item), item.Version.Definition, !item.RetiredAt.IsZero()})
		p.Scales = append(p.Scales, item.Version.Definition.Scales...)
	}
	for _, w := range q.Design.Waves {
		line := setWave{Wave: w, When: ruleText(w.Rule, waveNames(q.Design.Waves)), Ticked: map[string]bool{}, Fault: f.Fault(w.Key)}
		for _, id := range w.Sets {
			def := q.Design.Instruments[id].Definition
			line.Asks = append(line.Asks, def)
			line.Minutes += def.Minutes
			line.Ticked[string(id)] = f.Values == nil
		}
		for _, v := range f.Values["set_"+w.Key] {
			line.Ticked[v] = true
		}
		p.Waves = append(p.Waves, line)
	}
	for _, item := range q.Choices {
		if newer, ok := q.Newer[item.Version.ID]; ok {
			p.Newer = append(p.Newer, newerLine{item, newer, choiceValue(newer), instrument.Compare(item.Version.Definition, newer.Version.Definition)})
		}
	}
	if len(f.Faults) > 0 {
		erring(&p.Page)
	}
	return s.render(c, status, "researcher_questionnaires", p)
}

// choiceValue names a version, or a built-in instrument that no study has used.
func choiceValue(item survey.LibraryItem) string {
	if item.Version.ID == "" {
		return item.Version.Definition.Key
	}
	return string(item.Version.ID)
}

// chooseQuestionnaires sets what the waves of a draft study ask. What a wave asked
// stays in its order; what is new comes after it.
func (s *Server) chooseQuestionnaires(c *gin.Context, a survey.Actor) error {
	study, values, err := s.studyForm(c, a)
	if err != nil {
		return err
	}
	design, err := s.use.Studies.Design(c.Request.Context(), a, study.ID)
	if err != nil {
		return err
	}
	var choices []survey.WaveChoice
	for _, w := range design.Waves {
		ticked := values["set_"+w.Key]
		choice := survey.WaveChoice{Wave: w.ID}
		for _, id := range w.Sets {
			if slices.Contains(ticked, string(id)) {
				choice.Sets = append(choice.Sets, string(id))
			}
		}
		for _, v := range ticked {
			if !slices.Contains(choice.Sets, v) {
				choice.Sets = append(choice.Sets, v)
			}
		}
		choices = append(choices, choice)
	}
	err = s.use.Library.Choose(c.Request.Context(), a, study.ID, choices, values.Get("primary_scale"))
	if err == nil {
		return redirect(c, studyPath(study)+"/questionnaires")
	}
	f, status, err := again(values, err, "")
	if err != nil {
		return err
	}
	return s.questionnaires(c, a, study, status, f, nil)
}

// replaceQuestionnaire puts a newer version in the place of one.
func (s *Server) replaceQuestionnaire(c *gin.Context, a survey.Actor) error {
	study, values, err := s.studyForm(c, a)
	if err != nil {
		return err
	}
	done, err := s.use.Library.Replace(c.Request.Context(), a, study.ID,
		survey.InstrumentID(values.Get("from")), values.Get("to"))
	if err != nil {
		return err
	}
	to := url.Values{"moved": {strconv.Itoa(done.Moved)}}
	if done.Comparable {
		to.Set("comparable", "1")
	}
	return redirect(c, studyPath(study)+"/questionnaires?"+to.Encode()+"#newer")
}
