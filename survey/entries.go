package survey

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"tidemark/survey/selfcode"
)

// Entries are the use cases of people who enrol themselves in a run, and of those
// who wait for a place in it.
type Entries struct{ env Env }

// EntryPage is what anybody may see who has the address of a run's poster.
type EntryPage struct {
	Entry RunEntry
	Study Study
	Texts StudyTexts
	Run   CourseRun
	State EntryState
	Full  bool // who enrols now waits for a place
	// Recipe is what people make their codes of; empty: they make none, and get
	// links.
	Recipe selfcode.Recipe
}

// Page finds a run by what is on its poster; ErrNotFound when it was never to be
// enrolled in.
func (u *Entries) Page(ctx context.Context, key string) (EntryPage, error) {
	e, err := u.env.Store.RunEntryByKey(ctx, key)
	if err != nil {
		return EntryPage{}, fmt.Errorf("self-enrolment: %w", err)
	}
	p := EntryPage{Entry: e}
	if p.Study, err = u.env.Store.Study(ctx, e.StudyID); err != nil {
		return EntryPage{}, fmt.Errorf("self-enrolment: %w", err)
	}
	if p.Run, err = u.env.Store.Run(ctx, e.StudyID, e.RunID); err != nil {
		return EntryPage{}, fmt.Errorf("self-enrolment: %w", err)
	}
	if p.Texts, err = u.env.Store.StudyTexts(ctx, e.StudyID); err != nil {
		return EntryPage{}, fmt.Errorf("self-enrolment: %w", err)
	}
	if p.Recipe, err = selfCodeRecipe(ctx, u.env.Store, e.StudyID); err != nil {
		return EntryPage{}, fmt.Errorf("self-enrolment: %w", err)
	}
	p.State = e.State(p.Study, u.env.now(), p.Run.Zone())
	taken, waiting, err := u.taken(ctx, u.env.Store, e)
	if err != nil {
		return EntryPage{}, fmt.Errorf("self-enrolment: %w", err)
	}
	p.Full = e.full(taken, len(waiting))
	return p, nil
}

// taken counts the places that are taken, and tells who waits. Who has left or does
// not take part holds no place.
func (u *Entries) taken(ctx context.Context, r Reader, e RunEntry) (int, []Ticket, error) {
	roster, err := r.Roster(ctx, e.StudyID, e.RunID)
	if err != nil {
		return 0, nil, err
	}
	taken := 0
	for _, p := range roster {
		if !p.Stopped() {
			taken++
		}
	}
	waiting, err := r.Waiting(ctx, e.StudyID, e.RunID)
	return taken, waiting, err
}

// full: nobody passes those who wait, even when a place is free.
func (e RunEntry) full(taken, waiting int) bool {
	return e.Capacity > 0 && (taken >= e.Capacity || waiting > 0)
}

// NewEntry is what somebody gives who enrols themselves.
type NewEntry struct {
	Name, Email string
	Language    string // chosen on the page; empty: none
	// Token is what the form was shown with; sent a second time it gives the same
	// again.
	Token string
	// Letters: they leave the installation. Without, no address is asked for.
	Letters bool
}

// Joined is what came of it.
type Joined struct {
	// Cookie signs in who was enrolled without an address.
	Cookie        string
	Participation Participation
	Waiting       bool // there is no place yet
	// Letter: what is to be known goes to the address, whether or not somebody is
	// reached at it already.
	Letter bool
}

// entryToken is how a form names itself.
func entryToken(s string) bool { return len(s) >= 20 && len(s) <= 64 && Once(s).Valid() }

// Join enrols somebody in a run as AddPeople does, or puts them on its waiting list
// when it is full. Whoever gives an address gets their link at that address and is
// told nothing here, so that nobody learns who takes part; somebody who is in the
// study already gets their link again. Faults are FieldErrors; ErrNotOpen outside of
// the days, ErrNotFound for a key that is none, TooManyError by network.
func (u *Entries) Join(ctx context.Context, from Client, key string, n NewEntry) (Joined, error) {
	page, err := u.Page(ctx, key)
	if err != nil {
		return Joined{}, err
	}
	if page.State != EntryOpen || len(page.Recipe) > 0 {
		return Joined{}, ErrNotOpen
	}
	if err := n.check(page.Entry); err != nil {
		return Joined{}, err
	}
	if !entryToken(n.Token) {
		return Joined{}, ErrConflict
	}
	if err := u.env.take(ctx, oneTry(limitEntry, from.network())); err != nil {
		return Joined{}, fmt.Errorf("enrol oneself: %w", err)
	}
	j, err := u.join(ctx, page, n)
	faults, faulty := errors.AsType[FieldErrors](err)
	switch {
	case errors.Is(err, ErrDuplicate), n.Email != "" && faults[n.Email] != "": // the button was pressed twice
		j, err = u.again(ctx, n)
	case faulty: // something else must be known of people of this study: who leads the run adds them
		j, err = u.wait(ctx, u.ticket(page, n), n)
	}
	if err != nil {
		return Joined{}, fmt.Errorf("enrol oneself: %w", err)
	}
	return j, nil
}

