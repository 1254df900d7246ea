package paper

import (
	"math"

	"tidemark/analysis"
	"tidemark/survey/report"
)

func isMissing(v float64) bool { return math.IsNaN(v) }

// BaselineRow is one thing known before the course: by arm, and of those who were
// lost against those who stayed.
type BaselineRow struct {
	Key  string `json:"key"`
	Name string `json:"name"`
	// Label is a category of the thing; empty for a number.
	Label string         `json:"label,omitempty"`
	Arms  []BaselineCell `json:"arms"`
	// Difference between the first two arms, and Loss of those lost from those
	// who stayed, in standard deviations (Austin 2009 on balance of groups):
	// sizes, not tests.
	Difference analysis.Estimate `json:"difference_d"`
	Lost       BaselineCell      `json:"lost"`
	Stayed     BaselineCell      `json:"stayed"`
	Loss       analysis.Estimate `json:"loss_d"`
	LossCI     analysis.Interval `json:"loss_d_ci"`
}

// BaselineCell is a group's mean and SD, or its share of a category.
type BaselineCell struct {
	N     int               `json:"n"` // with the thing known
	Mean  analysis.Estimate `json:"mean"`
	SD    analysis.Estimate `json:"sd"`
	Count report.Count      `json:"count"` // of the category
}

// baseline compares arms, and the lost with those who stayed at the wave of the
// primary outcome.
func (d *Dataset) baseline(post int, level float64, minimum int) []BaselineRow {
	var rows []BaselineRow
	pre := d.Pre()
	if pre < 0 {
		return nil
	}
	for i := range d.Measures {
		if m := &d.Measures[i]; m.Asked(pre) {
			rows = append(rows, d.baselineNumber(m.Scale.Key, m.Scale.Name, m.Values[pre], post, level, minimum))
		}
	}
	for _, c := range d.Baseline {
		if c.Labels == nil {
			rows = append(rows, d.baselineNumber(c.Key, c.Name, c.Values, post, level, minimum))
			continue
		}
		rows = append(rows, d.baselineGroups(c, post, level, minimum)...)
	}
	return rows
}

func (d *Dataset) baselineNumber(key, name string, values []float64, post int, level float64, minimum int) BaselineRow {
	r := BaselineRow{Key: key, Name: name, Difference: analysis.Unknown(analysis.ReasonNoData)}
	arms := d.byArm(values)
	for _, x := range arms {
		r.Arms = append(r.Arms, numberCell(x, level, minimum))
	}
	if len(arms) > 1 {
		r.Difference = standardised(arms[0], arms[1], level, minimum).D
	}
	lost, stayed := d.byLoss(values, post)
	r.Lost, r.Stayed = numberCell(lost, level, minimum), numberCell(stayed, level, minimum)
	e := standardised(lost, stayed, level, minimum)
	r.Loss, r.LossCI = e.D, e.DCI
	r.protect(minimum)
	return r
}

// protect hides more of a row of means when few people are hidden: the arms
// together are everyone, and so are those lost with those who stayed, so that a
// single hidden mean would follow from the others.
func (r *BaselineRow) protect(minimum int) {
	few := false
	for _, c := range append([]BaselineCell{r.Lost, r.Stayed}, r.Arms...) {
		few = few || tooFew(c.N, minimum) != ""
	}
	if !few {
		return
	}
	why := report.ReasonTooFewPeople
	for _, c := range []*BaselineCell{&r.Lost, &r.Stayed} {
		c.Mean, c.SD = analysis.Unknown(why), analysis.Unknown(why)
	}
	r.Loss, r.LossCI = analysis.Unknown(why), analysis.NoInterval(why, r.LossCI.Level)
}

