package report_test

import (
	"context"
	"path/filepath"
	"testing"
	"time"

	"tidemark/survey"
	"tidemark/survey/auth"
	"tidemark/survey/rehearsal"
	"tidemark/survey/report"
	"tidemark/survey/store"
	"tidemark/survey/storetest"
)

// A Tuesday, in a week without a change of clocks.
var storyEnds = time.Date(2026, 11, 24, 14, 30, 0, 0, time.UTC)

// stage is a database with a rehearsal in it.
type stage struct {
	store  *store.Store
	result *rehearsal.Result
}

// play makes a rehearsal of so many people.
func play(t testing.TB, seed uint64, people int) *stage {
	t.Helper()
	db, err := store.Open(t.Context(), filepath.Join(t.TempDir(), "rehearsal.db"), storetest.Vault())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := db.Close(); err != nil {
			t.Error(err)
		}
	})
	if err := db.Migrate(t.Context()); err != nil {
		t.Fatal(err)
	}
	keys, err := auth.New("00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff")
	if err != nil {
		t.Fatal(err)
	}
	r, err := rehearsal.Play(t.Context(), rehearsal.Options{Store: db, Keys: keys, Seed: seed, Now: storyEnds, People: people})
	if err != nil {
		t.Fatal(err)
	}
	return &stage{db, r}
}

func (s *stage) build(t testing.TB, spec report.Spec) *report.Report {
	t.Helper()
	return buildFrom(t.Context(), t, s.store, s.result.Study.ID, spec)
}

func buildFrom(ctx context.Context, t testing.TB, r survey.DataReader, study survey.StudyID, spec report.Spec) *report.Report {
	t.Helper()
	spec.Now, spec.Version = storyEnds, "test"
	rep, err := report.Build(ctx, r, survey.SystemActor("test"), study, spec)
	if err != nil {
		t.Fatal(err)
	}
	return rep
}
