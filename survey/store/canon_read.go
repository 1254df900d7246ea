package store

import (
	"bufio"
	"bytes"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"hash"
	"io"
	"strings"

	"tidemark/survey"
)

// canonReader reads a canonical export and hashes what it reads.
type canonReader struct {
	in         *bufio.Reader
	all, table hash.Hash
	long       []byte // a line longer than the buffer
}

func newCanonReader(r io.Reader) *canonReader {
	return &canonReader{in: bufio.NewReaderSize(r, 1<<16), all: sha256.New(), table: sha256.New()}
}

// errCut is an export that ends before its last line.
var errCut = errors.New("the export is cut off")

// line is the next line, good until the one after it.
func (c *canonReader) line() ([]byte, error) {
	line, err := c.in.ReadSlice('\n')
	if errors.Is(err, bufio.ErrBufferFull) {
		c.long = append(c.long[:0], line...)
		for errors.Is(err, bufio.ErrBufferFull) {
			line, err = c.in.ReadSlice('\n')
			c.long = append(c.long, line...)
		}
		line = c.long
	}
	if errors.Is(err, io.EOF) {
		return nil, errCut
	}
	if err != nil {
		return nil, err
	}
	c.all.Write(line)
	return line, nil
}

// canonLine is any line but a row.
type canonLine struct {
	Tidemark string   `json:"tidemark"`
	Form     int      `json:"form"`
	Schema   int64    `json:"schema"`
	Table    string   `json:"table"`
	Columns  []string `json:"columns"`
	End      string   `json:"end"`
	Rows     int64    `json:"rows"`
	SHA256   string   `json:"sha256"`
	Tables   *int     `json:"tables"`
}

func (c *canonReader) told() (l canonLine, err error) {
	line, err := c.line()
	if err != nil {
		return l, err
	}
	if err := json.Unmarshal(line, &l); err != nil {
		return l, fmt.Errorf("this is no export of a database: %w", err)
	}
	return l, nil
}

// begin reads the first line.
func (c *canonReader) begin() (schema int64, err error) {
	l, err := c.told()
	switch {
	case err != nil:
		return 0, err
	case l.Tidemark != "rows":
		return 0, errors.New("this is no export of a database")
	case l.Form != canonForm:
		return 0, fmt.Errorf("the export has form %d; this program knows %d", l.Form, canonForm)
	}
	return l.Schema, nil
}

// next is the next table; false at the end.
func (c *canonReader) next(have int) (table string, columns []string, ok bool, err error) {
	l, err := c.told()
	switch {
	case err != nil:
		return "", nil, false, err
	case l.Table != "":
		c.table.Reset()
		return l.Table, l.Columns, true, nil
	case l.Tables == nil || *l.Tables != have:
		return "", nil, false, errCut
	}
	if _, err := c.in.ReadByte(); !errors.Is(err, io.EOF) {
		return "", nil, false, errors.New("something follows the end of the export")
	}
	return "", nil, false, nil
}

// rowsOf reads the rows of a table one by one.
type canonRows struct {
	from    *canonReader
	table   canonTable
	values  []any // of the row that was read last
	convert func(c canonColumn, v int64) any
	content survey.TableContent
	ended   bool
	err     error
}

// Next reads a row; false at the end or when something is wrong, see Err.
func (r *canonRows) Next() bool {
	if r.ended || r.err != nil {
		return false
	}
	line, err := r.from.line()
	if err != nil {
		r.err = err
		return false
	}
	if line[0] == '{' {
		r.ended = true
		r.content.SHA256 = hex.EncodeToString(r.from.table.Sum(nil))
		if string(line) != endOf(r.content) {
			r.err = errors.New("the rows are not those that were exported")
		}
		return false
	}
	r.from.table.Write(line)
	r.content.Rows++
	if r.err = r.parse(line); r.err != nil {
		r.err = fmt.Errorf("row %d: %w", r.content.Rows, r.err)
	}
	return r.err == nil
}

// Values are those of the row, in the order of the columns.
func (r *canonRows) Values() ([]any, error) { return r.values, nil }

// Err is what was wrong.
func (r *canonRows) Err() error { return r.err }

func (r *canonRows) parse(line []byte) error {
	d := json.NewDecoder(bytes.NewReader(line))
	d.UseNumber()
	var read []any
	if err := d.Decode(&read); err != nil {
		return err
	}
	if len(read) != len(r.table.columns) {
		return fmt.Errorf("%d values for %d columns", len(read), len(r.table.columns))
	}
	r.values = r.values[:0]
	for i, v := range read {
		value, err := r.value(r.table.columns[i], v)
		if err != nil {
			return fmt.Errorf("column %s: %w", r.table.columns[i].name, err)
		}
		r.values = append(r.values, value)
	}
	return nil
}

func (r *canonRows) value(c canonColumn, v any) (any, error) {
	switch x := v.(type) {
	case nil:
		return nil, nil //nolint:nilnil // NULL
	case json.Number:
		if c.kind == canonInt {
			n, err := x.Int64()
			return r.convert(c, n), err
		}
		if c.kind == canonFloat {
			return x.Float64()
		}
	case string:
		if c.kind == canonText {
			return x, nil
		}
		if c.kind == canonBytes {
			return base64.StdEncoding.DecodeString(x)
		}
	case map[string]any:
		if text, ok := x["bytes"].(string); ok && c.kind == canonText {
			b, err := base64.StdEncoding.DecodeString(text)
			return string(b), err
		}
	}
	return nil, fmt.Errorf("a %T is no %s", v, c.kind)
}

// fits finds the table of the database that an exported one is put into.
func fits(tables []canonTable, name string, columns []string) (canonTable, error) {
	for _, t := range tables {
		if t.name != name {
			continue
		}
		var own []string
		for _, c := range t.columns {
			own = append(own, c.name+" "+string(c.kind))
		}
		if strings.Join(own, ", ") != strings.Join(columns, ", ") {
			return t, fmt.Errorf("table %s has other columns", name)
		}
		return t, nil
	}
	return canonTable{}, fmt.Errorf("there is no table %s", name)
}
