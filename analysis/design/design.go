package design

import (
	"errors"
	"fmt"
	"math"

	"tidemark/analysis"
)

// Design is what a linear model is fitted to. Its slices are not to be changed:
// columns that need no computing are the caller's own.
type Design struct {
	Formula string
	// Response is the left side of the formula as written.
	Response string
	// Y is the response in the rows used.
	Y []float64
	// X has the columns of the fixed effects, linearly independent, each as long
	// as Y; Names are theirs.
	X     [][]float64
	Names []string
	// Effects lists every column that the formula asks for, aliased ones too.
	Effects []Effect
	// Random has one entry per random term, in the order of the formula.
	Random []Random
	// Keys are the further columns that were asked for.
	Keys []Key
	// Rows are the used rows as indices into the given columns; Excluded counts
	// the others, which miss a value.
	Rows     []int
	Excluded int
	// Reason says why nothing can be fitted: no complete row, or an infinite
	// value. X is empty then.
	Reason analysis.Reason

	// q and r as in Orthonormal; q lacks the columns of leading.
	q, r    [][]float64
	leading *factor // whose indicators are the first columns; nil: none
	plan    *plan
	// combination of each aliased column from the columns of X before it.
	combination map[int][]float64
}

// Effect is a column of fixed effects.
type Effect struct {
	Name string
	// Term is the term it belongs to, as "week:arm"; "(Intercept)" is its own.
	Term string
	// Column is its index in X, or −1 if it is aliased.
	Column int
	// Reason is ReasonAliased for a linear combination of earlier columns.
	Reason analysis.Reason
}

// Random is one random term: a set of effects that each group has its own of.
type Random struct {
	// Group is the grouping as written; Levels its labels that occur, in order.
	Group  string
	Levels []string
	// Codes gives the index of the level of each row used.
	Codes []int
	// Names and Z are the effects, correlated within a term, with one column each.
	Names []string
	Z     [][]float64
}

// Key is a column that is not in the formula but has to be there in a row, as
// the person or the visit of a marginal model.
type Key struct {
	Name   string
	Levels []string // those that occur, in order
	Codes  []int    // of each row used
}

// Aliased lists the names of the columns that are linear combinations of
// earlier ones.
func (d *Design) Aliased() []string {
	var names []string
	for _, e := range d.Effects {
		if e.Reason == analysis.ReasonAliased {
			names = append(names, e.Name)
		}
	}
	return names
}

// Build evaluates a formula on named columns. An error says what is wrong with
// the formula or the table: it cannot be read, a column does not exist or is not
// as long as the others. What is wrong with the data is d.Reason. A row that
// misses one of the keys is left out too.
func Build(formula string, columns []Column, keys ...string) (*Design, error) {
	d, err := build(formula, columns, keys)
	if err != nil {
		return nil, fmt.Errorf("model %s: %w", formula, err)
	}
	return d, nil
}

func build(text string, columns []Column, keys []string) (*Design, error) {
	rows := rowsOf(columns)
	seen := make(map[string]bool, len(columns))
	for _, c := range columns {
		switch {
		case seen[c.Name]:
			return nil, fmt.Errorf("there are two columns %q", c.Name)
		case c.Len() != rows:
			return nil, fmt.Errorf("column %q has %d rows, %q has %d", c.Name, c.Len(), columns[0].Name, rows)
		}
		seen[c.Name] = true
	}
	f, err := parseFormula(text)
	if err != nil {
		return nil, err
	}
	if len(columns) == 0 {
		return nil, errors.New("there are no columns")
	}
	p := &plan{formula: f, columns: columns, rows: rows}
	for _, name := range keys {
		v, err := groupOf(&node{kind: nodeName, text: name}, columns, rows)
		if err != nil {
			return nil, err
		}
		p.keys = append(p.keys, v)
	}
	if err := p.evaluate(); err != nil {
		return nil, err
	}
	return p.design(text)
}

// plan is a formula with the variables it names.
type plan struct {
	formula  *formula
	columns  []Column
	rows     int
	response variable
	fixed    []variable
	random   []randomPlan
	keys     []variable
	kept     []variable // the fixed effects' variables on the rows used
}

