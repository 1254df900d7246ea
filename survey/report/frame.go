package report

import (
	"encoding/csv"
	"io"
	"strconv"
	"strings"

	"tidemark/analysis"
)

// Frame is a table for programs: one number a cell, in full. A cell whose number
// does not exist is empty, and the last column says of the row what is missing
// and why.
type Frame struct {
	Name   string
	Header []string
	Rows   [][]string
}

// WriteCSV writes the frame as CSV (RFC 4180), with a header.
func (f Frame) WriteCSV(w io.Writer) error {
	c := csv.NewWriter(w)
	c.UseCRLF = true
	if err := c.Write(f.Header); err != nil {
		return err
	}
	return c.WriteAll(f.Rows)
}

// record builds one row and, with the first one, the header.
type record struct {
	header, cells, reasons []string
}

func (r *record) text(column, value string) *record {
	r.header = append(r.header, column)
	r.cells = append(r.cells, harmless(value))
	return r
}

// harmless keeps a spreadsheet from taking a text for a formula.
func harmless(s string) string {
	if s != "" && strings.ContainsRune("=+-@\t\r", rune(s[0])) {
		return "'" + s
	}
	return s
}

func (r *record) int(column string, n int) *record {
	return r.raw(column, strconv.Itoa(n))
}

// float writes the shortest decimals that read back as the same number.
func (r *record) float(column string, v float64) *record {
	return r.raw(column, strconv.FormatFloat(v, 'g', -1, 64))
}

func (r *record) raw(column, cell string) *record {
	r.header = append(r.header, column)
	r.cells = append(r.cells, cell)
	return r
}

func (r *record) estimate(column string, e analysis.Estimate) *record {
	if e.OK() {
		return r.float(column, e.Value)
	}
	return r.absent(column, e.Reason)
}

func (r *record) absent(column string, why analysis.Reason) *record {
	r.reasons = append(r.reasons, column+": "+Say(why))
	return r.raw(column, "")
}

func (r *record) interval(column string, v analysis.Interval) *record {
	if v.OK() {
		return r.float(column+"_low", v.Low).float(column+"_high", v.High)
	}
	return r.absent(column+"_low", v.Reason).absent(column+"_high", v.Reason)
}

func (r *record) count(column string, c Count, exists analysis.Reason) *record {
	switch {
	case exists != "":
		return r.absent(column, exists)
	case c.Hidden:
		return r.absent(column, ReasonTooFewPeople)
	}
	return r.int(column, c.N)
}

// into ends the row and adds it to a frame.
func (r *record) into(f *Frame) {
	r.text("missing", strings.Join(r.reasons, "; "))
	f.Header = r.header
	f.Rows = append(f.Rows, r.cells)
}
