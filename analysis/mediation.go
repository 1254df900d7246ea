package analysis

import (
	"context"
	"math"

	"tidemark/analysis/dist"
)

// MediationResult is what Mediate returns. Paths are in the units of the data.
type MediationResult struct {
	// N counts the people used, Excluded those that miss a value.
	N, Excluded int

	// A is the path from x to the mediator, B from the mediator to y beside x,
	// Total the effect of x on y and Direct what of it remains beside the
	// mediator.
	A, B, Total, Direct Coefficient

	// Indirect is A·B, which equals Total − Direct.
	Indirect Estimate
	// CI is the interval of Indirect from the distribution of the product of two
	// independent normal estimates (MacKinnon, Fritz, Williams & Lockwood 2007).
	CI Interval
	// SobelSE is √(a²·SE_b² + b²·SE_a²) (Sobel 1982) with its normal test, which
	// is known to find too little; AroianSE adds SE_a²·SE_b² (Aroian 1947).
	SobelSE, SobelZ, SobelP, AroianSE Estimate
}

// Mediate estimates how much of the effect of x on y goes through a mediator, by
// linear models: mediator on x, y on x and mediator, y on x. People who miss one
// of the three are dropped and counted. Whether the mediator causes anything is
// not for these numbers to say: people were not allocated to it.
//
// Not estimable: everything without a complete row; paths from a column that is
// constant or follows from the others (aliased); tests and intervals with too
// few people (n_too_small) or where a model fits perfectly.
func Mediate(x, mediator, y []float64, level float64) MediationResult {
	d := newRepeated([][]float64{x, mediator, y})
	r := MediationResult{N: d.people(), Excluded: d.excluded}
	why := d.fault
	if r.N == 0 {
		why = FirstReason(why, ReasonNoData)
	}
	if why != "" {
		r.A, r.B = noCoefficient("a", why, level), noCoefficient("b", why, level)
		r.Total, r.Direct = noCoefficient("c", why, level), noCoefficient("c'", why, level)
		r.indirect(level)
		return r
	}
	x, mediator, y = d.columns[0], d.columns[1], d.columns[2]
	r.A = fitLeastSquares(mediator, [][]float64{x}, true).column("a", 0, level)
	r.Total = fitLeastSquares(y, [][]float64{x}, true).column("c", 0, level)
	both := fitLeastSquares(y, [][]float64{x, mediator}, true)
	r.Direct, r.B = both.column("c'", 0, level), both.column("b", 1, level)
	if r.A.Estimate.OK() && !r.B.Estimate.OK() { // c' and b cannot be told apart
		r.Direct = noCoefficient("c'", ReasonAliased, level)
	}
	r.indirect(level)
	return r
}

// column is the coefficient of the column j of those that were given.
func (f *leastSquares) column(name string, j int, level float64) Coefficient {
	for k, kept := range f.kept {
		if kept == j {
			value, unit := f.slope(k)
			return f.coefficient(name, k, value, unit, f.leverage(), level)
		}
	}
	return noCoefficient(name, ReasonAliased, level)
}

// indirect fills in the product of the paths.
func (r *MediationResult) indirect(level float64) {
	a, b := r.A.Estimate.Value, r.B.Estimate.Value
	r.Indirect = KnownUnless(FirstReason(r.A.Estimate.Reason, r.B.Estimate.Reason), a*b)
	why := FirstReason(r.Indirect.Reason, r.A.SE.Reason, r.B.SE.Reason)
	sa, sb := r.A.SE.Value, r.B.SE.Value
	sobel := math.Hypot(a*sb, b*sa)
	z := a * b / sobel
	if why == "" && !Finite(z) {
		why = ReasonOutOfRange
	}
	r.SobelSE, r.AroianSE = KnownUnless(why, sobel), KnownUnless(why, math.Hypot(sobel, sa*sb))
	r.SobelZ, r.SobelP = KnownUnless(why, z), KnownUnless(why, dist.NormalTwoSided(z))
	if why == "" && !ValidLevel(level) {
		why = ReasonInvalidOption
	}
	if why != "" {
		r.CI = NoInterval(why, level)
		return
	}
	tail := (1 - level) / 2
	low, high := dist.ProductQuantile(tail, a/sa, b/sb), dist.ProductQuantile(1-tail, a/sa, b/sb)
	if math.IsNaN(low) || math.IsNaN(high) || low > high {
		r.CI = NoInterval(ReasonNotConverged, level)
		return
	}
	r.CI = NewInterval(low*sa*sb, high*sa*sb, level)
}

// MediateBootstrap resamples people for the interval of the indirect effect a·b,
// by BCa and simpler intervals. The error is that of a context that ended early.
//
// Not estimable: as Bootstrap; resamples in which x does not vary or determines
// the mediator have no indirect effect and are counted as failed.
func MediateBootstrap(ctx context.Context, x, mediator, y []float64, opt BootstrapOptions) (BootstrapResult, error) {
	d := newRepeated([][]float64{x, mediator, y})
	if d.fault != "" {
		r := BootstrapResult{Excluded: d.excluded, Estimate: Unknown(d.fault)}
		r.withhold(d.fault, opt.Level)
		return r, nil
	}
	var centred [3][]float64
	back := 1.0
	for j, column := range d.columns {
		f := leastSquares{intercept: true}
		if len(column) > 0 {
			var m moments
			centred[j], _, m = f.centred(column)
			back *= [3]float64{m.scale, 1, 1 / m.scale}[j]
			if m.constant {
				clear(centred[j])
			}
		}
	}
	statistic := func(rows []int) float64 {
		return back * indirectEffect(centred[0], centred[1], centred[2], rows)
	}
	r, err := Bootstrap(ctx, d.people(), statistic, opt)
	r.Excluded = d.excluded
	return r, err
}

// indirectEffect is a·b of some rows, from sums of squares and products of
// columns that are centred as a whole; NaN where it does not exist.
func indirectEffect(x, m, y []float64, rows []int) float64 {
	var sx, sm, sy, xx, mm, xm, xy, my float64
	for _, i := range rows {
		a, b, c := x[i], m[i], y[i]
		sx += a
		sm += b
		sy += c
		xx += a * a
		mm += b * b
		xm += a * b
		xy += a * c
		my += b * c
	}
	n := float64(len(rows))
	wholeX, wholeM := xx, mm
	xx -= sx * sx / n
	mm -= sm * sm / n
	xm -= sx * sm / n
	xy -= sx * sy / n
	my -= sm * sy / n
	rest := mm - xm*xm/xx // of the mediator beside x
	if !(xx > 1e-12*wholeX) || !(rest > 1e-12*wholeM) {
		return math.NaN()
	}
	return xm / xx * (my - xm*xy/xx) / rest
}
