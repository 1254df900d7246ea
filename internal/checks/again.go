package main

import (
	"context"
	"maps"
	"slices"
	"strings"
)

// tryAgain runs the tests that failed once more, by themselves, when they are few.
// Those that pass then depend on what else the machine does; they are named, so that
// somebody mends them, and do not keep everything else from being of use. What did not
// build or did not come to its end stays failed.
func (c *checks) tryAgain(ctx context.Context, env []string, t *tally) error {
	if len(t.broken) == 0 || len(t.broken) > c.again || t.ended || ctx.Err() != nil {
		return nil
	}
	by := map[string][]string{}
	for _, b := range t.broken {
		by[b.pkg] = append(by[b.pkg], b.test)
	}
	c.say("\nfailed, and run again by itself:\n")
	failed := 0
	for _, pkg := range slices.Sorted(maps.Keys(by)) {
		one := *c
		one.packages, one.count, one.run = []string{pkg}, 1, "^("+strings.Join(by[pkg], "|")+")$"
		second, err := one.test(ctx, env)
		if err != nil {
			return err
		}
		failed += second.failed
		t.skips = append(t.skips, second.skips...)
		for _, test := range by[pkg] {
			if !slices.Contains(second.broken, testName{pkg, test}) && !second.ended {
				t.unsteady = append(t.unsteady, testName{pkg, test})
			}
		}
	}
	t.passed += len(t.unsteady)
	t.failed = failed
	return nil
}

// unsteadies names what passed only by itself.
func (c *checks) unsteadies(t *tally) {
	if len(t.unsteady) == 0 {
		return
	}
	c.say("\nunsteady, to be mended:\n")
	for _, u := range t.unsteady {
		c.say("        %s.%s\n", u.pkg, u.test)
	}
}
