package dist

import (
	"math"
	"testing"

	"pgregory.net/rapid"
)

// Expected values by R's integrate with 1e-12, and of the Bessel function K₀,
// which is the density of the product where both means are 0.
func TestProductTailsAgreeWithNumericalIntegration(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ w, a, b, lower float64 }{
		{1, 0.5, 1, 0.728617965813}, {-2, 2, -1.5, 0.591105680150}, {10, 3, 2, 0.858918079788},
		{1.5, 0, 0, 1 - 0.05609061469533},
	} {
		lower, upper := ProductTails(c.w, c.a, c.b)
		within(t, "lower", lower, c.lower, 1e-11)
		within(t, "upper", upper, 1-c.lower, 1e-10)
	}
}

func TestProductTailsAreSymmetric(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		a, b := rapid.Float64Range(-30, 30).Draw(t, "a"), rapid.Float64Range(-30, 30).Draw(t, "b")
		w := rapid.OneOf(rapid.Float64Range(-300, 300), rapid.Float64Range(-1e-3, 1e-3)).Draw(t, "w")
		lower, upper := ProductTails(w, a, b)
		swapped, _ := ProductTails(w, b, a)
		_, mirrored := ProductTails(-w, -a, b)
		near := func(what string, got, want float64) {
			if !(math.Abs(got-want) <= 1e-12) {
				t.Fatalf("%s: got %v, want %v", what, got, want)
			}
		}
		near("swapped", swapped, lower)
		near("mirrored", mirrored, lower)
		near("sum", lower+upper, 1)
	})
}

func TestProductQuantileInvertsTheDistribution(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		a, b := rapid.Float64Range(-20, 20).Draw(t, "a"), rapid.Float64Range(-20, 20).Draw(t, "b")
		p := rapid.Float64Range(0.001, 0.999).Draw(t, "p")
		lower, _ := ProductTails(ProductQuantile(p, a, b), a, b)
		within(t, "lower tail", lower, p, 1e-9)
	})
}
