package catalogue

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode"
)

// MaxPaste is the longest text that PasteWording takes apart, in bytes.
const MaxPaste = 60_000

// A Preview is what was found in a pasted sheet.
type Preview struct {
	// Items by number, ascending, as far as they were found.
	Items []FoundItem
	// Options as the sheet orders them; empty: none were found.
	Options []FoundOption
	// Unused are lines that are neither item nor option, in order.
	Unused []string
	// Doubts are what somebody must look at, those that stop first.
	Doubts []Doubt
}

// A FoundItem is a numbered statement of the sheet.
type FoundItem struct {
	Number int
	Text   string
	Line   int // of the paste, from 1
	// Marked: the sheet marks it as turned, by an asterisk or "(R)".
	Marked bool
	// Columns: it was taken out of a line of two columns.
	Columns bool
	// Broken: a line ended in a hyphen within it.
	Broken bool
}

// A FoundOption is an answer of the sheet.
type FoundOption struct {
	Value    float64
	HasValue bool
	Label    string
}

// A Doubt is something about a sheet to be looked at.
type Doubt struct {
	// Stop: it must be mended; otherwise it must be looked at.
	Stop bool
	// Item is the number it concerns; 0: the whole.
	Item int
	Text string
}

func (p *Preview) doubt(stop bool, item int, format string, args ...any) {
	p.Doubts = append(p.Doubts, Doubt{Stop: stop, Item: item, Text: fmt.Sprintf(format, args...)})
}

// Stops reports whether something must be mended before the wording can be used.
func (p *Preview) Stops() bool {
	return slices.ContainsFunc(p.Doubts, func(d Doubt) bool { return d.Stop })
}

// Texts are the wordings of the items in order.
func (p *Preview) Texts() []string {
	texts := make([]string, len(p.Items))
	for i, item := range p.Items {
		texts[i] = item.Text
	}
	return texts
}

// PasteWording takes a pasted sheet apart: it finds the items by their numbers,
// however these are written, joins wrapped lines, separates two columns, takes off
// what is printed for ticking, and looks for the options. Nothing is dropped in
// silence: lines that were not used are listed, and every doubt is told.
func PasteWording(e *Entry, text string) *Preview {
	p := &Preview{}
	if len(text) > MaxPaste {
		p.doubt(true, 0, "The text has more than %d characters. Paste the sheet alone.", MaxPaste)
		return p
	}
	s := &scanner{entry: e, preview: p, last: -1, other: -1}
	for i, line := range strings.Split(clean(text), "\n") {
		s.line(i+1, line)
	}
	s.finish()
	e.doubtItems(p)
	e.DoubtOptions(p)
	p.sort()
	return p
}

// sort puts the doubts that stop first.
func (p *Preview) sort() {
	slices.SortStableFunc(p.Doubts, func(a, b Doubt) int {
		switch {
		case a.Stop == b.Stop:
			return 0
		case a.Stop:
			return -1
		}
		return 1
	})
}

// clean gives a text plain spaces and line ends.
func clean(text string) string {
	text = strings.NewReplacer("\r\n", "\n", "\r", "\n", "\f", "\n", "\u2028", "\n",
		"\u00ad", "", "\u200b", "", "\ufeff", "", "ﬁ", "fi", "ﬂ", "fl", "ﬀ", "ff").Replace(text)
	return strings.Map(func(r rune) rune {
		switch {
		case r == '\n' || r == '\t':
			return r
		case unicode.IsSpace(r):
			return ' '
		case unicode.IsControl(r) || r == unicode.ReplacementChar:
			return -1
		}
		return r
	}, text)
}

