package catalogue

import (
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// doubtItems compares the items found with those of the entry.
func (e *Entry) doubtItems(p *Preview) {
	if len(p.Items) == 0 {
		p.doubt(true, 0, "No numbered item was found. Each item needs its number in front, as “1.”, “1)” or “1 -”.")
		return
	}
	var missing, marked []int
	for n := 1; n <= e.Items; n++ {
		have := 0
		for _, item := range p.Items {
			if item.Number == n {
				have++
			}
		}
		switch {
		case have == 0:
			missing = append(missing, n)
		case have > 1:
			p.doubt(true, n, "Number %d was found %d times.", n, have)
		}
	}
	if len(missing) > 0 {
		p.doubt(true, 0, "%s has %d items; %s not found: %s.", e.Short, e.Items, plural(len(missing), "one was", "some were"), list(missing))
	}
	for _, item := range p.Items {
		e.doubtItem(p, item)
		if item.Marked {
			marked = append(marked, item.Number)
		}
	}
	if len(missing) == 0 {
		e.doubtKey(p, marked)
	}
}

func (e *Entry) doubtItem(p *Preview, item FoundItem) {
	n := item.Number
	switch {
	case n > e.Items:
		p.doubt(true, n, "Number %d is too many: %s has %d items. Is it another form, or a page number?", n, e.Short, e.Items)
	case item.Text == "":
		p.doubt(true, n, "Number %d has no text.", n)
	case len(item.Text) > 300:
		p.doubt(false, n, "Item %d is very long. Did something else run into it?", n)
	case len(item.Text) < 4:
		p.doubt(false, n, "Item %d is very short.", n)
	}
	if item.Columns {
		p.doubt(false, n, "Item %d was taken out of a line with two columns. Read it.", n)
	}
	if item.Broken {
		p.doubt(false, n, "A line ended in a hyphen within item %d. Does the word need it?", n)
	}
	for _, other := range p.Items {
		if other.Number < n && other.Text != "" && other.Text == item.Text {
			p.doubt(false, n, "Items %d and %d have the same words.", other.Number, n)
		}
	}
	if e.Slider() && strings.Count(item.Text, "|") != 2 {
		p.doubt(true, n, "Item %d is answered on a line between two statements: write “text | left end | right end”.", n)
	}
}

// doubtKey compares the key with what the sheet tells of it: its marks, and how
// its items are worded.
func (e *Entry) doubtKey(p *Preview, marked []int) {
	key := e.Reversed()
	switch {
	case e.KeyOnForm:
		p.doubt(false, 0, "Which items are turned is printed on the licensed form. Name them below.")
		return
	case len(marked) > 0 && !slices.Equal(marked, key):
		p.doubt(false, 0, "The sheet marks %s as turned, the key turns %s. Is it the same form, in the same order?", list(marked), none(key))
		for _, other := range e.OtherKeys {
			if slices.Equal(marked, other.Reversed) {
				p.doubt(false, 0, "The marks of the sheet are those of %s.", other.Name)
			}
		}
	}
	for _, other := range e.OtherKeys {
		if other.Order {
			p.doubt(false, 0, "This questionnaire is in circulation in two orders. Here items %s are turned; in %s it is %s. Compare the turned items below with the sheet before you go on.", list(key), other.Name, list(other.Reversed))
		}
		ours, theirs := e.worded(p, key), e.worded(p, other.Reversed)
		if theirs > ours && theirs >= 2 {
			p.doubt(false, 0, "By their wording, the items to be turned look more like %s (%s) than like the key (%s). Is this the other order?", list(other.Reversed), other.Name, list(key))
		}
	}
}

// negation finds words that turn a statement around, in the languages of the
// program. It is a hint and no more.
var negation = regexp.MustCompile(`(?i)\b(?:not|no|never|nothing|hardly|cannot|can't|don't|didn't|isn't|won't|difficult|hard|fail(?:s|ed|ure)?|useless|worthless|bad(?:ly)?|wrong|trouble|nicht|nie|kein\w*|kaum|schwer|wertlos|nutzlos|versag\w*|schlecht|nunca|nada|difícil|inútil|fracas\w*|mal)\b`)

// worded is how many of the items, more than of the others, are worded the other
// way as far as single words tell.
func (e *Entry) worded(p *Preview, turned []int) int {
	score := 0
	for _, item := range p.Items {
		if negation.MatchString(item.Text) {
			if slices.Contains(turned, item.Number) {
				score++
			} else {
				score--
			}
		}
	}
	return score
}

// Words that stand at the two ends of many scales.
var (
	lowWord  = regexp.MustCompile(`(?i)^(?:almost |fast |casi )?(?:never|not at all|at no time|strongly disagree|disagree strongly|nie|überhaupt nicht|gar nicht|trifft (?:überhaupt |gar )?nicht|stimme (?:überhaupt |gar )?nicht|nunca|nada|totalmente en desacuerdo)`)
	highWord = regexp.MustCompile(`(?i)^(?:almost |fast |casi )?(?:always|all of the time|strongly agree|agree strongly|extremely|nearly every day|very often|immer|die ganze zeit|stimme voll|trifft voll|trifft vollkommen|siempre|totalmente de acuerdo)`)
)

// DoubtOptions tells what is doubtful about the options of a preview.
func (e *Entry) DoubtOptions(p *Preview) {
	if e.Slider() {
		return
	}
	found, points := p.Options, e.Response.Points
	low, high := number(e.Response.Low), number(e.Response.High)
	if len(found) == 0 {
		p.doubt(true, 0, "The options were not found. Write them below, one a line: %d of them, from %s to %s.", points, low, high)
		return
	}
	if len(found) != points {
		p.doubt(true, 0, "%d options were found; %s has %d, from %s to %s.", len(found), e.Short, points, low, high)
		return
	}
	some, all := haveValues(found)
	switch {
	case some && !all:
		p.doubt(true, 0, "Some options have a number and some have none. Give all of them one, or none.")
		return
	case all && leastValue(found) != e.Response.Low:
		p.doubt(false, 0, "The sheet counts from %s, the key from %s: the answers are stored as %s to %s, whatever the sheet prints.", number(leastValue(found)), low, low, high)
	case !all:
		first, last := low, high
		if e.Response.SheetDescends {
			first, last = high, low
		}
		p.doubt(false, 0, "The sheet gives the options no numbers. “%s” is taken as %s and “%s” as %s.", found[0].Label, first, found[points-1].Label, last)
	}
	options, fits := e.Options(found)
	if !fits {
		p.doubt(true, 0, "The numbers or words of the options do not fit: each must differ, and the numbers run from %s to %s.", low, high)
		return
	}
	atLow, atHigh := "", ""
	bare := 0
	for _, o := range options {
		switch o.Value {
		case e.Response.Low:
			atLow = o.Label
		case e.Response.High:
			atHigh = o.Label
		}
		if _, err := strconv.Atoi(o.Label); err == nil {
			bare++
		}
	}
	down := highWord.MatchString(atLow) && lowWord.MatchString(atHigh)
	up := lowWord.MatchString(atLow) && highWord.MatchString(atHigh)
	if down && !e.Response.WordsDescend || up && e.Response.WordsDescend {
		p.doubt(false, 0, "“%s” would be %s and “%s” would be %s. By its key the scale runs the other way (%s). Check the numbers.", atLow, low, atHigh, high, e.endWords())
	}
	if bare > 0 {
		p.doubt(false, 0, "%s of the options %s no words on the sheet and will be shown as %s.", strconv.Itoa(bare), plural(bare, "has", "have"), plural(bare, "a number", "numbers"))
	}
}

func (e *Entry) endWords() string {
	if e.Response.Ends != "" {
		return e.Response.Ends
	}
	return "the least first"
}

func plural(n int, one, many string) string {
	if n == 1 {
		return one
	}
	return many
}

func none(numbers []int) string {
	if len(numbers) == 0 {
		return "none"
	}
	return list(numbers)
}

// list writes numbers as "2, 4 and 6".
func list(numbers []int) string {
	var b strings.Builder
	for i, n := range numbers {
		switch {
		case i == 0:
		case i == len(numbers)-1:
			b.WriteString(" and ")
		default:
			b.WriteString(", ")
		}
		b.WriteString(strconv.Itoa(n))
	}
	return b.String()
}
