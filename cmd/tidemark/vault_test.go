package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"tidemark/internal/stage"
	"tidemark/survey"
)

// TestAnInstallationIsPutUnderAKeyOfItsOwn goes from the key made from the secret to
// one in a file, and to another.
func TestAnInstallationIsPutUnderAKeyOfItsOwn(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	db := filepath.Join(dir, "tidemark.db")
	s, err := stage.Set(t.Context(), db, dir)
	if err != nil {
		t.Fatal(err)
	}
	_, err = s.Cases.Runs.AddPeople(t.Context(), stage.Actor(), s.Design.Study.ID, s.Run.ID,
		[]survey.Person{{Name: "Cnry Fairweather", Email: "cnry@example.org"}}, s.Design.Arms[0].ID)
	do(t, err)
	do(t, s.Store.Close())
	key := func(name string) string {
		t.Helper()
		path := filepath.Join(dir, name)
		do(t, os.WriteFile(path, []byte(must(t, "", "vault", "key").stdout), 0o600))
		return path
	}
	first, second, other := key("first.key"), key("second.key"), key("other.key")
	on := func(command string, flags ...string) []string {
		return append(append(strings.Fields(command), "--database", db, "--secret-file", s.SecretFile), flags...)
	}
	refused := func(want string, args []string) {
		t.Helper()
		r := tidemark(t, "", args...)
		if r.code != exitFailure || !strings.Contains(r.stderr, want) || strings.Contains(r.stderr+r.stdout, "Cnry") {
			t.Errorf("%v: exit %d, %s", args, r.code, r.stderr)
		}
	}
	if got := must(t, "", on("vault status")...).stdout; !strings.Contains(got, "people sealed:          1\n") || !strings.Contains(got, "left unsealed:          false\n") {
		t.Errorf("status: %s", got)
	}
	if got := must(t, "", on("vault rotate", "--vault-key-file", first)...).stdout; !strings.Contains(got, "keys wrapped anew: 1\n") {
		t.Errorf("rotate: %s", got)
	}
	refused("--vault-key-file", on("admin list"))
	refused("--vault-key-file", on("admin list", "--vault-key-file", other))
	refused("64 hexadecimal digits", on("admin list", "--vault-key-file", db))
	refused("no such file", on("admin list", "--vault-key-file", filepath.Join(dir, "none")))
	refused("--vault-key-file", on("vault rotate", "--vault-key-file", second))
	must(t, "", on("admin list", "--vault-key-file", first)...)
	must(t, "", on("vault rotate", "--vault-key-file", second+","+first)...)
	must(t, "", on("vault rotate", "--vault-key-file", second)...) // nothing is left to do
	refused("--vault-key-file", on("admin list", "--vault-key-file", first))
	must(t, "", on("admin list", "--vault-key-file", other+","+second)...)
	must(t, "", on("migrate", "--vault-key-file", second)...)
}
