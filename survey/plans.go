package survey

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"tidemark/survey/plan"
)

// Plans are the use cases of writing and locking analysis plans. Whoever may
// analyse a study may; anybody else is ErrForbidden.
type Plans struct{ env Env }

// PlanBook is everything about a study's plan.
type PlanBook struct {
	// Versions are all of them, the newest first. At most the first is a
	// draft.
	Versions []Plan
	// Design is what a plan can name, and Default what a first one begins
	// with.
	Design  plan.Design
	Default plan.Plan
	// Seen is what there is to see now, before anything is locked.
	Seen DataSeen
}

// Draft is the version that can still change.
func (b PlanBook) Draft() (Plan, bool) {
	if len(b.Versions) > 0 && !b.Versions[0].Locked() {
		return b.Versions[0], true
	}
	return Plan{}, false
}

// InForce is the newest locked version.
func (b PlanBook) InForce() (Plan, bool) { return lockedPlan(b.Versions) }

func lockedPlan(versions []Plan) (Plan, bool) {
	for _, p := range versions {
		if p.Locked() {
			return p, true
		}
	}
	return Plan{}, false
}

// Book reads all versions of a study's plan.
func (u *Plans) Book(ctx context.Context, a Actor, id StudyID) (PlanBook, error) {
	if !a.MayAnalyse(id) {
		return PlanBook{}, ErrForbidden
	}
	var b PlanBook
	err := u.env.Store.InReadTx(ctx, func(r Reader) error {
		var err error
		b, err = u.book(ctx, r, id)
		return err
	})
	if err != nil {
		return PlanBook{}, fmt.Errorf("plan of study %s: %w", id, err)
	}
	return b, nil
}

func (u *Plans) book(ctx context.Context, r Reader, id StudyID) (PlanBook, error) {
	design, meetings, err := planDesign(ctx, u.env.courses, r, id)
	if err != nil {
		return PlanBook{}, err
	}
	b := PlanBook{Design: PlanDesign(design, meetings)}
	b.Default = plan.Default(b.Design)
	if b.Versions, err = r.Plans(ctx, id); err != nil {
		return PlanBook{}, err
	}
	b.Seen, err = dataSeen(ctx, r, design)
	return b, err
}

// planDesign is the protocol with the number of meetings of the course that its
// newest run follows; before there is a run, that of weekly check-ins, of which
// there is one for each meeting.
func planDesign(ctx context.Context, courses *courseCatalogue, r Reader, id StudyID) (StudyDesign, int, error) {
	design, err := r.Design(ctx, id)
	if err != nil {
		return design, 0, err
	}
	runs, err := r.Runs(ctx, id)
	if err != nil {
		return design, 0, err
	}
	for _, run := range runs {
		c, err := courses.get(ctx, r, run.Run.CourseKey, run.Run.CourseVersion)
		switch {
		case err == nil:
			return design, len(c.Weeks), nil
		case !errors.Is(err, ErrNotFound):
			return design, 0, err
		}
	}
	weeks := 0
	for _, w := range design.Waves {
		if w.Kind == WaveDuring {
			weeks++
		}
	}
	return design, weeks, nil
}

// dataSeen counts the outcomes that are there and the looks at them.
func dataSeen(ctx context.Context, r Reader, d StudyDesign) (DataSeen, error) {
	var after []WaveID
	for _, w := range d.Waves {
		if w.Kind == WavePost || w.Kind == WaveFollowUp {
			after = append(after, w.ID)
		}
	}
	var seen DataSeen
	var err error
	if seen.PostSubmitted, seen.PostPeople, err = r.CountSubmitted(ctx, d.Study.ID, after); err != nil {
		return seen, err
	}
	if seen.ReportsOpened, err = r.CountAudit(ctx, d.Study.ID, ActionReportViewed); err != nil {
		return seen, err
	}
	seen.Exports, err = r.CountAudit(ctx, d.Study.ID, ActionExported)
	return seen, err
}

// DraftPlan is what is written to a draft.
type DraftPlan struct {
	// Revision is that of the draft that was edited; 0: none was there.
	Revision int
	Content  plan.Plan
	// Reason is required when a locked version exists.
	Reason string
}

// Write keeps a draft: the first of a study, a changed one, or an amendment of
// the locked version. Faults are FieldErrors, and nothing is written; a draft
// that somebody else has written to meanwhile is ErrConflict.
func (u *Plans) Write(ctx context.Context, a Actor, id StudyID, d DraftPlan) (Plan, error) {
	if !a.MayAnalyse(id) {
		return Plan{}, ErrForbidden
	}
	d.Content.Schema, d.Reason = plan.Schema, strings.TrimSpace(d.Reason)
	now := u.env.now()
	var p Plan
	err := u.env.Store.InTx(ctx, func(tx Tx) error {
		var err error
		p, err = u.write(ctx, tx, a, Plan{
			StudyID: id, Revision: d.Revision, Content: d.Content, Reason: d.Reason, SavedAt: now, SavedBy: a.author(),
		})
		return err
	})
	if err != nil {
		return Plan{}, fmt.Errorf("write the plan of study %s: %w", id, err)
	}
	return p, nil
}

