package survey

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"tidemark/survey/course"
	"tidemark/survey/schedule"
)

// Practices are the use cases of practice between meetings: what a course gives to
// do in a week, and what people note of it. They are for people of an arm that
// takes the course; to all others ErrNotFound.
type Practices struct {
	env Env
	// zones are kept: they stay what they are as long as the program runs, and reading
	// one takes longer than the rest of a request.
	zones sync.Map // name → *time.Location
}

// takesCourse is the participation of an actor who takes the course and may give
// something now.
func takesCourse(a Actor) (Participation, error) {
	p, err := takesPart(a)
	if err == nil && !p.TakesCourse() {
		err = ErrNotFound
	}
	return p, err
}

func (u *Practices) zone(run CourseRun) *time.Location {
	if zone, ok := u.zones.Load(run.TimeZone); ok {
		return zone.(*time.Location)
	}
	zone := run.Zone()
	u.zones.Store(run.TimeZone, zone)
	return zone
}

// Book is the person's course as it stands now, without what they noted: it asks
// the database nothing, but for the run that somebody has crossed over to, and once for a
// course of the installation's own. ErrConsentRequired before consent, ErrWithdrawn after
// leaving, ErrNotFound for an arm that does not take the course.
func (u *Practices) Book(ctx context.Context, a Actor) (PracticeBook, error) {
	p, err := takesCourse(a)
	if err != nil {
		return PracticeBook{}, err
	}
	run := p.Run
	if p.Enrolment.Crossed() {
		if run, err = u.env.Store.Run(ctx, p.Study.ID, p.Enrolment.CrossedTo); err != nil {
			return PracticeBook{}, fmt.Errorf("practice after crossing over: %w", err)
		}
	}
	return u.book(ctx, run)
}

func (u *Practices) book(ctx context.Context, run CourseRun) (PracticeBook, error) {
	c, err := u.env.course(ctx, u.env.Store, run)
	if err != nil {
		return PracticeBook{}, fmt.Errorf("practice of run %s: %w", run.ID, err)
	}
	zone, now := u.zone(run), u.env.now()
	b := PracticeBook{Run: run, Course: c, Week: run.Week(now), Today: schedule.DateOf(now.In(zone))}
	b.First, b.Last = b.Today.AddDays(-PracticeDaysBack), b.Today
	if b.First.DaysUntil(run.StartsOn) > 0 {
		b.First = run.StartsOn
	}
	if end := run.MeetingDay(len(c.Weeks) + 1).AddDays(-1); b.Last.DaysUntil(end) < 0 {
		b.Last = end
	}
	for n := min(b.Week, len(c.Weeks)); n >= 1; n-- {
		b.Weeks = append(b.Weeks, b.week(n))
	}
	return b, nil
}

func (b PracticeBook) week(n int) PracticeWeek {
	w := PracticeWeek{Number: n, Starts: b.Run.MeetingDay(n)}
	w.Meeting, w.InPlan = b.Course.Week(n)
	return w
}

// Log is Book with what the person noted.
func (u *Practices) Log(ctx context.Context, a Actor) (PracticeBook, error) {
	b, err := u.Book(ctx, a)
	if err != nil {
		return b, err
	}
	p := a.Participation
	entries, err := u.env.Store.PracticeLog(ctx, p.Study.ID, p.Enrolment.ID)
	if err != nil {
		return b, fmt.Errorf("practice log: %w", err)
	}
	b.enter(entries)
	return b, nil
}

// enter puts entries, the latest day first, into their weeks. A week that is not
// in the plan any more, because the run was moved, comes into being.
func (b *PracticeBook) enter(entries []PracticeEntry) {
	for _, e := range entries {
		n := b.Run.WeekOf(e.Day)
		i := 0
		for i < len(b.Weeks) && b.Weeks[i].Number > n {
			i++
		}
		if i == len(b.Weeks) || b.Weeks[i].Number != n {
			b.Weeks = append(b.Weeks[:i], append([]PracticeWeek{b.week(n)}, b.Weeks[i:]...)...)
		}
		w := &b.Weeks[i]
		if last := len(w.Entries) - 1; last < 0 || w.Entries[last].Day != e.Day {
			w.Days++
		}
		w.Entries = append(w.Entries, e)
		w.Minutes += e.Minutes
	}
}

// check finds what is wrong with an entry, by field.
func (b PracticeBook) check(n NewPractice, days bool) FieldErrors {
	faults := FieldErrors{}
	if days && (n.Day.IsZero() || b.First.DaysUntil(n.Day) < 0 || n.Day.DaysUntil(b.Last) < 0) {
		faults["day"] = "practice.fault_day"
	}
	if week := course.NumberOf(n.Practice); week < 1 || week > min(b.Week, len(b.Course.Weeks)) {
		faults["practice"] = "practice.fault_which"
	}
	if n.Minutes < 1 || n.Minutes > MaxPracticeMinutes {
		faults["minutes"] = "practice.fault_minutes"
	}
	if n.Formal == nil {
		faults["formal"] = "practice.fault_formal"
	}
	if n.Helpful != nil && (*n.Helpful < 0 || *n.Helpful > MaxHelpful) {
		faults["helpful"] = "practice.fault_helpful"
	}
	return faults
}

