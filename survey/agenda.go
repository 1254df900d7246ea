package survey

import (
	"context"
	"fmt"
	"slices"
	"time"

	"tidemark/survey/course"
	"tidemark/survey/schedule"
)

// Agenda is what a calendar shows of course runs: when they meet and, for a person who
// wants it, by when questionnaires are to be answered. It holds no name and no answer.
type Agenda struct {
	// Language of whom it is for, BCP 47; empty: none was chosen.
	Language string
	Choice   CalendarChoice
	Staff    bool // for a facilitator
	Meetings []AgendaMeeting
	Surveys  []AgendaSurvey
}

// AgendaMeeting is a meeting of a run.
type AgendaMeeting struct {
	// Key stands for this meeting for good, and tells nothing.
	Key          string
	Run          CourseRun
	Course       *course.Course
	Number       int
	Starts, Ends time.Time
	// Changes is how often days of the run were moved, and ChangedAt when last.
	Changes   int
	ChangedAt time.Time
}

// AgendaSurvey is the last day of a survey.
type AgendaSurvey struct {
	Key       string // as of a meeting
	Day       schedule.Date
	Changes   int
	ChangedAt time.Time
}

// maxAgendaRuns bounds what one calendar shows: the latest of them.
const maxAgendaRuns = 100

// calendarKey stands for something in a calendar. By it nobody who sees the calendar can
// tell what it is, nor whether two calendars are of the same study.
func (e Env) calendarKey(owner, of string, n int) string {
	return e.Keys.HashToken(fmt.Sprintf("calendar/%s/%s/%d", owner, of, n))[:32]
}

// meetings adds the meetings of a run.
func (u *Calendars) meetings(ctx context.Context, ag *Agenda, owner string, run CourseRun) error {
	c, err := u.env.course(ctx, u.env.Store, run)
	if err != nil {
		return err
	}
	changes, changedAt, err := u.changes(ctx, run)
	if err != nil {
		return err
	}
	days := run.Calendar()
	for _, m := range c.Weeks {
		starts := days.MeetingAt(m.Number)
		ag.Meetings = append(ag.Meetings, AgendaMeeting{
			Key: u.env.calendarKey(owner, "meeting of "+string(run.ID), m.Number), Run: run, Course: c, Number: m.Number,
			Starts: starts, Ends: starts.Add(time.Duration(m.Minutes()) * time.Minute), Changes: changes, ChangedAt: changedAt,
		})
	}
	return nil
}

func (u *Calendars) changes(ctx context.Context, run CourseRun) (int, time.Time, error) {
	moves, err := u.env.Store.Moves(ctx, run.StudyID, run.ID)
	if err != nil || len(moves) == 0 {
		return 0, run.CreatedAt, err
	}
	return len(moves), moves[len(moves)-1], nil
}

// personal is the agenda of somebody who takes part.
func (u *Calendars) personal(ctx context.Context, p Participation, choice CalendarChoice) (Agenda, error) {
	ag := Agenda{Language: p.Enrolment.Language, Choice: choice}
	if ag.Language == "" {
		ag.Language = p.Study.Language
	}
	owner := string(p.Enrolment.ID)
	if !p.Control {
		if err := u.meetings(ctx, &ag, owner, p.Run); err != nil {
			return ag, err
		}
	}
	if !choice.Surveys {
		return ag, nil
	}
	items, err := (&Assessments{env: u.env}).Due(ctx, ParticipantActor(p))
	if err != nil {
		return ag, err
	}
	changes, changedAt, err := u.changes(ctx, p.Run)
	if err != nil {
		return ag, err
	}
	var seen []WaveID
	for _, it := range items {
		switch it.State {
		case AssessmentOpen, AssessmentPartly, AssessmentScheduled:
		case AssessmentSubmitted, AssessmentExpired, AssessmentWithdrawn, AssessmentNotAsked:
			continue
		}
		if it.Window.IsZero() || slices.Contains(seen, it.Wave.ID) {
			continue
		}
		seen = append(seen, it.Wave.ID)
		ag.Surveys = append(ag.Surveys, AgendaSurvey{
			Key: u.env.calendarKey(owner, "survey "+string(it.Wave.ID), 0),
			Day: it.Window.LastDay(), Changes: changes, ChangedAt: changedAt,
		})
	}
	return ag, nil
}

// managed is the agenda of a facilitator: of one run, or of all that they may manage.
func (u *Calendars) managed(ctx context.Context, a Actor, study StudyID, run RunID) (Agenda, error) {
	ag := Agenda{Staff: true, Language: "en", Choice: CalendarChoice{Titles: true}}
	runs, err := u.runsOf(ctx, a)
	if err != nil {
		return ag, err
	}
	for _, r := range runs {
		if run != "" && (r.StudyID != study || r.ID != run) {
			continue
		}
		if err := u.meetings(ctx, &ag, "staff", r); err != nil {
			return ag, err
		}
	}
	return ag, nil
}

// runsOf are the runs that a facilitator may manage, the latest of them.
func (u *Calendars) runsOf(ctx context.Context, a Actor) ([]CourseRun, error) {
	var runs []CourseRun
	var seen []StudyID
	for _, g := range a.User.Grants {
		if g.Role != RoleFacilitator || slices.Contains(seen, g.StudyID) {
			continue
		}
		seen = append(seen, g.StudyID)
		all, err := u.env.Store.Runs(ctx, g.StudyID)
		if err != nil {
			return nil, err
		}
		for _, r := range all {
			if a.MayRun(g.StudyID, r.Run.ID) {
				runs = append(runs, r.Run)
			}
		}
	}
	slices.SortStableFunc(runs, func(x, y CourseRun) int { return x.StartsOn.DaysUntil(y.StartsOn) })
	return runs[:min(len(runs), maxAgendaRuns)], nil
}
