package paper

import (
	"slices"

	"tidemark/survey"
)

// Flow is how people came through the study, by arm and wave, for the diagram of
// the CONSORT statement (Schulz, Altman & Moher 2010). Who took part says nothing
// of what anyone answered, so it is never hidden.
type Flow struct {
	Enrolled int       `json:"enrolled"`
	Arms     []FlowArm `json:"arms"`
}

// FlowArm is one arm.
type FlowArm struct {
	Arm       string `json:"arm"`
	Allocated int    `json:"allocated"`
	// Erased of those allocated had their data erased at their own request: they
	// are in no other count.
	Erased int        `json:"erased,omitempty"`
	Steps  []FlowStep `json:"steps"` // waves before, after and at follow-up
	// Analysed of the primary outcome: by the mixed model, everyone with an
	// answer at any wave; Completers have both scores.
	Analysed   int `json:"analysed"`
	Completers int `json:"completers"`
}

// FlowStep is an arm at a wave: each of those allocated, and not erased, is in one
// of the counts.
type FlowStep struct {
	Wave      string `json:"wave"`
	Answered  int    `json:"answered"`
	Withdrawn int    `json:"withdrawn"`
	Declined  int    `json:"declined"`
	Lost      int    `json:"lost"`
	Open      int    `json:"open"`
	NotYet    int    `json:"not_yet"`
	// NotAsked: the wave closed before they joined, or follows one that they have
	// not completed; nothing of it is missing.
	NotAsked int `json:"not_asked,omitempty"`
}

// notAsked reports whether anybody was not asked at a wave of their arm.
func (f Flow) notAsked() bool {
	return slices.ContainsFunc(f.Arms, func(a FlowArm) bool {
		return slices.ContainsFunc(a.Steps, func(s FlowStep) bool { return s.NotAsked > 0 })
	})
}

// flow counts everyone. Weekly waves are left out: they would make the diagram a
// table, and the missingness shows them.
func (d *Dataset) flow(main *Outcome) Flow {
	f := Flow{Enrolled: len(d.People)}
	for a, arm := range d.Arms {
		row := FlowArm{Arm: arm.Name}
		if d.Erased != nil {
			row.Erased = d.Erased[a]
			row.Allocated = row.Erased
			f.Enrolled += row.Erased
		}
		for _, p := range d.People {
			if p.Arm == a {
				row.Allocated++
			}
		}
		for w, wave := range d.Waves {
			if wave.Kind == survey.WaveDuring {
				continue
			}
			step, asked := d.step(a, w)
			if asked {
				row.Steps = append(row.Steps, step)
			}
		}
		if main != nil {
			row.Analysed, row.Completers = d.analysed(a, main)
		}
		f.Arms = append(f.Arms, row)
	}
	return f
}

func (d *Dataset) step(arm, wave int) (FlowStep, bool) {
	s, asked := FlowStep{Wave: d.Waves[wave].Name}, false
	for i, p := range d.People {
		if p.Arm != arm {
			continue
		}
		switch d.States[wave][i] {
		case NotAsked:
			s.NotAsked++
			continue
		case NotYet:
			s.NotYet++
		case Open:
			s.Open++
		case Answered:
			s.Answered++
		case Withdrawn:
			s.Withdrawn++
		case Declined:
			s.Declined++
		case Lost:
			s.Lost++
		}
		asked = true
	}
	return s, asked
}

// analysed counts the people of an arm with any score of the outcome, and with
// both.
func (d *Dataset) analysed(arm int, o *Outcome) (anyScore, both int) {
	m, ok := d.Measure(o.Scale.Key)
	if !ok {
		return 0, 0
	}
	for i, p := range d.People {
		if p.Arm != arm {
			continue
		}
		seen := 0
		for w := range d.Waves {
			if m.Asked(w) && !isMissing(m.Values[w][i]) {
				seen++
				break
			}
		}
		anyScore += seen
		if o.pre >= 0 && o.post >= 0 && m.Asked(o.pre) && m.Asked(o.post) &&
			!isMissing(m.Values[o.pre][i]) && !isMissing(m.Values[o.post][i]) {
			both++
		}
	}
	return anyScore, both
}
