package analysis

import (
	"math"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

func someEvents(t *rapid.T, name string) Events {
	n := rapid.IntRange(1, 40).Draw(t, name)
	return Events{Yes: rapid.IntRange(0, n).Draw(t, name+" yes"), Of: n}
}

func inverse(e Estimate) Estimate {
	switch {
	case e.Reason == ReasonUnbounded:
		return Known(0)
	case e.OK() && e.Value == 0:
		return Unknown(ReasonUnbounded)
	case e.OK():
		return Known(1 / e.Value)
	}
	return e
}

func TestSwappingArmsMirrorsTheTwoByTwoTable(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		x, y := someEvents(t, "x"), someEvents(t, "y")
		a, b := TwoByTwo(x, y, 0.9), TwoByTwo(y, x, 0.9)
		diff(t, "difference", b.RiskDifference, negated(a.RiskDifference))
		diff(t, "Newcombe", b.Newcombe, mirrored(a.Newcombe))
		diff(t, "Wald", b.Wald, mirrored(a.Wald))
		diff(t, "NNT", b.NNT.Value, negated(a.NNT.Value))
		diff(t, "NNT interval", b.NNT.CI, mirrored(a.NNT.CI))
		diff(t, "harm", b.NNT.Harm, negated(a.NNT.Benefit))
		diff(t, "risk ratio", b.RiskRatio, inverse(a.RiskRatio))
		diff(t, "Fisher", b.FisherP, a.FisherP)
		diff(t, "Fisher one-sided", b.FisherLess, a.FisherGreater)
		diff(t, "phi", b.Phi, negated(a.Phi))
		diff(t, "conditional odds", b.ConditionalOdds.Value, inverse(a.ConditionalOdds.Value))
		diff(t, "conditional low", b.ConditionalOdds.Low, inverse(a.ConditionalOdds.High))
		diff(t, "conditional high", b.ConditionalOdds.High, inverse(a.ConditionalOdds.Low))
	})
}

func TestTurningTheEventAroundMirrorsTheTwoByTwoTable(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		x, y := someEvents(t, "x"), someEvents(t, "y")
		other := func(e Events) Events { return Events{Yes: e.Of - e.Yes, Of: e.Of} }
		a, b := TwoByTwo(x, y, 0.95), TwoByTwo(other(x), other(y), 0.95)
		diff(t, "difference", b.RiskDifference, negated(a.RiskDifference))
		diff(t, "Newcombe", b.Newcombe, mirrored(a.Newcombe))
		diff(t, "exact rate", b.ExactRateX.Low, 1-a.ExactRateX.High)
		diff(t, "χ²", b.YatesChiSquareP, a.YatesChiSquareP)
		diff(t, "Fisher", b.FisherP, a.FisherP)
		diff(t, "conditional odds", b.ConditionalOdds.Value, inverse(a.ConditionalOdds.Value))
	})
}

// A p-value of Fisher's test below α/2 on one side, and the exact interval that
// excludes 1 on that side, are the same statement.
func TestExactOddsIntervalInvertsFishersTest(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		r := TwoByTwo(someEvents(t, "x"), someEvents(t, "y"), 0.95)
		if !r.ConditionalOdds.Low.OK() {
			return
		}
		// Where p is exactly α/2, rounding decides.
		decided := func(p Estimate) bool { return math.Abs(p.Value-0.025) > 1e-12 }
		low, high := r.ConditionalOdds.Low, r.ConditionalOdds.High
		if decided(r.FisherGreater) && (low.Value > 1) != (r.FisherGreater.Value < 0.025) {
			t.Fatalf("low %v, p %v", low, r.FisherGreater)
		}
		if high.OK() && decided(r.FisherLess) && (high.Value < 1) != (r.FisherLess.Value < 0.025) {
			t.Fatalf("high %v, p %v", high, r.FisherLess)
		}
	})
}

func TestNumberNeededPassesThroughInfinityWhenZeroIsPossible(t *testing.T) {
	t.Parallel()
	clear := TwoByTwo(Events{24, 40}, Events{12, 41}, 0.95).NNT
	if clear.ThroughInfinity || !(clear.CI.Low > 1 && clear.CI.Low < clear.Value.Value && clear.Value.Value < clear.CI.High) {
		t.Errorf("clear benefit: got %+v", clear)
	}
	open := TwoByTwo(Events{18, 40}, Events{12, 41}, 0.95)
	n := open.NNT
	if !n.ThroughInfinity || n.CI.Reason != ReasonUnbounded || !(n.Benefit.Value > 1 && n.Harm.Value < -1) {
		t.Errorf("open question: got %+v", n)
	}
	if math.Abs(1/n.Benefit.Value-open.Newcombe.High) > 1e-12 || math.Abs(1/n.Harm.Value-open.Newcombe.Low) > 1e-12 {
		t.Errorf("the ends %v and %v are not those of %v", n.Benefit, n.Harm, open.Newcombe)
	}
	if same := TwoByTwo(Events{1, 3}, Events{2, 6}, 0.95).NNT; same.Value.Reason != ReasonZeroDifference {
		t.Errorf("equal rates: got %v", same.Value)
	}
}

