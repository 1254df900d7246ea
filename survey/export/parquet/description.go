package parquet

import (
	"strings"
	"time"

	"tidemark/survey/export/dataset"
)

// MetadataKey is where a file keeps its description.
const MetadataKey = "tidemark.table"

// Description says what the columns of a file mean.
type Description struct {
	Name      string     `json:"name"`
	Label     string     `json:"label"`
	Program   string     `json:"program"`
	MadeAt    string     `json:"made_at"`
	Notes     []string   `json:"notes,omitempty"`
	Variables []Variable `json:"variables"`
}

// Variable is a column.
type Variable struct {
	Name    string `json:"name"`
	Label   string `json:"label"`
	Kind    string `json:"kind"`    // number, text, day or instant
	Measure string `json:"measure"` // id, nominal, ordinal or scale
	// Decimals is how many digits after the point a number is shown with.
	Decimals int      `json:"decimals"`
	Min      *float64 `json:"min,omitempty"`
	Max      *float64 `json:"max,omitempty"`
	Values   []Value  `json:"values,omitempty"`
	// MissingName is the column that says why there is no value; empty: nobody says.
	MissingName string   `json:"missing_name,omitempty"`
	Missing     []Reason `json:"missing,omitempty"`
}

// Value is a value, a number or a text, and what it means.
type Value struct {
	Value any    `json:"value"`
	Label string `json:"label"`
}

// Reason is a reason why there is no value: as it stands in the column, and in words.
type Reason struct {
	Value string `json:"value"`
	Label string `json:"label"`
}

func describe(t dataset.Table) Description {
	d := Description{
		Name: t.Name, Label: t.Label, Program: t.Program, MadeAt: t.MadeAt.UTC().Format(time.RFC3339Nano), Notes: t.Notes,
		Variables: make([]Variable, len(t.Variables)),
	}
	taken := map[string]bool{}
	for _, v := range t.Variables {
		taken[strings.ToLower(v.Name)] = true
	}
	for i, v := range t.Variables {
		into := Variable{Name: v.Name, Label: v.Label, Kind: string(v.Kind), Measure: string(v.Measure), Decimals: v.Decimals}
		if v.Bounded {
			low, high := v.Low, v.High
			into.Min, into.Max = &low, &high
		}
		for _, l := range v.Labels {
			into.Values = append(into.Values, Value{l.Value, l.Text})
		}
		for _, c := range v.Categories {
			into.Values = append(into.Values, Value{c.Value, c.Text})
		}
		for _, r := range v.Reasons {
			into.Missing = append(into.Missing, Reason{r.Key, r.Text})
		}
		if len(v.Reasons) > 0 {
			into.MissingName = v.Name + "_missing"
			for taken[strings.ToLower(into.MissingName)] {
				into.MissingName += "_"
			}
			taken[strings.ToLower(into.MissingName)] = true
		}
		d.Variables[i] = into
	}
	return d
}
