package mixed

import (
	"context"
	"math"
	"slices"

	"tidemark/analysis"
)

// identified reports why residual and random effects cannot be told apart: all
// rows lie within the reach of random and fixed effects, or fit them exactly.
func (mo *moments) identified() analysis.Reason {
	p := mo.k - 1
	a := make([]float64, p*p)
	b := make([]float64, p)
	for i := range p {
		b[i] = mo.within[packed(p, i)]
		for j := range i + 1 {
			a[i*p+j], a[j*p+i] = mo.within[packed(i, j)], mo.within[packed(i, j)]
		}
	}
	free := mo.rows
	for i := range mo.turned {
		free -= mo.classes[mo.classOf[i]].r
	}
	rest := mo.within[packed(p, p)]
	// Eliminate the columns of X from largest to smallest; Q is orthonormal, so
	// what is below the tolerance is rounding.
	for range p {
		at := 0
		for i := range p {
			if a[i*p+i] > a[at*p+at] {
				at = i
			}
		}
		d := a[at*p+at]
		if d <= 1e-12 {
			break
		}
		free--
		row := slices.Clone(a[at*p : (at+1)*p])
		v := b[at]
		rest -= v * v / d
		for i := range p {
			b[i] -= row[i] / d * v
			for j := range p {
				a[i*p+j] -= row[i] * row[j] / d
			}
		}
	}
	switch {
	case free <= 0:
		return analysis.ReasonNotIdentified
	case rest <= 1e-20*float64(mo.rows):
		return analysis.ReasonPerfectFit
	}
	return ""
}

// lmmStarts returns points to start from: the best of a grid of factors over five
// orders of magnitude without correlation, and the best with a strong correlation
// of the first two effects of a term in either direction. The likelihood may have
// more than one peak; with few people, where that happens and costs nothing, a
// coarser grid is tried in whole.
func lmmStarts(f *profiled, layout factored) [][]float64 {
	var starts [][]float64
	few := len(layout.free) > 1 && len(f.moments.turned) < 100
	for _, tilt := range []float64{0, 3, -3} { // of the second effect on the first
		var best []float64
		lowest := math.Inf(1)
		for _, c := range []float64{1, 0.3, 3, 0.1, 10, 0.03, 30, 100, 1000} {
			theta := make([]float64, len(layout.free))
			tilted := false
			for i, at := range layout.free {
				if at[0] == at[1] {
					theta[i] = c
				} else if at == [2]int{1, 0} {
					theta[i], tilted = c*tilt, true
				}
			}
			if tilt != 0 && !tilted {
				return starts
			}
			v := f.value(theta)
			if few && (c == 0.3 || c == 3 || c == 30) && !math.IsInf(v, 1) {
				starts = append(starts, theta)
			}
			if v < lowest || best == nil {
				best, lowest = theta, v
			}
		}
		starts = append(starts, best)
	}
	return starts
}

// lowest minimises from every start and returns the best minimum. Progress, if
// given, is told of the iterations from all starts together.
func lowest(ctx context.Context, f objective, starts [][]float64, progress func(iterations int)) (minimum, error) {
	var best minimum
	told := progress
	for i, start := range starts {
		if before := best.iterations; progress != nil {
			told = func(iterations int) { progress(before + iterations) }
		}
		m, err := minimise(ctx, f, start, told)
		if err != nil {
			return m, err
		}
		m.iterations += best.iterations
		// Among equals the first stands, and one that converged before others.
		better := m.value < best.value-1e-9
		if i == 0 || better && (m.converged || !best.converged) || m.converged && !best.converged {
			best = m
		} else {
			best.iterations = m.iterations
		}
	}
	return best, nil
}

// scaled multiplies columns by powers of two so that their mean square is near
// 1. A column of zeros stays.
func scaled(z [][]float64) (out [][]float64, scale []float64) {
	for _, x := range z {
		largest := 0.0
		for _, v := range x {
			largest = math.Max(largest, math.Abs(v))
		}
		s := powerOfTwo(largest)
		sum := 0.0
		for _, v := range x {
			sum += v * s * v * s
		}
		s *= powerOfTwo(math.Sqrt(sum / float64(len(x))))
		y := x
		if s != 1 {
			y = make([]float64, len(x))
			for i, v := range x {
				y[i] = v * s
			}
		}
		out, scale = append(out, y), append(scale, s)
	}
	return out, scale
}
