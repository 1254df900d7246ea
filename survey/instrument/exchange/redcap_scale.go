package exchange

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"tidemark/survey/instrument"
)

var (
	// scored is a calculation as WriteREDCap writes it: a score when enough items
	// are answered, else nothing.
	scored = regexp.MustCompile(`^if\(sum\(((?:if\(\[[a-z0-9_]+\]<>"",1,0\),?)+)\)>=(\d+),(.+),""\)$`)
	// mean and sum of terms, with an optional factor.
	combined = regexp.MustCompile(`^(mean|sum)\(([^()]*(?:\([^()]*\)[^()]*)*)\)(?:\*([0-9.]+))?$`)
	rounded  = regexp.MustCompile(`^round\((.+),\s*\d+\)$`)
	plain    = regexp.MustCompile(`^\[([a-z0-9_]+)\]$`)
	turned   = regexp.MustCompile(`^\(?(-?[0-9.]+)-\[([a-z0-9_]+)\]\)?$`)
)

// scale makes a scale of a calculated field, where it is a mean or sum of items.
func (f *redcapForm) scale(row redcapRow) {
	text := row.cells[colChoices]
	s, err := f.calculation(row.place, text)
	if err != nil {
		f.lost.add(row.place, "the calculation %q was not carried over: %v", shorten(text), err)
		return
	}
	s.Key = f.code(row.place, row.cells[colName])
	s.Name = orDefault(f.words(row.place, row.cells[colLabel]), titled(s.Key))
	s.Label, s.Direction, s.Primary = s.Name, instrument.Neutral, len(f.Scales) == 0
	f.lost.add(row.place, "a dictionary does not say whether a high score is good, nor which score is the main one; check the scale")
	if row.cells[colBranching] != "" {
		f.lost.add(row.place, "a score is always computed; its branching logic was not carried over")
	}
	f.Scales = append(f.Scales, s)
}

// calculation reads a formula.
func (f *redcapForm) calculation(place, text string) (instrument.Scale, error) {
	var s instrument.Scale
	text = strings.Map(func(r rune) rune {
		if strings.ContainsRune(" \t\r\n", r) {
			return -1
		}
		return r
	}, strings.ReplaceAll(text, "'", `"`))
	if m := rounded.FindStringSubmatch(text); m != nil {
		text = m[1]
	}
	least := 0
	if m := scored.FindStringSubmatch(text); m != nil {
		least, _ = strconv.Atoi(m[2])
		text = m[3]
	}
	var terms []string
	switch m := combined.FindStringSubmatch(text); {
	case m != nil:
		s.Method = instrument.Method(m[1])
		terms = strings.Split(m[2], ",")
		if m[3] != "" {
			factor, err := strconv.ParseFloat(m[3], 64)
			if err != nil {
				return s, fmt.Errorf("%q is not a factor", m[3])
			}
			s.Factor = factor
		}
	case strings.Contains(text, "+"):
		// REDCap gives no result when an item of a + is missing.
		s.Method, terms = instrument.MethodSum, strings.Split(text, "+")
		least = len(terms)
	default:
		return s, fmt.Errorf("only means and sums of items can be")
	}
	if n := float64(len(terms)); s.Method == instrument.MethodMean && s.Factor != 0 {
		s.Method, s.Factor = instrument.MethodSum, s.Factor/n // a sum is the mean times the number of items
		if s.Factor == 1 {
			s.Factor = 0
		}
	}
	for _, term := range terms {
		if err := f.term(&s, term); err != nil {
			return s, err
		}
	}
	s.MinAnswered = least
	switch {
	case least > 0:
	case s.Method == instrument.MethodMean:
		s.MinAnswered = 1 // mean() passes over what is missing
	default:
		s.MinAnswered = len(terms)
		f.lost.add(place, "REDCap adds up what is answered, so that a missing answer counts as 0; here the sum needs every answer")
	}
	return s, nil
}

// term reads [a], or (6-[a]) for a reversed item.
func (f *redcapForm) term(s *instrument.Scale, term string) error {
	name, constant := "", ""
	if m := plain.FindStringSubmatch(term); m != nil {
		name = m[1]
	} else if m := turned.FindStringSubmatch(term); m != nil {
		constant, name = m[1], m[2]
	} else {
		return fmt.Errorf("%q is not an item", shorten(term))
	}
	code, known := f.codes[name]
	i := slices.IndexFunc(f.Items, func(it instrument.Item) bool { return it.Code == code })
	if !known || i < 0 || !f.Items[i].Type.Numeric() {
		return fmt.Errorf("%q is not an item with numbers", name)
	}
	s.Items = append(s.Items, code)
	if constant == "" {
		return nil
	}
	low, high, ok := f.span(f.Items[i])
	if v, err := strconv.ParseFloat(constant, 64); err != nil || !ok || v != low+high {
		return fmt.Errorf("%s − %s is not the item turned around", constant, name)
	}
	s.Reversed = append(s.Reversed, code)
	return nil
}

// span is the least and greatest answer to an item.
func (d *draft) span(it instrument.Item) (low, high float64, ok bool) {
	switch {
	case it.Range != nil:
		return it.Range.Min, it.Range.Max, true
	case it.Type == instrument.TypeYesNo:
		return 0, 1, true
	}
	options := it.Options
	if len(options) == 0 {
		options = d.Options
		if it.Set != "" {
			options = d.Sets[it.Set]
		}
	}
	if len(options) == 0 {
		return 0, 0, false
	}
	low, high = options[0].Value, options[0].Value
	for _, o := range options {
		low, high = min(low, o.Value), max(high, o.Value)
	}
	return low, high, true
}
