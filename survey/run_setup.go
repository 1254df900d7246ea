package survey

import (
	"context"
	"fmt"
	"slices"
	"time"

	"tidemark/survey/schedule"
)

// RunPreview is a course run as it would be, before it is made, or as it is being set
// up: everything that follows from its dates. Nothing is stored of it.
type RunPreview struct {
	RunCalendar
	// Messages are what somebody gets who never answers, from now on; MessagesOn
	// tells whether the study sends any.
	Messages   []PlannedMessage
	MessagesOn bool
	// SameDay are meetings on the day of a meeting of another run that the actor
	// manages, at another hour.
	SameDay []SameDay
	// SameHour are runs of any study that meet while this one does, and are led by
	// the same person.
	SameHour []SameHour
	// Past are windows that nobody can answer in any more, as of now.
	Past []schedule.Event
	// Coming is whether the first meeting is still to come.
	Coming bool
}

// SameDay is a meeting, from 1, on the same day as a meeting of another run.
type SameDay struct {
	Meeting      int
	Day          schedule.Date
	Other        CourseRun
	OtherMeeting int
}

// Clashing reports whether anything does not fit.
func (p RunPreview) Clashing() bool {
	return len(p.Clashes) > 0 || len(p.SameDay) > 0 || len(p.SameHour) > 0 || len(p.Past) > 0
}

// Stops reports whether something is wrong with which the run cannot be held.
func (p RunPreview) Stops() bool {
	return slices.ContainsFunc(p.Clashes, func(c schedule.Clash) bool { return c.Kind.Stops() })
}

// PreviewRun tells what a new run would be like. Faults are FieldErrors, as of
// Create; nothing is written.
func (u *Runs) PreviewRun(ctx context.Context, a Actor, id StudyID, n NewRun) (RunPreview, error) {
	if !a.MayStartRuns(id) {
		return RunPreview{}, ErrForbidden
	}
	design, err := u.env.Store.Design(ctx, id)
	if err != nil {
		return RunPreview{}, fmt.Errorf("preview run: %w", err)
	}
	run, err := u.newRun(ctx, design.Study, n)
	if err != nil {
		return RunPreview{}, err
	}
	runs, err := u.env.Store.Runs(ctx, id)
	if err != nil {
		return RunPreview{}, fmt.Errorf("preview run: %w", err)
	}
	p, err := u.lookAhead(ctx, a, design, run, runs)
	if err != nil {
		return RunPreview{}, fmt.Errorf("preview run: %w", err)
	}
	return p, nil
}

// newRun reads what a new run is to be; faults are FieldErrors.
func (u *Runs) newRun(ctx context.Context, study Study, n NewRun) (CourseRun, error) {
	run, faults := n.run(study)
	c, err := u.follows(ctx, n)
	if err != nil {
		return CourseRun{}, fmt.Errorf("course of a new run: %w", err)
	}
	if c == nil {
		faults["course"] = "run.unknown_course"
		return run, faults
	}
	run.CourseKey, run.CourseVersion = c.Key, c.Version
	if faults["starts_on"] == "" {
		var fault string
		if run, fault = skipWeeks(run, len(c.Weeks), n.Skip); fault != "" {
			faults["skip"] = fault
		}
	}
	return run, faults.OrNil()
}

// RunSetup is how far the setting up of a run has come. A run is being set up until
// its first people are asked: everything here is worked out, so that anybody can go
// on with it anywhere.
type RunSetup struct {
	RunPreview
	People int // enrolled and not withdrawn
	// Planned are people who are enrolled when the study opens.
	Planned int
}

// Setup is how far the setting up of a run has come.
func (u *Runs) Setup(ctx context.Context, a Actor, id StudyID, runID RunID) (RunSetup, error) {
	if !a.MayRun(id, runID) {
		return RunSetup{}, ErrNotFound
	}
	s, err := u.setup(ctx, a, id, runID)
	if err != nil {
		return RunSetup{}, fmt.Errorf("set-up of run %s: %w", runID, err)
	}
	return s, nil
}

