package dist

import (
	"math"
	"slices"

	"tidemark/analysis/internal/root"
)

// ProductTails returns P(XY ≤ w) and P(XY > w) of two independent normal
// variables with means a and b and SDs of 1: the distribution of an indirect
// effect in units of both standard errors (Craig 1936; MacKinnon, Fritz, Williams
// & Lockwood 2007). Each tail is the integral over X of the tail of Y beyond w/X.
func ProductTails(w, a, b float64) (lower, upper float64) {
	lower = productBelow(w, a, b)
	if lower < 0.5 {
		return lower, 1 - lower
	}
	upper = productBelow(-w, -a, b)
	return 1 - upper, upper
}

// productBelow is P(XY ≤ w).
func productBelow(w, a, b float64) float64 {
	inside := func(x float64) float64 {
		if x > 0 {
			return NormalDensity(x-a) * NormalCDF(w/x-b)
		}
		return NormalDensity(x-a) * NormalCDF(b-w/x)
	}
	// Beyond 9 SDs there is less than 1e-18. Between, the integrand turns where
	// w/x passes b and at 0, however close together.
	from, to := a-9, a+9
	cuts := []float64{from, a, to}
	if from < 0 && to > 0 {
		cuts = append(cuts, 0)
	}
	for _, k := range []float64{-8, -3, 0, 3, 8} {
		if x := w / (b + k); from < x && x < to {
			cuts = append(cuts, x)
		}
	}
	// Where w is small the integrand turns on all scales from w up.
	for x := math.Max(math.Abs(w)/16, 1e-18); x < 1; x *= 8 {
		for _, side := range []float64{-x, x} {
			if from < side && side < to {
				cuts = append(cuts, side)
			}
		}
	}
	slices.Sort(cuts)
	total := 0.0
	for i := 1; i < len(cuts); i++ {
		if cuts[i-1] < cuts[i] {
			total += adaptive(inside, cuts[i-1], cuts[i], 1e-14, 30)
		}
	}
	return math.Min(1, total)
}

// ProductQuantile is the w with P(XY ≤ w) = p, for 0 < p < 1. It is NaN if no
// solution is found.
func ProductQuantile(p, a, b float64) float64 {
	f := func(w float64) float64 {
		lower, upper := ProductTails(w, a, b)
		if p < 0.5 {
			return lower - p
		}
		return 1 - p - upper
	}
	w, ok := root.Increasing(f, a*b, math.Sqrt(a*a+b*b+1)/2)
	if !ok {
		return math.NaN()
	}
	return w
}

// adaptive integrates by the pair of Gauss and Kronrod with 7 and 15 points
// (Kronrod 1965), halving an interval until the two agree to tol.
func adaptive(f func(float64) float64, low, high, tol float64, depth int) float64 {
	nodes := [8]float64{
		0.991455371120812639206854697526329, 0.949107912342758524526189684047851,
		0.864864423359769072789712788640926, 0.741531185599394439863864773280788,
		0.586087235467691130294144691693013, 0.405845151377397166906606412076961,
		0.207784955007898467600689403773245, 0,
	}
	kronrod := [8]float64{
		0.022935322010529224963732008058970, 0.063092092629978553290700663189204,
		0.104790010322250183839876322541518, 0.140653259715525918745189590510238,
		0.169004726639267902826583426598550, 0.190350578064785409913256402421014,
		0.204432940075298892414161999234649, 0.209482141084727828012999174891714,
	}
	gauss := [4]float64{ // at every second node
		0.129484966168869693270611432679082, 0.279705391489276667901467771423780,
		0.381830050505118944950369775488975, 0.417959183673469387755102040816327,
	}
	centre, half := low+(high-low)/2, (high-low)/2
	var fine, coarse float64
	for i, x := range nodes {
		v := f(centre + half*x)
		if x != 0 {
			v += f(centre - half*x)
		}
		fine += kronrod[i] * v
		if i%2 == 1 {
			coarse += gauss[i/2] * v
		}
	}
	// The finer rule is far better than the difference to the coarser one tells.
	if gap := math.Abs(fine-coarse) * half; depth == 0 || gap <= math.Max(tol, 1e-10*fine*half) || math.IsNaN(gap) {
		return fine * half
	}
	return adaptive(f, low, centre, tol, depth-1) + adaptive(f, centre, high, tol, depth-1)
}
