package missing

import (
	"math"
	"testing"

	"pgregory.net/rapid"

	"tidemark/analysis"
)

func TestPoolingEqualEstimatesLosesNothing(t *testing.T) {
	t.Parallel()
	p := PoolScalar([]float64{2, 2, 2}, []float64{0.25, 0.25, 0.25}, PoolOptions{DFComplete: 20})
	if p.SE.Value != 0.5 || p.Lambda.Value != 0 || p.DFOld.Reason != analysis.ReasonUnbounded {
		t.Errorf("got SE %v, λ %v, df %v", p.SE, p.Lambda, p.DFOld)
	}
	// Barnard and Rubin's degrees of freedom without loss.
	if want := 21.0 / 23 * 20; math.Abs(p.DF.Value-want) > 1e-12 {
		t.Errorf("got df %v, want %v", p.DF, want)
	}
	large := PoolScalar([]float64{2, 2, 2}, []float64{0.25, 0.25, 0.25}, PoolOptions{})
	if large.DF.Reason != analysis.ReasonUnbounded || math.Abs(large.P.Value-6.334248366623996e-05) > 1e-15 {
		t.Errorf("large sample: got df %v, p %v", large.DF, large.P)
	}
}

func TestPoolingIsEquivariant(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		m := rapid.IntRange(2, 8).Draw(t, "m")
		q := rapid.SliceOfN(rapid.Float64Range(-5, 5), m, m).Draw(t, "estimates")
		u := rapid.SliceOfN(rapid.Float64Range(0.1, 3), m, m).Draw(t, "variances")
		opt := PoolOptions{DFComplete: rapid.SampledFrom([]float64{0, 3, 40}).Draw(t, "df")}
		a := PoolScalar(q, u, opt)
		minusDouble, squares := make([]float64, m), make([]float64, m)
		for i := range q {
			minusDouble[m-1-i], squares[m-1-i] = -2*q[i], 4*u[i]
		}
		b := PoolScalar(minusDouble, squares, opt)
		for name, pair := range map[string][2]float64{
			"estimate": {b.Estimate.Value, -2 * a.Estimate.Value}, "SE": {b.SE.Value, 2 * a.SE.Value},
			"p": {b.P.Value, a.P.Value}, "FMI": {b.FMI.Value, a.FMI.Value}, "upper end": {b.CI.High, -2 * a.CI.Low},
		} {
			if math.Abs(pair[0]-pair[1]) > 1e-9*math.Max(1, math.Abs(pair[1])) {
				t.Fatalf("%s: got %v, want %v", name, pair[0], pair[1])
			}
		}
	})
}

func TestWhatCannotBePooledIsNamed(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		q, u []float64
		opt  PoolOptions
		want analysis.Reason
	}{
		"none":              {nil, nil, PoolOptions{}, analysis.ReasonNoData},
		"one":               {[]float64{1}, []float64{1}, PoolOptions{}, analysis.ReasonTooFew2},
		"lengths differ":    {[]float64{1, 2}, []float64{1}, PoolOptions{}, analysis.ReasonInvalidOption},
		"negative variance": {[]float64{1, 2}, []float64{1, -1}, PoolOptions{}, analysis.ReasonInvalidOption},
		"missing estimate":  {[]float64{1, nan}, []float64{1, 1}, PoolOptions{}, analysis.ReasonInvalidOption},
		"infinite":          {[]float64{1, math.Inf(1)}, []float64{1, 1}, PoolOptions{}, analysis.ReasonInfiniteInput},
		"level":             {[]float64{1, 2}, []float64{1, 1}, PoolOptions{Level: 2}, analysis.ReasonInvalidOption},
		"df":                {[]float64{1, 2}, []float64{1, 1}, PoolOptions{DFComplete: -1}, analysis.ReasonInvalidOption},
	} {
		p := PoolScalar(c.q, c.u, c.opt)
		if p.Estimate.Reason != c.want || p.P.Reason != c.want || p.CI.Reason != c.want {
			t.Errorf("%s: got %v, p %v, want %q", name, p.Estimate, p.P, c.want)
		}
	}
	exact := PoolScalar([]float64{3, 3}, []float64{0, 0}, PoolOptions{})
	if exact.Estimate.Value != 3 || exact.P.Reason != analysis.ReasonZeroVariance {
		t.Errorf("without any variance: got %v, p %v", exact.Estimate, exact.P)
	}
}

func TestFitsOfDifferentModelsAreNotPooled(t *testing.T) {
	t.Parallel()
	one := Fit{Names: []string{"a"}, Estimates: []float64{1}, Variances: []float64{1}}
	other := Fit{Names: []string{"b"}, Estimates: []float64{1}, Variances: []float64{1}}
	failed := Fit{Reason: analysis.ReasonSingular}
	if p := PoolFits([]Fit{one, other}, PoolOptions{}); p[0].Estimate.Reason != analysis.ReasonInvalidOption {
		t.Errorf("got %v, want a reason", p[0].Estimate)
	}
	if p := PoolFits([]Fit{one, failed}, PoolOptions{}); p[0].Estimate.Reason != analysis.ReasonSingular {
		t.Errorf("got %v, want the reason of the fit", p[0].Estimate)
	}
}
