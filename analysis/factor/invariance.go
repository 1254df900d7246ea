package factor

import (
	"context"
	"math"

	"tidemark/analysis"
	"tidemark/analysis/dist"
)

// Level is a level of measurement invariance; each includes those before it.
type Level string

// The levels (Meredith 1993).
const (
	// NoInvariance: not even the same items form the factor.
	NoInvariance Level = "none"
	// Configural: the same items form the factor.
	Configural Level = "configural"
	// Metric: their loadings are equal; relations with the factor can be compared.
	Metric Level = "metric"
	// Scalar: their intercepts are equal too; means can be compared.
	Scalar Level = "scalar"
)

// Valid reports whether l is a known level.
func (l Level) Valid() bool {
	return l == NoInvariance || l == Configural || l == Metric || l == Scalar
}

// Reading is what a comparison of two levels says.
type Reading string

// The readings, by the bounds of Chen (2007): CFI falls by 0.010 or more, and
// RMSEA rises by 0.015 or more or SRMR by 0.030 (loadings) or 0.010
// (intercepts) or more. With 300 people or fewer the bounds are 0.005, 0.010,
// 0.025 and 0.005.
const (
	// Holds: CFI falls by less than its bound.
	Holds Reading = "holds"
	// Doubtful: CFI falls by its bound or more, the other indices do not follow.
	Doubtful Reading = "doubtful"
	// Fails: CFI and another index change by their bounds or more.
	Fails Reading = "fails"
	// Unread: the indices are not estimable.
	Unread Reading = "unread"
)

// Valid reports whether r is a known reading.
func (r Reading) Valid() bool {
	return r == Holds || r == Doubtful || r == Fails || r == Unread
}

// InvarianceResult is what GroupInvariance and WaveInvariance return.
type InvarianceResult struct {
	// Parts are the groups or waves, in the order of their first appearance, with
	// the people of each; at waves the same ones.
	Parts []Part
	// N counts the people, Excluded those with a missing answer or group, K the
	// items.
	N, Excluded, K int

	Configural, Metric, Scalar FitIndices
	// MetricTest compares metric with configural, ScalarTest scalar with metric.
	MetricTest, ScalarTest Comparison

	// LatentMeans are the factor's means in the scalar model, one per part, the
	// first being 0 by definition: in standard deviations of the factor in the
	// first part. Where scalar invariance fails they mean little.
	LatentMeans []LatentMean
}

// Part is a group or a wave.
type Part struct {
	Name string
	N    int
	// Dropped names items that do not vary there.
	Dropped []string
}

// LatentMean is a factor's mean relative to the first group or wave.
type LatentMean struct {
	Part     string
	Mean, SE analysis.Estimate
	CI       analysis.Interval
}

// Comparison is one level against the one before it.
type Comparison struct {
	// DeltaChiSquare is the likelihood ratio test of the added equalities.
	DeltaChiSquare, DF, P analysis.Estimate
	// The changes of indices, stricter minus weaker.
	DeltaCFI, DeltaRMSEA, DeltaSRMR analysis.Estimate
	Reading                         Reading
}

// Held is the highest level of invariance whose comparisons hold, given that
// the configural model fits: that is for its indices to say.
func (r InvarianceResult) Held() Level {
	switch {
	case !r.Configural.CFI.OK():
		return NoInvariance
	case r.MetricTest.Reading != Holds:
		return Configural
	case r.ScalarTest.Reading != Holds:
		return Metric
	}
	return Scalar
}

// withhold marks everything as not estimable.
func (r *InvarianceResult) withhold(why analysis.Reason, level float64) {
	for _, f := range []*FitIndices{&r.Configural, &r.Metric, &r.Scalar} {
		f.withhold(why)
	}
	r.MetricTest, r.ScalarTest = compare(r.Configural, r.Metric, Metric, 0), compare(r.Metric, r.Scalar, Scalar, 0)
	for _, p := range r.Parts {
		r.LatentMeans = append(r.LatentMeans, LatentMean{
			Part: p.Name, Mean: analysis.Unknown(why), SE: analysis.Unknown(why), CI: analysis.NoInterval(why, level),
		})
	}
}