// Note keeps that the person practised. Values out of range are FieldErrors and
// nothing is written. A form sent twice is ErrRepeated the second time, and
// ErrConflict if it then says something else.
func (u *Practices) Note(ctx context.Context, a Actor, n NewPractice, once Once) error {
	b, err := u.Book(ctx, a)
	if err != nil {
		return err
	}
	if !once.Valid() {
		return ErrConflict
	}
	if err := b.check(n, true).OrNil(); err != nil {
		return err
	}
	p := a.Participation
	e := n.entry(p)
	// A sending's name is the entry's: the database keeps it unique.
	if e.ID, e.NotedAt = PracticeID(once), u.env.now(); once == "" {
		e.ID = PracticeID(u.env.NewID())
	}
	err = u.env.Store.InTx(ctx, func(tx Tx) error {
		if err := stillTakesPart(ctx, tx, p); err != nil {
			return err
		}
		all, err := tx.PracticeLog(ctx, e.StudyID, e.EnrolmentID)
		if err != nil {
			return err
		}
		sameDay := 0
		for _, have := range all {
			switch {
			case have.ID == e.ID && have.says(e):
				return ErrRepeated
			case have.ID == e.ID:
				return ErrConflict
			case have.Day == e.Day:
				sameDay++
			}
		}
		if sameDay >= MaxPracticesPerDay {
			return FieldErrors{"day": "practice.fault_many"}
		}
		return tx.CreatePractice(ctx, e)
	})
	if errors.Is(err, ErrDuplicate) {
		return ErrRepeated
	}
	if err != nil {
		return fmt.Errorf("note practice: %w", err)
	}
	return nil
}

// says reports whether two entries say the same.
func (e PracticeEntry) says(f PracticeEntry) bool {
	rated := e.Helpful == nil && f.Helpful == nil || e.Helpful != nil && f.Helpful != nil && *e.Helpful == *f.Helpful
	return e.Day == f.Day && e.Practice == f.Practice && e.Minutes == f.Minutes && e.Formal == f.Formal && rated
}

func (n NewPractice) entry(p Participation) PracticeEntry {
	return PracticeEntry{
		StudyID: p.Study.ID, EnrolmentID: p.Enrolment.ID, Day: n.Day, Practice: n.Practice,
		Minutes: n.Minutes, Formal: n.Formal != nil && *n.Formal, Helpful: n.Helpful,
	}
}

// Correct replaces what an entry of the person says. Its day may stay where it is,
// however long ago; another day must be one that can be noted now. ErrNotFound when
// they have no such entry.
func (u *Practices) Correct(ctx context.Context, a Actor, id PracticeID, n NewPractice) error {
	b, err := u.Log(ctx, a)
	if err != nil {
		return err
	}
	have, ok := b.Entry(id)
	if !ok {
		return fmt.Errorf("correct practice %s: %w", id, ErrNotFound)
	}
	faults := b.check(n, n.Day != have.Day)
	if n.Practice == have.Practice {
		delete(faults, "practice")
	}
	if err := faults.OrNil(); err != nil {
		return err
	}
	p := a.Participation
	e := n.entry(p)
	e.ID, e.ChangedAt = id, u.env.now()
	err = u.env.Store.InTx(ctx, func(tx Tx) error {
		if err := stillTakesPart(ctx, tx, p); err != nil {
			return err
		}
		return tx.ChangePractice(ctx, e)
	})
	if err != nil {
		return fmt.Errorf("correct practice %s: %w", id, err)
	}
	return nil
}

// Remove removes an entry of the person; one that is not there is no fault.
func (u *Practices) Remove(ctx context.Context, a Actor, id PracticeID) error {
	p, err := takesCourse(a)
	if err != nil {
		return err
	}
	err = u.env.Store.InTx(ctx, func(tx Tx) error {
		if err := stillTakesPart(ctx, tx, p); err != nil {
			return err
		}
		return tx.RemovePractice(ctx, p.Study.ID, p.Enrolment.ID, id)
	})
	if err != nil {
		return fmt.Errorf("remove practice %s: %w", id, err)
	}
	return nil
}

// stillTakesPart is ErrWithdrawn for a person who has left on another device since
// the request was read, and keeps them from leaving until the transaction ends.
func stillTakesPart(ctx context.Context, tx Tx, p Participation) error {
	stays, err := tx.HoldPart(ctx, p.Study.ID, p.Enrolment.ID)
	if err == nil && !stays {
		err = ErrWithdrawn
	}
	return err
}
