package export

import (
	"cmp"
	"strings"
	"time"

	"tidemark/survey"
	"tidemark/survey/instrument"
)

// book is the codebook with its parts, for formats that can hold more than rows.
type book struct {
	Study     survey.Study
	Profile   string // whom the data are for, where not for the team
	At        time.Time
	People    int
	General   []bookVariable // of no questionnaire
	Sections  []bookSection
	Withdrawn int
}

// bookSection is a questionnaire at a wave.
type bookSection struct {
	ID        string
	Wave      survey.Wave
	Def       *instrument.Definition
	Variables []bookVariable
}

// bookVariable is a variable, or a question answered in words, which has none.
type bookVariable struct {
	entry
	Condition string // under which it is asked
	Required  bool
	Chosen    string // the choice that a variable of several stands for
}

// pair is a value and what it means.
type pair struct{ Value, Text string }

// Pairs are the values that have a meaning; Others what else is said of values.
func (e entry) Pairs() (pairs []pair) {
	for _, v := range e.values {
		if value, text, is := strings.Cut(v, " = "); is {
			pairs = append(pairs, pair{value, text})
		}
	}
	return pairs
}

// Others are what is said of values beside what some of them mean.
func (e entry) Others() (others []string) {
	for _, v := range e.values {
		if !strings.Contains(v, " = ") {
			others = append(others, v)
		}
	}
	return others
}

// Bounds are the least and the greatest value; empty: there are none.
func (e entry) Bounds() string {
	if !e.bounded {
		return ""
	}
	return e.Low() + " to " + e.High()
}

// Low is the least value.
func (e entry) Low() string { return string(appendNumber(nil, e.low)) }

// High is the greatest value.
func (e entry) High() string { return string(appendNumber(nil, e.high)) }

// book gathers the codebook.
func (f *frame) book() book {
	b := book{Study: f.design.Study, At: f.lastChange(), People: len(f.people)}
	if f.others != nil {
		b.Profile = string(f.profile())
	}
	for _, p := range f.people {
		if !p.WithdrawnAt.IsZero() {
			b.Withdrawn++
		}
	}
	for _, e := range f.describeRows() {
		b.General = append(b.General, bookVariable{entry: e})
	}
	columns, texts := f.columns(), f.describeTexts()
	for i, s := range f.sheets {
		section := bookSection{ID: s.Wave.Key + "-" + s.Def.Key + "-" + strings.ReplaceAll(s.Def.Version, ".", "-"), Wave: s.Wave, Def: s.Def}
		for _, c := range columns {
			if c.sheet == i {
				section.Variables = append(section.Variables, f.bookVariable(c))
			}
		}
		for _, e := range texts {
			if e.sheet == &f.sheets[i] {
				item, _ := s.Def.Item(e.key)
				section.Variables = append(section.Variables, bookVariable{entry: e, Condition: condition(s.Def, item), Required: item.RequiredIf == "true"})
			}
		}
		b.Sections = append(b.Sections, section)
	}
	return b
}

func (f *frame) bookVariable(c column) bookVariable {
	v := bookVariable{entry: f.describe(c)}
	switch c.kind {
	case columnItem, columnDay, columnChoice:
		item, options := f.item(c)
		v.Condition, v.Required = condition(f.sheets[c.sheet].Def, item), item.RequiredIf == "true"
		if c.kind == columnChoice {
			v.label, v.Chosen = item.Text, options[c.option].Label
		}
	case columnScore, columnSubmitted, columnVersion, columnSource:
	}
	return v
}

// condition is that of an item and of its page.
func condition(d *instrument.Definition, item instrument.Item) string {
	for _, p := range d.Layout {
		for _, code := range p.Items {
			switch {
			case code != item.Code:
			case p.ShowIf != "" && item.ShowIf != "":
				return "(" + p.ShowIf + ") and (" + item.ShowIf + ")"
			default:
				return cmp.Or(p.ShowIf, item.ShowIf)
			}
		}
	}
	return item.ShowIf
}

// The parts of an entry, for templates.

// Variable is the name.
func (e entry) Variable() string { return e.variable }

// Files are the files that the variable is in.
func (e entry) Files() string { return e.files }

// Label is the wording.
func (e entry) Label() string { return e.label }

// Kind is the type of the values.
func (e entry) Kind() string { return string(e.kind) }

// Missing says what it means when there is no value.
func (e entry) Missing() string { return e.missing }

// Key is the item or the scale.
func (e entry) Key() string { return e.key }

// Scales are those that the item counts in.
func (e entry) Scales() string { return e.scales }

// Reversed are the scales or items that are turned around.
func (e entry) Reversed() string { return e.reversed }

// Scoring is how a score is computed.
func (e entry) Scoring() string { return e.scoring }

// Direction says what a high score means.
func (e entry) Direction() string { return e.direction }

// rangeWords are the unit of a number and the words at its ends.
func rangeWords(r instrument.Range) string { return list(rangeParts(r)) }

func rangeParts(r instrument.Range) []string {
	var parts []string
	if r.Unit != "" {
		parts = append(parts, "unit: "+r.Unit)
	}
	for _, end := range []struct {
		value float64
		label string
	}{{r.Min, r.LowLabel}, {r.Max, r.HighLabel}} {
		if end.label != "" {
			parts = append(parts, string(appendNumber(nil, end.value))+" = "+end.label)
		}
	}
	return parts
}
