package filedata

import (
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"

	"tidemark/analysis"
	"tidemark/survey/report/paper"
)

// scale is an outcome with everything that was read of it.
type scale struct {
	outcome *Outcome
	values  [][]float64   // [wave][person]; nil where it is not asked
	raw     [][][]float64 // the answers as they are: [wave][item][person]
	turned  [][][]float64 // as the scale counts them
	// columns name the sheet's columns of the answers: [wave][item]; "" for an
	// item that is a scale.
	columns [][]string
	codes   []string
	keys    []int // −1: turned
	// low and high are the ends of an answer; observed says that they are only
	// the least and greatest there is.
	low, high         float64
	bounded, observed bool
}

func (s *scale) items() bool { return s.codes != nil }

// score makes the measures.
func (r *reading) score() error {
	for i := range r.spec.Outcomes {
		o := &r.spec.Outcomes[i]
		s := scale{outcome: o, values: make([][]float64, len(r.data.Waves)), columns: make([][]string, len(r.data.Waves))}
		var err error
		if len(o.Items) > 0 {
			err = r.scoreItems(&s)
		} else {
			r.takeScores(&s)
		}
		if err != nil {
			return err
		}
		r.file.scales = append(r.file.scales, s)
		r.data.Measures = append(r.data.Measures, s.measure(i == 0))
	}
	r.answered()
	return nil
}

// at is a column's numbers at a wave, in the order of the people.
func (r *reading) at(wave int, name string) []float64 {
	out := r.empty()
	for i, row := range r.rows[wave] {
		if row >= 0 {
			out[i] = r.numbers[name][row]
		}
	}
	return out
}

// list is what an outcome names at a wave; with a column of waves it is the same
// at each.
func list[T any](r *reading, of []T, wave int) (T, bool) {
	if r.long() {
		wave = 0
	}
	if wave < len(of) {
		return of[wave], true
	}
	var none T
	return none, false
}

func (r *reading) takeScores(s *scale) {
	for w := range s.values {
		name, ok := list(r, s.outcome.Columns, w)
		if !ok || name == "" {
			continue
		}
		values := r.at(w, name)
		if r.long() && !slices.ContainsFunc(values, known) {
			continue // not asked at this wave
		}
		s.values[w], s.columns[w] = values, []string{name}
	}
	if s.outcome.bounded() {
		s.low, s.high, s.bounded = *s.outcome.Min, *s.outcome.Max, true
	}
}

func known(v float64) bool { return !math.IsNaN(v) }

func (r *reading) scoreItems(s *scale) error {
	o := s.outcome
	s.raw, s.turned = make([][][]float64, len(s.values)), make([][][]float64, len(s.values))
	for w := range s.values {
		items, ok := list(r, o.Items, w)
		if !ok || len(items) == 0 {
			continue
		}
		if s.codes == nil {
			s.codes = items
		}
		var answers [][]float64
		s.columns[w] = make([]string, len(items))
		some := false
		for k, item := range items {
			values := r.item(w, item, &s.columns[w][k])
			answers = append(answers, values)
			some = some || slices.ContainsFunc(values, known)
		}
		if r.long() && !some {
			continue
		}
		s.raw[w] = answers
	}
	if err := s.findKeys(); err != nil {
		return err
	}
	s.findEnds(r)
	opt := analysis.ScaleOptions{Keys: s.keys, MinAnswered: o.MinAnswered}
	if s.bounded {
		opt.Min, opt.Max = s.low, s.high
	}
	if o.MinAnswered > len(s.codes) {
		return fmt.Errorf("%s needs %d answers for a score, but has %d items", o.Key, o.MinAnswered, len(s.codes))
	}
	for w, answers := range s.raw {
		if answers == nil {
			continue
		}
		s.turned[w] = s.turn(answers)
		s.values[w] = scoresOf(analysis.ScoreScale(answers, opt), o.Sum, len(r.data.People))
	}
	r.tellScoring(s, opt)
	return nil
}

// item is an item's answers, or the scores of an earlier scale.
func (r *reading) item(wave int, name string, column *string) []float64 {
	if _, ok := r.numbers[name]; ok {
		*column = name
		return r.at(wave, name)
	}
	for i := range r.file.scales {
		if s := &r.file.scales[i]; s.outcome.Key == name && s.values[wave] != nil {
			return s.values[wave]
		}
	}
	return r.empty()
}

