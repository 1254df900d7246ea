package main

import (
	"cmp"
	"fmt"
	"io"
	"maps"
	"regexp"
	"slices"
	"strings"
)

// tally counts tests: the leaves, so that a test with subtests counts as these.
type tally struct {
	out      io.Writer
	passed   int
	failed   int
	skips    []skip
	unsteady []testName // those that passed by themselves, see checks.tryAgain
	ended    bool       // a package did not build or did not come to its end
	broken   []testName // tests, not subtests, that failed
	packages map[string]*pkg
	builds   map[string]*strings.Builder // what the compiler said
}

// skip is a test that did not run, and why.
type skip struct{ test, reason string }

// testName is a test that go test -run can be asked for.
type testName struct{ pkg, test string }

// pkg is a package whose tests are running.
type pkg struct {
	tests  map[string]*test
	order  []string
	output strings.Builder // outside of any test
}

type test struct {
	outcome  string // pass, fail, skip; empty: not ended
	subtests bool
	output   strings.Builder
}

func newTally(out io.Writer) *tally {
	return &tally{out: out, packages: map[string]*pkg{}, builds: map[string]*strings.Builder{}}
}

func (t *tally) say(format string, args ...any) {
	_, _ = fmt.Fprintf(t.out, format, args...) // see checks.say
}

// note takes one event.
func (t *tally) note(e event) {
	if e.ImportPath != "" { // building, before any test
		if t.builds[e.ImportPath] == nil {
			t.builds[e.ImportPath] = &strings.Builder{}
		}
		t.builds[e.ImportPath].WriteString(e.Output)
		return
	}
	p := t.packages[e.Package]
	if p == nil {
		p = &pkg{tests: map[string]*test{}}
		t.packages[e.Package] = p
	}
	if e.Test == "" {
		t.notePackage(p, e)
		return
	}
	one := p.tests[e.Test]
	if one == nil {
		one = &test{}
		p.tests[e.Test] = one
		p.order = append(p.order, e.Test)
		if i := strings.LastIndex(e.Test, "/"); i > 0 && p.tests[e.Test[:i]] != nil {
			p.tests[e.Test[:i]].subtests = true
		}
	}
	switch e.Action {
	case "output":
		if !strings.HasPrefix(e.Output, "=== ") {
			one.output.WriteString(e.Output)
		}
	case "pass", "fail", "skip":
		one.outcome = e.Action
	}
}

// notePackage takes an event of a package, and reports on it once it has ended.
func (t *tally) notePackage(p *pkg, e event) {
	switch e.Action {
	case "output":
		p.output.WriteString(e.Output)
	case "pass":
		n := t.count(e.Package, p)
		if len(p.order) > 0 {
			t.say("ok    %-36s %4d %6.1fs%s\n", e.Package, n.passed, e.Elapsed, n.rest())
		}
	case "fail":
		n := t.count(e.Package, p)
		t.say("FAIL  %-36s %4d %6.1fs%s\n", e.Package, n.passed, e.Elapsed, n.rest())
		t.explain(p, e, n)
		if n.failed == 0 {
			t.failed++ // it did not build, or ended before its tests did
			t.ended = true
		}
	}
}

// counts are those of one package.
type counts struct{ passed, failed, skipped int }

func (n counts) rest() string {
	var b strings.Builder
	if n.failed > 0 {
		fmt.Fprintf(&b, "  %d failed", n.failed)
	}
	if n.skipped > 0 {
		fmt.Fprintf(&b, "  %d skipped", n.skipped)
	}
	return b.String()
}

func (t *tally) count(name string, p *pkg) counts {
	var n counts
	broken := map[string]bool{} // tests with a subtest that failed
	for _, test := range slices.Backward(p.order) {
		one := p.tests[test]
		if i := strings.LastIndex(test, "/"); i > 0 && one.outcome == "fail" {
			broken[test[:i]] = true
		}
		if one.outcome == "fail" && !strings.Contains(test, "/") {
			t.broken = append(t.broken, testName{name, test})
		}
		switch {
		case one.outcome == "fail" && !broken[test]:
			n.failed++
		case one.subtests:
		case one.outcome == "pass":
			n.passed++
		case one.outcome == "skip":
			n.skipped++
			t.skips = append(t.skips, skip{name + "." + test, reason(one.output.String())})
		}
	}
	t.passed += n.passed
	t.failed += n.failed
	return n
}

// explain shows what a package that failed has said.
func (t *tally) explain(p *pkg, e event, n counts) {
	if b := t.builds[e.FailedBuild]; b != nil {
		t.say("%s", b)
	}
	for _, name := range p.order {
		if one := p.tests[name]; one.outcome == "fail" || one.outcome == "" {
			t.say("%s", one.output.String())
		}
	}
	if n.failed == 0 {
		t.say("%s", p.output.String())
	}
}

// place is where a message was written, which is in the way of grouping them.
var place = regexp.MustCompile(`(?m)^\s*[^\s:]+\.go:\d+: `)

// reason is what a skipped test has said.
func reason(output string) string {
	for line := range strings.Lines(output) {
		if at := place.FindStringIndex(line); at != nil {
			return strings.TrimSpace(line[at[1]:])
		}
	}
	return "no reason given"
}

// reasons lists why tests were skipped, each reason once.
func (t *tally) reasons(out io.Writer) {
	by := map[string][]string{}
	for _, s := range t.skips {
		by[s.reason] = append(by[s.reason], s.test)
	}
	why := slices.SortedFunc(maps.Keys(by), func(a, b string) int {
		return cmp.Or(len(by[b])-len(by[a]), cmp.Compare(a, b))
	})
	if len(why) > 0 {
		_, _ = fmt.Fprintln(out, "\nskipped:") // see checks.say
	}
	for _, reason := range why {
		_, _ = fmt.Fprintf(out, "  %4d  %s (%s)\n", len(by[reason]), reason, some(by[reason]))
	}
}

// some names the first of many tests.
func some(tests []string) string {
	slices.Sort(tests)
	if len(tests) == 1 {
		return tests[0]
	}
	return fmt.Sprintf("%s and %d more", tests[0], len(tests)-1)
}
