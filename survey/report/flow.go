package report

import (
	"tidemark/survey"
	"tidemark/survey/schedule"
)

// FlowRow says how the people of one arm came through one wave. Each of the
// Enrolled is NotYet, NotAsked, Answered,
// Withdrawn, Declined, Lost, Open or Erased.
type FlowRow struct {
	Wave     Wave   `json:"wave"`
	Arm      string `json:"arm"`
	Enrolled int    `json:"enrolled"`
	// NotYet: the wave has not opened for them. NotAsked: it closed before they
	// joined, or follows another that they have not completed, so that nothing of it
	// is missing. Due is everyone else.
	NotYet   int `json:"not_yet"`
	NotAsked int `json:"not_asked,omitempty"`
	Due      int `json:"due"`
	// Answered all questionnaires of the wave; Withdrawn left without;
	// Declined said without that they do not take part; Lost
	// let it pass; Open can still answer.
	Answered  int `json:"answered"`
	Withdrawn int `json:"withdrawn"`
	Declined  int `json:"declined"`
	Lost      int `json:"lost"`
	Open      int `json:"open"`
	// Over counts those for whom the wave has closed, Missed those of them
	// without all answers. Missed of Over is the loss.
	Over   int `json:"over"`
	Missed int `json:"missed"`
	// Erased are people whose data were erased: enrolled, and nothing else is
	// known of them.
	Erased int `json:"erased,omitempty"`
}

func (f *FlowRow) add(g FlowRow) {
	f.Enrolled += g.Enrolled
	f.NotYet += g.NotYet
	f.NotAsked += g.NotAsked
	f.Due += g.Due
	f.Answered += g.Answered
	f.Withdrawn += g.Withdrawn
	f.Declined += g.Declined
	f.Lost += g.Lost
	f.Open += g.Open
	f.Over += g.Over
	f.Missed += g.Missed
	f.Erased += g.Erased
}

// count adds one person.
func (f *FlowRow) count(answered, asked bool, p *person, phase schedule.Phase) {
	f.Enrolled++
	if !answered && !asked {
		f.NotAsked++
		return
	}
	if phase == schedule.After {
		f.Over++
		if !answered {
			f.Missed++
		}
	}
	switch {
	case answered:
		f.Answered++
	case phase == schedule.Before:
		f.NotYet++
		return
	case p.withdrawn:
		f.Withdrawn++
	case p.declined:
		f.Declined++
	case phase == schedule.After:
		f.Lost++
	default:
		f.Open++
	}
	f.Due++
}

// flow counts everyone at every wave of their arm.
func (d *data) flow() []FlowRow {
	rows := make([]FlowRow, 0, len(d.design.Waves)*len(d.design.Arms))
	at := map[cell]int{}
	for w, wave := range d.design.Waves {
		for a, arm := range d.design.Arms {
			if asked(wave, arm) {
				at[cell{w, a}] = len(rows)
				erased := d.erased[arm.ID]
				rows = append(rows, FlowRow{Wave: newWave(wave), Arm: d.label(arm), Enrolled: erased, Erased: erased})
			}
		}
	}
	for i := range d.people {
		p := &d.people[i]
		for w := range d.design.Waves {
			if row, ok := at[cell{w, p.arm}]; ok {
				rows[row].count(p.answered.has(w), p.asks(w), p, d.phase(p, w))
			}
		}
	}
	return rows
}

// cell is a wave and an arm by position.
type cell struct{ wave, arm int }

func newWave(w survey.Wave) Wave { return Wave{Key: w.Key, Name: w.Name, Short: w.ShortName} }
