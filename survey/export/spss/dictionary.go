package spss

import (
	"bufio"
	"encoding/binary"
	"fmt"
	"math"
	"slices"
	"strings"
	"unicode/utf8"

	"tidemark/survey/export/dataset"
)

// dictionary is everything before the rows.
type dictionary struct {
	table   dataset.Table
	columns []column
	codes   map[string]float64
	out     *bufio.Writer
}

func newDictionary(t dataset.Table) *dictionary {
	return &dictionary{table: t, columns: columnsOf(t), codes: t.Codes()}
}

// write writes the dictionary; a failure stays in out and comes with the rows.
func (d *dictionary) write(out *bufio.Writer) {
	d.out = out
	d.header()
	for i := range d.columns {
		d.variable(&d.columns[i])
	}
	d.labels()
	d.documents()
	d.extension(3, 4, 8, func() { // version, machine, IEEE 754, packed, little endian, UTF-8
		d.ints(1, 0, 0, -1, 1, 1, 2, 65001)
	})
	d.extension(4, 8, 3, func() {
		d.float(-math.MaxFloat64)
		d.float(math.MaxFloat64)
		d.float(math.Nextafter(-math.MaxFloat64, 0))
	})
	d.display()
	d.text(13, d.longNames())
	if long := d.longTexts(); long != "" {
		d.text(14, long)
	}
	d.extension(16, 8, 2, func() {
		d.long(1)
		d.long(int64(d.table.Rows))
	})
	d.text(20, "UTF-8")
	if long := d.longLabels(); long != "" {
		d.text(21, long)
	}
	d.ints(999, 0)
}

func (d *dictionary) ints(all ...int32) {
	for _, v := range all {
		_ = binary.Write(d.out, binary.LittleEndian, v)
	}
}

func (d *dictionary) long(v int64)    { _ = binary.Write(d.out, binary.LittleEndian, v) }
func (d *dictionary) float(v float64) { _ = binary.Write(d.out, binary.LittleEndian, v) }

// fixed writes a text in n bytes, filled up with blanks.
func (d *dictionary) fixed(s string, n int) {
	s = cut(s, n)
	_, _ = d.out.WriteString(s + strings.Repeat(" ", n-len(s)))
}

// cut shortens a text to n bytes at the end of a character.
func cut(s string, n int) string {
	if len(s) <= n {
		return s
	}
	for n > 0 && !utf8.RuneStart(s[n]) {
		n--
	}
	return s[:n]
}

// shortened is cut, and shows it.
func shortened(s string, n int) string {
	if len(s) <= n {
		return s
	}
	return cut(s, n-len("…")) + "…"
}

// extension begins an extension record of count elements of a size.
func (d *dictionary) extension(subtype, size, count int, write func()) {
	d.ints(7, int32(subtype), int32(size), int32(count))
	write()
}

func (d *dictionary) text(subtype int, s string) {
	d.extension(subtype, 1, len(s), func() { _, _ = d.out.WriteString(s) })
}

func (d *dictionary) header() {
	t := d.table
	_, _ = d.out.WriteString("$FL2")
	d.fixed("@(#) SPSS DATA FILE "+t.Program, 60)
	row := 0
	for _, c := range d.columns {
		row++
		if c.Kind == dataset.Text {
			row--
			for _, s := range c.segments {
				row += s.bytes() / 8
			}
		}
	}
	d.ints(2, int32(row), 1, 0, int32(min(t.Rows, math.MaxInt32)))
	d.float(bias)
	made := t.MadeAt.UTC()
	d.fixed(made.Format("02 Jan 06"), 9)
	d.fixed(made.Format("15:04:05"), 8)
	d.fixed(t.Label, 64)
	d.fixed("", 3)
}

// The longest labels that SPSS shows; the whole text is among the documents.
const (
	longestLabel      = 255
	longestValueLabel = 120
)

func (d *dictionary) variable(c *column) {
	missing := d.missing(c)
	for i, s := range c.segments {
		kind := int32(0)
		if c.Kind == dataset.Text {
			kind = int32(s.width)
		}
		label := ""
		if i == 0 {
			label = shortened(oneLine(c.Label), longestLabel)
		}
		count := int32(0)
		switch {
		case i > 0 || len(missing) == 0:
		case len(missing) <= 3:
			count = int32(len(missing))
		default: // from the first to the last
			missing, count = []float64{slices.Min(missing), slices.Max(missing)}, -2
		}
		d.ints(2, kind, int32(min(1, len(label))), count, c.format(i), c.format(i))
		d.fixed(c.segmentName(i), 8)
		if label != "" {
			d.ints(int32(len(label)))
			d.fixed(label, (len(label)+3)/4*4)
		}
		if count != 0 {
			for _, v := range missing {
				d.float(v)
			}
		}
		for range (s.bytes() - 1) / 8 { // each further eight bytes have a record
			d.ints(2, -1, 0, 0, 0, 0)
			d.fixed("", 8)
		}
	}
}

// missing are the numbers that stand for the reasons of a variable.
func (d *dictionary) missing(c *column) []float64 {
	if !c.tells() {
		return nil
	}
	var all []float64
	for _, r := range c.Reasons {
		all = append(all, d.codes[r.Key])
	}
	return all
}

