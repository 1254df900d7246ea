package main

import (
	"context"
	"fmt"
	"math"
	"strings"
)

// row is one piece of work.
type row struct {
	id   string
	work string
	// checks are the values that the work must give, in the order of a task's
	// values.
	checks []check
	// prepare makes the data and returns the work, which nothing but the work
	// is timed of.
	prepare func(*inputs) task
	// elsewhere is a way in R that was timed on another machine, for when it is
	// not installed here.
	elsewhere published
}

// task does the work once.
type task func(context.Context) ([]float64, error)

// published is a time in seconds measured elsewhere, with a way in R that was
// timed there too, by which the machines can be compared.
type published struct {
	way        string
	seconds    float64
	beside     string
	besideTook float64
}

// check is a known value. The slack is relative; the slack for R is wider where
// R's own method is known to be off.
type check struct {
	name          string
	want          float64
	slack, slackR float64
}

// near is a check with one slack for all.
func near(name string, want, slack float64) check { return check{name, want, slack, slack} }

// verify compares values with the checks. A way in R that leaves a value out
// gives NaN for it; Go may not.
func (r row) verify(way string, values []float64) error {
	if len(values) != len(r.checks) {
		return fmt.Errorf("row %s, %s: %d values, want %d", r.id, way, len(values), len(r.checks))
	}
	isR := way != wayGo && way != wayGo1
	var wrong []string
	for i, c := range r.checks {
		slack := c.slack
		if isR {
			slack = max(slack, c.slackR)
			if math.IsNaN(values[i]) {
				continue
			}
		}
		if !(math.Abs(values[i]-c.want) <= slack*math.Abs(c.want)) {
			wrong = append(wrong, fmt.Sprintf("%s is %.12g, want %.12g", c.name, values[i], c.want))
		}
	}
	if wrong != nil {
		return fmt.Errorf("row %s, %s did not do the work: %s", r.id, way, strings.Join(wrong, "; "))
	}
	return nil
}
