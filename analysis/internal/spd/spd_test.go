package spd

import (
	"math"
	"math/rand/v2"
	"testing"
)

// wishart is a random positive definite matrix.
func wishart(random *rand.Rand, n int) []float64 {
	a := make([]float64, n*n)
	for range 2 * n {
		x := make([]float64, n)
		for i := range x {
			x[i] = random.NormFloat64()
		}
		for i := range n {
			for j := range n {
				a[i*n+j] += x[i] * x[j]
			}
		}
	}
	return a
}

func TestTheInverseTimesTheMatrixIsOne(t *testing.T) {
	t.Parallel()
	random := rand.New(rand.NewPCG(1, 2))
	for n := 1; n <= 9; n++ {
		a := wishart(random, n)
		l := append([]float64(nil), a...)
		if !Factor(l, n, 1e-12) {
			t.Fatalf("n %d: refused", n)
		}
		inverse := make([]float64, n*n)
		Invert(l, n, inverse)
		for i := range n {
			for j := range n {
				sum := 0.0
				for k := range n {
					sum += a[i*n+k] * inverse[k*n+j]
				}
				want := 0.0
				if i == j {
					want = 1
				}
				if math.Abs(sum-want) > 1e-9 {
					t.Errorf("n %d: entry (%d, %d) of the product is %v", n, i, j, sum)
				}
			}
		}
	}
}

func TestTheDeterminantIsThatOfTheTwoByTwoFormula(t *testing.T) {
	t.Parallel()
	l := []float64{4, 1, 1, 3}
	if !Factor(l, 2, 0) {
		t.Fatal("refused")
	}
	if got := LogDet(l, 2); math.Abs(got-math.Log(11)) > 1e-14 {
		t.Errorf("got %v, want log 11", got)
	}
}

func TestSingularIndefiniteAndInfiniteMatricesAreRefused(t *testing.T) {
	t.Parallel()
	for name, a := range map[string][]float64{
		"singular":   {1, 1, 1, 1},
		"nearly":     {1, 1 - 1e-15, 1 - 1e-15, 1},
		"indefinite": {1, 2, 2, 1},
		"zero":       {0, 0, 0, 0},
		"infinite":   {math.Inf(1), 0, 0, 1},
		"NaN":        {math.NaN(), 0, 0, 1},
	} {
		if Factor(a, 2, 1e-12) {
			t.Errorf("%s: not refused", name)
		}
	}
}
