package sheet

import (
	"bytes"
	"math"
	"slices"
	"strconv"
	"strings"
)

// pieceBytes is what one processor reads at a time.
const pieceBytes = 1 << 20

// job says what becomes of a column: nothing, labels or numbers.
type job struct {
	labels, numbers int // position among those asked for; −1: not asked for
}

// quick reads one file in which nothing is wrong.
type quick struct {
	separator byte
	jobs      []job // by column
	want      Want
	decimals  *decimals
}

// quickTable reads a table. It reports false as soon as anything has to be said
// about the file.
func quickTable(text []byte, separator byte, w Want) (*Table, bool) {
	text = lineEnds(text)
	header, rest, ok := quickHeader(text, separator)
	if !ok {
		return nil, false
	}
	q := &quick{separator: separator, want: w, decimals: newDecimals()}
	if q.jobs, ok = jobs(header, w); !ok {
		return nil, false
	}
	cuts := cut(rest)
	pieces := make([]piece, len(cuts)-1)
	inParallel(len(pieces), func(i int) { pieces[i] = q.read(rest[cuts[i]:cuts[i+1]]) })
	return q.join(pieces)
}

// lineEnds leaves "\n" as the only end of a line, and puts one after the last.
func lineEnds(text []byte) []byte {
	if bytes.IndexByte(text, '\r') >= 0 {
		text = bytes.TrimSuffix(bytes.ReplaceAll(text, []byte("\r\n"), []byte("\n")), []byte("\r"))
	}
	if len(text) == 0 || text[len(text)-1] != '\n' {
		text = append(slices.Clip(text), '\n')
	}
	return text
}

// quickHeader takes off the first row, if that is what names the columns.
func quickHeader(text []byte, separator byte) (names []string, rest []byte, ok bool) {
	at := 0
	for {
		name, end, ok := cell(text, at, separator)
		if !ok {
			return nil, nil, false
		}
		names = append(names, string(name))
		at = end + 1
		if text[end] == '\n' {
			break
		}
	}
	return names, text[at:], strings.Join(names, "") != ""
}

// jobs finds the columns asked for.
func jobs(header []string, w Want) ([]job, bool) {
	s := &Sheet{Header: header}
	all := make([]job, len(header))
	for i := range all {
		all[i] = job{-1, -1}
	}
	for k, name := range slices.Concat(w.Labels, w.Numbers) {
		c, err := s.Column(name)
		if err != nil {
			return nil, false
		}
		if k < len(w.Labels) && all[c].labels < 0 {
			all[c].labels = k
		} else if k >= len(w.Labels) && all[c].numbers < 0 {
			all[c].numbers = k - len(w.Labels)
		} else { // asked for twice
			return nil, false
		}
	}
	return all, true
}

// cut finds where the pieces of a text begin, and its end. A line ends outside
// quotation marks where their number before it is even.
func cut(text []byte) []int {
	cuts := []int{0}
	quoted := bytes.IndexByte(text, '"') >= 0
	for from := 0; len(text)-from > pieceBytes; {
		at := from + pieceBytes
		odd := quoted && bytes.Count(text[from:at], []byte{'"'})%2 == 1
		for ; at < len(text) && (odd || text[at] != '\n'); at++ {
			odd = odd != (text[at] == '"')
		}
		from = min(at+1, len(text))
		cuts = append(cuts, from)
	}
	if cuts[len(cuts)-1] < len(text) || len(cuts) == 1 {
		cuts = append(cuts, len(text))
	}
	return cuts
}

// cell is the text of the cell that begins at a position, without the blanks and
// quotation marks around it, and where it ends: at a separator or a line's end.
func cell(text []byte, at int, separator byte) (content []byte, end int, ok bool) {
	if text[at] == '"' {
		return quotedCell(text, at+1, separator)
	}
	for end = at; text[end] != separator && text[end] != '\n'; end++ {
		if text[end] == '"' {
			return nil, 0, false
		}
	}
	return trimmed(text[at:end]), end, true
}

// quotedCell is cell after a quotation mark.
func quotedCell(text []byte, at int, separator byte) (content []byte, end int, ok bool) {
	doubled := false
	for end = at; ; end++ {
		next := bytes.IndexByte(text[end:], '"')
		if next < 0 || end+next+1 >= len(text) {
			return nil, 0, false
		}
		end += next
		if text[end+1] != '"' {
			break
		}
		doubled = true
		end++
	}
	if c := text[end+1]; c != separator && c != '\n' {
		return nil, 0, false
	}
	content = text[at:end]
	if doubled {
		content = bytes.ReplaceAll(content, []byte(`""`), []byte(`"`))
	}
	return trimmed(content), end + 1, true
}

// trimmed takes off blanks, which few cells have.
func trimmed(b []byte) []byte {
	if len(b) == 0 || plain(b[0]) && plain(b[len(b)-1]) {
		return b
	}
	return bytes.TrimSpace(b)
}

func plain(c byte) bool { return c > ' ' && c < 0x80 }

// piece is what one piece of a file holds.
type piece struct {
	rows    int
	codes   [][]uint32
	names   []*dictionary
	numbers [][]float64
	point   bool // some number has a decimal point
	comma   bool // some number has a decimal comma
	wrong   bool
	line    []byte // room for a number
}

