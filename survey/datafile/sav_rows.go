package datafile

import (
	"bufio"
	"bytes"
	"compress/zlib"
	"errors"
	"io"
	"math"
	"strings"
)

// elements are the values of the rows, eight bytes each.
type elements struct {
	in      *bufio.Reader
	s       *sav
	command [8]byte // of the packed form
	next    int
	eight   [8]byte
}

// The commands of the packed form.
const (
	cmdPad     = 0
	cmdEnd     = 252
	cmdRaw     = 253
	cmdBlanks  = 254
	cmdMissing = 255
)

// errDamaged: the packed rows end in the middle.
var errDamaged = errors.New("cut off")

// read fills eight with the next element; io.EOF when there is none.
func (e *elements) read() error {
	if e.s.compression == 0 {
		return e.raw(e.eight[:])
	}
	for {
		if e.next == 8 {
			if err := e.raw(e.command[:]); err != nil {
				return err
			}
			e.next = 0
		}
		c := e.command[e.next]
		e.next++
		switch c {
		case cmdPad:
		case cmdEnd:
			return io.EOF
		case cmdRaw:
			if err := e.raw(e.eight[:]); err != nil {
				return errDamaged
			}
			return nil
		case cmdBlanks:
			copy(e.eight[:], "        ")
			return nil
		case cmdMissing:
			e.s.order.PutUint64(e.eight[:], math.Float64bits(e.s.sysmis))
			return nil
		default:
			e.s.order.PutUint64(e.eight[:], math.Float64bits(float64(c)-e.s.bias))
			return nil
		}
	}
}

func (e *elements) raw(b []byte) error {
	n, err := io.ReadFull(e.in, b)
	if n > 0 && err != nil {
		return errDamaged
	}
	return err
}

// content is where the rows stand, unpacked as far as the file is a .zsav.
func (s *sav) content() (io.Reader, error) {
	if s.compression != 2 {
		return bytes.NewReader(s.data[s.at:]), nil
	}
	header := s.bytes(24)
	if header == nil {
		return nil, errTruncated
	}
	end := s.order.Uint64(header[8:])
	if end > uint64(len(s.data)) || end < uint64(s.at) {
		return nil, errTruncated
	}
	return &unzipped{in: bytes.NewReader(s.data[s.at:end])}, nil
}

// unzipped reads blocks one after the other.
type unzipped struct {
	in    *bytes.Reader
	block io.ReadCloser
}

// Read reads on into the next block.
func (u *unzipped) Read(p []byte) (int, error) {
	for {
		if u.block == nil {
			if u.in.Len() == 0 {
				return 0, io.EOF
			}
			block, err := zlib.NewReader(u.in)
			if err != nil {
				return 0, errDamaged
			}
			u.block = block
		}
		n, err := u.block.Read(p)
		if errors.Is(err, io.EOF) {
			err, u.block = nil, nil
		} else if err != nil {
			err = errDamaged
		}
		if n > 0 || err != nil {
			return n, err
		}
	}
}

// rows reads the cases.
func (s *sav) rows(t *Table, decode func([]byte) string) error {
	in, err := s.content()
	if err != nil {
		return err
	}
	e := &elements{in: bufio.NewReaderSize(in, 64<<10), s: s, next: 8}
	// A row of few columns may be wide: texts count by their elements.
	most := 4 * s.limits.Cells
	var text []byte
	for line := 1; s.cases < 0 || line <= s.cases; line++ {
		if err := t.room(s.limits); err != nil {
			if e.read() == io.EOF { //nolint:errorlint // its own
				return nil
			}
			return err
		}
		if most -= s.elements; most < 0 {
			return fault("The texts of the file are too wide for so many cases; take out those that are not needed.")
		}
		row := Row{Line: line, Cells: make([]string, 0, len(t.Columns))}
		for _, v := range s.variables {
			if v.joined {
				continue
			}
			cell, err := s.cell(e, v, &text, decode, t)
			if errors.Is(err, io.EOF) && len(row.Cells) == 0 {
				return nil
			}
			if err != nil {
				return errTruncated
			}
			row.Cells = append(row.Cells, cell)
		}
		if strings.Join(row.Cells, "") != "" {
			t.Rows = append(t.Rows, row)
		}
	}
	return nil
}

// cell reads the elements of a variable.
func (s *sav) cell(e *elements, v *variable, text *[]byte, decode func([]byte) string, t *Table) (string, error) {
	if v.width == 0 {
		if err := e.read(); err != nil {
			return "", err
		}
		n := math.Float64frombits(s.order.Uint64(e.eight[:]))
		switch {
		case n == s.sysmis || math.IsNaN(n) || math.IsInf(n, 0):
			return "", nil
		case v.missingNumber(n):
			t.Emptied++
			return "", nil
		}
		return v.show(n), nil
	}
	*text = (*text)[:0]
	for i, n := range v.segments {
		for range n {
			if err := e.read(); err != nil {
				return "", err
			}
			*text = append(*text, e.eight[:]...)
		}
		if i < len(v.segments)-1 { // 255 of 256 bytes are text
			*text = (*text)[:max(0, len(*text)-1)]
		}
	}
	words := bytes.TrimRight((*text)[:min(len(*text), v.width)], " \x00")
	for _, w := range v.words {
		if len(words) > 0 && bytes.Equal(bytes.TrimRight(w, " \x00"), words) {
			t.Emptied++
			return "", nil
		}
	}
	return trim(decode(words)), nil
}
