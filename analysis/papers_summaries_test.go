package analysis

import (
	"math"
	"testing"
)

// Papers print means and SDs. Columns that have just these moments give every
// statistic of the paper that follows from them.

// pairsLike makes n pairs with the given means, SDs and correlation, exactly:
// a cosine and a sine over one turn are uncorrelated and of the same length.
func pairsLike(n int, m1, s1, m2, s2, r float64) (pre, post []float64) {
	pre, post = make([]float64, n), make([]float64, n)
	unit := math.Sqrt(2 * float64(n-1) / float64(n))
	for i := range n {
		sin, cos := math.Sincos(2 * math.Pi * float64(i) / float64(n))
		pre[i] = m1 + s1*unit*cos
		post[i] = m2 + s2*unit*(r*cos+math.Sqrt(1-r*r)*sin)
	}
	return pre, post
}

// impliedR is the correlation that SDs and the SD of the change imply.
func impliedR(s1, s2, change float64) float64 { return (s1*s1 + s2*s2 - change*change) / (2 * s1 * s2) }

// printedWithin checks a printed figure against all values that the rounding of
// the printed inputs allows: f is evaluated with each input half a unit of its
// last digit up and down.
func printedWithin(t *testing.T, what string, want float64, digits int, half float64, inputs []float64, f func(in []float64) Estimate) {
	t.Helper()
	low, high := math.Inf(1), math.Inf(-1)
	for corner := range 1 << len(inputs) {
		in := make([]float64, len(inputs))
		for k, v := range inputs {
			in[k] = v + half*float64(2*(corner>>k&1)-1)
		}
		e := f(in)
		if !e.OK() {
			t.Fatalf("%s: %v", what, e)
		}
		low, high = math.Min(low, e.Value), math.Max(high, e.Value)
	}
	slack := 0.5000001 * math.Pow(10, -float64(digits))
	if want < low-slack || want > high+slack {
		t.Errorf("%s: printed %v, possible %v to %v", what, want, low, high)
	}
}

// PMC7413188 (doi 10.1093/tbm/ibz062), table 2: 22 people before and after. The
// sign is theirs, pre − post, and their d divides by the SD of the changes.
func TestPaperBeforeAndAfterOf22(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		scale                       string
		m1, s1, s2                  float64
		change, low, high, sd, d, p float64
	}{
		{scale: "PSS-14", m1: 25.7, s1: 7.7, s2: 7.1, change: 4.0, low: 1.1, high: 6.8, sd: 6.4, d: 0.62, p: 0.008},
		{scale: "HADS-A", m1: 8.1, s1: 4.2, s2: 3.5, change: 1.7, low: 0.3, high: 3.1, sd: 3.2, d: 0.54, p: 0.019},
		{scale: "HADS-D", m1: 6.1, s1: 3.9, s2: 3.6, change: 0.7, low: -0.3, high: 1.7, sd: 2.3, d: 0.32, p: 0.148},
		{scale: "HADS", m1: 14.2, s1: 7.4, s2: 6.9, change: 2.5, low: 0.4, high: 4.6, sd: 4.7, d: 0.52, p: 0.024},
		{scale: "SRF-18", m1: 51.6, s1: 11.2, s2: 10.4, change: 3.6, low: 0.5, high: 6.7, sd: 7.0, d: 0.52, p: 0.025},
	} {
		run := func(in []float64) PairedResult {
			pre, post := pairsLike(22, c.m1-in[0], c.s2, c.m1, c.s1, impliedR(c.s1, c.s2, in[1]))
			return Paired(pre, post, 0.95)
		}
		inputs := []float64{c.change, c.sd}
		check := func(what string, want float64, digits int, f func(PairedResult) Estimate) {
			t.Helper()
			printedWithin(t, c.scale+" "+what, want, digits, 0.05, inputs, func(in []float64) Estimate { return f(run(in)) })
		}
		check("d", c.d, 2, func(r PairedResult) Estimate { return r.Effects.Dz })
		check("p", c.p, 3, func(r PairedResult) Estimate { return r.T.P })
		check("low", c.low, 1, func(r PairedResult) Estimate { return r.T.CI.LowEstimate() })
		check("high", c.high, 1, func(r PairedResult) Estimate { return r.T.CI.HighEstimate() })
	}
}

