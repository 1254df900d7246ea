package survey

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"tidemark/survey/schedule"
)

// CalendarChangeKind says what of a run's calendar changes.
type CalendarChangeKind string

// The changes of a calendar.
const (
	ChangeStart   CalendarChangeKind = "start"   // the day of the first meeting, and everything with it
	ChangeBreak   CalendarChangeKind = "break"   // days without meetings, and everything after them
	ChangeMeeting CalendarChangeKind = "meeting" // the day of one meeting, and what hangs on it
)

// CalendarChange is what a facilitator wants to be different.
type CalendarChange struct {
	Kind CalendarChangeKind
	// Day is that of the start or of the meeting, as 2006-01-02. Empty for a
	// meeting: its regular day again.
	Day     string
	Meeting int // that is moved, or that comes after the break
	Days    int // of the break; 0: there is none
}

// The longest break, in days.
const MaxBreak = 120

// apply is the run after the change, of a course of so many meetings. What has been
// held is not moved by itself; the start of a run may be corrected at any time.
func (ch CalendarChange) apply(run CourseRun, meetings int, now time.Time) (CourseRun, error) {
	today := schedule.DateOf(now.In(run.Zone()))
	day, err := schedule.ParseDate(strings.TrimSpace(ch.Day))
	switch ch.Kind {
	case ChangeStart:
		if err != nil {
			return run, FieldErrors{"starts_on": "run.bad_date"}
		}
		run.StartsOn = day
		return run, nil
	case ChangeBreak:
		return ch.pause(run, meetings, today)
	case ChangeMeeting:
		if strings.TrimSpace(ch.Day) == "" {
			day, err = run.Calendar().Regular(ch.Meeting), nil
		}
		if err != nil {
			return run, FieldErrors{"day": "run.bad_date"}
		}
		return ch.moveMeeting(run, meetings, day, today)
	default:
		return run, FieldErrors{"kind": "run.unknown_change"}
	}
}

// pause sets the days of the break before a meeting.
func (ch CalendarChange) pause(run CourseRun, meetings int, today schedule.Date) (CourseRun, error) {
	faults := FieldErrors{}
	if ch.Meeting < 2 || ch.Meeting > meetings {
		faults["meeting"] = "run.unknown_meeting"
	}
	if ch.Days < 0 || ch.Days > MaxBreak {
		faults["days"] = "run.bad_break"
	}
	if err := faults.OrNil(); err != nil {
		return run, err
	}
	held := run.MeetingDay(ch.Meeting)
	run.Breaks = slices.DeleteFunc(slices.Clone(run.Breaks), func(b schedule.Break) bool { return b.Before == ch.Meeting })
	if ch.Days > 0 {
		run.Breaks = append(run.Breaks, schedule.Break{Before: ch.Meeting, Days: ch.Days})
		slices.SortFunc(run.Breaks, func(a, b schedule.Break) int { return a.Before - b.Before })
	}
	if len(run.Breaks) == 0 {
		run.Breaks = nil
	}
	switch {
	case today.DaysUntil(held) < 0:
		return run, FieldErrors{"meeting": "run.meeting_held"}
	case today.DaysUntil(run.MeetingDay(ch.Meeting)) < 0:
		return run, FieldErrors{"days": "run.meeting_past"}
	}
	return run, inOrder(run, ch.Meeting, meetings, "days")
}

// moveMeeting puts one meeting on another day.
func (ch CalendarChange) moveMeeting(run CourseRun, meetings int, day, today schedule.Date) (CourseRun, error) {
	switch {
	case ch.Meeting == 1:
		return run, FieldErrors{"meeting": "run.first_meeting"}
	case ch.Meeting < 2 || ch.Meeting > meetings:
		return run, FieldErrors{"meeting": "run.unknown_meeting"}
	case today.DaysUntil(run.MeetingDay(ch.Meeting)) < 0:
		return run, FieldErrors{"meeting": "run.meeting_held"}
	case today.DaysUntil(day) < 0:
		return run, FieldErrors{"day": "run.meeting_past"}
	}
	moved := map[int]int{}
	maps.Copy(moved, run.Moved)
	delete(moved, ch.Meeting)
	if by := run.Calendar().Regular(ch.Meeting).DaysUntil(day); by != 0 {
		moved[ch.Meeting] = by
	}
	run.Moved = moved
	if len(moved) == 0 {
		run.Moved = nil
	}
	return run, inOrder(run, ch.Meeting, meetings, "day")
}

// inOrder refuses a calendar in which a meeting is not after the one before it and
// before the one after it.
func inOrder(run CourseRun, n, meetings int, field string) error {
	c := run.Calendar()
	for _, m := range []int{n, n + 1} {
		if m <= meetings && c.Meeting(m-1).DaysUntil(c.Meeting(m)) < 1 {
			return FieldErrors{field: "run.meeting_order"}
		}
	}
	return nil
}

// ChangeCalendar changes when a run meets, and with it everything that is not yet
// over: what has been answered or sent stays. It is audited. A change that changes
// nothing is not noted. Faults are FieldErrors.
func (u *Runs) ChangeCalendar(ctx context.Context, a Actor, id StudyID, run RunID, change CalendarChange) error {
	if !a.MayRun(id, run) {
		return ErrNotFound
	}
	now := u.env.now()
	err := u.env.Store.InTx(ctx, func(tx Tx) error {
		if err := tx.LockRun(ctx, id, run); err != nil {
			return err
		}
		old, err := tx.Run(ctx, id, run)
		if err != nil {
			return err
		}
		c, err := u.env.course(ctx, tx, old)
		if err != nil {
			return err
		}
		changed, err := change.apply(old, len(c.Weeks), now)
		if err != nil {
			return err
		}
		e := u.env.event(a, id, now, change.action(), "run", string(run))
		e.Detail = change.detail(old, changed)
		if e.Detail == "" {
			return nil
		}
		if change.Kind == ChangeStart {
			err = tx.MoveRun(ctx, id, run, changed.StartsOn)
		} else {
			err = tx.SetCalendar(ctx, id, run, changed.Breaks, changed.Moved)
		}
		if err != nil {
			return err
		}
		return tx.AppendAudit(ctx, e)
	})
	if err != nil {
		return fmt.Errorf("change the calendar of run %s: %w", run, err)
	}
	return nil
}

func (ch CalendarChange) action() Action {
	switch ch.Kind {
	case ChangeBreak:
		return ActionRunPaused
	case ChangeMeeting:
		return ActionMeetingMoved
	default:
		return ActionRunMoved
	}
}

// detail is what the audit trail says; empty when nothing changes.
func (ch CalendarChange) detail(old, changed CourseRun) string {
	before, after, what := old.StartsOn.String(), changed.StartsOn.String(), ""
	switch ch.Kind {
	case ChangeBreak:
		what = fmt.Sprintf("days without meetings before meeting %d: ", ch.Meeting)
		before, after = fmt.Sprint(breakBefore(old, ch.Meeting)), fmt.Sprint(breakBefore(changed, ch.Meeting))
	case ChangeMeeting:
		what = fmt.Sprintf("meeting %d: ", ch.Meeting)
		before, after = old.MeetingDay(ch.Meeting).String(), changed.MeetingDay(ch.Meeting).String()
	case ChangeStart:
	}
	if before == after {
		return ""
	}
	return what + before + " → " + after
}

func breakBefore(r CourseRun, meeting int) int {
	days := 0
	for _, b := range r.Breaks {
		if b.Before == meeting {
			days += b.Days
		}
	}
	return days
}
