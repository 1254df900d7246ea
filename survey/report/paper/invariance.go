package paper

import (
	"context"

	"tidemark/analysis"
	"tidemark/analysis/factor"
)

// Invariance says whether a scale measures the same thing at two waves: without
// it a change of the score may be a change of how people understand the
// questions. One factor for each wave, residuals of the same item correlated.
type Invariance struct {
	Scale string `json:"scale"`
	Name  string `json:"name"`
	Waves string `json:"waves"`
	N     int    `json:"n"` // people who answered every item at both
	// Levels are configural, metric and scalar, each with more held equal.
	Levels []InvarianceLevel `json:"levels"`
	// MetricReading and ScalarReading are those of Chen (2007), Meaning what they
	// say about the comparison of means.
	MetricReading factor.Reading `json:"metric_reading"`
	ScalarReading factor.Reading `json:"scalar_reading"`
	Meaning       string         `json:"meaning"`
}

// InvarianceLevel is one model.
type InvarianceLevel struct {
	Level     string            `json:"level"`
	ChiSquare analysis.Estimate `json:"chi_square"`
	DF        analysis.Estimate `json:"df"`
	P         analysis.Estimate `json:"p"`
	CFI       analysis.Estimate `json:"cfi"`
	RMSEA     analysis.Estimate `json:"rmsea"`
	SRMR      analysis.Estimate `json:"srmr"`
	// DeltaCFI is against the level before; Chen (2007) reads a fall by more than
	// .010 as a difference.
	DeltaCFI analysis.Estimate `json:"delta_cfi"`
	DeltaP   analysis.Estimate `json:"delta_p"`
}

// invariance looks at every main scale between the wave before and the first
// after the course.
func (d *Dataset) invariance(ctx context.Context, m *Measure, level float64, minimum int) (Invariance, bool, error) {
	pre, post := d.Pre(), d.Post()
	if m.Scale.Parent != "" || m.Items == nil || len(m.Items.Codes) < 3 || pre < 0 || post < 0 ||
		m.Items.Values[pre] == nil || m.Items.Values[post] == nil {
		return Invariance{}, false, nil
	}
	names := []string{d.Waves[pre].Short, d.Waves[post].Short}
	r, err := factor.WaveInvariance(ctx, [][][]float64{m.Items.Values[pre], m.Items.Values[post]}, names, factor.Options{Names: m.Items.Codes, Level: level})
	if err != nil {
		return Invariance{}, false, err
	}
	out := Invariance{Scale: m.Scale.Key, Name: m.Scale.Name, Waves: names[0] + " and " + names[1], N: r.N}
	none := analysis.Unknown(analysis.ReasonNotApplicable)
	for _, l := range []struct {
		name string
		fit  factor.FitIndices
		test factor.Comparison
	}{
		{"configural", r.Configural, factor.Comparison{DeltaCFI: none, P: none}},
		{"metric", r.Metric, r.MetricTest}, {"scalar", r.Scalar, r.ScalarTest},
	} {
		row := InvarianceLevel{
			Level: l.name, ChiSquare: l.fit.ChiSquare, DF: l.fit.DF, P: l.fit.P, CFI: l.fit.CFI, RMSEA: l.fit.RMSEA, SRMR: l.fit.SRMR,
			DeltaCFI: l.test.DeltaCFI, DeltaP: l.test.P,
		}
		if why := tooFew(r.N, minimum); why != "" {
			hidden := analysis.Unknown(why)
			row = InvarianceLevel{l.name, hidden, hidden, hidden, hidden, hidden, hidden, hidden, hidden}
		}
		out.Levels = append(out.Levels, row)
	}
	out.MetricReading, out.ScalarReading = r.MetricTest.Reading, r.ScalarTest.Reading
	if tooFew(r.N, minimum) != "" {
		out.MetricReading, out.ScalarReading = factor.Unread, factor.Unread
	}
	out.Meaning = out.meaning()
	return out, true, nil
}

// PoorFit reports whether already the configural model, which holds nothing equal,
// falls short of a comparative fit index of .90, so that a comparison with it
// says little.
func (v *Invariance) PoorFit() bool {
	for _, l := range v.Levels {
		if l.Level == "configural" {
			return l.CFI.OK() && l.CFI.Value < 0.90
		}
	}
	return false
}

func (v *Invariance) meaning() string {
	switch {
	case v.MetricReading == factor.Unread:
		return "It could not be tested whether the questions meant the same both times."
	case v.PoorFit():
		return "One factor describes the answers poorly already; holding it equal over time shows little."
	case v.MetricReading == factor.Fails:
		return "The questions hung together differently at the two waves; a change of the score may be a change of its meaning."
	case v.ScalarReading == factor.Holds:
		return "The questions meant the same both times; means can be compared."
	case v.ScalarReading == factor.Unread:
		return "The questions hung together alike; whether their level did could not be tested."
	case v.ScalarReading == factor.Fails:
		return "Some questions moved more or less than the others; the change of the mean should be read with the changes of single questions."
	}
	return "There are signs, not firm ones, that some questions moved more or less than the others."
}
