package sheet

import (
	"fmt"
	"math"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// missingMarks are the cells that stand for a missing value everywhere: of R,
// SPSS, SAS, Stata, pandas and spreadsheets. Upper case.
func missingMarks() []string {
	return []string{"", "NA", "N/A", "NAN", ".", "NULL", "#N/A", "#NULL!", "<NA>"}
}

// numberForm is what counts as a number once a decimal comma has become a point.
// Hexadecimal, infinities and underscores, which the language would take, are no
// data.
var numberForm = regexp.MustCompile(`^[+-]?([0-9]+(\.[0-9]*)?|\.[0-9]+)([eE][+-]?[0-9]+)?$`)

var commaForm = regexp.MustCompile(`^[+-]?[0-9]*,[0-9]+([eE][+-]?[0-9]+)?$`)

// Missing are further cells that stand for a missing value, as "999".
type Missing []string

func (m Missing) has(cell string) bool {
	return slices.Contains(missingMarks(), strings.ToUpper(cell)) || slices.Contains(m, cell)
}

// numbers reads columns as numbers, NaN where missing. The columns share one
// decimal sign: a comma when some number has one and none has a point.
func (s *Sheet) numbers(missing Missing, columns ...int) ([][]float64, Faults) {
	comma := s.decimalComma(missing, columns)
	out := make([][]float64, len(columns))
	var faults Faults
	for k, c := range columns {
		out[k] = make([]float64, len(s.Rows))
		for i, r := range s.Rows {
			v, fault := number(r.Cells[c], missing, comma)
			if fault != "" {
				faults = append(faults, Fault{Line: r.Line, Column: s.Header[c], Text: fault})
			}
			out[k][i] = v
		}
	}
	slices.SortStableFunc(faults, func(a, b Fault) int { return a.Line - b.Line })
	if comma && faults == nil {
		s.note("Numbers have decimal commas.")
	}
	return out, faults
}

func (s *Sheet) decimalComma(missing Missing, columns []int) bool {
	comma := false
	for _, c := range columns {
		for _, r := range s.Rows {
			cell := minus(r.Cells[c])
			if missing.has(cell) {
				continue
			}
			if strings.Contains(cell, ".") && numberForm.MatchString(cell) {
				return false
			}
			comma = comma || commaForm.MatchString(cell)
		}
	}
	return comma
}

// minus turns the typographic minus sign into the plain one.
func minus(cell string) string { return strings.ReplaceAll(cell, "−", "-") }

func number(cell string, missing Missing, comma bool) (v float64, fault string) {
	if missing.has(cell) {
		return math.NaN(), ""
	}
	plain := minus(cell)
	if comma {
		plain = strings.Replace(plain, ",", ".", 1)
	}
	if !numberForm.MatchString(plain) {
		if !comma && commaForm.MatchString(plain) {
			return math.NaN(), fmt.Sprintf("%q has a decimal comma, but other numbers have a point; write all of them alike", shorten(cell))
		}
		return math.NaN(), fmt.Sprintf("%q is not a number; correct it or, if the value is missing, leave the cell empty", shorten(cell))
	}
	v, err := strconv.ParseFloat(plain, 64)
	if err != nil || math.IsInf(v, 0) {
		return math.NaN(), fmt.Sprintf("%q is too large a number", shorten(cell))
	}
	return v, ""
}
