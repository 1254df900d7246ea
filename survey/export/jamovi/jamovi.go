package jamovi

import (
	"archive/zip"
	"bytes"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math"
	"slices"
	"strings"

	"tidemark/survey/export/dataset"
)

// ErrTooLarge reports a table that would not fit into memory: the columns of a file
// stand one after the other, so all rows have to wait.
var ErrTooLarge = errors.New("too large for a jamovi file")

// mostBytes bounds what waits.
const mostBytes = 1 << 29

// Writer writes one file, when it is closed.
type Writer struct {
	to      io.Writer
	table   dataset.Table
	columns []*column
	codes   map[string]float64
	rows    int
	texts   bytes.Buffer // each ends with a zero
}

// noInteger is where a value of an integer column is missing.
const noInteger = math.MinInt32

// New begins a file. It fails for a table that [dataset.Table.Check] refuses, and
// with ErrTooLarge.
func New(w io.Writer, t dataset.Table) (*Writer, error) {
	if err := t.Check(); err != nil {
		return nil, fmt.Errorf("jamovi file: %w", err)
	}
	jw := &Writer{to: w, table: t, codes: t.Codes()}
	size := 0
	for _, v := range t.Variables {
		c := newColumn(v, jw.codes)
		size += c.size()
		jw.columns = append(jw.columns, c)
	}
	if t.Rows > 0 && size > mostBytes/t.Rows {
		return nil, fmt.Errorf("jamovi file: %w: %d rows of %d variables; take another format", ErrTooLarge, t.Rows, len(t.Variables))
	}
	for _, c := range jw.columns {
		c.data = make([]byte, 0, t.Rows*c.size())
	}
	return jw, nil
}

// Row keeps one row.
func (w *Writer) Row(cells []dataset.Cell) error {
	if len(cells) != len(w.columns) {
		return fmt.Errorf("jamovi file: %d cells for %d variables", len(cells), len(w.columns))
	}
	if w.rows++; w.rows > w.table.Rows {
		return errors.New("jamovi file: more rows than were announced")
	}
	for i, c := range w.columns {
		if err := w.cell(c, cells[i]); err != nil {
			return fmt.Errorf("jamovi file: %s: %w", c.Name, err)
		}
	}
	return nil
}

func (w *Writer) cell(c *column, v dataset.Cell) error {
	number, given := 0.0, v.Given()
	switch {
	case !given:
		number, given = w.codes[v.Reason()], c.Kind == dataset.Number && c.Knows(v.Reason())
	case c.Kind == dataset.Number:
		number = v.Number()
	case c.Kind == dataset.Text:
		return w.text(c, v.Text())
	default:
		number = float64(v.Time().UnixMilli()) / (24 * 60 * 60 * 1000)
	}
	if c.stored == decimal {
		if !given {
			number = math.NaN()
		}
		c.data = binary.LittleEndian.AppendUint64(c.data, math.Float64bits(number))
		return nil
	}
	value := int32(noInteger)
	if given && c.Kind == dataset.Number {
		if value = int32(number); float64(value) != number {
			return fmt.Errorf("%v is no whole number", number)
		}
	}
	c.put(value)
	return nil
}

func (w *Writer) text(c *column, s string) error {
	if s == "" {
		c.put(noInteger)
		return nil
	}
	if c.stored == levels {
		c.put(int32(c.level(s)))
		return nil
	}
	if strings.ContainsRune(s, 0) {
		return errors.New("a text with a zero byte")
	}
	if w.texts.Len()+len(s) > mostBytes {
		return ErrTooLarge
	}
	c.put(int32(w.texts.Len()))
	w.texts.WriteString(s)
	w.texts.WriteByte(0)
	return nil
}

// Close writes the file.
func (w *Writer) Close() error {
	if err := w.write(); err != nil {
		return fmt.Errorf("jamovi file: %w", err)
	}
	return nil
}