func (u *Runs) setup(ctx context.Context, a Actor, id StudyID, runID RunID) (RunSetup, error) {
	design, err := u.env.Store.Design(ctx, id)
	if err != nil {
		return RunSetup{}, err
	}
	runs, err := u.env.Store.Runs(ctx, id)
	if err != nil {
		return RunSetup{}, err
	}
	i := slices.IndexFunc(runs, func(s RunSummary) bool { return s.Run.ID == runID })
	if i < 0 {
		return RunSetup{}, ErrNotFound
	}
	p, err := u.lookAhead(ctx, a, design, runs[i].Run, runs)
	s := RunSetup{RunPreview: p, People: runs[i].Enrolled - runs[i].Withdrawn}
	if err != nil || design.Study.State != StudyDraft {
		return s, err
	}
	rows, err := u.env.Store.Planned(ctx, id)
	for _, r := range rows {
		if r.RunID == runID {
			s.Planned++
		}
	}
	return s, err
}

// lookAhead works out what follows from a run's dates; runs are those of the study.
func (u *Runs) lookAhead(ctx context.Context, a Actor, design StudyDesign, run CourseRun, runs []RunSummary) (RunPreview, error) {
	now := u.env.now()
	c, err := u.env.course(ctx, u.env.Store, run)
	if err != nil {
		return RunPreview{}, err
	}
	m, err := u.env.Store.Messaging(ctx, design.Study.ID)
	if err != nil {
		return RunPreview{}, err
	}
	p := RunPreview{
		RunCalendar: RunCalendar{
			Study: design.Study, Run: run, Course: c, Waves: design.Waves, Arms: design.Arms, Outline: design.Outline(run, c),
		},
		Messages: PlannedMessages(run, design.Waves, m.Rules, now), MessagesOn: m.Rules.On,
		Coming: run.Calendar().MeetingAt(1).After(now),
	}
	p.Messages = slices.DeleteFunc(p.Messages, func(m PlannedMessage) bool { return m.At.Before(now) })
	for _, e := range p.Events {
		if e.Kind == schedule.EventWave && !now.Before(e.Expires) {
			p.Past = append(p.Past, e)
		}
	}
	mine := slices.DeleteFunc(slices.Clone(runs), func(s RunSummary) bool {
		return s.Run.ID == run.ID || !a.MayRun(design.Study.ID, s.Run.ID)
	})
	if err := u.env.courses.count(ctx, u.env.Store, mine); err != nil {
		return RunPreview{}, err
	}
	p.SameDay = sameDays(run, len(c.Weeks), mine, schedule.DateOf(now.In(run.Zone())))
	length := time.Duration(c.MeetingMinutes) * time.Minute
	if p.SameHour, err = u.sameHour(ctx, a, run, length, len(c.Weeks), now); err != nil {
		return RunPreview{}, err
	}
	p.SameDay = slices.DeleteFunc(p.SameDay, func(d SameDay) bool {
		return slices.ContainsFunc(p.SameHour, func(h SameHour) bool { return h.Other.ID == d.Other.ID })
	})
	return p, nil
}

// sameDays finds meetings from a day on that fall on the day of another's.
func sameDays(run CourseRun, meetings int, others []RunSummary, from schedule.Date) []SameDay {
	var found []SameDay
	own := run.Calendar()
	for _, o := range others {
		theirs := o.Run.Calendar()
		days := make(map[schedule.Date]int, o.Meetings)
		for n := 1; n <= o.Meetings; n++ {
			// The day on which it is where the first run meets.
			days[schedule.DateOf(theirs.MeetingAt(n).In(run.Zone()))] = n
		}
		for n := 1; n <= meetings; n++ {
			day := own.Meeting(n)
			if other := days[day]; other > 0 && from.DaysUntil(day) >= 0 {
				found = append(found, SameDay{Meeting: n, Day: day, Other: o.Run, OtherMeeting: other})
			}
		}
	}
	return found
}
