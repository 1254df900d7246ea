package survey

import (
	"context"
	"fmt"
)

// StaffCalendars is what a facilitator can follow, and follows.
type StaffCalendars struct {
	Runs  []CourseRun // that they may manage, the latest first
	Feeds []StaffFeed
}

// Staff lists the addresses of a member of staff; whoever manages no run has none.
func (u *Calendars) Staff(ctx context.Context, a Actor) (StaffCalendars, error) {
	var s StaffCalendars
	if !a.inPerson() {
		return s, ErrForbidden
	}
	var err error
	if s.Runs, err = u.runsOf(ctx, a); err == nil {
		s.Feeds, err = u.env.Store.StaffFeeds(ctx, a.User.ID)
	}
	if err != nil {
		return s, fmt.Errorf("calendars of %s: %w", a.User.ID, err)
	}
	return s, nil
}

// MakeStaff makes an address for a facilitator, of one run or, when run is empty, of all
// that they may manage whenever it is followed. It gives the token; an earlier address
// for the same stops working. ErrNotFound for a run that they may not manage.
func (u *Calendars) MakeStaff(ctx context.Context, a Actor, run RunID) (string, error) {
	if !a.inPerson() {
		return "", ErrForbidden
	}
	runs, err := u.runsOf(ctx, a)
	if err != nil {
		return "", fmt.Errorf("make a calendar: %w", err)
	}
	if len(runs) == 0 {
		return "", ErrNotFound
	}
	token, now := u.env.Keys.NewToken(), u.env.now()
	f := StaffFeed{UserID: a.User.ID, TokenHash: u.env.Keys.HashToken(token), MadeAt: now}
	if run != "" {
		for _, r := range runs {
			if r.ID == run {
				f.StudyID, f.RunID = r.StudyID, r.ID
			}
		}
		if f.RunID == "" {
			return "", ErrNotFound
		}
	}
	err = u.env.Store.InTx(ctx, func(tx Tx) error {
		if err := tx.PutStaffFeed(ctx, f); err != nil {
			return err
		}
		return tx.AppendAudit(ctx, u.env.event(a, f.StudyID, now, ActionCalendarMade, "user", string(a.User.ID)))
	})
	if err != nil {
		return "", fmt.Errorf("make a calendar: %w", err)
	}
	return token, nil
}

// EndStaff ends an address; doing it twice is no fault.
func (u *Calendars) EndStaff(ctx context.Context, a Actor, run RunID) error {
	if !a.inPerson() {
		return ErrForbidden
	}
	event := u.env.event(a, "", u.env.now(), ActionCalendarEnded, "user", string(a.User.ID))
	err := u.env.Store.InTx(ctx, func(tx Tx) error {
		ended, err := tx.RemoveStaffFeed(ctx, a.User.ID, run)
		if err != nil || !ended {
			return err
		}
		return tx.AppendAudit(ctx, event)
	})
	if err != nil {
		return fmt.Errorf("end a calendar: %w", err)
	}
	return nil
}

// CopyRun is the agenda of one run, to be taken away once. ErrNotFound for whoever may
// not manage it.
func (u *Calendars) CopyRun(ctx context.Context, a Actor, study StudyID, run RunID) (Agenda, error) {
	if !a.MayRun(study, run) {
		return Agenda{}, ErrNotFound
	}
	r, err := u.env.Store.Run(ctx, study, run)
	if err != nil {
		return Agenda{}, fmt.Errorf("copy of a calendar: %w", err)
	}
	ag := Agenda{Staff: true, Language: "en", Choice: CalendarChoice{Titles: true}}
	if err := u.meetings(ctx, &ag, "staff", r); err != nil {
		return Agenda{}, fmt.Errorf("copy of a calendar: %w", err)
	}
	return ag, nil
}
