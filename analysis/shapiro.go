package analysis

import (
	"math"
	"slices"

	"tidemark/analysis/dist"
)

// shapiroMax is the largest sample Royston's approximation was fitted for.
const shapiroMax = 5000

// ShapiroWilkResult holds the W statistic (0 < W ≤ 1) and its p-value.
type ShapiroWilkResult struct {
	W, P Estimate
}

// ShapiroWilk tests normality by the approximation of Royston (1995, Applied
// Statistics 44, algorithm AS R94). NaN entries are missing. For a pre/post
// study, test the changes, not the scores.
//
// Not estimable: fewer than 3 values, more than 5,000, constant data.
func ShapiroWilk(x []float64) ShapiroWilkResult {
	values, _, fault := present(x)
	m := newMoments(values, 0)
	if r := FirstReason(fault, m.needsSpread(3)); r != "" {
		return ShapiroWilkResult{W: Unknown(r), P: Unknown(r)}
	}
	sorted := slices.Clone(values)
	slices.Sort(sorted)
	return shapiroSorted(sorted, m)
}

// shapiroSorted is ShapiroWilk of sorted values whose moments are known.
func shapiroSorted(x []float64, m moments) ShapiroWilkResult {
	r := m.needsSpread(3)
	if m.n > shapiroMax {
		r = FirstReason(r, ReasonTooMany)
	}
	if r != "" {
		return ShapiroWilkResult{W: Unknown(r), P: Unknown(r)}
	}
	a := shapiroWeights(m.n)
	// 1 − W from the correlation of values and weights, each scaled to about
	// one, so that W close to 1 keeps its digits.
	n := len(x)
	spread := m.max*m.scale - m.min*m.scale
	centre := m.mean * m.scale
	var ssa, ssx, sax float64
	for i, v := range x {
		w := 0.0
		if j := n - 1 - i; i < j {
			w = -a[i]
		} else if i > j {
			w = a[j]
		}
		d := (v*m.scale - centre) / spread
		ssa += w * w
		ssx += d * d
		sax += w * d
	}
	root := math.Sqrt(ssa * ssx)
	lost := (root - sax) * (root + sax) / (ssa * ssx) // 1 − W
	w := 1 - lost
	return ShapiroWilkResult{W: Known(w), P: Known(shapiroP(w, lost, m.n))}
}

// shapiroWeights returns the positive weights of the lower half of the sample.
func shapiroWeights(n int) []float64 {
	half := n / 2
	a := make([]float64, half)
	if n == 3 {
		a[0] = math.Sqrt2 / 2
		return a
	}
	sum := 0.0
	for i := range a {
		a[i] = -dist.NormalQuantile((float64(i+1) - 0.375) / (float64(n) + 0.25))
		sum += a[i] * a[i]
	}
	sum *= 2
	norm, rsn := math.Sqrt(sum), 1/math.Sqrt(float64(n))
	first := polynomial(rsn, 0, 0.221157, -0.147981, -2.07119, 4.434685, -2.706056) + a[0]/norm
	if n <= 5 {
		factor := math.Sqrt((sum - 2*a[0]*a[0]) / (1 - 2*first*first))
		for i := 1; i < half; i++ {
			a[i] /= factor
		}
		a[0] = first
		return a
	}
	second := a[1]/norm + polynomial(rsn, 0, 0.042981, -0.293762, -1.752461, 5.682633, -3.582633)
	factor := math.Sqrt((sum - 2*a[0]*a[0] - 2*a[1]*a[1]) / (1 - 2*first*first - 2*second*second))
	for i := 2; i < half; i++ {
		a[i] /= factor
	}
	a[0], a[1] = first, second
	return a
}

// shapiroP is Royston's p-value of W, lost being 1 − W.
func shapiroP(w, lost float64, n int) float64 {
	if n == 3 { // exact
		return math.Max(0, 6/math.Pi*(math.Asin(math.Sqrt(w))-math.Asin(math.Sqrt(0.75))))
	}
	y, size := math.Log(lost), float64(n)
	var mean, sd float64
	if n <= 11 {
		gamma := polynomial(size, -2.273, 0.459)
		if y >= gamma {
			return 1e-99
		}
		y = -math.Log(gamma - y)
		mean = polynomial(size, 0.544, -0.39978, 0.025054, -6.714e-4)
		sd = math.Exp(polynomial(size, 1.3822, -0.77857, 0.062767, -0.0020322))
	} else {
		logN := math.Log(size)
		mean = polynomial(logN, -1.5861, -0.31082, -0.083751, 0.0038915)
		sd = math.Exp(polynomial(logN, -0.4803, -0.082676, 0.0030302))
	}
	return dist.NormalCDF((mean - y) / sd)
}

// polynomial evaluates c[0] + c[1]x + c[2]x² + … by Horner's rule.
func polynomial(x float64, c ...float64) float64 {
	v := 0.0
	for _, a := range slices.Backward(c) {
		v = v*x + a
	}
	return v
}
