package analysis

import (
	"context"
	"math"
	"math/rand/v2"
	"slices"
	"sync/atomic"

	"tidemark/analysis/internal/parallel"
)

// signs are changes whose signs may be flipped.
type signs struct {
	size []float64 // |change|
	up   float64   // Σ of the increases
	down float64   // Σ of the sizes of the decreases
	tol  float64   // distance below which two changes tie
	// whole are the sizes as multiples of a step, if they are.
	whole              []int
	wholeUp, wholeDown int
}

// newSigns prepares the changes; those within the tolerance of zero are zero and
// drop out, since flipping them changes nothing.
func newSigns(p pairs) signs {
	s := signs{tol: p.tol}
	changes := make([]float64, 0, len(p.change))
	for _, d := range p.change {
		if math.Abs(d) <= p.tol {
			continue
		}
		changes = append(changes, d)
		s.size = append(s.size, math.Abs(d))
		if d > 0 {
			s.up += d
		} else {
			s.down -= d
		}
	}
	l, ok := newLattice(changes, p.tol)
	if !ok {
		return s
	}
	s.whole = make([]int, len(changes))
	for i, k := range l.unit {
		s.whole[i] = abs(k)
		if k > 0 {
			s.wholeUp += k
		} else {
			s.wholeDown -= k
		}
	}
	return s
}

// exact counts all signs if that is within reach.
func (s signs) exact(r *PermutationResult) bool {
	n := len(s.size)
	reach := min(s.wholeUp, s.wholeDown)
	switch {
	case s.whole != nil && n <= exactPeople && n*(reach+1) <= exactWork:
		steps := slices.Sorted(slices.Values(s.whole))
		counts := subsetCounts(steps, reach)
		total := 0.0
		for _, c := range counts {
			total += c
		}
		s.set(r, math.Ldexp(total, -n), math.Ldexp(total-counts[reach], -n), s.wholeUp == s.wholeDown)
		return true
	case n <= maxHalved:
		first, second := sumsOfSubsets(s.size[:n/2]), sumsOfSubsets(s.size[n/2:])
		smaller, slack := math.Min(s.up, s.down), s.slack()
		upTo := pairsAtMost(first, second, smaller+slack)
		before := pairsAtMost(first, second, smaller-slack)
		s.set(r, math.Ldexp(upTo, -n), math.Ldexp(before, -n), math.Abs(s.up-s.down) <= 2*slack)
		return true
	}
	return false
}

// set fills in the p-values. upTo is the probability of a sum of decreases (or
// of increases, if those are less) up to the observed one, before that of a
// smaller one; balanced says that both sums are equal.
func (s signs) set(r *PermutationResult, upTo, before float64, balanced bool) {
	less, greater, far := 1-before, upTo, 2*upTo
	if s.up < s.down {
		less, greater = greater, less
	}
	if balanced {
		far = 1
	}
	r.set(less, greater, far)
}

// slack is the distance below which two sums of changes tie.
func (s signs) slack() float64 {
	return tolFactor*(s.up+s.down) + float64(len(s.size))*s.tol/16
}

// sample draws signs. It works on the sum of the sizes that are positive, which
// half the sum of the changes differs from by a constant.
func (s signs) sample(ctx context.Context, draws int, opt PermutationOptions) (drawTally, error) {
	var less, greater, far atomic.Int64
	centre, slack := (s.up+s.down)/2, s.slack()
	distance := math.Abs(s.up - centre)
	err := parallel.Do(ctx, draws, 512, parallel.Watched(ctx, draws, opt.Progress, func(from, to int) {
		var t drawTally
		var random rand.PCG
		for draw := from; draw < to; draw++ {
			parallel.Stream(&random, opt.Seed, draw)
			sum := s.positive(&random)
			t.add(sum-s.up, math.Abs(sum-centre)-distance, slack)
		}
		less.Add(int64(t.less))
		greater.Add(int64(t.greater))
		far.Add(int64(t.far))
	}))
	return drawTally{int(less.Load()), int(greater.Load()), int(far.Load())}, err
}

// positive sums the sizes that get a positive sign.
func (s signs) positive(random *rand.PCG) float64 {
	sum := 0.0
	for from := 0; from < len(s.size); from += 64 {
		bits := random.Uint64()
		for _, v := range s.size[from:min(from+64, len(s.size))] {
			sum += v * float64(bits&1)
			bits >>= 1
		}
	}
	return sum
}

// add counts one rearrangement: above is its statistic minus the observed one,
// farther its distance from the mean minus the observed distance.
func (t *drawTally) add(above, farther, slack float64) {
	if above <= slack {
		t.less++
	}
	if above >= -slack {
		t.greater++
	}
	if farther >= -slack {
		t.far++
	}
}
