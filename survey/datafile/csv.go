package datafile

import (
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"strings"
	"unicode/utf8"

	"tidemark/survey/peoplelist"
)

// readCSV reads a text whose first row names the columns.
func readCSV(data []byte, l Limits) (*Table, error) {
	text, err := peoplelist.Decode(data)
	switch {
	case errors.Is(err, peoplelist.ErrWorkbook):
		return nil, fault("This is a workbook of a spreadsheet program. Save the sheet as CSV (UTF-8) and upload that.")
	case err != nil:
		return nil, fault("The file is neither CSV nor an SPSS file (.sav).")
	}
	t := &Table{Format: "csv"}
	if !utf8.Valid(data) {
		t.Notes = append(t.Notes, "The file is not UTF-8; its letters were read as Western European (Windows) or UTF-16. Look whether umlauts are right.")
	}
	separator, text, skipped := separatorOf(text)
	t.DecimalComma = separator != ','
	if separator != ',' {
		t.Notes = append(t.Notes, "Columns are separated by "+separatorName(separator)+"; numbers may have a decimal comma.")
	}
	r := csv.NewReader(strings.NewReader(text))
	r.Comma, r.FieldsPerRecord, r.ReuseRecord = separator, -1, true
	for {
		cells, err := r.Read()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return nil, quoteFault(err, skipped)
		}
		line, _ := r.FieldPos(0)
		if err := t.add(cells, line+skipped, l); err != nil {
			return nil, err
		}
	}
	if len(t.Rows) == 0 {
		return nil, fault("The file has no rows below the names of its columns.")
	}
	return t, nil
}

// quoteFault says where a quotation mark is wrong: what follows it means nothing.
func quoteFault(err error, skipped int) error {
	line := ""
	if parse, ok := errors.AsType[*csv.ParseError](err); ok {
		line = fmt.Sprintf(" in line %d", parse.StartLine+skipped)
	}
	return fault(`A quotation mark%s is in the wrong place or never closed; within a quoted cell it is written twice ("").`, line)
}

// add takes a row: the first names the columns, empty ones are passed over.
func (t *Table) add(cells []string, line int, l Limits) error {
	some := false
	for _, c := range cells {
		some = some || strings.TrimSpace(c) != ""
		if len(c) > l.Cell {
			return fault("A cell in line %d is longer than %d characters; a quotation mark may be missing before it.", line, l.Cell)
		}
	}
	if !some {
		return nil
	}
	if t.Columns == nil {
		return t.head(cells, l)
	}
	if len(cells) > len(t.Columns) && strings.TrimSpace(strings.Join(cells[len(t.Columns):], "")) != "" {
		return fault("Line %d has %d cells, but the first row names %d columns; put cells that contain the separator into quotation marks.", line, len(cells), len(t.Columns))
	}
	if err := t.room(l); err != nil {
		return err
	}
	row := Row{Line: line, Cells: make([]string, len(t.Columns))}
	for i := range row.Cells {
		if i < len(cells) {
			row.Cells[i] = strings.Clone(trim(cells[i]))
		}
	}
	t.Rows = append(t.Rows, row)
	return nil
}

// trim takes off blanks, but not the line ends within a text.
func trim(s string) string { return strings.Trim(s, " \t\u00a0\r\n") }

func (t *Table) head(cells []string, l Limits) error {
	for len(cells) > 0 && strings.TrimSpace(cells[len(cells)-1]) == "" {
		cells = cells[:len(cells)-1]
	}
	if len(cells) > l.Columns {
		return fault("The file has more than %d columns; take out those that are not needed.", l.Columns)
	}
	taken := map[string]int{}
	for i, name := range cells {
		name = strings.Join(strings.Fields(name), " ")
		if name == "" {
			name = fmt.Sprintf("column %d", i+1)
		}
		if at, twice := taken[name]; twice {
			return fault("Columns %d and %d are both called “%s”; give each a name of its own.", at, i+1, name)
		}
		taken[name] = i + 1
		t.Columns = append(t.Columns, Column{Name: strings.Clone(name), Kind: Text})
	}
	return nil
}

// separatorOf finds the separator in the first row, or in Excel's "sep=;" above
// it. It gives the text without that line and the number of lines taken off.
func separatorOf(text string) (separator rune, rest string, skipped int) {
	first, after, _ := strings.Cut(text, "\n")
	if sep, ok := strings.CutPrefix(first, "sep="); ok && len(sep) == 1 && strings.Contains(",;\t|", sep) {
		return rune(sep[0]), after, 1
	}
	var count [utf8.RuneSelf]int
	quoted := false
	for i := range len(text) { // separators are no part of any other letter
		c := text[i]
		if c == '"' {
			quoted = !quoted
		}
		if c == '\n' && !quoted {
			break
		}
		if !quoted && c < utf8.RuneSelf {
			count[c]++
		}
	}
	separator = ','
	for _, c := range []rune{';', '\t', '|'} {
		if count[c] > count[separator] {
			separator = c
		}
	}
	return separator, text, 0
}

func separatorName(c rune) string {
	switch c {
	case ';':
		return "semicolons"
	case '\t':
		return "tabs"
	case '|':
		return "upright bars"
	}
	return "commas"
}