func (w *Writer) write() error {
	if w.rows != w.table.Rows {
		return fmt.Errorf("%d rows fewer than were announced", w.table.Rows-w.rows)
	}
	out := zip.NewWriter(w.to)
	part := func(name string, write func(io.Writer) error) error {
		// Without a time: the same table gives the same file.
		p, err := out.CreateHeader(&zip.FileHeader{Name: name, Method: zip.Deflate})
		if err == nil {
			err = write(p)
		}
		return err
	}
	text := func(s string) func(io.Writer) error {
		return func(p io.Writer) error { _, err := io.WriteString(p, s); return err }
	}
	object := func(v any) func(io.Writer) error {
		return func(p io.Writer) error { return json.NewEncoder(p).Encode(v) }
	}
	const manifest = "Manifest-Version: 1.0\nData-Archive-Version: 1.0.2\njamovi-Archive-Version: 11.0\nCreated-By: "
	err := errors.Join(
		part("meta", text(manifest+w.table.Program+"\n")),
		part("META-INF/MANIFEST.MF", text(manifest+w.table.Program+"\n")),
		part("metadata.json", object(w.metadata())),
		part("xdata.json", object(w.levels())),
		part("data.bin", func(p io.Writer) error {
			for _, c := range w.columns {
				if _, err := p.Write(c.data); err != nil {
					return err
				}
			}
			return nil
		}),
	)
	if err == nil && w.texts.Len() > 0 {
		err = part("strings.bin", func(p io.Writer) error { _, err := w.texts.WriteTo(p); return err })
	}
	if err == nil {
		err = part("index.html", text(w.page()))
	}
	return errors.Join(err, out.Close())
}

// page is what jamovi shows as results: what the table says of itself.
func (w *Writer) page() string {
	var b strings.Builder
	escape := strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;").Replace
	b.WriteString("<!DOCTYPE html>\n<html>\n<head><meta charset=\"utf-8\"><title>Results</title></head>\n<body>\n<h1>" + escape(w.table.Label) + "</h1>\n")
	for _, n := range w.table.Notes {
		b.WriteString("<p>" + escape(n) + "</p>\n")
	}
	b.WriteString("</body>\n</html>\n")
	return b.String()
}

// field is a variable in metadata.json.
type field struct {
	Name           string   `json:"name"`
	ID             int      `json:"id"`
	ColumnType     string   `json:"columnType"`
	DataType       string   `json:"dataType"`
	MeasureType    string   `json:"measureType"`
	Formula        string   `json:"formula"`
	FormulaMessage string   `json:"formulaMessage"`
	ParentID       int      `json:"parentId"`
	Width          int      `json:"width"`
	Type           string   `json:"type"`
	ImportName     string   `json:"importName"`
	Description    string   `json:"description"`
	Transform      int      `json:"transform"`
	Edits          []string `json:"edits"`
	MissingValues  []string `json:"missingValues"`
	TrimLevels     bool     `json:"trimLevels"`
}

func (w *Writer) metadata() any {
	type set struct {
		RowCount    int      `json:"rowCount"`
		ColumnCount int      `json:"columnCount"`
		RemovedRows []string `json:"removedRows"`
		AddedRows   []string `json:"addedRows"`
		Fields      []field  `json:"fields"`
		Transforms  []string `json:"transforms"`
	}
	s := set{RowCount: w.table.Rows, ColumnCount: len(w.columns), RemovedRows: []string{}, AddedRows: []string{}, Transforms: []string{}}
	for i, c := range w.columns {
		f := field{
			Name: c.Name, ID: i + 1, ColumnType: "Data", DataType: c.dataType(), MeasureType: c.measure(), Width: 100,
			Type: c.kind(), ImportName: c.Name, Description: c.description(), Edits: []string{}, MissingValues: []string{},
		}
		if c.Kind == dataset.Number {
			for _, r := range c.Reasons {
				f.MissingValues = append(f.MissingValues, fmt.Sprintf("== %v", w.codes[r.Key]))
			}
		}
		s.Fields = append(s.Fields, f)
	}
	return map[string]set{"dataSet": s}
}

// levels are the meanings of values: value, label, value as imported, pinned.
func (w *Writer) levels() any {
	type entry struct {
		Labels [][]any `json:"labels"`
	}
	all := map[string]entry{}
	for _, c := range w.columns {
		var labels [][]any
		switch c.stored {
		case whole:
			for _, l := range c.Labels {
				labels = append(labels, []any{int32(l.Value), l.Text, fmt.Sprint(l.Value), false})
			}
			for _, r := range c.Reasons {
				labels = append(labels, []any{int32(w.codes[r.Key]), r.Text, fmt.Sprint(w.codes[r.Key]), false})
			}
			slices.SortFunc(labels, func(a, b []any) int { return int(a[0].(int32)) - int(b[0].(int32)) })
		case levels:
			for i, s := range c.known {
				label := s
				if k := slices.IndexFunc(c.Categories, func(k dataset.Category) bool { return k.Value == s }); k >= 0 {
					label = c.Categories[k].Text
				}
				labels = append(labels, []any{i, label, s, false})
			}
		case decimal, text: // have none
		}
		if len(labels) > 0 {
			all[c.Name] = entry{labels}
		}
	}
	return all
}
