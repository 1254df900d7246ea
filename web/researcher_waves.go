package web

import (
	"net/url"
	"slices"
	"time"

	"github.com/gin-gonic/gin"

	"tidemark/survey"
	"tidemark/survey/course"
	"tidemark/survey/schedule"
)

type wavesPage struct {
	Page
	Of    survey.Study
	Waves []waveReading
	Clash []string
	May   bool // change them
	Draft bool // occasions can be added and removed
	Saved string
	Gone  bool // one was removed
}

// waveReading is one occasion with its rule in plain words.
type waveReading struct {
	survey.Wave
	Who, When, More string
}

// showWaves is when people are asked, rule by rule, for everyone of the study.
func (s *Server) showWaves(c *gin.Context, a survey.Actor) error {
	study, err := s.study(c, a)
	if err != nil {
		return err
	}
	design, err := s.use.Studies.Design(c.Request.Context(), a, study.ID)
	if err != nil {
		return err
	}
	p := wavesPage{
		Page: s.staffPage(c, a, study, sectionStudy, "When people are asked"), Of: study, May: mayWriteWaves(a, study),
		Draft: study.State == survey.StudyDraft, Gone: c.Query("removed") == "yes",
	}
	names, groups := waveNames(design.Waves), armNames(nil)
	for _, arm := range design.Arms {
		groups[string(arm.ID)] = arm.Name
	}
	for _, w := range design.Waves {
		p.Waves = append(p.Waves, waveReading{
			Wave: w, Who: groups[string(w.ArmID)], When: sentenceCase(ruleText(w.Rule, names)) + ".", More: ruleMore(w.Rule),
		})
		if w.Key == c.Query("saved") {
			p.Saved = w.Name
		}
	}
	p.Clash = clashTexts(exampleOutline(design).Clashes, names)
	return s.render(c, 200, "researcher_waves", p)
}

func mayWriteWaves(a survey.Actor, study survey.Study) bool {
	return a.MayAnalyse(study.ID) || a.IsAdministrator()
}

// exampleOutline places the waves on a course of the shortest built-in kind that
// has all the meetings they hang on, beginning on some Monday.
func exampleOutline(d survey.StudyDesign) schedule.Outline {
	last := 0
	for _, w := range d.Waves {
		last = max(last, w.Rule.Meeting)
	}
	meetings, length := last, 2*time.Hour
	if courses, err := course.Builtin(); err == nil {
		for _, c := range courses {
			if len(c.Weeks) >= last && (meetings == last || len(c.Weeks) < meetings) {
				meetings, length = len(c.Weeks), time.Duration(c.MeetingMinutes)*time.Minute
			}
		}
	}
	monday := schedule.Date{Year: 2026, Month: time.June, Day: 1}
	return schedule.Calendar{Start: monday, Hour: 18}.Outline(d.ScheduleWaves(), meetings, length)
}

type wavePage struct {
	Page
	Of     survey.Study
	Wave   survey.Wave
	Draft  bool
	New    bool   // it is like Wave, and not there yet
	Now    string // the rule as it is, in words
	Arms   []survey.Arm
	Others []survey.Wave // that it can follow
	Kinds  []survey.WaveKind
	Form   staffForm
}

// showWave is the form of one occasion.
func (s *Server) showWave(c *gin.Context, a survey.Actor) error {
	study, err := s.study(c, a)
	if err != nil {
		return err
	}
	return s.waveForm(c, a, study, 200, staffForm{}, false)
}

