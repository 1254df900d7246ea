package deidentify

import (
	"cmp"
	"context"
	"slices"
	"strconv"
	"strings"

	"tidemark/survey"
	"tidemark/survey/instrument"
)

// weigh counts the answers that can be known of people, decides which of them are
// told, and finds who stands out by those that are.
func (r *Reader) weigh(ctx context.Context, study survey.StudyID) error {
	at := make(map[survey.EnrolmentID]int, len(r.people))
	for i, p := range r.people {
		at[p.ID] = i
		r.run.note(i, len(r.people), string(p.RunID))
	}
	err := r.data.EachResponse(ctx, study, func(row *survey.ResponseRow) error {
		q := r.treated[place{row.WaveID, row.InstrumentID}][row.Item]
		if q != nil && q.counts() && row.Missing == survey.NotMissing {
			q.note(at[row.EnrolmentID], len(r.people), q.answer(row))
		}
		return nil
	})
	if err != nil {
		return err
	}
	for _, q := range r.known() {
		q.decide(r.options.least())
	}
	r.report.Least = r.options.least()
	r.report.People = len(r.people)
	r.classes()
	return nil
}

// known are the questions whose answers can be known of people, the group first.
func (r *Reader) known() []*question {
	var all []*question
	if r.run.counts() {
		all = append(all, r.run)
	}
	for _, q := range r.questions {
		if q.counts() {
			all = append(all, q)
		}
	}
	return all
}

// decide says what is told of each answer. Fewer than least people must not stand
// alone with an answer, nor with having theirs withheld.
func (q *question) decide(least int) {
	q.told = slices.Clone(q.answers)
	people := make([]int, len(q.answers))
	few := false
	for _, n := range q.given {
		if n != none {
			people[n]++
		}
	}
	for _, n := range people {
		few = few || n < least
	}
	switch {
	case !q.guarded || !few:
	case q.kind == instrument.TypeNumber || q.kind == instrument.TypeSlider || q.kind == instrument.TypeDate:
		q.band(people, least)
	default:
		q.withhold(people, least)
	}
}

// withhold withholds the answers that few people gave, and then the next rarest
// until those with a withheld answer are not few.
func (q *question) withhold(people []int, least int) {
	byPeople := make([]int, len(q.answers))
	for i := range byPeople {
		byPeople[i] = i
	}
	slices.SortFunc(byPeople, func(a, b int) int {
		return cmp.Or(cmp.Compare(people[a], people[b]), strings.Compare(q.answers[a], q.answers[b]))
	})
	for _, n := range byPeople {
		if people[n] >= least && q.rare >= least {
			break
		}
		q.told[n] = ""
		q.rare += people[n]
	}
}

// band puts neighbouring numbers together until each band has enough people.
func (q *question) band(people []int, least int) {
	type step struct {
		value float64
		n     int // of the answer
	}
	steps := make([]step, 0, len(q.answers))
	for n, text := range q.answers {
		v, err := strconv.ParseFloat(text, 64)
		if err != nil { // no number, which a number's answer never is
			v = 0
		}
		steps = append(steps, step{v, n})
	}
	slices.SortFunc(steps, func(a, b step) int { return cmp.Compare(a.value, b.value) })
	in := make([]int, len(steps)) // by step: its band
	count := 0
	for i, s := range steps {
		if i == 0 || count >= least {
			q.bands, count = append(q.bands, band{low: s.value}), 0
		}
		count += people[s.n]
		in[i] = len(q.bands) - 1
		q.bands[in[i]].high = s.value
	}
	if count < least && len(q.bands) > 1 { // the last joins the one before
		last := len(q.bands) - 1
		q.bands[last-1].high = q.bands[last].high
		q.bands = q.bands[:last]
	} else if count < least {
		q.bands, q.rare = nil, count
	}
	for i, s := range steps {
		if len(q.bands) == 0 {
			q.told[s.n] = ""
			continue
		}
		b := q.bands[min(in[i], len(q.bands)-1)]
		q.told[s.n] = strconv.FormatFloat(b.low, 'g', -1, 64)
	}
}

// classes finds groups of people who are alike in all that can be known of them.
func (r *Reader) classes() {
	known := r.known()
	r.report.Smallest, r.report.Below = r.alike(known)
	for i, q := range known {
		_, without := r.alike(slices.Concat(known[:i:i], known[i+1:]))
		r.report.Columns = append(r.report.Columns, Column{Wave: q.wave, Instrument: q.instrument, Item: q.item, Label: q.label, BelowWithout: without})
	}
}

// alike is the size of the smallest group, and how many people are in groups that
// are too small. A question that was left out counts as an answer.
func (r *Reader) alike(known []*question) (smallest, below int) {
	groups := map[string]int{}
	var key []byte
	for i := range r.people {
		key = key[:0]
		for _, q := range known {
			answer := "\x00" // left out
			if q.given != nil && q.given[i] != none {
				answer = q.told[q.given[i]]
			}
			key = append(append(key, answer...), '\x01')
		}
		groups[string(key)]++
	}
	for _, n := range groups {
		if smallest == 0 || n < smallest {
			smallest = n
		}
		if n < r.options.least() {
			below += n
		}
	}
	return smallest, below
}
