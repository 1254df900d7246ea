package spss

import (
	"bufio"
	"encoding/binary"
	"fmt"
	"io"
	"math"
	"time"

	"tidemark/survey/export/dataset"
)

// Writer writes one file.
type Writer struct {
	out     *bufio.Writer
	columns []column
	codes   map[string]float64
	left    int // rows still to come

	// A command for each of eight values, and the bytes of those that need some.
	commands [8]byte
	pending  int
	raw      []byte
	text     []byte // of one string, filled up with blanks
	err      error
}

// The commands of the packed form.
const (
	bias       = 100.0
	cmdEnd     = 252
	cmdRaw     = 253
	cmdBlanks  = 254
	cmdMissing = 255
	lastPacked = 251
)

// New begins a file: everything that describes the table is written at once.
// It fails for a table that [dataset.Table.Check] refuses.
func New(w io.Writer, t dataset.Table) (*Writer, error) {
	if err := t.Check(); err != nil {
		return nil, fmt.Errorf("spss file: %w", err)
	}
	d := newDictionary(t)
	sw := &Writer{out: bufio.NewWriterSize(w, 64<<10), columns: d.columns, codes: d.codes, left: t.Rows}
	d.write(sw.out)
	return sw, nil
}

// Row writes one row.
func (w *Writer) Row(cells []dataset.Cell) error {
	if w.err != nil {
		return w.err
	}
	if len(cells) != len(w.columns) {
		return fmt.Errorf("spss file: %d cells for %d variables", len(cells), len(w.columns))
	}
	if w.left--; w.left < 0 {
		return fmt.Errorf("spss file: more rows than were announced")
	}
	for i := range cells {
		w.cell(&w.columns[i], cells[i])
	}
	return w.err
}

func (w *Writer) cell(c *column, v dataset.Cell) {
	if c.Kind == dataset.Text {
		w.string(c, v)
		return
	}
	number, given := 0.0, v.Given()
	switch {
	case !given:
		number, given = w.codes[v.Reason()], c.tells() && c.Knows(v.Reason())
	case c.Kind == dataset.Number:
		number = v.Number()
	default:
		number = seconds(v.Time())
	}
	if !given {
		w.put(cmdMissing, nil)
		return
	}
	w.number(number)
}

func (w *Writer) number(v float64) {
	if v == math.Trunc(v) && v+bias >= 1 && v+bias <= lastPacked && !(v == 0 && math.Signbit(v)) {
		w.put(byte(v+bias), nil)
		return
	}
	var b [8]byte
	binary.LittleEndian.PutUint64(b[:], math.Float64bits(v))
	w.put(cmdRaw, b[:])
}

// string writes a text, cut into the segments that long ones have.
func (w *Writer) string(c *column, v dataset.Cell) {
	rest := []byte(v.Text())
	if !v.Given() {
		rest = nil
	}
	for _, s := range c.segments {
		n := min(len(rest), s.used)
		w.text = append(w.text[:0], rest[:n]...)
		rest = rest[n:]
		for len(w.text)%8 != 0 || len(w.text) < s.bytes() {
			w.text = append(w.text, ' ')
		}
		for at := 0; at < len(w.text); at += 8 {
			if eight := w.text[at : at+8]; string(eight) == "        " {
				w.put(cmdBlanks, nil)
			} else {
				w.put(cmdRaw, eight)
			}
		}
	}
	if len(rest) > 0 && w.err == nil {
		w.err = fmt.Errorf("spss file: a text of %s is longer than the %d bytes that were announced", c.Name, c.Width)
	}
}

// put adds a command with what it needs, and passes on eight at a time.
func (w *Writer) put(command byte, raw []byte) {
	w.commands[w.pending] = command
	w.raw = append(w.raw, raw...)
	if w.pending++; w.pending == len(w.commands) {
		w.flush()
	}
}

func (w *Writer) flush() {
	for i := w.pending; i < len(w.commands); i++ {
		w.commands[i] = 0
	}
	if w.err == nil {
		_, w.err = w.out.Write(w.commands[:])
	}
	if w.err == nil {
		_, w.err = w.out.Write(w.raw)
	}
	w.pending, w.raw = 0, w.raw[:0]
}

// Close ends the file.
func (w *Writer) Close() error {
	if w.err == nil && w.left != 0 {
		return fmt.Errorf("spss file: %d rows fewer than were announced", w.left)
	}
	w.put(cmdEnd, nil)
	if w.pending > 0 {
		w.flush()
	}
	if w.err == nil {
		w.err = w.out.Flush()
	}
	if w.err != nil {
		return fmt.Errorf("spss file: %w", w.err)
	}
	return nil
}

// epoch is the beginning of the Gregorian calendar, from which SPSS counts.
var epoch = time.Date(1582, time.October, 14, 0, 0, 0, 0, time.UTC)

// seconds are those since the beginning of the Gregorian calendar.
func seconds(t time.Time) float64 {
	const milli = 1000
	return float64(t.UnixMilli()-epoch.UnixMilli()) / milli
}