func (n *NewEntry) check(e RunEntry) error {
	faults := FieldErrors{}
	n.Name = strings.Join(strings.Fields(n.Name), " ")
	checkText(faults, "name", n.Name, 120)
	n.Email = strings.TrimSpace(n.Email)
	switch {
	case e.AskEmail == EmailNo || !n.Letters:
		n.Email = ""
	case n.Email == "" && e.AskEmail == EmailRequired:
		faults["email"] = "join.fault_no_email"
	case n.Email != "":
		var ok bool
		if n.Email, ok = addressOf(n.Email); !ok {
			faults["email"] = "lost.fault_email"
		}
	}
	if n.Language != "" && !isLanguage(n.Language) {
		n.Language = ""
	}
	return faults.OrNil()
}

var errFull = errors.New("no place is free")

func (u *Entries) join(ctx context.Context, page EntryPage, n NewEntry) (Joined, error) {
	known := false
	if n.Email != "" {
		all, err := u.env.Store.Addresses(ctx, page.Study.ID)
		if err != nil {
			return Joined{}, err
		}
		_, known = all[n.Email]
	}
	ticket := u.ticket(page, n)
	if known {
		err := u.env.Store.InTx(ctx, func(tx Tx) error { return u.sendAgain(ctx, tx, page.Study.ID, n.Email) })
		return Joined{Letter: true, Waiting: page.Full}, err
	}
	enrolled, err := u.enrol(ctx, page.Entry, ticket, Person{Name: n.Name, Email: n.Email, Language: n.Language}, true)
	if errors.Is(err, errFull) {
		return u.wait(ctx, ticket, n)
	}
	if err != nil {
		return Joined{}, err
	}
	if n.Email != "" {
		return Joined{Letter: true}, nil
	}
	return u.signIn(ctx, page.Study.ID, enrolled)
}

func (u *Entries) ticket(page EntryPage, n NewEntry) Ticket {
	return Ticket{
		StudyID: page.Study.ID, ID: u.env.NewID(), RunID: page.Run.ID, TokenHash: u.env.Keys.HashToken(n.Token),
		Language: n.Language, AskedAt: u.env.now(),
	}
}

// sendAgain sends the links of somebody who is in the study already.
func (u *Entries) sendAgain(ctx context.Context, tx Tx, study StudyID, email string) error {
	places, err := tx.EnrolmentsByEmail(ctx, email)
	if err != nil {
		return err
	}
	now := u.env.now()
	for _, p := range places {
		if p.StudyID != study {
			continue
		}
		if err := u.env.postLostLink(ctx, tx, p, now); err != nil {
			return err
		}
	}
	return tx.AppendAudit(ctx, u.env.event(SystemActor("self-enrolment"), study, now, ActionLinkAsked, "enrolment", ""))
}

// wait puts somebody on the waiting list. Whoever waits already stays where they are.
func (u *Entries) wait(ctx context.Context, t Ticket, n NewEntry) (Joined, error) {
	t.Name, t.Email = n.Name, n.Email
	err := u.env.Store.InTx(ctx, func(tx Tx) error {
		if t.Email != "" {
			waiting, err := tx.Waiting(ctx, t.StudyID, t.RunID)
			if err != nil {
				return err
			}
			for _, w := range waiting {
				if w.Email == t.Email {
					return nil
				}
			}
		}
		if err := tx.CreateTicket(ctx, t); err != nil {
			return err
		}
		return tx.AppendAudit(ctx, u.env.event(SystemActor("self-enrolment"), t.StudyID, t.AskedAt, ActionWaiting, "ticket", t.ID))
	})
	return Joined{Waiting: true, Letter: t.Email != ""}, err
}

