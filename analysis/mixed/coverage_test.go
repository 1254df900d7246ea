package mixed

import (
	"math"
	"math/rand/v2"
	"testing"

	"tidemark/analysis"
	"tidemark/analysis/design"
)

// covered counts how often an interval holds a value.
type covered struct{ hits, trials int }

func (c *covered) count(v analysis.Interval, truth float64) {
	c.trials++
	if v.OK() && v.Low <= truth && truth <= v.High {
		c.hits++
	}
}

// check fails if the share is farther from 95 % than three standard errors of
// that many trials.
func (c *covered) check(t *testing.T, name string) {
	t.Helper()
	share := float64(c.hits) / float64(c.trials)
	if off := math.Abs(share - 0.95); off > 3*math.Sqrt(0.95*0.05/float64(c.trials)) {
		t.Errorf("%s: %d of %d intervals hold the truth", name, c.hits, c.trials)
	}
}

// shape makes a standard deviate look like something.
func shape(kind string, z, u float64) float64 {
	switch kind {
	case "skewed":
		return -math.Log(1-u) - 1 // exponential about its mean
	case "likert":
		return math.Max(-2, math.Min(2, math.Round(z)))
	}
	return z
}

func TestIntervalsHoldTheTruthAsOftenAsTheySay(t *testing.T) {
	t.Parallel()
	const people, weeks, trials = 24, 4, 200
	const effect = 0.5
	for seed, kind := range []string{"normal", "skewed", "likert"} {
		t.Run(kind, func(t *testing.T) {
			t.Parallel()
			random := rand.New(rand.NewPCG(uint64(seed), 99))
			var satterthwaite, kenwardRoger, marginal covered
			id, week, arm := make([]float64, people*weeks), make([]float64, people*weeks), make([]float64, people*weeks)
			y := make([]float64, people*weeks)
			columns := []design.Column{design.Numeric("id", id), design.Numeric("week", week), design.Numeric("arm", arm), design.Numeric("y", y)}
			for range trials {
				for p := range people {
					level := shape(kind, random.NormFloat64(), random.Float64())
					for w := range weeks {
						i := p*weeks + w
						id[i], week[i], arm[i] = float64(p), float64(w), float64(p%2)
						y[i] = level + effect*arm[i]*float64(w) + shape(kind, random.NormFloat64(), random.Float64())
						if w > 0 && random.Float64() < 0.15 {
							y[i] = math.NaN()
						}
					}
				}
				r := fitLMM(t, build(t, "y ~ week*arm + (1 | id)", columns), LMMOptions{})
				satterthwaite.count(r.Coefficients[3].Satterthwaite.CI, effect)
				kenwardRoger.count(r.Coefficients[3].KenwardRoger.CI, effect)
				m := fitMMRM(t, build(t, "y ~ factor(week)*arm", columns, "id", "week"), MMRMOptions{})
				marginal.count(m.Coefficients[7].KenwardRoger.CI, 3*effect)
			}
			satterthwaite.check(t, "Satterthwaite")
			kenwardRoger.check(t, "Kenward–Roger")
			marginal.check(t, "marginal model, Kenward–Roger")
		})
	}
}
