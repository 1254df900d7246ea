package keyed

import (
	"math"
	"slices"

	"tidemark/analysis"
	"tidemark/survey/instrument"
)

// Answers are numbers by item code, one a row of the file; NaN: missing.
type Answers map[string][]float64

// rows is the number of rows.
func (a Answers) rows() int {
	n := 0
	for _, column := range a {
		n = max(n, len(column))
	}
	return n
}

// Scored is one scale of a file.
type Scored struct {
	Scale instrument.Scale
	// Values and Answered are by row; NaN: no score.
	Values   []float64
	Answered []int
	// Scores counts the rows with a score. TooFew and Invalid count the others:
	// too few answers, or one that is not among those possible.
	Scores, TooFew, Invalid int
	// Low and High are the least and greatest possible score; equal when unknown.
	Low, High float64
	Summary   analysis.Description
	Alpha     analysis.AlphaResult
}

// Score scores every row of a file by the key of an instrument.
func Score(d *instrument.Definition, answers Answers) []Scored {
	all := make([]Scored, len(d.Scales))
	rows := answers.rows()
	for i, scale := range d.Scales {
		all[i] = Scored{Scale: scale, Values: make([]float64, rows), Answered: make([]int, rows)}
		all[i].Low, all[i].High, _ = d.Range(scale.Key) // equal when it is unknown
	}
	for row := range rows {
		given := instrument.Numbers{}
		for code, column := range answers {
			if v := column[row]; !math.IsNaN(v) {
				given[code] = v
			}
		}
		for i, s := range d.Score(given) {
			all[i].take(row, s)
		}
	}
	for i := range all {
		all[i].Summary = analysis.Describe(all[i].Values, analysis.DefaultLevel)
		all[i].Alpha = alphaOf(d, all[i].Scale.Items, all[i].Scale.Reversed, answers)
	}
	return all
}

func (s *Scored) take(row int, score instrument.Score) {
	s.Answered[row] = score.Answered
	if score.Valid {
		s.Values[row] = score.Value
		s.Scores++
		return
	}
	s.Values[row] = math.NaN()
	if score.Reason == instrument.ReasonInvalidAnswer {
		s.Invalid++
	} else {
		s.TooFew++
	}
}

// alphaOf is Cronbach's α of items of which some are turned.
func alphaOf(d *instrument.Definition, items, reversed []string, answers Answers) analysis.AlphaResult {
	var columns [][]float64
	opt := analysis.AlphaOptions{Names: items}
	for _, code := range items {
		key := 1
		if slices.Contains(reversed, code) {
			key = -1
		}
		opt.Keys = append(opt.Keys, key)
		columns = append(columns, answers[code])
		opt.Min, opt.Max = endsOf(d, code)
	}
	return analysis.Alpha(columns, opt)
}

// endsOf are the least and the greatest possible answer to an item.
func endsOf(d *instrument.Definition, code string) (low, high float64) {
	item, _ := d.Item(code) // the codes are those of the definition
	if item.Range != nil {
		return item.Range.Min, item.Range.Max
	}
	options, _ := d.ItemOptions(code)
	if len(options) == 0 {
		return 0, 1 // yes or no
	}
	low, high = options[0].Value, options[0].Value
	for _, o := range options {
		low, high = min(low, o.Value), max(high, o.Value)
	}
	return low, high
}
