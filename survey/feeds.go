package survey

import (
	"context"
	"errors"
	"fmt"
	"time"
)

// Calendars are the use cases of having one's meetings in a calendar of one's own:
// copied once, or followed by an address that nobody else knows. Whoever knows the
// address sees the days; so it can be made anew, and ended. It ends by itself when its
// person leaves or is erased, and with a member of staff's account.
type Calendars struct{ env Env }

// CalendarChoice is what a person wants in their calendar.
type CalendarChoice struct {
	// Surveys: the last days of questionnaires too.
	Surveys bool
	// Titles: the course's name, the topics and the place. Without, nobody who looks
	// at the calendar learns what the appointments are.
	Titles bool
}

// CalendarFeed is the address of a participant's calendar. Only a keyed hash of its
// token is stored.
type CalendarFeed struct {
	StudyID     StudyID
	EnrolmentID EnrolmentID
	TokenHash   string
	Choice      CalendarChoice
	MadeAt      time.Time
}

// StaffFeed is the address of a facilitator's calendar.
type StaffFeed struct {
	UserID    UserID
	StudyID   StudyID // of the run; empty: all runs
	RunID     RunID
	TokenHash string
	MadeAt    time.Time
}

// CalendarReader reads the addresses of calendars.
type CalendarReader interface {
	// CalendarFeed is a participant's; ErrNotFound when there is none.
	CalendarFeed(ctx context.Context, study StudyID, id EnrolmentID) (CalendarFeed, error)
	// CalendarFeedByToken finds one by its hash; ErrNotFound when there is none.
	CalendarFeedByToken(ctx context.Context, tokenHash string) (CalendarFeed, error)
	// StaffFeeds lists those of a member of staff, that of all runs first.
	StaffFeeds(ctx context.Context, id UserID) ([]StaffFeed, error)
	// StaffFeedByToken is as CalendarFeedByToken.
	StaffFeedByToken(ctx context.Context, tokenHash string) (StaffFeed, error)
}

// CalendarWriter writes the addresses of calendars.
type CalendarWriter interface {
	// PutCalendarFeed writes an address in place of the person's last.
	PutCalendarFeed(ctx context.Context, f CalendarFeed) error
	// RemoveCalendarFeed ends it, and reports whether there was one.
	RemoveCalendarFeed(ctx context.Context, study StudyID, id EnrolmentID) (bool, error)
	// PutStaffFeed and RemoveStaffFeed are the same for a member of staff, of each
	// run or of all.
	PutStaffFeed(ctx context.Context, f StaffFeed) error
	RemoveStaffFeed(ctx context.Context, id UserID, run RunID) (bool, error)
}

// Own is the participant's address, without its token; false when there is none.
func (u *Calendars) Own(ctx context.Context, a Actor) (CalendarFeed, bool, error) {
	p, err := takesPart(a)
	if err != nil {
		return CalendarFeed{}, false, err
	}
	f, err := u.env.Store.CalendarFeed(ctx, p.Study.ID, p.Enrolment.ID)
	if errors.Is(err, ErrNotFound) {
		return CalendarFeed{}, false, nil
	}
	if err != nil {
		return CalendarFeed{}, false, fmt.Errorf("calendar of %s: %w", p.Enrolment.ID, err)
	}
	return f, true, nil
}

// Make makes an address and gives its token, which cannot be read again. An earlier one
// stops working.
func (u *Calendars) Make(ctx context.Context, a Actor, choice CalendarChoice) (string, error) {
	p, err := takesPart(a)
	if err != nil {
		return "", err
	}
	token, now := u.env.Keys.NewToken(), u.env.now()
	err = u.env.Store.InTx(ctx, func(tx Tx) error {
		if err := tx.PutCalendarFeed(ctx, CalendarFeed{
			StudyID: p.Study.ID, EnrolmentID: p.Enrolment.ID, TokenHash: u.env.Keys.HashToken(token), Choice: choice, MadeAt: now,
		}); err != nil {
			return err
		}
		return tx.AppendAudit(ctx, u.env.event(a, p.Study.ID, now, ActionCalendarMade, "enrolment", string(p.Enrolment.ID)))
	})
	if err != nil {
		return "", fmt.Errorf("make a calendar: %w", err)
	}
	return token, nil
}

// End ends the participant's address; doing it twice is no fault.
func (u *Calendars) End(ctx context.Context, a Actor) error {
	p, err := takesPart(a)
	if err != nil {
		return err
	}
	event := u.env.event(a, p.Study.ID, u.env.now(), ActionCalendarEnded, "enrolment", string(p.Enrolment.ID))
	err = u.env.Store.InTx(ctx, func(tx Tx) error {
		ended, err := tx.RemoveCalendarFeed(ctx, p.Study.ID, p.Enrolment.ID)
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

// Copy is the participant's agenda, to be taken away once.
func (u *Calendars) Copy(ctx context.Context, a Actor, choice CalendarChoice) (Agenda, error) {
	p, err := takesPart(a)
	if err != nil {
		return Agenda{}, err
	}
	ag, err := u.personal(ctx, p, choice)
	if err != nil {
		return Agenda{}, fmt.Errorf("copy of a calendar: %w", err)
	}
	return ag, nil
}

// longestToken bounds what is looked for.
const longestToken = 64

// Follow is the agenda behind an address, for whoever knows it: nobody is signed in. It
// changes nothing. ErrNotFound when the address was never there, was ended or made anew,
// and when its person has left, was erased or has no account any more.
func (u *Calendars) Follow(ctx context.Context, token string) (Agenda, error) {
	if token == "" || len(token) > longestToken {
		return Agenda{}, ErrNotFound
	}
	ag, err := u.follow(ctx, u.env.Keys.HashToken(token))
	if err != nil {
		return Agenda{}, fmt.Errorf("follow a calendar: %w", err)
	}
	return ag, nil
}

func (u *Calendars) follow(ctx context.Context, hash string) (Agenda, error) {
	f, err := u.env.Store.CalendarFeedByToken(ctx, hash)
	if err == nil {
		p, err := u.env.Store.Participation(ctx, f.StudyID, f.EnrolmentID)
		if err != nil {
			return Agenda{}, err
		}
		if p.Enrolment.Stopped() {
			return Agenda{}, ErrNotFound
		}
		return u.personal(ctx, p, f.Choice)
	}
	if !errors.Is(err, ErrNotFound) {
		return Agenda{}, err
	}
	staff, err := u.env.Store.StaffFeedByToken(ctx, hash)
	if err != nil {
		return Agenda{}, err
	}
	user, err := u.env.Store.User(ctx, staff.UserID)
	if err != nil {
		return Agenda{}, err
	}
	if !user.DisabledAt.IsZero() {
		return Agenda{}, ErrNotFound
	}
	return u.managed(ctx, UserActor(user), staff.StudyID, staff.RunID)
}
