package analysis_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"math"

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
	Derive  refDerived            `json:"derive"`
	// Resamples is a file of row numbers, a resample per line.
	Resamples string `json:"resamples"`
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

// refColumns is a list of values, a list of such lists, or an object of named
// lists whose order counts. Values of text are labels.
type refColumns struct {
	names  []string
	values [][]float64 // nil for a column of labels
	labels [][]string
}

func (c *refColumns) UnmarshalJSON(b []byte) error {
	var lists []json.RawMessage
	if b[0] == '[' && json.Unmarshal(b, &lists) == nil && len(lists) > 0 && lists[0][0] == '[' {
		for _, raw := range lists {
			if err := c.add("", raw); err != nil {
				return err
			}
		}
		return nil
	}
	if b[0] == '[' {
		return c.add("", b)
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
		if err := c.add(name.(string), raw); err != nil {
			return err
		}
	}
	return nil
}

// add appends a list of numbers or of texts; an unnamed list has no name.
func (c *refColumns) add(name string, b []byte) error {
	x, err := refValues(b)
	var labels []string
	if err != nil {
		x = nil
		if labels, err = refLabels(b); err != nil {
			return err
		}
	}
	if name != "" {
		c.names = append(c.names, name)
	}
	c.values, c.labels = append(c.values, x), append(c.labels, labels)
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

func refLabels(b []byte) ([]string, error) {
	var raw []*string
	if err := json.Unmarshal(b, &raw); err != nil {
		return nil, err
	}
	x := make([]string, len(raw))
	for i, v := range raw {
		if v != nil {
			x[i] = *v
		}
	}
	return x, nil
}

// columns returns the numeric columns of a role, from inline values or from the
// table.
func (c *refCase) columns(role string) (refColumns, error) {
	x, ok := c.Data.Inline[role]
	if !ok {
		columns, err := c.roleColumns(role)
		if err != nil {
			return refColumns{}, err
		}
		x.names, _ = c.roleNames(role)
		for _, column := range columns {
			x.values = append(x.values, column.Values)
		}
	}
	for i, v := range x.values {
		if v == nil {
			return refColumns{}, fmt.Errorf("column %d of role %q holds text", i+1, role)
		}
	}
	return x, nil
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