// oneLine has no line breaks, which labels cannot have.
func oneLine(s string) string { return strings.Join(strings.Fields(s), " ") }

// labels writes what values mean; variables that share all their labels share a
// record.
func (d *dictionary) labels() {
	type set struct {
		body string
		text bool // the same eight bytes can be a number and a text
	}
	var order []set
	shared := map[set][]int32{}
	for i := range d.columns {
		c := &d.columns[i]
		s := set{d.labelsOf(c), c.Kind == dataset.Text}
		if s.body == "" {
			continue
		}
		if shared[s] == nil {
			order = append(order, s)
		}
		shared[s] = append(shared[s], int32(c.index))
	}
	for _, set := range order {
		count := int32(0)
		for at := 0; at < len(set.body); count++ {
			at += 8 + (1+int(set.body[at+8])+7)/8*8
		}
		d.ints(3, count)
		_, _ = d.out.WriteString(set.body)
		d.ints(4, int32(len(shared[set])))
		d.ints(shared[set]...)
	}
}

// labelsOf are the labels of a variable as they stand in a file; empty for those
// of long texts.
func (d *dictionary) labelsOf(c *column) string {
	var b strings.Builder
	add := func(value [8]byte, label string) {
		label = shortened(oneLine(label), longestValueLabel)
		_, _ = b.Write(value[:])
		_ = b.WriteByte(byte(len(label)))
		_, _ = b.WriteString(label)
		for n := len(label) + 1; n%8 != 0; n++ {
			_ = b.WriteByte(' ')
		}
	}
	number := func(v float64, label string) {
		var eight [8]byte
		binary.LittleEndian.PutUint64(eight[:], math.Float64bits(v))
		add(eight, label)
	}
	if c.Kind == dataset.Text {
		if c.Width <= 8 {
			for _, v := range c.Categories {
				var eight [8]byte
				copy(eight[:], v.Value+strings.Repeat(" ", 8))
				add(eight, v.Text)
			}
		}
		return b.String()
	}
	for _, l := range c.Labels {
		number(l.Value, l.Text)
	}
	if c.tells() {
		for _, r := range c.Reasons {
			number(d.codes[r.Key], r.Text)
		}
	}
	return b.String()
}

// longLabels are what the values of texts beyond eight bytes mean.
func (d *dictionary) longLabels() string {
	var b []byte
	put := func(n int) { b = binary.LittleEndian.AppendUint32(b, uint32(n)) }
	for i := range d.columns {
		c := &d.columns[i]
		if c.Kind != dataset.Text || c.Width <= 8 || len(c.Categories) == 0 {
			continue
		}
		put(len(c.Name))
		b = append(b, c.Name...)
		put(c.Width)
		put(len(c.Categories))
		for _, v := range c.Categories {
			value := v.Value + strings.Repeat(" ", max(0, c.Width-len(v.Value)))
			label := shortened(oneLine(v.Text), longestValueLabel)
			put(len(value))
			b = append(b, value...)
			put(len(label))
			b = append(b, label...)
		}
	}
	return string(b)
}

// display is the level of measurement, width and alignment of every column.
func (d *dictionary) display() {
	var all []int32
	for i := range d.columns {
		c := &d.columns[i]
		for _, s := range c.segments {
			width, alignment := int32(8), int32(1)
			if c.Kind == dataset.Text {
				width, alignment = int32(min(s.width, 32)), 0
			}
			all = append(all, c.measure(), width, alignment)
		}
	}
	d.extension(11, 4, len(all), func() { d.ints(all...) })
}

func (d *dictionary) longNames() string {
	names := make([]string, len(d.columns))
	for i, c := range d.columns {
		names[i] = c.short + "=" + c.Name
	}
	return strings.Join(names, "\t")
}

// longTexts are the widths of texts beyond 255 bytes.
func (d *dictionary) longTexts() string {
	var b strings.Builder
	for _, c := range d.columns {
		if len(c.segments) > 1 {
			fmt.Fprintf(&b, "%s=%05d\x00\t", c.short, c.Width)
		}
	}
	return b.String()
}

// documents are the notes of the table, and every label that is too long.
func (d *dictionary) documents() {
	notes := slices.Clone(d.table.Notes)
	for _, c := range d.columns {
		if label := oneLine(c.Label); len(label) > longestLabel {
			notes = append(notes, c.Name+": "+label)
		}
		for _, l := range c.Labels {
			if text := oneLine(l.Text); len(text) > longestValueLabel {
				notes = append(notes, fmt.Sprintf("%s, %v: %s", c.Name, l.Value, text))
			}
		}
	}
	const width = 80
	var lines []string
	for _, n := range notes {
		for n = oneLine(n); n != ""; {
			line := cut(n, width)
			if len(line) < len(n) {
				if at := strings.LastIndexByte(line, ' '); at > 0 {
					line = line[:at]
				}
			}
			lines = append(lines, line)
			n = strings.TrimPrefix(n[len(line):], " ")
		}
	}
	if len(lines) == 0 {
		return
	}
	d.ints(6, int32(len(lines)))
	for _, l := range lines {
		d.fixed(l, width)
	}
}
