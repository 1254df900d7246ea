package paper

import (
	"context"
	"fmt"
	"math"
	"slices"
	"strings"
	"time"

	"tidemark/survey"
	"tidemark/survey/instrument"
	"tidemark/survey/report"
	"tidemark/survey/schedule"
)

// Read makes the dataset of a study from its database or from a snapshot of it.
// Whoever may analyse the study may; anyone else is survey.ErrForbidden. Now
// decides which waves are over. The result depends on the data alone, not on the
// order of rows.
func Read(ctx context.Context, r survey.DataReader, actor survey.Actor, study survey.StudyID, now time.Time) (*Dataset, error) {
	if !actor.MayAnalyse(study) {
		return nil, survey.ErrForbidden
	}
	d, err := read(ctx, r, study, now)
	if err != nil {
		return nil, fmt.Errorf("read the data of study %s: %w", study, err)
	}
	return d, nil
}

func read(ctx context.Context, r survey.DataReader, study survey.StudyID, now time.Time) (*Dataset, error) {
	design, err := r.Design(ctx, study)
	if err != nil {
		return nil, err
	}
	s := &reading{design: design, now: now, data: &Dataset{Source: Source{
		Key: design.Study.Key, Title: design.Study.Title, Simulated: design.Study.Simulated,
	}}}
	s.layOutDesign()
	if err := s.readPeople(ctx, r); err != nil {
		return nil, err
	}
	s.layOutColumns()
	for _, step := range []func(context.Context, survey.DataReader) error{
		s.readStates, s.readScores, s.readAnswers, s.readAttendance,
	} {
		if err := step(ctx, r); err != nil {
			return nil, err
		}
	}
	s.addPractice()
	s.data.Source.Fingerprint = s.data.fingerprint()
	return s.data, nil
}

// reading is a dataset in the making.
type reading struct {
	design survey.StudyDesign
	now    time.Time
	data   *Dataset

	waves map[survey.WaveID]int
	arms  map[survey.ArmID]int
	runs  []survey.CourseRun
	// enrolments are those of the dataset's people, in their order.
	enrolments []survey.Enrolment
	rows       map[survey.EnrolmentID]int
	scores     map[scoreKey]*Measure
	items      map[itemKey][]*answers
	// practice has the two columns of every wave at which practice is recalled.
	practice []*recall
}

type scoreKey struct {
	id    survey.InstrumentID
	scale string
}

type itemKey struct {
	id   survey.InstrumentID
	code string
	wave int
}

// answers is a column that answers to an item go to, turned if need be.
type answers struct {
	values []float64
	// ends is the sum of the least and greatest possible answer, from which a
	// turned one is taken.
	ends   float64
	turned bool
}

func (c *answers) put(row int, v float64) {
	if c.turned {
		v = c.ends - v
	}
	c.values[row] = v
}

// recall is the practice of one week.
type recall struct{ days, minutes []float64 }

func (s *reading) layOutDesign() {
	d := s.data
	all := survey.ScheduleWaves(s.design.Waves)
	s.waves, s.arms = map[survey.WaveID]int{}, map[survey.ArmID]int{}
	for i, a := range s.design.Arms {
		s.arms[a.ID] = i
		d.Arms = append(d.Arms, Arm{Key: a.Key, Name: s.armName(a), Control: a.Control})
	}
	for i, w := range s.design.Waves {
		s.waves[w.ID] = i
		d.Waves = append(d.Waves, Wave{
			Key: w.Key, Name: w.Name, Short: w.ShortName, Kind: w.Kind,
			Weeks: schedule.Middle(w.Rule, all) / 7,
		})
	}
}

// armName names an arm, with its key when another has the same name.
func (s *reading) armName(arm survey.Arm) string {
	for _, a := range s.design.Arms {
		if a.ID != arm.ID && a.Name == arm.Name || arm.Name == "" {
			return strings.TrimSpace(arm.Name + " (" + arm.Key + ")")
		}
	}
	return arm.Name
}

func (s *reading) readPeople(ctx context.Context, r survey.DataReader) error {
	runs, err := r.Runs(ctx, s.design.Study.ID)
	if err != nil {
		return err
	}
	slices.SortFunc(runs, func(a, b survey.RunSummary) int {
		return cmpOr(strings.Compare(a.Run.StartsOn.String(), b.Run.StartsOn.String()), strings.Compare(a.Run.Name, b.Run.Name))
	})
	position := map[survey.RunID]int{}
	for _, run := range runs {
		for _, e := range run.Erased {
			if s.data.Erased == nil {
				s.data.Erased = make([]int, len(s.data.Arms))
			}
			if arm, known := s.arms[e.ArmID]; known {
				s.data.Erased[arm] += e.N
			}
		}
	}
	for i, run := range runs {
		position[run.Run.ID] = i
		s.runs = append(s.runs, run.Run)
		s.data.Runs = append(s.data.Runs, run.Run.Name)
	}
	enrolments, err := r.Enrolments(ctx, s.design.Study.ID)
	if err != nil {
		return err
	}
	slices.SortFunc(enrolments, func(a, b survey.Enrolment) int { return strings.Compare(a.Code, b.Code) })
	s.enrolments = enrolments
	s.rows = make(map[survey.EnrolmentID]int, len(enrolments))
	for i, e := range enrolments {
		arm, known := s.arms[e.ArmID]
		run, runs := position[e.RunID]
		if !known || !runs {
			return fmt.Errorf("enrolment %s is in no arm or run of the study: %w", e.ID, survey.ErrReference)
		}
		s.rows[e.ID] = i
		s.data.People = append(s.data.People, Person{Code: e.Code, Arm: arm, Run: run, Left: e.Withdrawn(), Declined: e.Declined()})
	}
	return nil
}