// PMC5004091, table 3: two large arms. The correlation is chosen so that the
// paired t is the printed one; p and the size of the effect follow. Between the
// arms the printed t is Welch's and cannot be Student's.
func TestPaperLargeArms(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		what           string
		n              int
		m1, s1, m2, s2 float64
		r, t, p        float64
	}{
		{"PHQ-9, control", 1239, 2.39, 3.42, 3.04, 3.44, 0.301, 5.64, 0},
		{"PHQ-9, intervention", 3039, 1.90, 3.17, 1.81, 3.25, 0.293, -1.30, 0.194},
		{"GAD-7, control", 1239, 1.16, 2.36, 1.74, 2.58, 0.235, 6.67, 0},
		{"GAD-7, intervention", 3039, 0.88, 2.11, 0.73, 1.96, 0.292, -3.41, 0.001},
	} {
		pre, post := pairsLike(c.n, c.m1, c.s1, c.m2, c.s2, c.r)
		r := Paired(pre, post, 0.95)
		printed(t, c.what+" t", r.T.T, c.t, 2)
		printed(t, c.what+" p", r.T.P, c.p, 3)
		printed(t, c.what+" dz", r.Effects.Dz, c.t/math.Sqrt(float64(c.n)), 3)
	}
	for _, c := range []struct {
		what           string
		m1, s1, m2, s2 float64
		t              float64
	}{
		{"PHQ-9 before", 2.39, 3.42, 1.90, 3.17, 4.36},
		{"PHQ-9 after", 3.04, 3.44, 1.81, 3.25, 10.81},
		{"GAD-7 before", 1.16, 2.36, 0.88, 2.11, 3.65},
		{"GAD-7 after", 1.74, 2.58, 0.73, 1.96, 12.48},
	} {
		test := func(in []float64) WelchTResult {
			x, _ := pairsLike(1239, in[0], c.s1, 0, 1, 0)
			y, _ := pairsLike(3039, in[1], c.s2, 0, 1, 0)
			return WelchT(x, y, 0.95)
		}
		means := []float64{c.m1, c.m2}
		printedWithin(t, c.what, c.t, 2, 0.005, means, func(in []float64) Estimate { return test(in).Welch.T })
		if r := test(means); r.Student.T.Value < r.Welch.T.Value+0.1 {
			t.Errorf("%s: Student's %v is no farther from the printed %v than Welch's %v", c.what, r.Student.T, c.t, r.Welch.T)
		}
	}
}

// Responders and numbers needed to treat of a trial in Diabetes Care: 95 people
// with the intervention, 62 with an active control, 71 with usual care.
func TestPaperRespondersInThreeArms(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		what                        string
		intervention, active, usual int // of 95, 62 and 71, from the percentages
		percent                     [3]float64
		needed, neededActive        float64
	}{
		{"improved by half", 58, 27, 17, [3]float64{61, 44, 24}, 3, 5},
		{"below 10", 65, 36, 28, [3]float64{68, 58, 39}, 3, 5},
	} {
		usual := Events{c.usual, 71}
		a, b := TwoByTwo(Events{c.intervention, 95}, usual, 0.95), TwoByTwo(Events{c.active, 62}, usual, 0.95)
		for i, rate := range []Estimate{a.RateX, b.RateX, a.RateY} {
			printed(t, c.what, Known(100*rate.Value), c.percent[i], 0)
		}
		printed(t, c.what+": needed to treat", a.NNT.Value, c.needed, 0)
		printed(t, c.what+": needed with active control", b.NNT.Value, c.neededActive, 0)
		if a.NNT.ThroughInfinity || !b.NNT.ThroughInfinity && b.FisherP.Value > 0.05 {
			t.Errorf("%s: intervals %+v and %+v", c.what, a.NNT, b.NNT)
		}
	}
	// The change of the PHQ and its SD imply how before and after correlate.
	for _, c := range []struct{ s1, s2, change, r float64 }{{3.8, 5.4, 5.6, 0.30}, {3.5, 5.9, 5.7, 0.35}, {3.4, 5.2, 4.9, 0.41}} {
		printed(t, "implied r", Known(impliedR(c.s1, c.s2, c.change)), c.r, 2)
	}
}

