package paper

import (
	"fmt"
	"slices"
	"strconv"

	"tidemark/analysis"
	"tidemark/analysis/design"
)

// cell is an arm at a wave, in the order of the model's columns.
type cell struct{ arm, wave int }

func (c cell) label() string { return strconv.Itoa(c.arm) + "_" + strconv.Itoa(c.wave) }

// visitLabel orders waves by time, ten behind nine.
func visitLabel(wave int) string { return fmt.Sprintf("%03d", wave) }

// modelled are the rows of a model.
type modelled struct {
	d          *Dataset
	m          *Measure
	covariates []Covariate
	// keep says whose rows enter; nil: everyone's.
	keep []bool
}

// columns lays the scores out in rows, one a person and wave.
func (x *modelled) columns() (columns []design.Column, cells []cell) {
	rows := x.rows()
	cellOf := make([]int, len(rows.of))
	var cellLevels, visitLevels []string
	for a := range x.d.Arms {
		for w := range x.d.Waves {
			if n := a*len(x.d.Waves) + w; rows.of[n] > 0 {
				cellOf[n] = len(cells)
				cells = append(cells, cell{a, w})
				cellLevels = append(cellLevels, cell{a, w}.label())
			}
		}
	}
	for w := range x.d.Waves {
		visitLevels = append(visitLevels, visitLabel(w))
	}
	y, weeks := make([]float64, 0, rows.all), make([]float64, 0, rows.all)
	inCell, id, visit := make([]int, 0, rows.all), make([]int, 0, rows.all), make([]int, 0, rows.all)
	predictors := x.predictors()
	covariates := make([][]float64, len(predictors))
	idLevels, idOf := x.d.codes()
	x.each(func(i, w int) {
		y, weeks = append(y, x.m.Values[w][i]), append(weeks, x.d.Waves[w].Weeks)
		inCell = append(inCell, cellOf[x.d.People[i].Arm*len(x.d.Waves)+w])
		id, visit = append(id, idOf[i]), append(visit, w)
		for k, c := range predictors {
			covariates[k] = append(covariates[k], c.Values[i])
		}
	})
	columns = []design.Column{
		design.Numeric("y", y), design.Numeric("weeks", weeks), design.Coded("cell", inCell, cellLevels),
		design.Coded("id", id, idLevels), design.Coded("visit", visit, visitLevels),
	}
	for k, values := range covariates {
		columns = append(columns, design.Numeric(covariateColumn(k), centred(values)))
	}
	return columns, cells
}

// each calls f with every person and wave that enter.
func (x *modelled) each(f func(person, wave int)) {
	for i := range x.d.People {
		if x.keep != nil && !x.keep[i] {
			continue
		}
		for w := range x.d.Waves {
			if x.m.Asked(w) && !isMissing(x.m.Values[w][i]) {
				f(i, w)
			}
		}
	}
}

// rowCount says how many rows a model has, and how many of each cell, arm by arm.
type rowCount struct {
	all int
	of  []int
}

func (x *modelled) rows() rowCount {
	n := rowCount{of: make([]int, len(x.d.Arms)*len(x.d.Waves))}
	x.each(func(i, w int) {
		n.all++
		n.of[x.d.People[i].Arm*len(x.d.Waves)+w]++
	})
	return n
}

// codes are the codes of the people, sorted, and where each person's is among
// them.
func (d *Dataset) codes() (sorted []string, of []int) {
	sorted = make([]string, len(d.People))
	for i, p := range d.People {
		sorted[i] = p.Code
	}
	if !slices.IsSorted(sorted) {
		slices.Sort(sorted)
	}
	sorted = slices.Compact(sorted)
	of = make([]int, len(d.People))
	for i, p := range d.People {
		of[i], _ = slices.BinarySearch(sorted, p.Code)
	}
	return sorted, of
}

func covariateColumn(k int) string { return fmt.Sprintf("x%d", k) }

// centred are numbers about their mean, so that the means of a model are those of
// the average person: of groups too, not of those in the first.
func centred(values []float64) []float64 {
	mean := analysis.Describe(values, analysis.DefaultLevel).Mean
	out := make([]float64, len(values))
	for i, v := range values {
		out[i] = v - mean.Value
	}
	return out
}

// predictors are the columns of the covariates.
func (x *modelled) predictors() []analysis.Predictor {
	var out []analysis.Predictor
	for _, c := range x.covariates {
		out = append(out, c.predictors()...)
	}
	return out
}
