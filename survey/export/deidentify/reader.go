package deidentify

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"

	"tidemark/survey"
	"tidemark/survey/consent"
	"tidemark/survey/schedule"
)

var _ survey.DataReader = (*Reader)(nil)

// Reader gives the data of a snapshot under a profile.
type Reader struct {
	data    *survey.Frozen
	options Options
	design  survey.StudyDesign
	runs    []survey.RunSummary
	people  []survey.Enrolment
	clock   *clock
	random  random
	first   map[survey.RunID]schedule.Date // the first meetings as they really were
	// questions are those whose answers are changed or counted, and treated the same
	// by where they are asked; run is the group that people are in, as one of them.
	questions []*question
	treated   map[place]map[string]*question
	run       *question
	// hidden are scales that withheld answers could be worked out from.
	hidden map[place]map[string]bool
	report Report
}

// place is a questionnaire at a wave.
type place struct {
	wave       survey.WaveID
	instrument survey.InstrumentID
}

// Open gives a snapshot under a profile that changes something. It reads the
// answers once, to see which of them are rare. Whose data they are is asked of the
// snapshot.
func Open(ctx context.Context, f *survey.Frozen, o Options) (*Reader, error) {
	if err := o.check(); err != nil {
		return nil, fmt.Errorf("de-identify: %w", err)
	}
	r := &Reader{options: o, random: random{o.Key}, first: map[survey.RunID]schedule.Date{}}
	if err := r.open(ctx, f); err != nil {
		return nil, fmt.Errorf("de-identify: %w", err)
	}
	return r, nil
}

func (r *Reader) open(ctx context.Context, f *survey.Frozen) (err error) {
	study := f.Snapshot().StudyID
	if r.design, err = f.Design(ctx, study); err != nil {
		return err
	}
	if r.runs, err = f.Runs(ctx, study); err != nil {
		return err
	}
	everybody, err := f.Enrolments(ctx, study)
	if err != nil {
		return err
	}
	choices, err := f.StudyChoices(ctx, study)
	if err != nil {
		return err
	}
	in := r.agreed(everybody, choices)
	r.order(in, f.Snapshot().Hash)
	r.data = f.Some(ids(in))
	r.people = in
	r.clock = newClock(r.options, in, r.runs)
	r.index()
	if err := r.checkLeftOut(); err != nil {
		return err
	}
	if err := r.weigh(ctx, study); err != nil {
		return err
	}
	r.disguise()
	r.tell()
	return nil
}

// agreed are the people whose answers may go to others: where anybody was asked,
// those who said yes last.
func (r *Reader) agreed(everybody []survey.Enrolment, choices map[survey.EnrolmentID]survey.ConsentChoices) []survey.Enrolment {
	asked := false
	for _, said := range choices {
		if _, was := said[consent.ShareData]; was {
			asked = true
		}
	}
	r.report.Asked = asked
	if !asked {
		return everybody
	}
	var in []survey.Enrolment
	for _, p := range everybody {
		if choices[p.ID][consent.ShareData] {
			in = append(in, p)
		}
	}
	r.report.LeftOut = len(everybody) - len(in)
	return in
}

// order puts the people of a public file in an order of its own, and names them by
// it. The order is of one snapshot.
func (r *Reader) order(people []survey.Enrolment, hash string) {
	if r.options.Profile != Public {
		return
	}
	drawn := make(map[survey.EnrolmentID]uint64, len(people))
	for _, p := range people {
		drawn[p.ID] = r.random.of("order", hash, string(p.ID))
	}
	slices.SortFunc(people, func(a, b survey.Enrolment) int {
		return cmp.Or(cmp.Compare(drawn[a.ID], drawn[b.ID]), strings.Compare(string(a.ID), string(b.ID)))
	})
	digits := max(len(fmt.Sprint(len(people))), 3)
	for i := range people {
		people[i].Code = fmt.Sprintf("A%0*d", digits, i+1)
	}
}

func ids(people []survey.Enrolment) []survey.EnrolmentID {
	all := make([]survey.EnrolmentID, len(people))
	for i, p := range people {
		all[i] = p.ID
	}
	return all
}

// index finds the questions that something is done with, in the order of the design.
func (r *Reader) index() {
	r.askOfRun()
	r.treated, r.hidden = map[place]map[string]*question{}, map[place]map[string]bool{}
	for _, w := range r.design.Waves {
		sets := slices.Clone(w.Sets)
		for _, old := range r.design.FormerAt(w.ID) {
			sets = append(sets, old.InstrumentID)
		}
		for _, id := range sets {
			r.indexPlace(w, id)
		}
	}
}

func (r *Reader) indexPlace(w survey.Wave, id survey.InstrumentID) {
	def, at := r.design.Instruments[id].Definition, place{w.ID, id}
	if r.treated[at] != nil {
		return
	}
	r.treated[at], r.hidden[at] = map[string]*question{}, map[string]bool{}
	for _, item := range def.Items {
		q := r.ask(def, item)
		if q == nil {
			continue
		}
		q.wave, q.instrument = w.Key, def.Key
		r.treated[at][item.Code] = q
		r.questions = append(r.questions, q)
	}
	// A scale tells something of the answers that it is made of, and of those of
	// the scales that it is made of; the latter stand before it or after it.
	for range def.Scales {
		for _, s := range def.Scales {
			hide := slices.ContainsFunc(s.Items, func(code string) bool { return r.treated[at][code].hides() }) ||
				slices.ContainsFunc(s.Parts, func(part string) bool { return r.hidden[at][part] })
			r.hidden[at][s.Key] = r.hidden[at][s.Key] || hide
		}
	}
}

// FirstMeeting is the day of the first meeting of a person's group, as it is told
// of them.
func (r *Reader) FirstMeeting(e survey.Enrolment) schedule.Date {
	return r.clock.day(e.ID, r.first[e.RunID])
}

// Profile is the one that the data are given under.
func (r *Reader) Profile() Profile { return r.options.Profile }

// KeyName tells the key apart from others, and nothing of what it is.
func (r *Reader) KeyName() string { return fmt.Sprintf("%016x", r.random.of("name of the key")) }

// Report says what was changed and withheld, and who stands out.
func (r *Reader) Report() Report { return r.report }