// baselineGroups gives each category a row.
func (d *Dataset) baselineGroups(c Covariate, post int, level float64, minimum int) []BaselineRow {
	rows := make([]BaselineRow, len(c.Labels))
	cells := make([][]report.Count, len(d.Arms)+2)
	for k, label := range c.Labels {
		is := make([]float64, len(c.Values))
		for i, v := range c.Values {
			is[i] = math.NaN()
			if !isMissing(v) {
				is[i] = 0
				if int(v) == k {
					is[i] = 1
				}
			}
		}
		r := BaselineRow{Key: c.Key, Name: c.Name, Label: label, Difference: analysis.Unknown(analysis.ReasonNoData)}
		arms := d.byArm(is)
		lost, stayed := d.byLoss(is, post)
		for g, x := range append(arms, lost, stayed) {
			cells[g] = append(cells[g], report.Count{N: sum(x)})
		}
		for _, x := range arms {
			r.Arms = append(r.Arms, BaselineCell{N: len(x), Mean: analysis.Unknown(""), SD: analysis.Unknown("")})
		}
		r.Lost.N, r.Stayed.N = len(lost), len(stayed)
		if len(arms) > 1 {
			r.Difference = standardised(arms[0], arms[1], level, minimum).D
		}
		e := standardised(lost, stayed, level, minimum)
		r.Loss, r.LossCI = e.D, e.DCI
		rows[k] = r
	}
	hidden := hideTogether(cells, minimum)
	for k := range rows {
		if hidden[k] {
			rows[k].Difference, rows[k].Loss = analysis.Unknown(report.ReasonTooFewPeople), analysis.Unknown(report.ReasonTooFewPeople)
			rows[k].LossCI = analysis.NoInterval(report.ReasonTooFewPeople, level)
		}
		for a := range rows[k].Arms {
			rows[k].Arms[a].Count = cells[a][k]
		}
		rows[k].Lost.Count, rows[k].Stayed.Count = cells[len(d.Arms)][k], cells[len(d.Arms)+1][k]
	}
	return rows
}

// hideTogether hides the small counts of every column, and the same rows in all
// of them: columns of arms and of loss add up to the same people.
func hideTogether(columns [][]report.Count, minimum int) []bool {
	var hidden []bool
	for _, column := range columns {
		hideRow(column, minimum)
		if hidden == nil {
			hidden = make([]bool, len(column))
		}
		for k, c := range column {
			hidden[k] = hidden[k] || c.Hidden
		}
	}
	for _, column := range columns {
		for k := range column {
			column[k].Hidden = hidden[k]
		}
	}
	return hidden
}

func sum(x []float64) int {
	total := 0.0
	for _, v := range x {
		total += v
	}
	return int(total)
}

// byArm gives the known values of each arm.
func (d *Dataset) byArm(values []float64) [][]float64 {
	out := make([][]float64, len(d.Arms))
	for i, v := range values {
		if !isMissing(v) {
			out[d.People[i].Arm] = append(out[d.People[i].Arm], v)
		}
	}
	return out
}

// byLoss parts the known values into those of people who will not answer a wave
// any more, and of those who have.
func (d *Dataset) byLoss(values []float64, wave int) (lost, stayed []float64) {
	if wave < 0 {
		return nil, nil
	}
	for i, v := range values {
		if isMissing(v) {
			continue
		}
		switch d.States[wave][i] {
		case Answered:
			stayed = append(stayed, v)
		case Lost, Withdrawn, Declined:
			lost = append(lost, v)
		case NotAsked, NotYet, Open:
		}
	}
	return lost, stayed
}

func numberCell(x []float64, level float64, minimum int) BaselineCell {
	c := BaselineCell{N: len(x)}
	if why := tooFew(len(x), minimum); why != "" {
		c.Mean, c.SD = analysis.Unknown(why), analysis.Unknown(why)
		return c
	}
	s := analysis.Describe(x, level)
	c.Mean, c.SD = s.Mean, s.SD
	return c
}

// standardised is the difference of two groups in standard deviations.
func standardised(x, y []float64, level float64, minimum int) analysis.IndependentEffectSizes {
	e := analysis.IndependentEffects(x, y, level)
	if why := analysis.FirstReason(tooFew(len(x), minimum), tooFew(len(y), minimum)); why != "" {
		e.D, e.DCI = analysis.Unknown(why), analysis.NoInterval(why, level)
	}
	return e
}
