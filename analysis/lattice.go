package analysis

import "math"

// maxUnits is the largest multiple of the step that a lattice may need.
const maxUnits = 1 << 24

// lattice is a column as whole multiples of a step, up to the tolerance for
// ties. Scores and their differences are such columns, whatever their unit.
type lattice struct {
	step float64
	unit []int
}

// newLattice finds the largest step of which every value is a multiple up to
// tol, by Euclid's algorithm. It reports false if there is none that stands out
// against tol.
func newLattice(x []float64, tol float64) (lattice, bool) {
	largest := 0.0
	for _, v := range x {
		largest = math.Max(largest, math.Abs(v))
	}
	l := lattice{step: 1, unit: make([]int, len(x))}
	if largest <= tol {
		return l, true
	}
	// Remainders as small as this are rounding.
	slack := math.Max(16*tol, 1e-9*largest)
	step := 0.0
	for _, v := range x {
		if v = math.Abs(v); v > tol {
			// What Euclid's algorithm loses is won back each time, or it would
			// add up.
			step = refined(commonMeasure(v, step, slack), v, step)
		}
	}
	if step < 4*slack || largest/step > maxUnits {
		return lattice{}, false
	}
	step = refined(step, x...)
	for i, v := range x {
		k := math.Round(v / step)
		if math.Abs(v-k*step) > math.Max(tol, tolFactor*math.Abs(v)) {
			return lattice{}, false
		}
		l.unit[i] = int(k)
	}
	l.step = step
	return l, true
}

// commonMeasure is Euclid's algorithm for numbers known up to slack.
func commonMeasure(a, b, slack float64) float64 {
	for b > slack {
		rest := math.Mod(a, b)
		if b-rest <= slack {
			rest = 0
		}
		a, b = b, rest
	}
	return a
}

// refined is the step that fits the values best by least squares, given one that
// is close.
func refined(step float64, values ...float64) float64 {
	var cross, squares float64
	for _, v := range values {
		k := math.Round(v / step)
		cross += k * (v / step)
		squares += k * k
	}
	return step * (cross / squares)
}