// again is what came of a form the first time it was sent.
func (u *Entries) again(ctx context.Context, n NewEntry) (Joined, error) {
	if n.Email != "" {
		return Joined{Letter: true}, nil
	}
	t, err := u.env.Store.TicketByToken(ctx, u.env.Keys.HashToken(n.Token))
	if err != nil {
		return Joined{}, err
	}
	if t.EnrolmentID == "" {
		return Joined{Waiting: true}, nil
	}
	return u.signIn(ctx, t.StudyID, t.EnrolmentID)
}

// signIn is a cookie for somebody who has just enrolled.
func (u *Entries) signIn(ctx context.Context, study StudyID, id EnrolmentID) (Joined, error) {
	p, err := u.env.Store.Participation(ctx, study, id)
	if err != nil {
		return Joined{}, err
	}
	cookie, err := (&SignIns{u.env}).enter(ctx, p, "by enrolling", nil)
	return Joined{Cookie: cookie, Participation: p}, err
}

// enrol enrols one person through AddPeople, in whose transaction the place is counted
// and the ticket written: two who come at once never get the last place both.
// bounded: only if a place is free.
func (u *Entries) enrol(ctx context.Context, e RunEntry, t Ticket, p Person, bounded bool) (EnrolmentID, error) {
	var id EnrolmentID
	env := u.env
	env.Store = around{env.Store, func(tx Tx, add func(Tx) error) error {
		if err := tx.HoldStudy(ctx, e.StudyID); err != nil { // before the run, as everybody
			return err
		}
		if err := tx.LockRun(ctx, e.StudyID, e.RunID); err != nil {
			return err
		}
		if bounded {
			taken, waiting, err := u.taken(ctx, tx, e)
			if err != nil {
				return err
			}
			if e.full(taken, len(waiting)) {
				return errFull
			}
			t.EnrolmentID = ""
			if err := tx.CreateTicket(ctx, t); err != nil {
				return err
			}
		}
		kept := &enrolling{Tx: tx}
		if err := add(kept); err != nil {
			return err
		}
		id = kept.id
		admitted, err := tx.AdmitTicket(ctx, e.StudyID, t.ID, id)
		if err == nil && !admitted {
			err = ErrConflict
		}
		if err != nil || p.Email == "" {
			return err
		}
		return u.env.postLostLink(ctx, tx, EnrolmentPlace{StudyID: e.StudyID, ID: id}, u.env.now())
	}}
	_, err := (&Runs{env}).AddPeople(ctx, SystemActor("self-enrolment"), e.StudyID, e.RunID, []Person{p}, "")
	return id, err
}

// around is a store whose transactions have something before and after them.
type around struct {
	Store
	do func(tx Tx, add func(Tx) error) error
}

// InTx runs fn within what is around it.
func (a around) InTx(ctx context.Context, fn func(Tx) error) error {
	return a.Store.InTx(ctx, func(tx Tx) error { return a.do(tx, fn) })
}

// enrolling notes who is enrolled in a transaction.
type enrolling struct {
	Tx
	id EnrolmentID
}

// Enrol notes the person.
func (e *enrolling) Enrol(ctx context.Context, people []NewPerson) error {
	if len(people) == 1 {
		e.id = people[0].Enrolment.ID
	}
	return e.Tx.Enrol(ctx, people)
}

// ownLinkFor is how long somebody who has just been enrolled is shown their link.
const ownLinkFor = 24 * time.Hour

// OwnLink is the link and code of a person who has just enrolled themselves, to keep.
// After a day it is ErrNotFound: whoever finds a device open must not take a link away
// with them that opens it for ever.
func (u *Entries) OwnLink(ctx context.Context, a Actor) (PrintedLink, error) {
	if a.Kind != ActorParticipant {
		return PrintedLink{}, ErrForbidden
	}
	e := a.Participation.Enrolment
	if e.Withdrawn() || u.env.now().Sub(e.EnrolledAt) > ownLinkFor {
		return PrintedLink{}, ErrNotFound
	}
	links, err := u.env.Store.Links(ctx, e.StudyID, e.RunID)
	if err != nil {
		return PrintedLink{}, fmt.Errorf("own link: %w", err)
	}
	l, ok := links[e.ID]
	if !ok || !l.RevokedAt.IsZero() {
		return PrintedLink{}, ErrNotFound
	}
	return PrintedLink{
		Enrolment: e, Token: u.env.Keys.PersonalToken(e.StudyID, e.ID, l.Generation), Code: u.env.shortCode(e.StudyID, e.ID, l.Generation),
	}, nil
}
