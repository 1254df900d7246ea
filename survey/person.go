package survey

import (
	"context"
	"fmt"
	"strings"
	"time"
	"unicode/utf8"

	"tidemark/survey/schedule"
)

// Leaving says why somebody's part in a study was ended for them.
type Leaving string

// The reasons. They are a list and no text: what is said here may be read by the
// person, and must not be about health.
const (
	LeavingOwn         Leaving = "" // nobody did: the person left, or takes part
	LeavingAsked       Leaving = "asked"
	LeavingUnreachable Leaving = "unreachable"
	LeavingCourse      Leaving = "course"
	LeavingMistake     Leaving = "mistake"
)

// Valid reports whether l is a reason to end somebody's part for them.
func (l Leaving) Valid() bool {
	switch l {
	case LeavingAsked, LeavingUnreachable, LeavingCourse, LeavingMistake:
		return true
	case LeavingOwn:
	}
	return false
}

// PersonNote is a facilitator's note about organisation. Notes are added to, not
// changed, and in no export.
type PersonNote struct {
	ID         string
	RunID      RunID // whose facilitators may read it
	AuthorID   string
	AuthorName string
	WrittenAt  time.Time
	Text       string
}

// MaxPersonNote bounds a note, in characters.
const MaxPersonNote = 1000

// PersonSheet is what a facilitator sees of one person: never an answer, and no
// minutes of practice, of which people are told that only the group's sum is seen.
type PersonSheet struct {
	Study    Study
	Run      CourseRun
	Row      BoardRow
	Contact  Contact
	Waves    []PersonWave
	Meetings []PersonMeeting
	Notes    []PersonNote // the newest first
	Left     Leaving      // meaningful when the person has left
}

// PersonWave is one occasion of a person.
type PersonWave struct {
	Wave   Wave
	Cell   BoardCell
	Window schedule.Window
}

// PersonMeeting is one meeting whose day has come.
type PersonMeeting struct {
	Number  int
	Title   string
	Day     schedule.Date
	Noted   bool
	Present bool
}

// Person is one person of a run, for its facilitators. People of other runs are
// ErrNotFound.
func (u *Runs) Person(ctx context.Context, a Actor, id StudyID, run RunID, person EnrolmentID) (PersonSheet, error) {
	if !a.MayRun(id, run) {
		return PersonSheet{}, ErrNotFound
	}
	p, err := u.person(ctx, a, id, run, person)
	if err != nil {
		return PersonSheet{}, fmt.Errorf("person %s: %w", person, err)
	}
	return p, nil
}

func (u *Runs) person(ctx context.Context, a Actor, id StudyID, run RunID, person EnrolmentID) (PersonSheet, error) {
	s := u.env.Store
	b, err := u.board(ctx, id, run)
	if err != nil {
		return PersonSheet{}, err
	}
	p := PersonSheet{Study: b.Study, Run: b.Run}
	for _, r := range b.Rows {
		if r.Enrolment.ID == person {
			p.Row = r
		}
	}
	if p.Row.Enrolment.ID == "" {
		return PersonSheet{}, ErrNotFound
	}
	contacts, err := s.Contacts(ctx, id, run)
	if err != nil {
		return PersonSheet{}, err
	}
	p.Contact = contacts[p.Row.Enrolment.ParticipantID]
	progress, err := s.Progress(ctx, id, run)
	if err != nil {
		return PersonSheet{}, err
	}
	timetable, followed := b.Run.Timetable(b.Waves), CompletedIn(progress, b.Waves)
	for i, w := range b.Waves {
		if p.Row.Cells[i].Applies {
			p.Waves = append(p.Waves, PersonWave{w, p.Row.Cells[i], timetable.Window(w.ID, p.Row.Enrolment, followed)})
		}
	}
	notes, err := s.Attendance(ctx, id, run)
	if err != nil {
		return PersonSheet{}, err
	}
	for _, m := range b.Course.Weeks[:min(b.MeetingsHeld, len(b.Course.Weeks))] {
		meeting := PersonMeeting{Number: m.Number, Title: m.Title, Day: b.Run.MeetingDay(m.Number)}
		for _, n := range notes {
			if n.EnrolmentID == person && n.Meeting == m.Number {
				meeting.Noted, meeting.Present = true, n.Present
			}
		}
		p.Meetings = append(p.Meetings, meeting)
	}
	if p.Left, err = s.LeftFor(ctx, id, person); err != nil {
		return PersonSheet{}, err
	}
	all, err := s.PersonNotes(ctx, id, person)
	for _, n := range all {
		if a.MayRun(id, n.RunID) {
			p.Notes = append(p.Notes, n)
		}
	}
	return p, err
}

