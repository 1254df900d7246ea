package main

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// failing is a package with a test that fails once, one that always does, and one
// that never does.
const failing = `package p

import ("os"; "testing")

func TestOnce(t *testing.T) {
	t.Run("part", func(t *testing.T) {
		if _, err := os.Stat("been"); err != nil {
			os.WriteFile("been", nil, 0o600)
			t.Fatal("the first time")
		}
	})
}
func TestAlways(t *testing.T) { if os.Getenv("STEADY") == "" { t.Fatal("every time") } }
func TestNever(t *testing.T) {}
`

func TestWhatPassesByItselfIsNamedAndWhatDoesNotFails(t *testing.T) { // changes the folder
	for _, run := range []struct {
		env            string
		again          int
		passed, failed int
		unsteady       []testName
	}{
		{env: "STEADY=1", again: 2, passed: 3, unsteady: []testName{{"p", "TestOnce"}}},
		{again: 2, passed: 2, failed: 1, unsteady: []testName{{"p", "TestOnce"}}},
		{again: 1, passed: 1, failed: 2}, // too many to be by chance
		{again: 0, passed: 1, failed: 2},
	} {
		dir := t.TempDir()
		for name, text := range map[string]string{"go.mod": "module p\n", "p_test.go": failing} {
			if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
				t.Fatal(err)
			}
		}
		t.Chdir(dir)
		var out bytes.Buffer
		c := &checks{out: &out, again: run.again, packages: []string{"./..."}, count: 1}
		env := append(os.Environ(), run.env)
		tally, err := c.test(t.Context(), env)
		if err != nil {
			t.Fatal(err)
		}
		if err := c.tryAgain(t.Context(), env, tally); err != nil {
			t.Fatal(err)
		}
		c.unsteadies(tally)
		if tally.passed != run.passed || tally.failed != run.failed {
			t.Errorf("again %d: %d passed, %d failed, want %d, %d\n%s", run.again, tally.passed, tally.failed, run.passed, run.failed, &out)
		}
		if d := cmp.Diff(tally.unsteady, run.unsteady, cmp.AllowUnexported(testName{})); d != "" {
			t.Errorf("again %d: unsteady (-got +want):\n%s", run.again, d)
		}
		for _, u := range run.unsteady {
			if !strings.Contains(out.String(), u.pkg+"."+u.test) {
				t.Errorf("%v is not named:\n%s", u, &out)
			}
		}
	}
}
