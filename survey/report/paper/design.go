package paper

import (
	"tidemark/survey"
	"tidemark/survey/plan"
)

// Design is what of the dataset a plan can name.
func (d *Dataset) Design() plan.Design {
	out := plan.Design{Meetings: d.Source.Meetings}
	for _, a := range d.Arms {
		out.Arms = append(out.Arms, plan.Arm{Key: a.Key, Name: a.Name, Control: a.Control})
	}
	for w, wave := range d.Waves {
		out.Waves = append(out.Waves, plan.Wave{
			Key: wave.Key, Name: wave.Name, First: w == d.Pre(),
			Later: wave.Kind == survey.WavePost || wave.Kind == survey.WaveFollowUp,
		})
	}
	for i := range d.Measures {
		m := &d.Measures[i]
		s := plan.Scale{Key: m.Scale.Key, Name: m.Scale.Name, Part: m.Scale.Parent != "", Min: m.Scale.Min, Max: m.Scale.Max}
		for w, wave := range d.Waves {
			if m.Asked(w) {
				s.Waves = append(s.Waves, wave.Key)
			}
		}
		out.Scales = append(out.Scales, s)
		if m.Scale.Primary {
			out.PrimaryScale = m.Scale.Key
		}
	}
	return out
}
