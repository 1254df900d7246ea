package sheet

import (
	"errors"
	"fmt"
	"strings"
)

// Faults of a whole file.
var (
	ErrEmpty    = errors.New("the file has no rows of data; the first row must name the columns")
	ErrTooLarge = errors.New("the file is larger than 64 MB")
	ErrWorkbook = errors.New("this is a spreadsheet workbook; save it as CSV first (in Excel: Save As, CSV UTF-8)")
	ErrBinary   = errors.New("this is not a text file; save the data as CSV first")
)

// Fault is something in the file that cannot be used: where, and what to do.
type Fault struct {
	Line   int    // from 1; 0: the file as a whole
	Column string // empty: the row as a whole
	Text   string
	// Repeated says that an identifier stands in several rows.
	Repeated bool
}

// Error is the fault with its place.
func (f Fault) Error() string {
	switch {
	case f.Line == 0:
		return f.Text
	case f.Column == "":
		return fmt.Sprintf("line %d: %s", f.Line, f.Text)
	}
	return fmt.Sprintf("line %d, column %q: %s", f.Line, f.Column, f.Text)
}

// Faults are all faults of a file.
type Faults []Fault

// maxListed is how many faults are written out; a file with more has one cause.
const maxListed = 20

// Error lists the faults, one a line.
func (f Faults) Error() string {
	var b strings.Builder
	for i, fault := range f {
		if i == maxListed {
			fmt.Fprintf(&b, "\n… and %d more", len(f)-maxListed)
			break
		}
		if i > 0 {
			b.WriteByte('\n')
		}
		b.WriteString(fault.Error())
	}
	return b.String()
}

func (f Faults) orNil() error {
	if len(f) == 0 {
		return nil
	}
	return f
}

// UnknownColumnError says that the file has no such column, or several, and
// which it has.
type UnknownColumnError struct {
	Name  string
	Times int // how often the file has it: 0, or more than 1
	Have  []string
}

// Error names the columns there are.
func (e UnknownColumnError) Error() string {
	if e.Times > 1 {
		return fmt.Sprintf("%d columns are called %q; give them different names", e.Times, e.Name)
	}
	text := fmt.Sprintf("there is no column %q", e.Name)
	if near := Nearest(e.Name, e.Have); len(near) > 0 {
		text += "; did you mean " + quoted(near, " or ") + "?"
	}
	have, more := e.Have, ""
	if len(have) > maxNamed {
		have, more = have[:maxNamed], fmt.Sprintf(", … and %d more", len(e.Have)-maxNamed)
	}
	return text + "; the columns are " + quoted(have, ", ") + more
}

// maxNamed is how many columns are named before the reader is left to the file.
const maxNamed = 60

func quoted(names []string, between string) string {
	quoted := make([]string, len(names))
	for i, n := range names {
		quoted[i] = fmt.Sprintf("%q", n)
	}
	return strings.Join(quoted, between)
}

// shorten keeps a quoted cell from filling the screen.
func shorten(cell string) string {
	const most = 40
	if r := []rune(cell); len(r) > most {
		return string(r[:most]) + "…"
	}
	return cell
}
