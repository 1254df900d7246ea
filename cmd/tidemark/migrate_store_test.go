package main

import (
	"path/filepath"
	"strings"
	"testing"

	"tidemark/internal/stage"
	"tidemark/survey/storetest"
)

func TestADatabaseMovesToTheOtherEngineAndBack(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	first, back, postgres := filepath.Join(dir, "first.db"), filepath.Join(dir, "back.db"), storetest.PostgresDSN(t)
	s, err := stage.Set(t.Context(), first, dir)
	do(t, err)
	_, err = s.Add(t.Context(), 3)
	do(t, err, s.Store.Close())
	there := must(t, "", "migrate-store", "--from", first, "--to", postgres)
	again := must(t, "", "migrate-store", "--from", postgres, "--to", back)
	_, hash, found := strings.Cut(there.stdout, "sha256 ")
	if hash, _, _ = strings.Cut(hash, ")"); !found || len(hash) != 64 || !strings.Contains(again.stdout, hash) {
		t.Errorf("it said %q, and then %q", there.stdout, again.stdout)
	}
	if want := "serve with --secret-file " + first + ".secret"; !strings.Contains(there.stdout, want) {
		t.Errorf("it does not say %q: %s", want, there.stdout)
	}
	r := tidemark(t, "", "migrate-store", "--from", postgres, "--to", back)
	if r.code != exitFailure || !strings.Contains(r.stderr, "not empty") || !strings.Contains(r.stderr, back) {
		t.Errorf("a database that has something was filled: %d %s", r.code, r.stderr)
	}
	must(t, "", "admin", "study", "list", "--database", back, "--secret-file", s.SecretFile)
}
