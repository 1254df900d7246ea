package paper

import (
	"context"

	"tidemark/analysis"
	"tidemark/analysis/missing"
	"tidemark/survey"
	"tidemark/survey/report"
)

// Missingness says which waves people answered, and whether those who missed one
// differ in what they had said before.
type Missingness struct {
	// Waves are those at which the primary outcome is asked, weekly ones apart;
	// People those for whom they are over.
	Waves    []string         `json:"waves"`
	People   int              `json:"people"`
	Patterns []MissingPattern `json:"patterns"`
	Monotone bool             `json:"monotone"` // nobody came back
	// Little is his test of missing completely at random (1988). A small p
	// speaks against it; a large one does not show that the loss is harmless.
	ChiSquare analysis.Estimate `json:"little_chi_square"`
	DF        analysis.Estimate `json:"little_df"`
	P         analysis.Estimate `json:"little_p"`
}

// MissingPattern is who has which scores.
type MissingPattern struct {
	Answered []bool       `json:"answered"`
	People   report.Count `json:"people"`
}

// missingness looks at a measure over the waves other than the weekly ones, of the
// people for whom they are over: an answer still to come is not missing. Waves
// that are over for nobody are left out, the latest first.
func (d *Dataset) missingness(ctx context.Context, m *Measure, minimum int) (Missingness, error) {
	out := Missingness{}
	var waves []int
	for w, wave := range d.Waves {
		if wave.Kind != survey.WaveDuring && m.Asked(w) {
			waves = append(waves, w)
		}
	}
	waves, people := d.untilOver(waves)
	columns := make([][]float64, len(waves))
	for k, w := range waves {
		out.Waves = append(out.Waves, d.Waves[w].Short)
		for _, i := range people {
			columns[k] = append(columns[k], m.Values[w][i])
		}
	}
	p := missing.Patterns(columns)
	out.People, out.Monotone = len(people), p.Monotone
	counts := make([]report.Count, len(p.Patterns))
	for i, pattern := range p.Patterns {
		counts[i].N = pattern.N
	}
	hideRow(counts, minimum)
	for i, pattern := range p.Patterns {
		out.Patterns = append(out.Patterns, MissingPattern{pattern.Observed, counts[i]})
	}
	little, err := missing.Little(ctx, columns)
	if err != nil {
		return Missingness{}, err
	}
	out.ChiSquare, out.DF, out.P = little.ChiSquare, little.DF, little.P
	return out, nil
}

// over reports whether a person was asked at a wave and it can no longer be
// answered, or is.
func (d *Dataset) over(wave, person int) bool {
	switch d.States[wave][person] {
	case Answered, Withdrawn, Declined, Lost:
		return true
	case NotAsked, NotYet, Open:
	}
	return false
}

// untilOver leaves out the latest waves while there is nobody for whom all are
// over, and finds those for whom they are.
func (d *Dataset) untilOver(waves []int) (kept, people []int) {
	people = d.through(waves)
	for len(people) == 0 && len(waves) > 0 {
		waves = waves[:len(waves)-1]
		people = d.through(waves)
	}
	return waves, people
}

// through are the people for whom all the waves that they are asked at are over.
func (d *Dataset) through(waves []int) []int {
	var people []int
	for i := range d.People {
		over := true
		for _, w := range waves {
			over = over && (d.over(w, i) || d.States[w][i] == NotAsked)
		}
		if over {
			people = append(people, i)
		}
	}
	return people
}
