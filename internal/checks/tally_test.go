package main

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// events are what go test -json says, with the times left out.
const events = `{"Action":"start","Package":"a"}
{"Action":"run","Package":"a","Test":"TestWhole"}
{"Action":"output","Package":"a","Test":"TestWhole","Output":"=== RUN   TestWhole\n"}
{"Action":"pass","Package":"a","Test":"TestWhole"}
{"Action":"run","Package":"a","Test":"TestParts"}
{"Action":"run","Package":"a","Test":"TestParts/one"}
{"Action":"run","Package":"a","Test":"TestParts/two"}
{"Action":"output","Package":"a","Test":"TestParts/two","Output":"    a_test.go:7: two is wrong\n"}
{"Action":"pass","Package":"a","Test":"TestParts/one"}
{"Action":"fail","Package":"a","Test":"TestParts/two"}
{"Action":"fail","Package":"a","Test":"TestParts"}
{"Action":"run","Package":"a","Test":"TestDatabase"}
{"Action":"output","Package":"a","Test":"TestDatabase","Output":"    open.go:9: no PostgreSQL: set it up\n"}
{"Action":"skip","Package":"a","Test":"TestDatabase"}
{"Action":"fail","Package":"a","Elapsed":1.5}
{"ImportPath":"b [b.test]","Action":"build-output","Output":"b.go:3:1: syntax error\n"}
{"ImportPath":"b [b.test]","Action":"build-fail"}
{"Action":"start","Package":"b"}
{"Action":"fail","Package":"b","FailedBuild":"b [b.test]"}
{"Action":"start","Package":"c"}
{"Action":"run","Package":"c","Test":"TestPanics"}
{"Action":"output","Package":"c","Test":"TestPanics","Output":"panic: out of range\n"}
{"Action":"output","Package":"c","Output":"exit status 2\n"}
{"Action":"fail","Package":"c"}
{"Action":"skip","Package":"d"}
`

func TestLeavesAreCountedAndWhatFailsIsCountedOnce(t *testing.T) {
	t.Parallel()
	var out bytes.Buffer
	tally := newTally(&out)
	if err := tally.read(strings.NewReader(events)); err != nil {
		t.Fatal(err)
	}
	got := fmt.Sprintf("%d passed, %d failed, %d skipped", tally.passed, tally.failed, len(tally.skips))
	// Failed: a/TestParts/two, the build of b, the panic in c.
	if want := "2 passed, 3 failed, 1 skipped"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
	for _, want := range []string{"two is wrong", "syntax error", "panic: out of range", "exit status 2"} {
		if !strings.Contains(out.String(), want) {
			t.Errorf("%q is not shown:\n%s", want, out.String())
		}
	}
	if strings.Contains(out.String(), "=== RUN") {
		t.Errorf("shows what says nothing:\n%s", out.String())
	}
}

func TestReasonsOfSkipsAreListedOnce(t *testing.T) {
	t.Parallel()
	var out bytes.Buffer
	tally := newTally(&out)
	for _, name := range []string{"TestB", "TestA"} {
		for _, action := range []string{"run", "output", "skip"} {
			tally.note(event{Action: action, Package: "p", Test: name, Output: "    open.go:9: no PostgreSQL\n"})
		}
	}
	tally.note(event{Action: "pass", Package: "p"})
	out.Reset()
	tally.reasons(&out)
	if d := cmp.Diff(out.String(), "\nskipped:\n     2  no PostgreSQL (p.TestA and 1 more)\n"); d != "" {
		t.Errorf("reasons (-got +want):\n%s", d)
	}
}

func TestOnlyUnformattedSourcesAreNamed(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	for name, text := range map[string]string{
		"good.go":         "package p\n",
		"bad.go":          "package   p\n",
		"testdata/bad.go": "package   p\n",
		".hidden/bad.go":  "package   p\n",
	} {
		path := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	c := &checks{}
	err := c.format(dir)
	if err == nil || err.Error() != "run gofmt -w on:\n  "+filepath.Join(dir, "bad.go") {
		t.Errorf("got %v", err)
	}
	if err := os.Remove(filepath.Join(dir, "bad.go")); err != nil {
		t.Fatal(err)
	}
	if err := c.format(dir); err != nil {
		t.Errorf("got %v, want nothing", err)
	}
}

//nolint:paralleltest // changes the folder of the process
func TestTheLongestPackagesBegin(t *testing.T) {
	t.Chdir("../..")
	all := checks{packages: everything}
	args := all.arguments()
	if first := args[slices.Index(args, "./cmd/tidemark"):]; first[len(first)-1] != "./..." || len(first) != len(longest)+1 {
		t.Errorf("go %v", args)
	}
	some := checks{packages: []string{"./web"}}
	if args := some.arguments(); args[len(args)-1] != "./web" || slices.Contains(args, "./cmd/tidemark") {
		t.Errorf("go %v", args)
	}
}
