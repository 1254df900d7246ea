package paper

import (
	"context"

	"tidemark/analysis"
	"tidemark/analysis/factor"
	"tidemark/survey/report"
)

// Reliability is the internal consistency of a scale at one wave, over everyone
// who answered all of its items.
type Reliability struct {
	Scale  string `json:"scale"`
	Name   string `json:"name"`
	Parent string `json:"parent,omitempty"`
	Wave   string `json:"wave"`
	Items  int    `json:"items"`
	People int    `json:"people"`
	// Alpha is Cronbach's with Feldt's interval, Omega McDonald's total of one
	// factor (maximum likelihood on the covariances).
	Alpha   analysis.Estimate `json:"alpha"`
	AlphaCI analysis.Interval `json:"alpha_ci"`
	Omega   analysis.Estimate `json:"omega"`
	// Against are items that run against the others.
	Against []string `json:"items_against,omitempty"`
}

// reliability looks at every scale at every wave at which items are known.
func (d *Dataset) reliability(ctx context.Context, level float64, minimum int) ([]Reliability, error) {
	var rows []Reliability
	for i := range d.Measures {
		m := &d.Measures[i]
		if m.Items == nil || len(m.Items.Codes) < 2 {
			continue
		}
		for w := range d.Waves {
			if m.Items.Values[w] != nil {
				r, err := m.reliabilityAt(ctx, w, d.Waves[w].Short, level, minimum)
				if err != nil {
					return nil, err
				}
				rows = append(rows, r)
			}
		}
	}
	return rows, nil
}

func (m *Measure) reliabilityAt(ctx context.Context, wave int, name string, level float64, minimum int) (Reliability, error) {
	a := analysis.Alpha(m.Items.Values[wave], analysis.AlphaOptions{Names: m.Items.Codes, Level: level})
	r := Reliability{
		Scale: m.Scale.Key, Name: m.Scale.Name, Parent: m.Scale.Parent, Wave: name, Items: len(m.Items.Codes),
		People: a.Complete, Alpha: a.Alpha, AlphaCI: a.Feldt, Against: a.Suspects,
	}
	omega, err := factor.Omega(ctx, m.Items.Values[wave], factor.OmegaOptions{Options: factor.Options{Names: m.Items.Codes, Level: level}})
	if err != nil {
		return Reliability{}, err
	}
	r.Omega = omega.Omega
	if why := tooFew(a.Complete, minimum); why != "" {
		r.Alpha, r.AlphaCI, r.Omega, r.Against = analysis.Unknown(why), analysis.NoInterval(why, level), analysis.Unknown(why), nil
	}
	return r, nil
}

// fromSample is what reliable change is judged by: α and the SD of
// everyone before the course.
func (m *Measure) fromSample(pre int, name string, level float64) report.Reliability {
	if m.Items == nil || pre < 0 || m.Items.Values[pre] == nil {
		return report.Reliability{}
	}
	a := analysis.Alpha(m.Items.Values[pre], analysis.AlphaOptions{Names: m.Items.Codes, Level: level})
	return report.Reliability{
		Value: a.Alpha, SD: analysis.Describe(m.Values[pre], level).SD,
		Source: SampleReliability(name),
	}
}

// SampleReliability is the source of a reliability that comes from the study's
// own people at a wave.
func SampleReliability(wave string) string { return "α and SD of everyone who answered at " + wave }
