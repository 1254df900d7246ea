package analysis

import (
	"context"
	"math"
	"math/rand/v2"
	"slices"
	"sync/atomic"

	"tidemark/analysis/internal/parallel"
)

// choiceWork bounds the additions of an exact test of two groups (about a
// second); it can be cancelled.
const choiceWork = 1 << 31

// choice is a group among people, from whom another one might have been chosen.
type choice struct {
	values []float64 // of everybody, less the smallest, the group first
	size   int       // people in the group
	sum    float64   // Σ of their values
	all    float64   // Σ of everybody's
	tol    float64   // distance below which two values tie
	// mirrored says that the group is y: the smaller one is kept.
	mirrored bool
	whole    []int // values as multiples of a step, if they are
}

// newChoice keeps the smaller group.
func newChoice(g groups) choice {
	few, many := g.x, g.y
	c := choice{mirrored: len(g.y) < len(g.x), tol: tolFactor * math.Max(g.mx.magnitude, g.my.magnitude)}
	if c.mirrored {
		few, many = many, few
	}
	c.size = len(few)
	least := math.Min(g.mx.min, g.my.min)
	for _, v := range slices.Concat(few, many) {
		c.values = append(c.values, v-least)
		c.all += v - least
		if len(c.values) <= c.size {
			c.sum += v - least
		}
	}
	if l, ok := newLattice(c.values, c.tol); ok {
		c.whole = l.unit
	}
	return c
}

// exact counts all choices if that is within reach; it fails only when ctx ends.
func (c choice) exact(ctx context.Context, r *PermutationResult) (bool, error) {
	n := len(c.values)
	switch {
	case c.whole != nil && n <= exactPeople && subsetCost(c.whole, c.size) <= choiceWork:
		d, err := newSubsetSums(c.whole, c.size, ctx.Err)
		if err != nil {
			return false, err
		}
		sum, all := 0, 0
		for i, v := range c.whole {
			all += v
			if i < c.size {
				sum += v
			}
		}
		less, greater, far := d.tails(sum, all, c.size, n)
		c.fill(r, less, greater, far)
		return true, nil
	case n <= maxHalved:
		c.count(r)
		return true, nil
	}
	return false, nil
}

// fill sets the p-values in the direction of x − y.
func (c choice) fill(r *PermutationResult, less, greater, far float64) {
	if c.mirrored {
		less, greater = greater, less
	}
	r.set(less, greater, far)
}

// count counts the choices of values that are no lattice.
func (c choice) count(r *PermutationResult) {
	h := newHalves(c.values, c.size)
	slack := c.slack()
	total := h.atMost(c.size, math.Inf(1))
	less, below := h.atMost(c.size, c.sum+slack), h.atMost(c.size, c.sum-slack)
	mean := c.all * float64(c.size) / float64(len(c.values))
	low, high := mean-math.Abs(c.sum-mean), mean+math.Abs(c.sum-mean)
	near := math.Max(0, h.atMost(c.size, high-slack)-h.atMost(c.size, low+slack))
	c.fill(r, less/total, (total-below)/total, (total-near)/total)
}

// slack is the distance below which two sums of values tie.
func (c choice) slack() float64 { return tolFactor*c.all + float64(c.size)*c.tol/16 }

// sample draws groups.
func (c choice) sample(ctx context.Context, draws int, opt PermutationOptions) (drawTally, error) {
	var less, greater, far atomic.Int64
	mean, slack := c.all*float64(c.size)/float64(len(c.values)), c.slack()
	distance := math.Abs(c.sum - mean)
	err := parallel.Do(ctx, draws, 256, parallel.Watched(ctx, draws, opt.Progress, func(from, to int) {
		var t drawTally
		var source rand.PCG
		random := rand.New(&source) //nolint:gosec // resamples need no secrecy but the same numbers again
		people := make([]float64, len(c.values))
		for draw := from; draw < to; draw++ {
			parallel.Stream(&source, opt.Seed, draw)
			copy(people, c.values)
			sum := chosen(random, people, c.size)
			t.add(sum-c.sum, math.Abs(sum-mean)-distance, slack)
		}
		if c.mirrored {
			t.less, t.greater = t.greater, t.less
		}
		less.Add(int64(t.less))
		greater.Add(int64(t.greater))
		far.Add(int64(t.far))
	}))
	return drawTally{int(less.Load()), int(greater.Load()), int(far.Load())}, err
}

// chosen draws size people without replacement (Fisher & Yates 1938) and sums
// their values; it reorders people.
func chosen(random *rand.Rand, people []float64, size int) float64 {
	sum := 0.0
	for i := range size {
		j := i + random.IntN(len(people)-i)
		people[i], people[j] = people[j], people[i]
		sum += people[i]
	}
	return sum
}
