package stata

import (
	"bufio"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"math"
	"os"
	"time"

	"tidemark/survey/export/dataset"
)

// Writer writes one file.
type Writer struct {
	to   io.Writer
	head *header
	rows *bufio.Writer
	left int // rows still to come
	row  []byte
	// Texts that are too long for a column stand behind the rows, and the file says
	// at its beginning where: with such, both wait in files until the end.
	rowFile, textFile *os.File
	texts             *bufio.Writer
	textBytes         int64
	number            int // of the row, from 1
	err               error
}

// New begins a file. It fails for a table that [dataset.Table.Check] refuses.
func New(w io.Writer, t dataset.Table) (*Writer, error) {
	if err := t.Check(); err != nil {
		return nil, fmt.Errorf("stata file: %w", err)
	}
	if len(t.Variables) > math.MaxInt16 {
		return nil, fmt.Errorf("stata file: %d variables are more than Stata can have", len(t.Variables))
	}
	sw := &Writer{to: w, head: newHeader(t), left: t.Rows}
	if !sw.head.hasLong() {
		sw.rows = bufio.NewWriterSize(w, 64<<10)
		sw.head.write(sw.rows, 0)
		return sw, nil
	}
	var err error
	if sw.rowFile, err = os.CreateTemp("", "tidemark-*"); err != nil {
		return nil, fmt.Errorf("stata file: %w", err)
	}
	if sw.textFile, err = os.CreateTemp("", "tidemark-*"); err != nil {
		return nil, errors.Join(fmt.Errorf("stata file: %w", err), sw.discard())
	}
	sw.rows, sw.texts = bufio.NewWriterSize(sw.rowFile, 64<<10), bufio.NewWriterSize(sw.textFile, 64<<10)
	return sw, nil
}

// discard removes what waited.
func (w *Writer) discard() error {
	var err error
	for _, f := range []*os.File{w.rowFile, w.textFile} {
		if f != nil {
			err = errors.Join(err, f.Close(), os.Remove(f.Name()))
		}
	}
	w.rowFile, w.textFile = nil, nil
	return err
}

// Row writes one row.
func (w *Writer) Row(cells []dataset.Cell) error {
	if w.err != nil {
		return w.err
	}
	if len(cells) != len(w.head.columns) {
		return fmt.Errorf("stata file: %d cells for %d variables", len(cells), len(w.head.columns))
	}
	if w.left--; w.left < 0 {
		return errors.New("stata file: more rows than were announced")
	}
	w.number++
	w.row = w.row[:0]
	for i := range cells {
		if err := w.cell(i, cells[i]); err != nil {
			w.err = fmt.Errorf("stata file: %w", err)
			return w.err
		}
	}
	_, w.err = w.rows.Write(w.row)
	return w.err
}

// noNumber is the missing value without a reason; .a, .b and so on follow in steps.
const (
	noNumber   = 0x7fe0000000000000
	missingGap = 0x0000010000000000
)

func (w *Writer) cell(i int, v dataset.Cell) error {
	c := &w.head.columns[i]
	if c.Kind == dataset.Text {
		return w.text(i, c, v)
	}
	bits := uint64(noNumber)
	switch {
	case !v.Given():
		if n, known := w.head.letter[v.Reason()]; known && c.Knows(v.Reason()) {
			bits += uint64(n+1) * missingGap
		}
	case c.Kind == dataset.Number:
		bits = math.Float64bits(v.Number())
	case c.Kind == dataset.Day:
		bits = math.Float64bits(math.Floor(since(v.Time()) / (24 * 60 * 60 * 1000)))
	default:
		bits = math.Float64bits(since(v.Time()))
	}
	if v.Given() && math.Abs(math.Float64frombits(bits)) >= 0x1p1023 {
		return fmt.Errorf("%s: a number of this size means missing in Stata", c.Name)
	}
	w.row = binary.LittleEndian.AppendUint64(w.row, bits)
	return nil
}

// text puts a text into the row, or a place where it stands.
func (w *Writer) text(i int, c *column, v dataset.Cell) error {
	s := v.Text()
	if !v.Given() {
		s = ""
	}
	if len(s) > c.Width {
		return fmt.Errorf("a text of %s is longer than the %d bytes that were announced", c.Name, c.Width)
	}
	if !c.long {
		w.row = append(w.row, s...)
		for n := len(s); n < c.Width; n++ {
			w.row = append(w.row, 0)
		}
		return nil
	}
	if s == "" {
		w.row = binary.LittleEndian.AppendUint64(w.row, 0)
		return nil
	}
	// Variable in the first two bytes, row in the other six.
	w.row = binary.LittleEndian.AppendUint64(w.row, uint64(i+1)|uint64(w.number)<<16)
	b := []byte("GSO")
	b = binary.LittleEndian.AppendUint32(b, uint32(i+1))
	b = binary.LittleEndian.AppendUint64(b, uint64(w.number))
	b = append(b, 130) // text
	b = binary.LittleEndian.AppendUint32(b, uint32(len(s)+1))
	b = append(append(b, s...), 0)
	w.textBytes += int64(len(b))
	_, err := w.texts.Write(b)
	return err
}

// Close ends the file.
func (w *Writer) Close() error {
	err := w.err
	if err == nil && w.left != 0 {
		err = fmt.Errorf("%d rows fewer than were announced", w.left)
	}
	if err == nil {
		err = w.finish()
	}
	if err = errors.Join(err, w.discard()); err != nil {
		return fmt.Errorf("stata file: %w", err)
	}
	return nil
}

func (w *Writer) finish() error {
	if w.texts == nil {
		return errors.Join(w.head.end(w.rows, func() error { return nil }), w.rows.Flush())
	}
	if err := errors.Join(w.rows.Flush(), w.texts.Flush()); err != nil {
		return err
	}
	out := bufio.NewWriterSize(w.to, 64<<10)
	w.head.write(out, w.textBytes)
	if err := pour(out, w.rowFile); err != nil {
		return err
	}
	if err := w.head.end(out, func() error { return pour(out, w.textFile) }); err != nil {
		return err
	}
	return out.Flush()
}

func pour(to io.Writer, from *os.File) error {
	_, err := from.Seek(0, io.SeekStart)
	if err == nil {
		_, err = io.Copy(to, from)
	}
	return err
}

// epoch is the day from which Stata counts.
var epoch = time.Date(1960, time.January, 1, 0, 0, 0, 0, time.UTC)

// since is in milliseconds.
func since(t time.Time) float64 { return float64(t.UnixMilli() - epoch.UnixMilli()) }
