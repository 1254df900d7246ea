package allocation_test

import (
	"math"
	"testing"

	"tidemark/survey/allocation"
)

// guessed is the share of arms that are guessed right by always guessing the arm
// that has fewer so far, and by lot in a tie: the convergence strategy, the best
// there is against blocks (Blackwell & Hodges 1957, Ann Math Stat 28:449–460).
// Guesses by lot count half.
func guessed(t *testing.T, s allocation.Scheme, n, trials int) float64 {
	t.Helper()
	right := 0.0
	levels := make([]string, len(s.Factors))
	for f := range levels {
		levels[f] = "c"
	}
	for trial := range trials {
		q := begin(t, s, seedOf(uint64(trial)))
		d := 0
		for range n {
			a := next(t, q, levels...).Arm == "a"
			switch {
			case d == 0:
				right += 0.5
			case a == (d < 0):
				right++
			}
			if a {
				d++
			} else {
				d--
			}
		}
	}
	return right / float64(n*trials)
}

// inBlock is how many of a block of 2b are guessed right on average:
// b + (4ᵇ/C(2b,b) − 1)/2, by Blackwell and Hodges.
func inBlock(b int) float64 {
	return float64(b) + (math.Pow(4, float64(b))/choose(2*b, b)-1)/2
}

func TestGuessersDoAsWellAsTheorySays(t *testing.T) {
	t.Parallel()
	const r = 4.0
	tie := (r - 1) / (2 * r) // of the biased coin, over even and odd draws
	for _, c := range []struct {
		name string
		s    allocation.Scheme
		n    int
		want float64
	}{
		{"simple", simple(1, 1), 100, 0.5},
		{"blocks of 4", blocks([]int{4}, 1, 1), 100, inBlock(2) / 4},
		{"blocks of 6", blocks([]int{6}, 1, 1), 102, inBlock(3) / 6},
		{"blocks of 4 and 6", blocks([]int{4, 6}, 1, 1), 400, (inBlock(2) + inBlock(3)) / 10},
		{"minimisation with 0.8", oneFactor(80, 1, 1), 400, tie*0.5 + (1-tie)*0.8},
		{"minimisation without chance", oneFactor(100, 1, 1), 100, 0.75},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			got := guessed(t, c.s, c.n, 1000)
			t.Logf("guessed right: %.4f, in theory %.4f", got, c.want)
			if math.Abs(got-c.want) > 0.004 {
				t.Errorf("%.4f are guessed right, want %.4f", got, c.want)
			}
		})
	}
}

// place is where a block may stand: of a size, with so many of each arm given.
type place struct{ size, a, b int }

// knowing is somebody who knows the sizes and every arm so far, and reasons
// without fault: the chance of each place by Bayes.
type knowing struct {
	sizes []int
	at    map[place]float64
}

func newKnowing(sizes []int) *knowing {
	k := &knowing{sizes, map[place]float64{}}
	for _, n := range sizes {
		k.at[place{n, 0, 0}] = 1 / float64(len(sizes))
	}
	return k
}

// chance is how likely the next is a.
func (k *knowing) chance() float64 {
	sum := 0.0
	for p, w := range k.at {
		left := p.size - p.a - p.b
		sum += w * float64(p.size/2-p.a) / float64(left)
	}
	return sum
}

func (k *knowing) sees(a bool) {
	chance := k.chance()
	if !a {
		chance = 1 - chance
	}
	next := map[place]float64{}
	for p, w := range k.at {
		left, of := p.size-p.a-p.b, p.size/2-p.b
		if a {
			of = p.size/2 - p.a
		}
		if w *= float64(of) / float64(left) / chance; w == 0 {
			continue
		}
		if a {
			p.a++
		} else {
			p.b++
		}
		if p.a+p.b < p.size {
			next[p] += w
			continue
		}
		for _, n := range k.sizes {
			next[place{n, 0, 0}] += w / float64(len(k.sizes))
		}
	}
	k.at = next
}

