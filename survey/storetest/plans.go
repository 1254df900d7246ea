package storetest

import (
	"context"
	"testing"
	"time"

	"tidemark/survey"
	"tidemark/survey/plan"
)

// draft is a first plan of the world's study.
func (w *world) draft() survey.Plan {
	p := survey.Plan{
		StudyID: w.study.ID, Version: 1, Revision: 1, SavedAt: noon,
		SavedBy: survey.Author{Kind: survey.ActorUser, ID: "u", Name: "Ana Ruiz"},
		Content: plan.Default(plan.Design{Arms: []plan.Arm{{Key: "course"}}, PrimaryScale: "x"}),
	}
	p.Content.Primary = []plan.Outcome{{Scale: "x", Pre: "pre", Post: "post", Arm: "course"}}
	p.Content.Rationale = "Why — „so“ <b> 'x'"
	return p
}

// locked is a plan as it is locked.
func locked(p survey.Plan) survey.Plan {
	p.Lock = &survey.PlanLock{
		At: noon.Add(time.Hour), By: survey.Author{Kind: survey.ActorSystem, ID: "test", Name: "test"},
		Hash: p.Content.Hash(), Program: "v1", Seen: survey.DataSeen{PostSubmitted: 31, PostPeople: 11, ReportsOpened: 4, Exports: 2},
	}
	return p
}

func testPlans(t *testing.T, s survey.Store) {
	create := func(t *testing.T, p survey.Plan) error {
		t.Helper()
		return do(t, s, func(ctx context.Context, tx survey.Tx) error { return tx.CreatePlan(ctx, p) })
	}
	// did runs a conditional write and compares whether it took place.
	did := func(t *testing.T, want bool, write func(context.Context, survey.Tx) (bool, error)) {
		t.Helper()
		must(t, s, func(ctx context.Context, tx survey.Tx) error {
			ok, err := write(ctx, tx)
			same(t, ok, want)
			return err
		})
	}
	lock := func(t *testing.T, want bool, p survey.Plan) {
		t.Helper()
		did(t, want, func(ctx context.Context, tx survey.Tx) (bool, error) { return tx.LockPlan(ctx, locked(p)) })
	}
	t.Run("a draft is kept, rewritten by its revision, and discarded", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t, s, 0)
		p := w.draft()
		noError(t, create(t, p))
		got, err := s.Plan(t.Context(), w.study.ID, 1)
		noError(t, err)
		same(t, got, p)
		q := p
		q.Content.Alpha, q.Reason, q.SavedAt, q.SavedBy = 0.01, "later", noon.Add(time.Minute), survey.Author{Kind: survey.ActorSystem}
		did(t, true, func(ctx context.Context, tx survey.Tx) (bool, error) { return tx.RewritePlan(ctx, q) })
		did(t, false, func(ctx context.Context, tx survey.Tx) (bool, error) { return tx.RewritePlan(ctx, p) })
		did(t, false, func(ctx context.Context, tx survey.Tx) (bool, error) { return tx.DiscardPlan(ctx, p) })
		lock(t, false, p)
		q.Revision = 2
		got, err = s.Plan(t.Context(), w.study.ID, 1)
		noError(t, err)
		same(t, got, q)
		did(t, true, func(ctx context.Context, tx survey.Tx) (bool, error) { return tx.DiscardPlan(ctx, q) })
		_, err = s.Plan(t.Context(), w.study.ID, 1)
		wantError(t, err, survey.ErrNotFound)
	})
	t.Run("a locked plan is kept with what was seen and takes no change", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t, s, 0)
		p := w.draft()
		noError(t, create(t, p))
		lock(t, true, p)
		lock(t, false, p)
		did(t, false, func(ctx context.Context, tx survey.Tx) (bool, error) { return tx.RewritePlan(ctx, p) })
		did(t, false, func(ctx context.Context, tx survey.Tx) (bool, error) { return tx.DiscardPlan(ctx, p) })
		got, err := s.Plan(t.Context(), w.study.ID, 1)
		noError(t, err)
		same(t, got, locked(p))
	})
	t.Run("a study has one draft, and versions of its own", func(t *testing.T) {
		t.Parallel()
		w, other := newWorld(t, s, 0), newWorld(t, s, 0)
		p, q := w.draft(), w.draft()
		q.Version, q.Reason = 2, "a wave was added"
		noError(t, create(t, p))
		wantError(t, create(t, p), survey.ErrDuplicate)
		wantError(t, create(t, q), survey.ErrDuplicate)
		noError(t, create(t, other.draft()))
		lock(t, true, p)
		noError(t, create(t, q))
		got, err := s.Plans(t.Context(), w.study.ID)
		noError(t, err)
		same(t, got, []survey.Plan{q, locked(p)})
		nobody := w.draft()
		nobody.StudyID = newID[survey.StudyID]()
		wantError(t, create(t, nobody), survey.ErrReference)
		got, err = s.Plans(t.Context(), nobody.StudyID)
		noError(t, err)
		same(t, len(got), 0)
	})
	t.Run("submitted questionnaires of some waves are counted with their people", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t, s, 3)
		newWorld(t, s, 1).answered(t)
		w.answered(t) // submits those before the course
		w.submit(t, 0, w.nth(0, w.post.ID, 1))
		w.submit(t, 0, w.nth(0, w.post.ID, 2))
		w.submit(t, 1, w.nth(1, w.post.ID, 1))
		for _, c := range []struct {
			waves                  []survey.WaveID
			questionnaires, people int
		}{
			{nil, 0, 0}, {[]survey.WaveID{w.week.ID}, 0, 0}, {[]survey.WaveID{w.post.ID, w.week.ID}, 3, 2},
			{[]survey.WaveID{w.pre.ID, w.post.ID}, 9, 3}, {[]survey.WaveID{"nobody"}, 0, 0},
		} {
			questionnaires, people, err := s.CountSubmitted(t.Context(), w.study.ID, c.waves)
			noError(t, err)
			same(t, [2]int{questionnaires, people}, [2]int{c.questionnaires, c.people})
		}
	})
	t.Run("a study's events of one kind are counted", func(t *testing.T) {
		t.Parallel()
		study, other := newID[survey.StudyID](), newID[survey.StudyID]()
		viewed := event(study, noon)
		viewed.Action = survey.ActionReportViewed
		must(t, s, func(ctx context.Context, tx survey.Tx) error {
			return tx.AppendAudit(ctx, event(study, noon), event(study, noon), viewed, event(other, noon))
		})
		for action, want := range map[survey.Action]int{survey.ActionExported: 2, survey.ActionReportViewed: 1, survey.ActionSubmitted: 0} {
			got, err := s.CountAudit(t.Context(), study, action)
			noError(t, err)
			same(t, got, want)
		}
	})
}