// findKeys turns what is reversed into keys.
func (s *scale) findKeys() error {
	s.keys = slices.Repeat([]int{1}, len(s.codes))
	for _, name := range s.outcome.Reverse {
		at := -1
		for _, columns := range append(slices.Clone(s.outcome.Items), s.codes) {
			if at < 0 {
				at = slices.Index(columns, name)
			}
		}
		if n, err := strconv.Atoi(name); at < 0 && err == nil && n >= 1 && n <= len(s.codes) {
			at = n - 1
		}
		if at < 0 {
			return fmt.Errorf("%s has no item %q to turn; name it by its place from 1 to %d or by its column (%s)", s.outcome.Key, name, len(s.codes), some(s.codes, 30))
		}
		s.keys[at] = -1
	}
	return nil
}

// findEnds takes the ends that were given, or those observed.
func (s *scale) findEnds(r *reading) {
	if s.outcome.bounded() {
		s.low, s.high, s.bounded = *s.outcome.Min, *s.outcome.Max, true
		return
	}
	s.low, s.high = math.Inf(1), math.Inf(-1)
	for _, wave := range s.raw {
		for _, item := range wave {
			for _, v := range item {
				if known(v) {
					s.low, s.high = min(s.low, v), max(s.high, v)
				}
			}
		}
	}
	s.observed = slices.Contains(s.keys, -1) && s.low < s.high
	s.bounded = s.observed
	if s.observed {
		r.file.warn(UnknownEnds, s.outcome.Key, "items are turned by %s + %s − answer, the least and greatest answers there are; say what can be answered with --min and --max", plain(s.low), plain(s.high))
	}
}

func (s *scale) turn(answers [][]float64) [][]float64 {
	out := make([][]float64, len(answers))
	for k, item := range answers {
		out[k] = item
		if s.keys[k] > 0 {
			continue
		}
		out[k] = make([]float64, len(item))
		for i, v := range item {
			out[k][i] = s.low + s.high - v
		}
	}
	return out
}

func scoresOf(r analysis.ScaleScores, sum bool, people int) []float64 {
	out := slices.Repeat([]float64{math.NaN()}, people)
	from := r.PersonMean
	if sum {
		from = r.Sum
	}
	for i, e := range from {
		if e.OK() {
			out[i] = e.Value
		}
	}
	return out
}

// tellScoring says how the scale is scored.
func (r *reading) tellScoring(s *scale, opt analysis.ScaleOptions) {
	how, what := "mean", "items"
	if s.outcome.Sum {
		how = "sum"
	}
	if !slices.ContainsFunc(s.columns, func(c []string) bool { return slices.Contains(c, s.codes[0]) }) {
		what = "scales"
	}
	turned := ""
	if n := len(s.outcome.Reverse); n > 0 {
		turned = fmt.Sprintf(", %s turned round", strings.Join(s.outcome.Reverse, ", "))
	}
	needs := opt.MinAnswered
	if needs == 0 {
		needs = (4*len(s.codes) + 4) / 5
	}
	r.note("%s is the %s of %d %s%s; it needs %d of them, and those left out count as the person’s own mean.", s.outcome.title(), how, len(s.codes), what, turned, needs)
}

// measure is the scale as the report knows it.
func (s *scale) measure(first bool) paper.Measure {
	low, high := s.low, s.high
	if !s.bounded || s.observed {
		low, high = 0, 0
	}
	if s.items() && s.outcome.Sum {
		low, high = low*float64(len(s.codes)), high*float64(len(s.codes))
	}
	m := paper.Measure{Scale: s.outcome.scaleOf(first, low, high), Values: s.values}
	if s.items() {
		m.Items = &paper.Items{Codes: s.codes, Values: s.turned, Min: s.low, Max: s.high}
	}
	return m
}

// answered says how people came through the waves: whoever has any score has
// answered.
func (r *reading) answered() {
	r.data.States = make([][]paper.State, len(r.data.Waves))
	for w := range r.data.States {
		states := slices.Repeat([]paper.State{paper.Lost}, len(r.data.People))
		for i := range states {
			for m := range r.data.Measures {
				if v := r.data.Measures[m].Values[w]; v != nil && known(v[i]) {
					states[i] = paper.Answered
				}
			}
		}
		r.data.States[w] = states
	}
}