var (
	// numbered is the beginning of an item: perhaps a blank to fill in, a bullet,
	// an asterisk or a word for it, the number, and a sign that it is one.
	numbered = regexp.MustCompile(`^[\s_]*([•·▪◦■□○●\-–—]\s*)?(\*\s*)?(?i:(?:item|question|frage|pregunta|nr\.?|no\.?|q)\s*)?[(\[]?(\d{1,3})(?:\s*[.):\]–—\-]+(?:\s+|$|[^\d\s])|\s*\t\s*|\s+)`)
	// second is the beginning of a second column within a line.
	second = regexp.MustCompile(`(?:\t+| {2,})(?:[_\s]*)\*?[(\[]?(\d{1,3})\s*[.):\]]+\s+\S`)
	// marked is how sheets mark a turned item.
	markedAtEnd   = regexp.MustCompile(`\s*(?:\((?i:r|rev\.?|reversed?|reverse[- ]scored)\)|\[(?i:r|rev\.?)\]|\*)\s*$`)
	markedAtFront = regexp.MustCompile(`^\s*(?:\((?i:r)\)|\*)\s*`)
	// ticks are boxes, lines and dots for the pen.
	ticksAtEnd = regexp.MustCompile(`(?:\s*(?:[□■○●◯☐☑◻_]|\[ ?\]|\( ?\))+|\s*\.{4,}|(?:\s+[Oo]){3,})\s*$`)
	spaces     = regexp.MustCompile(`\s+`)
	gap        = regexp.MustCompile(`\t+| {3,}`)
)

// scanner goes through a sheet line by line.
type scanner struct {
	entry   *Entry
	preview *Preview
	found   []FoundItem
	last    int // index in found of the item that goes on; −1: none
	other   int // of the second column
	blank   bool
	heads   []string // lines that may hold options
	top     int      // the highest number so far
}

func (s *scanner) line(n int, line string) {
	if strings.TrimSpace(line) == "" {
		s.blank = true
		return
	}
	defer func() { s.blank = false }()
	if options := s.entry.optionLine(line); options != nil {
		s.options(options, line)
		return
	}
	number, rest, marked, ok := s.begins(line)
	if !ok {
		s.goesOn(line)
		return
	}
	right, rightNumber := "", 0
	if at := second.FindStringSubmatchIndex(rest); at != nil {
		if v, err := strconv.Atoi(rest[at[2]:at[3]]); err == nil && v != number && v >= 1 && v <= s.entry.Items {
			right, rightNumber = rest[at[2]:], v
			rest = rest[:at[0]]
		}
	}
	s.begin(n, number, rest, marked, rightNumber > 0)
	s.last, s.other = len(s.found)-1, -1
	if rightNumber > 0 {
		_, text, rightMarked, _ := s.begins(right)
		s.begin(n, rightNumber, text, rightMarked, true)
		s.other = len(s.found) - 1
	}
}

// begins reports whether a line begins an item. A number followed by nothing but a
// space begins one only where it is the next to come: sentences go on with numbers
// too.
func (s *scanner) begins(line string) (number int, rest string, marked, ok bool) {
	at := numbered.FindStringSubmatchIndex(line)
	if at == nil {
		return 0, "", false, false
	}
	number, err := strconv.Atoi(line[at[6]:at[7]])
	if err != nil || number < 1 {
		return 0, "", false, false
	}
	between := line[at[7]:at[1]]
	if strings.TrimSpace(between) == "" && !strings.Contains(between, "\t") && number != s.top+1 {
		return 0, "", false, false
	}
	rest = strings.TrimLeft(line[at[7]:], " \t.):]–—-")
	if rest == "" { // the text stands below, or is missing
		return number, "", at[4] >= 0, number == s.top+1
	}
	if !strings.ContainsFunc(rest, unicode.IsLetter) && !strings.Contains(rest, "|") {
		return 0, "", false, false // a row of numbers for ticking
	}
	return number, rest, at[4] >= 0, true
}

func (s *scanner) begin(line, number int, text string, marked, columns bool) {
	s.top = max(s.top, number)
	s.found = append(s.found, FoundItem{Number: number, Text: strings.TrimRight(text, " \t"), Line: line, Marked: marked, Columns: columns})
}

