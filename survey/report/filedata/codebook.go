package filedata

import (
	"slices"
	"strconv"
	"strings"

	"tidemark/survey/instrument"
	"tidemark/survey/report/sheet"
)

// Codebook says what the variables of a file are: a row for each, as people keep
// them, or as Tidemark exports them.
type Codebook struct {
	Variables []Variable
}

// Variable is a row of a codebook.
type Variable struct {
	Name, Label string
	// Role is id, group, run, wave, dose, baseline, score, item; empty: unknown.
	Role string
	// Wave and Scale place scores and items.
	Wave, Scale string
	Reversed    bool
	Min, Max    *float64
	Direction   instrument.Direction
	// Missing are the cells that mean missing in this column.
	Missing []string
	// Values are labels of codes, by code.
	Values map[string]string
	Unit   string
	// Text says that numbers are codes of groups.
	Text bool
}

// columnsOf are the names under which codebooks have their columns.
func columnsOf() map[string][]string {
	return map[string][]string{
		"name": {"variable", "name", "column", "field", "variablename"}, "label": {"label", "description", "variablelabel", "fieldlabel"},
		"role": {"role"}, "wave": {"wave", "timepoint", "time"}, "scale": {"scale", "scales", "outcome"}, "reverse": {"reverse", "reversed", "reversedin"},
		"min": {"min", "minimum"}, "max": {"max", "maximum"}, "direction": {"direction"},
		"missing": {"missingcodes", "missing", "missingvalues"}, "values": {"values", "valuelabels", "choices", "codes"}, "unit": {"unit"}, "type": {"type"},
		"scoring": {"scoring"}, "item": {"itemorscale"},
	}
}

// ReadCodebook reads a codebook from its sheet. sheet.UnknownColumnError when
// it names no variables.
func ReadCodebook(s *sheet.Sheet) (*Codebook, error) {
	at := map[string]int{}
	for what, names := range columnsOf() {
		at[what] = slices.IndexFunc(s.Header, func(h string) bool {
			return slices.Contains(names, strings.NewReplacer("_", "", " ", "", "-", "").Replace(strings.ToLower(h)))
		})
	}
	if at["name"] < 0 {
		return nil, sheet.UnknownColumnError{Name: "variable", Have: s.Header}
	}
	b := &Codebook{}
	var faults sheet.Faults
	for _, row := range s.Rows {
		cell := func(what string) string {
			if at[what] < 0 {
				return ""
			}
			return row.Cells[at[what]]
		}
		number := func(what string) *float64 {
			text := strings.Replace(cell(what), ",", ".", 1)
			if text == "" {
				return nil
			}
			v, err := strconv.ParseFloat(text, 64)
			if err != nil || v != v || v > 1e300 || v < -1e300 {
				faults = append(faults, sheet.Fault{Line: row.Line, Column: s.Header[at[what]], Text: strconv.Quote(cell(what)) + " is not a number"})
				return nil
			}
			return &v
		}
		v := Variable{
			Name: cell("name"), Label: cell("label"), Role: strings.ToLower(cell("role")), Wave: cell("wave"), Scale: cell("scale"),
			Reversed: truthy(cell("reverse")), Min: number("min"), Max: number("max"), Direction: directionOf(cell("direction")),
			Missing: missingOf(cell("missing")), Values: valuesOf(cell("values")), Unit: cell("unit"),
			Text: strings.Contains(strings.ToLower(cell("type")), "categor") || strings.EqualFold(cell("type"), "text"),
		}
		if at["item"] >= 0 { // our own export
			v.exported(cell("item"), cell("scoring"))
		}
		if v.Name != "" {
			b.Variables = append(b.Variables, v)
		}
	}
	if len(faults) > 0 {
		return nil, faults
	}
	return b, nil
}

// exported reads the roles of a codebook that Tidemark wrote: those of questions
// and scales follow from what they are scored by.
func (v *Variable) exported(key, scoring string) {
	switch {
	case v.Name == "participant":
		v.Role = "id"
	case v.Name == "arm":
		v.Role = "group"
	case v.Name == "run":
		v.Role = "run"
	case scoring != "" && v.Wave != "":
		v.Role, v.Scale, v.Reversed = "score", key, false
	case key != "" && v.Wave != "":
		v.Role = "item"
	}
}

func truthy(s string) bool {
	return s != "" && !slices.Contains([]string{"0", "no", "n", "false", "-", "nein"}, strings.ToLower(s))
}

func directionOf(s string) instrument.Direction {
	s = strings.ToLower(s)
	switch {
	case strings.HasPrefix(s, "high"), s == "+":
		return instrument.HigherBetter
	case strings.HasPrefix(s, "low"), s == "-":
		return instrument.LowerBetter
	}
	return instrument.Neutral
}

// missingOf takes codes from "99; -9" or "99 = refused"; a sentence has none.
func missingOf(s string) []string {
	if strings.HasPrefix(s, "empty") {
		return nil
	}
	var codes []string
	for part := range strings.FieldsFuncSeq(s, func(r rune) bool { return r == ';' || r == ',' || r == '|' }) {
		code, _, _ := strings.Cut(part, "=")
		if code = strings.TrimSpace(code); code != "" {
			codes = append(codes, code)
		}
	}
	return codes
}

// valuesOf takes labels from "0 = wait-list; 1 = course".
func valuesOf(s string) map[string]string {
	values := map[string]string{}
	for part := range strings.FieldsFuncSeq(s, func(r rune) bool { return r == ';' || r == '|' }) {
		code, label, ok := strings.Cut(part, "=")
		if ok {
			values[strings.TrimSpace(code)] = strings.TrimSpace(label)
		}
	}
	return values
}

// Find is what the codebook says of a column; a codebook that is nil says
// nothing.
func (b *Codebook) Find(name string) (Variable, bool) {
	if b == nil {
		return Variable{}, false
	}
	i := slices.IndexFunc(b.Variables, func(v Variable) bool { return v.Name == name })
	if i < 0 {
		return Variable{}, false
	}
	return b.Variables[i], true
}

func (b *Codebook) label(name string) string {
	if v, ok := b.Find(name); ok && v.Label != "" {
		return v.Label
	}
	return name
}

func (b *Codebook) unit(name string) string { v, _ := b.Find(name); return v.Unit }

// value is the label of a code.
func (b *Codebook) value(name, code string) string {
	v, _ := b.Find(name)
	if label := v.Values[code]; label != "" {
		return label
	}
	return code
}

// groups reports whether a column's numbers are codes of groups.
func (b *Codebook) groups(name string) bool {
	v, ok := b.Find(name)
	return ok && (v.Text || len(v.Values) > 1)
}

// blank empties the cells that mean missing in their column.
func (b *Codebook) blank(s *sheet.Sheet) {
	for _, v := range b.Variables {
		c := slices.Index(s.Header, v.Name)
		if c < 0 || len(v.Missing) == 0 {
			continue
		}
		for _, r := range s.Rows {
			if slices.Contains(v.Missing, r.Cells[c]) {
				r.Cells[c] = ""
			}
		}
	}
}
