package keyed

import (
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"

	"tidemark/survey/instrument"
	"tidemark/survey/instrument/catalogue"
)

// Kind names what may be wrong with a file.
type Kind string

// The kinds of suspicion.
const (
	CountedFrom  Kind = "counted_from"  // answers stored one higher or lower than the key has them
	OutOfRange   Kind = "out_of_range"  // single answers that are not possible
	TurnedBefore Kind = "turned_before" // the file holds items already turned
	NotTurned    Kind = "not_turned"    // items said to be turned in the file are not
	OtherKey     Kind = "other_key"     // another key in circulation fits better
	RunsAgainst  Kind = "runs_against"  // items that run against the others
	LowAlpha     Kind = "low_alpha"     // the items hardly hang together
	HardlyDiffer Kind = "hardly_differ" // scores much narrower than the scale
	SameAnswer   Kind = "same_answer"   // everybody gave the same answer, or nobody one
	WhichTotal   Kind = "which_total"   // two ways to add up are in use: say which
)

// Valid reports whether k is a known kind.
func (k Kind) Valid() bool {
	switch k {
	case CountedFrom, OutOfRange, TurnedBefore, NotTurned, OtherKey, RunsAgainst, LowAlpha, HardlyDiffer, SameAnswer, WhichTotal:
		return true
	}
	return false
}

// A Suspicion is something that is likely wrong, or must be said with the scores.
type Suspicion struct {
	Kind Kind   `json:"kind"`
	Text string `json:"text"`
}

// Thresholds of suspicions.
const (
	enough    = 20   // complete rows for a judgement by α
	better    = 0.03 // by which another key's α must be higher
	lowAlpha  = 0.5
	narrowest = 0.08 // of the range: the spread of means in which nothing was turned is about .06
)

// Suspicions holds answers against the key of a definition, and of the catalogue's
// entry for it when there is one (nil: none). It never changes an answer.
func Suspicions(d *instrument.Definition, e *catalogue.Entry, answers Answers) []Suspicion {
	s := &suspecting{d: d, entry: e, answers: answers}
	s.ranges()
	primary, ok := d.Primary()
	if !ok {
		return s.found
	}
	if !s.shifted { // a key cannot be judged by answers that do not fit it
		for _, scale := range d.Scales {
			if scale.Parent == "" && (scale.Primary || e == nil || inEntry(e, scale.Key)) {
				s.keys(scale)
			}
		}
	}
	s.spread(primary)
	s.totals()
	return s.found
}

func inEntry(e *catalogue.Entry, key string) bool {
	return slices.ContainsFunc(e.Scales, func(s catalogue.Scale) bool { return s.Key == key })
}

type suspecting struct {
	d       *instrument.Definition
	entry   *catalogue.Entry
	answers Answers
	found   []Suspicion
	shifted bool
}

func (s *suspecting) say(k Kind, format string, args ...any) {
	s.found = append(s.found, Suspicion{Kind: k, Text: fmt.Sprintf(format, args...)})
}

// ranges compares the answers with those possible: all items together, which tells
// answers counted from another number, then one by one.
func (s *suspecting) ranges() {
	above, below, within, least, most := 0, 0, 0, math.Inf(1), math.Inf(-1)
	low, high := math.Inf(1), math.Inf(-1)
	var outside []string
	for _, item := range asked(s.d) {
		from, to := endsOf(s.d, item.Code)
		low, high = min(low, from), max(high, to)
		n, wrong, first, same := 0, 0, math.NaN(), true
		for _, v := range s.answers[item.Code] {
			if math.IsNaN(v) {
				continue
			}
			if n == 0 {
				first = v
			}
			same = same && v == first
			n++
			least, most = min(least, v), max(most, v)
			switch {
			case v > to:
				above++
				wrong++
			case v < from:
				below++
				wrong++
			default:
				within++
			}
		}
		switch {
		case n == 0:
			s.say(SameAnswer, "%s: nobody answered; is it the right column?", item.Code)
		case same && n >= enough:
			s.say(SameAnswer, "%s: everybody answered %s", item.Code, plain(first))
		}
		if wrong > 0 {
			outside = append(outside, fmt.Sprintf("%s (%d)", item.Code, wrong))
		}
	}
	switch {
	case above >= 2 && most == high+1 && least >= low+1:
		s.shifted = true
		s.say(CountedFrom, "the answers run from %s to %s, the key from %s to %s: they seem to be counted from %s. Nothing was scored where an answer is not possible; take one off with --add=-1", plain(least), plain(most), plain(low), plain(high), plain(low+1))
	case below >= 2 && least == low-1 && most <= high-1:
		s.shifted = true
		s.say(CountedFrom, "the answers run from %s to %s, the key from %s to %s: they seem to be counted from %s. Nothing was scored where an answer is not possible; add one with --add=1", plain(least), plain(most), plain(low), plain(high), plain(low-1))
	case above+below > 0:
		s.say(OutOfRange, "%d %s not between %s and %s: %s. Scales with such an answer were not scored in that row; if it means missing, say --missing CODE", above+below, plural(above+below, "answer is", "answers are"), plain(low), plain(high), join(outside))
	case within > 0 && least == low+1 && len(asked(s.d))*s.answers.rows() >= 200 && low == 0:
		s.say(CountedFrom, "nobody ever answered 0, the least possible: are the answers counted from 1?")
	}
}

