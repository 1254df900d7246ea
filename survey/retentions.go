package survey

import (
	"context"
	"fmt"
	"strings"
	"time"
)

// Retentions are the use cases of keeping things no longer than was promised.
type Retentions struct{ env Env }

// RetentionBook is what a study has decided, and what would be removed when.
type RetentionBook struct {
	Study     Study
	Retention Retention
	ClosedAt  time.Time // zero: it is not closed
	Kinds     []RetentionOutlook
}

// RetentionOutlook is what becomes of one kind.
type RetentionOutlook struct {
	Kind RetentionKind
	Rule RetentionRule
	// Kept: there is no rule.
	Kept bool
	// Due and DueRows are the people, and the rows of theirs, that would be removed now.
	Due, DueRows int
	// Later are those whose day is known, the first being First and the last Last.
	Later, LaterRows int
	First, Last      time.Time
	// Open are those whose day is not known yet: the study is not closed, or nothing
	// says when they were last asked.
	Open, OpenRows int
	// Waiting are people without a place, of those above.
	Waiting int
}

// Book tells what is decided, with a preview: nothing is removed. Researchers of the study
// and administrators may.
func (u *Retentions) Book(ctx context.Context, a Actor, study StudyID) (RetentionBook, error) {
	if err := mayDeclare(a, study); err != nil {
		return RetentionBook{}, err
	}
	now := u.env.now()
	var b RetentionBook
	err := u.env.Store.InReadTx(ctx, func(r Reader) error {
		p, err := retentionPlan(ctx, r, study)
		if err != nil {
			return err
		}
		b = p.book(now)
		return nil
	})
	if err != nil {
		return RetentionBook{}, fmt.Errorf("retention of study %s: %w", study, err)
	}
	return b, nil
}

// Set decides how long a study keeps things; a kind without a rule is kept. revision is
// what the writer has read. Administrators may, freely while the study is a draft or
// nothing was decided; afterwards nothing can be kept longer than people were told, and
// what was said of answers stands. Faults are FieldErrors, by kind; ErrConflict: somebody
// else has written.
func (u *Retentions) Set(ctx context.Context, a Actor, study StudyID, rules []RetentionRule, revision int) error {
	if !a.IsAdministrator() {
		if err := mayDeclare(a, study); err != nil {
			return err
		}
		return ErrForbidden
	}
	rules, faults := checkRetention(rules)
	if err := faults.OrNil(); err != nil {
		return err
	}
	if err := u.env.proven(a); err != nil {
		return err
	}
	event := u.env.event(a, study, u.env.now(), ActionRetentionSet, "study", string(study))
	event.Detail = ruleWords(rules)
	err := u.env.Store.InTx(ctx, func(tx Tx) error {
		if err := tx.HoldStudy(ctx, study); err != nil { // nothing is removed meanwhile
			return err
		}
		s, err := tx.Study(ctx, study)
		if err != nil {
			return err
		}
		was, err := tx.Retention(ctx, study)
		if err != nil {
			return err
		}
		if was.Revision != revision {
			return ErrConflict
		}
		if was.Revision > 0 && s.State != StudyDraft {
			if err := shorter(was, rules).OrNil(); err != nil {
				return err
			}
		}
		ok, err := tx.SetRetention(ctx, study, rules, revision)
		if err != nil {
			return err
		}
		if !ok {
			return ErrConflict
		}
		return tx.AppendAudit(ctx, event)
	})
	if err != nil {
		return fmt.Errorf("set the retention of study %s: %w", study, err)
	}
	return nil
}

// checkRetention puts rules in their order.
func checkRetention(rules []RetentionRule) ([]RetentionRule, FieldErrors) {
	faults, sorted := FieldErrors{}, []RetentionRule{}
	for _, k := range RetentionKinds() {
		for _, r := range rules {
			switch {
			case r.Kind != k:
				continue
			case !r.Anchor.Valid():
				faults[string(k)] = "retention.bad_anchor"
			case r.Days < 0 || r.Days > MaxRetentionDays:
				faults[string(k)] = "retention.bad_days"
			case k == RetainAnswers && r.Anchor != FromClosing:
				faults[string(k)] = "retention.answers_at_closing"
			}
			sorted = append(sorted, r)
		}
	}
	if len(sorted) != len(rules) {
		faults["rules"] = "retention.bad_kind"
	}
	seen := map[RetentionKind]bool{}
	for _, r := range sorted {
		if seen[r.Kind] {
			faults[string(r.Kind)] = "retention.bad_kind"
		}
		seen[r.Kind] = true
	}
	return sorted, faults
}

