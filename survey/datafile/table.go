package datafile

import (
	"bytes"
	"fmt"
)

// Kind is what the cells of a column are, as far as its file says.
type Kind string

// The kinds. Those of CSV are all texts.
const (
	Text    Kind = "text"
	Number  Kind = "number"
	Day     Kind = "day"
	Instant Kind = "instant"
)

// Label is what a value means.
type Label struct{ Value, Text string }

// Column is one variable.
type Column struct {
	Name   string // never empty: "column 3" where the file has none
	Label  string
	Kind   Kind
	Labels []Label
	// Missing tells which values the file declares as missing, in words; their
	// cells are empty.
	Missing string
}

// Row is one row with something in it, with as many cells as there are columns.
type Row struct {
	// Line is where it stands: the line of a CSV file, the number of a case of an
	// SPSS file; from 1.
	Line  int
	Cells []string
}

// Table is a file taken apart.
type Table struct {
	Format  string // "csv" or "sav"
	Columns []Column
	Rows    []Row
	// Notes say what was found out about the file, for people.
	Notes []string
	// DecimalComma: cells are separated by something else than commas, so that a
	// number may have one.
	DecimalComma bool
	// Emptied counts the cells of values that the file declares as missing.
	Emptied int
}

// Limits bound what is read.
type Limits struct {
	Bytes, Columns, Rows, Cells int
	// Cell bounds the bytes of one cell.
	Cell int
}

// Usual are the limits of a file that somebody uploads.
func Usual() Limits {
	return Limits{Bytes: 32 << 20, Columns: 5000, Rows: 200_000, Cells: 6_000_000, Cell: 64 << 10}
}

// Error is why a file cannot be read, in words for whoever has it.
type Error struct{ Text string }

// Error is the text.
func (e *Error) Error() string { return e.Text }

func fault(format string, args ...any) error { return &Error{fmt.Sprintf(format, args...)} }

// Read takes a file apart. The error is an [Error].
func Read(data []byte, l Limits) (*Table, error) {
	switch {
	case len(data) > l.Bytes:
		return nil, fault("The file is larger than %d MB; divide it into parts.", l.Bytes>>20)
	case len(bytes.TrimSpace(data)) == 0:
		return nil, fault("The file is empty.")
	case bytes.HasPrefix(data, []byte("$FL2")), bytes.HasPrefix(data, []byte("$FL3")):
		return readSAV(data, l)
	}
	return readCSV(data, l)
}

// room reports whether one more row fits.
func (t *Table) room(l Limits) error {
	switch {
	case len(t.Rows) >= l.Rows:
		return fault("The file has more than %d rows; divide it into parts.", l.Rows)
	case (len(t.Rows)+1)*len(t.Columns) > l.Cells:
		return fault("The file has more than %d cells; take out columns that are not needed, or divide it into parts.", l.Cells)
	}
	return nil
}

// Column finds a column by its name, or is -1.
func (t *Table) Column(name string) int {
	for i, c := range t.Columns {
		if c.Name == name {
			return i
		}
	}
	return -1
}
