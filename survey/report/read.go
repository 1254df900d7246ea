package report

import (
	"context"
	"fmt"
	"math"
	"slices"
	"strings"
	"sync"
	"time"

	"tidemark/survey"
	"tidemark/survey/instrument"
	"tidemark/survey/schedule"
)

// data is what a report is made of, in columns by person in the order of their
// codes, so that the order in which a database gives rows never matters.
type data struct {
	design survey.StudyDesign
	choice choice
	now    time.Time
	plan   *survey.Plan
	people []person
	erased map[survey.ArmID]int // people of whom nothing else is known
	index  map[survey.EnrolmentID]int
	// enrolments are those of people, in their order.
	enrolments []survey.Enrolment
	timetables map[survey.RunID]*survey.Timetable
	scales     []*scaleData
	items      []*itemData
}

// person is one enrolment.
type person struct {
	code string
	run  survey.RunID
	arm  int // position in design.Arms
	// windows are when the person can answer each wave; zero where not asked.
	windows   []schedule.Window
	withdrawn bool
	declined  bool // said that they do not take part
	answered  waveSet
}

// waveSet holds the waves someone answered in full. A study has fewer than 64
// waves to compare; later ones are never in the set.
type waveSet uint64

func (s waveSet) has(w int) bool { return w < 64 && s>>w&1 == 1 }

// The two waves compared, as positions in columns.
const (
	atPre = iota
	atPost
)

// scaleData are the scores of one scale at both waves.
type scaleData struct {
	id    survey.InstrumentID
	def   *instrument.Definition
	scale instrument.Scale
	// values are NaN without a valid score; scored tells a score that could
	// not be made from none at all.
	values [2][]float64
	scored [2][]bool
	rules  []string
}

// itemData are the answers to one item at both waves, NaN where missing.
type itemData struct {
	id     survey.InstrumentID
	code   string
	values [2][]float64
}

// read fetches everything in a constant number of queries.
func read(ctx context.Context, r survey.DataReader, study survey.StudyID, spec Spec) (*data, bool, error) {
	design, err := r.Design(ctx, study)
	if err != nil {
		return nil, false, err
	}
	c, comparable, err := spec.choose(design)
	if err != nil {
		return nil, false, err
	}
	d := &data{design: design, choice: c, now: spec.Now, plan: spec.Plan}
	if err := d.readPeople(ctx, r); err != nil {
		return nil, false, err
	}
	reads := []func(context.Context) error{
		func(ctx context.Context) error { return d.readProgress(ctx, r) },
	}
	if comparable {
		d.makeColumns()
		reads = append(reads,
			func(ctx context.Context) error { return d.readScores(ctx, r) },
			// The answers are most of the rows; each wave fills columns of its
			// own.
			func(ctx context.Context) error { return d.readAnswers(ctx, r, d.choice.pre.ID) },
			func(ctx context.Context) error { return d.readAnswers(ctx, r, d.choice.post.ID) })
	}
	if err := together(ctx, reads); err != nil {
		return nil, false, err
	}
	return d, comparable, nil
}

// together runs functions side by side and returns the first error, having
// cancelled the others.
func together(ctx context.Context, fs []func(context.Context) error) error {
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	var wg sync.WaitGroup
	for _, f := range fs {
		wg.Go(func() {
			if err := f(ctx); err != nil {
				cancel(err)
			}
		})
	}
	wg.Wait()
	return context.Cause(ctx)
}

func (d *data) readPeople(ctx context.Context, r survey.DataReader) error {
	study := d.design.Study.ID
	runs, err := r.Runs(ctx, study)
	if err != nil {
		return err
	}
	d.timetables = survey.Timetables(runs, d.design.Waves)
	d.erased = map[survey.ArmID]int{}
	for _, run := range runs {
		for _, e := range run.Erased {
			d.erased[e.ArmID] += e.N
		}
	}
	enrolments, err := r.Enrolments(ctx, study)
	if err != nil {
		return err
	}
	slices.SortFunc(enrolments, func(a, b survey.Enrolment) int { return strings.Compare(a.Code, b.Code) })
	arms := map[survey.ArmID]int{}
	for i, a := range d.design.Arms {
		arms[a.ID] = i
	}
	d.enrolments = enrolments
	d.people = make([]person, len(enrolments))
	d.index = make(map[survey.EnrolmentID]int, len(enrolments))
	for i, e := range enrolments {
		arm, ok := arms[e.ArmID]
		if !ok {
			return fmt.Errorf("enrolment %s is in no arm of the study: %w", e.ID, survey.ErrReference)
		}
		d.people[i] = person{code: e.Code, run: e.RunID, arm: arm, withdrawn: e.Withdrawn(), declined: e.Declined()}
		d.index[e.ID] = i
	}
	return nil
}

