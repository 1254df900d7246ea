package report_test

import (
	"bytes"
	"context"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"

	"tidemark/survey"
	"tidemark/survey/auth"
	"tidemark/survey/export"
	"tidemark/survey/plan"
	"tidemark/survey/report"
)

// cases are the use cases over a stage, at the end of its story.
func (s *stage) cases(t *testing.T) *survey.UseCases {
	t.Helper()
	keys, err := auth.New("00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff")
	if err != nil {
		t.Fatal(err)
	}
	return survey.NewUseCases(survey.Env{
		Store: s.store, Now: func() time.Time { return storyEnds }, Keys: keys, Version: "test",
		NewID: func() string { return uuid.Must(uuid.NewV7()).String() }, Random: rand.NewChaCha8([32]byte{}),
	})
}

// frozen freezes the study and opens the snapshot.
func (s *stage) frozen(t *testing.T) *survey.Frozen {
	t.Helper()
	cases, actor := s.cases(t), survey.SystemActor("test")
	taken, err := cases.Snapshots.Freeze(t.Context(), actor, s.result.Study.ID, survey.NewSnapshot{Name: "Primary"})
	if err != nil {
		t.Fatal(err)
	}
	f, err := cases.Snapshots.Open(t.Context(), actor, s.result.Study.ID, taken.Number)
	if err != nil {
		t.Fatal(err)
	}
	return f
}

func asJSON(t *testing.T, r *report.Report) string {
	t.Helper()
	var b bytes.Buffer
	if err := r.WriteJSON(&b); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func TestAReportFromASnapshotIsThatOfTheMomentForEver(t *testing.T) {
	t.Parallel()
	s := play(t, 1, 60)
	study := s.result.Study.ID
	live := s.build(t, report.Spec{})
	f := s.frozen(t)
	if diff := cmp.Diff(asJSON(t, buildFrom(t.Context(), t, f, study, report.Spec{})), asJSON(t, live)); diff != "" {
		t.Errorf("snapshot (-), live (+):\n%s", diff)
	}
	taken := f.Snapshot()
	spec := report.Spec{Snapshot: &taken}
	before := asJSON(t, buildFrom(t.Context(), t, f, study, spec))
	// Somebody leaves, and is gone from nothing that was frozen.
	err := s.store.InTx(t.Context(), func(tx survey.Tx) error {
		_, err := tx.Withdraw(t.Context(), study, s.somebody(t).ID, storyEnds)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	if asJSON(t, s.build(t, report.Spec{})) == asJSON(t, live) {
		t.Error("the live report did not change")
	}
	again, err := s.cases(t).Snapshots.Open(t.Context(), survey.SystemActor("test"), study, taken.Number)
	if err != nil {
		t.Fatal(err)
	}
	r := buildFrom(t.Context(), t, again, study, spec)
	if diff := cmp.Diff(asJSON(t, r), before); diff != "" {
		t.Errorf("later (-), before (+):\n%s", diff)
	}
	want := &report.SnapshotUsed{Number: taken.Number, Name: "Primary", Hash: taken.Hash, TakenAt: storyEnds}
	if diff := cmp.Diff(r.Basis.Snapshot, want); diff != "" {
		t.Error(diff)
	}
}

// somebody is somebody who takes part.
func (s *stage) somebody(t *testing.T) survey.Enrolment {
	t.Helper()
	people, err := s.store.Enrolments(t.Context(), s.result.Study.ID)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range people {
		if !e.Withdrawn() {
			return e
		}
	}
	t.Fatal("everybody has left")
	return survey.Enrolment{}
}

func TestAnExportFromASnapshotIsThatOfTheDatabase(t *testing.T) {
	t.Parallel()
	s := play(t, 1, 30)
	f, actor := s.frozen(t), survey.SystemActor("test")
	for _, write := range []func(context.Context, survey.DataReader, *bytes.Buffer) error{
		func(ctx context.Context, r survey.DataReader, b *bytes.Buffer) error {
			return export.Long(ctx, r, actor, s.result.Study.ID, b)
		},
		func(ctx context.Context, r survey.DataReader, b *bytes.Buffer) error {
			return export.Wide(ctx, r, actor, s.result.Study.ID, b)
		},
		func(ctx context.Context, r survey.DataReader, b *bytes.Buffer) error {
			return export.Codebook(ctx, r, actor, s.result.Study.ID, b)
		},
	} {
		var live, frozen bytes.Buffer
		if err := write(t.Context(), s.store, &live); err != nil {
			t.Fatal(err)
		}
		if err := write(t.Context(), f, &frozen); err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(frozen.String(), live.String()); diff != "" || live.Len() == 0 {
			t.Errorf("snapshot (-), live (+):\n%s", diff)
		}
	}
}

func TestOutcomesSayHowTheyStandToTheLockedPlan(t *testing.T) {
	t.Parallel()
	s := play(t, 1, 30)
	content := plan.Default(plan.Design{})
	content.Primary = []plan.Outcome{{Scale: "sc_total", Pre: "pre", Post: "post", Arm: "course", Against: "waitlist"}}
	content.Secondary = []plan.Outcome{{Scale: "rs_total", Pre: "pre", Post: "post", Arm: "course"}}
	p := survey.Plan{Version: 2, Content: content, Lock: &survey.PlanLock{At: storyEnds, Hash: "h", Seen: survey.DataSeen{PostSubmitted: 31}}}
	standings := func(spec report.Spec) map[plan.Standing]int {
		n := map[plan.Standing]int{}
		r := s.build(t, spec)
		for _, o := range r.Outcomes {
			n[o.Standing]++
		}
		return n
	}
	all := len(s.build(t, report.Spec{}).Outcomes)
	for name, c := range map[string]struct {
		spec report.Spec
		want map[plan.Standing]int
	}{
		"no plan":      {report.Spec{}, map[plan.Standing]int{plan.Exploratory: all}},
		"planned":      {report.Spec{Plan: &p}, map[plan.Standing]int{plan.Primary: 1, plan.Secondary: 1, plan.Exploratory: all - 2}},
		"another arm":  {report.Spec{Plan: &p, Arm: report.Everyone}, map[plan.Standing]int{plan.Primary: 1, plan.Exploratory: all - 1}},
		"another wave": {report.Spec{Plan: &p, Post: "followup_3m"}, map[plan.Standing]int{plan.Exploratory: all}},
		"a draft":      {report.Spec{Plan: &survey.Plan{Content: content}}, map[plan.Standing]int{plan.Exploratory: all}},
	} {
		if diff := cmp.Diff(standings(c.spec), c.want); diff != "" {
			t.Errorf("%s: got (-), want (+):\n%s", name, diff)
		}
	}
	want := &report.PlanUsed{Version: 2, Hash: "h", LockedAt: storyEnds, PostSubmitted: 31}
	if diff := cmp.Diff(s.build(t, report.Spec{Plan: &p}).Basis.Plan, want); diff != "" {
		t.Error(diff)
	}
}
