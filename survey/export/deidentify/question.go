package deidentify

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"tidemark/survey"
	"tidemark/survey/instrument"
)

// question is a question that something is done with. A nil one is left alone.
type question struct {
	wave, instrument, item string
	label                  string
	kind                   instrument.ItemType
	identifies             instrument.Identifying
	withheld               string // why nothing of it is told; empty: it is
	moved                  bool   // a day, moved with the person
	year                   bool   // a day, of which the year is told
	guarded                bool   // rare answers are withheld, or put into bands

	answers []string       // as they were, in the order in which they came up
	number  map[string]int // their positions
	given   []int          // by person: which, or none
	told    []string       // by answer: as it is told; empty: withheld
	rare    int            // people whose answer is withheld for being rare
	bands   []band
}

// band is a range of numbers that are told as the least of them.
type band struct{ low, high float64 }

const none = -1

// ask is what is done with an item; nil: nothing.
func (r *Reader) ask(def *instrument.Definition, item instrument.Item) *question {
	q := &question{item: item.Code, label: item.Text, kind: item.Type, identifies: def.Identifies(item.Code), number: map[string]int{}}
	switch {
	case !item.Type.Asked():
		return nil
	case slices.Contains(r.options.LeaveOut, item.Code):
		q.withheld = whyLeftOut
	case item.Type == instrument.TypeText || item.Type == instrument.TypeLongText:
		q.withheld = "answered in people’s own words, which can tell who somebody is"
	case q.identifies == instrument.IdentifyingDirect:
		q.withheld = "marked as telling by itself who somebody is"
	case item.Type == instrument.TypeDate:
		q.moved, q.year = r.options.Profile == Shared, r.options.Profile == Public
	case q.identifies != instrument.IdentifyingQuasi:
		return nil
	}
	q.guarded = q.counts() && r.options.Profile == Public
	return q
}

// counts reports whether its answers can be known of a person and tell, together,
// who they are.
func (q *question) counts() bool {
	return q.withheld == "" && q.identifies == instrument.IdentifyingQuasi
}

// hides reports whether something of it is withheld or may be.
func (q *question) hides() bool { return q != nil && (q.withheld != "" || q.guarded) }

// answer is the answer of a row in one form; a day is its year.
func (q *question) answer(row *survey.ResponseRow) string {
	switch {
	case q.kind == instrument.TypeDate:
		year, _, _ := strings.Cut(row.Text, "-")
		return year
	case row.Text != "":
		return row.Text
	}
	return strconv.FormatFloat(row.Value, 'g', -1, 64)
}

// note counts the answer of a person.
func (q *question) note(person, people int, answer string) {
	if q.given == nil {
		q.given = slices.Repeat([]int{none}, people)
	}
	n, known := q.number[answer]
	if !known {
		n = len(q.answers)
		q.answers, q.number[answer] = append(q.answers, answer), n
	}
	q.given[person] = n
}

// runColumn is the group that people are in, which is known of them.
const runColumn = "run"

// RunLabel is what the group is called where questions have their text.
const RunLabel = "Course run (cohort) of the person"

// askOfRun is what is done with the group that people are in.
func (r *Reader) askOfRun() {
	r.run = &question{item: runColumn, label: RunLabel, number: map[string]int{}, identifies: instrument.IdentifyingQuasi, guarded: r.options.Profile == Public}
	if slices.Contains(r.options.LeaveOut, runColumn) {
		r.run.withheld = whyLeftOut
	}
}

const whyLeftOut = "left out as it was asked for"

// checkLeftOut reports a name that is to be left out and is not there.
func (r *Reader) checkLeftOut() error {
	for _, name := range r.options.LeaveOut {
		found := name == runColumn
		for _, q := range r.questions {
			found = found || q.item == name
		}
		if !found {
			return fmt.Errorf("%w: no question has the code %q", ErrProfile, name)
		}
	}
	return nil
}
