package excel

import (
	"archive/zip"
	"bytes"
	"errors"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf16"

	"github.com/xuri/excelize/v2"

	"tidemark/survey/export/dataset"
)

// What a sheet can hold at most: rows, columns, and characters of a cell.
const (
	mostRows    = 1_048_576 - 1 // one is the header
	mostColumns = 16_384
	mostText    = 32_767
)

// ErrTooLarge reports a table that no sheet can hold.
var ErrTooLarge = errors.New("a sheet of Excel cannot hold this")

// Names of the sheets.
const (
	sheetValues   = "values"
	sheetWords    = "words"
	sheetCodebook = "codebook"
	sheetNotes    = "notes"
)

// Writer writes one workbook. The rows wait in a temporary file of the library, and
// go out when it is closed.
type Writer struct {
	to     io.Writer
	book   *excelize.File
	table  dataset.Table
	values *excelize.StreamWriter
	words  *excelize.StreamWriter
	means  []map[string]string // by variable: a value as it is written → its label
	whys   []map[string]string // by variable: the key of a reason → its words
	day    int                 // style
	time   int
	row    int
	cells  []any
}

// New begins a workbook. It fails for a table that [dataset.Table.Check] refuses,
// and with ErrTooLarge.
func New(w io.Writer, t dataset.Table) (*Writer, error) {
	if err := t.Check(); err != nil {
		return nil, fmt.Errorf("excel file: %w", err)
	}
	if t.Rows > mostRows || len(t.Variables) > mostColumns {
		return nil, fmt.Errorf("excel file: %w: %d rows of %d variables; take another format", ErrTooLarge, t.Rows, len(t.Variables))
	}
	xw := &Writer{to: w, book: excelize.NewFile(), table: t}
	if err := xw.begin(); err != nil {
		return nil, errors.Join(fmt.Errorf("excel file: %w", err), xw.book.Close())
	}
	return xw, nil
}

func (w *Writer) begin() error {
	made := w.table.MadeAt.UTC().Format(time.RFC3339)
	err := w.book.SetDocProps(&excelize.DocProperties{
		Title: w.table.Label, Creator: w.table.Program, LastModifiedBy: w.table.Program, Created: made, Modified: made,
	})
	if err != nil {
		return err
	}
	if err := w.book.SetSheetName(w.book.GetSheetName(0), sheetValues); err != nil {
		return err
	}
	for _, name := range []string{sheetWords, sheetCodebook, sheetNotes} {
		if _, err := w.book.NewSheet(name); err != nil {
			return err
		}
	}
	dayForm, timeForm := "yyyy-mm-dd", "yyyy-mm-dd hh:mm:ss.000"
	if w.day, err = w.book.NewStyle(&excelize.Style{CustomNumFmt: &dayForm}); err != nil {
		return err
	}
	if w.time, err = w.book.NewStyle(&excelize.Style{CustomNumFmt: &timeForm}); err != nil {
		return err
	}
	for _, v := range w.table.Variables {
		means, whys := map[string]string{}, map[string]string{}
		for _, l := range v.Labels {
			means[written(l.Value)] = l.Text
		}
		for _, c := range v.Categories {
			means[c.Value] = c.Text
		}
		for _, r := range v.Reasons {
			whys[r.Key] = r.Text
		}
		w.means, w.whys = append(w.means, means), append(w.whys, whys)
	}
	if w.values, err = w.sheet(sheetValues); err != nil {
		return err
	}
	w.words, err = w.sheet(sheetWords)
	return err
}

// sheet begins a sheet of rows, with a header that stays in sight.
func (w *Writer) sheet(name string) (*excelize.StreamWriter, error) {
	s, err := w.book.NewStreamWriter(name)
	if err != nil {
		return nil, err
	}
	err = s.SetPanes(&excelize.Panes{Freeze: true, YSplit: 1, TopLeftCell: "A2", ActivePane: "bottomLeft"})
	if err != nil {
		return nil, err
	}
	header := make([]any, len(w.table.Variables))
	for i, v := range w.table.Variables {
		header[i] = v.Name
	}
	return s, s.SetRow("A1", header)
}

func written(v float64) string { return strconv.FormatFloat(v, 'g', -1, 64) }

// Row writes one row.
func (w *Writer) Row(cells []dataset.Cell) error {
	if len(cells) != len(w.table.Variables) {
		return fmt.Errorf("excel file: %d cells for %d variables", len(cells), len(w.table.Variables))
	}
	if w.row++; w.row > w.table.Rows {
		return errors.New("excel file: more rows than were announced")
	}
	at := "A" + strconv.Itoa(w.row+1)
	if err := w.put(w.values, at, cells, w.value); err != nil {
		return err
	}
	return w.put(w.words, at, cells, w.inWords)
}

func (w *Writer) put(s *excelize.StreamWriter, at string, cells []dataset.Cell, write func(int, dataset.Cell) (any, error)) error {
	w.cells = w.cells[:0]
	for i, c := range cells {
		v, err := write(i, c)
		if err != nil {
			return err
		}
		w.cells = append(w.cells, v)
	}
	if err := s.SetRow(at, w.cells); err != nil {
		return fmt.Errorf("excel file: %w", err)
	}
	return nil
}

