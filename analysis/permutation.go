package analysis

import (
	"context"
	"math"
)

// PermutationMethod says how a permutation test came to its p-value.
type PermutationMethod string

// The ways to a p-value of a permutation test.
const (
	// PermutationExact counts every rearrangement.
	PermutationExact PermutationMethod = "exact"
	// PermutationSampled draws rearrangements at random.
	PermutationSampled PermutationMethod = "sampled"
)

// Valid reports whether m is a known method.
func (m PermutationMethod) Valid() bool { return m == PermutationExact || m == PermutationSampled }

// DefaultDraws is the number of sampled rearrangements where the options leave
// it at zero.
const DefaultDraws = 9_999

// maxDraws bounds what a caller may ask for.
const maxDraws = 100_000_000

// PermutationOptions steers permutation tests. The zero value means an exact
// test where possible and else DefaultDraws draws from seed 0.
type PermutationOptions struct {
	// Draws is the number of sampled rearrangements; 0 means DefaultDraws.
	Draws int
	// Seed starts the random numbers; the same seed gives the same p-value on
	// any number of cores.
	Seed uint64
	// Sample draws even where an exact test is possible.
	Sample bool
	// Progress, if given, is told now and then how many of all rearrangements are
	// drawn; never where the test is exact. Calls do not overlap, and change
	// nothing.
	Progress func(done, total int)
}

// draws returns the number to draw, or a reason.
func (o PermutationOptions) draws() (int, Reason) {
	switch {
	case o.Draws == 0:
		return DefaultDraws, ""
	case o.Draws < 0 || o.Draws > maxDraws:
		return 0, ReasonInvalidOption
	}
	return o.Draws, ""
}

// PermutationResult is what the permutation tests return.
type PermutationResult struct {
	// N counts the pairs, or the people of both groups; NX and NY the groups,
	// and are 0 for pairs. Excluded counts pairs with a missing half, or missing
	// values.
	N, NX, NY int
	Excluded  int
	Method    PermutationMethod
	// Draws and Seed are set where Method is PermutationSampled.
	Draws int
	Seed  uint64

	// Difference is the mean change, or the difference of the means x − y.
	Difference Estimate
	// P is the share of rearrangements whose difference is at least as far from
	// their mean as the observed one; the observed one counts as one of them.
	P Estimate
	// PTwiceMin doubles the smaller of PLess and PGreater, at most 1. For pairs
	// it equals P of an exact test, the distribution being symmetric.
	PTwiceMin Estimate
	// PLess is the share with a difference no larger than observed, PGreater the
	// share with one no smaller.
	PLess, PGreater Estimate
}

// withhold marks every p-value as not estimable.
func (r *PermutationResult) withhold(why Reason) {
	none := Unknown(why)
	r.P, r.PTwiceMin, r.PLess, r.PGreater = none, none, none, none
}

// set fills in the p-values from the shares of rearrangements.
func (r *PermutationResult) set(less, greater, far float64) {
	r.PLess, r.PGreater = Known(math.Min(1, less)), Known(math.Min(1, greater))
	r.P = Known(math.Min(1, far))
	r.PTwiceMin = Known(math.Min(1, 2*math.Min(less, greater)))
}

// sampled fills in the p-values (b + 1)/(B + 1) of b among B drawn
// rearrangements, which never understate (Phipson & Smyth 2010).
func (r *PermutationResult) sampled(t drawTally, draws int, seed uint64) {
	r.Method, r.Draws, r.Seed = PermutationSampled, draws, seed
	all := float64(draws) + 1
	r.set((float64(t.less)+1)/all, (float64(t.greater)+1)/all, (float64(t.far)+1)/all)
}

// drawTally counts drawn rearrangements by how they compare with the observed one.
type drawTally struct{ less, greater, far int }

// PermutePairs is the permutation test of the mean change: under the hypothesis
// of no effect each change could as well have had the other sign (Fisher 1935).
// All 2ⁿ signs are counted: by dynamic programming where the changes are
// multiples of a common step, as scores are, and in two halves up to 40 pairs
// otherwise. Beyond that, signs are drawn. Pairs with a missing half are dropped
// and counted. The error is that of a context that ended early.
//
// Not estimable: everything without a complete pair.
func PermutePairs(ctx context.Context, pre, post []float64, opt PermutationOptions) (PermutationResult, error) {
	p := newPairs(pre, post)
	r := PermutationResult{N: len(p.change), Excluded: p.excluded, Method: PermutationExact}
	draws, why := opt.draws()
	m := newMoments(p.change, p.magnitude)
	none := FirstReason(p.fault, m.needs(1))
	r.Difference = KnownUnless(none, m.mean)
	if why = FirstReason(none, why); why != "" {
		r.withhold(why)
		return r, nil
	}
	signs := newSigns(p)
	if !opt.Sample && signs.exact(&r) {
		return r, nil
	}
	t, err := signs.sample(ctx, draws, opt)
	if err != nil {
		return PermutationResult{}, err
	}
	r.sampled(t, draws, opt.Seed)
	return r, nil
}

// PermuteGroups is the permutation test of the difference of two means, x − y:
// under the hypothesis of no effect every choice of the first group was as
// likely (Pitman 1937). All choices are counted: by dynamic programming where
// the values are multiples of a common step, and in two halves up to 40 people
// otherwise. Beyond that, choices are drawn. NaN entries are missing and
// counted. The error is that of a context that ended early.
//
// Not estimable: everything if a group is empty.
func PermuteGroups(ctx context.Context, x, y []float64, opt PermutationOptions) (PermutationResult, error) {
	xs, missingX, faultX := present(x)
	ys, missingY, faultY := present(y)
	r := PermutationResult{
		N: len(xs) + len(ys), NX: len(xs), NY: len(ys),
		Excluded: missingX + missingY, Method: PermutationExact,
	}
	g := groups{x: xs, y: ys, mx: newMoments(xs, 0), my: newMoments(ys, 0), fault: FirstReason(faultX, faultY)}
	draws, why := opt.draws()
	r.Difference = KnownUnless(g.nonEmpty(), g.mx.mean-g.my.mean)
	if why = FirstReason(g.nonEmpty(), why); why != "" {
		r.withhold(why)
		return r, nil
	}
	choice := newChoice(g)
	if !opt.Sample {
		done, err := choice.exact(ctx, &r)
		if done || err != nil {
			return r, err
		}
	}
	t, err := choice.sample(ctx, draws, opt)
	if err != nil {
		return PermutationResult{}, err
	}
	r.sampled(t, draws, opt.Seed)
	return r, nil
}
