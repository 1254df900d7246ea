package pastwaves

import (
	"fmt"
	"slices"
	"time"

	"tidemark/survey/datafile"
	"tidemark/survey/instrument"
)

// Place is one questionnaire at one wave, by their keys.
type Place struct{ Wave, Form string }

// Known is what is known of whoever has a code.
type Known struct {
	Arm string // its key
	// Forms are the questionnaires that the person is asked, in the versions that
	// they are asked in.
	Forms    map[Place]*instrument.Definition
	Left     time.Time // zero: has not
	Declined bool
}

// Options are what somebody says about a file.
type Options struct {
	// Missing are numbers that stand for no answer, as -99, wherever they are not
	// among the answers of a question.
	Missing []float64
	// Days is the order in days such as 3/4/2024; see [DayOrder].
	Days DayOrder
	// Date is when answers were given where the file does not say; the zero time:
	// it must say.
	Date time.Time
	// Zone is where a time without a zone is read, and Now the end of what can be.
	Zone *time.Location
	Now  time.Time
	// Create brings people who are not known into an arm and a run: those of their
	// row, or else these, by key.
	Create   bool
	Arm, Run string
}

// Given is one answer of a file.
type Given struct {
	Item   string
	Value  instrument.Value
	At     time.Time
	Column int
	Line   int
}

// Record is one questionnaire of one person as the file has it, with at least one
// answer.
type Record struct {
	Person string
	Place
	Version string // as the file says; empty: it does not
	Answers []Given
	// At is when it was answered, and Draft that it was begun and not submitted.
	At    time.Time
	Draft bool
	Line  int // of its first answer
}

// Newcomer is somebody who is not known.
type Newcomer struct {
	Code, Arm, Run string
	Enrolled, Left time.Time // zero: the file does not say
	Line           int
}

// Fault is what is wrong with a row.
type Fault struct {
	Line   int    // 0: it is not about one row
	Column string // its name; empty: it is not about one column
	Text   string // what is wrong, and what to do
}

// Result is what a file has.
type Result struct {
	Newcomers []Newcomer
	Records   []Record
	// Faults are the first of them in order, Faulty how many there are in all.
	Faults []Fault
	Faulty int
	Rows   int
	// Answers are those with a value, Missing the cells that stand for none by a
	// code, and OwnWords the rows that leave their text to another file.
	Answers, Missing, OwnWords int
	// People are those with a row, in order.
	People []string
}

// mostFaults bounds the faults that are kept.
const mostFaults = 1000

// checker reads one table.
type checker struct {
	*datafile.Table
	Result
	m      Mapping
	d      Design
	known  map[string]Known
	o      Options
	days   dayReader
	people map[string]*person
	at     map[string]int // of a kind → column; -1: none
	twice  map[string]bool
	told   toldAt // of the last fault in a time
	moment struct {
		text string
		at   time.Time
	}
}

// toldAt is a cell that was found fault with.
type toldAt struct{ line, column int }

type choicePlace struct {
	Place
	item string
}

// chosen gathers the columns of one question with several answers.
type chosen struct {
	values []float64
	line   int
	column int
}

// Check reads every row of a table.
func Check(t *datafile.Table, m Mapping, d Design, known map[string]Known, o Options) Result {
	c := &checker{Table: t, m: m, d: d, known: known, o: o, people: map[string]*person{}, at: map[string]int{}, twice: map[string]bool{}}
	c.days = newDayReader(t, m, o)
	for i, target := range m {
		if s := target.String(); target.Kind != Ignore {
			if c.at[s] != 0 {
				c.fault(0, t.Columns[i].Name, "Two columns are said to be the same as “%s”; let one of them be not used.", t.Columns[c.at[s]-1].Name)
			}
			c.at[s] = i + 1
		}
	}
	c.whole()
	if c.Faulty > 0 {
		return c.Result
	}
	for _, r := range t.Rows {
		c.row(r)
	}
	c.finish()
	c.Result.Rows = len(t.Rows)
	return c.Result
}

