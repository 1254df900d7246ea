package survey

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"tidemark/survey/consent"
)

// ConsentText is the text now in force for the person, in the language if it is
// told in it, else in the study's.
func (u *Enrolments) ConsentText(ctx context.Context, a Actor, language string) (ConsentText, error) {
	if a.Kind != ActorParticipant {
		return ConsentText{}, ErrForbidden
	}
	t, err := consentTextFor(ctx, u.env.Store, a.Participation.Study, language)
	if err != nil {
		return ConsentText{}, fmt.Errorf("consent text: %w", err)
	}
	return t, nil
}

func consentTextFor(ctx context.Context, r Reader, s Study, language string) (ConsentText, error) {
	if language != "" && language != s.Language {
		t, err := r.ConsentTextIn(ctx, s.ID, s.ConsentVersion, language)
		if !errors.Is(err, ErrNotFound) {
			return t, err
		}
	}
	return r.ConsentText(ctx, s.ID, s.ConsentVersion)
}

// Agreement is what somebody sends who agrees to take part.
type Agreement struct {
	Version  int    // of the text they read
	Language string // they read it in; empty: the study's
	// OfAge: they say that they are as old as the text asks.
	OfAge bool
	// Choices are their answers to the optional consents of the text. Those
	// not in it are refused; nil: they were not asked.
	Choices ConsentChoices
}

// Consent is Agree to the text in the study's language, of somebody old enough who
// was asked for nothing besides.
func (u *Enrolments) Consent(ctx context.Context, a Actor, version int) error {
	return u.Agree(ctx, a, Agreement{Version: version, OfAge: true})
}

// Agree notes that the person agrees to the given version, which must be the one
// in force (else ErrConflict: they read an older text), and what they say to its
// optional consents. Whoever does not say that they are old enough is told so by
// FieldErrors, and nothing is written. Agreeing twice changes nothing.
func (u *Enrolments) Agree(ctx context.Context, a Actor, g Agreement) error {
	p := a.Participation
	switch {
	case a.Kind != ActorParticipant:
		return ErrForbidden
	case p.Enrolment.Withdrawn():
		return ErrWithdrawn
	case p.Study.State == StudyClosed:
		return ErrStudyClosed
	case g.Version != p.Study.ConsentVersion:
		return ErrConflict
	case p.Consented():
		return nil
	}
	if g.Language == "" {
		g.Language = p.Study.Language
	}
	text, err := u.env.Store.ConsentTextIn(ctx, p.Study.ID, g.Version, g.Language)
	if errors.Is(err, ErrNotFound) {
		return ErrConflict
	}
	if err != nil {
		return fmt.Errorf("give consent: %w", err)
	}
	if text.Text.MinimumAge > 0 && !g.OfAge {
		return FieldErrors{"of_age": "consent.of_age"}
	}
	now := u.env.now()
	c := Consent{
		ID: ConsentID(u.env.NewID()), StudyID: p.Study.ID, EnrolmentID: p.Enrolment.ID,
		Version: g.Version, Language: g.Language, GivenAt: now,
	}
	event := u.env.event(a, p.Study.ID, now, ActionConsentGiven, "consent", string(c.ID))
	event.Detail = fmt.Sprintf("version %d in %s", g.Version, g.Language)
	choices := u.choices(p, text, g.Choices, now)
	err = u.env.Store.InTx(ctx, func(tx Tx) error { return agree(ctx, tx, p, c, choices, event) })
	if errors.Is(err, ErrDuplicate) {
		return nil // the same button pressed twice
	}
	if err != nil {
		return fmt.Errorf("give consent: %w", err)
	}
	return nil
}

