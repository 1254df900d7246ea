package main

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"tidemark/internal/stage"
	"tidemark/survey"
	"tidemark/survey/store"
	"tidemark/survey/storetest"
)

// kept is an installation with people in it and a place for its backups.
type kept struct {
	*stage.Stage

	dsn, place, key, public string
	people                  []stage.Person
}

// flags are those of a command on the installation.
func (k *kept) flags(more ...string) []string {
	return append([]string{"--database", k.dsn, "--secret-file", k.SecretFile}, more...)
}

func (k *kept) backUp(t *testing.T, more ...string) string {
	t.Helper()
	r := must(t, "", append([]string{"backup", "--to", k.place, "--recipient", k.public}, k.flags(more...)...)...)
	if !strings.Contains(r.stdout, "\nproved: restored and compared row by row\n") {
		t.Fatalf("it is not proved: %s", r.stdout)
	}
	name, _, _ := strings.Cut(r.stdout, " ")
	return name
}

func (k *kept) restore(t *testing.T, to string, more ...string) result {
	t.Helper()
	return tidemark(t, "", append([]string{"restore", "--from", k.place, "--identity-file", k.key, "--database", to, "--secret-file", k.SecretFile}, more...)...)
}

func keep(t *testing.T, dsn string, people int) *kept {
	t.Helper()
	dir := t.TempDir()
	s, err := stage.Set(t.Context(), dsn, dir)
	do(t, err)
	t.Cleanup(func() { do(t, s.Store.Close()) })
	k := &kept{Stage: s, dsn: dsn, place: filepath.Join(dir, "backups"), key: filepath.Join(dir, "tidemark.key")}
	k.people, err = s.Add(t.Context(), people)
	do(t, err)
	k.public = strings.TrimSpace(must(t, "", "backup", "key", "--out", k.key).stdout)
	return k
}

// onBoth runs a test on an empty database of each engine.
func onBoth(t *testing.T, test func(t *testing.T, dsn string, another func() string)) {
	t.Helper()
	t.Run("sqlite", func(t *testing.T) {
		t.Parallel()
		another := func() string { return filepath.Join(t.TempDir(), "tidemark.db") }
		test(t, another(), another)
	})
	t.Run("postgres", func(t *testing.T) {
		t.Parallel()
		test(t, storetest.PostgresDSN(t), func() string { return storetest.PostgresDSN(t) })
	})
}

// inventory is what a database holds.
func inventory(t *testing.T, dsn string) (i survey.Inventory) {
	t.Helper()
	db, err := store.Open(t.Context(), dsn)
	do(t, err)
	i, err = db.Inventory(t.Context())
	do(t, err, db.Close())
	return i
}

func TestABackupIsPutBackAsItWas(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, dsn string, another func() string) {
		k := keep(t, dsn, 3)
		before, err := k.Store.Inventory(t.Context())
		do(t, err)
		// Written by the command that makes the backup, before it does.
		name := k.backUp(t)
		list := must(t, "", "backup", "list", "--to", k.place).stdout
		if !strings.Contains(list, name) || strings.Count(list, "\n") != 1 {
			t.Errorf("the list is %q", list)
		}
		fresh := another()
		r := k.restore(t, fresh)
		if r.code != exitOK || !strings.Contains(r.stdout, "compared row by row\nnobody had to be erased again\n") {
			t.Fatalf("%d: %s%s", r.code, r.stdout, r.stderr)
		}
		for _, d := range before.Differences(inventory(t, fresh)) {
			// Lines of the trail got their place meanwhile.
			if !strings.HasPrefix(d, "backup") && !strings.Contains(d, "audit_") {
				t.Errorf("it is not as it was: %s", d)
			}
		}
		// What is there is not overwritten, unless it is said; then it is put aside.
		if r := k.restore(t, fresh); r.code != exitFailure || !strings.Contains(r.stderr, "has something in it") {
			t.Errorf("%d: %s%s", r.code, r.stdout, r.stderr)
		}
		_, err = k.Add(t.Context(), 1)
		do(t, err)
		if r := k.restore(t, fresh, "--replace"); r.code != exitOK || !strings.Contains(r.stdout, "what was there before is in ") {
			t.Errorf("%d: %s%s", r.code, r.stdout, r.stderr)
		}
		must(t, "", "backup", "verify", "--to", k.place, "--identity-file", k.key, "--database", dsn)
	})
}