// JSS doi 10.18637/jss.v111.i01: BDI-II, 40 people of a trial. Of the figures
// that do not need each person's scores, all are reached.
func TestPaperReliableChangeOfBDI(t *testing.T) {
	t.Parallel()
	run := func(in []float64) ReliableChangeResult {
		pre, post := pairsLike(40, in[0], in[1], 20, 9, 0.4)
		return ReliableChange(pre, post, ReliableChangeOptions{
			Reliability: 0.801, Direction: LowerIsBetter, Functional: &Norms{Mean: 7.69, SD: 7.52},
		})
	}
	for what, c := range map[string]struct {
		want   float64
		digits int
		f      func(ReliableChangeResult) Estimate
	}{
		"standard error":          {3.640, 3, func(r ReliableChangeResult) Estimate { return r.SEM }},
		"SE of a difference":      {5.147, 3, func(r ReliableChangeResult) Estimate { return r.SDiff }},
		"smallest sure change":    {10.09, 2, func(r ReliableChangeResult) Estimate { return r.MDC95 }},
		"cut-off c":               {21.02, 2, func(r ReliableChangeResult) Estimate { return r.CutoffC.Value }},
		"mean before the therapy": {35.48, 2, func(r ReliableChangeResult) Estimate { return r.MeanPre }},
	} {
		printedWithin(t, what, c.want, c.digits, 0.005, []float64{35.48, 8.16}, func(in []float64) Estimate { return c.f(run(in)) })
	}
}

// Nadler et al. (2020, doi 10.3389/fpsyg.2020.00255): a course at work against
// a wait-list, from the moments of each arm.
func TestPaperCourseAgainstWaitlist(t *testing.T) {
	t.Parallel()
	type arm struct {
		n                 int
		m1, s1, m2, s2, r float64
		t, dz             float64
	}
	course := map[string]arm{
		"resilience": {37, 3.29369369368, 0.769272457261, 3.77477477478, 0.68630363494, 0.568973402074, 4.31, 0.71},
		"negative":   {37, 2.23243243243, 0.609213543137, 1.68378378378, 0.476394743833, 0.649824659866, -7.10, -1.17},
		"positive":   {37, 3.27567567568, 0.806365441487, 3.6972972973, 0.66811779005, 0.723260797159, 4.55, 0.75},
	}
	wait := map[string]arm{
		"resilience": {65, 3.6282051282, 0.711859623774, 3.41025641025, 0.751200961598, 0.793728042121, -3.73, -0.46},
		"negative":   {65, 2.14307692308, 0.77539692069, 2.17538461538, 0.714587024361, 0.792938512577, 0.54, 0.07},
		"positive":   {65, 3.38615384615, 0.622965920787, 3.20153846154, 0.666729964944, 0.549663799304, -2.43, -0.30},
	}
	columns := func(a arm) (pre, post []float64) { return pairsLike(a.n, a.m1, a.s1, a.m2, a.s2, a.r) }
	for name, arms := range map[string]map[string]arm{"course": course, "wait-list": wait} {
		for scale, a := range arms {
			pre, post := columns(a)
			r := Paired(pre, post, 0.95)
			printed(t, name+", "+scale+" t", r.T.T, a.t, 2)
			printed(t, name+", "+scale+" dz", r.Effects.Dz, a.dz, 2)
		}
	}
	// The abstract has the negative mood of the wait-list rise; it is the loss of
	// positive mood that is more than chance.
	negative, positive := wait["negative"], wait["positive"]
	pre, post := columns(negative)
	if p := PairedT(pre, post, 0.95).P; p.Value < 0.5 {
		t.Errorf("negative mood of the wait-list: p %v", p)
	}
	pre, post = columns(positive)
	if p := PairedT(pre, post, 0.95).P; p.Value > 0.05 {
		t.Errorf("positive mood of the wait-list: p %v", p)
	}

	preX, postX := columns(course["resilience"])
	preY, postY := columns(wait["resilience"])
	change := func(pre, post []float64) []float64 {
		out := make([]float64, len(pre))
		for i := range pre {
			out[i] = post[i] - pre[i]
		}
		return out
	}
	w := WelchT(change(preX, postX), change(preY, postY), 0.95)
	printed(t, "difference in change, t", w.Welch.T, 5.54, 2)
	printed(t, "its df", w.Welch.DF, 56.0, 1)
	printed(t, "d_ppc2", PrePostControl(preX, postX, preY, postY, 0.95).DPPC2, 0.95, 2)
	group := make([]float64, 0, 102)
	for i := range 102 {
		group = append(group, count(i < 37))
	}
	a := Ancova(group, append(preX, preY...), append(postX, postY...), 0.95)
	printed(t, "adjusted difference", a.Effect, 0.601, 3)
	printed(t, "its t", a.T, 5.53, 2)
}
