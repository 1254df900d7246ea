package mixed

import (
	"math"
	"math/rand/v2"
	"testing"

	"tidemark/analysis"
	"tidemark/analysis/design"
)

// columns of a long table.
type long struct {
	id, week, arm, y []float64
}

func (l long) columns() []design.Column {
	return []design.Column{
		design.Numeric("id", l.id), design.Numeric("week", l.week), design.Numeric("arm", l.arm), design.Numeric("y", l.y),
	}
}

// simulated draws people with their own level and slope; a share of the values
// is missing.
func simulated(seed uint64, people, weeks int, missing float64) long {
	random := rand.New(rand.NewPCG(seed, 1))
	var l long
	for p := range people {
		level, slope := 4*random.NormFloat64(), 0.5*random.NormFloat64()
		for w := range weeks {
			arm := float64(p % 2)
			y := 20 + level + (0.2+0.3*arm+slope)*float64(w) + 2*random.NormFloat64()
			if random.Float64() < missing {
				y = math.NaN()
			}
			l.id, l.week, l.arm, l.y = append(l.id, float64(p)), append(l.week, float64(w)), append(l.arm, arm), append(l.y, y)
		}
	}
	return l
}

func build(t testing.TB, formula string, columns []design.Column, keys ...string) *design.Design {
	t.Helper()
	d, err := design.Build(formula, columns, keys...)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func fitLMM(t testing.TB, d *design.Design, opt LMMOptions) LMMResult {
	t.Helper()
	r, err := LMM(t.Context(), d, opt)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// near fails unless got is want within a relative tolerance.
func near(t testing.TB, name string, got analysis.Estimate, want, rel float64) {
	t.Helper()
	if !got.OK() || !(math.Abs(got.Value-want) <= rel*math.Max(math.Abs(want), 1e-300)) {
		t.Errorf("%s: got %v, want %v", name, got, want)
	}
}

func fitMMRM(t testing.TB, d *design.Design, opt MMRMOptions) MMRMResult {
	t.Helper()
	r, err := MMRM(t.Context(), d, opt)
	if err != nil {
		t.Fatal(err)
	}
	return r
}