// read reads whole lines.
func (q *quick) read(text []byte) piece {
	p := piece{
		codes: make([][]uint32, len(q.want.Labels)), names: make([]*dictionary, len(q.want.Labels)),
		numbers: make([][]float64, len(q.want.Numbers)),
	}
	lines := bytes.Count(text, []byte{'\n'})
	for i := range p.codes {
		p.codes[i], p.names[i] = make([]uint32, 0, lines), newDictionary()
	}
	for i := range p.numbers {
		p.numbers[i] = make([]float64, 0, lines)
	}
	for at := 0; at < len(text); {
		if text[at] == '\n' {
			at++
			continue
		}
		next, ok := q.row(&p, text, at)
		if !ok {
			return piece{wrong: true}
		}
		at = next
	}
	return p
}

// row reads a row and says where the next begins.
func (q *quick) row(p *piece, text []byte, at int) (next int, ok bool) {
	filled := false
	for c := range q.jobs {
		var end int
		if j := q.jobs[c]; j.numbers >= 0 && j.labels < 0 {
			v, to, sign, isNumber := q.decimals.read(text, at, q.separator)
			if isNumber && (q.want.Missing == nil || !slices.Contains(q.want.Missing, string(text[at:to]))) {
				p.point, p.comma = p.point || sign == pointMark, p.comma || sign == commaMark
			} else if v, to, isNumber = q.oddNumber(p, text, at); !isNumber {
				return 0, false
			}
			p.numbers[j.numbers] = append(p.numbers[j.numbers], v)
			filled = filled || v == v || hasText(text, at, q.separator)
			end = to
		} else {
			content, to, isCell := cell(text, at, q.separator)
			if !isCell {
				return 0, false
			}
			filled = filled || len(content) > 0
			if j.labels >= 0 {
				p.codes[j.labels] = append(p.codes[j.labels], p.names[j.labels].code(content))
			}
			if j.numbers >= 0 {
				v, isNumber := q.number(p, content)
				if !isNumber {
					return 0, false
				}
				p.numbers[j.numbers] = append(p.numbers[j.numbers], v)
			}
			end = to
		}
		if at = end + 1; text[end] != '\n' {
			continue
		}
		if c < len(q.jobs)-1 || !filled { // too few cells, or none
			return 0, false
		}
		p.rows++
		return at, true
	}
	return q.surplus(p, text, at, filled)
}

// surplus passes over empty cells beyond the last column.
func (q *quick) surplus(p *piece, text []byte, at int, filled bool) (next int, ok bool) {
	for {
		content, end, isCell := cell(text, at, q.separator)
		if !isCell || len(content) > 0 || !filled {
			return 0, false
		}
		at = end + 1
		if text[end] == '\n' {
			p.rows++
			return at, true
		}
	}
}

// hasText reports whether a cell is not empty.
func hasText(text []byte, at int, separator byte) bool {
	content, _, ok := cell(text, at, separator)
	return ok && len(content) > 0
}

// oddNumber reads a cell of numbers that is not a plain one.
func (q *quick) oddNumber(p *piece, text []byte, at int) (v float64, end int, ok bool) {
	content, end, ok := cell(text, at, q.separator)
	if !ok {
		return 0, 0, false
	}
	v, ok = q.number(p, content)
	return v, end, ok
}

// number reads a cell of numbers, by the rules of the sheet.
func (q *quick) number(p *piece, content []byte) (float64, bool) {
	if len(content) == 0 || q.want.Missing.has(string(content)) {
		return math.NaN(), true
	}
	p.line = append(append(p.line[:0], content...), '\n')
	if v, _, sign, ok := q.decimals.read(p.line, 0, '\n'); ok {
		p.point, p.comma = p.point || sign == pointMark, p.comma || sign == commaMark
		return v, true
	}
	text := minus(string(content))
	if q.want.Missing.has(text) {
		return 0, false
	}
	comma := false
	if commaForm.MatchString(text) {
		text, comma = strings.Replace(text, ",", ".", 1), true
	} else if !numberForm.MatchString(text) {
		return 0, false
	}
	v, err := strconv.ParseFloat(text, 64)
	if err != nil || math.IsInf(v, 0) {
		return 0, false
	}
	p.comma = p.comma || comma
	p.point = p.point || !comma && strings.Contains(text, ".")
	return v, true
}

// join puts the pieces together.
func (q *quick) join(pieces []piece) (*Table, bool) {
	t := &Table{}
	point, comma := false, false
	first := make([]int, len(pieces))
	for i, p := range pieces {
		if p.wrong {
			return nil, false
		}
		first[i] = t.Rows
		t.Rows += p.rows
		point, comma = point || p.point, comma || p.comma
	}
	if t.Rows == 0 || point && comma {
		return nil, false
	}
	if comma {
		t.Notes = append(t.Notes, "Numbers have decimal commas.")
	}
	t.Labels, t.Numbers = make([]Labels, len(q.want.Labels)), make([][]float64, len(q.want.Numbers))
	for k := range t.Labels {
		t.Labels[k] = joinLabels(pieces, first, k, t.Rows)
	}
	for k := range t.Numbers {
		t.Numbers[k] = make([]float64, t.Rows)
		inParallel(len(pieces), func(i int) { copy(t.Numbers[k][first[i]:], pieces[i].numbers[k]) })
	}
	return t, true
}

// joinLabels numbers the names of all pieces together.
func joinLabels(pieces []piece, first []int, k, rows int) Labels {
	names := newDictionary()
	codes := make([][]uint32, len(pieces))
	for i, p := range pieces {
		codes[i] = names.merge(p.names[k])
	}
	l := Labels{Codes: make([]uint32, rows), Names: names.names}
	inParallel(len(pieces), func(i int) {
		to := l.Codes[first[i]:]
		for row, code := range pieces[i].codes[k] {
			to[row] = codes[i][code]
		}
	})
	return l
}