// goesOn takes a line without a number: the rest of the item above, or of two, or
// nothing of an item.
func (s *scanner) goesOn(line string) {
	complete := s.last >= 0 && s.blank && s.found[s.last].Text != ""
	if s.last < 0 || complete {
		s.heads = append(s.heads, line)
		return
	}
	if s.other >= 0 {
		indent := len(line) - len(strings.TrimLeft(line, " "))
		parts := gap.Split(strings.TrimSpace(line), 2)
		switch {
		case len(parts) == 2:
			s.add(s.last, parts[0])
			s.add(s.other, parts[1])
		case indent >= 15 || strings.HasPrefix(line, "\t"):
			s.add(s.other, parts[0])
		default:
			s.add(s.last, parts[0])
		}
		return
	}
	s.add(s.last, line)
}

func (s *scanner) add(i int, text string) {
	text = strings.TrimSpace(text)
	item := &s.found[i]
	switch {
	case item.Text == "":
		item.Text = text
	case strings.HasSuffix(item.Text, "-"):
		item.Text += text
		item.Broken = true
	default:
		item.Text += " " + text
	}
}

func (s *scanner) options(options []FoundOption, line string) {
	if len(s.preview.Options) == 0 {
		s.preview.Options = options
		return
	}
	// The same scale is often printed above every block; options may also stand
	// one a line.
	if len(options) == 1 && len(s.preview.Options) < s.entry.Response.Points {
		s.preview.Options = append(s.preview.Options, options[0])
		return
	}
	same := slices.EqualFunc(options, s.preview.Options, func(a, b FoundOption) bool { return a.Label == b.Label })
	if !same {
		s.preview.Unused = append(s.preview.Unused, strings.TrimSpace(line))
	}
}

// finish trims the items and sorts them.
func (s *scanner) finish() {
	for i := range s.found {
		s.trim(&s.found[i])
	}
	slices.SortStableFunc(s.found, func(a, b FoundItem) int { return a.Number - b.Number })
	s.preview.Items = s.found
	for _, line := range s.heads {
		s.preview.Unused = append(s.preview.Unused, strings.TrimSpace(spaces.ReplaceAllString(line, " ")))
	}
	if len(s.preview.Options) == 0 {
		s.preview.Options = s.entry.optionsAmong(s.heads)
	}
}

// trim takes off what is printed around an item for the pen, and marks.
func (s *scanner) trim(item *FoundItem) {
	text := strings.Trim(item.Text, " \t")
	for range 20 { // each turn takes off one kind of print
		before := text
		text = s.entry.withoutScale(text)
		text = ticksAtEnd.ReplaceAllString(text, "")
		if m := markedAtEnd.FindString(text); m != "" {
			text, item.Marked = strings.TrimSuffix(text, m), true
		}
		if m := markedAtFront.FindString(text); m != "" {
			text, item.Marked = strings.TrimPrefix(text, m), true
		}
		if text == before {
			break
		}
	}
	item.Text = strings.TrimSpace(spaces.ReplaceAllString(text, " "))
}

// withoutScale takes off the numbers for ticking behind an item: at least three of
// the values in order, up or down.
func (e *Entry) withoutScale(text string) string {
	fields := strings.Fields(text)
	n := 0
	for n < len(fields) && e.isValue(fields[len(fields)-1-n]) {
		n++
	}
	if n < 3 || n != e.Response.Points {
		return text
	}
	return strings.Join(fields[:len(fields)-n], " ")
}

// isValue reports whether a word is a number that the sheet may print for an
// answer: coded from 0 or from 1.
func (e *Entry) isValue(word string) bool {
	v, err := strconv.Atoi(strings.Trim(word, "()[]"))
	return err == nil && v >= 0 && v <= int(e.Response.High)+1 && v <= e.Response.Points
}
