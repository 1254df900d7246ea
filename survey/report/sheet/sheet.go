package sheet

import (
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"strings"
	"unicode/utf8"
)

// Sheet is a file in rows and columns, all of it still text.
type Sheet struct {
	Header []string
	Rows   []Row
	// Notes say what was found out about the file, for people.
	Notes []string
}

// Row is a line of data with as many cells as the header.
type Row struct {
	Line  int // in the file, from 1
	Cells []string
}

// maxBytes bounds a file: some million rows.
const maxBytes = 64 << 20

// Read reads a file whose first row names the columns. Its errors are those of
// this package and those of r.
func Read(r io.Reader) (*Sheet, error) {
	data, err := readAll(r)
	if err != nil {
		return nil, err
	}
	s, text, separator, skipped, err := open(data)
	if err != nil {
		return nil, err
	}
	if err := s.parse(text, separator, skipped); err != nil {
		return nil, err
	}
	return s, nil
}

// open takes off a file's wrapping: its encoding and its separator, which it
// notes on a sheet that is still empty. Skipped counts the lines taken off.
func open(data []byte) (s *Sheet, text []byte, separator rune, skipped int, err error) {
	text, note, err := decode(data)
	if err != nil {
		return nil, nil, 0, 0, err
	}
	s = &Sheet{}
	s.note(note)
	separator, text, skipped = separatorOf(text)
	if separator != ',' {
		s.note(fmt.Sprintf("Columns are separated by %s.", separatorName(separator)))
	}
	return s, text, separator, skipped, nil
}

// readAll reads a file that is not too large. What tells its length is read into
// memory of that size at once.
func readAll(r io.Reader) ([]byte, error) {
	var b bytes.Buffer
	if f, ok := r.(interface{ Stat() (fs.FileInfo, error) }); ok {
		if info, err := f.Stat(); err == nil && info.Mode().IsRegular() {
			b.Grow(int(min(info.Size(), maxBytes)) + bytes.MinRead)
		}
	}
	if _, err := b.ReadFrom(io.LimitReader(r, maxBytes+1)); err != nil {
		return nil, err
	}
	if b.Len() > maxBytes {
		return nil, ErrTooLarge
	}
	return b.Bytes(), nil
}

func (s *Sheet) note(text string) {
	if text != "" {
		s.Notes = append(s.Notes, text)
	}
}

// separatorOf finds the separator in the first row, or in Excel's "sep=;" above
// it. It gives the text without that line and the number of lines taken off.
func separatorOf(text []byte) (separator rune, rest []byte, skipped int) {
	first, after, _ := bytes.Cut(text, []byte("\n"))
	if sep, ok := bytes.CutPrefix(bytes.TrimRight(first, "\r"), []byte("sep=")); ok && len(sep) == 1 && strings.IndexByte(",;\t|", sep[0]) >= 0 {
		return rune(sep[0]), after, 1
	}
	var count [utf8.RuneSelf]int
	quoted := false
	for _, c := range text { // separators are no part of any other letter
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

func (s *Sheet) parse(text []byte, separator rune, skipped int) error {
	r := csv.NewReader(bytes.NewReader(text))
	r.Comma = separator
	r.FieldsPerRecord = -1
	var faults Faults
	for {
		cells, err := r.Read()
		if errors.Is(err, io.EOF) {
			break
		}
		if parse, ok := errors.AsType[*csv.ParseError](err); ok {
			// What follows a broken quote means nothing.
			faults = append(faults, Fault{Line: parse.Line + skipped, Text: `a quotation mark is in the wrong place or not closed; inside a quoted cell write it twice ("")`})
			return faults
		}
		if err != nil {
			return err
		}
		for i, c := range cells {
			cells[i] = strings.TrimSpace(c)
		}
		line, _ := r.FieldPos(0)
		if fault := s.add(Row{line + skipped, cells}); fault != nil {
			faults = append(faults, *fault)
		}
	}
	if err := faults.orNil(); err != nil {
		return err
	}
	if len(s.Rows) == 0 {
		return ErrEmpty
	}
	return nil
}

// add takes a row: the first is the header, empty ones are passed over.
func (s *Sheet) add(r Row) *Fault {
	if strings.Join(r.Cells, "") == "" {
		return nil
	}
	if s.Header == nil {
		s.Header = r.Cells
		return nil
	}
	n := len(s.Header)
	for len(r.Cells) > n && r.Cells[len(r.Cells)-1] == "" {
		r.Cells = r.Cells[:len(r.Cells)-1]
	}
	if len(r.Cells) != n {
		return &Fault{Line: r.Line, Text: fmt.Sprintf("%d cells, but the first row names %d columns; put cells that contain the separator into quotation marks", len(r.Cells), n)}
	}
	s.Rows = append(s.Rows, r)
	return nil
}

// Column finds a column by name: exactly, or else without regard to case.
// UnknownColumnError when there is none, or several.
func (s *Sheet) Column(name string) (int, error) {
	if name == "" { // a column of row names, as R writes it, is nobody's choice
		return 0, UnknownColumnError{Name: name, Have: s.Header}
	}
	for _, same := range []func(a, b string) bool{func(a, b string) bool { return a == b }, strings.EqualFold} {
		at, times := -1, 0
		for i, h := range s.Header {
			if same(h, strings.TrimSpace(name)) {
				at = i
				times++
			}
		}
		if times == 1 {
			return at, nil
		}
		if times > 1 {
			return 0, UnknownColumnError{Name: name, Times: times, Have: s.Header}
		}
	}
	return 0, UnknownColumnError{Name: name, Have: s.Header}
}
