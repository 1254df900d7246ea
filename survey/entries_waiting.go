package survey

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"

	"tidemark/survey/schedule"
)

// Place is what somebody is told who holds a ticket.
type Place struct {
	Study Study
	Texts StudyTexts
	Run   CourseRun
	// Number is where they stand on the waiting list, from 1; 0: they have a place.
	Number int
}

// Place finds what has become of a ticket by what its holder has; ErrNotFound for a
// ticket that is none or was removed.
func (u *Entries) Place(ctx context.Context, token string) (Place, error) {
	t, err := u.env.Store.TicketByToken(ctx, u.env.Keys.HashToken(token))
	if err != nil {
		return Place{}, fmt.Errorf("ticket: %w", err)
	}
	p := Place{}
	if p.Study, err = u.env.Store.Study(ctx, t.StudyID); err != nil {
		return Place{}, fmt.Errorf("ticket: %w", err)
	}
	if p.Run, err = u.env.Store.Run(ctx, t.StudyID, t.RunID); err != nil {
		return Place{}, fmt.Errorf("ticket: %w", err)
	}
	if p.Texts, err = u.env.Store.StudyTexts(ctx, t.StudyID); err != nil {
		return Place{}, fmt.Errorf("ticket: %w", err)
	}
	if t.EnrolmentID != "" {
		return p, nil
	}
	waiting, err := u.env.Store.Waiting(ctx, t.StudyID, t.RunID)
	if err != nil {
		return Place{}, fmt.Errorf("ticket: %w", err)
	}
	for i, w := range waiting {
		if w.ID == t.ID {
			p.Number = i + 1
			return p, nil
		}
	}
	return Place{}, ErrNotFound
}

// Enter exchanges the ticket of somebody who has got a place for a cookie.
func (u *Entries) Enter(ctx context.Context, token string) (Joined, error) {
	t, err := u.env.Store.TicketByToken(ctx, u.env.Keys.HashToken(token))
	if err != nil {
		return Joined{}, fmt.Errorf("ticket: %w", err)
	}
	if t.EnrolmentID == "" {
		return Joined{}, ErrNotFound
	}
	links, err := u.env.Store.Links(ctx, t.StudyID, t.RunID)
	if err != nil {
		return Joined{}, fmt.Errorf("ticket: %w", err)
	}
	// A ticket opens no more than the link that came with it, and as long.
	if l, ok := links[t.EnrolmentID]; !ok || l.Generation != 1 || !l.RevokedAt.IsZero() || !u.env.now().Before(l.ExpiresAt) {
		return Joined{}, ErrNotFound
	}
	j, err := u.signIn(ctx, t.StudyID, t.EnrolmentID)
	if err != nil {
		return Joined{}, fmt.Errorf("ticket: %w", err)
	}
	return j, nil
}

// Leave takes somebody off the waiting list who holds a ticket; their name goes with it.
// Doing it twice changes nothing.
func (u *Entries) Leave(ctx context.Context, token string) error {
	t, err := u.env.Store.TicketByToken(ctx, u.env.Keys.HashToken(token))
	if errors.Is(err, ErrNotFound) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("leave the waiting list: %w", err)
	}
	return u.remove(ctx, SystemActor("waiting list"), t.StudyID, t.ID)
}

func (u *Entries) remove(ctx context.Context, a Actor, id StudyID, ticket string) error {
	event := u.env.event(a, id, u.env.now(), ActionWaitingRemoved, "ticket", ticket)
	err := u.env.Store.InTx(ctx, func(tx Tx) error {
		removed, err := tx.RemoveTicket(ctx, id, ticket)
		if err != nil || !removed {
			return err
		}
		return tx.AppendAudit(ctx, event)
	})
	if err != nil {
		return fmt.Errorf("remove from the waiting list: %w", err)
	}
	return nil
}

// EntryDesk is what a facilitator sees of self-enrolment.
type EntryDesk struct {
	Run     CourseRun
	Entry   RunEntry // its key is empty when nobody has said anything yet
	State   EntryState
	Taken   int
	Free    int // places; meaningless without a capacity
	Waiting []Ticket
	// OwnCodes: people make their own codes, and are asked for nothing else.
	OwnCodes bool
}

