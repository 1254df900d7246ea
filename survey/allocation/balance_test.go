package allocation_test

import (
	"math"
	"testing"

	"tidemark/survey/allocation"
)

// What is measured over so many simulated trials. Seeds are fixed: a failure is a
// fault, not chance. Limits are five standard errors.
const trials = 10_000

// imbalances counts the difference a − b at the end of each trial of n people.
func imbalances(t *testing.T, s allocation.Scheme, n int, step func(person, difference int)) map[int]int {
	t.Helper()
	count := map[int]int{}
	for trial := range trials {
		q := begin(t, s, seedOf(uint64(trial)))
		d := 0
		for i := range n {
			levels := make([]string, len(s.Factors))
			for f := range levels {
				levels[f] = "c"
			}
			if next(t, q, levels...).Arm == "a" {
				d++
			} else {
				d--
			}
			if step != nil {
				step(i+1, d)
			}
		}
		count[d]++
	}
	return count
}

// near reports whether a share of the trials is what it should be, within five
// standard errors.
func near(t *testing.T, what string, got, n int, want float64) {
	t.Helper()
	share := float64(got) / float64(n)
	if limit := 5 * math.Sqrt(want*(1-want)/float64(n)); math.Abs(share-want) > limit {
		t.Errorf("%s: %.4f, want %.4f within %.4f", what, share, want, limit)
	} else {
		t.Logf("%s: %.4f, expected %.4f", what, share, want)
	}
}

// choose is the number of ways to choose k of n.
func choose(n, k int) float64 {
	c := 1.0
	for i := range k {
		c *= float64(n-i) / float64(i+1)
	}
	return c
}

// The difference of two arms under simple allocation is binomial.
func TestSimpleAllocationHasTheBinomialImbalance(t *testing.T) {
	t.Parallel()
	const n = 40
	count := imbalances(t, simple(1, 1), n, nil)
	chi, df := 0.0, -1
	rest, restWant := 0.0, 0.0
	for a := range n + 1 {
		want := trials * choose(n, a) / math.Pow(2, n)
		got := float64(count[2*a-n])
		if want < 5 {
			rest, restWant = rest+got, restWant+want
			continue
		}
		chi += (got - want) * (got - want) / want
		df++
	}
	chi += (rest - restWant) * (rest - restWant) / restWant
	df++
	// The mean of χ² is its degrees of freedom and its variance twice that.
	if limit := float64(df) + 4*math.Sqrt(2*float64(df)); chi > limit {
		t.Errorf("χ² of the imbalance is %.1f with %d degrees of freedom, beyond %.1f", chi, df, limit)
	} else {
		t.Logf("χ² of the imbalance: %.1f with %d degrees of freedom", chi, df)
	}
	beyond := 0
	for d, k := range count {
		if d > 6 || d < -6 {
			beyond += k
		}
	}
	want := 0.0
	for a := range n + 1 {
		if d := 2*a - n; d > 6 || d < -6 {
			want += choose(n, a) / math.Pow(2, n)
		}
	}
	near(t, "trials of 40 with a difference beyond 6", beyond, trials, want)
}

// No block is ever exceeded: with sizes up to 6 in 1:1 the difference is never
// beyond 3, in any stratum, at any time; and blocks of 4 end in balance.
func TestBlocksNeverExceedTheirBound(t *testing.T) {
	t.Parallel()
	largest := 0
	for d := range imbalances(t, blocks([]int{4, 6}, 1, 1), 41, func(person, d int) {
		largest = max(largest, d, -d)
	}) {
		if d > 3 || d < -3 {
			t.Errorf("a trial ends with a difference of %d", d)
		}
	}
	if largest != 3 {
		t.Errorf("the largest difference at any time is %d, want 3", largest)
	}
	imbalances(t, blocks([]int{4}, 1, 1), 24, func(person, d int) {
		if person%4 == 0 && d != 0 || d > 2 || d < -2 {
			t.Fatalf("after %d people in blocks of 4 the difference is %d", person, d)
		}
	})
}

func TestStrataAreBalancedEachByItself(t *testing.T) {
	t.Parallel()
	s := blocks([]int{4, 6}, 1, 1)
	s.Factors = []allocation.Factor{{Name: allocation.FactorRun}, {Name: "Site", Levels: []string{"North", "South"}}}
	sum := 0.0
	for trial := range trials {
		q := begin(t, s, seedOf(uint64(trial)))
		draw := newDice(trial)
		d, total := map[string]int{}, 0
		for range 40 {
			a := next(t, q, []string{"r1", "r2"}[draw(2)], []string{"North", "South"}[draw(2)])
			step := 1
			if a.Arm == "b" {
				step = -1
			}
			d[a.Stratum] += step
			total += step
			if d[a.Stratum] > 3 || d[a.Stratum] < -3 {
				t.Fatalf("trial %d: stratum %q has a difference of %d", trial, a.Stratum, d[a.Stratum])
			}
		}
		sum += math.Abs(float64(total))
	}
	// Four strata that end within a block each; without blocks it would be √(2·40/π) = 5.05.
	if mean := sum / trials; mean > 2.6 {
		t.Errorf("the mean difference over all strata is %.2f", mean)
	} else {
		t.Logf("mean |difference| over all four strata after 40 people: %.2f; simple allocation: 5.05", mean)
	}
}

