package design

import (
	"fmt"
	"math"
)

// variable is a column of the formula: numbers or a factor.
type variable struct {
	name   string
	values []float64
	factor *factor
}

// missing reports whether the variable has no value in a row.
func (v variable) missing(row int) bool {
	if v.factor != nil {
		return v.factor.codes[row] < 0
	}
	return math.IsNaN(v.values[row])
}

// variableOf evaluates what a formula names.
func variableOf(n *node, columns []Column, rows int) (variable, error) {
	v := variable{name: n.String()}
	inner := n
	asFactor := n.kind == nodeCall && n.text == "factor"
	if asFactor {
		inner = n.args[0]
	}
	if inner.kind == nodeName {
		c, err := find(columns, inner.text)
		if err != nil {
			return v, err
		}
		if asFactor || c.IsFactor() {
			f := factorOf(c)
			v.factor = &f
			return v, nil
		}
	}
	x, err := evaluate(inner, columns, rows)
	if err != nil {
		return v, err
	}
	v.values = x
	if asFactor {
		f := numberFactor(x)
		v.values, v.factor = nil, &f
	}
	return v, nil
}

// groupOf evaluates the grouping of random effects: a column, or an interaction
// of columns a:b.
func groupOf(n *node, columns []Column, rows int) (variable, error) {
	if n.kind == nodeBinary && n.text == ":" {
		a, err := groupOf(n.args[0], columns, rows)
		if err != nil {
			return variable{}, err
		}
		b, err := groupOf(n.args[1], columns, rows)
		if err != nil {
			return variable{}, err
		}
		f := crossFactors(*a.factor, *b.factor)
		return variable{name: n.String(), factor: &f}, nil
	}
	if n.kind != nodeName && n.kind != nodeCall {
		return variable{}, fmt.Errorf("random effects by %s: want a column, or a:b", n)
	}
	v, err := variableOf(n, columns, rows)
	if err != nil {
		return v, err
	}
	if v.factor == nil {
		f := numberFactor(v.values)
		v.values, v.factor = nil, &f
	}
	return v, nil
}

// crossFactors makes the factor of the combinations that occur, in the order of
// the first factor, then of the second.
func crossFactors(a, b factor) factor {
	codes := make([]float64, len(a.codes))
	for i, c := range a.codes {
		codes[i] = math.NaN()
		if c >= 0 && b.codes[i] >= 0 {
			codes[i] = float64(c*len(b.levels) + b.codes[i])
		}
	}
	f := numberFactor(codes)
	names := make([]string, len(f.levels))
	for i, c := range f.codes {
		if c >= 0 {
			names[c] = a.levels[a.codes[i]] + ":" + b.levels[b.codes[i]]
		}
	}
	f.levels = names
	return f
}

// kept returns the variable on the rows that are used.
func (v variable) kept(rows []int) variable {
	if v.factor != nil {
		f := v.factor.used(rows)
		v.factor = &f
		return v
	}
	if len(rows) == len(v.values) {
		return v
	}
	x := make([]float64, len(rows))
	for i, r := range rows {
		x[i] = v.values[r]
	}
	v.values = x
	return v
}