// value is a cell as it is; nil where there is none.
func (w *Writer) value(i int, c dataset.Cell) (any, error) {
	if !c.Given() {
		return nil, nil //nolint:nilnil // an empty cell
	}
	switch w.table.Variables[i].Kind {
	case dataset.Text:
		if units := len(utf16.Encode([]rune(c.Text()))); units > mostText {
			return nil, fmt.Errorf("excel file: %w: a text of %d characters in %s", ErrTooLarge, units, w.table.Variables[i].Name)
		}
		return c.Text(), nil
	case dataset.Day:
		return w.moment(w.day, c.Time(), time.DateOnly), nil
	case dataset.Instant:
		return w.moment(w.time, c.Time(), "2006-01-02T15:04:05.000Z"), nil
	default:
		return c.Number(), nil
	}
}

// first is the first day that is one in Excel, whatever it believes of 1900.
var first = time.Date(1900, time.March, 1, 0, 0, 0, 0, time.UTC)

// moment is a time; before 1900 Excel has none, and it is a text.
func (w *Writer) moment(style int, t time.Time, form string) any {
	if t.Before(first) {
		return t.UTC().Format(form)
	}
	return excelize.Cell{StyleID: style, Value: t.UTC()}
}

// inWords is a cell as people read it: a label in place of a value, and why there is
// none.
func (w *Writer) inWords(i int, c dataset.Cell) (any, error) {
	switch {
	case c.Reason() != "":
		if why := w.whys[i][c.Reason()]; why != "" {
			return "[" + why + "]", nil
		}
		return "[" + c.Reason() + "]", nil
	case !c.Given():
		return nil, nil //nolint:nilnil // an empty cell
	}
	key := c.Text()
	if w.table.Variables[i].Kind == dataset.Number {
		key = written(c.Number())
	}
	if label, ok := w.means[i][key]; ok {
		return label, nil
	}
	return w.value(i, c)
}

// Close ends the workbook and writes it.
func (w *Writer) Close() error {
	err := w.end()
	if err = errors.Join(err, w.book.Close()); err != nil {
		return fmt.Errorf("excel file: %w", err)
	}
	return nil
}

func (w *Writer) end() error {
	if w.row != w.table.Rows {
		return fmt.Errorf("%d rows fewer than were announced", w.table.Rows-w.row)
	}
	if err := errors.Join(w.values.Flush(), w.words.Flush(), w.codebook(), w.notes()); err != nil {
		return err
	}
	b, err := w.book.WriteToBuffer()
	if err != nil {
		return err
	}
	return inOrder(w.to, b.Bytes())
}

// inOrder writes the parts of a workbook by name: the library's order is another
// each time, and the same data are to give the same file.
func inOrder(to io.Writer, book []byte) error {
	r, err := zip.NewReader(bytes.NewReader(book), int64(len(book)))
	if err != nil {
		return err
	}
	slices.SortFunc(r.File, func(a, b *zip.File) int { return strings.Compare(a.Name, b.Name) })
	out := zip.NewWriter(to)
	for _, f := range r.File { // "[Content_Types].xml" comes first
		if err := out.Copy(f); err != nil {
			return err
		}
	}
	return out.Close()
}

func (w *Writer) codebook() error {
	s, err := w.book.NewStreamWriter(sheetCodebook)
	if err != nil {
		return err
	}
	if err := s.SetColWidth(1, 1, 28); err != nil {
		return err
	}
	if err := s.SetColWidth(2, 2, 60); err != nil {
		return err
	}
	rows := [][]any{{"variable", "label", "kind", "measure", "min", "max", "values", "missing"}}
	for _, v := range w.table.Variables {
		var low, high any
		if v.Bounded {
			low, high = v.Low, v.High
		}
		var values, whys []string
		for _, l := range v.Labels {
			values = append(values, written(l.Value)+" = "+l.Text)
		}
		for _, c := range v.Categories {
			values = append(values, c.Value+" = "+c.Text)
		}
		for _, r := range v.Reasons {
			whys = append(whys, r.Key+" = "+r.Text)
		}
		rows = append(rows, []any{
			v.Name, v.Label, string(v.Kind), string(v.Measure), low, high, strings.Join(values, "; "), strings.Join(whys, "; "),
		})
	}
	return all(s, rows)
}

func (w *Writer) notes() error {
	s, err := w.book.NewStreamWriter(sheetNotes)
	if err != nil {
		return err
	}
	rows := [][]any{
		{w.table.Label}, {"Written by " + w.table.Program},
		{"In the sheet " + sheetWords + " a value stands as its label, and in brackets why there is none."},
	}
	for _, n := range w.table.Notes {
		rows = append(rows, []any{n})
	}
	return all(s, rows)
}

func all(s *excelize.StreamWriter, rows [][]any) error {
	for i, r := range rows {
		if err := s.SetRow("A"+strconv.Itoa(i+1), r); err != nil {
			return err
		}
	}
	return s.Flush()
}