// compare reads a stricter model against a weaker one.
func compare(weak, strict FitIndices, to Level, n int) Comparison {
	minus := func(a, b analysis.Estimate) analysis.Estimate {
		return analysis.KnownUnless(analysis.FirstReason(a.Reason, b.Reason), a.Value-b.Value)
	}
	c := Comparison{
		DeltaChiSquare: minus(strict.ChiSquare, weak.ChiSquare), DF: minus(strict.DF, weak.DF),
		DeltaCFI: minus(strict.CFI, weak.CFI), DeltaRMSEA: minus(strict.RMSEA, weak.RMSEA),
		DeltaSRMR: minus(strict.SRMR, weak.SRMR), Reading: Unread,
	}
	why := analysis.FirstReason(c.DeltaChiSquare.Reason, c.DF.Reason)
	c.P = analysis.KnownUnless(why, dist.ChiSquareTail(c.DeltaChiSquare.Value, c.DF.Value))
	if analysis.FirstReason(c.DeltaCFI.Reason, c.DeltaRMSEA.Reason, c.DeltaSRMR.Reason) != "" {
		return c
	}
	cfi, rmsea, srmr := 0.010, 0.015, 0.030
	if to == Scalar {
		srmr = 0.010
	}
	if n <= 300 {
		cfi, rmsea, srmr = 0.005, 0.010, 0.025
		if to == Scalar {
			srmr = 0.005
		}
	}
	switch {
	case c.DeltaCFI.Value > -cfi:
		c.Reading = Holds
	case c.DeltaRMSEA.Value >= rmsea || c.DeltaSRMR.Value >= srmr:
		c.Reading = Fails
	default:
		c.Reading = Doubtful
	}
	return c
}

// ladder fits the three levels, each from the one before it.
func (r *InvarianceResult) ladder(ctx context.Context, build func(Level) model, samples []sample, u units, level float64) error {
	for _, step := range []struct {
		level Level
		into  *FitIndices
	}{{Configural, &r.Configural}, {Metric, &r.Metric}, {Scalar, &r.Scalar}} {
		m := build(step.level)
		if m.degrees() < 0 {
			step.into.withhold(analysis.ReasonNotIdentified)
			continue
		}
		d := newDiscrepancy(&m.structure, samples)
		at, err := d.minimise(ctx, m.startFor(d))
		if err != nil {
			return err
		}
		*step.into = newFitIndices(d, at, u)
		if step.level == Scalar {
			r.latentMeans(d, at, m, level)
		}
	}
	r.MetricTest = compare(r.Configural, r.Metric, Metric, r.N)
	r.ScalarTest = compare(r.Metric, r.Scalar, Scalar, r.N)
	return nil
}

// latentMeans reads the factor's means from the scalar solution.
func (r *InvarianceResult) latentMeans(d *discrepancy, at solution, m model, level float64) {
	why := r.Scalar.Reason
	var acov []float64
	if why == "" {
		if acov = d.acov(at.params); acov == nil {
			why = analysis.ReasonNotIdentified
		}
	}
	z := dist.NormalCritical(level)
	for i, p := range r.Parts {
		l := LatentMean{Part: p.Name, Mean: analysis.KnownUnless(why, 0), SE: analysis.Unknown(why)}
		l.CI = analysis.NoInterval(analysis.FirstReason(why, analysis.ReasonFixed), level)
		if i == 0 && why == "" {
			l.SE = analysis.Unknown(analysis.ReasonFixed)
		}
		if i > 0 && why == "" {
			k := m.alphas[i]
			v, se := at.params[k], math.Sqrt(acov[k*d.s.params+k])
			l.Mean, l.SE = analysis.Known(v), analysis.Known(se)
			l.CI = analysis.NewInterval(v-z*se, v+z*se, level)
		}
		r.LatentMeans = append(r.LatentMeans, l)
	}
}