func cmpOr(a, b int) int {
	if a != 0 {
		return a
	}
	return b
}

// layOutColumns makes the columns that scores and answers go to.
func (s *reading) layOutColumns() {
	s.scores, s.items = map[scoreKey]*Measure{}, map[itemKey][]*answers{}
	for _, id := range s.instruments() {
		def := s.design.Instruments[id].Definition
		s.data.Source.Instruments = append(s.data.Source.Instruments, report.InstrumentUsed{
			Key: def.Key, Title: def.Title, Version: def.Version, Hash: s.design.Instruments[id].Hash,
			Status: def.Status, Citation: def.Citation, Former: report.FormerVersions(s.design, id),
		})
		switch def.Purpose {
		case instrument.PurposePractice:
			s.layOutPractice(id, def)
		case instrument.PurposeExperience:
			s.layOutExperience(id, def)
		default:
			s.layOutMeasures(id, def)
		}
	}
	// The addresses of measures are taken only now that the slice is complete.
	for i := range s.data.Measures {
		m := &s.data.Measures[i]
		for _, id := range s.instruments() {
			if s.design.Instruments[id].Definition.Key == m.Scale.Instrument {
				s.scores[scoreKey{id, m.Scale.Key}] = m
				for _, former := range report.ComparableVersions(s.design, id) {
					s.scores[scoreKey{former, m.Scale.Key}] = m
				}
			}
		}
	}
}

// put sends the answers to an item to columns, whichever of the versions that score
// alike was answered.
func (s *reading) put(id survey.InstrumentID, code string, wave int, to ...*answers) {
	for _, version := range append([]survey.InstrumentID{id}, report.ComparableVersions(s.design, id)...) {
		k := itemKey{version, code, wave}
		s.items[k] = append(s.items[k], to...)
	}
}

// instruments are those asked at any wave, in the order of first asking.
func (s *reading) instruments() []survey.InstrumentID {
	var ids []survey.InstrumentID
	for _, w := range s.design.Waves {
		for _, id := range w.Sets {
			if s.design.Instruments[id].Definition != nil && !slices.Contains(ids, id) {
				ids = append(ids, id)
			}
		}
	}
	return ids
}

func (s *reading) asks(wave int, id survey.InstrumentID) bool {
	return slices.Contains(s.design.Waves[wave].Sets, id)
}

func (s *reading) layOutMeasures(id survey.InstrumentID, def *instrument.Definition) {
	d := s.data
	for _, scale := range def.Scales {
		low, high, _ := def.Range(scale.Key)
		m := Measure{
			Scale: report.Scale{
				Key: scale.Key, Name: scale.Name, Label: scale.Label, Instrument: def.Key, Parent: scale.Parent,
				Primary: scale.Key == s.design.Study.PrimaryScale, Min: low, Max: high, Direction: scale.Direction,
			},
			Values: make([][]float64, len(d.Waves)),
			Items:  &Items{Values: make([][][]float64, len(d.Waves)), Min: math.Inf(1), Max: math.Inf(-1)},
		}
		for _, code := range scale.Items {
			item, _ := def.Item(code)
			m.Items.Codes, m.Items.Texts = append(m.Items.Codes, code), append(m.Items.Texts, item.Text)
			if low, high, bounded := def.ItemBounds(code); bounded {
				m.Items.Min, m.Items.Max = min(m.Items.Min, low), max(m.Items.Max, high)
			}
		}
		for w := range d.Waves {
			if !s.asks(w, id) {
				continue
			}
			m.Values[w] = d.column()
			for _, code := range scale.Items {
				low, high, _ := def.ItemBounds(code)
				c := &answers{values: d.column(), ends: low + high, turned: slices.Contains(scale.Reversed, code)}
				m.Items.Values[w] = append(m.Items.Values[w], c.values)
				s.put(id, code, w, c)
			}
		}
		d.Measures = append(d.Measures, m)
	}
}

func (s *reading) layOutExperience(id survey.InstrumentID, def *instrument.Definition) {
	for w := range s.data.Waves {
		if !s.asks(w, id) {
			continue
		}
		for _, item := range def.Items {
			if !item.Type.Numeric() { // words are for the export
				continue
			}
			options, _ := def.ItemOptions(item.Code)
			q := Question{Code: item.Code, Text: item.Text, Wave: w, Unwanted: item.Unwanted, Values: s.data.column()}
			for _, o := range options {
				q.Options = append(q.Options, Option{o.Value, o.Label})
			}
			s.put(id, item.Code, w, &answers{values: q.Values})
			s.data.Experience = append(s.data.Experience, q)
		}
	}
}

