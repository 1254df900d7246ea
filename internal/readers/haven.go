package readers

import (
	_ "embed" // for the script
	"encoding/json"
	"testing"
)

//go:embed haven.R
var haven string

// File is a file as haven has read it. Everything that is one value is a list of
// one, as R sees it.
type File struct {
	Label   []string `json:"label"`
	Notes   []string `json:"notes"`
	Columns []Column `json:"columns"`
}

// Column is a variable.
type Column struct {
	Name  []string `json:"name"`
	Label []string `json:"label"`
	// Values are nil or a text; a number with 17 digits, a day as 2026-03-02, an
	// instant in milliseconds since 1970.
	Values []One     `json:"values"`
	Tags   []string  `json:"tags"`    // by row, the letter of a missing value of Stata
	Miss   []float64 `json:"missing"` // the user-missing values of SPSS
	Labels []struct {
		Value One      `json:"value"`
		Tag   []string `json:"tag"`
		Text  []string `json:"text"`
	} `json:"labels"`
}

// One is a value that R has put into a list, or nothing.
type One []any

// Haven reads a file, as "sav" or "dta".
func Haven(t testing.TB, kind, path string) File {
	t.Helper()
	var f File
	if err := json.Unmarshal(R(t, haven, kind, path), &f); err != nil {
		t.Fatalf("what R has printed: %v", err)
	}
	return f
}
