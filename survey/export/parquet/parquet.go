package parquet

import (
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"io"

	"tidemark/survey/export/dataset"
)

// What is held at most: a group of rows goes out when it has as many cells or bytes.
const (
	cellsInGroup = 400_000
	bytesInGroup = 8 << 20
)

// magic begins and ends a file.
const magic = "PAR1"

// Writer writes one file.
type Writer struct {
	to          io.Writer
	at          int64 // bytes written
	variables   []dataset.Variable
	columns     []column
	why         []int // by variable, the column of its reasons; 0: it has none
	name        string
	program     string
	description string
	left        int
	rows        int64
	held        int // bytes of the values of the group being filled
	groups      []group
	mostCells   int // of a group of rows
	err         error
}

// New begins a file. It fails for a table that [dataset.Table.Check] refuses.
func New(w io.Writer, t dataset.Table) (*Writer, error) {
	if err := t.Check(); err != nil {
		return nil, fmt.Errorf("parquet file: %w", err)
	}
	d := describe(t)
	text, err := json.Marshal(d)
	if err != nil {
		return nil, fmt.Errorf("parquet file: %w", err)
	}
	pw := &Writer{
		to: w, variables: t.Variables, why: make([]int, len(t.Variables)), left: t.Rows, mostCells: cellsInGroup,
		name: t.Name, program: t.Program, description: string(text),
	}
	for _, v := range t.Variables {
		pw.columns = append(pw.columns, column{name: v.Name, kind: v.Kind})
	}
	for i, v := range d.Variables {
		if v.MissingName != "" {
			pw.why[i] = len(pw.columns)
			pw.columns = append(pw.columns, column{name: v.MissingName, kind: dataset.Text})
		}
	}
	pw.write([]byte(magic))
	return pw, pw.err
}

func (w *Writer) write(b []byte) {
	if w.err != nil {
		return
	}
	n, err := w.to.Write(b)
	w.at += int64(n)
	if err != nil {
		w.err = fmt.Errorf("parquet file: %w", err)
	}
}

// Row writes one row.
func (w *Writer) Row(cells []dataset.Cell) error {
	if w.err != nil {
		return w.err
	}
	if len(cells) != len(w.variables) {
		return fmt.Errorf("parquet file: %d cells for %d variables", len(cells), len(w.variables))
	}
	if w.left--; w.left < 0 {
		return errors.New("parquet file: more rows than were announced")
	}
	for i, c := range cells {
		if c.Reason() != "" && w.why[i] == 0 {
			return fmt.Errorf("parquet file: %s is missing as %q, which is none of its reasons", w.variables[i].Name, c.Reason())
		}
	}
	for i, c := range cells {
		w.columns[i].add(c)
		w.held += 8 + len(c.Text())
		if w.why[i] == 0 {
			continue
		}
		if why := &w.columns[w.why[i]]; c.Reason() != "" {
			why.text(c.Reason())
		} else {
			why.null()
		}
	}
	w.rows++
	if n := len(w.columns[0].there); n*len(w.columns) >= w.mostCells || w.held >= bytesInGroup {
		w.flush()
	}
	return w.err
}

// flush writes the group of rows that is held.
func (w *Writer) flush() {
	g := group{rows: len(w.columns[0].there)}
	if g.rows == 0 {
		return
	}
	for i := range w.columns {
		page, c, err := w.columns[i].page()
		if err != nil && w.err == nil {
			w.err = fmt.Errorf("parquet file: %w", err)
		}
		c.offset = w.at
		w.write(page)
		g.chunks = append(g.chunks, c)
	}
	w.groups, w.held = append(w.groups, g), 0
}

// Close ends the file.
func (w *Writer) Close() error {
	if w.left != 0 {
		return fmt.Errorf("parquet file: %d rows fewer than were announced", w.left)
	}
	if len(w.columns) > 0 {
		w.flush()
	}
	end := w.footer()
	end = binary.LittleEndian.AppendUint32(end, uint32(len(end)))
	w.write(append(end, magic...))
	return w.err
}
