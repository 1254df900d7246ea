package figure

import (
	"fmt"
	"math"
	"strings"
)

// Trajectory shows the course of up to four arms over all waves: the means of a
// model with their intervals, and the observed means as small dots beside them.
type Trajectory struct {
	ID, Title string
	// Desc replaces Alt as the description when it is not empty.
	Desc string
	// Measure names the scale, as in "Self-compassion (1 to 5)".
	Measure string
	// Min and Max are the ends of the scale; the axis is a round part of it.
	Min, Max float64
	// Waves name the surveys in order.
	Waves []string
	Arms  []TrajectoryArm
	// HiddenBelow, when above 0, says that the figure is of fewer people than
	// that; nothing else is then drawn or told.
	HiddenBelow int
}

// TrajectoryArm is one line. Points belong to Trajectory.Waves by position;
// points beyond the waves are ignored, and waves beyond the points are empty.
type TrajectoryArm struct {
	Label  string
	Points []TrajectoryPoint
}

// TrajectoryPoint is an arm at one wave.
type TrajectoryPoint struct {
	// Model is the mean by the model; Observed the mean of the N people who
	// answered. What is NaN is not drawn.
	Model    Estimate
	Observed float64
	N        int
	// Hidden marks a wave with too few people; its numbers are used nowhere.
	Hidden bool
}

// model lays an arm's model means over the waves.
func (a TrajectoryArm) model(waves []string) []TrendPoint {
	out := make([]TrendPoint, len(waves))
	for i, w := range waves {
		out[i] = TrendPoint{Label: w, Mean: math.NaN()}
		if i < len(a.Points) {
			p := a.Points[i]
			out[i] = TrendPoint{Label: w, Mean: p.Model.Value, Low: p.Model.Low, High: p.Model.High, N: p.N, Hidden: p.Hidden}
		}
	}
	return out
}

// observed are the arm's observed means, NaN where there is none to show.
func (a TrajectoryArm) observed(waves []string) []float64 {
	out := make([]float64, len(waves))
	for i := range out {
		out[i] = math.NaN()
		if i < len(a.Points) && !a.Points[i].Hidden {
			out[i] = a.Points[i].Observed
		}
	}
	return out
}

// Alt gives the figure's numbers in one sentence per arm.
func (t Trajectory) Alt() string {
	if t.HiddenBelow > 0 {
		return hiddenWords(t.HiddenBelow)
	}
	if len(t.Waves) == 0 || len(t.Arms) == 0 {
		return "No waves yet."
	}
	parts := make([]string, len(t.Arms))
	for k, a := range t.Arms {
		observed := a.observed(t.Waves)
		waves := make([]string, len(t.Waves))
		for i, p := range a.model(t.Waves) {
			switch {
			case p.Hidden:
				waves[i] = p.Label + " hidden, too few answers"
				continue
			case p.shown():
				waves[i] = p.Label + " " + p.estimate().sentence()
			default:
				waves[i] = p.Label + " not estimable"
			}
			if finite(observed[i]) {
				waves[i] += fmt.Sprintf(", observed %s, n = %d", number(observed[i], 2), p.N)
			}
		}
		parts[k] = a.Label + ": " + strings.Join(waves, "; ")
	}
	return "Mean by the model, by arm and wave. " + strings.Join(parts, ". ") + "."
}

// Table gives one row per arm and wave.
func (t Trajectory) Table() Table {
	table := Table{Header: []string{"Arm", "Wave", "n", "Model mean", "95% low", "95% high", "Observed mean"}}
	if t.HiddenBelow > 0 {
		return table
	}
	for _, a := range t.Arms {
		observed := a.observed(t.Waves)
		for i, p := range a.model(t.Waves) {
			cell := ""
			if p.Hidden {
				cell = "–"
			} else if finite(observed[i]) {
				cell = number(observed[i], 2)
			}
			table.Rows = append(table.Rows, append(append([]string{a.Label}, waveRow(p)...), cell))
		}
	}
	return table
}

// Draw lays the figure out.
func (t Trajectory) Draw(size Size) Drawing {
	l := layoutFor(size)
	d := l.begin(t.ID, t.Title, t.Desc, t.Alt())
	if t.HiddenBelow > 0 || len(t.Waves) == 0 || len(t.Arms) == 0 {
		return l.only(d, t.Alt())
	}
	p := newTrajectoryPlan(t, l, &d)
	p.draw(&d)
	y := l.waveLabels(&d, t.Waves, p.xs, p.s.bottom+1.5*l.small+2)
	remark := "Lines: means by the model"
	if p.intervals {
		remark += ", with 95% intervals"
	}
	if p.observed {
		remark += ". Small dots: observed means"
	}
	d.Height = l.remark(&d, remark+".", y+6) + 6
	return d
}
