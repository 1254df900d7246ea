package analysis

import (
	"math"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

// someItems draws answers from 1 to 5 with some skipped.
func someItems(t *rapid.T) ([][]float64, []int) {
	people := rapid.IntRange(1, 8).Draw(t, "people")
	items := make([][]float64, rapid.IntRange(1, 6).Draw(t, "items"))
	keys := make([]int, len(items))
	for i := range items {
		keys[i] = rapid.SampledFrom([]int{1, -1}).Draw(t, "key")
		items[i] = make([]float64, people)
		for p := range items[i] {
			items[i][p] = float64(rapid.IntRange(1, 5).Draw(t, "answer"))
			if rapid.IntRange(0, 4).Draw(t, "skipped") == 0 {
				items[i][p] = math.NaN()
			}
		}
	}
	return items, keys
}

func TestScaleScoresAreMeansOfTheAnsweredItems(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		items, keys := someItems(t)
		needed := rapid.IntRange(1, len(items)).Draw(t, "needed")
		r := ScoreScale(items, ScaleOptions{Keys: keys, Min: 1, Max: 5, MinAnswered: needed})
		scored := 0
		for p := range items[0] {
			sum, n := 0.0, 0
			for i := range items {
				v := items[i][p]
				if math.IsNaN(v) {
					continue
				}
				if keys[i] == -1 {
					v = 6 - v
				}
				sum += v
				n++
			}
			want := Unknown(ReasonTooFewAnswers)
			if n >= needed {
				want = Known(sum / float64(n))
				scored++
			}
			diff(t, "mean", r.PersonMean[p], want)
			diff(t, "answered", r.Answered[p], n)
			if want.OK() {
				diff(t, "sum", r.Sum[p].Value, want.Value*float64(len(items)))
			}
		}
		diff(t, "scored", []int{r.Scored, r.Unscored}, []int{scored, r.Rows - scored})
	})
}

func TestTurningEveryAnswerAroundMirrorsTheScore(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		items, keys := someItems(t)
		a := ScoreScale(items, ScaleOptions{Keys: keys, Min: 1, Max: 5})
		turned, opposite := make([][]float64, len(items)), make([]int, len(items))
		for i := range items {
			turned[i], opposite[i] = mapped(items[i], func(v float64) float64 { return 6 - v }), -keys[i]
		}
		diff(t, "answers and keys", ScoreScale(turned, ScaleOptions{Keys: opposite, Min: 1, Max: 5}), a)
		mirror := ScoreScale(turned, ScaleOptions{Keys: keys, Min: 1, Max: 5})
		if a.Mean.OK() {
			diff(t, "answers", mirror.Mean.Value, 6-a.Mean.Value)
		}
		diff(t, "spread", mirror.SD, a.SD)
	})
}

func TestAnswersThatWereNotOfferedAreCounted(t *testing.T) {
	t.Parallel()
	r := ScoreScale([][]float64{{1, 9}, {2, 3}, {0, 3}}, ScaleOptions{Min: 1, Max: 5})
	if d := cmp.Diff([]any{r.OutOfRange, r.PersonMean}, []any{2, []Estimate{{Value: 1}, {Value: 5}}}); d != "" {
		t.Errorf("(-got +want):\n%s", d)
	}
}

func TestUnusableKeysGiveNoScores(t *testing.T) {
	t.Parallel()
	items := [][]float64{{1, 2}, {2, 3}}
	for name, opt := range map[string]ScaleOptions{
		"too few keys": {Keys: []int{1}},
		"no ends":      {Keys: []int{1, -1}},
		"ends swapped": {Min: 5, Max: 1},
		"other key":    {Keys: []int{1, 2}, Min: 1, Max: 5},
		"negative":     {MinAnswered: -1},
	} {
		r := ScoreScale(items, opt)
		if r.PersonMean[0].Reason != ReasonInvalidOption || r.Mean.Reason != ReasonInvalidOption || r.Scored != 0 {
			t.Errorf("%s: got %+v", name, r)
		}
	}
	if r := ScoreScale(nil, ScaleOptions{}); r.Rows != 0 || r.Mean.Reason != ReasonNoData {
		t.Errorf("no items: got %+v", r)
	}
}

func TestFourFifthsOfTheItemsAreNeededByDefault(t *testing.T) {
	t.Parallel()
	for items, want := range map[int]int{1: 1, 4: 4, 5: 4, 10: 8, 12: 10} {
		if r := ScoreScale(make([][]float64, items), ScaleOptions{}); r.MinAnswered != want {
			t.Errorf("%d items: got %d, want %d", items, r.MinAnswered, want)
		}
	}
}

// Coefficients of reliability rest on the answers, so scoring must agree with
// them about reversed items.
func TestScaleMeanIsTheOneThatAlphaSees(t *testing.T) {
	t.Parallel()
	items := [][]float64{{1, 2, 4, 4, 5, 2}, {2, 2, 3, 5, 5, 1}, {5, 4, 2, 2, 1, 4}}
	keys := []int{1, 1, -1}
	s := ScoreScale(items, ScaleOptions{Keys: keys, Min: 1, Max: 5})
	a := Alpha(items, AlphaOptions{Keys: keys, Min: 1, Max: 5})
	if math.Abs(s.Mean.Value-a.ScaleMean.Value) > 1e-12 || math.Abs(s.SD.Value-a.ScaleSD.Value) > 1e-12 {
		t.Errorf("scored %v (%v), alpha %v (%v)", s.Mean, s.SD, a.ScaleMean, a.ScaleSD)
	}
}

func TestNoAnswersPanicOrYieldNonFiniteScores(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		items := rapid.SliceOfN(roughColumn(), 0, 5).Draw(t, "items")
		opt := ScaleOptions{
			Min:         rapid.SampledFrom([]float64{0, 1, math.NaN()}).Draw(t, "min"),
			Max:         rapid.SampledFrom([]float64{0, 5, math.Inf(1)}).Draw(t, "max"),
			MinAnswered: rapid.IntRange(-1, 6).Draw(t, "needed"),
		}
		if rapid.Bool().Draw(t, "keyed") {
			for range items {
				opt.Keys = append(opt.Keys, rapid.SampledFrom([]int{1, 1, -1, 0}).Draw(t, "key"))
			}
		}
		check(t, "ScoreScale", ScoreScale(items, opt))
	})
}