// keys compares α by the key with α by what may have happened to the file.
func (s *suspecting) keys(scale instrument.Scale) {
	if len(scale.Items) < 3 {
		return
	}
	by := alphaOf(s.d, scale.Items, scale.Reversed, s.answers)
	if !by.Alpha.OK() || by.Complete < enough {
		return
	}
	best, alpha := Suspicion{}, by.Alpha.Value+better
	try := func(k Kind, reversed []string, format string, args ...any) {
		other := alphaOf(s.d, scale.Items, reversed, s.answers)
		if other.Alpha.OK() && other.Alpha.Value >= alpha {
			alpha = other.Alpha.Value
			best = Suspicion{k, fmt.Sprintf("%s: α is %.2f by the key and %.2f %s", scale.Key, by.Alpha.Value, alpha, fmt.Sprintf(format, args...))}
		}
	}
	if len(scale.Reversed) > 0 {
		try(TurnedBefore, nil, "with nothing turned: the file seems to hold turned items already, and they were turned twice. Say --turned if so")
	}
	if s.entry != nil && scale.Primary {
		if key := s.entry.Reversed(); len(scale.Reversed) == 0 && len(key) > 0 {
			try(NotTurned, s.entry.Codes(key), "with items %s turned: the file seems to hold them as they were answered. Leave out --turned", numbers(key))
		}
		for _, other := range s.entry.OtherKeys {
			try(OtherKey, s.entry.Codes(other.Reversed), "by the key of %s (turns %s): is this the same form, in the same order?", other.Name, numbers(other.Reversed))
		}
	}
	if best.Kind != "" {
		s.found = append(s.found, best)
		return
	}
	switch {
	case len(by.Suspects) > 0 && len(by.Suspects) <= len(scale.Items)/2:
		s.say(RunsAgainst, "%s: %s %s against the other items (α = %.2f). Is it the same form, in the same order?", scale.Key, join(by.Suspects), plural(len(by.Suspects), "runs", "run"), by.Alpha.Value)
	case by.Alpha.Value < lowAlpha:
		s.say(LowAlpha, "%s: α is %.2f, so the items hardly measure one thing. Is it the same form, in the same order?", scale.Key, by.Alpha.Value)
	}
}

// spread finds scores that are much narrower than their scale, as when items worded
// both ways are added up without turning any.
func (s *suspecting) spread(primary instrument.Scale) {
	if len(primary.Reversed) == 0 {
		return
	}
	for _, scored := range Score(s.d, s.answers) {
		sd := scored.Summary.SD
		if scored.Scale.Key != primary.Key || !sd.OK() || scored.Scores < enough || scored.High <= scored.Low {
			continue
		}
		if sd.Value < narrowest*(scored.High-scored.Low) {
			s.say(HardlyDiffer, "%s: the scores hardly differ (SD %.2f on a scale from %s to %s), as when items worded both ways are added up without turning any", primary.Key, sd.Value, plain(scored.Low), plain(scored.High))
		}
	}
}

// totals says which total a score is, where more than one is in use.
func (s *suspecting) totals() {
	if s.entry == nil || len(s.entry.Alternatives) == 0 {
		return
	}
	primary, _ := s.d.Primary() // there is one: Suspicions looked
	for _, alternative := range s.entry.Alternatives {
		if _, here := s.d.Scale(alternative.Key); here && alternative.Method == instrument.MethodMean {
			s.say(WhichTotal, "two totals are in use and differ: %s (%s) and %s (%s). Say which one you report", primary.Key, primary.Name, alternative.Key, alternative.Name)
		}
	}
}

func plain(v float64) string { return strconv.FormatFloat(v, 'g', -1, 64) }

func join(names []string) string {
	var text strings.Builder
	for i, name := range some(names) {
		if i > 0 {
			text.WriteString(", ")
		}
		text.WriteString(name)
	}
	return text.String()
}
