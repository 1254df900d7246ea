package jamovi

import (
	"encoding/binary"
	"fmt"
	"math"
	"strings"

	"tidemark/survey/export/dataset"
)

// stored is how the values of a column stand in data.bin.
type stored int

const (
	decimal stored = iota // eight bytes
	whole                 // the number itself, four bytes
	levels                // which of the known texts
	text                  // where in strings.bin
)

// column is a variable with its values.
type column struct {
	dataset.Variable
	stored stored
	data   []byte
	known  []string // of levels
	index  map[string]int
}

func newColumn(v dataset.Variable, codes map[string]float64) *column {
	c := &column{Variable: v, stored: decimal, index: map[string]int{}}
	switch {
	case v.Kind == dataset.Text && (v.Measure == dataset.ID || v.Width > widestLevel):
		c.stored = text
	case v.Kind == dataset.Text:
		c.stored = levels
		for _, k := range v.Categories {
			c.level(k.Value)
		}
	case v.Kind == dataset.Number && v.Measure != dataset.Scale && v.Decimals == 0 && isWhole(v, codes):
		c.stored = whole
	}
	return c
}

// widestLevel is the width in bytes of a text that can tell groups apart; longer
// ones are what people wrote.
const widestLevel = 255

// isWhole reports whether all labels of a variable are of whole numbers that fit.
func isWhole(v dataset.Variable, codes map[string]float64) bool {
	fits := func(x float64) bool { return x == math.Trunc(x) && math.Abs(x) < math.MaxInt32 }
	for _, l := range v.Labels {
		if !fits(l.Value) {
			return false
		}
	}
	for _, r := range v.Reasons {
		if !fits(codes[r.Key]) {
			return false
		}
	}
	return true
}

// level is the number of a text among those that are known, from now on at least.
func (c *column) level(s string) int {
	i, ok := c.index[s]
	if !ok {
		i = len(c.known)
		c.index[s], c.known = i, append(c.known, s)
	}
	return i
}

func (c *column) put(v int32) { c.data = binary.LittleEndian.AppendUint32(c.data, uint32(v)) }

// size is the number of bytes of a value.
func (c *column) size() int {
	if c.stored == decimal {
		return 8
	}
	return 4
}

func (c *column) kind() string {
	return map[stored]string{decimal: "number", whole: "integer", levels: "integer", text: "string"}[c.stored]
}

func (c *column) dataType() string {
	return map[stored]string{decimal: "Decimal", whole: "Integer", levels: "Text", text: "Text"}[c.stored]
}

// measure is the level of measurement. Texts beyond levels can be an ID alone, and
// decimals are continuous.
func (c *column) measure() string {
	switch {
	case c.stored == text:
		return "ID"
	case c.stored == decimal:
		return "Continuous"
	case c.Measure == dataset.Ordinal:
		return "Ordinal"
	default:
		return "Nominal"
	}
}

// description is the label, with what has no other place.
func (c *column) description() string {
	parts := []string{strings.Join(strings.Fields(c.Label), " ")}
	if c.Kind == dataset.Day || c.Kind == dataset.Instant {
		parts = append(parts, "in days since 1970-01-01")
	}
	if c.stored == decimal {
		for _, l := range c.Labels {
			parts = append(parts, fmt.Sprintf("%v = %s", l.Value, l.Text))
		}
	}
	return strings.Join(parts, "; ")
}