// Sizes that nobody knows leave a guesser who reasons without fault certain of
// far fewer arms, which is why they are drawn too.
func TestSizesByLotLeaveFewerArmsCertain(t *testing.T) {
	t.Parallel()
	watch := func(sizes []int) (right, certain float64) {
		const n, trials = 60, 300
		for trial := range trials {
			q, k := begin(t, blocks(sizes, 1, 1), seedOf(uint64(trial))), newKnowing(sizes)
			for range n {
				chance := k.chance()
				a := next(t, q).Arm == "a"
				if chance < 1e-9 && a || chance > 1-1e-9 && !a {
					t.Fatal("what is impossible happened: the blocks are not what they should be")
				}
				right += map[bool]float64{true: chance, false: 1 - chance}[chance > 0.5]
				if chance < 1e-9 || chance > 1-1e-9 {
					certain++
				}
				k.sees(a)
			}
		}
		return right / n / trials, certain / n / trials
	}
	rightFixed, certainFixed := watch([]int{4})
	rightMixed, certainMixed := watch([]int{4, 6})
	rightMore, certainMore := watch([]int{2, 4, 6})
	t.Logf("expected right and certain: %.3f, %.3f in blocks of 4; %.3f, %.3f in 4 and 6; %.3f, %.3f in 2, 4 and 6",
		rightFixed, certainFixed, rightMixed, certainMixed, rightMore, certainMore)
	// A block of 2b ends with 2b/(b+1) arms on average that are certain.
	if math.Abs(certainFixed-1.0/3) > 0.01 || math.Abs(rightFixed-inBlock(2)/4) > 0.01 {
		t.Errorf("in blocks of 4 %.3f are certain and %.3f guessed", certainFixed, rightFixed)
	}
	if certainMixed > 0.6*certainFixed || rightMixed > rightFixed || certainMore > 0.6*certainFixed {
		t.Errorf("sizes by lot leave %.3f and %.3f certain, against %.3f", certainMixed, certainMore, certainFixed)
	}
}

// Nobody is ever certain under minimisation: whoever knows every count is right
// with p at most, and the arm they do not expect keeps coming.
func TestMinimisationIsNeverCertain(t *testing.T) {
	t.Parallel()
	surprises, led := 0, 0
	for trial := range 2000 {
		q := begin(t, oneFactor(80, 1, 1), seedOf(uint64(trial)))
		d := 0
		for range 50 {
			a := next(t, q, "c").Arm == "a"
			if d != 0 {
				led++
				if a == (d > 0) {
					surprises++
				}
			}
			if a {
				d++
			} else {
				d--
			}
		}
	}
	near(t, "the arm that is ahead comes again", surprises, led, 0.2)
}

// Under simple allocation no arm tells of the next ones.
func TestSimpleAllocationHasNoMemory(t *testing.T) {
	t.Parallel()
	const n = 200_000
	q := begin(t, simple(1, 1), seedOf(77))
	arms := make([]bool, n)
	ones, runs := 0, 1
	for i := range arms {
		arms[i] = next(t, q).Arm == "a"
		if arms[i] {
			ones++
		}
		if i > 0 && arms[i] != arms[i-1] {
			runs++
		}
	}
	near(t, "in arm a", ones, n, 0.5)
	near(t, "changes from one to the next", runs-1, n-1, 0.5)
	for lag := 1; lag <= 12; lag++ {
		same := 0
		for i := lag; i < n; i++ {
			if arms[i] == arms[i-lag] {
				same++
			}
		}
		near(t, "the same as some draws before", same, n-lag, 0.5)
	}
	// Every pattern of eight is as frequent as any other.
	var count [256]float64
	for i := 0; i+8 <= n; i += 8 {
		pattern := 0
		for _, a := range arms[i : i+8] {
			pattern <<= 1
			if a {
				pattern |= 1
			}
		}
		count[pattern]++
	}
	chi, want := 0.0, float64(n/8)/256
	for _, k := range count {
		chi += (k - want) * (k - want) / want
	}
	if limit := 255 + 4*math.Sqrt(2*255); chi > limit {
		t.Errorf("χ² over the patterns of eight is %.1f, beyond %.1f", chi, limit)
	} else {
		t.Logf("χ² over the 256 patterns of eight: %.1f", chi)
	}
}
