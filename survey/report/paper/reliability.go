package paper

import (
	"tidemark/analysis"
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
	// Alpha is Cronbach's with Feldt's interval.
	Alpha   analysis.Estimate `json:"alpha"`
	AlphaCI analysis.Interval `json:"alpha_ci"`
	// Against are items that run against the others.
	Against []string `json:"items_against,omitempty"`
}

// reliability looks at every scale at every wave at which items are known.
func (d *Dataset) reliability(level float64, minimum int) []Reliability {
	var rows []Reliability
	for i := range d.Measures {
		m := &d.Measures[i]
		if m.Items == nil || len(m.Items.Codes) < 2 {
			continue
		}
		for w := range d.Waves {
			if items := m.Items.Values[w]; items != nil {
				rows = append(rows, m.reliabilityAt(w, d.Waves[w].Short, level, minimum))
			}
		}
	}
	return rows
}

func (m *Measure) reliabilityAt(wave int, name string, level float64, minimum int) Reliability {
	a := analysis.Alpha(m.Items.Values[wave], analysis.AlphaOptions{Names: m.Items.Codes, Level: level})
	r := Reliability{
		Scale: m.Scale.Key, Name: m.Scale.Name, Parent: m.Scale.Parent, Wave: name, Items: len(m.Items.Codes),
		People: a.Complete, Alpha: a.Alpha, AlphaCI: a.Feldt, Against: a.Suspects,
	}
	if why := tooFew(a.Complete, minimum); why != "" {
		r.Alpha, r.AlphaCI, r.Against = analysis.Unknown(why), analysis.NoInterval(why, level), nil
	}
	return r
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
		Source: "α and SD of everyone who answered at " + name,
	}
}