// aboutPerson does one thing about a person of a run and notes it, once.
func (u *Runs) aboutPerson(ctx context.Context, a Actor, id StudyID, run RunID, person EnrolmentID, once Once, action Action, detail string,
	f func(tx Tx, p Participation) error,
) error {
	if !a.MayRun(id, run) {
		return ErrNotFound
	}
	now := u.env.now()
	err := u.env.Store.InTx(ctx, func(tx Tx) error {
		p, err := tx.Participation(ctx, id, person)
		if err != nil {
			return err
		}
		if p.Run.ID != run {
			return ErrNotFound
		}
		event := u.env.event(a, id, now, action, "enrolment", string(person))
		event.Detail = detail
		if err := noteOnce(ctx, tx, once, event); err != nil {
			return err
		}
		return f(tx, p)
	})
	if err != nil {
		return fmt.Errorf("%s of %s: %w", action, person, err)
	}
	return nil
}

// PausePerson pauses somebody's messages for them, or lets them come again.
func (u *Runs) PausePerson(ctx context.Context, a Actor, id StudyID, run RunID, person EnrolmentID, paused bool, once Once) error {
	action, at := ActionPaused, u.env.now()
	if !paused {
		action, at = ActionResumed, time.Time{}
	}
	return u.aboutPerson(ctx, a, id, run, person, once, action, "by the facilitator", func(tx Tx, p Participation) error {
		if p.Enrolment.Withdrawn() {
			return ErrWithdrawn
		}
		return tx.Pause(ctx, id, person, at)
	})
}

// WithdrawPerson ends somebody's part in the study for them, and tells them why: see
// Overview. What they gave is kept; they may still have it erased. FieldErrors
// without a reason.
func (u *Runs) WithdrawPerson(ctx context.Context, a Actor, id StudyID, run RunID, person EnrolmentID, why Leaving, once Once) error {
	at := u.env.now()
	return u.aboutPerson(ctx, a, id, run, person, once, ActionWithdrawn, "by the facilitator: "+string(why), func(tx Tx, _ Participation) error {
		if !why.Valid() {
			return FieldErrors{"why": "person.why_missing"}
		}
		ended, err := tx.Withdraw(ctx, id, person, at)
		if err == nil && !ended {
			err = ErrWithdrawn
		}
		if err == nil {
			err = tx.Announce(ctx, withdrawnNotice(id, person, at))
		}
		if err != nil {
			return err
		}
		return tx.SetLeftFor(ctx, id, person, why)
	})
}

// NotePerson adds a note about organisation.
func (u *Runs) NotePerson(ctx context.Context, a Actor, id StudyID, run RunID, person EnrolmentID, text string, once Once) error {
	text = strings.TrimSpace(strings.ReplaceAll(text, "\r\n", "\n"))
	by, at, note := a.author(), u.env.now(), u.env.NewID()
	return u.aboutPerson(ctx, a, id, run, person, once, ActionPersonNoted, "", func(tx Tx, _ Participation) error {
		switch {
		case text == "":
			return FieldErrors{"note": "person.note_missing"}
		case textFault(text, 4*MaxPersonNote) != "" || utf8.RuneCountInString(text) > MaxPersonNote:
			return FieldErrors{"note": "person.note_long"}
		}
		return tx.AddPersonNote(ctx, id, person, PersonNote{
			ID: note, RunID: run, AuthorID: by.ID, AuthorName: by.Name, WrittenAt: at, Text: text,
		})
	})
}
