package analysis_test

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strconv"

	"tidemark/analysis/design"
)

// This file reads the tables that cases refer to: a CSV file or inline columns,
// with derived columns and a filter.

// refDerived lists derived columns, in the order in which they are written.
type refDerived []refDerivation

type refDerivation struct{ name, expression string }

func (d *refDerived) UnmarshalJSON(b []byte) error {
	dec := json.NewDecoder(bytes.NewReader(b))
	if t, err := dec.Token(); err != nil || t != json.Delim('{') {
		return fmt.Errorf("derive: want an object, got %s", b)
	}
	for dec.More() {
		name, err := dec.Token()
		if err != nil {
			return err
		}
		var expression string
		if err := dec.Decode(&expression); err != nil {
			return fmt.Errorf("derive %v: %w", name, err)
		}
		*d = append(*d, refDerivation{name.(string), expression})
	}
	return nil
}

// table returns the columns of a case with the derived ones, in the rows that
// its filter keeps.
func (c *refCase) table() ([]design.Column, error) {
	columns, err := c.given()
	if err != nil {
		return nil, err
	}
	for _, d := range c.Data.Derive {
		column, err := design.Derive(d.name, d.expression, columns)
		if err != nil {
			return nil, err
		}
		// A derived column may replace the one it is made of.
		columns = slices.DeleteFunc(slices.Clone(columns), func(old design.Column) bool { return old.Name == d.name })
		columns = append(columns, column)
	}
	return c.filtered(columns)
}

// given returns the columns of the file or the inline ones: those of a role that
// names them by their names, a single list by its role.
func (c *refCase) given() ([]design.Column, error) {
	if c.Data.File != "" {
		return readTable(filepath.Join(c.dir, c.Data.File))
	}
	var columns []design.Column
	for _, role := range slices.Sorted(maps.Keys(c.Data.Inline)) {
		x := c.Data.Inline[role]
		for i := range x.values {
			name := role
			if len(x.names) > 0 {
				name = x.names[i]
			}
			columns = append(columns, design.Column{Name: name, Values: x.values[i], Labels: x.labels[i]})
		}
	}
	if len(columns) == 0 {
		return nil, errors.New("the case has no data")
	}
	return columns, nil
}

// readTable reads a CSV file. A column in which every filled cell is a number is
// numeric; an empty cell is missing.
func readTable(path string) ([]design.Column, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	rows, err := csv.NewReader(f).ReadAll()
	if err == nil && len(rows) == 0 {
		err = io.ErrUnexpectedEOF
	}
	if err != nil {
		return nil, fmt.Errorf("read %s: %w", path, err)
	}
	columns := make([]design.Column, len(rows[0]))
	for k, name := range rows[0] {
		labels := make([]string, len(rows)-1)
		for i, row := range rows[1:] {
			labels[i] = row[k]
		}
		columns[k] = readColumn(name, labels)
	}
	return columns, nil
}

func readColumn(name string, cells []string) design.Column {
	x := make([]float64, len(cells))
	for i, cell := range cells {
		if cell == "" {
			x[i] = math.NaN()
			continue
		}
		v, err := strconv.ParseFloat(cell, 64)
		if err != nil {
			return design.Factor(name, cells)
		}
		x[i] = v
	}
	return design.Numeric(name, x)
}

// filtered keeps the rows in which every column of the filter has its value.
func (c *refCase) filtered(columns []design.Column) ([]design.Column, error) {
	if len(c.Data.Filter) == 0 {
		return columns, nil
	}
	var rows []int
	for r := range columns[0].Len() {
		keep := true
		for name, want := range c.Data.Filter {
			column, err := columnNamed(columns, name)
			if err != nil {
				return nil, err
			}
			keep = keep && holds(column, r, want)
		}
		if keep {
			rows = append(rows, r)
		}
	}
	out := make([]design.Column, len(columns))
	for k, column := range columns {
		out[k] = keepRows(column, rows)
	}
	return out, nil
}

func columnNamed(columns []design.Column, name string) (design.Column, error) {
	i := slices.IndexFunc(columns, func(c design.Column) bool { return c.Name == name })
	if i < 0 {
		return design.Column{}, fmt.Errorf("no column %q", name)
	}
	return columns[i], nil
}

func holds(c design.Column, row int, want any) bool {
	if c.IsFactor() {
		return c.Labels[row] == fmt.Sprint(want)
	}
	if text, isText := want.(string); isText {
		v, err := strconv.ParseFloat(text, 64)
		return err == nil && c.Values[row] == v
	}
	return any(c.Values[row]) == want
}

func keepRows(c design.Column, rows []int) design.Column {
	out := design.Column{Name: c.Name, Levels: c.Levels}
	if c.IsFactor() {
		out.Labels = make([]string, len(rows))
		for i, r := range rows {
			out.Labels[i] = c.Labels[r]
		}
		return out
	}
	out.Values = make([]float64, len(rows))
	for i, r := range rows {
		out.Values[i] = c.Values[r]
	}
	return out
}

// roleNames returns the names of the columns of a role: those the case gives, or
// the role itself, which a derived column may be called.
func (c *refCase) roleNames(role string) (refNames, bool) {
	if names, ok := c.Data.Columns[role]; ok {
		return names, true
	}
	for _, d := range c.Data.Derive {
		if d.name == role {
			return refNames{role}, true
		}
	}
	return nil, false
}

// roleColumns returns the columns of a role from the table.
func (c *refCase) roleColumns(role string) ([]design.Column, error) {
	names, ok := c.roleNames(role)
	if !ok {
		return nil, fmt.Errorf("no data for role %q", role)
	}
	table, err := c.table()
	if err != nil {
		return nil, err
	}
	out := make([]design.Column, len(names))
	for i, name := range names {
		if out[i], err = columnNamed(table, name); err != nil {
			return nil, err
		}
	}
	return out, nil
}

// labels returns the single column of a role as labels, whether it holds text or
// numbers; an empty label is missing.
func (c *refCase) labels(role string) ([]string, error) {
	var columns []design.Column
	if x, ok := c.Data.Inline[role]; ok {
		for i := range x.values {
			columns = append(columns, design.Column{Values: x.values[i], Labels: x.labels[i]})
		}
	} else {
		var err error
		if columns, err = c.roleColumns(role); err != nil {
			return nil, err
		}
	}
	if len(columns) != 1 {
		return nil, fmt.Errorf("role %q has %d columns, want one", role, len(columns))
	}
	if columns[0].IsFactor() {
		return columns[0].Labels, nil
	}
	out := make([]string, columns[0].Len())
	for i, v := range columns[0].Values {
		if !math.IsNaN(v) {
			out[i] = strconv.FormatFloat(v, 'g', -1, 64)
		}
	}
	return out, nil
}

// design builds the model of the option "formula" on the table, with keys.
func (c *refCase) design(keys ...string) (*design.Design, error) {
	var formula string
	if err := c.option("formula", &formula); err != nil {
		return nil, err
	}
	table, err := c.table()
	if err != nil {
		return nil, err
	}
	return design.Build(formula, table, keys...)
}
