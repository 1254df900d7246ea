package spss

import (
	"fmt"

	"tidemark/survey/export/dataset"
)

// column is a variable with its place in the file.
type column struct {
	dataset.Variable
	short    string // of eight bytes at most
	index    int    // of its first eight bytes within a row, from 1
	segments []segment
}

// segment is a part of a text as the dictionary knows it: none is wider than 255
// bytes. Of a text that is longer, each segment stands for 252 bytes and bears 255.
type segment struct {
	width int // as it is announced
	used  int // bytes of the text in it
}

const (
	widest   = 255
	standFor = 252
)

// bytes is what a segment takes in a row, in eights.
func (s segment) bytes() int { return (s.width + 7) / 8 * 8 }

func segmentsOf(width int) []segment {
	if width <= widest {
		return []segment{{width, width}}
	}
	var all []segment
	n := (width + standFor - 1) / standFor
	for i := range n - 1 {
		all = append(all, segment{widest, min(widest, max(0, width-i*widest))})
	}
	return append(all, segment{width - (n-1)*standFor, max(0, width-(n-1)*widest)})
}

// longestName is in bytes.
const longestName = 64

// reserved words cannot be names.
var reserved = []string{"all", "and", "by", "eq", "ge", "gt", "le", "lt", "ne", "not", "or", "to", "with"}

// tells reports whether the column says why a value is missing. Days and instants
// do not: with a label on one of their values, R reads all as numbers.
func (c *column) tells() bool { return c.Kind == dataset.Number }

// columnsOf gives each variable its place.
func columnsOf(t dataset.Table) []column {
	all, index := make([]column, len(t.Variables)), 1
	names := t.Names(longestName, reserved...)
	for i, v := range t.Variables {
		v.Name = names[i]
		c := column{Variable: v, short: fmt.Sprintf("V%d", i+1), index: index, segments: []segment{{}}}
		index++
		if v.Kind == dataset.Text {
			c.segments = segmentsOf(v.Width)
			index--
			for _, s := range c.segments {
				index += s.bytes() / 8
			}
		}
		all[i] = c
	}
	return all
}

// segmentName is the short name of a segment beyond the first.
func (c *column) segmentName(i int) string {
	if i == 0 {
		return c.short
	}
	return fmt.Sprintf("%sS%d", c.short, i)
}

// Formats of SPSS, as they stand in a dictionary.
const (
	formatText     = 1
	formatNumber   = 5
	formatDateTime = 22
	formatDay      = 39 // 2026/03/02
)

// format is how a column is shown: kind, width and decimals.
func (c *column) format(segment int) int32 {
	put := func(kind, width, decimals int) int32 { return int32(kind<<16 | width<<8 | decimals) }
	switch c.Kind {
	case dataset.Text:
		return put(formatText, c.segments[segment].width, 0)
	case dataset.Day:
		return put(formatDay, 10, 0)
	case dataset.Instant:
		return put(formatDateTime, 24, 3)
	default:
		return put(formatNumber, 8+c.Decimals, min(c.Decimals, 16))
	}
}

func (c *column) measure() int32 {
	switch c.Measure {
	case dataset.Ordinal:
		return 2
	case dataset.Scale:
		return 3
	default:
		return 1
	}
}