// waveForm is the form of an occasion, or of another one like it.
func (s *Server) waveForm(c *gin.Context, a survey.Actor, study survey.Study, status int, f staffForm, another bool) error {
	if !mayWriteWaves(a, study) {
		return survey.ErrForbidden
	}
	design, err := s.use.Studies.Design(c.Request.Context(), a, study.ID)
	if err != nil {
		return err
	}
	i := slices.IndexFunc(design.Waves, func(w survey.Wave) bool { return w.Key == c.Param("wave") })
	if i < 0 {
		return survey.ErrNotFound
	}
	w := design.Waves[i]
	p := wavePage{
		Page: s.staffPage(c, a, study, sectionStudy, w.Name), Of: study, Wave: w, Draft: study.State == survey.StudyDraft, Arms: design.Arms,
		Kinds: []survey.WaveKind{survey.WavePre, survey.WaveDuring, survey.WavePost, survey.WaveFollowUp}, Form: f,
		Now: sentenceCase(ruleText(w.Rule, waveNames(design.Waves))) + ".",
	}
	if more := ruleMore(w.Rule); more != "" {
		p.Now += " " + more
	}
	p.Others = slices.DeleteFunc(slices.Clone(design.Waves), func(other survey.Wave) bool { return !another && other.ID == w.ID })
	if f.Values == nil {
		p.Form.Values = waveValues(survey.FormOf(design, w))
	}
	if another {
		p.New, p.Title = true, "Another occasion"
		if f.Values == nil {
			p.Form.Values.Set("name", "")
			p.Form.Values.Set("short_name", "")
		}
	}
	if len(f.Faults) > 0 {
		erring(&p.Page)
	}
	return s.render(c, status, "researcher_wave", p)
}

// saveWave changes one occasion.
func (s *Server) saveWave(c *gin.Context, a survey.Actor) error {
	study, values, err := s.studyForm(c, a)
	if err != nil {
		return err
	}
	wave, err := s.waveOf(c, a, study)
	if err != nil {
		return err
	}
	err = s.use.Studies.ChangeWave(c.Request.Context(), a, study.ID, wave.ID, waveFormOf(values))
	if err != nil {
		f, status, err := again(values, err, "")
		if err != nil {
			return err
		}
		return s.waveForm(c, a, study, status, f, false)
	}
	return redirect(c, studyPath(study)+"/waves?saved="+url.QueryEscape(wave.Key))
}

// waveOf is the occasion that the address names, for those who may change it.
func (s *Server) waveOf(c *gin.Context, a survey.Actor, study survey.Study) (survey.Wave, error) {
	if !mayWriteWaves(a, study) {
		return survey.Wave{}, survey.ErrForbidden
	}
	design, err := s.use.Studies.Design(c.Request.Context(), a, study.ID)
	if err != nil {
		return survey.Wave{}, err
	}
	i := slices.IndexFunc(design.Waves, func(w survey.Wave) bool { return w.Key == c.Param("wave") })
	if i < 0 {
		return survey.Wave{}, survey.ErrNotFound
	}
	return design.Waves[i], nil
}

func waveFormOf(v url.Values) survey.WaveForm {
	return survey.WaveForm{
		Name: v.Get("name"), ShortName: v.Get("short_name"), Kind: v.Get("kind"), Arm: v.Get("arm"), Anchor: v.Get("anchor"),
		Meeting: v.Get("meeting"), Follows: v.Get("follows"), Timed: v.Get("timed") == "yes", Months: v.Get("months"),
		OpensDay: v.Get("opens_day"), ClosesDay: v.Get("closes_day"), GraceDays: v.Get("grace_days"), LateDays: v.Get("late_days"),
		OpensHour: v.Get("opens_hour"), ClosesHour: v.Get("closes_hour"), GraceMinutes: v.Get("grace_minutes"),
	}
}

func waveValues(f survey.WaveForm) url.Values {
	v := url.Values{}
	for field, value := range map[string]string{
		"name": f.Name, "short_name": f.ShortName, "kind": f.Kind, "arm": f.Arm, "anchor": f.Anchor, "meeting": f.Meeting,
		"follows": f.Follows, "months": f.Months, "opens_day": f.OpensDay, "closes_day": f.ClosesDay, "grace_days": f.GraceDays,
		"late_days": f.LateDays, "opens_hour": f.OpensHour, "closes_hour": f.ClosesHour, "grace_minutes": f.GraceMinutes,
		"timed": map[bool]string{true: "yes", false: "no"}[f.Timed],
	} {
		v.Set(field, value)
	}
	return v
}

// waveField is one field of the form of an occasion.
type waveField struct{ Key, Label, Hint, Value, Fault string }

// Field is a number of the form, for its template.
func (p wavePage) Field(key, label, hint string) waveField {
	return waveField{key, label, hint, p.Form.Value(key), p.Form.Fault(key)}
}