// newDice is a source of levels that has nothing to do with the seed.
func newDice(trial int) func(n int) int {
	state := uint64(trial)*2862933555777941757 + 3037000493
	return func(n int) int {
		state = state*6364136223846793005 + 1442695040888963407
		return int(state >> 33 % uint64(n))
	}
}

// With one factor of one level minimisation is Efron's biased coin (1971,
// Biometrika 58:403–417). With p = 0.8 and r = p/(1−p) = 4 an even number of people
// is in balance with probability 1 − 1/r, and different by 2j with
// (r²−1)/r^(2j+1) · ½ to each side, in the long run.
func TestMinimisationHasTheImbalanceOfTheBiasedCoin(t *testing.T) {
	t.Parallel()
	count := imbalances(t, oneFactor(80, 1, 1), 40, nil)
	const r = 4.0
	near(t, "balanced after 40", count[0], trials, 1-1/r)
	near(t, "different by 2 after 40", count[2]+count[-2], trials, (r*r-1)/(r*r*r))
	near(t, "different by 4 after 40", count[4]+count[-4], trials, (r*r-1)/math.Pow(r, 5))
}

func TestMinimisationBalancesEveryFactor(t *testing.T) {
	t.Parallel()
	mean := func(s allocation.Scheme) float64 {
		sum := 0.0
		for trial := range trials {
			q := begin(t, s, seedOf(uint64(trial)))
			draw := newDice(trial)
			d := map[string]int{}
			for range 40 {
				levels := []string{[]string{"North", "South", "West"}[draw(3)], []string{"under 40", "40 and over"}[draw(2)]}
				use := levels
				if len(s.Factors) == 0 {
					use = nil
				}
				step := 1
				if next(t, q, use...).Arm == "b" {
					step = -1
				}
				for _, l := range levels {
					d[l] += step
				}
			}
			for _, n := range d {
				sum += math.Abs(float64(n)) / 5
			}
		}
		return sum / trials
	}
	by, without := mean(minimised(80, 1, 1)), mean(simple(1, 1))
	t.Logf("mean |difference| at a level after 40 people: %.2f with minimisation, %.2f with simple allocation", by, without)
	if by > 1.6 || without < 3 {
		t.Errorf("mean difference at a level: %.2f with minimisation, %.2f without", by, without)
	}
}

// In every method 2:1 is kept at every draw, not only in the end: a method that
// gives early people other chances than late ones biases whatever changes in time
// (Kuznetsova & Tymofyeyev 2012, Stat Med 31:1357–1377).
func TestTwoToOneIsKeptAtEveryDraw(t *testing.T) {
	t.Parallel()
	const n = 30
	for name, s := range map[string]allocation.Scheme{
		"simple": simple(2, 1), "blocks": blocks([]int{3, 6, 9}, 2, 1), "minimised": oneFactor(80, 2, 1),
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var at [n]int
			all := 0
			for trial := range trials {
				q := begin(t, s, seedOf(uint64(trial)))
				for i := range n {
					levels := make([]string, len(s.Factors))
					for f := range levels {
						levels[f] = "c"
					}
					if next(t, q, levels...).Arm == "a" {
						at[i]++
						all++
					}
				}
			}
			const want = 2.0 / 3
			chi := 0.0
			for _, k := range at {
				chi += math.Pow(float64(k)-trials*want, 2) / (trials * want * (1 - want))
			}
			t.Logf("%.4f in the arm of two parts; χ² over the %d draws: %.1f", float64(all)/(trials*n), n, chi)
			if share := float64(all) / (trials * n); math.Abs(share-want) > 0.004 {
				t.Errorf("%.4f are in the arm of two parts", share)
			}
			if limit := n + 4*math.Sqrt(2*n); chi > limit {
				t.Errorf("χ² over the draws is %.1f, beyond %.1f", chi, limit)
			}
			for i, k := range at {
				if share := float64(k) / trials; math.Abs(share-want) > 0.024 {
					t.Errorf("draw %d gives the arm of two parts to %.4f", i+1, share)
				}
			}
		})
	}
}