// phase is whether a wave is still to come, open or over for a person.
func (d *data) phase(p *person, wave int) schedule.Phase { return p.windows[wave].At(d.now) }

// asks reports whether a wave is for a person, who may have joined after it closed.
func (p *person) asks(wave int) bool { return !p.windows[wave].IsZero() }

// makeColumns makes empty columns for every scale and item of the questionnaires
// that both waves ask.
func (d *data) makeColumns() {
	for _, id := range d.choice.pre.Sets {
		def := d.design.Instruments[id].Definition
		if def == nil || !slices.Contains(d.choice.post.Sets, id) {
			continue
		}
		for _, s := range def.Scales {
			sd := &scaleData{id: id, def: def, scale: s}
			for w := range 2 {
				sd.values[w] = missingColumn(len(d.people))
				sd.scored[w] = make([]bool, len(d.people))
			}
			d.scales = append(d.scales, sd)
		}
		for _, it := range def.Items {
			d.items = append(d.items, &itemData{id: id, code: it.Code, values: [2][]float64{
				missingColumn(len(d.people)), missingColumn(len(d.people)),
			}})
		}
	}
}

func missingColumn(n int) []float64 {
	c := make([]float64, n)
	for i := range c {
		c[i] = math.NaN()
	}
	return c
}

// place finds the row of a person and the side of a wave; false for what the
// report does not use.
func (d *data) place(e survey.EnrolmentID, w survey.WaveID) (row, side int, ok bool) {
	switch w {
	case d.choice.pre.ID:
		side = atPre
	case d.choice.post.ID:
		side = atPost
	default:
		return 0, 0, false
	}
	row, ok = d.index[e]
	return row, side, ok
}

func (d *data) readScores(ctx context.Context, r survey.DataReader) error {
	type column struct {
		id  survey.InstrumentID
		key string
	}
	columns := map[column]*scaleData{}
	for _, s := range d.scales {
		columns[column{s.id, s.scale.Key}] = s
		for _, id := range ComparableVersions(d.design, s.id) {
			columns[column{id, s.scale.Key}] = s
		}
	}
	return r.EachScore(ctx, d.design.Study.ID, []survey.WaveID{d.choice.pre.ID, d.choice.post.ID}, func(s *survey.ScoreRow) error {
		row, side, ok := d.place(s.EnrolmentID, s.WaveID)
		if !ok {
			return nil
		}
		c := columns[column{s.InstrumentID, s.Scale}]
		if c == nil {
			return nil
		}
		c.scored[side][row] = true
		if s.Valid {
			c.values[side][row] = s.Value
		}
		if !slices.Contains(c.rules, s.Rule) {
			c.rules = append(c.rules, s.Rule)
		}
		return nil
	})
}

func (d *data) readAnswers(ctx context.Context, r survey.DataReader, wave survey.WaveID) error {
	type column struct {
		id   survey.InstrumentID
		code string
	}
	columns := map[column]*itemData{}
	for _, it := range d.items {
		columns[column{it.id, it.code}] = it
		for _, id := range ComparableVersions(d.design, it.id) {
			columns[column{id, it.code}] = it
		}
	}
	return r.EachSubmitted(ctx, d.design.Study.ID, []survey.WaveID{wave}, func(a *survey.ResponseRow) error {
		row, side, ok := d.place(a.EnrolmentID, a.WaveID)
		if !ok || a.Missing != survey.NotMissing || a.Text != "" {
			return nil
		}
		if c := columns[column{a.InstrumentID, a.Item}]; c != nil {
			c.values[side][row] = a.Value
		}
		return nil
	})
}

func (d *data) readProgress(ctx context.Context, r survey.DataReader) error {
	waves := map[survey.WaveID]int{}
	for i, w := range d.design.Waves {
		waves[w.ID] = i
	}
	progress, err := r.StudyProgress(ctx, d.design.Study.ID)
	if err != nil {
		return err
	}
	done := survey.CompletedIn(progress, d.design.Waves)
	windows := make([]schedule.Window, len(d.people)*len(d.design.Waves))
	for i := range d.people {
		p := &d.people[i]
		p.windows, windows = windows[:len(d.design.Waves)], windows[len(d.design.Waves):]
		for w, wave := range d.design.Waves {
			p.windows[w] = d.timetables[p.run].Window(wave.ID, d.enrolments[i], done)
		}
	}
	for _, p := range progress {
		row, known := d.index[p.EnrolmentID]
		w, asked := waves[p.WaveID]
		if known && asked && w < 64 && p.Sets > 0 && p.Submitted == p.Sets {
			d.people[row].answered |= 1 << w
		}
	}
	return nil
}
