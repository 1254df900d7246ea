package deidentify

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// Report says what was done to the data, and whether people can still be told apart.
type Report struct {
	// Asked: the study asks whether answers may go to others. LeftOut are the people
	// who have not said yes.
	Asked   bool
	LeftOut int
	People  int // in the file
	Changes []Change
	// Least is how many people should be alike in the columns that can be known of
	// them, Smallest how many are in the smallest group of people who are, and Below
	// how many people are in groups smaller than Least.
	Least, Smallest, Below int
	Columns                []Column
}

// Change is one thing that was done to a column.
type Change struct {
	// Column that is of no questionnaire; else the item of an instrument at a wave,
	// by their keys.
	Column, Wave, Instrument, Item string
	Label                          string // of the question
	What                           What
	Why                            string
	// People are those whose value was withheld, -1 where that says nothing.
	People int
}

// What is done to a column.
type What string

// What can be done.
const (
	WhatWithheld What = "withheld"
	WhatPartly   What = "partly withheld"
	WhatMoved    What = "moved"
	WhatWeeks    What = "whole weeks"
	WhatYear     What = "year only"
	WhatBands    What = "bands"
	WhatRenamed  What = "renamed"
)

// Column is one that can be known of people.
type Column struct {
	Wave, Instrument, Item string
	Label                  string // of the question
	// BelowWithout is how many people would be in groups smaller than Least if the
	// column were left out.
	BelowWithout int
}

// tell lists what was done.
func (r *Reader) tell() {
	r.report.Changes = append(r.tellPeople(), r.tellQuestions()...)
}

func (r *Reader) tellPeople() []Change {
	all := func(what What, why string, columns ...string) []Change {
		var list []Change
		for _, c := range columns {
			list = append(list, Change{Column: c, What: what, Why: why, People: -1})
		}
		return list
	}
	times := []string{"run_starts", "enrolled_at", "withdrawn_at", "declined_at", "crossed_at", "answered_at", "submitted_at"}
	list := all(WhatWithheld, "says nothing of the answers", "contact_consent")
	if r.options.Profile == Shared {
		list = append(list, all(WhatRenamed, "names that the team gave can tell where and when people met", runColumn, "crossover_run")...)
		return append(list, all(WhatMoved, "each person’s times by whole weeks of their own, so that all intervals stay", times...)...)
	}
	list = append(list, all(WhatRenamed, "new codes in a new order, for this snapshot alone", "participant")...)
	list = append(list, all(WhatRenamed, "names that the team gave can tell where and when people met; groups of few people are one", runColumn, "crossover_run")...)
	return append(list, all(WhatWeeks, "whole weeks from the first meeting of the person’s group, which is told as "+Beginning.String(), times...)...)
}

func (r *Reader) tellQuestions() []Change {
	var list []Change
	if r.run.withheld != "" {
		list = append(list, Change{Column: runColumn, What: WhatWithheld, Why: r.run.withheld, People: -1})
	}
	for _, q := range r.questions {
		c := Change{Wave: q.wave, Instrument: q.instrument, Item: q.item, Label: q.label, People: -1}
		switch {
		case q.withheld != "":
			c.What, c.Why = WhatWithheld, q.withheld
		case q.moved:
			c.What, c.Why = WhatMoved, "with the person’s times"
		case q.year:
			c.What, c.Why = WhatYear, "a day can tell who somebody is"
		}
		if c.What != "" {
			list = append(list, c)
		}
		switch {
		case len(q.bands) > 0:
			c.What, c.Why = WhatBands, "the least number of each band is told, since single ones are rare: "+bandText(q.bands)
			list = append(list, c)
		case q.withheld == "" && q.rare > 0:
			c.What, c.People = WhatPartly, q.rare
			c.Why = fmt.Sprintf("answers that fewer than %d people gave", r.options.least())
			list = append(list, c)
		}
	}
	return append(list, r.tellScales()...)
}

func (r *Reader) tellScales() []Change {
	var list []Change
	for _, w := range r.design.Waves {
		for _, id := range w.Sets {
			for _, s := range r.design.Instruments[id].Definition.Scales {
				if r.hidden[place{w.ID, id}][s.Key] {
					list = append(list, Change{
						Wave: w.Key, Instrument: r.design.Instruments[id].Definition.Key, Item: s.Key, What: WhatWithheld,
						Why: "withheld answers could be worked out from it", People: -1,
					})
				}
			}
		}
	}
	return list
}

func bandText(bands []band) string {
	show := func(v float64) string { return strconv.FormatFloat(v, 'g', -1, 64) }
	var parts []string
	for _, b := range bands {
		if b.low == b.high {
			parts = append(parts, show(b.low))
		} else {
			parts = append(parts, show(b.low)+" to "+show(b.high))
		}
	}
	return strings.Join(parts, ", ")
}

// Words are what should be known before the file is handed on, a sentence each; the
// first is the main one.
func (r Report) Words() []string {
	var all []string
	switch {
	case r.People == 0:
		all = append(all, "Nobody is in this file.")
	case len(r.Columns) == 0:
		all = append(all, "No column is marked as telling who people are, so nothing could be checked. Look at the questions yourself.")
	case r.Below == 0:
		all = append(all, fmt.Sprintf("In what can be known of them, everybody is like others: the smallest group of people who are alike has %d, and %d are enough.", r.Smallest, r.Least))
	default:
		all = append(all, fmt.Sprintf("%s of %d %s in a group of fewer than %d who are alike in what can be known of them; the smallest group has %s. Whoever knows these things of somebody might find them in the file.",
			count(r.Below), r.People, isAre(r.Below), r.Least, people(r.Smallest)))
		all = append(all, r.remedies()...)
	}
	if r.LeftOut > 0 {
		all = append(all, fmt.Sprintf("%s left out, who %s not agreed that the answers go to others.", peopleAre(r.LeftOut), hasHave(r.LeftOut)))
	}
	if !r.Asked {
		all = append(all, "Nobody was asked whether their answers may go to others. Make sure that what people agreed to, and your ethics committee, allow it.")
	}
	return all
}

// remedies say what leaving out a column would do, the best first.
func (r Report) remedies() []string {
	columns := slices.Clone(r.Columns)
	slices.SortStableFunc(columns, func(a, b Column) int { return a.BelowWithout - b.BelowWithout })
	var parts []string
	for _, c := range columns {
		if c.BelowWithout < r.Below && len(parts) < 3 {
			parts = append(parts, fmt.Sprintf("without %s there would be %d", c.Item, c.BelowWithout))
		}
	}
	if len(parts) == 0 {
		return nil
	}
	return []string{upper(strings.Join(parts, "; ")) + "."}
}

func upper(s string) string { return strings.ToUpper(s[:1]) + s[1:] }

func count(n int) string {
	if n == 1 {
		return "One person"
	}
	return fmt.Sprintf("%d people", n)
}

func people(n int) string {
	if n == 1 {
		return "one person"
	}
	return fmt.Sprintf("%d people", n)
}

func isAre(n int) string {
	if n == 1 {
		return "is"
	}
	return "are"
}

func hasHave(n int) string {
	if n == 1 {
		return "has"
	}
	return "have"
}

func peopleAre(n int) string {
	return count(n) + " " + map[bool]string{true: "was", false: "were"}[n == 1]
}
