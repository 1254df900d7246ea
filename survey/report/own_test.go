package report_test

import (
	"math"
	"testing"
	"time"

	"tidemark/survey"
	"tidemark/survey/instrument"
	"tidemark/survey/report"
)

// sent is the resilience questionnaire answered at an occasion; values by item
// number, 0: left out.
func sent(t *testing.T, day int, values ...float64) survey.OwnAnswers {
	t.Helper()
	d, err := instrument.BuiltinByKey("resilience")
	if err != nil {
		t.Fatal(err)
	}
	answers := instrument.Answers{}
	for i, v := range values {
		if v != 0 {
			answers[d.Items[i].Code] = instrument.NumberValue(v)
		}
	}
	return survey.OwnAnswers{SubmittedAt: time.Date(2026, 3, day, 12, 0, 0, 0, time.UTC), Definition: d, Answers: answers}
}

// raised puts every item up (or, reversed, down) so that the score moves by one
// point.
func TestAPersonsChangeIsHeldAgainstTheErrorOfMeasurement(t *testing.T) {
	t.Parallel()
	d, err := instrument.BuiltinByKey("resilience")
	if err != nil {
		t.Fatal(err)
	}
	scale, _ := d.Primary()
	reversed := map[string]bool{}
	for _, code := range scale.Reversed {
		reversed[code] = true
	}
	as := func(day int, counted ...float64) survey.OwnAnswers {
		for i, v := range counted {
			if v != 0 && reversed[d.Items[i].Code] {
				counted[i] = 6 - v
			}
		}
		return sent(t, day, counted...)
	}
	for name, c := range map[string]struct {
		sent []survey.OwnAnswers
		want report.OwnVerdict
	}{
		"one occasion":   {[]survey.OwnAnswers{as(1, 2, 3, 2, 3, 2, 3)}, report.OwnSingle},
		"a small rise":   {[]survey.OwnAnswers{as(1, 2, 3, 2, 3, 2, 3), as(9, 3, 3, 2, 3, 3, 3)}, report.OwnWithin},
		"a large rise":   {[]survey.OwnAnswers{as(1, 2, 3, 2, 3, 2, 3), as(9, 4, 5, 4, 5, 4, 5)}, report.OwnHigher},
		"a large fall":   {[]survey.OwnAnswers{as(1, 4, 5, 4, 5, 4, 5), as(9, 2, 3, 2, 3, 2, 3)}, report.OwnLower},
		"equal answers":  {[]survey.OwnAnswers{as(1, 3, 3, 3, 3, 3, 3), as(9, 4, 5, 4, 5, 4, 5)}, report.OwnUnknown},
		"too few in two": {[]survey.OwnAnswers{as(1, 2, 3, 2, 3, 2, 3), as(9, 4, 5, 0, 0, 0, 0)}, report.OwnSingle},
	} {
		scales := report.Own(survey.OwnResults{Shown: true, Sent: c.sent}, "en")
		if len(scales) != 1 || scales[0].Verdict != c.want || len(scales[0].Points) != len(c.sent) {
			t.Errorf("%s: %+v, want %s", name, scales, c.want)
		}
	}
}

// By hand: the items count 2 3 2 3 2 3, mean 2.5, Σ(x − x̄)² = 1.5,
// SEM = √(1.5 / (6·5)) = 0.2236, t(5; .975) = 2.5706, band 2.5 ± 0.5748.
func TestTheBandOfAPersonsScoreIsThatOfTheirOwnAnswers(t *testing.T) {
	t.Parallel()
	answers := sent(t, 1, 2, 3, 2, 3, 2, 3)
	scale, _ := answers.Definition.Primary()
	for i, it := range answers.Definition.Items {
		for _, code := range scale.Reversed {
			if code == it.Code {
				answers.Answers[code] = instrument.NumberValue(6 - []float64{2, 3, 2, 3, 2, 3}[i])
			}
		}
	}
	p := report.Own(survey.OwnResults{Sent: []survey.OwnAnswers{answers}}, "en")[0].Points[0]
	for name, pair := range map[string][2]float64{"score": {p.Score.Value, 2.5}, "low": {p.Low.Value, 1.9252}, "high": {p.High.Value, 3.0748}} {
		if math.Abs(pair[0]-pair[1]) > 5e-5 {
			t.Errorf("%s %v, want %v", name, pair[0], pair[1])
		}
	}
	// With a published spread and reliability, these are the error: 0.8·√(1 − 0.84)·1.96.
	d := *answers.Definition
	d.Scales = append([]instrument.Scale(nil), d.Scales...)
	d.Scales[0].Norms = []instrument.Norm{{Sample: "a sample", N: 500, Mean: 3, SD: 0.8, Source: "made up"}}
	d.Scales[0].Reliability = []instrument.Reliability{{Kind: instrument.ReliabilityAlpha, Value: 0.84, Sample: "a sample", Source: "made up"}}
	answers.Definition = &d
	p = report.Own(survey.OwnResults{Sent: []survey.OwnAnswers{answers}}, "en")[0].Points[0]
	if got := p.High.Value - p.Score.Value; math.Abs(got-0.627188) > 1e-6 {
		t.Errorf("half width %v, want 0.627188", got)
	}
}

func TestVersionsThatAreScoredDifferentlyAreNotPutTogether(t *testing.T) {
	t.Parallel()
	first, second := sent(t, 1, 2, 3, 2, 3, 2, 3), sent(t, 9, 2, 3, 2, 3, 2, 3)
	worded := *second.Definition
	worded.Version, worded.Intro = "1.9.0", "Answer as it is."
	second.Definition = &worded
	if scales := report.Own(survey.OwnResults{Sent: []survey.OwnAnswers{first, second}}, "en"); len(scales) != 1 {
		t.Errorf("a change of wording makes %d scales", len(scales))
	}
	scored := worded
	scored.Scales = append([]instrument.Scale(nil), scored.Scales...)
	scored.Scales[0].Reversed = nil
	second.Definition = &scored
	if scales := report.Own(survey.OwnResults{Sent: []survey.OwnAnswers{first, second}}, "en"); len(scales) != 2 {
		t.Errorf("a change of the key makes %d scales", len(scales))
	}
}
