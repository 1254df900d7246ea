package analysis

import (
	"math"
	"math/rand/v2"
	"runtime"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
)

func TestCountedColumnsHaveTheMomentsOfTheirValues(t *testing.T) {
	t.Parallel()
	random := rand.New(rand.NewPCG(5, 6))
	for name, draw := range map[string]func() float64{
		"answers":       func() float64 { return float64(1 + random.IntN(5)) },
		"around zero":   func() float64 { return float64(random.IntN(41) - 20) },
		"far from zero": func() float64 { return 1e9 + float64(random.IntN(7)) },
		"constant":      func() float64 { return 3 },
		"a hole":        func() float64 { return []float64{1, 2, math.NaN()}[random.IntN(3)] },
	} {
		x := make([]float64, 1000)
		for i := range x {
			x[i] = draw()
		}
		counted, ok := newTally(x)
		if !ok {
			t.Errorf("%s: not counted", name)
			continue
		}
		values, missing, _ := present(x)
		if d := cmp.Diff(counted.moments(), newMoments(values, 0), cmp.AllowUnexported(moments{}), cmpopts.EquateApprox(1e-13, 1e-15)); d != "" {
			t.Errorf("%s: moments (-counted +computed):\n%s", name, d)
		}
		if counted.missing != missing {
			t.Errorf("%s: %d missing, want %d", name, counted.missing, missing)
		}
	}
}

func TestOnlyWholeNumbersCloseTogetherAreCounted(t *testing.T) {
	t.Parallel()
	for name, x := range map[string][]float64{
		"nothing":       {},
		"nobody":        {math.NaN()},
		"halves":        {1, 2, 2.5},
		"far apart":     {1, 2, 1000},
		"infinite":      {1, math.Inf(1)},
		"begins with ∞": {math.Inf(-1), 1},
		"huge":          {1e300, 1e300},
		"beyond int":    {1, -1e30},
	} {
		if _, ok := newTally(x); ok {
			t.Errorf("%s was counted", name)
		}
	}
}

func TestAlphaCountsTheAnswersOfThePeopleUsed(t *testing.T) {
	t.Parallel()
	items := [][]float64{{1, 2, 2, 4, math.NaN()}, {1, 1, 2, 5, 5}, {0.5, 1, 2, 3, 3}}
	r := Alpha(items, AlphaOptions{Keys: []int{1, -1, 1}, Min: 1, Max: 5})
	got := [][]AnswerCount{r.Items[0].Answers, r.Items[1].Answers, r.Items[2].Answers}
	want := [][]AnswerCount{{{1, 1}, {2, 2}, {4, 1}}, {{1, 1}, {4, 1}, {5, 2}}, nil}
	if d := cmp.Diff(got, want); d != "" {
		t.Errorf("answers (-got +want):\n%s", d)
	}
}

// Not parallel: it changes the number of processors.
func TestAlphaIsTheSameOnAnyNumberOfProcessors(t *testing.T) {
	random := rand.New(rand.NewPCG(3, 5))
	items := make([][]float64, 7)
	for i := range items {
		for range 30_000 {
			items[i] = append(items[i], random.NormFloat64())
		}
	}
	var first AlphaResult
	for _, processors := range []int{1, 2, 5} {
		before := runtime.GOMAXPROCS(processors)
		r := Alpha(items, AlphaOptions{})
		runtime.GOMAXPROCS(before)
		if processors == 1 {
			first = r
		} else if d := cmp.Diff(r, first); d != "" {
			t.Errorf("on %d processors (-got +want):\n%s", processors, d)
		}
	}
}

func TestWholeChangesFarFromZeroAreRankedAtOnce(t *testing.T) {
	t.Parallel()
	for _, far := range []float64{200, -200, 4e9, -4e9} {
		var counted signedRanks
		x := []float64{far, far + 2, far, far - 1}
		tally, ok := newTally(x)
		if !ok {
			t.Fatalf("%v: not counted", far)
		}
		counted.count(&tally)
		var sorted signedRanks
		sorted.sort(x, 0)
		if d := cmp.Diff(counted, sorted, cmp.AllowUnexported(signedRanks{}, signedSize{})); d != "" {
			t.Errorf("%v: ranks (-counted +sorted):\n%s", far, d)
		}
	}
}
