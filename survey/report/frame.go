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

// Record builds one row of a Frame and, with the first one, the header.
type Record struct {
	header, cells, reasons []string
}

// Text adds a cell of words.
func (r *Record) Text(column, value string) *Record {
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

// Int adds a whole number.
func (r *Record) Int(column string, n int) *Record {
	return r.raw(column, strconv.Itoa(n))
}

// Float writes the shortest decimals that read back as the same number.
func (r *Record) Float(column string, v float64) *Record {
	return r.raw(column, strconv.FormatFloat(v, 'g', -1, 64))
}

func (r *Record) raw(column, cell string) *Record {
	r.header = append(r.header, column)
	r.cells = append(r.cells, cell)
	return r
}

// Estimate adds a number, or leaves the cell empty and notes the reason.
func (r *Record) Estimate(column string, e analysis.Estimate) *Record {
	if e.OK() {
		return r.Float(column, e.Value)
	}
	return r.absent(column, e.Reason)
}

func (r *Record) absent(column string, why analysis.Reason) *Record {
	r.reasons = append(r.reasons, column+": "+Say(why))
	return r.raw(column, "")
}

// Interval adds the two ends of an interval.
func (r *Record) Interval(column string, v analysis.Interval) *Record {
	if v.OK() {
		return r.Float(column+"_low", v.Low).Float(column+"_high", v.High)
	}
	return r.absent(column+"_low", v.Reason).absent(column+"_high", v.Reason)
}

// Count adds a number of people, unless it is hidden or does not exist.
func (r *Record) Count(column string, c Count, exists analysis.Reason) *Record {
	switch {
	case exists != "":
		return r.absent(column, exists)
	case c.Hidden:
		return r.absent(column, ReasonTooFewPeople)
	}
	return r.Int(column, c.N)
}

// Into ends the row and adds it to a frame.
func (r *Record) Into(f *Frame) {
	r.Text("missing", strings.Join(r.reasons, "; "))
	f.Header = r.header
	f.Rows = append(f.Rows, r.cells)
}
