package analysis

import (
	"math"
	"math/rand/v2"
	"testing"
)

// counted are coverages by the name of their interval, in the order in which they
// were first met.
type counted struct {
	t     *testing.T
	names []string
	by    map[string]*covers
}

func newCounted(t *testing.T) *counted { return &counted{t: t, by: map[string]*covers{}} }

func (c *counted) add(name string, v Interval, truth float64) {
	c.t.Helper()
	if c.by[name] == nil {
		c.names, c.by[name] = append(c.names, name), &covers{}
	}
	c.by[name].add(c.t, v, truth)
}

// check compares each coverage with the one that is expected: from 0.94 to 0.96
// unless known says otherwise.
func (c *counted) check(where string, known map[string][2]float64) {
	c.t.Helper()
	for _, name := range c.names {
		want, ok := known[name]
		if !ok {
			want = [2]float64{0.94, 0.96}
		}
		c.by[name].within(c.t, where+": "+name, want[0], want[1])
	}
	for name := range known {
		if c.by[name] == nil {
			c.t.Errorf("%s: nothing is called %q", where, name)
		}
	}
}

// pairs are scores before and after that share a half of their variance: each is
// a person's own score and one of the day, from the same distribution. The change
// has the mean shift and the SD of one score, √2·s.sd.
func (s shape) pairs(r *rand.Rand, n int, shift float64) (pre, post []float64) {
	own, pre, post := s.sample(r, n), s.sample(r, n), s.sample(r, n)
	for i := range own {
		pre[i] += own[i]
		post[i] += own[i] + shift
	}
	return pre, post
}

// A shift of 0.6 SD is that of a course which helps.
func TestIntervalsOfPairsCover(t *testing.T) {
	t.Parallel()
	random := rand.New(rand.NewPCG(21, 5))
	const runs, n, d, level = 2000, 40, 0.6, 0.95
	for _, s := range shapes() {
		sd := s.sd * math.Sqrt2 // of scores, and of changes
		c := newCounted(t)
		for range runs {
			pre, post := s.pairs(random, n, d*sd)
			c.add("mean", Describe(pre, level).MeanCI, 2*s.mean)
			c.add("mean change", PairedT(pre, post, level).CI, d*sd)
			c.add("ordered changes", Wilcoxon(pre, post, level).CI, d*sd)
			c.add("equivalence", EquivalencePairs(pre, post, EquivalenceOptions{Low: -1, High: 1, Alpha: (1 - level) / 2}).CI, d*sd)
			e := PairedEffects(pre, post, level)
			c.add("dz", e.DzCI, d)
			c.add("gz", e.GzCI, d)
			c.add("dav", e.DavCI, d)
			c.add("gav", e.GavCI, d)
			c.add("dav in units of dz", e.DavCIScaled, d)
			c.add("correlation", Correlate(pre, post, level).Pearson.CI, 0.5)
			if s.name == "normal" {
				c.add("common language", e.CommonLanguageCI, 0.5*math.Erfc(-d/math.Sqrt2))
			}
		}
		c.check(s.name, knownOfPairs[s.name])
	}
}

// knownOfPairs are the coverages found where an interval is an approximation, or
// supposes normal scores: the variance of an SD and of a correlation grows with
// the kurtosis, and that of the exponential distribution is 6.
var knownOfPairs = map[string]map[string][2]float64{
	"skewed": {"dz": {0.91, 0.93}, "gz": {0.91, 0.93}, "dav": {0.91, 0.93}, "gav": {0.91, 0.93}, "correlation": {0.84, 0.87}},
	"Likert": {"ordered changes": {0.95, 1}}, // ends at half points only
}

func TestIntervalsOfGroupsCover(t *testing.T) {
	t.Parallel()
	random := rand.New(rand.NewPCG(21, 6))
	const runs, n, d, level = 2000, 40, 0.5, 0.95
	for _, s := range shapes() {
		sd := s.sd * math.Sqrt2
		c := newCounted(t)
		arm := make([]float64, 2*n)
		for i := range n {
			arm[i] = 1
		}
		for range runs {
			a, b := s.pairs(random, n, d*sd)
			p, q := s.pairs(random, n, 0)
			c.add("Welch", WelchT(b, q, level).Welch.CI, d*sd)
			e := IndependentEffects(b, q, level)
			c.add("d", e.DCI, d)
			c.add("g", e.GCI, d)
			c.add("pre, post and control", PrePostControl(a, b, p, q, level).CI, d)
			pre, post := append(a, p...), append(b, q...)
			r := Ancova(arm, pre, post, level)
			c.add("ANCOVA", r.CI, d*sd)
			c.add("ANCOVA, robust", r.RobustCI, d*sd)
			c.add("change between arms", r.Change.Welch.CI, d*sd)
		}
		c.check(s.name, nil)
	}
}

// Six items that share a half of their variance: α = 6·½/(1 + 5·½), and each of
// the six intraclass correlations is ½ or α.
func TestIntervalsOfReliabilityCover(t *testing.T) {
	t.Parallel()
	random := rand.New(rand.NewPCG(21, 7))
	const runs, n, k, level = 2000, 60, 6, 0.95
	const alpha = k * 0.5 / (1 + (k-1)*0.5)
	for _, s := range shapes() {
		c := newCounted(t)
		for range runs {
			own, items := s.sample(random, n), make([][]float64, k)
			for j := range items {
				items[j] = s.sample(random, n)
				for i := range own {
					items[j][i] += own[i]
				}
			}
			a := Alpha(items, AlphaOptions{Level: level})
			c.add("Feldt", a.Feldt, alpha)
			c.add("Duhachek", a.Duhachek, alpha)
			c.add("Bonett", a.Bonett, alpha)
			r := ICC(items, level)
			c.add("ICC1", r.OneWay.CI, 0.5)
			c.add("ICC2", r.Agreement.CI, 0.5)
			c.add("ICC3", r.Consistency.CI, 0.5)
			c.add("ICC1k", r.OneWayMean.CI, alpha)
			c.add("ICC2k", r.AgreementMean.CI, alpha)
			c.add("ICC3k", r.ConsistencyMean.CI, alpha)
		}
		c.check(s.name, knownOfReliability[s.name])
	}
}

// The intervals of reliability suppose normal scores. An exponential distribution
// of what people share leaves three quarters of the 95 %; answers from 1 to 5
// leave all of it.
var knownOfReliability = map[string]map[string][2]float64{
	"skewed": {
		"Feldt": {0.74, 0.79}, "Duhachek": {0.75, 0.81}, "Bonett": {0.74, 0.79},
		"ICC1": {0.74, 0.79}, "ICC2": {0.74, 0.79}, "ICC3": {0.74, 0.79},
		"ICC1k": {0.74, 0.79}, "ICC2k": {0.74, 0.79}, "ICC3k": {0.74, 0.79},
	},
}

// Half an SD more change for each SD of practice.
func TestIntervalsOfDoseCover(t *testing.T) {
	t.Parallel()
	random := rand.New(rand.NewPCG(21, 8))
	const runs, n, level = 2000, 50, 0.95
	for _, s := range shapes() {
		c := newCounted(t)
		for range runs {
			pre, post := s.pairs(random, n, 0)
			dose := s.sample(random, n)
			for i := range dose {
				post[i] += 0.5 * dose[i]
			}
			r := DoseResponse(dose, pre, post, DoseOptions{Level: level})
			c.add("slope", r.Slope.CI, 0.5)
			c.add("slope, robust", r.Slope.RobustCI, 0.5)
		}
		c.check(s.name, nil)
	}
}
