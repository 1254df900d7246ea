package factor

import (
	"context"
	"math"

	"gonum.org/v1/gonum/mat"

	"tidemark/analysis"
	"tidemark/analysis/internal/spd"
)

// sweepLimit bounds the sweeps of extraction and rotation, which converge
// linearly.
const sweepLimit = 50_000

// extract fits m orthogonal factors to a p × p correlation matrix by least
// squares of the off-diagonal residuals: given the loadings of the other items,
// those of one item are a regression, and each sweep over the items lowers the
// sum of squares (Harman & Fukuda 1966). The result is p × m.
func extract(ctx context.Context, r []float64, p, m int) ([]float64, analysis.Reason, error) {
	l := principalAxes(r, p, m)
	gram, normal, right := make([]float64, m*m), make([]float64, m*m), make([]float64, m)
	for i := range p {
		addOuter(gram, l[i*m:(i+1)*m], 1)
	}
	for range sweepLimit {
		if err := ctx.Err(); err != nil {
			return nil, "", err
		}
		change := 0.0
		for i := range p {
			own := l[i*m : (i+1)*m]
			addOuter(gram, own, -1)
			copy(normal, gram)
			clear(right)
			for j := range p {
				if j != i {
					for f := range m {
						right[f] += r[i*p+j] * l[j*m+f]
					}
				}
			}
			if !spd.Factor(normal, m, 1e-12) {
				return nil, analysis.ReasonNotIdentified, nil
			}
			spd.Solve(normal, m, right)
			for f, v := range right {
				change = math.Max(change, math.Abs(v-own[f]))
				own[f] = v
			}
			addOuter(gram, own, 1)
		}
		if change < 1e-12 {
			return l, "", nil
		}
	}
	return nil, analysis.ReasonNotConverged, nil
}

// addOuter adds c·x·xᵀ to a.
func addOuter(a, x []float64, c float64) {
	m := len(x)
	for f, v := range x {
		for g, w := range x {
			a[f*m+g] += c * v * w
		}
	}
}

// principalAxes are the first m axes of the correlations with squared multiple
// correlations as communalities, scaled to their variances.
func principalAxes(r []float64, p, m int) []float64 {
	work, inverse := append([]float64(nil), r...), make([]float64, p*p)
	reduced := mat.NewSymDense(p, append([]float64(nil), r...))
	if spd.Factor(work, p, dependent) {
		spd.Invert(work, p, inverse)
		for i := range p {
			reduced.SetSym(i, i, r[i*p+i]-1/inverse[i*p+i])
		}
	}
	l := make([]float64, p*m)
	var eigen mat.EigenSym
	if !eigen.Factorize(reduced, true) {
		return l
	}
	values := eigen.Values(nil)
	var vectors mat.Dense
	eigen.VectorsTo(&vectors)
	for f := range m {
		root := math.Sqrt(math.Max(values[p-1-f], 0.01))
		for i := range p {
			l[i*m+f] = root * vectors.At(i, p-1-f)
		}
	}
	return l
}
