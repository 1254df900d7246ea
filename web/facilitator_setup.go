package web

import (
	"fmt"
	"time"

	"github.com/gin-gonic/gin"

	"tidemark/survey"
	"tidemark/survey/reminding"
)

// runPreview is a run as it would be, in words.
type runPreview struct {
	survey.RunPreview
	Lines    []calendarLine
	Clash    []string
	Messages []messageLine
}

// sameHourText says that another run meets at the same time, as far as one may know.
func sameHourText(h survey.SameHour, run survey.CourseRun) string {
	other := "another course run"
	if h.Other.ID != "" {
		other = h.Other.Name
	}
	if h.Study.ID != "" && h.Study.ID != run.StudyID {
		other += " in the study “" + h.Study.Title + "”"
	}
	if h.Leader != "" {
		other += ", which " + h.Leader + " leads too"
	}
	when := h.At.In(run.Zone()).Format("Mon 2 Jan 2006, 15:04")
	if h.Count == 1 {
		return fmt.Sprintf("Meeting %d, %s, is at the same time as a meeting of %s.", h.Meeting, when, other)
	}
	return fmt.Sprintf("%d meetings, the first of them meeting %d, %s, are at the same time as meetings of %s.", h.Count, h.Meeting, when, other)
}

// messageLine is one message that goes out to somebody who never answers.
type messageLine struct{ When, What, About, Who string }

func (s *Server) newRunPreview(p survey.RunPreview) *runPreview {
	now, names, groups := s.cfg.Now(), waveNames(p.Waves), armNames(p.Arms)
	v := &runPreview{RunPreview: p, Clash: clashTexts(p.Clashes, names)}
	if !p.Coming {
		v.Clash = append(v.Clash, "The first meeting is in the past.")
	}
	for _, e := range p.Past {
		v.Clash = append(v.Clash, fmt.Sprintf("“%s” is over already: it closed on %s.", e.Wave.Name, longDay(e.Closes.Add(-time.Nanosecond))))
	}
	for _, d := range p.SameDay {
		v.Clash = append(v.Clash, fmt.Sprintf("Meeting %d is on the same day as meeting %d of %s, %s.", d.Meeting, d.OtherMeeting, d.Other.Name, dayWords(d.Day)))
	}
	for _, h := range p.SameHour {
		v.Clash = append(v.Clash, sameHourText(h, p.Run))
	}
	for _, e := range p.Events {
		v.Lines = append(v.Lines, newCalendarLine(e, p.Run, now, names, groups))
	}
	arms := map[survey.ArmID]string{"": "everyone"}
	for _, a := range p.Arms {
		arms[a.ID] = a.Name
	}
	for _, m := range p.Messages {
		l := messageLine{When: m.At.In(p.Run.Zone()).Format("Mon 2 Jan 2006, 15:04"), What: kindWords(m.Slot.Kind), About: m.Wave.Name, Who: arms[m.ArmID]}
		if m.Slot.Kind == reminding.Reminder {
			l.What = fmt.Sprintf("%s %d", l.What, m.Slot.Number)
		}
		if m.Slot.Kind == reminding.Meeting {
			l.About, l.Who = "the first meeting", "whoever takes the course"
		}
		v.Messages = append(v.Messages, l)
	}
	return v
}

type setupPage struct {
	Page
	survey.RunSetup
	Study   survey.Study // not what it says to participants
	Path    string
	Preview *runPreview
	Steps   int // that are done, of four
	Opens   string
	Opened  bool // and that is past
	Reads   bool // the course itself
	MayOpen bool // the study, which is a draft
}

// showSetup is the checklist of a run that is being set up: what is done, what is
// missing, and where it is put right.
func (s *Server) showSetup(c *gin.Context, a survey.Actor) error {
	study, err := s.study(c, a)
	if err != nil {
		return err
	}
	setup, err := s.use.Runs.Setup(c.Request.Context(), a, study.ID, runID(c))
	if err != nil {
		return err
	}
	p := setupPage{
		Page: s.staffPage(c, a, study, sectionRuns, "Set up "+setup.Run.Name), RunSetup: setup, Study: study,
		Path: runPath(study, setup.Run.ID), Preview: s.newRunPreview(setup.RunPreview), Steps: 1,
		Reads: a.MayKeepCourses(), MayOpen: study.State == survey.StudyDraft && a.MayOpen(study.ID),
	}
	for _, done := range []bool{!setup.Stops(), setup.People+setup.Planned > 0, setup.Study.State == survey.StudyOpen} {
		if done {
			p.Steps++
		}
	}
	for _, e := range setup.Events {
		if e.Wave.Key != "" && !e.Opens.IsZero() {
			p.Opens, p.Opened = longDay(e.Opens), !s.cfg.Now().Before(e.Opens)
			break
		}
	}
	return s.render(c, 200, "facilitator_setup", p)
}
