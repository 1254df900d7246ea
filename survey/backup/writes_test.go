package backup_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"tidemark/survey"
	"tidemark/survey/backup"
	"tidemark/survey/store"
	"tidemark/survey/storetest"
)

// trials is how often a backup is made while others write: a few times, and as often
// as TIDEMARK_SOAK says in a long run.
func trials(t *testing.T) int {
	t.Helper()
	text := os.Getenv("TIDEMARK_SOAK")
	if text == "" {
		return 2
	}
	n, err := strconv.Atoi(text)
	if err != nil {
		t.Fatal(err)
	}
	return min(n, 50)
}

// maxSaved bounds what is saved in a long run.
const maxSaved = 2_000

// write saves one thing after the other until it is told to stop, and tells how many
// were acknowledged.
func write(ctx context.Context, s *store.Store, writer int, saved *atomic.Int64, first func()) error {
	defer first()
	for n := 0; ctx.Err() == nil && n < maxSaved; n++ {
		id := survey.StudyID(fmt.Sprintf("w%d-%06d", writer, n))
		err := s.InTx(context.WithoutCancel(ctx), func(tx survey.Tx) error {
			return tx.CreateStudy(ctx, survey.Study{
				ID: id, Key: string(id), State: survey.StudyDraft, Language: "en", TimeZone: "UTC", TrendMinimum: 5, CreatedAt: time.Now(),
			})
		})
		if err != nil && ctx.Err() == nil {
			return err
		}
		if err == nil {
			saved.Store(int64(n + 1))
			first()
		}
	}
	return nil
}

func TestWhatWasSavedBeforeABackupBeganIsInIt(t *testing.T) {
	t.Parallel()
	for name, engine := range map[string]struct {
		dsn   func(testing.TB) string
		kinds []backup.Kind
	}{
		"sqlite":   {storetest.SQLiteDSN, []backup.Kind{backup.KindSQLite, backup.KindRows}},
		"postgres": {storetest.PostgresDSN, []backup.Kind{backup.KindPostgres, backup.KindRows}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			dsn := engine.dsn(t)
			s := storetest.Open(t, dsn)
			const writers = 3
			var saved [writers]atomic.Int64
			ctx, stop := context.WithCancel(t.Context())
			defer stop()
			var wait, begun sync.WaitGroup
			begun.Add(writers)
			for w := range writers {
				wait.Go(func() {
					if err := write(ctx, s, w, &saved[w], sync.OnceFunc(begun.Done)); err != nil {
						t.Error(err)
					}
				})
			}
			begun.Wait()
			for trial := range trials(t) {
				kind := engine.kinds[trial%len(engine.kinds)]
				t.Run(fmt.Sprintf("%s %d", kind, trial), func(t *testing.T) {
					var before [writers]int64
					for w := range writers {
						before[w] = saved[w].Load()
					}
					lost(t, made(t, s, dsn, kind), engine.dsn(t), before[:])
				})
			}
			stop()
			wait.Wait()
		})
	}
}

// made is a proved backup.
func made(t *testing.T, s *store.Store, dsn string, kind backup.Kind) *backup.Archive {
	t.Helper()
	secret, public, err := backup.NewIdentity()
	if err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(t.TempDir(), "key")
	if err := os.WriteFile(file, []byte(secret), 0o600); err != nil {
		t.Fatal(err)
	}
	keys, err := backup.KeyFiles{Recipients: []string{public}, IdentityFile: file}.Read()
	if err != nil {
		t.Fatal(err)
	}
	place := backup.Folder{Path: t.TempDir()}
	m := backup.Maker{
		Store: s, DSN: dsn, Place: place, Keys: keys, Kind: kind, Scratch: t.TempDir(), Program: "test", Now: time.Now,
		Erasures: func([]survey.Erasure) ([]byte, error) { return nil, nil },
	}
	b, err := m.Make(t.Context())
	if err != nil || b.Unproved != nil {
		t.Fatal(errors.Join(err, b.Unproved))
	}
	r, err := place.Get(t.Context(), b.Name)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := r.Close(); err != nil {
			t.Error(err)
		}
	})
	a, err := backup.Open(r, keys.Identities...)
	if err != nil {
		t.Fatal(err)
	}
	return a
}

// lost restores a backup and looks for what was saved before it began.
func lost(t *testing.T, a *backup.Archive, dsn string, before []int64) {
	t.Helper()
	if err := a.Restore(t.Context(), dsn, t.TempDir()); err != nil {
		t.Fatal(err)
	}
	s, err := store.Open(t.Context(), dsn)
	if err != nil {
		t.Fatal(err)
	}
	defer func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	}()
	studies, err := s.Studies(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	there := map[string]bool{}
	for _, study := range studies {
		there[string(study.ID)] = true
	}
	for w, n := range before {
		for i := range n {
			if id := fmt.Sprintf("w%d-%06d", w, i); !there[id] {
				t.Errorf("%s was acknowledged before the backup began and is not in it", id)
			}
		}
	}
}