// Desk is what there is to see. Facilitators of the run may.
func (u *Entries) Desk(ctx context.Context, a Actor, id StudyID, run RunID) (EntryDesk, error) {
	if !a.MayRun(id, run) {
		return EntryDesk{}, ErrNotFound
	}
	d := EntryDesk{Entry: RunEntry{StudyID: id, RunID: run, AskEmail: EmailOptional}}
	study, err := u.env.Store.Study(ctx, id)
	if err == nil {
		d.Run, err = u.env.Store.Run(ctx, id, run)
	}
	if err != nil {
		return EntryDesk{}, fmt.Errorf("self-enrolment: %w", err)
	}
	switch e, err := u.env.Store.RunEntry(ctx, id, run); {
	case err == nil:
		d.Entry = e
	case !errors.Is(err, ErrNotFound):
		return EntryDesk{}, fmt.Errorf("self-enrolment: %w", err)
	}
	if d.Taken, d.Waiting, err = u.taken(ctx, u.env.Store, d.Entry); err != nil {
		return EntryDesk{}, fmt.Errorf("self-enrolment: %w", err)
	}
	recipe, err := selfCodeRecipe(ctx, u.env.Store, id)
	if err != nil {
		return EntryDesk{}, fmt.Errorf("self-enrolment: %w", err)
	}
	d.OwnCodes = len(recipe) > 0
	d.Free = max(0, d.Entry.Capacity-d.Taken)
	d.State = d.Entry.State(study, u.env.now(), d.Run.Zone())
	return d, nil
}

// EntrySettings are what is typed about self-enrolment.
type EntrySettings struct {
	Allowed           bool
	Capacity          string // empty: as many as come
	OpensOn, ClosesOn string // 2006-01-02; may be empty
	AskEmail          string
}

// Set says whether and how people of a run may enrol themselves. Facilitators of the
// run may. Faults are FieldErrors.
func (u *Entries) Set(ctx context.Context, a Actor, id StudyID, run RunID, s EntrySettings) error {
	if !a.MayRun(id, run) {
		return ErrNotFound
	}
	e := RunEntry{StudyID: id, RunID: run, Allowed: s.Allowed, AskEmail: AskEmail(s.AskEmail), Key: u.env.Keys.NewToken()[:16]}
	faults := FieldErrors{}
	if text := strings.TrimSpace(s.Capacity); text != "" {
		n, err := strconv.Atoi(text)
		if err != nil || n < 1 || n > MaxPeopleAtOnce {
			faults["capacity"] = "entry.bad_capacity"
		}
		e.Capacity = n
	}
	var err error
	if text := strings.TrimSpace(s.OpensOn); text != "" {
		if e.OpensOn, err = schedule.ParseDate(text); err != nil {
			faults["opens_on"] = "run.bad_date"
		}
	}
	if text := strings.TrimSpace(s.ClosesOn); text != "" {
		if e.ClosesOn, err = schedule.ParseDate(text); err != nil {
			faults["closes_on"] = "run.bad_date"
		}
	}
	none := schedule.Date{}
	if len(faults) == 0 && e.OpensOn != none && e.ClosesOn != none && e.OpensOn.DaysUntil(e.ClosesOn) < 0 {
		faults["closes_on"] = "entry.ends_before"
	}
	if !e.AskEmail.Valid() {
		faults["ask_email"] = "entry.bad_email"
	}
	if err := faults.OrNil(); err != nil {
		return err
	}
	event := u.env.event(a, id, u.env.now(), ActionEntrySet, "run", string(run))
	event.Detail = map[bool]string{true: "on", false: "off"}[e.Allowed]
	err = u.env.Store.InTx(ctx, func(tx Tx) error {
		if err := tx.PutRunEntry(ctx, e); err != nil {
			return err
		}
		return tx.AppendAudit(ctx, event)
	})
	if err != nil {
		return fmt.Errorf("set self-enrolment: %w", err)
	}
	return nil
}

// Invite gives somebody who waits a place, whether or not one is free: who leads the run
// knows how many chairs there are. With an address they get their link at it.
func (u *Entries) Invite(ctx context.Context, a Actor, id StudyID, run RunID, ticket string) error {
	if !a.MayRun(id, run) {
		return ErrNotFound
	}
	t, err := u.waits(ctx, id, run, ticket)
	if err != nil {
		return err
	}
	_, err = u.enrol(ctx, RunEntry{StudyID: id, RunID: run}, t, Person{Name: t.Name, Email: t.Email, Language: t.Language}, false)
	if err != nil {
		return fmt.Errorf("invite from the waiting list: %w", err)
	}
	return nil
}

// Remove takes somebody off the waiting list; name and address go with it.
func (u *Entries) Remove(ctx context.Context, a Actor, id StudyID, run RunID, ticket string) error {
	if !a.MayRun(id, run) {
		return ErrNotFound
	}
	if _, err := u.waits(ctx, id, run, ticket); err != nil {
		return err
	}
	return u.remove(ctx, a, id, ticket)
}

// waits finds somebody who waits for this run; ErrConflict when they do not any more.
func (u *Entries) waits(ctx context.Context, id StudyID, run RunID, ticket string) (Ticket, error) {
	if _, err := u.env.Store.Run(ctx, id, run); err != nil {
		return Ticket{}, fmt.Errorf("waiting list: %w", err)
	}
	waiting, err := u.env.Store.Waiting(ctx, id, run)
	if err != nil {
		return Ticket{}, fmt.Errorf("waiting list: %w", err)
	}
	for _, t := range waiting {
		if t.ID == ticket {
			return t, nil
		}
	}
	return Ticket{}, ErrConflict
}
