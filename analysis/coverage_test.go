package analysis

import (
	"context"
	"math"
	"math/rand/v2"
	"testing"
)

// Intervals are held to their level by simulation, or by adding up where there
// are few outcomes. Where theory promises only an approximation, the test states
// the coverage that was found, so that a change of it is noticed.

// shape is a distribution of scores with known moments.
type shape struct {
	name     string
	draw     func(*rand.Rand) float64
	mean, sd float64
}

func shapes() []shape {
	likert := []float64{0.05, 0.1, 0.2, 0.4, 0.25} // of the answers 1 to 5
	mean, square := 0.0, 0.0
	for i, p := range likert {
		mean += p * float64(i+1)
		square += p * float64((i+1)*(i+1))
	}
	return []shape{
		{name: "normal", draw: (*rand.Rand).NormFloat64, sd: 1},
		{name: "skewed", draw: (*rand.Rand).ExpFloat64, mean: 1, sd: 1},
		{name: "Likert", mean: mean, sd: math.Sqrt(square - mean*mean), draw: func(r *rand.Rand) float64 {
			u := r.Float64()
			for i, p := range likert {
				if u -= p; u < 0 {
					return float64(i + 1)
				}
			}
			return 5
		}},
	}
}

func (s shape) sample(r *rand.Rand, n int) []float64 {
	x := make([]float64, n)
	for i := range x {
		x[i] = s.draw(r)
	}
	return x
}

// covers counts how often an interval holds its truth.
type covers struct{ held, of int }

func (c *covers) add(t *testing.T, v Interval, truth float64) {
	t.Helper()
	if !v.OK() {
		t.Fatalf("no interval: %s", v.Reason)
	}
	c.of++
	const rounding = 1e-9 // scores in whole points give limits at the truth itself
	if v.Low-rounding <= truth && truth <= v.High+rounding {
		c.held++
	}
}

// within checks a coverage up to 3.5 standard errors of the simulation.
func (c covers) within(t *testing.T, what string, low, high float64) {
	t.Helper()
	share := float64(c.held) / float64(c.of)
	slack := 3.5 * math.Sqrt(0.05*0.95/float64(c.of))
	t.Logf("%-28s %.3f of %d", what, share, c.of)
	if share < low-slack || share > high+slack {
		t.Errorf("%s: coverage %.3f, want %.3f to %.3f up to %.3f", what, share, low, high, slack)
	}
}

func TestIntervalsOfAShiftCover(t *testing.T) {
	t.Parallel()
	random := rand.New(rand.NewPCG(21, 1))
	for _, s := range shapes() {
		var rank, mean covers
		for range 1000 {
			x, y := s.sample(random, 24), s.sample(random, 18)
			for i := range x {
				x[i] += 0.5
			}
			rank.add(t, MannWhitney(x, y, 0.95).CI, 0.5)
			// The interval of an equivalence test has the level 1 − 2α.
			r := EquivalenceGroups(x, y, EquivalenceOptions{Low: -1, High: 1, Alpha: 0.025})
			mean.add(t, r.CI, 0.5)
		}
		// Ordered differences cover at least at their level. With ties it is more,
		// here always: they can end at whole points only, and the shift is a half.
		most := 0.96
		if s.name == "Likert" {
			most = 1
		}
		rank.within(t, s.name+": ordered differences", 0.95, most)
		mean.within(t, s.name+": Welch", 0.94, 0.96)
	}
}

func TestBootstrapIntervalsCoverAboutAtTheirLevel(t *testing.T) {
	t.Parallel()
	random := rand.New(rand.NewPCG(21, 2))
	const n, runs = 40, 600
	for _, s := range shapes() {
		var mean, difference, dz, dav covers
		for i := range runs {
			opt := BootstrapOptions{Resamples: 799, Seed: uint64(i)}
			x, y := s.sample(random, n), s.sample(random, n)
			pre, post := s.sample(random, n), s.sample(random, n)
			for k := range post {
				post[k] += 0.6 * s.sd
			}
			ctx := context.Background()
			r, err := BootstrapMean(ctx, x, opt)
			mean.add(t, bootstrapped(t, r, err).BCa, s.mean)
			r, err = BootstrapDifference(ctx, x, y, opt)
			difference.add(t, bootstrapped(t, r, err).BCa, 0)
			r, err = BootstrapDz(ctx, pre, post, opt)
			dz.add(t, bootstrapped(t, r, err).BCa, 0.6/math.Sqrt2)
			r, err = BootstrapDav(ctx, pre, post, opt)
			dav.add(t, bootstrapped(t, r, err).BCa, 0.6)
		}
		// BCa is correct up to an error of order 1/n. For 40 people that costs a
		// point or two: found were 93.0 to 94.7 % for normal scores, 91.8 to
		// 94.5 % for skewed and 94.2 to 95.0 % for Likert ones.
		mean.within(t, s.name+": BCa of the mean", 0.925, 0.95)
		difference.within(t, s.name+": BCa of a difference", 0.93, 0.95)
		dz.within(t, s.name+": BCa of d_z", 0.925, 0.955)
		dav.within(t, s.name+": BCa of d_av", 0.925, 0.955)
	}
}

