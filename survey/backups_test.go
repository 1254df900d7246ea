package survey_test

import (
	"context"
	"errors"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"

	"tidemark/survey"
	"tidemark/survey/storetest"
)

// keeper is use cases on a database and a clock that a test moves.
type keeper struct {
	cases *survey.UseCases
	now   time.Time
}

func newKeeper(t *testing.T, open storetest.Opener) *keeper {
	t.Helper()
	k := &keeper{now: time.Date(2026, 11, 30, 2, 0, 0, 0, time.UTC)}
	k.cases = survey.NewUseCases(survey.Env{Store: open(t), Now: func() time.Time { return k.now }, NewID: func() string { return uuid.Must(uuid.NewV7()).String() }})
	return k
}

func (k *keeper) standing(t *testing.T) survey.BackupStanding {
	t.Helper()
	s, err := k.cases.Backups.Latest(t.Context(), survey.SystemActor("test"))
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// run makes one that ends as it is told.
func (k *keeper) run(t *testing.T, b survey.Backup, end func(*survey.Backup) error) error {
	t.Helper()
	b.Place = "there"
	_, _, err := k.cases.Backups.Run(t.Context(), survey.SystemActor("test"), b, func(_ context.Context, b *survey.Backup) error { return end(b) })
	return err
}

func TestItIsSaidWhenBackupsAreNotAsTheyShouldBe(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, open storetest.Opener) {
		k := newKeeper(t, open)
		daily := survey.Backup{Why: survey.BackupScheduled, Every: 24 * time.Hour, KeepDays: 28}
		proved := func(b *survey.Backup) error {
			b.Name, b.Bytes, b.ProvedAt = "one", 1, k.now
			return nil
		}
		unproved := func(b *survey.Backup) error {
			b.Name, b.Fault = "two", "no right to make a database"
			return nil
		}
		broken := errors.New("the disk is full")
		fails := func(*survey.Backup) error { return broken }
		want := func(what string, problems ...survey.BackupProblem) {
			t.Helper()
			if got := k.standing(t).Problems; !slices.Equal(got, problems) {
				t.Errorf("%s: got %v, want %v", what, got, problems)
			}
			for _, p := range problems {
				if !p.Valid() {
					t.Errorf("%s has no words", p)
				}
			}
		}
		due := func(what string, want bool) {
			t.Helper()
			if got, err := k.cases.Backups.Due(t.Context(), survey.SystemActor("test"), daily.Every); err != nil || got != want {
				t.Errorf("%s: due %v (%v), want %v", what, got, err, want)
			}
		}
		want("at first", survey.BackupNever)
		due("at first", true)
		if err := k.run(t, daily, fails); !errors.Is(err, broken) {
			t.Errorf("what went wrong is not told: %v", err)
		}
		want("after a failure", survey.BackupNever, survey.BackupFailing)
		due("right after a failure", false)
		k.now = k.now.Add(15 * time.Minute)
		due("a quarter of an hour after a failure", true)
		if err := k.run(t, daily, proved); err != nil {
			t.Fatal(err)
		}
		want("after one")
		due("after one", false)
		if s := k.standing(t); s.Newest == nil || s.Newest.Name != "one" || s.Newest.Every != daily.Every || s.Newest.KeepDays != 28 || !s.Newest.ProvedAt.Equal(k.now) {
			t.Errorf("the newest is %+v", s.Newest)
		}
		k.now = k.now.Add(25 * time.Hour)
		due("a day later", true)
		if err := k.run(t, daily, unproved); err != nil {
			t.Fatal(err)
		}
		want("after one that was not proved", survey.BackupUnproved)
		if s := k.standing(t); s.Proved == nil || s.Proved.Name != "one" || s.Newest.Fault == "" {
			t.Errorf("the newest is %+v, the newest proved %+v", s.Newest, s.Proved)
		}
		k.now = k.now.Add(49 * time.Hour)
		want("two days later", survey.BackupTooOld, survey.BackupUnproved)
		long := survey.Backup{Why: survey.BackupAsked, KeepDays: 62}
		if err := k.run(t, long, proved); err != nil {
			t.Fatal(err)
		}
		want("under a long rule", survey.BackupKeptLong)
		k.now = k.now.Add(time.Minute)
		if err := k.run(t, survey.Backup{Why: survey.BackupAsked}, proved); err != nil {
			t.Fatal(err)
		}
		want("without a rule", survey.BackupUnbounded)
	})
}

func TestOneBackupIsMadeAtATime(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, open storetest.Opener) {
		k := newKeeper(t, open)
		daily := survey.Backup{Why: survey.BackupScheduled, Every: 24 * time.Hour}
		var mu sync.Mutex
		running, most, made := 0, 0, 0
		var wait sync.WaitGroup
		for range 6 {
			wait.Go(func() {
				err := k.run(t, daily, func(b *survey.Backup) error {
					mu.Lock()
					running++
					most, made = max(most, running), made+1
					mu.Unlock()
					// The others come meanwhile.
					if err := k.run(t, survey.Backup{Why: survey.BackupAsked}, func(*survey.Backup) error { return nil }); !errors.Is(err, survey.ErrBackupTurn) {
						t.Errorf("another began: %v", err)
					}
					mu.Lock()
					running--
					mu.Unlock()
					b.Name = "one"
					return nil
				})
				if err != nil && !errors.Is(err, survey.ErrBackupTurn) {
					t.Error(err)
				}
			})
		}
		wait.Wait()
		if made != 1 || most != 1 {
			t.Errorf("%d were made, %d at once", made, most)
		}
		// A server that died in the midst is replaced, and it is said.
		died := make(chan struct{})
		ctx, kill := context.WithCancel(t.Context())
		k.now = k.now.Add(25 * time.Hour)
		go func() {
			defer close(died)
			_, _, _ = k.cases.Backups.Run(ctx, survey.SystemActor("test"), survey.Backup{Why: survey.BackupAsked, Place: "there"}, func(ctx context.Context, b *survey.Backup) error {
				k.now = k.now.Add(6 * time.Minute)
				err := k.run(t, daily, func(b *survey.Backup) error { b.Name = "two"; return nil })
				if err != nil {
					t.Errorf("nobody takes over: %v", err)
				}
				if s := k.standing(t); s.Newest.Name != "two" || len(s.Problems) == 0 {
					t.Errorf("it stands as %+v", s)
				}
				kill()
				return ctx.Err()
			})
		}()
		<-died
	})
}
