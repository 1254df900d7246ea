package report_test

import (
	"math"
	"testing"

	"tidemark/analysis"
	"tidemark/survey/report"
)

func TestNumbersAreWrittenAsJournalsWantThem(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ got, want string }{
		{report.Decimal(0.625, 2), "0.62"}, // ties of the stored binary number go to the even digit
		{report.Decimal(-0.375, 1), "−0.4"},
		{report.Decimal(-0.004, 2), "0.00"},
		{report.Decimal(0, 2), "0.00"},
		{report.Decimal(math.Copysign(0, -1), 2), "0.00"},
		{report.Decimal(35.475, 0), "35"},
		{report.Decimal(-12345.678, 2), "−12345.68"},
		{report.Decimal(1.5e12, 2), "1.500e+12"},
		{report.Unit(.8649, 2), ".86"},
		{report.Unit(-.1, 2), "−.10"},
		{report.Unit(1, 2), "1.00"},
		{report.Unit(-1, 3), "−1.000"},
		{report.Unit(0, 2), ".00"},
		{report.P(.0669), ".067"},
		{report.P(.0009999), "< .001"},
		{report.P(.001), ".001"},
		{report.P(1e-300), "< .001"},
		{report.P(.9994), ".999"},
		{report.P(.9996), "> .999"},
		{report.P(1), "> .999"},
		{report.Freedom(85), "85"},
		{report.Freedom(56.0427), "56.0"},
		{report.Percent(35, 86), "41%"},
		{report.Percent(1, 1000), "<1%"},
		{report.Percent(999, 1000), ">99%"},
		{report.Percent(0, 10), "0%"},
		{report.Percent(10, 10), "100%"},
		{report.Percent(0, 0), "–"},
		{report.LevelPercent(.95), "95%"},
		{report.LevelPercent(.999), "99.9%"},
		{report.Brackets(analysis.Interval{Low: -.01, High: .29}, 2), "[−0.01, 0.29]"},
		{report.Brackets(analysis.Interval{Reason: analysis.ReasonNoData}, 2), "–"},
		{report.Number(analysis.Estimate{Value: 1.005}, 2), "1.00"},
		{report.Number(analysis.Estimate{Reason: analysis.ReasonTooFew2}, 2), "–"},
		{report.PValue(analysis.Estimate{Value: .2}), ".200"},
		{report.PValue(analysis.Estimate{Reason: analysis.ReasonTooFew2}), "–"},
		{report.UnitNumber(analysis.Estimate{Value: .999}, 2), "1.00"},
	} {
		if c.got != c.want {
			t.Errorf("got %q, want %q", c.got, c.want)
		}
	}
}

func TestEveryReasonHasWords(t *testing.T) {
	t.Parallel()
	for _, r := range []analysis.Reason{
		report.ReasonTooFewPeople, report.ReasonNoReliability, report.ReasonNotAsked, report.ReasonOneItem, analysis.ReasonZeroVariance,
	} {
		if report.Explain(r) == "" || report.Say(r) == "not estimable: " {
			t.Errorf("%s has no words", r)
		}
	}
	if report.Say("") != "" {
		t.Error("what exists needs no words")
	}
}
