package report_test

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"tidemark/analysis"
	"tidemark/survey/instrument"
)

// Scores are stored one by one as answers come in, and computed at once for a
// researcher's own file. Both ways must give the same numbers.
func TestStoredScoresAreThoseOfTheStatistics(t *testing.T) {
	t.Parallel()
	definitions, err := instrument.Builtin()
	if err != nil {
		t.Fatal(err)
	}
	random := rand.New(rand.NewPCG(4, 6))
	compared := 0
	for _, d := range definitions {
		people := make([]instrument.Numbers, 200)
		for i := range people {
			people[i] = someAnswers(random, d)
		}
		for s, scale := range d.Scales {
			columns, opt := scaleColumns(t, d, scale, people)
			r := analysis.ScoreScale(columns, opt)
			for i, answers := range people {
				stored := d.Score(answers)[s]
				computed := r.PersonMean[i]
				if scale.Method == instrument.MethodSum {
					computed = r.Sum[i]
				}
				if stored.Valid != computed.OK() || stored.Answered != r.Answered[i] ||
					!stored.Valid && stored.Reason != string(computed.Reason) ||
					stored.Valid && math.Abs(stored.Value-computed.Value) > 1e-12 {
					t.Fatalf("%s of %s: stored %+v, computed %v of %d", scale.Key, d.Key, stored, computed, r.Answered[i])
				}
				compared++
			}
		}
	}
	if compared < 1000 {
		t.Errorf("only %d scores were compared", compared)
	}
}

// someAnswers skips up to half of the items.
func someAnswers(random *rand.Rand, d *instrument.Definition) instrument.Numbers {
	answers, skipped := instrument.Numbers{}, random.Float64()/2
	for _, item := range d.Items {
		options, ok := d.ItemOptions(item.Code)
		if ok && len(options) > 0 && random.Float64() >= skipped {
			answers[item.Code] = options[random.IntN(len(options))].Value
		}
	}
	return answers
}

// scaleColumns lays a scale's answers out in columns.
func scaleColumns(t *testing.T, d *instrument.Definition, scale instrument.Scale, people []instrument.Numbers) ([][]float64, analysis.ScaleOptions) {
	t.Helper()
	opt := analysis.ScaleOptions{MinAnswered: scale.MinAnswered}
	var columns [][]float64
	for i, code := range scale.Items {
		options, ok := d.ItemOptions(code)
		if !ok {
			t.Fatalf("%s has no item %s", d.Key, code)
		}
		low, high := options[0].Value, options[0].Value
		for _, o := range options {
			low, high = min(low, o.Value), max(high, o.Value)
		}
		if i > 0 && (low != opt.Min || high != opt.Max) {
			t.Fatalf("%s mixes answer scales", scale.Key)
		}
		opt.Min, opt.Max = low, high
		key := 1
		if slices.Contains(scale.Reversed, code) {
			key = -1
		}
		opt.Keys = append(opt.Keys, key)
		column := make([]float64, len(people))
		for p, answers := range people {
			column[p] = math.NaN()
			if v, given := answers[code]; given {
				column[p] = v
			}
		}
		columns = append(columns, column)
	}
	return columns, opt
}