// binomial returns the probabilities of 0…n events.
func binomial(n int, p float64) []float64 {
	out := make([]float64, n+1)
	for k := range out {
		lg, _ := math.Lgamma(float64(n + 1))
		a, _ := math.Lgamma(float64(k + 1))
		b, _ := math.Lgamma(float64(n - k + 1))
		out[k] = math.Exp(lg - a - b + float64(k)*math.Log(p) + float64(n-k)*math.Log1p(-p))
	}
	return out
}

func holds(low, high, truth float64) float64 {
	return count(low <= truth && truth <= high)
}

// Coverage of an interval of a share depends on the share; it is added up over
// all outcomes.
func TestIntervalsOfShareCover(t *testing.T) {
	t.Parallel()
	for _, n := range []int{10, 25, 60} {
		var wilsonSum, rates float64
		for p := 0.02; p < 0.99; p += 0.03 {
			wilson, exact := 0.0, 0.0
			for k, weight := range binomial(n, p) {
				w, c := Wilson(k, n, 0.95).CI, ClopperPearson(k, n, 0.95).CI
				wilson += weight * holds(w.Low, w.High, p)
				exact += weight * holds(c.Low, c.High, p)
			}
			if exact < 0.95-1e-9 {
				t.Errorf("Clopper–Pearson, n = %d, p = %.2f: coverage %.4f", n, p, exact)
			}
			if wilson < 0.83 { // its known dip near 0 and 1
				t.Errorf("Wilson, n = %d, p = %.2f: coverage %.4f", n, p, wilson)
			}
			wilsonSum, rates = wilsonSum+wilson, rates+1
		}
		if mean := wilsonSum / rates; math.Abs(mean-0.953) > 0.01 {
			t.Errorf("Wilson, n = %d: mean coverage %.4f, want about 0.95", n, mean)
		}
	}
}

func TestIntervalsOfTwoSharesCover(t *testing.T) {
	t.Parallel()
	const nx, ny = 20, 24
	var newcombe, wald, cases float64
	type table struct {
		newcombe, wald      Interval
		exactLow, exactHigh float64
	}
	tables := make([][]table, nx+1)
	for i := range tables {
		for j := range ny + 1 {
			r := TwoByTwo(Events{i, nx}, Events{j, ny}, 0.95)
			e := table{newcombe: r.Newcombe, wald: r.Wald, exactLow: 0, exactHigh: math.Inf(1)}
			if r.ConditionalOdds.Low.OK() {
				e.exactLow = r.ConditionalOdds.Low.Value
			}
			if r.ConditionalOdds.High.OK() {
				e.exactHigh = r.ConditionalOdds.High.Value
			}
			tables[i] = append(tables[i], e)
		}
	}
	for _, p := range []float64{0.1, 0.3, 0.5, 0.8} {
		for _, q := range []float64{0.15, 0.4, 0.7} {
			a, b := binomial(nx, p), binomial(ny, q)
			odds := p / (1 - p) / (q / (1 - q))
			exact := 0.0
			for i, row := range tables {
				for j, e := range row {
					weight := a[i] * b[j]
					newcombe += weight * holds(e.newcombe.Low, e.newcombe.High, p-q)
					wald += weight * holds(e.wald.Low, e.wald.High, p-q)
					exact += weight * holds(e.exactLow, e.exactHigh, odds)
				}
			}
			if exact < 0.95-1e-9 {
				t.Errorf("exact odds ratio, p = %v and %v: coverage %.4f", p, q, exact)
			}
			cases++
		}
	}
	if mean := newcombe / cases; math.Abs(mean-0.955) > 0.01 {
		t.Errorf("Newcombe: mean coverage %.4f, want about 0.95", mean)
	}
	if wald >= newcombe {
		t.Errorf("Wald covers %.4f, Newcombe %.4f: there would be no reason for him", wald/cases, newcombe/cases)
	}
}

func TestIntervalsOfMatchedSharesCover(t *testing.T) {
	t.Parallel()
	const n = 30
	for _, c := range []struct{ lost, gained float64 }{{0.1, 0.1}, {0.05, 0.25}, {0.2, 0.4}} {
		covered, odds := 0.0, 0.0
		for k, movers := range binomial(n, c.lost+c.gained) {
			for gained, weight := range binomial(k, c.gained/(c.lost+c.gained)) {
				r := McNemar(ChangeTable{YesYes: 0, YesNo: k - gained, NoYes: gained, NoNo: n - k}, 0.95)
				covered += movers * weight * holds(r.RateDifferenceCI.Low, r.RateDifferenceCI.High, c.gained-c.lost)
				low, high := 0.0, math.Inf(1)
				if r.Odds.Low.OK() {
					low = r.Odds.Low.Value
				}
				if r.Odds.High.OK() {
					high = r.Odds.High.Value
				}
				odds += movers * weight * holds(low, high, c.gained/c.lost)
			}
		}
		t.Logf("lost %v, gained %v: Bonett–Price %.4f, exact odds %.4f", c.lost, c.gained, covered, odds)
		if covered < 0.93 || covered > 0.99 || odds < 0.95-1e-9 {
			t.Errorf("%+v: Bonett–Price covers %.4f, exact odds %.4f", c, covered, odds)
		}
	}
}
