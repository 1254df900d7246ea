package analysis_test

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strconv"

	"tidemark/analysis"
)

// This file reads the format of conformance suites.

type refSuite struct {
	Suite string     `json:"suite"`
	Cases []*refCase `json:"cases"`
}

type refCase struct {
	ID           string                     `json:"id"`
	Method       string                     `json:"method"`
	Data         refData                    `json:"data"`
	Options      map[string]json.RawMessage `json:"options"`
	Expected     map[string]any             `json:"expected"`
	NotEstimable map[string]string          `json:"not_estimable"`
	Tol          refTolerance               `json:"tol"`
	FieldTol     map[string]refTolerance    `json:"field_tol"`

	dir      string
	usedOpts map[string]bool
}

type refTolerance struct {
	Rel float64 `json:"rel"`
	Abs float64 `json:"abs"`
}

type refData struct {
	Inline  map[string]refColumns `json:"inline"`
	File    string                `json:"file"`
	Columns map[string]refNames   `json:"columns"`
	Filter  map[string]any        `json:"filter"`
	Derive  json.RawMessage       `json:"derive"`
}

// refNames is a column name or a list of them.
type refNames []string

func (n *refNames) UnmarshalJSON(b []byte) error {
	if b[0] == '"' {
		*n = make(refNames, 1)
		return json.Unmarshal(b, &(*n)[0])
	}
	return json.Unmarshal(b, (*[]string)(n))
}

// refColumns is a list of values, or an object of named lists whose order
// counts.
type refColumns struct {
	names  []string
	values [][]float64
}

func (c *refColumns) UnmarshalJSON(b []byte) error {
	if b[0] == '[' {
		x, err := refValues(b)
		c.values = [][]float64{x}
		return err
	}
	d := json.NewDecoder(bytes.NewReader(b))
	if _, err := d.Token(); err != nil {
		return err
	}
	for d.More() {
		name, err := d.Token()
		if err != nil {
			return err
		}
		var raw json.RawMessage
		if err := d.Decode(&raw); err != nil {
			return err
		}
		x, err := refValues(raw)
		if err != nil {
			return err
		}
		c.names, c.values = append(c.names, name.(string)), append(c.values, x)
	}
	return nil
}

func refValues(b []byte) ([]float64, error) {
	var raw []*float64
	if err := json.Unmarshal(b, &raw); err != nil {
		return nil, err
	}
	x := make([]float64, len(raw))
	for i, v := range raw {
		x[i] = math.NaN()
		if v != nil {
			x[i] = *v
		}
	}
	return x, nil
}

// columns returns the columns of a role, from inline values or from the file.
func (c *refCase) columns(role string) (refColumns, error) {
	if x, ok := c.Data.Inline[role]; ok {
		return x, nil
	}
	names, ok := c.Data.Columns[role]
	if !ok {
		return refColumns{}, fmt.Errorf("no data for role %q", role)
	}
	if len(c.Data.Derive) > 0 {
		return refColumns{}, errors.New("derived columns are not supported")
	}
	rows, err := readCSV(filepath.Join(c.dir, c.Data.File))
	if err != nil {
		return refColumns{}, err
	}
	out := refColumns{names: names, values: make([][]float64, len(names))}
	index := make([]int, len(names))
	for k, name := range names {
		if index[k] = slices.Index(rows[0], name); index[k] < 0 {
			return refColumns{}, fmt.Errorf("no column %q in %s", name, c.Data.File)
		}
	}
	for _, row := range rows[1:] {
		keep, err := c.keeps(rows[0], row)
		if err != nil {
			return refColumns{}, err
		}
		if !keep {
			continue
		}
		for k, i := range index {
			v := math.NaN()
			if row[i] != "" {
				if v, err = strconv.ParseFloat(row[i], 64); err != nil {
					return refColumns{}, err
				}
			}
			out.values[k] = append(out.values[k], v)
		}
	}
	return out, nil
}

// keeps applies the filter to a row.
func (c *refCase) keeps(header, row []string) (bool, error) {
	for name, want := range c.Data.Filter {
		i := slices.Index(header, name)
		if i < 0 {
			return false, fmt.Errorf("no column %q to filter by", name)
		}
		number, isNumber := want.(float64)
		if isNumber {
			v, err := strconv.ParseFloat(row[i], 64)
			if err != nil || v != number {
				return false, nil
			}
		} else if row[i] != fmt.Sprint(want) {
			return false, nil
		}
	}
	return true, nil
}

func readCSV(path string) ([][]string, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	rows, err := csv.NewReader(f).ReadAll()
	if err == nil && len(rows) == 0 {
		err = io.ErrUnexpectedEOF
	}
	return rows, err
}

// column returns the single column of a role.
func (c *refCase) column(role string) ([]float64, error) {
	x, err := c.columns(role)
	if err == nil && len(x.values) != 1 {
		err = fmt.Errorf("role %q has %d columns, want one", role, len(x.values))
	}
	if err != nil {
		return nil, err
	}
	return x.values[0], nil
}

// two returns the columns of two roles.
func (c *refCase) two(first, second string) (a, b []float64, err error) {
	if a, err = c.column(first); err != nil {
		return nil, nil, err
	}
	b, err = c.column(second)
	return a, b, err
}

// option reads an option into v, which keeps its value if there is none.
func (c *refCase) option(name string, v any) error {
	c.usedOpts[name] = true
	raw, ok := c.Options[name]
	if !ok {
		return nil
	}
	if err := json.Unmarshal(raw, v); err != nil {
		return fmt.Errorf("option %s: %w", name, err)
	}
	return nil
}

// level reads the level of confidence.
func (c *refCase) level() (float64, error) {
	level := analysis.DefaultLevel
	return level, c.option("level", &level)
}

// text checks an option that only states a convention of ours.
func (c *refCase) text(name, want string) error {
	got := want
	if err := c.option(name, &got); err != nil {
		return err
	}
	if got != want {
		return fmt.Errorf("option %s is %q, supported is %q", name, got, want)
	}
	return nil
}
