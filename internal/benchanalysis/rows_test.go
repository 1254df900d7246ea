package main

import (
	"math"
	"strings"
	"testing"
)

func TestEveryRowDoesItsWork(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	if err := write(dir, long()); err != nil {
		t.Fatal(err)
	}
	in := newInputs()
	seen := map[string]bool{}
	for _, r := range rows(dir) {
		if seen[r.id] {
			t.Errorf("two rows are called %s", r.id)
		}
		seen[r.id] = true
		if !strings.Contains(routes, `"`+r.id+`"`) {
			t.Errorf("row %s has no way in R", r.id)
		}
		values, err := r.prepare(in)(t.Context())
		if err != nil {
			t.Errorf("row %s: %v", r.id, err)
			continue
		}
		if err := r.verify(wayGo, values); err != nil {
			t.Error(err)
		}
	}
}

func TestWorkThatIsNotDoneIsFound(t *testing.T) {
	t.Parallel()
	r := row{id: "x", checks: []check{{"a", 2, 1e-9, 1e-3}, near("b", -1, 0)}}
	for _, c := range []struct {
		way    string
		values []float64
		ok     bool
	}{
		{wayGo, []float64{2, -1}, true},
		{wayGo, []float64{2.0001, -1}, false},
		{"t.test", []float64{2.0001, -1}, true},
		{"t.test", []float64{2.1, -1}, false},
		{wayGo1, []float64{2}, false},
		{wayGo, []float64{2, math.NaN()}, false},
		{"t.test", []float64{2, math.NaN()}, true},
	} {
		if err := r.verify(c.way, c.values); (err == nil) != c.ok {
			t.Errorf("%s, %v: %v", c.way, c.values, err)
		}
	}
}
