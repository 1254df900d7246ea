package factor

import (
	"context"
	"math"

	"gonum.org/v1/gonum/mat"

	"tidemark/analysis"
)

// varimax rotates p × m loadings orthogonally to simple structure (Kaiser 1958),
// rows normalised, by singular value decompositions of the gradient.
func varimax(ctx context.Context, loadings []float64, p, m int) (*mat.Dense, error) {
	a := mat.NewDense(p, m, append([]float64(nil), loadings...))
	size := make([]float64, p)
	for i := range p {
		if size[i] = mat.Norm(a.RowView(i), 2); size[i] == 0 {
			size[i] = 1
		}
		for f := range m {
			a.Set(i, f, a.At(i, f)/size[i])
		}
	}
	t := mat.NewDense(m, m, nil)
	for f := range m {
		t.Set(f, f, 1)
	}
	var rotated, target, product mat.Dense
	var svd mat.SVD
	last := 0.0
	for range sweepLimit {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		rotated.Mul(a, t)
		target.CloneFrom(&rotated)
		for f := range m {
			mean := 0.0
			for i := range p {
				mean += rotated.At(i, f) * rotated.At(i, f) / float64(p)
			}
			for i := range p {
				v := rotated.At(i, f)
				target.Set(i, f, v*v*v-v*mean)
			}
		}
		product.Mul(a.T(), &target)
		if !svd.Factorize(&product, mat.SVDThin) {
			break
		}
		sum := 0.0
		for _, v := range svd.Values(nil) {
			sum += v
		}
		var u, v mat.Dense
		svd.UTo(&u)
		svd.VTo(&v)
		t.Mul(&u, v.T())
		if sum <= last*(1+1e-12) {
			break
		}
		last = sum
	}
	rotated.Mul(a, t)
	for i := range p {
		for f := range m {
			rotated.Set(i, f, rotated.At(i, f)*size[i])
		}
	}
	return &rotated, nil
}

// oblimin rotates loadings obliquely by the quartimin criterion
// ¼·Σ_{f≠g} Σᵢ lᵢf²lᵢg² (direct oblimin with γ = 0; Jennrich & Sampson 1966), by
// gradient projection (Jennrich 2002). It returns pattern and correlations of
// the factors.
func oblimin(ctx context.Context, a *mat.Dense) (pattern, phi *mat.Dense, why analysis.Reason, err error) {
	_, m := a.Dims()
	t := mat.NewDense(m, m, nil)
	for f := range m {
		t.Set(f, f, 1)
	}
	step := 1.0
	l, value, gradient, ok := quartimin(a, t)
	for range sweepLimit {
		if err := ctx.Err(); err != nil {
			return nil, nil, "", err
		}
		if !ok {
			return nil, nil, analysis.ReasonNotConverged, nil
		}
		size := project(gradient, t)
		if size < 1e-10 {
			var correlations mat.Dense
			correlations.Mul(t.T(), t)
			return l, &correlations, "", nil
		}
		step *= 2
		for range 60 {
			next := mat.NewDense(m, m, nil)
			next.Scale(-step, gradient)
			next.Add(t, next)
			normaliseColumns(next)
			nl, nv, ng, nok := quartimin(a, next)
			if nok && value-nv > 0.5*size*size*step || step < 1e-14 {
				t, l, value, gradient, ok = next, nl, nv, ng, nok
				break
			}
			step /= 2
		}
		if step < 1e-14 { // rounding hides any further descent
			var correlations mat.Dense
			correlations.Mul(t.T(), t)
			return l, &correlations, "", nil
		}
	}
	return nil, nil, analysis.ReasonNotConverged, nil
}

// quartimin evaluates the criterion at L = A·(Tᵀ)⁻¹ with its gradient by T.
func quartimin(a, t *mat.Dense) (l *mat.Dense, value float64, gradient *mat.Dense, ok bool) {
	p, m := a.Dims()
	var inverse mat.Dense
	if err := inverse.Inverse(t); err != nil {
		return nil, 0, nil, false
	}
	l = mat.NewDense(p, m, nil)
	l.Mul(a, inverse.T())
	by := mat.NewDense(p, m, nil)
	for i := range p {
		all := 0.0
		for f := range m {
			all += l.At(i, f) * l.At(i, f)
		}
		for f := range m {
			v := l.At(i, f)
			others := all - v*v
			value += v * v * others / 4
			by.Set(i, f, v*others)
		}
	}
	var product mat.Dense
	product.Mul(l.T(), by)
	product.Mul(&product, &inverse)
	gradient = mat.NewDense(m, m, nil)
	gradient.Scale(-1, product.T())
	return l, value, gradient, true
}

// project removes from the gradient what would change the length of the columns
// of t, and returns the size of the rest.
func project(gradient, t *mat.Dense) float64 {
	m, _ := t.Dims()
	for f := range m {
		dot := 0.0
		for i := range m {
			dot += t.At(i, f) * gradient.At(i, f)
		}
		for i := range m {
			gradient.Set(i, f, gradient.At(i, f)-dot*t.At(i, f))
		}
	}
	return mat.Norm(gradient, 2)
}

func normaliseColumns(t *mat.Dense) {
	m, _ := t.Dims()
	for f := range m {
		size := mat.Norm(t.ColView(f), 2)
		for i := range m {
			t.Set(i, f, t.At(i, f)/size)
		}
	}
}

// finiteMatrix reports whether all entries are numbers.
func finiteMatrix(a *mat.Dense) bool {
	for _, v := range a.RawMatrix().Data {
		if math.IsNaN(v) || math.IsInf(v, 0) {
			return false
		}
	}
	return true
}
