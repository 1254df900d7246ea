package survey

import (
	"context"
	"errors"
	"fmt"
	"time"
)

// OwnData are the use cases of a person's say over what is stored of them: to see
// what there is, and to take a copy.
type OwnData struct{ env Env }

// Overview is what is stored of a person, without what they answered and without
// their address: whoever finds a personal link sees no more than this.
type Overview struct {
	Holdings       map[HoldingKind]int
	Named          bool // a name is stored
	MaskedEmail    string
	Reach          Reach
	Consents       []Consent
	Questionnaires []DueItem // of which anything was answered
	Erasure        ErasurePolicy
	// KnownDevice: the browser is one of the person's own, so a copy can be
	// taken at once.
	KnownDevice bool
	// CodeSent: a code that has not run out was sent to the address.
	CodeSent bool
	// Left is why the person's part was ended for them; LeavingOwn: they have
	// left themselves, or take part.
	Left Leaving
}

// Overview tells what is stored. device is what the browser holds, if anything.
func (u *OwnData) Overview(ctx context.Context, a Actor, device string) (Overview, error) {
	if a.Kind != ActorParticipant {
		return Overview{}, ErrForbidden
	}
	o, err := u.overview(ctx, a, device)
	if err != nil {
		return Overview{}, fmt.Errorf("what is stored: %w", err)
	}
	return o, nil
}

func (u *OwnData) overview(ctx context.Context, a Actor, device string) (o Overview, err error) {
	p, s, now := a.Participation, u.env.Store, u.env.now()
	study, id := p.Study.ID, p.Enrolment.ID
	if o.Holdings, err = s.Holdings(ctx, study, id); err != nil {
		return o, err
	}
	contact, err := s.Contact(ctx, study, p.Enrolment.ParticipantID)
	if err != nil && !errors.Is(err, ErrNotFound) {
		return o, err
	}
	o.Named, o.MaskedEmail, o.Reach = contact.Name != "", maskEmail(contact.Email), reachOf(contact)
	if o.Consents, err = s.Consents(ctx, study, id); err != nil {
		return o, err
	}
	if p.Enrolment.Withdrawn() {
		if o.Left, err = s.LeftFor(ctx, study, id); err != nil {
			return o, err
		}
	}
	due, err := (&Assessments{env: u.env}).Due(ctx, a)
	if err != nil {
		return o, err
	}
	for _, it := range due {
		if it.Answered > 0 || !it.Assessment.SubmittedAt.IsZero() {
			o.Questionnaires = append(o.Questionnaires, it)
		}
	}
	if o.Erasure, err = s.ErasurePolicy(ctx, study); err != nil {
		return o, err
	}
	if device != "" {
		if o.KnownDevice, err = s.KnownDevice(ctx, study, id, u.env.Keys.HashToken(device)); err != nil {
			return o, err
		}
	}
	code, err := s.AccessCode(ctx, study, id)
	if err != nil && !errors.Is(err, ErrNotFound) {
		return o, err
	}
	o.CodeSent = now.Before(code.ExpiresAt) && code.Tries < codeTries
	return o, nil
}

// maskEmail shows enough of an address for its owner to know it: the first letter
// and the domain.
func maskEmail(email string) string {
	for i, r := range email {
		if r == '@' {
			first := []rune(email)[0]
			if i == 0 {
				return "•••" + email[i:]
			}
			return string(first) + "•••" + email[i:]
		}
	}
	return ""
}

// NewDevice is what a browser is to hold so that it is known again.
func (u *OwnData) NewDevice() string { return u.env.Keys.NewToken() }

// RememberDevice notes the browser as the person's own: it is where they agreed to
// take part. The same token may serve several people, as on a shared computer.
func (u *OwnData) RememberDevice(ctx context.Context, a Actor, device string) error {
	if a.Kind != ActorParticipant {
		return ErrForbidden
	}
	p, now := a.Participation, u.env.now()
	err := u.env.Store.InTx(ctx, func(tx Tx) error {
		if err := tx.AddDevice(ctx, p.Study.ID, p.Enrolment.ID, u.env.Keys.HashToken(device), now); err != nil {
			return err
		}
		return tx.Settle(ctx)
	})
	if errors.Is(err, ErrReference) { // erased meanwhile
		return ErrNotSignedIn
	}
	if err != nil {
		return fmt.Errorf("remember the device: %w", err)
	}
	return nil
}

// ForgetDevice takes that back.
func (u *OwnData) ForgetDevice(ctx context.Context, a Actor, device string) error {
	if a.Kind != ActorParticipant {
		return ErrForbidden
	}
	p := a.Participation
	err := u.env.Store.InTx(ctx, func(tx Tx) error {
		return tx.RemoveDevice(ctx, p.Study.ID, p.Enrolment.ID, u.env.Keys.HashToken(device))
	})
	if err != nil {
		return fmt.Errorf("forget the device: %w", err)
	}
	return nil
}

// Proof shows that whoever asks is the person, and not somebody who found their
// link: the browser on which they agreed to take part, or a code that was sent to
// the stored address.
type Proof struct{ Device, Code string }

// Copy is everything that is stored of the person, for which they show a proof:
// ErrProofNeeded without one, FieldErrors by "code" for a wrong code. It is noted
// in the audit trail first.
func (u *OwnData) Copy(ctx context.Context, a Actor, proof Proof) (OwnCopy, error) {
	if a.Kind != ActorParticipant {
		return OwnCopy{}, ErrForbidden
	}
	if err := u.prove(ctx, a.Participation, proof); err != nil {
		return OwnCopy{}, err
	}
	return u.copy(ctx, a, a.Participation)
}

// CopyFor is Copy for the program, by the code of a person in a study, without what
// they wrote for themselves: nobody else reads that. ErrNotFound when nobody has
// the code.
func (u *OwnData) CopyFor(ctx context.Context, a Actor, study StudyID, code string) (OwnCopy, error) {
	if a.Kind != ActorSystem {
		return OwnCopy{}, ErrForbidden
	}
	people, err := u.env.Store.Enrolments(ctx, study)
	if err != nil {
		return OwnCopy{}, fmt.Errorf("copy of what is stored: %w", err)
	}
	for _, e := range people {
		if e.Code != code {
			continue
		}
		p, err := u.env.Store.Participation(ctx, study, e.ID)
		if err != nil {
			return OwnCopy{}, fmt.Errorf("copy of what is stored: %w", err)
		}
		return u.copy(ctx, a, p)
	}
	return OwnCopy{}, fmt.Errorf("copy of what is stored: person %s: %w", code, ErrNotFound)
}

func (u *OwnData) copy(ctx context.Context, a Actor, p Participation) (OwnCopy, error) {
	now := u.env.now()
	event := u.env.event(a, p.Study.ID, now, ActionCopyTaken, "enrolment", string(p.Enrolment.ID))
	err := u.env.Store.InTx(ctx, func(tx Tx) error { return tx.AppendAudit(ctx, event) })
	var c OwnCopy
	if err == nil {
		err = u.env.Store.InReadTx(ctx, func(r Reader) error {
			m := copying{r: r, env: u.env, p: p, now: now, own: a.Kind == ActorParticipant}
			c, err = m.copy(ctx)
			return err
		})
	}
	if err != nil {
		return OwnCopy{}, fmt.Errorf("copy of what is stored: %w", err)
	}
	return c, nil
}

func instantText(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.UTC().Format(time.RFC3339)
}
