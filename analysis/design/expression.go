package design

import (
	"fmt"
	"math"
	"slices"
	"strings"
)

// Derive computes a column from others by an arithmetic expression in + − * /
// ^, parentheses, numbers, names of columns and the functions log, exp, sqrt,
// abs and I, as in "post - pre" or "week^2". A bare name renames the column,
// which may then be a factor. The result is missing where a column it needs is
// missing or where the operation is not defined, as log(−1) or 0/0.
func Derive(name, expression string, columns []Column) (Column, error) {
	n, err := parse(expression)
	if err != nil {
		return Column{}, fmt.Errorf("derive %s: %w", name, err)
	}
	if n.kind == nodeName {
		c, err := find(columns, n.text)
		if err != nil {
			return Column{}, fmt.Errorf("derive %s: %w", name, err)
		}
		c.Name = name
		return c, nil
	}
	x, err := evaluate(n, columns, rowsOf(columns))
	if err != nil {
		return Column{}, fmt.Errorf("derive %s: %w", name, err)
	}
	return Numeric(name, x), nil
}

func rowsOf(columns []Column) int {
	if len(columns) == 0 {
		return 0
	}
	return columns[0].Len()
}

// find returns a column by its name.
func find(columns []Column, name string) (Column, error) {
	i := slices.IndexFunc(columns, func(c Column) bool { return c.Name == name })
	if i >= 0 {
		return columns[i], nil
	}
	names := make([]string, len(columns))
	for i, c := range columns {
		names[i] = c.Name
	}
	return Column{}, fmt.Errorf("there is no column %q among %s", name, strings.Join(names, ", "))
}

// evaluate computes an arithmetic expression for every row. What it returns may
// be the column itself and is not to be written to.
func evaluate(n *node, columns []Column, rows int) ([]float64, error) {
	switch n.kind {
	case nodeName:
		c, err := find(columns, n.text)
		if err == nil && c.IsFactor() {
			err = fmt.Errorf("column %q holds labels, not numbers", n.text)
		}
		return c.Values, err
	case nodeNumber:
		x := make([]float64, rows)
		for i := range x {
			x[i] = n.value
		}
		return x, nil
	case nodeParens:
		return evaluate(n.args[0], columns, rows)
	case nodeCall, nodeMinus, nodeBinary:
	}
	args := make([][]float64, len(n.args))
	for i, a := range n.args {
		x, err := evaluate(a, columns, rows)
		if err != nil {
			return nil, err
		}
		args[i] = x
	}
	if n.kind == nodeBinary {
		return combine(n.text, args[0], args[1])
	}
	f := function(n)
	if f == nil {
		return nil, fmt.Errorf("unknown function %s", n.text)
	}
	out := make([]float64, len(args[0]))
	for i, v := range args[0] {
		out[i] = f(v)
	}
	return out, nil
}

// function returns what a node of one argument computes, or nil.
func function(n *node) func(float64) float64 {
	if n.kind == nodeMinus {
		return func(v float64) float64 { return -v }
	}
	switch n.text {
	case "I":
		return func(v float64) float64 { return v }
	case "log":
		return math.Log
	case "exp":
		return math.Exp
	case "sqrt":
		return math.Sqrt
	case "abs":
		return math.Abs
	}
	return nil
}

// combine applies an operator row by row.
func combine(sign string, a, b []float64) ([]float64, error) {
	out := make([]float64, len(a))
	for i, v := range a {
		w := b[i]
		switch sign {
		case "+":
			out[i] = v + w
		case "-":
			out[i] = v - w
		case "*":
			out[i] = v * w
		case "/":
			out[i] = v / w
		case "^":
			out[i] = power(v, w)
		default:
			return nil, fmt.Errorf("%q is not arithmetic", sign)
		}
	}
	return out, nil
}

// power is v^w, missing if either is: 1^NaN and NaN^0 are not 1 here.
func power(v, w float64) float64 {
	switch {
	case math.IsNaN(v) || math.IsNaN(w):
		return math.NaN()
	case w == 2:
		return v * v
	}
	return math.Pow(v, w)
}
