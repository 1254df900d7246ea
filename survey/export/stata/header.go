package stata

import (
	"bufio"
	"bytes"
	"encoding/binary"
	"fmt"
	"math"
	"strings"
	"unicode/utf8"

	"tidemark/survey/export/dataset"
)

// What a name, a label and a text of a column can be long at most, in bytes or
// characters.
const (
	longestName  = 32
	longestLabel = 80
	longestText  = 2045
)

// reserved words cannot be names.
var reserved = []string{
	"_all", "_b", "byte", "_coef", "_cons", "double", "float", "if", "in", "int", "long", "_n", "_pi", "_pred", "_rc",
	"_skip", "str", "strl", "using", "with",
}

// column is a variable with its place in the file.
type column struct {
	dataset.Variable
	long   bool   // its texts stand behind the rows
	labels string // name of its set of labels; empty: none
}

// header is everything around the rows.
type header struct {
	table   dataset.Table
	columns []column
	letter  map[string]int // 0 for .a
	sets    []labelSet
}

type labelSet struct {
	name  string
	table []byte
}

func newHeader(t dataset.Table) *header {
	h := &header{table: t, letter: map[string]int{}}
	for i, key := range t.Reasons() {
		if i < 26 {
			h.letter[key] = i
		}
	}
	known := map[string]string{}
	for i, name := range Names(t) {
		c := column{Variable: t.Variables[i]}
		c.long = c.Kind == dataset.Text && c.Width > longestText
		c.Name = name
		if set := h.labelTable(c.Variable); set != nil {
			if known[string(set)] == "" {
				known[string(set)] = fmt.Sprintf("labels_%d", len(h.sets)+1)
				h.sets = append(h.sets, labelSet{known[string(set)], set})
			}
			c.labels = known[string(set)]
		}
		h.columns = append(h.columns, c)
	}
	return h
}

func (h *header) hasLong() bool {
	for _, c := range h.columns {
		if c.long {
			return true
		}
	}
	return false
}

// labelTable are the labels of whole numbers and of reasons as they stand in a
// file; nil when there are none.
func (h *header) labelTable(v dataset.Variable) []byte {
	var offsets, values, text []byte
	n := 0
	add := func(value int32, label string) {
		offsets = binary.LittleEndian.AppendUint32(offsets, uint32(len(text)))
		values = binary.LittleEndian.AppendUint32(values, uint32(value))
		text = append(append(text, oneLine(label)...), 0)
		n++
	}
	for _, l := range v.Labels {
		if l.Value == math.Trunc(l.Value) && math.Abs(l.Value) < 1<<30 {
			add(int32(l.Value), l.Text)
		}
	}
	if v.Kind != dataset.Text {
		for _, r := range v.Reasons {
			const missing = math.MaxInt32 - 25 // .a
			if k, ok := h.letter[r.Key]; ok {
				add(int32(missing+k), r.Text)
			}
		}
	}
	if n == 0 {
		return nil
	}
	var b []byte
	b = binary.LittleEndian.AppendUint32(b, uint32(n))
	b = binary.LittleEndian.AppendUint32(b, uint32(len(text)))
	b = append(b, offsets...)
	b = append(b, values...)
	return append(b, text...)
}

// oneLine has no line breaks, which labels cannot have.
func oneLine(s string) string { return strings.Join(strings.Fields(s), " ") }

// shortened is a text of at most n characters.
func shortened(s string, n int) string {
	if utf8.RuneCountInString(s) <= n {
		return s
	}
	return string([]rune(s)[:n-1]) + "…"
}

func (c *column) kind() uint16 {
	switch {
	case c.long:
		return 32768
	case c.Kind == dataset.Text:
		return uint16(c.Width)
	default:
		return 65526
	}
}

// bytes is what a cell takes in a row.
func (c *column) bytes() int {
	if c.Kind == dataset.Text && !c.long {
		return c.Width
	}
	return 8
}

func (c *column) format() string {
	switch {
	case c.Kind == dataset.Text:
		return fmt.Sprintf("%%-%ds", min(c.Width, 32))
	case c.Kind == dataset.Day:
		return "%td"
	case c.Kind == dataset.Instant:
		return "%tc"
	case c.Decimals > 0:
		return fmt.Sprintf("%%%d.%df", 8+c.Decimals, c.Decimals)
	default:
		return "%9.0g"
	}
}

// notes are what Stata has no other place for.
func (h *header) notes() []string {
	var all []string
	for _, n := range h.table.Notes {
		all = append(all, oneLine(n))
	}
	for i, c := range h.columns {
		v := h.table.Variables[i]
		if label := oneLine(v.Label); c.Name != v.Name || utf8.RuneCountInString(label) > longestLabel {
			all = append(all, fmt.Sprintf("%s is %s: %s", c.Name, v.Name, label))
		}
		for _, category := range v.Categories {
			all = append(all, fmt.Sprintf("%s: %s = %s", c.Name, category.Value, oneLine(category.Text)))
		}
	}
	return all
}

