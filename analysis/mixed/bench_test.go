package mixed

import (
	"fmt"
	"math"
	"testing"

	"tidemark/analysis/design"
)

// weekly is the benchmark data: people with their own level and ten weeks, from
// a linear congruential stream that any language can repeat.
func weekly(people int) []design.Column {
	n := people * 10
	id, arm, week, y := make([]float64, n), make([]float64, n), make([]float64, n), make([]float64, n)
	normal := stream(300 + people)
	for p := range people {
		level := normal()
		for w := range 10 {
			i := p*10 + w
			id[i], arm[i], week[i] = float64(p+1), float64((p+1)%2), float64(w)
			y[i] = math.RoundToEven((20+4*level+(0.1+0.3*arm[i])*week[i]+3*normal())*1000) / 1000
		}
	}
	return []design.Column{design.Numeric("id", id), design.Numeric("arm", arm), design.Numeric("week", week), design.Numeric("y", y)}
}

// stream returns deviates that are sums of twelve uniforms.
func stream(seed int) func() float64 {
	x := uint64(seed)
	return func() float64 {
		s := 0.0
		for range 12 {
			x = (1664525*x + 1013904223) % (1 << 32)
			s += (float64(x) + 0.5) / (1 << 32)
		}
		return s - 6
	}
}

func TestTheBenchmarkedModelsAreThoseOfR(t *testing.T) {
	t.Parallel()
	r := fitLMM(t, build(t, "y ~ week*arm + (1 | id)", weekly(2000)), LMMOptions{})
	near(t, "week:arm", r.Coefficients[3].Estimate, 0.302458109091, 1e-10)
	near(t, "σ²", r.Residual, 3.01292449968*3.01292449968, 1e-8)
	near(t, "var(level)", r.Random[0].Variance[0], 4.1078661268*4.1078661268, 1e-8)
	near(t, "logLik", r.LogLikelihood, -53419.431491482, 1e-12)
}

func BenchmarkLMM(b *testing.B) {
	for _, people := range []int{2000, 20000} {
		columns := weekly(people)
		for _, formula := range []string{"y ~ week*arm + (1 | id)", "y ~ week*arm + (week | id)"} {
			b.Run(fmt.Sprintf("%d people, %s", people, formula), func(b *testing.B) {
				b.ReportAllocs()
				for b.Loop() {
					fitLMM(b, build(b, formula, columns), LMMOptions{})
				}
			})
		}
	}
}

func BenchmarkMMRM(b *testing.B) {
	for _, c := range []struct {
		people, visits int
		missing        float64
	}{{200, 6, 0}, {2000, 6, 0.1}, {1000, 14, 0.1}} {
		columns := simulated(3, c.people, c.visits, c.missing).columns()
		b.Run(fmt.Sprintf("%d people, %d visits, %v missing", c.people, c.visits, c.missing), func(b *testing.B) {
			for b.Loop() {
				fitMMRM(b, build(b, "y ~ arm*factor(week)", columns, "id", "week"), MMRMOptions{})
			}
		})
	}
}
