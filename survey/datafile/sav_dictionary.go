package datafile

import (
	"bytes"
	"fmt"
	"strconv"
	"strings"
)

// Records of a dictionary.
const (
	recordVariable  = 2
	recordLabels    = 3
	recordDocuments = 6
	recordExtension = 7
	recordEnd       = 999
)

// dictionary reads everything before the rows.
func (s *sav) dictionary() error {
	for !s.cut() {
		switch kind := s.int(); kind {
		case recordVariable:
			if err := s.variable(); err != nil {
				return err
			}
		case recordLabels:
			if err := s.valueLabels(); err != nil {
				return err
			}
		case recordDocuments:
			s.bytes(80 * min(s.int(), len(s.data)))
		case recordExtension:
			s.extension()
		case recordEnd:
			s.int()
			if s.cut() || len(s.variables) == 0 {
				return errTruncated
			}
			return nil
		default:
			return errTruncated
		}
	}
	return errTruncated
}

func (s *sav) variable() error {
	width, labelled, missing, format := s.int(), s.int(), s.int(), s.int()
	s.int() // the format for writing
	name := s.bytes(8)
	v := &variable{width: width, format: format >> 16 & 0xff}
	if labelled == 1 {
		n := s.int()
		if n < 0 || n > len(s.data) {
			return errTruncated
		}
		v.label = s.bytes((n + 3) / 4 * 4)
		v.label = v.label[:min(n, len(v.label))]
	}
	if missing < -3 || missing > 3 || missing == -1 {
		return errTruncated
	}
	v.span = missing < 0 && width == 0
	for range max(missing, -missing) {
		at := s.at
		n := s.float()
		if width > 0 && !s.cut() {
			v.words = append(v.words, s.data[at:s.at])
			continue
		}
		v.missing = append(v.missing, n)
	}
	s.elements++
	if s.cut() || width > 255 || width < -1 {
		return errTruncated
	}
	if width == -1 { // eight more bytes of the text before
		return nil
	}
	v.short, v.first = strings.TrimRight(string(name), " "), s.elements
	v.segments = []int{max(1, (width+7)/8)}
	s.variables = append(s.variables, v)
	if len(s.variables) > 2*s.limits.Columns+1000 {
		return fault("The file has more than %d variables; take out those that are not needed.", s.limits.Columns)
	}
	return nil
}

// at is the variable whose first element is the n-th.
func (s *sav) variableAt(n int) *variable {
	low, high := 0, len(s.variables)
	for low < high { // they stand in order
		middle := (low + high) / 2
		if s.variables[middle].first < n {
			low = middle + 1
		} else {
			high = middle
		}
	}
	if low < len(s.variables) && s.variables[low].first == n {
		return s.variables[low]
	}
	return nil
}

// mostLabels bounds the labels that one variable has.
const mostLabels = 5000

// valueLabels reads what values mean, and for which variables.
func (s *sav) valueLabels() error {
	var labels []rawLabel
	for range s.int() {
		value, length := s.bytes(8), s.bytes(1)
		if length == nil {
			return errTruncated
		}
		n := int(length[0])
		text := s.bytes((n+1+7)/8*8 - 1)
		if text == nil {
			return errTruncated
		}
		labels = append(labels, rawLabel{value, text[:n]})
		if len(labels) > mostLabels {
			return fault("A variable of the file has more than %d labels of values.", mostLabels)
		}
	}
	if s.int() != 4 {
		return errTruncated
	}
	for range s.int() {
		v := s.variableAt(s.int())
		if s.cut() {
			return errTruncated
		}
		if v != nil {
			v.labels = labels
		}
	}
	return nil
}

// extension reads one of the records that came later; those that say nothing of
// interest are passed over.
func (s *sav) extension() {
	kind, size, count := s.int(), s.int(), s.int()
	if size < 0 || count < 0 || size > len(s.data) || count > len(s.data) {
		s.bytes(-1)
		return
	}
	body := s.bytes(size * count)
	switch kind {
	case 3:
		if size == 4 && count == 8 && body != nil {
			s.code = int(s.order.Uint32(body[28:]))
		}
	case 13:
		s.longNames = body
	case 14:
		s.longTexts = body
	case 20:
		s.encoding = string(body)
	case 21:
		s.longLabels = body
	case 22:
		s.longMissing = body
	}
}

// name gives variables their long names; all are unique.
func (s *sav) name(decode func([]byte) string) {
	long := map[string]string{}
	for pair := range strings.SplitSeq(decode(s.longNames), "\t") {
		if short, name, ok := strings.Cut(pair, "="); ok {
			long[strings.ToUpper(short)] = name
		}
	}
	taken := map[string]bool{}
	for i, v := range s.variables {
		v.name = long[strings.ToUpper(v.short)]
		if v.name == "" {
			v.name = decode([]byte(v.short))
		}
		v.name = strings.Join(strings.Fields(v.name), " ")
		if v.name == "" || taken[v.name] {
			v.name = fmt.Sprintf("variable %d", i+1)
		}
		taken[v.name] = true
	}
}

// join makes one variable of the segments of a long text. Each segment but the
// last has 255 bytes of it.
func (s *sav) join() error {
	places := map[string]int{}
	for i, v := range s.variables {
		places[strings.ToUpper(v.short)] = i
	}
	for pair := range bytes.SplitSeq(s.longTexts, []byte("\t")) {
		short, width, ok := strings.Cut(strings.TrimRight(string(pair), "\x00"), "=")
		if !ok {
			continue
		}
		n, err := strconv.Atoi(strings.TrimSpace(width))
		if err != nil || n < 256 || n > s.limits.Cell {
			return errTruncated
		}
		i, known := places[strings.ToUpper(short)]
		if !known {
			continue
		}
		v, more := s.variables[i], (n+251)/252-1
		if v.width == 0 || v.joined || i+more >= len(s.variables) {
			return errTruncated
		}
		for _, next := range s.variables[i+1 : i+1+more] {
			if next.width == 0 || next.joined || len(next.segments) != 1 {
				return errTruncated
			}
			next.joined = true
			v.segments = append(v.segments, next.segments...)
		}
		v.width = n
	}
	return nil
}

// labelLongTexts reads what the values of texts beyond eight bytes mean, and which
// of them are missing.
func (s *sav) labelLongTexts() {
	named := map[string]*variable{}
	for _, v := range s.variables {
		named[v.short] = v
	}
	for _, v := range s.variables {
		named[v.name] = v
	}
	labels := &sav{data: s.longLabels, order: s.order}
	for labels.at < len(labels.data) {
		v := named[string(labels.piece())]
		labels.int() // the width
		for range labels.int() {
			value, text := labels.piece(), labels.piece()
			if labels.cut() {
				return
			}
			if v != nil && len(v.labels) < mostLabels {
				v.labels = append(v.labels, rawLabel{value, text})
			}
		}
	}
	missing := &sav{data: s.longMissing, order: s.order}
	for missing.at < len(missing.data) {
		v := named[string(missing.piece())]
		count := missing.bytes(1)
		width := missing.int()
		if missing.cut() {
			return
		}
		for range count[0] {
			value := missing.bytes(width)
			if missing.cut() {
				return
			}
			if v != nil {
				v.words = append(v.words, value)
			}
		}
	}
}

// piece is some bytes after their number.
func (s *sav) piece() []byte { return s.bytes(s.int()) }
