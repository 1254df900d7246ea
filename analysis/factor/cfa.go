package factor

import (
	"context"
	"fmt"
	"math"

	"tidemark/analysis"
	"tidemark/analysis/dist"
	"tidemark/analysis/internal/spd"
)

// Options describes the items of a scale. The zero value means unnamed items,
// none reversed, and intervals at analysis.DefaultLevel.
type Options struct {
	// Names label the items; empty means "1", "2", ….
	Names []string
	// Keys are +1 or −1 per item; −1 reverses an item to Min + Max − x. Empty
	// means all +1.
	Keys []int
	// Min and Max are the ends of the answer scale, needed only to reverse.
	Min, Max float64
	// Level is the coverage of intervals other than that of RMSEA; 0 means
	// analysis.DefaultLevel.
	Level float64
}

func (o Options) level() float64 {
	if o.Level == 0 {
		return analysis.DefaultLevel
	}
	return o.Level
}

// scale prepares the items for a model.
func (o Options) scale(items [][]float64) (analysis.Scale, analysis.Reason) {
	if !analysis.ValidLevel(o.level()) {
		return analysis.Scale{}, analysis.ReasonInvalidOption
	}
	return analysis.NewScale(items, analysis.AlphaOptions{Names: o.Names, Keys: o.Keys, Min: o.Min, Max: o.Max})
}

// CFAResult is what CFA returns.
type CFAResult struct {
	// N counts the people, Excluded those with a missing answer, K the items that
	// vary; Dropped names the others.
	N, Excluded, K int
	Dropped        []string
	Fit            FitIndices
	Items          []Loading
	// FactorVariance is in the squared unit of the first item, whose loading is
	// fixed to 1.
	FactorVariance, FactorVarianceSE analysis.Estimate
	// Heywood names the items with a negative residual variance.
	Heywood []string
}

// Loading describes one item in the solution.
type Loading struct {
	Name string
	// Loading is relative to that of the first item, which is fixed to 1 and has
	// no SE; it is in the unit of the item per unit of the first one.
	Loading, SE analysis.Estimate
	CI          analysis.Interval
	// Standardised is the correlation of item and factor that the model implies,
	// with SE by the delta method.
	Standardised, StandardisedSE analysis.Estimate
	StandardisedCI               analysis.Interval
	// Residual is the variance that the factor leaves, in the squared unit of the
	// item.
	Residual, ResidualSE analysis.Estimate
}

// CFA fits one factor to the items by maximum likelihood on their covariances
// (Jöreskog 1969), as lavaan's defaults do: first loading fixed to 1, normal
// theory, expected information, complete cases.
//
// Not estimable: everything with fewer than three items that vary, linearly
// dependent items, or no minimum; loadings and their errors where the solution
// is improper. The error is that of the context.
func CFA(ctx context.Context, items [][]float64, opt Options) (CFAResult, error) {
	scale, why := opt.scale(items)
	r := CFAResult{N: scale.N, Excluded: scale.Excluded, K: len(scale.Columns), Dropped: scale.Dropped}
	one, err := fitOneFactor(ctx, scale, why)
	if err != nil {
		return CFAResult{}, fmt.Errorf("fit one factor: %w", err)
	}
	if one.reason != "" {
		r.Fit.withhold(one.reason)
		r.FactorVariance, r.FactorVarianceSE = analysis.Unknown(one.reason), analysis.Unknown(one.reason)
		return r, nil
	}
	r.Fit = newFitIndices(one.d, one.solution, one.units)
	for i, v := range one.residuals {
		if v < 0 {
			r.Heywood = append(r.Heywood, scale.Names[i])
		}
	}
	r.describe(one, scale.Names, opt.level())
	return r, nil
}

// oneFactor is the solution for one factor with variance 1, in units.
type oneFactor struct {
	solution
	d                   *discrepancy
	units               units
	loadings, residuals []float64
}

// fitOneFactor fits one factor to a prepared scale.
func fitOneFactor(ctx context.Context, scale analysis.Scale, why analysis.Reason) (oneFactor, error) {
	one := oneFactor{solution: solution{reason: why}}
	if why != "" {
		return one, nil
	}
	if one.reason = needItems(scale); one.reason != "" {
		return one, nil
	}
	one.units = unitsOf(scale.Columns)
	if one.reason = one.units.fault(); one.reason != "" {
		return one, nil
	}
	s, why := newSample(scale.Columns, one.units)
	if one.reason = why; why != "" {
		return one, nil
	}
	loadings, residuals := firstGuess(s.cov, len(s.mean))
	err := one.fit(ctx, s, append(loadings, residuals...))
	return one, err
}