// randomPlan is a random term with its variables.
type randomPlan struct {
	randomTerm
	variables []variable
	by        variable
}

// evaluate computes every variable on all rows.
func (p *plan) evaluate() (err error) {
	if p.response, err = variableOf(p.formula.response, p.columns, p.rows); err != nil {
		return fmt.Errorf("response: %w", err)
	}
	if p.response.factor != nil {
		return fmt.Errorf("the response %s holds labels, not numbers", p.response.name)
	}
	if p.fixed, err = p.variables(p.formula.words); err != nil {
		return err
	}
	for _, t := range p.formula.random {
		r := randomPlan{randomTerm: t}
		if r.variables, err = p.variables(t.words); err != nil {
			return err
		}
		if r.by, err = groupOf(t.group, p.columns, p.rows); err != nil {
			return err
		}
		p.random = append(p.random, r)
	}
	return nil
}

func (p *plan) variables(words *vocabulary) ([]variable, error) {
	out := make([]variable, len(words.nodes))
	for i, n := range words.nodes {
		v, err := variableOf(n, p.columns, p.rows)
		if err != nil {
			return nil, err
		}
		out[i] = v
	}
	return out, nil
}

// all lists every variable that has to be there in a row.
func (p *plan) all() []variable {
	all := append([]variable{p.response}, p.fixed...)
	for _, r := range p.random {
		all = append(append(all, r.variables...), r.by)
	}
	return append(all, p.keys...)
}

// used returns the rows in which nothing is missing, and whether one of them
// holds an infinite value.
func (p *plan) used() (rows []int, infinite bool) {
	all := p.all()
	rows = make([]int, 0, p.rows)
next:
	for r := range p.rows {
		for _, v := range all {
			if v.missing(r) {
				continue next
			}
		}
		rows = append(rows, r)
	}
	for _, v := range all {
		if v.factor != nil {
			continue
		}
		for _, r := range rows {
			infinite = infinite || math.IsInf(v.values[r], 0)
		}
	}
	return rows, infinite
}

// design makes the matrices on the rows used.
func (p *plan) design(text string) (*Design, error) {
	rows, infinite := p.used()
	d := &Design{Formula: text, Response: p.response.name, Rows: rows, Excluded: p.rows - len(rows)}
	d.Y = p.response.kept(rows).values
	p.kept = keepAll(p.fixed, rows)
	d.plan = p
	fixed, err := modelMatrix(p.formula.terms, p.kept, len(rows))
	if err != nil {
		return nil, err
	}
	for i, name := range fixed.names {
		t := termName(p.formula.terms[fixed.term[i]], p.formula.words)
		d.Effects = append(d.Effects, Effect{Name: name, Term: t, Column: -1})
	}
	for _, r := range p.random {
		b, err := modelMatrix(r.terms, keepAll(r.variables, rows), len(rows))
		if err != nil {
			return nil, err
		}
		by := r.by.kept(rows)
		d.Random = append(d.Random, Random{
			Group: by.name, Levels: by.factor.levels, Codes: by.factor.codes, Names: b.names, Z: b.columns,
		})
	}
	for _, k := range p.keys {
		by := k.kept(rows)
		d.Keys = append(d.Keys, Key{Name: by.name, Levels: by.factor.levels, Codes: by.factor.codes})
	}
	switch {
	case infinite:
		d.Reason = analysis.ReasonInfiniteInput
	case len(rows) == 0:
		d.Reason = analysis.ReasonNoData
	default:
		d.independent(fixed)
	}
	return d, nil
}

func keepAll(all []variable, rows []int) []variable {
	out := make([]variable, len(all))
	for i, v := range all {
		out[i] = v.kept(rows)
	}
	return out
}

// termName writes a term with the names of its variables.
func termName(t term, words *vocabulary) string {
	if t == 0 {
		return "(Intercept)"
	}
	var name string
	for k, n := range words.names {
		if t&(1<<k) == 0 {
			continue
		}
		if name != "" {
			name += ":"
		}
		name += n
	}
	return name
}