// layOutPractice expects the two items of a recall: on how many days, and for how
// many minutes on such a day.
func (s *reading) layOutPractice(id survey.InstrumentID, def *instrument.Definition) {
	if len(def.Items) != 2 {
		return
	}
	for w := range s.data.Waves {
		if !s.asks(w, id) {
			continue
		}
		week := &recall{s.data.column(), s.data.column()}
		s.put(id, def.Items[0].Code, w, &answers{values: week.days})
		s.put(id, def.Items[1].Code, w, &answers{values: week.minutes})
		s.practice = append(s.practice, week)
	}
}

func (s *reading) readStates(ctx context.Context, r survey.DataReader) error {
	d := s.data
	progress, err := r.StudyProgress(ctx, s.design.Study.ID)
	if err != nil {
		return err
	}
	timetables, done := make([]*survey.Timetable, len(s.runs)), survey.CompletedIn(progress, s.design.Waves)
	for i, run := range s.runs {
		timetables[i] = run.Timetable(s.design.Waves)
	}
	d.States = make([][]State, len(d.Waves))
	for w := range d.Waves {
		d.States[w] = make([]State, len(d.People))
		for i, p := range d.People {
			arm := s.design.Waves[w].ArmID
			if arm == "" || arm == s.design.Arms[p.Arm].ID {
				window := timetables[p.Run].Window(s.design.Waves[w].ID, s.enrolments[i], done)
				d.States[w][i] = unanswered(window, s.now, p)
			}
		}
	}
	for _, p := range progress {
		row, person := s.rows[p.EnrolmentID]
		w, wave := s.waves[p.WaveID]
		if person && wave && p.Sets > 0 && p.Submitted == p.Sets {
			d.States[w][row] = Answered
		}
	}
	return nil
}

// unanswered is the state of someone who has not answered everything.
func unanswered(w schedule.Window, now time.Time, p Person) State {
	switch phase := w.At(now); {
	case w.IsZero():
		return NotAsked
	case phase == schedule.Before:
		return NotYet
	case p.Left:
		return Withdrawn
	case p.Declined:
		return Declined
	case phase == schedule.After:
		return Lost
	}
	return Open
}

func (s *reading) readScores(ctx context.Context, r survey.DataReader) error {
	return r.EachScore(ctx, s.design.Study.ID, nil, func(row *survey.ScoreRow) error {
		m := s.scores[scoreKey{row.InstrumentID, row.Scale}]
		person, known := s.rows[row.EnrolmentID]
		w, wave := s.waves[row.WaveID]
		if m != nil && known && wave && row.Valid && m.Values[w] != nil {
			m.Values[w][person] = row.Value
		}
		return nil
	})
}

func (s *reading) readAnswers(ctx context.Context, r survey.DataReader) error {
	var waves []survey.WaveID
	for _, w := range s.design.Waves {
		waves = append(waves, w.ID)
	}
	return r.EachSubmitted(ctx, s.design.Study.ID, waves, func(row *survey.ResponseRow) error {
		if row.Missing != survey.NotMissing {
			return nil
		}
		person, known := s.rows[row.EnrolmentID]
		w, wave := s.waves[row.WaveID]
		if !known || !wave {
			return nil
		}
		for _, c := range s.items[itemKey{row.InstrumentID, row.Item, w}] {
			c.put(person, row.Value)
		}
		return nil
	})
}

// readAttendance counts the meetings people came to, of those for which
// attendance was noted of them.
func (s *reading) readAttendance(ctx context.Context, r survey.DataReader) error {
	came := s.data.column()
	notes, err := r.StudyAttendance(ctx, s.design.Study.ID)
	if err != nil {
		return err
	}
	for _, note := range notes {
		person, known := s.rows[note.EnrolmentID]
		if !known {
			continue
		}
		if isMissing(came[person]) {
			came[person] = 0
		}
		if note.Present {
			came[person]++
		}
		s.data.Source.Meetings = max(s.data.Source.Meetings, note.Meeting)
	}
	if len(notes) > 0 {
		s.data.Doses = append(s.data.Doses, Dose{Key: DoseMeetings, Name: "Meetings attended", Unit: "meetings", Values: came})
	}
	return nil
}

// addPractice is the mean of the weeks of which someone told how much they
// practised: an unanswered week is unknown, not idle.
func (s *reading) addPractice() {
	if len(s.practice) == 0 {
		return
	}
	minutes := s.data.column()
	for i := range minutes {
		sum, weeks := 0.0, 0
		for _, week := range s.practice {
			v := week.days[i] * week.minutes[i]
			if week.days[i] == 0 {
				v = 0 // then nobody is asked for minutes
			}
			if !math.IsNaN(v) {
				sum, weeks = sum+v, weeks+1
			}
		}
		if weeks > 0 {
			minutes[i] = sum / float64(weeks)
		}
	}
	s.data.Doses = append(s.data.Doses, Dose{Key: DosePractice, Name: "Practice at home", Unit: "minutes a week", Values: minutes})
}