// shorter finds what would be kept longer than was told, and answers of which something
// else was told.
func shorter(was Retention, rules []RetentionRule) FieldErrors {
	faults := FieldErrors{}
	now := Retention{Rules: rules}
	for _, k := range RetentionKinds() {
		old, had := was.Rule(k)
		fresh, has := now.Rule(k)
		switch {
		case old == fresh:
		case k == RetainAnswers:
			faults[string(k)] = "retention.answers_stand"
		case had && (!has || fresh.Anchor != old.Anchor || fresh.Days > old.Days):
			faults[string(k)] = "retention.longer"
		}
	}
	return faults
}

// ruleWords are rules for the trail.
func ruleWords(rules []RetentionRule) string {
	if len(rules) == 0 {
		return "everything is kept"
	}
	parts := make([]string, len(rules))
	for i, r := range rules {
		parts[i] = fmt.Sprintf("%s %d days from %s", r.Kind, r.Days, r.Anchor)
	}
	return strings.Join(parts, ", ")
}

// Hold stops removal, or lets it go on, with a reason, as a court or an inquiry may ask.
// Administrators may. Faults are FieldErrors.
func (u *Retentions) Hold(ctx context.Context, a Actor, study StudyID, hold bool, reason string) error {
	if !a.IsAdministrator() {
		if err := mayDeclare(a, study); err != nil {
			return err
		}
		return ErrForbidden
	}
	reason = strings.TrimSpace(reason)
	faults := FieldErrors{}
	if reason == "" {
		faults["reason"] = "retention.reason_missing"
	}
	checkText(faults, "reason", reason, 2000)
	if err := faults.OrNil(); err != nil {
		return err
	}
	if err := u.env.proven(a); err != nil {
		return err
	}
	now, by := u.env.now(), UserID("")
	if a.Kind == ActorUser {
		by = a.User.ID
	}
	action, at, why := ActionRetentionHeld, now, reason
	if !hold {
		action, at, why, by = ActionRetentionFreed, time.Time{}, "", ""
	}
	event := u.env.event(a, study, now, action, "study", string(study))
	salt, err := newSalt(u.env.Random)
	if err != nil {
		return fmt.Errorf("hold the retention of study %s: %w", study, err)
	}
	event.Tell(AuditText{Salt: salt, Reason: reason})
	err = u.env.Store.InTx(ctx, func(tx Tx) error {
		if err := tx.HoldStudy(ctx, study); err != nil { // what is being removed is done first
			return err
		}
		was, err := tx.Retention(ctx, study)
		if err != nil {
			return err
		}
		if was.Held() == hold {
			return ErrConflict
		}
		if err := tx.HoldRetention(ctx, study, at, by, why); err != nil {
			return err
		}
		return tx.AppendAudit(ctx, event)
	})
	if err != nil {
		return fmt.Errorf("hold the retention of study %s: %w", study, err)
	}
	return nil
}

// RetentionPromise is how long a kind is kept of a person, as they are told.
type RetentionPromise struct {
	Kind RetentionKind
	Rule RetentionRule
	Kept bool      // there is no rule
	On   time.Time // the day on which it goes, as far as it is known now; zero: it is not
}

// Promised tells a person how long what is stored of them is kept; nothing while their
// study has not decided.
func (u *Retentions) Promised(ctx context.Context, a Actor) ([]RetentionPromise, error) {
	if a.Kind != ActorParticipant {
		return nil, ErrForbidden
	}
	p, s := a.Participation, u.env.Store
	r, err := s.Retention(ctx, p.Study.ID)
	if err != nil || r.Revision == 0 {
		return nil, err
	}
	design, err := s.Design(ctx, p.Study.ID)
	if err != nil {
		return nil, fmt.Errorf("how long things are kept: %w", err)
	}
	plan := keeping{retention: r, design: design, runs: map[RunID]CourseRun{p.Run.ID: p.Run}}
	if plan.closed, err = s.ClosedAt(ctx, p.Study.ID); err != nil {
		return nil, fmt.Errorf("how long things are kept: %w", err)
	}
	e := p.Enrolment
	of := Kept{ID: e.ID, RunID: p.Run.ID, ArmID: e.ArmID, EnrolledAt: e.EnrolledAt, RunSince: e.RunSince}
	var all []RetentionPromise
	for _, k := range RetentionKinds() {
		rule, ok := r.Rule(k)
		all = append(all, RetentionPromise{Kind: k, Rule: rule, Kept: !ok, On: plan.due(rule, &of)})
	}
	return all, nil
}