// section is a part of a file that its map points to.
type section struct{ open, body string }

// sections are all before the rows, in their order.
func (h *header) sections() []section {
	fixed := func(s string, n int) string {
		for len(s) >= n { // one byte ends it
			s = string([]rune(s)[:utf8.RuneCountInString(s)-1])
		}
		return s + strings.Repeat("\x00", n-len(s))
	}
	var types, names, formats, sets, labels strings.Builder
	for _, c := range h.columns {
		var two [2]byte
		binary.LittleEndian.PutUint16(two[:], c.kind())
		types.Write(two[:])
		names.WriteString(fixed(c.Name, 129))
		formats.WriteString(fixed(c.format(), 57))
		sets.WriteString(fixed(c.labels, 129))
		labels.WriteString(fixed(shortened(oneLine(c.Label), longestLabel), 321))
	}
	var notes bytes.Buffer
	note := func(key, text string) {
		body := fixed("_dta", 129) + fixed(key, 129) + text + "\x00"
		notes.WriteString("<ch>")
		_ = binary.Write(&notes, binary.LittleEndian, uint32(len(body)))
		notes.WriteString(body + "</ch>")
	}
	if all := h.notes(); len(all) > 0 {
		note("note0", fmt.Sprint(len(all)))
		for i, n := range all {
			note(fmt.Sprintf("note%d", i+1), n)
		}
	}
	return []section{
		{"variable_types", types.String()}, {"varnames", names.String()},
		{"sortlist", strings.Repeat("\x00\x00", len(h.columns)+1)}, {"formats", formats.String()},
		{"value_label_names", sets.String()}, {"variable_labels", labels.String()}, {"characteristics", notes.String()},
	}
}

// write writes everything up to the first row. The long texts take a number of
// bytes.
func (h *header) write(out *bufio.Writer, texts int64) {
	t := h.table
	var b bytes.Buffer
	b.WriteString("<stata_dta><header><release>118</release><byteorder>LSF</byteorder><K>")
	_ = binary.Write(&b, binary.LittleEndian, uint16(len(h.columns)))
	b.WriteString("</K><N>")
	_ = binary.Write(&b, binary.LittleEndian, uint64(t.Rows))
	label := shortened(oneLine(t.Label), longestLabel)
	b.WriteString("</N><label>")
	_ = binary.Write(&b, binary.LittleEndian, uint16(len(label)))
	made := t.MadeAt.UTC().Format("02 Jan 2006 15:04")
	b.WriteString(label + "</label><timestamp>" + string(rune(len(made))) + made + "</timestamp></header>")

	all := h.sections()
	offset := int64(b.Len())
	offsets := []int64{0, offset}
	offset += int64(len("<map></map>") + 14*8)
	for _, s := range all {
		offsets = append(offsets, offset)
		offset += int64(len(s.body) + len("<></>") + 2*len(s.open))
	}
	row := 0
	for i := range h.columns {
		row += h.columns[i].bytes()
	}
	offsets = append(offsets, offset)
	offset += int64(len("<data></data>")) + int64(row)*int64(t.Rows)
	offsets = append(offsets, offset)
	offset += int64(len("<strls></strls>")) + texts
	offsets = append(offsets, offset)
	offset += int64(len("<value_labels></value_labels>"))
	for _, s := range h.sets {
		offset += int64(len("<lbl></lbl>") + 4 + 129 + 3 + len(s.table))
	}
	offsets = append(offsets, offset, offset+int64(len("</stata_dta>")))

	b.WriteString("<map>")
	_ = binary.Write(&b, binary.LittleEndian, offsets)
	b.WriteString("</map>")
	for _, s := range all {
		b.WriteString("<" + s.open + ">" + s.body + "</" + s.open + ">")
	}
	b.WriteString("<data>")
	_, _ = out.Write(b.Bytes()) // a failure stays in out
}

// end writes what follows the rows; texts writes the long ones.
func (h *header) end(out *bufio.Writer, texts func() error) error {
	_, _ = out.WriteString("</data><strls>")
	if err := texts(); err != nil {
		return err
	}
	_, _ = out.WriteString("</strls><value_labels>")
	for _, s := range h.sets {
		_, _ = out.WriteString("<lbl>")
		_ = binary.Write(out, binary.LittleEndian, uint32(len(s.table)))
		_, _ = out.WriteString(s.name + strings.Repeat("\x00", 129-len(s.name)+3))
		_, _ = out.Write(s.table)
		_, _ = out.WriteString("</lbl>")
	}
	_, err := out.WriteString("</value_labels></stata_dta>")
	return err
}

// Names are the names that the variables of a table have in a file.
func Names(t dataset.Table) []string { return t.Names(longestName, reserved...) }
