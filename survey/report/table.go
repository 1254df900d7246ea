package report

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"tidemark/analysis"
)

// Table is a table for people: rounded, with one cell for what belongs together.
// Every row begins with its name.
type Table struct {
	// Name is short and fit for an address; the Frame of the same name has the
	// numbers in full.
	Name    string   `json:"name"`
	Caption string   `json:"caption"`
	Head    []Head   `json:"head"`
	Rows    []Row    `json:"rows"`
	Notes   []string `json:"notes"`
}

// Head is the head of a column.
type Head struct {
	Label   Sentence
	Numeric bool
}

// Row is a line of a Table.
type Row struct {
	Indent bool // a part of the row above
	Cells  []string
}

// The names of tables.
const (
	TableOutcomes    = "outcomes"
	TableTests       = "tests"
	TableChange      = "change"
	TableComparison  = "comparison"
	TableFlow        = "flow"
	TableExcluded    = "excluded"
	TableReliability = "reliability"
	TableAttrition   = "attrition"
)

// TableNames lists them in the order in which they are read.
func TableNames() []string {
	return []string{
		TableOutcomes, TableTests, TableChange, TableComparison,
		TableFlow, TableExcluded, TableReliability, TableAttrition,
	}
}

// TextHead heads a column of words.
func TextHead(label string) Head { return Head{Label: Words(label)} }

// NumberHead heads a column of numbers.
func NumberHead(label string) Head { return Head{Label: Words(label), Numeric: true} }

// SymbolHead heads a column of numbers by their symbol: an italic letter, with a
// subscript unless that is empty, and what follows it.
func SymbolHead(letter, sub, rest string) Head {
	return Head{Label: Sentence{}.Symbol(letter, sub).Say(rest), Numeric: true}
}

// Notes collects why numbers are missing: the same reason once, with everything
// it concerns.
type Notes struct {
	reasons []analysis.Reason
	where   map[analysis.Reason][]string
}

// Add notes a reason, unless it is empty, with what it concerns.
func (n *Notes) Add(why analysis.Reason, where string) {
	if why == "" {
		return
	}
	if n.where == nil {
		n.where = map[analysis.Reason][]string{}
	}
	if !slices.Contains(n.reasons, why) {
		n.reasons = append(n.reasons, why)
	}
	if !slices.Contains(n.where[why], where) {
		n.where[why] = append(n.where[why], where)
	}
}

// Estimates notes the reasons of estimates under one name.
func (n *Notes) Estimates(where string, es ...analysis.Estimate) {
	for _, e := range es {
		n.Add(e.Reason, where)
	}
}

// Lines are the notes as they stand beneath a table.
func (n *Notes) Lines() []string {
	var lines []string
	for _, r := range n.reasons {
		lines = append(lines, Dash+" "+Say(r)+" ("+strings.Join(n.where[r], ", ")+").")
	}
	return lines
}

// MeanSD is "2.60 (0.59)".
func MeanSD(mean, sd analysis.Estimate, places int) string {
	if !mean.OK() {
		return Dash
	}
	return Decimal(mean.Value, places) + " (" + Number(sd, places) + ")"
}

// WithInterval is "0.62 [0.53, 0.72]".
func WithInterval(e analysis.Estimate, v analysis.Interval, places int) string {
	if !e.OK() {
		return Dash
	}
	return Decimal(e.Value, places) + " " + Brackets(v, places)
}

// TDF is "12.91 (85)".
func TDF(t, df analysis.Estimate) string {
	if !t.OK() {
		return Dash
	}
	return Decimal(t.Value, 2) + " (" + Freedom(df.Value) + ")"
}

// String is the number, or "hidden".
func (c Count) String() string {
	if c.Hidden {
		return "hidden"
	}
	return strconv.Itoa(c.N)
}

// String is the table in a fixed-width font.
func (t Table) String() string {
	head := make([]string, len(t.Head))
	for i, h := range t.Head {
		head[i] = h.Label.String()
	}
	lines := [][]string{head}
	for _, r := range t.Rows {
		cells := slices.Clone(r.Cells)
		if r.Indent {
			cells[0] = "  " + cells[0]
		}
		lines = append(lines, cells)
	}
	width := make([]int, len(head))
	for _, line := range lines {
		for i, cell := range line {
			width[i] = max(width[i], len([]rune(cell)))
		}
	}
	var b strings.Builder
	b.WriteString(t.Caption + "\n")
	for k, line := range lines {
		for i, cell := range line {
			pad := strings.Repeat(" ", width[i]-len([]rune(cell)))
			switch {
			case t.Head[i].Numeric:
				b.WriteString(pad + cell)
			case i < len(line)-1:
				b.WriteString(cell + pad)
			default:
				b.WriteString(cell)
			}
			if i < len(line)-1 {
				b.WriteString("  ")
			}
		}
		b.WriteByte('\n')
		if k == 0 {
			total := 2 * (len(width) - 1)
			for _, w := range width {
				total += w
			}
			b.WriteString(strings.Repeat("─", total) + "\n")
		}
	}
	for _, n := range t.Notes {
		fmt.Fprintln(&b, n)
	}
	return b.String()
}
