package missing

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"
)

// Sorted by bytes, many donors must stand as comparing puts them, those with equal
// predictions in the order in which they came.
func TestManyDonorsAreSortedByTheirPredictions(t *testing.T) {
	t.Parallel()
	random := rand.New(rand.NewPCG(5, 6))
	predictions := map[string]func(i int) float64{
		"normal":     func(int) float64 { return random.NormFloat64() },
		"with ties":  func(int) float64 { return float64(random.IntN(9) - 4) },
		"far off":    func(int) float64 { return 1e9 + random.Float64() },
		"the same":   func(int) float64 { return 2.5 },
		"any size":   func(i int) float64 { return math.Ldexp(random.NormFloat64(), i%600-300) },
		"both zeros": func(i int) float64 { return math.Copysign(0, float64(i%2)-0.5) },
	}
	for name, predicted := range predictions {
		m := newMatcher(random, 5)
		for range 2 { // working space is used again
			m.donorList = m.donorList[:0]
			for i := range manyDonors + 100 {
				m.donorList = append(m.donorList, donor{predicted(i), float64(i)})
			}
			want := slices.Clone(m.donorList)
			slices.SortStableFunc(want, func(a, b donor) int {
				switch {
				case a.predicted < b.predicted:
					return -1
				case a.predicted > b.predicted:
					return 1
				}
				return 0
			})
			if m.sortDonors(); !slices.Equal(m.donorList, want) {
				t.Errorf("%s: not sorted as by comparing", name)
			}
		}
	}
}