func TestMcNemarEqualsEnumerationAndMirrors(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		count := rapid.IntRange(0, 12)
		table := ChangeTable{count.Draw(t, "yy"), count.Draw(t, "yn"), count.Draw(t, "ny"), count.Draw(t, "nn")}
		r := McNemar(table, 0.95)
		back := McNemar(ChangeTable{table.YesYes, table.NoYes, table.YesNo, table.NoNo}, 0.95)
		diff(t, "difference", back.RateDifference, negated(r.RateDifference))
		diff(t, "interval", back.RateDifferenceCI, mirrored(r.RateDifferenceCI))
		diff(t, "mid-p", back.MidP, r.MidP)
		diff(t, "odds", back.Odds.High, inverse(r.Odds.Low))
		if r.Discordant == 0 {
			return
		}
		// Walk through all ways to move.
		few := min(table.YesNo, table.NoYes)
		ways, below, at := 1.0, 0.0, 0.0
		for k := 0; k <= few; k++ {
			if k == few {
				at = ways
			} else {
				below += ways
			}
			ways *= float64(r.Discordant-k) / float64(k+1)
		}
		all := math.Ldexp(1, r.Discordant)
		diff(t, "exact", r.ExactP, Known(math.Min(1, 2*(below+at)/all)))
		diff(t, "mid", r.MidP, Known(math.Min(1, 2*(below+at/2)/all)))
		if r.MidP.Value > r.ExactP.Value {
			t.Fatalf("mid-p %v above %v", r.MidP, r.ExactP)
		}
	})
}

func TestMissingPeopleAreNoResponders(t *testing.T) {
	t.Parallel()
	nan := math.NaN()
	pre := []float64{20, 18, nan, 15, 22, 12}
	post := []float64{12, 17, 5, nan, 16, 12}
	for name, c := range map[string]struct {
		opt       ResponderOptions
		responded int
		complete  int
	}{
		"change":        {ResponderOptions{Threshold: 6, Direction: LowerIsBetter}, 2, 4},
		"share":         {ResponderOptions{Rule: RespondByShare, Threshold: 0.4, Direction: LowerIsBetter}, 1, 4},
		"cut-off":       {ResponderOptions{Rule: RespondByCutoff, Threshold: 12, Direction: LowerIsBetter}, 1, 5},
		"other way":     {ResponderOptions{Threshold: 0, Direction: HigherIsBetter}, 1, 4},
		"exactly there": {ResponderOptions{Threshold: 8, Direction: LowerIsBetter}, 1, 4},
	} {
		r := Responders(pre, post, c.opt)
		got := []int{r.N, r.Complete, r.Responders, r.IntentionToTreat.N, r.CompleteCases.N}
		if d := cmp.Diff(got, []int{6, c.complete, c.responded, 6, c.complete}); d != "" {
			t.Errorf("%s (-got +want):\n%s", name, d)
		}
	}
	// 0.3 − 0.1 is less than 0.2 in doubles.
	if r := Responders([]float64{0.1}, []float64{0.3}, ResponderOptions{Threshold: 0.2, Direction: HigherIsBetter}); r.Responders != 1 {
		t.Error("a change that meets the threshold up to rounding does not count")
	}
	if r := Responders(pre, post, ResponderOptions{Threshold: 5}); r.Reason != ReasonInvalidOption || r.IntentionToTreat.Value.OK() {
		t.Errorf("no direction: got %+v", r)
	}
}

func TestCompareRespondersShowsBothPopulations(t *testing.T) {
	t.Parallel()
	nan := math.NaN()
	opt := ResponderOptions{Threshold: 2, Direction: HigherIsBetter}
	c := CompareResponders([]float64{1, 1, 1, 1}, []float64{4, 5, nan, 1}, []float64{1, 1, 1}, []float64{1, 6, 1}, opt)
	if d := cmp.Diff([]Events{c.IntentionToTreat.X, c.CompleteCases.X, c.IntentionToTreat.Y}, []Events{{2, 4}, {2, 3}, {1, 3}}); d != "" {
		t.Errorf("events (-got +want):\n%s", d)
	}
}

func TestNoCountPanicsOrYieldsNonFiniteResults(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		count := rapid.SampledFrom([]int{0, 1, 2, 5, 1000, -1, 1 << 20, math.MaxInt, math.MinInt})
		level := roughLevel().Draw(t, "level")
		x, y := Events{count.Draw(t, "a"), count.Draw(t, "b")}, Events{count.Draw(t, "c"), count.Draw(t, "d")}
		check(t, "TwoByTwo", TwoByTwo(x, y, level))
		check(t, "ClopperPearson", ClopperPearson(x.Yes, x.Of, level))
		check(t, "McNemar", McNemar(ChangeTable{x.Yes, x.Of, y.Yes, y.Of}, level))
		opt := ResponderOptions{
			Rule:      rapid.SampledFrom([]ResponderRule{"", RespondByShare, RespondByCutoff, "luck"}).Draw(t, "rule"),
			Threshold: roughNumber().Draw(t, "threshold"),
			Direction: rapid.SampledFrom([]Direction{HigherIsBetter, LowerIsBetter, 0}).Draw(t, "direction"),
			Level:     level,
		}
		pre, post := roughColumn().Draw(t, "pre"), roughColumn().Draw(t, "post")
		check(t, "Responders", Responders(pre, post, opt))
		check(t, "CompareResponders", CompareResponders(pre, post, post, pre, opt))
	})
}
