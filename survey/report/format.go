package report

import (
	"math"
	"strconv"
	"strings"

	"tidemark/analysis"
)

// How numbers are written for people, after the habits of psychology journals:
// two decimals, no zero before the point where a number cannot exceed 1, a true
// minus sign. This is the only place that rounds.

// Dash stands where a number cannot be had; a note beside the table says why.
const Dash = "–"

// Decimal writes v with the given number of decimals and a true minus sign;
// what rounds to nothing has none.
func Decimal(v float64, places int) string {
	if math.Abs(v) >= 1e9 {
		return strings.ReplaceAll(strconv.FormatFloat(v, 'e', 3, 64), "-", "−")
	}
	s := strconv.FormatFloat(v, 'f', places, 64)
	if !strings.HasPrefix(s, "-") {
		return s
	}
	if strings.Trim(s, "-0.") == "" {
		return s[1:]
	}
	return "−" + s[1:]
}

// Unit writes a number that lies between −1 and 1, as α or r: ".86", "−.10",
// "1.00".
func Unit(v float64, places int) string {
	s := Decimal(v, places)
	if rest, ok := strings.CutPrefix(s, "0."); ok {
		return "." + rest
	}
	if rest, ok := strings.CutPrefix(s, "−0."); ok {
		return "−." + rest
	}
	return s
}

// P writes a p-value: "< .001", ".067", "> .999".
func P(p float64) string {
	switch {
	case p < .001:
		return "< .001"
	case p >= .9995:
		return "> .999"
	}
	return Unit(p, 3)
}

// PRelation is P with its relation, to follow the letter: "= .067".
func PRelation(p float64) string {
	if s := P(p); s[0] == '<' || s[0] == '>' {
		return s
	}
	return "= " + P(p)
}

// Freedom writes degrees of freedom: whole ones plain, Welch's with a decimal.
func Freedom(df float64) string {
	if df == math.Trunc(df) {
		return Decimal(df, 0)
	}
	return Decimal(df, 1)
}

// Percent writes a share in whole percent; a few people are never 0% and all
// but a few never 100%.
func Percent(part, whole int) string {
	if whole <= 0 {
		return Dash
	}
	switch p := math.Round(100 * float64(part) / float64(whole)); {
	case p == 0 && part > 0:
		return "<1%"
	case p == 100 && part < whole:
		return ">99%"
	default:
		return strconv.Itoa(int(p)) + "%"
	}
}

// LevelPercent writes a confidence level: "95%".
func LevelPercent(level float64) string {
	return strconv.FormatFloat(100*level, 'g', 4, 64) + "%"
}

// Brackets writes an interval as "[0.53, 0.72]".
func Brackets(v analysis.Interval, places int) string {
	if !v.OK() {
		return Dash
	}
	return "[" + Decimal(v.Low, places) + ", " + Decimal(v.High, places) + "]"
}

// Number writes an estimate with the given decimals.
func Number(e analysis.Estimate, places int) string {
	if !e.OK() {
		return Dash
	}
	return Decimal(e.Value, places)
}

// PValue writes an estimated p-value.
func PValue(e analysis.Estimate) string {
	if !e.OK() {
		return Dash
	}
	return P(e.Value)
}

// UnitNumber writes an estimate that lies between −1 and 1.
func UnitNumber(e analysis.Estimate, places int) string {
	if !e.OK() {
		return Dash
	}
	return Unit(e.Value, places)
}

// PlacesFor is how many decimals scores of this spread need: two, and more for
// measures in small units, so that two digits of the spread are seen.
func PlacesFor(sd analysis.Estimate) int {
	if !sd.OK() || sd.Value <= 0 {
		return 2
	}
	return min(max(2, 1-int(math.Floor(math.Log10(sd.Value)))), 8)
}

// PlainNumber writes v with as few decimals as it needs, at most 3.
func PlainNumber(v float64) string {
	s := Decimal(v, 3)
	if strings.Contains(s, ".") && !strings.Contains(s, "e") {
		s = strings.TrimRight(strings.TrimRight(s, "0"), ".")
	}
	return s
}