func (u *Plans) write(ctx context.Context, tx Tx, a Actor, p Plan) (Plan, error) {
	design, meetings, err := planDesign(ctx, u.env.courses, tx, p.StudyID)
	if err != nil {
		return p, err
	}
	versions, err := tx.Plans(ctx, p.StudyID)
	if err != nil {
		return p, err
	}
	d := PlanDesign(design, meetings)
	faults := FieldErrors(p.Content.Check(&d))
	_, amends := lockedPlan(versions)
	if amends && p.Reason == "" {
		faults["reason"] = "plan.reason_missing"
	}
	if !amends {
		p.Reason = ""
	}
	checkText(faults, "reason", p.Reason, 2000)
	if err := faults.OrNil(); err != nil {
		return p, err
	}
	draft, isDraft := PlanBook{Versions: versions}.Draft()
	if p.Revision != draft.Revision {
		return p, ErrConflict
	}
	if isDraft {
		p.Version = draft.Version
		return u.rewrite(ctx, tx, a, p)
	}
	p.Version, p.Revision = 1, 1
	if len(versions) > 0 {
		p.Version = versions[0].Version + 1
	}
	if err := tx.CreatePlan(ctx, p); err != nil {
		if errors.Is(err, ErrDuplicate) { // somebody else's first draft came in between
			return p, ErrConflict
		}
		return p, err
	}
	return p, tx.AppendAudit(ctx, u.event(a, p, ActionPlanWritten))
}

func (u *Plans) rewrite(ctx context.Context, tx Tx, a Actor, p Plan) (Plan, error) {
	ok, err := tx.RewritePlan(ctx, p)
	if err != nil {
		return p, err
	}
	if !ok {
		return p, ErrConflict
	}
	p.Revision++
	return p, tx.AppendAudit(ctx, u.event(a, p, ActionPlanWritten))
}

func (u *Plans) event(a Actor, p Plan, action Action) AuditEvent {
	e := u.env.event(a, p.StudyID, p.SavedAt, action, "plan", fmt.Sprintf("version %d", p.Version))
	if p.Lock != nil {
		e.At = p.Lock.At
		e.Detail = "SHA-256 " + p.Lock.Hash
	}
	return e
}

// Lock makes the draft with that revision final, and notes what of the outcomes
// was there to be seen. No such draft is ErrConflict: it was locked, discarded or
// written to by somebody else meanwhile. A draft that no longer fits the study is
// FieldErrors.
func (u *Plans) Lock(ctx context.Context, a Actor, id StudyID, revision int) (Plan, error) {
	if !a.MayAnalyse(id) {
		return Plan{}, ErrForbidden
	}
	now := u.env.now()
	var p Plan
	err := u.env.Store.InTx(ctx, func(tx Tx) error {
		b, err := u.book(ctx, tx, id)
		if err != nil {
			return err
		}
		draft, ok := b.Draft()
		if !ok || draft.Revision != revision {
			return ErrConflict
		}
		if err := FieldErrors(draft.Content.Check(&b.Design)).OrNil(); err != nil {
			return err
		}
		p = draft
		p.Lock = &PlanLock{At: now, By: a.author(), Hash: p.Content.Hash(), Program: u.env.Version, Seen: b.Seen}
		if ok, err = tx.LockPlan(ctx, p); err != nil {
			return err
		}
		if !ok {
			return ErrConflict
		}
		return tx.AppendAudit(ctx, u.event(a, p, ActionPlanLocked))
	})
	if err != nil {
		return Plan{}, fmt.Errorf("lock the plan of study %s: %w", id, err)
	}
	return p, nil
}

// Discard throws the draft with that revision away. No such draft is ErrConflict.
func (u *Plans) Discard(ctx context.Context, a Actor, id StudyID, revision int) error {
	if !a.MayAnalyse(id) {
		return ErrForbidden
	}
	now := u.env.now()
	err := u.env.Store.InTx(ctx, func(tx Tx) error {
		versions, err := tx.Plans(ctx, id)
		if err != nil {
			return err
		}
		draft, ok := PlanBook{Versions: versions}.Draft()
		if !ok || draft.Revision != revision {
			return ErrConflict
		}
		if ok, err = tx.DiscardPlan(ctx, draft); err != nil {
			return err
		}
		if !ok {
			return ErrConflict
		}
		draft.SavedAt = now
		return tx.AppendAudit(ctx, u.event(a, draft, ActionPlanDiscarded))
	})
	if err != nil {
		return fmt.Errorf("discard the draft plan of study %s: %w", id, err)
	}
	return nil
}

// InForce is the newest locked plan of a study; ErrNotFound when none is locked.
func (u *Plans) InForce(ctx context.Context, a Actor, id StudyID) (Plan, error) {
	if !a.MayAnalyse(id) {
		return Plan{}, ErrForbidden
	}
	versions, err := u.env.Store.Plans(ctx, id)
	if err != nil {
		return Plan{}, fmt.Errorf("plan of study %s: %w", id, err)
	}
	p, ok := lockedPlan(versions)
	if !ok {
		return Plan{}, fmt.Errorf("plan of study %s: %w", id, ErrNotFound)
	}
	return p, nil
}

// Version reads one version.
func (u *Plans) Version(ctx context.Context, a Actor, id StudyID, version int) (Plan, error) {
	if !a.MayAnalyse(id) {
		return Plan{}, ErrForbidden
	}
	p, err := u.env.Store.Plan(ctx, id, version)
	if err != nil {
		return Plan{}, fmt.Errorf("plan of study %s: %w", id, err)
	}
	return p, nil
}