func TestWhoeverWasErasedSinceIsErasedAgain(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, dsn string, another func() string) {
		k := keep(t, dsn, 3)
		older := k.backUp(t)
		erase(t, k, 0)
		k.backUp(t)
		// Neither a file of erasures nor the database is left, but the newer backup.
		fresh := another()
		r := k.restore(t, fresh, older)
		if r.code != exitOK || !strings.Contains(r.stdout, "erased 1 person again") {
			t.Fatalf("%d: %s%s", r.code, r.stdout, r.stderr)
		}
		db, err := store.Open(t.Context(), fresh)
		do(t, err)
		all, err := db.AllErasures(t.Context())
		do(t, err, db.Close())
		if len(all) != 1 || all[0].EnrolmentID != k.people[0].Enrolment.ID {
			t.Errorf("the erasures are %+v", all)
		}
		// The database that is replaced knows of one that no backup knows.
		erase(t, k, 1)
		do(t, k.Store.Close())
		r = k.restore(t, dsn, "--replace", older)
		if r.code != exitOK || !strings.Contains(r.stdout, "erased 2 people again") {
			t.Fatalf("%d: %s%s", r.code, r.stdout, r.stderr)
		}
	})
}

// erase erases a person as they would themselves.
func erase(t *testing.T, k *kept, n int) {
	t.Helper()
	ctx := context.WithoutCancel(t.Context())
	p, err := k.Store.Participation(ctx, k.Design.Study.ID, k.people[n].Enrolment.ID)
	do(t, err)
	_, err = k.Cases.Erasures.Erase(ctx, survey.Actor{Kind: survey.ActorParticipant, Participation: p}, "")
	do(t, err)
}

func TestADamagedBackupIsRefused(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	k := keep(t, filepath.Join(dir, "tidemark.db"), 1)
	name := k.backUp(t)
	path := filepath.Join(k.place, name)
	whole, err := os.ReadFile(path)
	do(t, err)
	other := filepath.Join(dir, "other.key")
	must(t, "", "backup", "key", "--out", other)
	verify := func(key string) result {
		return tidemark(t, "", "backup", "verify", "--to", k.place, "--identity-file", key)
	}
	if r := verify(other); r.code != exitFailure || !strings.Contains(r.stderr, "none of the keys given opens this backup") {
		t.Errorf("with another key: %d %s", r.code, r.stderr)
	}
	fresh := filepath.Join(dir, "fresh.db")
	for _, at := range []int{0, 40, len(whole) / 3, len(whole) / 2, len(whole) - 1} {
		for what, bad := range map[string][]byte{"cut off": whole[:at], "with a byte changed": flipped(whole, at)} {
			do(t, os.WriteFile(path, bad, 0o600))
			r, again := verify(k.key), k.restore(t, fresh)
			if r.code != exitFailure || again.code != exitFailure || !strings.Contains(r.stderr+again.stderr, "damaged") && !strings.Contains(r.stderr, "none of the keys") {
				t.Errorf("%s at %d of %d: %d %s / %d %s", what, at, len(whole), r.code, r.stderr, again.code, again.stderr)
			}
			if _, err := os.Stat(fresh); err == nil {
				t.Fatalf("%s at %d: a database came of it", what, at)
			}
		}
	}
	do(t, os.WriteFile(path, whole, 0o600))
	if r := verify(k.key); r.code != exitOK {
		t.Errorf("whole again: %s", r.stderr)
	}
	// Neither the secret nor the key is in it; nor can it be read.
	secret, err := os.ReadFile(k.SecretFile)
	do(t, err)
	if bytes.Contains(whole, []byte("SQLite format")) || bytes.Contains(whole, bytes.TrimSpace(secret)) {
		t.Error("it can be read without a key")
	}
}

func flipped(b []byte, at int) []byte {
	b = bytes.Clone(b)
	b[at] ^= 1
	return b
}

func TestServersMakePlannedBackupsByTurns(t *testing.T) {
	t.Parallel()
	k := keep(t, storetest.PostgresDSN(t), 1)
	var servers []*service
	for range 2 {
		servers = append(servers, start(t, append([]string{"serve", "--addr", "127.0.0.1:0", "--backup-to", k.place, "--backup-recipient", k.public}, k.flags()...)...))
	}
	const said = "made a backup and proved it"
	both := func() string { return servers[0].err.String() + servers[1].err.String() }
	servers[0].await(t, both, said)
	for _, s := range servers {
		s.stop(t)
	}
	list, err := os.ReadDir(k.place)
	do(t, err)
	if len(list) != 1 || strings.Count(both(), said) != 1 {
		t.Errorf("there are %d backups; the servers say:\n%s", len(list), both())
	}
	s, err := k.Cases.Backups.Latest(t.Context(), stage.Actor())
	do(t, err)
	if len(s.Problems) > 0 || s.Newest == nil || s.Newest.Name != list[0].Name() || s.Newest.Place != k.place || s.Newest.KeepDays != 28 {
		t.Errorf("it stands as %+v", s)
	}
	r := tidemark(t, "", append([]string{"serve", "--backup-to", k.place}, k.flags()...)...)
	if r.code != exitWrongUse || !strings.Contains(r.stderr, "always encrypted") {
		t.Errorf("without a key: %d %s", r.code, r.stderr)
	}
}
