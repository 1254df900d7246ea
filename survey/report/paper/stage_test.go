package paper_test

import (
	"context"
	"math/rand/v2"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"tidemark/survey"
	"tidemark/survey/auth"
	"tidemark/survey/plan"
	"tidemark/survey/rehearsal"
	"tidemark/survey/report/paper"
	"tidemark/survey/store"
	"tidemark/survey/storetest"
)

// A Tuesday, in a week without a change of clocks.
var storyEnds = time.Date(2026, 11, 24, 14, 30, 0, 0, time.UTC)

// stage is a database with a rehearsal in it.
type stage struct {
	db    survey.Reader
	study survey.StudyID
	actor survey.Actor
}

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
	return &stage{db, r.Study.ID, survey.SystemActor("test")}
}

func (s *stage) dataset(t testing.TB) *paper.Dataset {
	t.Helper()
	d, err := paper.Read(t.Context(), s.db, s.actor, s.study, storyEnds)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

// rehearsed reads the dataset of a rehearsal of so many people.
func rehearsed(t testing.TB, seed uint64, people int) *paper.Dataset {
	t.Helper()
	return play(t, seed, people).dataset(t)
}

// planned is the default plan of a dataset, locked.
func planned(d *paper.Dataset) paper.PlanUsed {
	return paper.PlanUsed{Content: plan.Default(d.Design()), Version: 1, LockedAt: storyEnds.AddDate(0, -6, 0), Hash: "test"}
}

// shuffled reads the dataset from a reader that gives rows in another order.
func (s *stage) shuffled(t testing.TB, rng *rand.Rand) *paper.Dataset {
	t.Helper()
	d, err := paper.Read(t.Context(), &shuffling{s.db, rng}, s.actor, s.study, storyEnds)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

type shuffling struct {
	survey.Reader
	rng *rand.Rand
}

func (s *shuffling) Enrolments(ctx context.Context, id survey.StudyID) ([]survey.Enrolment, error) {
	all, err := s.Reader.Enrolments(ctx, id)
	s.rng.Shuffle(len(all), func(i, j int) { all[i], all[j] = all[j], all[i] })
	return all, err
}

func (s *shuffling) Runs(ctx context.Context, id survey.StudyID) ([]survey.RunSummary, error) {
	all, err := s.Reader.Runs(ctx, id)
	slices.Reverse(all)
	return all, err
}

func (s *shuffling) EachScore(ctx context.Context, id survey.StudyID, waves []survey.WaveID, f func(*survey.ScoreRow) error) error {
	var rows []survey.ScoreRow
	if err := s.Reader.EachScore(ctx, id, waves, func(r *survey.ScoreRow) error { rows = append(rows, *r); return nil }); err != nil {
		return err
	}
	s.rng.Shuffle(len(rows), func(i, j int) { rows[i], rows[j] = rows[j], rows[i] })
	for i := range rows {
		if err := f(&rows[i]); err != nil {
			return err
		}
	}
	return nil
}

// first keeps the first n people of a dataset.
func first(d *paper.Dataset, n int) *paper.Dataset {
	d.People = d.People[:n]
	cut := func(columns ...*[]float64) {
		for _, c := range columns {
			if *c != nil {
				*c = (*c)[:n]
			}
		}
	}
	for w := range d.States {
		d.States[w] = d.States[w][:n]
	}
	for i := range d.Measures {
		m := &d.Measures[i]
		for w := range m.Values {
			cut(&m.Values[w])
			for k := range m.Items.Values[w] {
				cut(&m.Items.Values[w][k])
			}
		}
	}
	for i := range d.Doses {
		cut(&d.Doses[i].Values)
	}
	for i := range d.Experience {
		cut(&d.Experience[i].Values)
	}
	return d
}

// inTwoRuns takes the people of a dataset for those of two course runs.
func inTwoRuns(d *paper.Dataset) *paper.Dataset {
	for i := range d.People {
		d.People[i].Run = i % 2
	}
	return d
}
