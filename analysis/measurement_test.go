package analysis_test

import (
	"fmt"
	"math"
	"testing"

	"tidemark/analysis"
)

func ExampleSEM() {
	// A scale with a standard deviation of 8 and a reliability of .91.
	fmt.Println(analysis.SEM(8, 0.91))
	// Output:
	// 2.3999999999999995
}

func ExampleMeanOfPerson() {
	// Four items answered 2, 4, 4, 2 and one left out.
	m := analysis.MeanOfPerson([]float64{2, 4, math.NaN(), 4, 2}, 0)
	fmt.Printf("%d items, mean %.2f, SEM %.4f, ±%.3f\n", m.N, m.Mean.Value, m.SEM.Value, m.HalfWidth.Value)
	// Output:
	// 4 items, mean 3.00, SEM 0.5774, ±1.837
}

func TestWhatCannotBeSaidOfAPersonHasAReason(t *testing.T) {
	t.Parallel()
	nan := math.NaN()
	for name, c := range map[string]struct {
		answers   []float64
		level     float64
		mean, sem analysis.Reason
	}{
		"nothing answered": {[]float64{nan, nan}, 0, analysis.ReasonNoData, analysis.ReasonNoData},
		"one answer":       {[]float64{3, nan}, 0, "", analysis.ReasonTooFew2},
		"all the same":     {[]float64{3, 3, 3}, 0, "", analysis.ReasonZeroVariance},
		"bad level":        {[]float64{3, 4}, 1.5, "", analysis.ReasonInvalidOption},
	} {
		m := analysis.MeanOfPerson(c.answers, c.level)
		if m.Mean.Reason != c.mean || m.SEM.Reason != c.sem || m.HalfWidth.Reason != c.sem {
			t.Errorf("%s: %+v", name, m)
		}
	}
	for name, e := range map[string]analysis.Estimate{
		"no spread": analysis.SEM(0, 0.8), "unreliable": analysis.SEM(1, -0.1), "too reliable": analysis.SEM(1, 1.1), "unknown": analysis.SEM(nan, 0.5),
	} {
		if e.OK() {
			t.Errorf("%s: %v", name, e)
		}
	}
}

// Items drawn from a population: over many persons with different true scores, the
// mean square of the conditional errors is the error variance (Brennan 1998).
func TestConditionalErrorsAverageToTheErrorVariance(t *testing.T) {
	t.Parallel()
	const persons, items = 4000, 8
	state := uint64(7)
	uniform := func() float64 {
		state = state*6364136223846793005 + 1442695040888963407
		return float64(state>>11) / (1 << 53)
	}
	sum := 0.0
	for range persons {
		answers := make([]float64, items)
		level := uniform()
		for i := range answers {
			answers[i] = level + uniform() // error variance 1/12 for each item
		}
		sem := analysis.MeanOfPerson(answers, 0).SEM.Value
		sum += sem * sem
	}
	if got, want := sum/persons, 1.0/12/items; math.Abs(got-want) > 0.03*want {
		t.Errorf("the mean square is %v, want about %v", got, want)
	}
}
