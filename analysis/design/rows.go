package design

import (
	"fmt"
	"math"
	"slices"

	"tidemark/analysis"
)

// Row is a point at which a model is evaluated, as a mean of an arm at a wave.
type Row struct {
	// Weights has one weight per column of the design's X: the mean of the model
	// there is the sum of weights times effects.
	Weights []float64
	// Reason says why the model says nothing about this point: a value is missing
	// or infinite, a level did not occur in the data, or the point is not
	// determined by the effects that could be estimated (ReasonAliased).
	Reason analysis.Reason
}

// At evaluates the fixed effects of the design's formula at other points: the
// columns have those names that the formula uses on its right side. Factors keep
// the levels and the coding of the data. An error says what is wrong with the
// columns.
func (d *Design) At(columns []Column) ([]Row, error) {
	rows := rowsOf(columns)
	for _, c := range columns {
		if c.Len() != rows {
			return nil, fmt.Errorf("points of model %s: column %q has %d rows, %q has %d", d.Formula, c.Name, c.Len(), columns[0].Name, rows)
		}
	}
	variables := make([]variable, len(d.plan.kept))
	out := make([]Row, rows)
	for k, n := range d.plan.formula.words.nodes {
		v, err := variableOf(n, columns, rows)
		if err != nil {
			return nil, fmt.Errorf("points of model %s: %w", d.Formula, err)
		}
		variables[k] = recoded(v, d.plan.kept[k], out)
	}
	b, err := modelMatrix(d.plan.formula.terms, variables, rows)
	if err != nil {
		return nil, fmt.Errorf("points of model %s: %w", d.Formula, err)
	}
	for i := range out {
		if out[i].Reason = analysis.FirstReason(d.Reason, out[i].Reason); out[i].Reason == "" {
			d.fill(&out[i], b.columns, i)
		}
	}
	return out, nil
}

// recoded gives a variable the levels of the data; what they do not have is
// noted in the rows.
func recoded(v, data variable, rows []Row) variable {
	if data.factor == nil || v.factor == nil {
		for i, x := range v.values {
			switch {
			case math.IsNaN(x):
				rows[i].Reason = analysis.ReasonNoData
			case math.IsInf(x, 0):
				rows[i].Reason = analysis.ReasonInfiniteInput
			}
		}
		return v
	}
	f := factor{levels: data.factor.levels, codes: make([]int, len(rows))}
	for i, c := range v.factor.codes {
		code := -1
		if c >= 0 {
			code = slices.Index(f.levels, v.factor.levels[c])
		}
		if code < 0 {
			rows[i].Reason = analysis.ReasonNoData
		}
		f.codes[i] = code
	}
	v.factor = &f
	return v
}

// fill takes the weights of a row from the columns of the whole formula, and
// checks that the aliased ones are the combinations there that they are in the
// data.
func (d *Design) fill(row *Row, columns [][]float64, at int) {
	weights := make([]float64, len(d.X))
	for j, e := range d.Effects {
		v := columns[j][at]
		if e.Column >= 0 {
			weights[e.Column] = v
			continue
		}
		size := math.Abs(v)
		for k, c := range d.combination[j] {
			v -= c * weights[k]
			size += math.Abs(c * weights[k])
		}
		if math.Abs(v) > 1e-8*size {
			row.Reason = analysis.ReasonAliased
			return
		}
	}
	row.Weights = weights
}
