package export

import (
	"io"
	"math"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"
)

// table writes rows of CSV, cell by cell. The first failure of the writer below
// stays and is returned by end.
type table struct {
	w     io.Writer
	buf   []byte
	first bool // the next cell begins its row
	err   error
}

// flushAt is how much is gathered before it is passed on.
const flushAt = 32 << 10

// timeForm is ISO 8601 in UTC with the milliseconds that are stored.
const timeForm = "2006-01-02T15:04:05.000Z"

func newTable(w io.Writer, header []string) *table {
	t := &table{w: w, buf: make([]byte, 0, flushAt+4096), first: true}
	for _, name := range header {
		t.text(name)
	}
	_ = t.endRow() // kept in t.err
	return t
}

func (t *table) cell() {
	if !t.first {
		t.buf = append(t.buf, ',')
	}
	t.first = false
}

// empty writes a cell with nothing in it.
func (t *table) empty() { t.cell() }

// text writes a cell that a spreadsheet shows and never computes.
func (t *table) text(s string) {
	t.cell()
	t.buf = appendText(t.buf, s)
}

// number writes a number with every digit it has.
func (t *table) number(v float64) {
	t.cell()
	t.buf = appendNumber(t.buf, v)
}

// optional writes a number that may be missing.
func (t *table) optional(v float64, given bool) {
	if given {
		t.number(v)
	} else {
		t.empty()
	}
}

func (t *table) integer(n int) {
	t.cell()
	t.buf = strconv.AppendInt(t.buf, int64(n), 10)
}

// time writes an instant; the zero time is an empty cell.
func (t *table) time(at time.Time) {
	t.cell()
	t.buf = appendTime(t.buf, at)
}

// raw writes cells that were formed before.
func (t *table) raw(cells []byte) {
	t.cell()
	t.buf = append(t.buf, cells...)
}

// endRow ends the row; what it returns is the first failure so far, so that a
// long export stops soon after whoever reads it has gone.
func (t *table) endRow() error {
	t.buf = append(t.buf, '\n')
	t.first = true
	if len(t.buf) >= flushAt {
		t.flush()
	}
	return t.err
}

func (t *table) flush() {
	if t.err == nil && len(t.buf) > 0 {
		_, t.err = t.w.Write(t.buf)
	}
	t.buf = t.buf[:0]
}

// end passes on what is left.
func (t *table) end() error {
	t.flush()
	return t.err
}

func appendNumber(b []byte, v float64) []byte {
	if v == math.Trunc(v) && math.Abs(v) < 1e15 {
		return strconv.AppendInt(b, int64(v), 10)
	}
	return strconv.AppendFloat(b, v, 'g', -1, 64)
}

func appendTime(b []byte, at time.Time) []byte {
	if at.IsZero() {
		return b
	}
	return at.UTC().AppendFormat(b, timeForm)
}

func appendText(b []byte, s string) []byte {
	guard := startsFormula(s)
	if !guard && !strings.ContainsAny(s, "\",;\t\r\n") && strings.TrimSpace(s) == s {
		return append(b, s...)
	}
	b = append(b, '"')
	if guard {
		b = append(b, '\'')
	}
	for {
		i := strings.IndexByte(s, '"')
		if i < 0 {
			break
		}
		b = append(b, s[:i+1]...)
		b = append(b, '"')
		s = s[i+1:]
	}
	b = append(b, s...)
	return append(b, '"')
}

// startsFormula reports whether a spreadsheet could take the text for a formula:
// by its first character that is not a space, full-width forms included, or
// because it begins with a control character that some importers drop.
func startsFormula(s string) bool {
	if s == "" {
		return false
	}
	if s[0] == '\t' || s[0] == '\r' || s[0] == '\n' {
		return true
	}
	switch r, _ := utf8.DecodeRuneInString(strings.TrimLeft(s, " \u00a0")); r {
	case '=', '+', '-', '@', '＝', '＋', '－', '＠':
		return true
	}
	return false
}
