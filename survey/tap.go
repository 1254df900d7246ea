package survey

import (
	"context"
	"errors"
	"fmt"
	"time"
)

// Tap notes one person at one meeting, by one touch. A device without a line keeps
// its taps and sends them later.
type Tap struct {
	Enrolment EnrolmentID
	Meeting   int // number from 1
	Present   bool
	// Ago is how long ago it was made: by the device's own measure, so that its
	// clock need not be right. It is held within 0 and MaxTapAge.
	Ago time.Duration
	// Known is when the device believed the person was noted last; zero: not.
	Known time.Time
	Once  Once // names the tap, so that it counts once however often it is sent
}

// MaxTapAge bounds how old a tap may be that is sent late.
const MaxTapAge = 30 * 24 * time.Hour

// Tapped is what stands after a tap.
type Tapped struct {
	Attendance
	// Other is what another device noted meanwhile and this one did not know of,
	// when that says otherwise; nil: there is none. It stands if it is the later.
	Other *Attendance
}

// Tap notes one person. Of two devices that say otherwise the later tap counts, in
// whatever order they arrive, and Other tells of both. Sent again it changes nothing.
// People of other runs are ErrNotFound.
func (u *Runs) Tap(ctx context.Context, a Actor, id StudyID, run RunID, t Tap) (Tapped, error) {
	if !a.MayRun(id, run) {
		return Tapped{}, ErrNotFound
	}
	now := u.env.now()
	mine := Attendance{EnrolmentID: t.Enrolment, Meeting: t.Meeting, Present: t.Present, NotedAt: now.Add(-max(0, min(t.Ago, MaxTapAge)))}
	var done Tapped
	err := u.env.Store.InTx(ctx, func(tx Tx) error {
		p, err := tx.Participation(ctx, id, t.Enrolment)
		if err != nil {
			return err
		}
		crossed := p.Enrolment.CrossedTo == run
		if p.Run.ID != run && !crossed {
			return ErrNotFound
		}
		if crossed {
			if p.Run, err = tx.Run(ctx, id, run); err != nil {
				return err
			}
		}
		c, err := u.env.course(ctx, tx, p.Run)
		if err != nil {
			return err
		}
		if _, has := c.Week(t.Meeting); !has {
			return FieldErrors{"meeting": "run.unknown_meeting"}
		}
		event := u.env.event(a, id, now, ActionAttendanceNoted, "run", string(run))
		event.Detail = fmt.Sprintf("meeting %d, one person", t.Meeting)
		if err := noteOnce(ctx, tx, t.Once, event); err != nil {
			return err
		}
		if crossed { // apart from what is analysed, and the last that comes counts
			done = Tapped{Attendance: mine}
			return tx.PutCrossoverAttendance(ctx, id, run, []Attendance{mine})
		}
		done, err = tap(ctx, tx, id, run, mine, t.Known)
		return err
	})
	if errors.Is(err, ErrRepeated) {
		done.Attendance, err = u.env.Store.Attended(ctx, id, run, t.Enrolment, t.Meeting)
		if errors.Is(err, ErrNotFound) { // somebody who crossed over to the run
			done.Attendance, err = mine, nil
		}
		done.Other = nil
	}
	if err != nil {
		return Tapped{}, fmt.Errorf("note attendance: %w", err)
	}
	return done, nil
}

func tap(ctx context.Context, tx Tx, id StudyID, run RunID, mine Attendance, known time.Time) (Tapped, error) {
	before, err := tx.Attended(ctx, id, run, mine.EnrolmentID, mine.Meeting)
	noted := err == nil
	if err != nil && !errors.Is(err, ErrNotFound) {
		return Tapped{}, err
	}
	stands, _, err := tx.TapAttendance(ctx, id, run, mine)
	if err != nil {
		return Tapped{}, err
	}
	done := Tapped{Attendance: stands}
	if noted && !before.NotedAt.Equal(known) && before.Present != mine.Present {
		done.Other = &before
	}
	return done, nil
}
