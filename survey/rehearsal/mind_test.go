package rehearsal

import (
	"math"
	"testing"

	"tidemark/survey"
	"tidemark/survey/instrument"
	"tidemark/survey/schedule"
)

// sample is what many simulated people answer before and after.
type sample struct {
	items     [][]float64 // before; scored direction, complete sheets only
	pre, post []float64   // primary scale
}

func draw(t *testing.T, key string, n int, control bool) sample {
	t.Helper()
	def, err := instrument.BuiltinByKey(key)
	if err != nil {
		t.Fatal(err)
	}
	primary, _ := def.Primary()
	pre := survey.Wave{ID: "pre", Kind: survey.WavePre}
	post := survey.Wave{ID: "post", Kind: survey.WavePost, Rule: schedule.Rule{OpensDay: 50, ClosesDay: 70}}
	var s sample
	for i := range n {
		m := newMind(stream(7, "test", i), stream(7, "course", i), stream(7, "person", i))
		before := m.answers(def, m.level(pre, progressAt(pre, 8), control))
		after := m.answers(def, m.level(post, progressAt(post, 8), control))
		a, b := total(def, primary.Key, before), total(def, primary.Key, after)
		if math.IsNaN(a) || math.IsNaN(b) {
			continue
		}
		s.pre, s.post = append(s.pre, a), append(s.post, b)
		if row := scored(def, primary, before); row != nil {
			s.items = append(s.items, row)
		}
	}
	return s
}

func total(def *instrument.Definition, scale string, a instrument.Numbers) float64 {
	for _, s := range def.Score(a) {
		if s.Scale == scale && s.Valid {
			return s.Value
		}
	}
	return math.NaN()
}

// scored are the item values in the direction of the scale; nil when one is
// missing.
func scored(def *instrument.Definition, s instrument.Scale, a instrument.Numbers) []float64 {
	reversed := map[string]bool{}
	for _, code := range s.Reversed {
		reversed[code] = true
	}
	var row []float64
	for _, code := range s.Items {
		v, ok := a[code]
		if !ok {
			return nil
		}
		if options, _ := def.ItemOptions(code); reversed[code] {
			v = instrument.Reverse(options, v)
		}
		row = append(row, v)
	}
	return row
}

func meanVar(x []float64) (mean, variance float64) {
	for _, v := range x {
		mean += v / float64(len(x))
	}
	for _, v := range x {
		variance += (v - mean) * (v - mean) / float64(len(x)-1)
	}
	return mean, variance
}

// alpha is Cronbach's coefficient: k/(k−1) · (1 − Σ item variances / variance
// of the sum).
func alpha(rows [][]float64) float64 {
	k := len(rows[0])
	sums := make([]float64, len(rows))
	items := 0.0
	for j := range k {
		column := make([]float64, len(rows))
		for i, r := range rows {
			column[i] = r[j]
			sums[i] += r[j]
		}
		_, v := meanVar(column)
		items += v
	}
	_, v := meanVar(sums)
	return float64(k) / float64(k-1) * (1 - items/v)
}

func correlation(x, y []float64) float64 {
	mx, vx := meanVar(x)
	my, vy := meanVar(y)
	c := 0.0
	for i := range x {
		c += (x[i] - mx) * (y[i] - my) / float64(len(x)-1)
	}
	return c / math.Sqrt(vx*vy)
}

func TestSimulatedPeopleAnswerAsReliablyAsRealOnes(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		key                              string
		alphaLow, alphaHigh, dLow, dHigh float64
	}{
		{"self_compassion", 0.82, 0.88, 0.60, 0.80},
		{"resilience", 0.70, 0.85, 0.30, 0.50},
		{"motivation", 0.70, 0.85, 0.15, 0.35},
	} {
		waits, takes := draw(t, c.key, 4000, true), draw(t, c.key, 4000, false)
		a, r := alpha(waits.items), correlation(waits.pre, waits.post)
		m0, v := meanVar(waits.pre)
		m1, _ := meanVar(waits.post)
		n0, _ := meanVar(takes.pre)
		n1, _ := meanVar(takes.post)
		waiting, course := (m1-m0)/math.Sqrt(v), (n1-n0)/math.Sqrt(v)
		t.Logf("%s: M %.2f SD %.2f, α %.3f, retest r %.2f, d waiting %.2f, course %.2f",
			c.key, m0, math.Sqrt(v), a, r, waiting, course)
		if a < c.alphaLow || a > c.alphaHigh {
			t.Errorf("%s: α = %.3f, want %.2f to %.2f", c.key, a, c.alphaLow, c.alphaHigh)
		}
		if r < 0.56 || r > 0.72 {
			t.Errorf("%s: retest r = %.2f, want .56 to .72", c.key, r)
		}
		if course < c.dLow || course > c.dHigh {
			t.Errorf("%s: d of the course = %.2f, want %.2f to %.2f", c.key, course, c.dLow, c.dHigh)
		}
		if math.Abs(waiting) > 0.12 {
			t.Errorf("%s: d of waiting = %.2f, want about .05", c.key, waiting)
		}
	}
}

func TestSomeItemsAreSkipped(t *testing.T) {
	t.Parallel()
	def, err := instrument.BuiltinByKey("self_compassion")
	if err != nil {
		t.Fatal(err)
	}
	given := 0
	const sheets = 2000
	for i := range sheets {
		m := newMind(stream(3, "skips", i), stream(3, "course", i), stream(3, "person", i))
		answers := m.answers(def, [traits]float64{})
		if err := def.Check(answers.Answers()); err != nil {
			t.Fatalf("answers that the questionnaire does not offer: %v", err)
		}
		given += len(answers)
	}
	skipped := 1 - float64(given)/float64(sheets*len(def.Items))
	if skipped < 0.01 || skipped > 0.02 {
		t.Errorf("%.3f of the items are skipped, want .01 to .02", skipped)
	}
}
