package factor

import (
	"context"
	"fmt"
	"math"

	"gonum.org/v1/gonum/floats"
	"gonum.org/v1/gonum/mat"

	"tidemark/analysis"
)

// HierarchicalResult is what OmegaHierarchical returns.
type HierarchicalResult struct {
	// N counts the people, Excluded those with a missing answer, K the items that
	// vary; Dropped names the others. Factors are the group factors.
	N, Excluded, K, Factors int
	Dropped                 []string
	// Total is the share of the variance of the sum of standardised items that all
	// common factors explain, Hierarchical the share of the general factor alone.
	Total, Hierarchical analysis.Estimate
	// General holds the loadings on the general factor, in the order of the items
	// kept.
	General []GeneralLoading
	// Negative names the items that load negatively on the general factor. They
	// count as keyed; psych would reverse them unless told not to (flip).
	Negative []string
	// Heywood names the items with a negative unique variance.
	Heywood []string
}

// GeneralLoading is an item's loading on the general factor.
type GeneralLoading struct {
	Name    string
	Loading analysis.Estimate
}

// OmegaHierarchical estimates ω of a scale with a general factor above several
// group factors, by the transformation of Schmid and Leiman (1957) as psych's
// omega does it (Zinbarg et al. 2005): factors by minres on the correlations,
// varimax, then oblimin (γ = 0); a factor of their correlations by minres, or
// with two factors √|φ| for both. It says how much of a total score is one thing.
//
// Not estimable: fewer than two factors, more than the items can tell apart,
// linearly dependent items, no convergence, a negative unique variance. The
// error is that of the context.
func OmegaHierarchical(ctx context.Context, items [][]float64, factors int, opt Options) (HierarchicalResult, error) {
	scale, why := opt.scale(items)
	r := HierarchicalResult{
		N: scale.N, Excluded: scale.Excluded, K: len(scale.Columns), Dropped: scale.Dropped, Factors: factors,
	}
	s, why := r.sample(scale, why)
	if why == "" {
		var err error
		if why, err = r.estimate(ctx, s, scale.Names); err != nil {
			return HierarchicalResult{}, fmt.Errorf("estimate omega hierarchical: %w", err)
		}
	}
	if why != "" {
		r.Total, r.Hierarchical, r.General, r.Negative = analysis.Unknown(why), analysis.Unknown(why), nil, nil
	}
	return r, nil
}

// sample checks that the factors can be told apart and computes correlations.
func (r *HierarchicalResult) sample(scale analysis.Scale, why analysis.Reason) (sample, analysis.Reason) {
	p, m := r.K, r.Factors
	switch {
	case why != "":
	case m < 2:
		why = analysis.ReasonInvalidOption
	case needItems(scale) != "":
		why = needItems(scale)
	case m >= p || (p-m)*(p-m) < p+m:
		why = analysis.ReasonNotIdentified
	}
	if why != "" {
		return sample{}, why
	}
	u := unitsOf(scale.Columns)
	if why = u.fault(); why != "" {
		return sample{}, why
	}
	s, why := newSample(scale.Columns, u)
	if why != "" {
		return sample{}, why
	}
	return s.standardised(), ""
}

// estimate extracts, rotates and fills in the result.
func (r *HierarchicalResult) estimate(ctx context.Context, s sample, names []string) (analysis.Reason, error) {
	p, m := r.K, r.Factors
	loadings, why, err := extract(ctx, s.cov, p, m)
	if why != "" || err != nil {
		return why, err
	}
	rotated, err := varimax(ctx, loadings, p, m)
	if err != nil {
		return "", err
	}
	pattern, phi, why, err := oblimin(ctx, rotated)
	if why != "" || err != nil {
		return why, err
	}
	if !finiteMatrix(pattern) || !finiteMatrix(phi) {
		return analysis.ReasonNotConverged, nil
	}
	second, why, err := secondOrder(ctx, phi)
	if why != "" || err != nil {
		return why, err
	}
	general := make([]float64, p)
	unique := 0.0
	for i := range p {
		common := 0.0
		for f := range m {
			general[i] += pattern.At(i, f) * second[f]
			common += loadings[i*m+f] * loadings[i*m+f]
		}
		unique += 1 - common
		if common > 1 {
			r.Heywood = append(r.Heywood, names[i])
		}
	}
	if len(r.Heywood) > 0 {
		return analysis.ReasonImproper, nil
	}
	r.read(s.cov, general, unique, names)
	return "", nil
}

// secondOrder are the loadings of the group factors on the general one.
func secondOrder(ctx context.Context, phi *mat.Dense) ([]float64, analysis.Reason, error) {
	m, _ := phi.Dims()
	if m == 2 {
		r := phi.At(0, 1)
		root := math.Sqrt(math.Abs(r))
		return []float64{root, math.Copysign(root, r)}, "", nil
	}
	correlations := make([]float64, 0, m*m)
	for f := range m {
		for g := range m {
			correlations = append(correlations, (phi.At(f, g)+phi.At(g, f))/2)
		}
	}
	start, _ := firstGuess(correlations, m)
	return minres(ctx, correlations, m, start)
}

// read fills in the coefficients of the sum of the items as keyed.
func (r *HierarchicalResult) read(cor, general []float64, unique float64, names []string) {
	sum, total := floats.Sum(general), floats.Sum(cor)
	for i, g := range general {
		if sum < 0 { // the sign of the factor is free
			g = -g
		}
		r.General = append(r.General, GeneralLoading{Name: names[i], Loading: analysis.Known(g)})
		if g < 0 {
			r.Negative = append(r.Negative, names[i])
		}
	}
	r.Total, r.Hierarchical = analysis.Known(1-unique/total), analysis.Known(sum*sum/total)
}