func agree(ctx context.Context, tx Tx, p Participation, c Consent, choices []ConsentChoice, event AuditEvent) error {
	if err := tx.ClearDeclined(ctx, p.Study.ID, p.Enrolment.ID); err != nil {
		return err
	}
	// On another device the person may have left meanwhile, or a new text
	// may have come into force.
	current, err := tx.Participation(ctx, p.Study.ID, p.Enrolment.ID)
	switch {
	case err != nil:
		return err
	case current.Enrolment.Withdrawn():
		return ErrWithdrawn
	case current.Study.ConsentVersion != c.Version:
		return ErrConflict
	}
	if err := tx.CreateConsent(ctx, c); err != nil {
		return err
	}
	if err := tx.CreateConsentChoices(ctx, choices); err != nil {
		return err
	}
	told := HookNotice{StudyID: p.Study.ID, Kind: HookConsented, Enrolment: p.Enrolment.ID, About: string(c.ID), At: c.GivenAt}
	if err := tx.Announce(ctx, told); err != nil {
		return err
	}
	return tx.AppendAudit(ctx, event)
}

// choices are the answers to what a text asks for besides taking part.
func (u *Enrolments) choices(p Participation, t ConsentText, said ConsentChoices, at time.Time) []ConsentChoice {
	if said == nil {
		return nil
	}
	var all []ConsentChoice
	for _, offered := range t.Text.Choices {
		all = append(all, ConsentChoice{
			ID: ConsentID(u.env.NewID()), StudyID: p.Study.ID, EnrolmentID: p.Enrolment.ID, Choice: offered.Key,
			Granted: said[offered.Key], Version: t.Version, Language: t.Language, DecidedAt: at,
		})
	}
	return all
}

// Decline notes that the person does not take part, or not under the text now in
// force. Nothing more is asked; what they gave before stays until they say what is
// to become of it. They can agree later. Declining twice changes nothing; whoever
// has agreed to the text in force leaves instead (ErrConflict).
func (u *Enrolments) Decline(ctx context.Context, a Actor) error {
	p := a.Participation
	switch {
	case a.Kind != ActorParticipant:
		return ErrForbidden
	case p.Enrolment.Withdrawn():
		return ErrWithdrawn
	case p.Consented():
		return ErrConflict
	}
	now := u.env.now()
	event := u.env.event(a, p.Study.ID, now, ActionConsentDeclined, "enrolment", string(p.Enrolment.ID))
	event.Detail = fmt.Sprintf("version %d", p.Study.ConsentVersion)
	err := u.env.Store.InTx(ctx, func(tx Tx) error {
		noted, err := tx.SetDeclined(ctx, p.Study.ID, p.Enrolment.ID, now)
		if err != nil {
			return err
		}
		current, err := tx.Participation(ctx, p.Study.ID, p.Enrolment.ID)
		switch {
		case err != nil:
			return err
		case current.Enrolment.Withdrawn():
			return ErrWithdrawn
		case !noted:
			return nil // said before
		case current.ConsentVersion > 0 && current.ConsentVersion >= current.ConsentNeeded:
			return ErrConflict // agreed on another device
		}
		return tx.AppendAudit(ctx, event)
	})
	if err != nil {
		return fmt.Errorf("decline: %w", err)
	}
	return nil
}

// Choices are the text now in force, as ConsentText gives it, and what the person
// says now to its optional consents.
func (u *Enrolments) Choices(ctx context.Context, a Actor, language string) (ConsentText, ConsentChoices, error) {
	if a.Kind != ActorParticipant {
		return ConsentText{}, nil, ErrForbidden
	}
	p := a.Participation
	text, err := consentTextFor(ctx, u.env.Store, p.Study, language)
	if err != nil {
		return ConsentText{}, nil, fmt.Errorf("optional consents: %w", err)
	}
	said, err := u.env.Store.ConsentChoices(ctx, p.Study.ID, p.Enrolment.ID)
	if err != nil {
		return ConsentText{}, nil, fmt.Errorf("optional consents: %w", err)
	}
	return text, latestChoices(said), nil
}

