package main

import (
	"fmt"
	"slices"
	"strings"

	"tidemark/internal/trials"
)

// section is a part of the report.
type section struct {
	title string
	rows  []row
}

// row is one promise.
type row struct {
	// key is that of the results that belong to it; empty: nothing is counted.
	key string
	// promise is what is promised, in a sentence.
	promise string
	// goal is how often it is to be tried, and what passes; atLeast is the number of
	// trials, on each database, that reach it.
	goal    string
	atLeast int
	// tests are those that hold it, as "web.TestName", with the folder before the name.
	tests []string
	// missing says what is not tested or not built, and why.
	missing string
	// note says what the tests take for granted.
	note string
}

// state is how a promise stands.
type state string

// From the best to the worst.
const (
	heldInFull  state = "held in full"
	heldInShort state = "held, in fewer trials than the goal"
	tested      state = "tested"
	inPart      state = "tested in part"
	notTested   state = "not tested"
	failed      state = "FAILED"
)

func (r row) state(results []trials.Result) state {
	of := r.results(results)
	short := false
	for _, one := range of {
		if !one.Passed {
			return failed
		}
		short = short || one.Trials < r.atLeast
	}
	switch {
	case len(r.tests) == 0:
		return notTested
	case r.missing != "":
		return inPart
	case len(of) == 0:
		return tested
	case short:
		return heldInShort
	}
	return heldInFull
}

func (r row) results(all []trials.Result) []trials.Result {
	if r.key == "" {
		return nil
	}
	return slices.DeleteFunc(slices.Clone(all), func(one trials.Result) bool { return one.Row != r.key })
}

const head = `# Trust report

<!-- Made by go run ./internal/trustreport; edits are lost. -->

What Tidemark promises, the tests that hold it, and what their last counted run
found. Every test named here runs with all others before a change lands, unless its
line says otherwise; fault suites run there in a short form and in full by
` + "`make soak`" + `, load by ` + "`make load`" + `. A figure stands here only if a run wrote it down.
What is not tested is said too.

* **held in full**: the last counted run tried it as often as the goal says.
* **held, in fewer trials than the goal**: so far only the short form was counted.
* **tested**: tests hold it, and nothing is counted.
* **tested in part**, **not tested**: the line says what is missing.

With nothing lost in *n* trials, fewer than about 3/*n* of such events lose anything
(95 %).
`

// render writes the report.
func render(sections []section, results []trials.Result) (string, error) {
	known := map[string]bool{}
	var b strings.Builder
	b.WriteString(head)
	counts := map[state]int{}
	for _, s := range sections {
		for _, r := range s.rows {
			counts[r.state(results)]++
			known[r.key] = true
		}
	}
	for _, r := range results {
		if !known[r.Row] {
			return "", fmt.Errorf("results of %q belong to no promise", r.Row)
		}
	}
	b.WriteString("\n| State | Promises |\n|---|---:|\n")
	for _, s := range []state{failed, heldInFull, heldInShort, tested, inPart, notTested} {
		if counts[s] > 0 {
			fmt.Fprintf(&b, "| %s | %d |\n", s, counts[s])
		}
	}
	for _, s := range sections {
		fmt.Fprintf(&b, "\n## %s\n", s.title)
		for _, r := range s.rows {
			r.render(&b, results)
		}
	}
	return b.String(), nil
}

func (r row) render(b *strings.Builder, results []trials.Result) {
	fmt.Fprintf(b, "\n### %s\n\n**%s.**", r.promise, sentence(string(r.state(results))))
	if r.goal != "" {
		fmt.Fprintf(b, " Goal: %s.", r.goal)
	}
	b.WriteString("\n")
	if r.missing != "" {
		fmt.Fprintf(b, "\nMissing: %s.\n", r.missing)
	}
	if r.note != "" {
		fmt.Fprintf(b, "\n%s.\n", sentence(r.note))
	}
	if of := r.results(results); len(of) > 0 {
		b.WriteString("\n| On | Trials | Acknowledged | Lost | Altered | Doubled | Besides | Run |\n|---|---:|---:|---:|---:|---:|---|---|\n")
		for _, one := range of {
			var figures []string
			for _, f := range one.Figures {
				figures = append(figures, f.Name+" "+f.String())
			}
			failed := ""
			if !one.Passed {
				failed = "**failed**; "
			}
			fmt.Fprintf(b, "| %s%s | %d | %d | %d | %d | %d | %s%s | %s, %.0f s, `%s`, %s |\n", one.Database, variant(one.Test), one.Trials, one.Acked, one.Lost, one.Altered, one.Doubled,
				failed, strings.Join(figures, "; "), one.At.Format("2006-01-02"), one.Seconds, one.Commit, one.Machine)
		}
	}
	if len(r.tests) > 0 {
		b.WriteString("\n")
		for _, t := range r.tests {
			folder, name, _ := cutLast(t)
			fmt.Fprintf(b, "* `%s` in `%s`\n", name, folder)
		}
	}
}

// variant is the part of a test that ran, if it has parts.
func variant(test string) string {
	if _, part, ok := strings.Cut(test, "/"); ok {
		return ", " + strings.ReplaceAll(part, "_", " ")
	}
	return ""
}

func sentence(s string) string { return strings.ToUpper(s[:1]) + s[1:] }

// cutLast takes a test apart: its folder and its name.
func cutLast(test string) (folder, name string, ok bool) {
	i := strings.LastIndex(test, ".")
	if i < 0 {
		return "", test, false
	}
	return test[:i], test[i+1:], true
}
