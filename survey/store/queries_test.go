package store_test

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"tidemark/survey"
	"tidemark/survey/auth"
	"tidemark/survey/rehearsal"
	"tidemark/survey/store"
	"tidemark/survey/storetest"
)

const secret = "00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff"

var storyEnds = time.Date(2026, 11, 24, 14, 30, 0, 0, time.UTC)

// rehearsed is a store with a rehearsal of n people in it.
func rehearsed(t *testing.T, open storetest.Opener, n int) (*store.Store, *rehearsal.Result) {
	t.Helper()
	s := open(t)
	keys, err := auth.New(secret)
	if err != nil {
		t.Fatal(err)
	}
	r, err := rehearsal.Play(t.Context(), rehearsal.Options{Store: s, Keys: keys, Seed: 1, Now: storyEnds, People: n})
	if err != nil {
		t.Fatal(err)
	}
	return s, r
}

// statements counts what each page and use case asks of the database.
func statements(t *testing.T, s *store.Store, r *rehearsal.Result) map[string]int {
	t.Helper()
	keys, err := auth.New(secret)
	if err != nil {
		t.Fatal(err)
	}
	ids := 0
	cases := survey.NewUseCases(survey.Env{
		Store: s, Now: func() time.Time { return storyEnds }, Keys: keys,
		NewID: func() string { ids++; return fmt.Sprintf("00000000-0000-7000-8000-%012d", ids) },
	})
	ctx, actor, study := t.Context(), survey.SystemActor("test"), r.Study.ID
	cookie, person, err := cases.SignIns.ByPersonalLink(ctx, r.Participant)
	if err != nil {
		t.Fatal(err)
	}
	counts := map[string]int{}
	count := func(name string, f func(ctx context.Context) error) {
		ctx, n := store.WithQueryCount(ctx)
		if err := f(ctx); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		counts[name] = n.N()
	}
	count("participant cookie", func(ctx context.Context) error {
		_, err := cases.SignIns.Participant(ctx, cookie)
		return err
	})
	count("due", func(ctx context.Context) error {
		_, err := s.Due(ctx, study, person.Enrolment.ID)
		return err
	})
	count("design", func(ctx context.Context) error { _, err := s.Design(ctx, study); return err })
	count("runs", func(ctx context.Context) error { _, err := cases.Runs.List(ctx, actor, study); return err })
	count("board", func(ctx context.Context) error { _, err := cases.Runs.Board(ctx, actor, study, r.Ended); return err })
	count("trend", func(ctx context.Context) error {
		_, err := cases.Runs.Trend(ctx, actor, study, r.Ended)
		if errors.Is(err, survey.ErrTooFew) {
			return nil // it was found out by asking
		}
		return err
	})
	count("links", func(ctx context.Context) error {
		_, _, err := cases.Enrolments.Links(ctx, actor, study, r.Ended)
		return err
	})
	count("enrolments", func(ctx context.Context) error { _, err := s.Enrolments(ctx, study); return err })
	count("study progress", func(ctx context.Context) error { _, err := s.StudyProgress(ctx, study); return err })
	count("scores", func(ctx context.Context) error {
		return s.EachScore(ctx, study, nil, func(*survey.ScoreRow) error { return nil })
	})
	count("responses", func(ctx context.Context) error {
		return s.EachResponse(ctx, study, func(*survey.ResponseRow) error { return nil })
	})
	count("users", func(ctx context.Context) error { _, err := cases.Users.List(ctx, actor); return err })
	count("audit trail", func(ctx context.Context) error {
		_, err := cases.Audits.Page(ctx, actor, survey.AuditFilter{Study: &study, Limit: 100})
		return err
	})
	return counts
}

func TestNoPageAsksMoreOfTheDatabaseWhenThereAreMorePeople(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, open storetest.Opener) {
		few, fewResult := rehearsed(t, open, 30)
		many, manyResult := rehearsed(t, open, 90)
		got := statements(t, many, manyResult)
		if diff := cmp.Diff(got, statements(t, few, fewResult)); diff != "" {
			t.Errorf("statements with many people (-), with few (+):\n%s", diff)
		}
		for _, name := range slices.Sorted(maps.Keys(got)) {
			if got[name] < 1 || got[name] > 15 {
				t.Errorf("%s takes %d statements", name, got[name])
			}
		}
		if got["participant cookie"] != 1 || got["due"] != 1 {
			t.Errorf("a participant's request takes %d and %d statements, want 1 each", got["participant cookie"], got["due"])
		}
	})
}