// Choose changes what the person says to the optional consents of the text now in
// force, which they read in the language. They may at any time, after they left as
// well. What is as it was changes nothing.
func (u *Enrolments) Choose(ctx context.Context, a Actor, language string, choices ConsentChoices) error {
	text, before, err := u.Choices(ctx, a, language)
	if err != nil {
		return err
	}
	p, now := a.Participation, u.env.now()
	var changed []ConsentChoice
	var events []AuditEvent
	for _, c := range u.choices(p, text, choices, now) {
		was, asked := before[c.Choice]
		if asked && was == c.Granted || !asked && !c.Granted {
			continue
		}
		changed = append(changed, c)
		e := u.env.event(a, p.Study.ID, now, ActionConsentChoice, "enrolment", string(p.Enrolment.ID))
		e.Detail = string(c.Choice) + choiceWord(c.Granted)
		events = append(events, e)
	}
	if len(changed) == 0 {
		return nil
	}
	err = u.env.Store.InTx(ctx, func(tx Tx) error {
		if err := tx.CreateConsentChoices(ctx, changed); err != nil {
			return err
		}
		return tx.AppendAudit(ctx, events...)
	})
	if err != nil {
		return fmt.Errorf("change optional consents: %w", err)
	}
	return nil
}

func choiceWord(granted bool) string {
	if granted {
		return ": yes"
	}
	return ": no"
}

// AgreedText is something a person agreed to, with exactly the text they read and
// what they said then to its optional consents.
type AgreedText struct {
	Consent Consent
	Text    ConsentText
	Choices ConsentChoices
}

// Agreed are the texts the person has agreed to, the newest first.
func (u *Enrolments) Agreed(ctx context.Context, a Actor) ([]AgreedText, error) {
	if a.Kind != ActorParticipant {
		return nil, ErrForbidden
	}
	p := a.Participation
	var all []AgreedText
	err := u.env.Store.InReadTx(ctx, func(r Reader) error {
		all = nil
		given, err := r.Consents(ctx, p.Study.ID, p.Enrolment.ID)
		if err != nil {
			return err
		}
		said, err := r.ConsentChoices(ctx, p.Study.ID, p.Enrolment.ID)
		if err != nil {
			return err
		}
		for _, g := range slices.Backward(given) {
			text, err := textAgreed(ctx, r, g)
			if err != nil {
				return err
			}
			all = append(all, AgreedText{g, text, saidThen(said, g)})
		}
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("what was agreed to: %w", err)
	}
	return all, nil
}

// textAgreed is exactly the text that was agreed to.
func textAgreed(ctx context.Context, r Reader, c Consent) (ConsentText, error) {
	text, err := r.ConsentTextIn(ctx, c.StudyID, c.Version, c.Language)
	if errors.Is(err, ErrNotFound) { // agreed to before there were languages
		return r.ConsentText(ctx, c.StudyID, c.Version)
	}
	return text, err
}

// saidThen are the choices that came with a consent.
func saidThen(said []ConsentChoice, c Consent) ConsentChoices {
	then := ConsentChoices{}
	for _, s := range said {
		if s.Version == c.Version && s.DecidedAt.Equal(c.GivenAt) {
			then[s.Choice] = s.Granted
		}
	}
	return then
}

// ConsentUntil is when the last questionnaire that the person could still answer
// closes, and so until when they can make up their mind; the zero time when
// nothing is left to answer.
func (u *Enrolments) ConsentUntil(ctx context.Context, a Actor) (first, last time.Time, err error) {
	if a.Kind != ActorParticipant {
		return first, last, ErrForbidden
	}
	p, now := a.Participation, u.env.now()
	items, err := u.env.Store.Due(ctx, p.Study.ID, p.Enrolment.ID)
	if err != nil {
		return first, last, fmt.Errorf("until when to agree: %w", err)
	}
	p.ownWindows(items)
	for _, it := range items {
		w := it.Window
		if !w.Closes.After(now) { // nor has what is not for them a window
			continue
		}
		if first.IsZero() || w.Closes.Before(first) {
			first = w.Closes
		}
		if w.Closes.After(last) {
			last = w.Closes
		}
	}
	return first, last, nil
}

// keysOf are the optional consents of a text.
func keysOf(t consent.Text) []consent.ChoiceKey {
	keys := make([]consent.ChoiceKey, 0, len(t.Choices))
	for _, c := range t.Choices {
		keys = append(keys, c.Key)
	}
	return keys
}
