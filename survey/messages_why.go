package survey

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"tidemark/survey/reminding"
)

// Why tells of one person which messages were sent, which wait, and why others were
// not sent.
type Why struct {
	Study     Study
	Run       CourseRun
	Enrolment Enrolment
	Name      string // empty for those who may not know it
	Zone      *time.Location
	// Address is what is known of how to reach the person, never the address.
	Address AddressState
	Waves   []WhyWave
	Rules   reminding.Rules
}

// AddressState is what is known of an address.
type AddressState string

// A person can be reached by letter, by short message, or not.
const (
	AddressNone    AddressState = "none"
	AddressEmail   AddressState = "email"
	AddressPhone   AddressState = "phone"
	AddressBounced AddressState = "bounced"
)

// WhyWave are the messages about one wave, or before the first meeting.
type WhyWave struct {
	Wave     Wave // zero for the meeting
	Occasion reminding.Occasion
	Started  bool
	Lines    []WhyLine
}

// WhyLine is one message and what has become of it.
type WhyLine struct {
	Slot     reminding.Slot
	Decision reminding.Decision
	// Message is what the outbox has of it; nil: nothing.
	Message *Message
}

// Why says of every message that there is about a person why it was sent, waits, or
// is not sent, by their code. Facilitators of the run may ask, and researchers, who
// are not told the name.
func (u *Messages) Why(ctx context.Context, a Actor, study Study, code string) (Why, error) {
	e, err := u.env.Store.EnrolmentByCode(ctx, study.ID, code)
	if err != nil && !errors.Is(err, ErrNotFound) {
		return Why{}, fmt.Errorf("why: %w", err)
	}
	if !a.MayAnalyse(study.ID) && !a.MayRun(study.ID, e.RunID) || err != nil {
		return Why{}, fmt.Errorf("why: %w", ErrNotFound)
	}
	k, err := correspondenceIn(ctx, u.env.Store, study, MessageScope{Enrolment: e.ID})
	if err != nil {
		return Why{}, fmt.Errorf("why: %w", err)
	}
	if len(k.people) == 0 {
		return Why{}, fmt.Errorf("why: %w", ErrNotFound)
	}
	w := k.why(k.people[0], u.env.now())
	w.Study = study
	if !a.MayRun(study.ID, e.RunID) {
		w.Name = ""
	}
	return w, nil
}

func (k *correspondence) why(p Recipient, now time.Time) Why {
	e := p.Enrolment
	rules, person := k.rules(e.StudyID), k.person(p, now)
	w := Why{
		Run: k.runs[e.RunID], Enrolment: e, Name: p.Name, Zone: k.zone(cmp.Or(e.TimeZone, k.runs[e.RunID].TimeZone)),
		Address: p.address(), Rules: rules,
	}
	for _, o := range k.occasions(p) {
		of := WhyWave{Wave: o.Wave, Occasion: o.Occasion, Started: o.Started}
		messages := k.past[e.ID][o.About]
		for _, s := range o.slots(rules) {
			line := WhyLine{Slot: s, Decision: reminding.Decide(rules, person, o.Occasion, o.Past, s, now)}
			i := slices.IndexFunc(messages, func(m Message) bool { return slotOf(m) == s })
			if i >= 0 {
				line.Message = &messages[i]
			}
			if line.Decision.Reason == reminding.Unwanted && line.Message == nil {
				continue
			}
			of.Lines = append(of.Lines, line)
		}
		// Reminders by hand that were dropped are in no history, but somebody
		// asked for them.
		for i, m := range messages {
			if !slices.ContainsFunc(of.Lines, func(l WhyLine) bool { return l.Slot == slotOf(m) }) {
				of.Lines = append(of.Lines, WhyLine{
					Slot: slotOf(m), Message: &messages[i],
					Decision: reminding.Decision{Verdict: reminding.Never, Reason: reminding.Reason(m.Reason), At: m.EndedAt},
				})
			}
		}
		if len(of.Lines) > 0 {
			w.Waves = append(w.Waves, of)
		}
	}
	return w
}

func slotOf(m Message) reminding.Slot {
	return reminding.Slot{Kind: reminding.Kind(m.Kind), Number: m.Number}
}

func (p Recipient) address() AddressState {
	switch {
	case p.Bounced:
		return AddressBounced
	case !p.Reachable:
		return AddressNone
	case p.Phone:
		return AddressPhone
	}
	return AddressEmail
}

// EachLogged gives the message log of a study: what was put into the outbox for its
// people and what became of it, without names or addresses. Researchers may; it is
// audited first.
func (u *Messages) EachLogged(ctx context.Context, a Actor, study StudyID, f func(*LoggedMessage) error) error {
	if !a.MayAnalyse(study) {
		return ErrForbidden
	}
	if err := u.env.proven(a); err != nil {
		return err
	}
	event := u.env.event(a, study, u.env.now(), ActionExported, "study", string(study))
	event.Detail = "messages.csv"
	err := u.env.Store.InTx(ctx, func(tx Tx) error { return tx.AppendAudit(ctx, event) })
	if err == nil {
		err = u.env.Store.EachLoggedMessage(ctx, study, f)
	}
	if err != nil {
		return fmt.Errorf("message log of study %s: %w", study, err)
	}
	return nil
}