// whole reports what is wrong with the mapping itself.
func (c *checker) whole() {
	answers := c.m.has(Answer)
	switch {
	case !c.m.has(Code):
		c.fault(0, "", "No column is said to be the person’s code. Say which one has the pseudonyms.")
	case !answers && !c.m.has(Item):
		c.fault(0, "", "No column is said to have answers. Say of at least one which question it answers.")
	case c.m.has(Item) && answers:
		c.fault(0, "", "One column names the question of its row, and another has answers of its own. Use either.")
	case c.m.has(Item) && !c.m.has(Value) && !c.m.has(Words):
		c.fault(0, "", "A column names the question of its row, and none has the answer.")
	case c.m.has(Item) && !c.m.has(Wave):
		c.fault(0, "", "A column names the question of its row, and none the wave.")
	}
	for i, t := range c.m {
		if t.Kind == Answer && t.Wave == RowsWave && !c.m.has(Wave) {
			c.fault(0, c.Columns[i].Name, "The wave of this question is said to stand in the row, but no column has it.")
			return
		}
	}
}

func (c *checker) fault(line int, column, format string, args ...any) {
	c.Faulty++
	if len(c.Faults) < mostFaults {
		c.Faults = append(c.Faults, Fault{line, column, fmt.Sprintf(format, args...)})
	}
}

// cell is what a row has in the column of a kind.
func (c *checker) cell(r datafile.Row, target string) (text string, column int) {
	i := c.at[target] - 1
	if i < 0 {
		return "", -1
	}
	return r.Cells[i], i
}

func (c *checker) name(column int) string {
	if column < 0 {
		return ""
	}
	return c.Columns[column].Name
}

// row reads one row.
func (c *checker) row(r datafile.Row) {
	p := c.person(r)
	if p == nil {
		return
	}
	wave := ""
	if text, i := c.cell(r, string(Wave)); i >= 0 {
		if wave = c.d.wave(text); wave == "" {
			c.fault(r.Line, c.name(i), "“%s” is no wave of this study. Its waves are %s.", short(text), list(c.d.waves()))
			return
		}
	}
	if c.m.byRow() {
		c.one(p, r, wave)
		return
	}
	for i, t := range c.m {
		if t.Kind != Answer || r.Cells[i] == "" {
			continue
		}
		at := Place{t.Wave, t.Form}
		if t.Wave == RowsWave {
			at.Wave = wave
		}
		c.answer(p, r, at, t, i)
	}
}

// instant is when a row says that something was; zero when it does not.
func (c *checker) instant(r datafile.Row, target string) time.Time {
	text, i := c.cell(r, target)
	if i < 0 || text == "" {
		return time.Time{}
	}
	if text == c.moment.text { // of the rows of one questionnaire
		return c.moment.at
	}
	at, fault := c.days.instant(text)
	if told := (toldAt{r.Line, i}); fault != "" && told != c.told {
		c.told = told
		c.fault(r.Line, c.name(i), "%s", fault)
	}
	if fault == "" {
		c.moment.text, c.moment.at = text, at
	}
	return at
}

// record is the questionnaire that an answer belongs to; nil when the person is not
// asked it.
func (c *checker) record(p *person, r datafile.Row, at Place, column int) *Record {
	if rec := p.records[at]; rec != nil {
		return rec
	}
	if p.Forms[at] == nil {
		c.fault(r.Line, c.name(column), "“%s” is not asked %s at %s. Take the answer out, or look whether arm and wave are right.", short(p.code), c.title(at), c.waveName(at.Wave))
		return nil
	}
	rec := &Record{Person: p.code, Place: at, Line: r.Line}
	if text, i := c.cell(r, string(Version)); i >= 0 && text != "" && text != p.Forms[at].Version {
		rec.Version = text
		c.fault(r.Line, c.name(i), "These are answers to version %s of %s, and “%s” is asked version %s. Let the column be not used if the questions are the same.", short(text), c.title(at), short(p.code), p.Forms[at].Version)
	}
	p.records[at] = rec
	p.order = append(p.order, at)
	return rec
}

func (c *checker) title(at Place) string {
	for _, s := range c.d.Sheets {
		if s.Def.Key == at.Form {
			return "“" + s.Def.Title + "”"
		}
	}
	return "“" + at.Form + "”"
}

func (c *checker) waveName(key string) string {
	for _, s := range c.d.Sheets {
		if s.Wave == key {
			return "“" + s.WaveName + "”"
		}
	}
	return "“" + key + "”"
}

// sortFaults puts what is about the file first, and then line by line.
func sortFaults(faults []Fault) {
	slices.SortStableFunc(faults, func(a, b Fault) int { return a.Line - b.Line })
}
