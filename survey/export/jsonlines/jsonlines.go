package jsonlines

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math"
	"strconv"
	"time"

	"tidemark/survey/export/dataset"
)

// TimeForm is ISO 8601 in UTC with milliseconds.
const TimeForm = "2006-01-02T15:04:05.000Z"

// Writer writes one file.
type Writer struct {
	out       *bufio.Writer
	variables []dataset.Variable
	keys      [][]byte // `"name":`
	left      int
	line      []byte
	missing   []byte
}

// New begins a file. It fails for a table that [dataset.Table.Check] refuses.
func New(w io.Writer, t dataset.Table) (*Writer, error) {
	if err := t.Check(); err != nil {
		return nil, fmt.Errorf("json lines: %w", err)
	}
	jw := &Writer{out: bufio.NewWriterSize(w, 64<<10), variables: t.Variables, left: t.Rows}
	for _, v := range t.Variables {
		jw.keys = append(jw.keys, []byte(strconv.Quote(v.Name)+":"))
	}
	return jw, nil
}

// Row writes one row.
func (w *Writer) Row(cells []dataset.Cell) error {
	if len(cells) != len(w.variables) {
		return fmt.Errorf("json lines: %d cells for %d variables", len(cells), len(w.variables))
	}
	if w.left--; w.left < 0 {
		return errors.New("json lines: more rows than were announced")
	}
	w.line, w.missing = append(w.line[:0], '{'), w.missing[:0]
	for i, c := range cells {
		if i > 0 {
			w.line = append(w.line, ',')
		}
		w.line = append(w.line, w.keys[i]...)
		if err := w.value(w.variables[i].Kind, c); err != nil {
			return err
		}
		if c.Reason() == "" {
			continue
		}
		if len(w.missing) > 0 {
			w.missing = append(w.missing, ',')
		}
		w.missing = append(append(w.missing, w.keys[i]...), strconv.Quote(c.Reason())...)
	}
	if len(w.missing) > 0 {
		w.line = append(append(append(w.line, `,"_missing":{`...), w.missing...), '}')
	}
	_, err := w.out.Write(append(w.line, '}', '\n'))
	return err
}

func (w *Writer) value(kind dataset.Kind, c dataset.Cell) error {
	switch {
	case !c.Given():
		w.line = append(w.line, "null"...)
	case kind == dataset.Text:
		text, err := json.Marshal(c.Text())
		if err != nil {
			return fmt.Errorf("json lines: %w", err)
		}
		w.line = append(w.line, text...)
	case kind == dataset.Day:
		w.line = strconv.AppendQuote(w.line, c.Time().UTC().Format(time.DateOnly))
	case kind == dataset.Instant:
		w.line = strconv.AppendQuote(w.line, c.Time().UTC().Format(TimeForm))
	default:
		v := c.Number()
		if v == math.Trunc(v) && math.Abs(v) < 1e15 {
			w.line = strconv.AppendInt(w.line, int64(v), 10)
		} else {
			w.line = strconv.AppendFloat(w.line, v, 'g', -1, 64)
		}
	}
	return nil
}

// Close ends the file.
func (w *Writer) Close() error {
	if w.left != 0 {
		return fmt.Errorf("json lines: %d rows fewer than were announced", w.left)
	}
	if err := w.out.Flush(); err != nil {
		return fmt.Errorf("json lines: %w", err)
	}
	return nil
}
