package analysis

import (
	"errors"
	"fmt"
	"math"
	"slices"
)

// EveryArm selects the people of all arms.
const EveryArm = ""

// ErrUnknownWave means that a panel has no wave of that name.
var ErrUnknownWave = errors.New("unknown wave")

// Panel holds one outcome of a study: a matrix of people × waves with NaN where
// a score is missing, and the arm of every person. It is the form in which
// scores enter this package.
type Panel struct {
	// Arms has one label per person.
	Arms  []string
	Waves []PanelWave
}

// PanelWave is the column of one wave, one value per person.
type PanelWave struct {
	Name   string
	Values []float64
}

// NewPanel makes a panel for len(arms) people in which every value is missing.
// Fill it through Waves[w].Values[person]. Wave names must be distinct.
func NewPanel(arms []string, waves ...string) (Panel, error) {
	p := Panel{Arms: arms, Waves: make([]PanelWave, len(waves))}
	n := len(arms)
	all := make([]float64, n*len(waves))
	for i := range all {
		all[i] = math.NaN()
	}
	for w, name := range waves {
		if slices.Contains(waves[:w], name) {
			return Panel{}, fmt.Errorf("new panel: wave %q is given twice", name)
		}
		p.Waves[w] = PanelWave{Name: name, Values: all[w*n : (w+1)*n : (w+1)*n]}
	}
	return p, nil
}

// ArmNames lists the distinct arms in the order of their first person.
func (p Panel) ArmNames() []string {
	var names []string
	seen := make(map[string]bool)
	for _, a := range p.Arms {
		if !seen[a] {
			seen[a] = true
			names = append(names, a)
		}
	}
	return names
}

// Column returns the values of a wave for the people of one arm, or of all with
// EveryArm, in the order of the panel and with NaN where missing. Without a
// selection it is the panel's own column. It fails with ErrUnknownWave.
func (p Panel) Column(arm, wave string) ([]float64, error) {
	i := slices.IndexFunc(p.Waves, func(w PanelWave) bool { return w.Name == wave })
	if i < 0 {
		return nil, fmt.Errorf("column of wave %q: %w", wave, ErrUnknownWave)
	}
	values := p.Waves[i].Values
	if arm == EveryArm {
		return values, nil
	}
	out := make([]float64, 0, len(values))
	for person, v := range values {
		if person < len(p.Arms) && p.Arms[person] == arm {
			out = append(out, v)
		}
	}
	return out, nil
}

// Pairs returns two waves of one arm as aligned columns, for PairedT and its
// relatives, which drop and count incomplete pairs themselves. It fails with
// ErrUnknownWave.
func (p Panel) Pairs(arm, pre, post string) (before, after []float64, err error) {
	if before, err = p.Column(arm, pre); err != nil {
		return nil, nil, err
	}
	after, err = p.Column(arm, post)
	return before, after, err
}

// Changes returns post − pre for the people of one arm, NaN where a half is
// missing, for WelchT and IndependentEffects. It fails with ErrUnknownWave.
func (p Panel) Changes(arm, pre, post string) ([]float64, error) {
	before, after, err := p.Pairs(arm, pre, post)
	if err != nil {
		return nil, err
	}
	out := make([]float64, min(len(before), len(after)))
	for i := range out {
		out[i] = after[i] - before[i]
	}
	return out, nil
}
