package report

import (
	"encoding/json"

	"tidemark/analysis"
)

// Small groups are hidden here and nowhere else: results of fewer than the
// minimum of people, counts of people from 1 to the minimum less one, and as
// much besides that neither follows from what is left.
//
// How many people were asked and answered is never hidden: it says who took
// part, not what anyone said.

// hideSmall takes out of an outcome what could point to single people.
func (o *Outcome) hideSmall(minimum int) {
	if minimum <= 1 {
		return
	}
	for i := range o.Groups {
		c := &o.Groups[i]
		if small(c.Pairs, minimum) || c.Group == "" && o.smallRest(minimum) {
			c.hide()
		}
		c.Lost.hideSmall(minimum)
	}
	if c := o.Comparison; c != nil && (small(c.NCourse, minimum) || small(c.NControl, minimum)) {
		estimates, intervals := c.estimates()
		hide(estimates, intervals)
	}
	o.hideCounts(minimum)
}

func small(n, minimum int) bool { return n > 0 && n < minimum }

// smallRest reports whether everyone, less the groups that are shown, leaves a
// small group: its results would follow by subtraction.
func (o *Outcome) smallRest(minimum int) bool {
	rest, parts := 0, 0
	for _, c := range o.Groups {
		if c.Group == "" {
			continue
		}
		parts++
		if small(c.Pairs, minimum) {
			rest += c.Pairs
		}
	}
	return parts > 0 && small(rest, minimum)
}

// hide removes everything that comes from answers.
func (c *Change) hide() {
	estimates, intervals := c.estimates()
	hide(estimates, intervals)
	c.Rank.Method = ""
	c.pre, c.post = nil, nil
	for _, n := range c.Reliable.counts() {
		n.Hidden = true // the number is needed once more, by hideCounts
	}
}

func hide(estimates []*analysis.Estimate, intervals []*analysis.Interval) {
	for _, e := range estimates {
		*e = missing(ReasonTooFewPeople)
	}
	for _, v := range intervals {
		*v = analysis.Interval{Level: v.Level, Reason: ReasonTooFewPeople}
	}
}

func (a *Attrition) hideSmall(minimum int) {
	if small(a.Lost, minimum) || small(a.Staying, minimum) {
		hide([]*analysis.Estimate{&a.MeanLost, &a.MeanStaying, &a.D}, []*analysis.Interval{&a.DCI})
	}
}

// counts are the cells of reliable change in the order in which they are hidden
// to protect another: the middle one first, so that the shares people look for
// stay visible.
func (r *ReliableChange) counts() [3]*Count { return [3]*Count{&r.Same, &r.Worse, &r.Better} }

// hideCounts hides small counts of reliable change over all groups at once. The
// table has a row for each group and one for everyone, whether shown or not: a
// reader of two reports knows both. Every row and every column adds up to
// something known, so each has none or at least two hidden cells; with three
// columns no cell can then be computed from the others.
func (o *Outcome) hideCounts(minimum int) {
	rows, everyone := o.countRows()
	for _, row := range rows {
		for _, c := range row {
			c.Hidden = c.Hidden || small(c.N, minimum)
		}
	}
	for changed := true; changed; {
		changed = false
		for _, row := range rows {
			changed = protectRow(row, minimum) || changed
		}
		if len(rows) > 1 {
			for k := range 3 {
				changed = protectColumn(rows, everyone, k) || changed
			}
		}
	}
	for _, row := range rows {
		for _, c := range row {
			if c.Hidden {
				c.N = 0
			}
		}
	}
	for i := range o.Groups {
		if r := &o.Groups[i].Reliable; r.Better.Hidden || small(r.Recovered.N, minimum) {
			r.Recovered = Count{Hidden: true}
		}
	}
}

// countRows gives the cells of all groups with an index, and which row is
// everyone. A row for everyone is added when there are groups without one.
func (o *Outcome) countRows() (rows [][3]*Count, everyone int) {
	everyone = -1
	sum := ReliableChange{}
	for i := range o.Groups {
		c := &o.Groups[i]
		if c.Group == "" {
			everyone = len(rows)
		} else {
			for k, n := range c.Reliable.counts() {
				total := sum.counts()[k]
				total.N += n.N
			}
		}
		rows = append(rows, c.Reliable.counts())
	}
	if everyone < 0 && len(rows) > 1 {
		everyone = len(rows)
		rows = append(rows, sum.counts())
	}
	return rows, everyone
}

// protectRow hides more of a row that betrays what is hidden: a single cell, or
// cells that are few people together.
func protectRow(row [3]*Count, minimum int) bool {
	hidden, sum := 0, 0
	for _, c := range row {
		if c.Hidden {
			hidden++
			sum += c.N
		}
	}
	if hidden == 0 || hidden == len(row) || hidden > 1 && sum >= minimum {
		return false
	}
	for _, c := range row {
		if !c.Hidden && (c.N > 0 || hidden == 2) {
			c.Hidden = true
			return true
		}
	}
	for _, c := range row { // only empty cells are left beside it
		if !c.Hidden {
			c.Hidden = true
			return true
		}
	}
	return false
}

// protectColumn hides a second cell in a column with one: that of everyone, or
// the first other.
func protectColumn(rows [][3]*Count, everyone, k int) bool {
	hidden, open := 0, -1
	for i, row := range rows {
		if row[k].Hidden {
			hidden++
		} else if open < 0 || i == everyone {
			open = i
		}
	}
	if hidden != 1 || open < 0 {
		return false
	}
	rows[open][k].Hidden = true
	return true
}

// MarshalJSON writes {"n": 12}, or {"n": null, "hidden": true}.
func (c Count) MarshalJSON() ([]byte, error) {
	w := struct {
		N      *int `json:"n"`
		Hidden bool `json:"hidden,omitempty"`
	}{Hidden: c.Hidden}
	if !c.Hidden {
		w.N = &c.N
	}
	return json.Marshal(w)
}