// needItems says what a scale lacks for one factor to be identified.
func needItems(scale analysis.Scale) analysis.Reason {
	switch {
	case scale.N == 0:
		return analysis.ReasonNoData
	case scale.N < 2:
		return analysis.ReasonTooFew2
	case len(scale.Columns) < 3:
		return analysis.ReasonItemsTooFew3
	}
	return ""
}

// fit searches from a start of loadings and residual variances.
func (one *oneFactor) fit(ctx context.Context, s sample, start []float64) error {
	p := len(s.mean)
	one.d = newDiscrepancy(oneFactorStructure(p), []sample{s})
	at, err := one.d.minimise(ctx, start)
	if err != nil {
		return err
	}
	one.solution = at
	if at.reason == "" {
		one.loadings, one.residuals = at.params[:p], at.params[p:]
	}
	return nil
}

// oneFactorStructure has parameters 0…p−1 for loadings and p…2p−1 for residual
// variances; the factor's variance is 1.
func oneFactorStructure(p int) *structure {
	s := &structure{items: p, factors: 1}
	group := []element{{kind: covariance, param: fixed, value: 1}}
	for i := range p {
		group = append(group, element{kind: loading, i: i, param: s.free()})
	}
	for i := range p {
		group = append(group, element{kind: residual, i: i, j: i, param: s.free()})
	}
	s.groups = [][]element{group}
	return s
}

// acov is the covariance matrix of the parameters at a solution, by expected
// information, or nil if that is singular.
func (d *discrepancy) acov(at []float64) []float64 {
	if !d.at(at, true) {
		return nil
	}
	k := d.s.params
	work, inverse := append([]float64(nil), d.fisher...), make([]float64, k*k)
	if !spd.Factor(work, k, 1e-12) {
		return nil
	}
	spd.Invert(work, k, inverse)
	n := total(d.samples)
	for i := range inverse {
		inverse[i] *= 2 / n
	}
	return inverse
}

// describe writes the items in their own units. The loadings relative to the
// first, λᵢ/λ₁, and the factor's variance λ₁² follow from those of a factor with
// variance 1; so do their errors, by the delta method, which is exact for the
// information matrix under a change of parameters.
func (r *CFAResult) describe(one oneFactor, names []string, level float64) {
	p, sd := len(one.loadings), one.units.sd
	v := one.d.acov(one.params)
	why := r.Fit.Reason
	if v == nil {
		why = analysis.FirstReason(why, analysis.ReasonNotIdentified)
		v = make([]float64, 4*p*p)
	}
	at := func(a, b int) float64 { return v[a*2*p+b] }
	first := one.loadings[0]
	relative := why
	if math.Abs(first) < 1e-6 {
		relative = analysis.FirstReason(relative, analysis.ReasonNotIdentified)
	}
	z := dist.NormalCritical(level)
	interval := func(e, se analysis.Estimate) analysis.Interval {
		if w := analysis.FirstReason(e.Reason, se.Reason); w != "" {
			return analysis.NoInterval(w, level)
		}
		return analysis.NewInterval(e.Value-z*se.Value, e.Value+z*se.Value, level)
	}
	r.FactorVariance = analysis.KnownUnless(relative, first*first*sd[0]*sd[0])
	r.FactorVarianceSE = analysis.KnownUnless(relative, 2*math.Abs(first)*math.Sqrt(at(0, 0))*sd[0]*sd[0])
	for i, l := range one.loadings {
		item := Loading{Name: names[i]}
		ratio := l / first
		item.Loading = analysis.KnownUnless(relative, ratio*sd[i]/sd[0])
		item.SE = analysis.KnownUnless(relative, sd[i]/sd[0]/math.Abs(first)*
			root(at(i, i)-2*ratio*at(i, 0)+ratio*ratio*at(0, 0)))
		if i == 0 && relative == "" {
			item.SE = analysis.Unknown(analysis.ReasonFixed)
		}
		item.CI = interval(item.Loading, item.SE)

		t := one.residuals[i]
		c := l*l + t
		dl, dt := t/(c*math.Sqrt(c)), -l/(2*c*math.Sqrt(c))
		item.Standardised = analysis.KnownUnless(why, l/math.Sqrt(c))
		item.StandardisedSE = analysis.KnownUnless(why,
			root(dl*dl*at(i, i)+2*dl*dt*at(i, p+i)+dt*dt*at(p+i, p+i)))
		item.StandardisedCI = interval(item.Standardised, item.StandardisedSE)
		item.Residual = analysis.KnownUnless(why, t*sd[i]*sd[i])
		item.ResidualSE = analysis.KnownUnless(why, root(at(p+i, p+i))*sd[i]*sd[i])
		r.Items = append(r.Items, item)
	}
}

// root is the square root of a variance, which rounding may leave below zero.
func root(v float64) float64 { return math.Sqrt(math.Max(0, v)) }
