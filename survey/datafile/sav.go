package datafile

import (
	"encoding/binary"
	"math"
	"slices"
	"strconv"
	"strings"
	"time"
)

// variable is a variable of an SPSS file with its place in a row.
type variable struct {
	short    string
	name     string
	label    []byte
	width    int // bytes of a text; 0: a number
	format   int
	missing  []float64 // two for a range; see span
	span     bool      // missing begins with the ends of a range
	words    [][]byte  // texts that are declared missing
	labels   []rawLabel
	segments []int // elements of each segment of a text; of a number {1}
	first    int   // element, from 1
	joined   bool  // a further segment of the text before it
}

// rawLabel is a label before the encoding of the file is known.
type rawLabel struct{ value, text []byte }

// sav is an SPSS file being read.
type sav struct {
	data        []byte
	at          int
	order       binary.ByteOrder
	compression int
	cases       int
	bias        float64
	sysmis      float64
	variables   []*variable
	elements    int // of eight bytes in a row
	code        int // of the characters, as the machine record has it
	encoding    string
	longNames   []byte
	longTexts   []byte
	longLabels  []byte
	longMissing []byte
	limits      Limits
}

func readSAV(data []byte, l Limits) (*Table, error) {
	s := &sav{data: data, limits: l, sysmis: -math.MaxFloat64}
	if err := s.header(); err != nil {
		return nil, err
	}
	if err := s.dictionary(); err != nil {
		return nil, err
	}
	decode, note := decoderOf(s.encoding, s.code)
	s.name(decode)
	if err := s.join(); err != nil {
		return nil, err
	}
	s.labelLongTexts()
	t := &Table{Format: "sav"}
	if note != "" {
		t.Notes = append(t.Notes, note)
	}
	for _, v := range s.variables {
		if !v.joined {
			t.Columns = append(t.Columns, s.column(v, decode))
		}
	}
	if len(t.Columns) > l.Columns {
		return nil, fault("The file has more than %d variables; take out those that are not needed.", l.Columns)
	}
	if err := s.rows(t, decode); err != nil {
		return nil, err
	}
	if len(t.Rows) == 0 {
		return nil, fault("The file has no cases.")
	}
	return t, nil
}

var errTruncated = fault("The SPSS file is damaged or was cut off. Open it in the program it comes from and save it again.")

// bytes takes the next n bytes; nil when there are not so many.
func (s *sav) bytes(n int) []byte {
	if n < 0 || n > len(s.data)-s.at {
		s.at = len(s.data) + 1 // whatever follows fails as well
		return nil
	}
	b := s.data[s.at : s.at+n]
	s.at += n
	return b
}

func (s *sav) cut() bool { return s.at > len(s.data) }

func (s *sav) int() int {
	b := s.bytes(4)
	if b == nil {
		return 0
	}
	return int(int32(s.order.Uint32(b)))
}

func (s *sav) float() float64 {
	b := s.bytes(8)
	if b == nil {
		return 0
	}
	return math.Float64frombits(s.order.Uint64(b))
}

func (s *sav) header() error {
	magic := s.bytes(4)
	s.bytes(60)
	layout := s.bytes(4)
	if layout == nil {
		return errTruncated
	}
	s.order = binary.LittleEndian
	if layout[0] == 0 {
		s.order = binary.BigEndian
	}
	if n := s.order.Uint32(layout); n != 2 && n != 3 {
		return fault("The file begins like an SPSS file but has an unknown layout. Save it again as .sav.")
	}
	s.int() // nominal size of a case; the variables tell
	s.compression = s.int()
	s.int() // weight
	s.cases = s.int()
	s.bias = s.float()
	s.bytes(9 + 8 + 64 + 3)
	zipped := string(magic) == "$FL3"
	switch {
	case s.cut():
		return errTruncated
	case zipped != (s.compression == 2), s.compression < 0:
		return fault("The SPSS file is packed in an unknown way. Save it again as .sav.")
	}
	return nil
}

// column describes a variable.
func (s *sav) column(v *variable, decode func([]byte) string) Column {
	c := Column{Name: v.name, Label: strings.TrimRight(decode(v.label), " "), Kind: v.kind()}
	for _, l := range v.labels {
		value := ""
		if v.width == 0 && len(l.value) == 8 {
			n := math.Float64frombits(s.order.Uint64(l.value))
			if v.missingNumber(n) || n == s.sysmis {
				continue
			}
			value = v.show(n)
		} else {
			value = strings.TrimRight(decode(l.value), " ")
		}
		c.Labels = append(c.Labels, Label{value, strings.TrimRight(decode(l.text), " ")})
	}
	c.Missing = v.declared(decode)
	return c
}

// declared says in words which values are missing.
func (v *variable) declared(decode func([]byte) string) string {
	var parts []string
	rest := v.missing
	if v.span {
		parts = append(parts, FormatNumber(rest[0])+" to "+FormatNumber(rest[1]))
		rest = rest[2:]
	}
	for _, n := range rest {
		parts = append(parts, FormatNumber(n))
	}
	for _, w := range v.words {
		parts = append(parts, strings.TrimRight(decode(w), " "))
	}
	return strings.Join(parts, ", ")
}

func (v *variable) missingNumber(n float64) bool {
	rest := v.missing
	if v.span {
		if n >= rest[0] && n <= rest[1] {
			return true
		}
		rest = rest[2:]
	}
	return slices.Contains(rest, n)
}

// Formats of days and instants, as they stand in a dictionary.
const (
	formatDate = 20 + iota
	formatTime
	formatDateTime
	formatADate
	formatJDate
	formatEDate  = 38
	formatSDate  = 39
	formatYMDHMS = 41
)

func (v *variable) kind() Kind {
	switch {
	case v.width > 0:
		return Text
	case v.format == formatDate, v.format == formatADate, v.format == formatJDate, v.format == formatEDate, v.format == formatSDate:
		return Day
	case v.format == formatDateTime, v.format == formatYMDHMS:
		return Instant
	}
	return Number
}

// epoch is the beginning of the Gregorian calendar, from which SPSS counts.
var epoch = time.Date(1582, time.October, 14, 0, 0, 0, 0, time.UTC)

// lastSecond is the end of the year 9999, in seconds of SPSS.
const lastSecond = 265621161600.0

// show is a number as a cell has it.
func (v *variable) show(n float64) string {
	kind := v.kind()
	if kind == Number || n < 0 || n >= lastSecond {
		return FormatNumber(n)
	}
	t := time.UnixMilli(epoch.UnixMilli() + int64(math.Round(n*1000))).UTC()
	if kind == Day {
		return t.Format(time.DateOnly)
	}
	return t.Format("2006-01-02T15:04:05.000Z")
}

// FormatNumber is a number with a point and every digit it has, as cells have it.
func FormatNumber(n float64) string {
	if n == math.Trunc(n) && math.Abs(n) < 1e15 {
		return strconv.FormatInt(int64(n), 10)
	}
	return strconv.FormatFloat(n, 'g', -1, 64)
}
