package survey

import (
	"context"
	"fmt"
	"slices"
	"time"

	"tidemark/survey/course"
	"tidemark/survey/schedule"
)

// RunCalendar is a run in order of time: its meetings, breaks and windows.
type RunCalendar struct {
	Study  Study
	Run    CourseRun
	Course *course.Course
	Waves  []Wave
	Arms   []Arm
	schedule.Outline
}

// Outline lists a run's meetings and windows by the waves of the design, with what
// clashes.
func (d StudyDesign) Outline(run CourseRun, c *course.Course) schedule.Outline {
	return run.Calendar().Outline(d.ScheduleWaves(), len(c.Weeks), time.Duration(c.MeetingMinutes)*time.Minute)
}

// ScheduleWaves are the waves of the design with the keys of their arms.
func (d StudyDesign) ScheduleWaves() []schedule.Wave {
	waves := ScheduleWaves(d.Waves)
	for i := range waves {
		if arm, ok := d.Arm(ArmID(waves[i].Arm)); ok {
			waves[i].Arm = arm.Key
		}
	}
	return waves
}

// Calendar is when a run meets and when its people are asked what.
func (u *Runs) Calendar(ctx context.Context, a Actor, id StudyID, run RunID) (RunCalendar, error) {
	if !a.MayRun(id, run) {
		return RunCalendar{}, ErrNotFound
	}
	c, _, err := u.calendar(ctx, u.env.Store, id, run)
	if err != nil {
		return RunCalendar{}, fmt.Errorf("calendar of run %s: %w", run, err)
	}
	return c, nil
}

func (u *Runs) calendar(ctx context.Context, r Reader, id StudyID, runID RunID) (RunCalendar, StudyDesign, error) {
	run, err := r.Run(ctx, id, runID)
	if err != nil {
		return RunCalendar{}, StudyDesign{}, err
	}
	design, err := r.Design(ctx, id)
	if err != nil {
		return RunCalendar{}, StudyDesign{}, err
	}
	c, err := u.env.course(ctx, r, run)
	if err != nil {
		return RunCalendar{}, StudyDesign{}, err
	}
	return RunCalendar{
		Study: design.Study, Run: run, Course: c, Waves: design.Waves, Arms: design.Arms, Outline: design.Outline(run, c),
	}, design, nil
}

// ChangedLine is one line of a calendar before and after a change.
type ChangedLine struct {
	Now, Then schedule.Event
	// Answered counts the people who have answered the wave in full: that stays.
	// Begun are those who have given something and can add to it now.
	Answered, Begun int
}

// Moves reports whether the line changes.
func (l ChangedLine) Moves() bool {
	return !l.Now.Opens.Equal(l.Then.Opens) || !l.Now.Closes.Equal(l.Then.Closes) || !l.Now.Expires.Equal(l.Then.Expires)
}

// Shuts reports whether what can be answered at an instant could not be after the
// change.
func (l ChangedLine) Shuts(at time.Time) bool { return l.open(l.Now, at) && !l.open(l.Then, at) }

// Reopens reports whether what is over at an instant could be answered, then or
// later, after the change.
func (l ChangedLine) Reopens(at time.Time) bool {
	return l.Now.Kind == schedule.EventWave && !at.Before(l.Now.Expires) && at.Before(l.Then.Expires)
}

func (l ChangedLine) open(e schedule.Event, at time.Time) bool {
	return e.Kind == schedule.EventWave && !at.Before(e.Opens) && at.Before(e.Expires)
}

// ChangePreview is what a change would do, before it is done.
type ChangePreview struct {
	Change CalendarChange
	Now    RunCalendar
	Then   RunCalendar
	Lines  []ChangedLine // meetings and waves, in order of time after the change
	// SameHour are runs that would meet while this one does, as in [RunPreview].
	SameHour []SameHour
}

// Clashes are those that the change would bring.
func (p ChangePreview) Clashes() []schedule.Clash {
	return slices.DeleteFunc(slices.Clone(p.Then.Clashes), func(c schedule.Clash) bool {
		return slices.ContainsFunc(p.Now.Clashes, func(old schedule.Clash) bool {
			return old.Kind == c.Kind && old.Wave == c.Wave && old.Other == c.Other && old.Meeting == c.Meeting
		})
	})
}

// PreviewChange tells what a change of a run's calendar would do. Nothing is
// written. Faults are FieldErrors.
func (u *Runs) PreviewChange(ctx context.Context, a Actor, id StudyID, run RunID, change CalendarChange) (ChangePreview, error) {
	if !a.MayRun(id, run) {
		return ChangePreview{}, ErrNotFound
	}
	p, err := u.previewOf(ctx, a, id, run, func(now RunCalendar) (CourseRun, error) {
		return change.apply(now.Run, len(now.Course.Weeks), u.env.now())
	})
	p.Change = change
	if err != nil {
		return ChangePreview{}, fmt.Errorf("preview a change of run %s: %w", run, err)
	}
	return p, nil
}

// previewOf is a run before and after a change.
func (u *Runs) previewOf(ctx context.Context, a Actor, id StudyID, run RunID, change func(RunCalendar) (CourseRun, error)) (ChangePreview, error) {
	now, design, err := u.calendar(ctx, u.env.Store, id, run)
	if err != nil {
		return ChangePreview{}, err
	}
	p := ChangePreview{Now: now, Then: now}
	if p.Then.Run, err = change(now); err != nil {
		return p, err
	}
	p.Then.Outline = design.Outline(p.Then.Run, now.Course)
	length := time.Duration(now.Course.MeetingMinutes) * time.Minute
	if p.SameHour, err = u.sameHour(ctx, a, p.Then.Run, length, len(now.Course.Weeks), u.env.now()); err != nil {
		return p, err
	}
	progress, err := u.env.Store.Progress(ctx, id, run)
	if err != nil {
		return p, err
	}
	answered, begun := map[string]int{}, map[string]int{}
	for _, w := range design.Waves {
		for _, q := range progress {
			switch {
			case q.WaveID != w.ID:
			case q.Complete():
				answered[w.Key]++
			case q.Started > 0:
				begun[w.Key]++
			}
		}
	}
	for _, e := range p.Then.Events {
		if e.Kind == schedule.EventBreak {
			continue
		}
		i := slices.IndexFunc(now.Events, func(old schedule.Event) bool {
			return old.Kind == e.Kind && old.Meeting == e.Meeting && old.Wave.Key == e.Wave.Key
		})
		p.Lines = append(p.Lines, ChangedLine{Now: now.Events[i], Then: e, Answered: answered[e.Wave.Key], Begun: begun[e.Wave.Key]})
	}
	return p, nil
}
