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

// hideCounts hides small counts of reliable change. A row of counts adds up to a
// known number of pairs, so each row has none or at least two hidden cells. The
// row of everyone is the sum of the others, known to a reader of two reports: it
// shows only columns in which nothing else is hidden, so it says nothing that
// the others do not say already.
func (o *Outcome) hideCounts(minimum int) {
	everyone := -1
	columns := [3]bool{} // hidden in the row of some part
	for i := range o.Groups {
		row := o.Groups[i].Reliable.counts()
		if o.Groups[i].Group == "" {
			everyone = i
			continue
		}
		protectRow(row, minimum)
		for k, c := range row {
			columns[k] = columns[k] || c.Hidden
		}
	}
	if everyone >= 0 {
		row := o.Groups[everyone].Reliable.counts()
		for k, c := range row {
			c.Hidden = c.Hidden || columns[k]
		}
		protectRow(row, minimum)
	}
	for i := range o.Groups {
		r := &o.Groups[i].Reliable
		if r.Better.Hidden || small(r.Recovered.N, minimum) {
			r.Recovered = Count{Hidden: true}
		}
		for _, c := range r.counts() {
			if c.Hidden {
				c.N = 0
			}
		}
	}
}

// protectRow hides small cells, and more of them until those hidden are at least
// two and enough people together.
func protectRow(row [3]*Count, minimum int) {
	for _, c := range row {
		c.Hidden = c.Hidden || small(c.N, minimum)
	}
	for {
		hidden, sum := 0, 0
		var next *Count
		for _, c := range row {
			switch {
			case c.Hidden:
				hidden++
				sum += c.N
			case next == nil || next.N == 0: // an empty cell protects nothing
				next = c
			}
		}
		if hidden == 0 || next == nil || hidden > 1 && sum >= minimum {
			return
		}
		next.Hidden = true
	}
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
