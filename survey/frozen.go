package survey

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"
)

var _ DataReader = (*Frozen)(nil)

// Frozen is an opened snapshot: a study as it was, its answers packed in memory. It
// answers as the database did then, and never otherwise.
type Frozen struct {
	snapshot   Snapshot
	design     StudyDesign
	runs       []RunSummary
	people     []Enrolment
	choices    map[EnrolmentID]ConsentChoices
	attendance []Attendance
	sheets     []sheetAt
	store      *sheetStore
}

// reader takes the sheets out; each goes its own way.
func (f *Frozen) reader() *sheetReader { return &sheetReader{sheetStore: f.store} }

// Snapshot is what is known of the snapshot.
func (f *Frozen) Snapshot() Snapshot { return f.snapshot }

// of is ErrNotFound for any study but the frozen one.
func (f *Frozen) of(study StudyID) error {
	if study != f.design.Study.ID {
		return fmt.Errorf("study %s: %w", study, ErrNotFound)
	}
	return nil
}

// Design is the protocol as it was.
func (f *Frozen) Design(_ context.Context, id StudyID) (StudyDesign, error) {
	return f.design, f.of(id)
}

// Runs are the course runs as they were, without where and at what hour they met.
func (f *Frozen) Runs(_ context.Context, study StudyID) ([]RunSummary, error) {
	return slices.Clone(f.runs), f.of(study)
}

// Enrolments lists everyone by participant code.
func (f *Frozen) Enrolments(_ context.Context, study StudyID) ([]Enrolment, error) {
	return slices.Clone(f.people), f.of(study)
}

// StudyChoices are what everyone said to the optional consents.
func (f *Frozen) StudyChoices(_ context.Context, study StudyID) (map[EnrolmentID]ConsentChoices, error) {
	return maps.Clone(f.choices), f.of(study)
}

// StudyAttendance lists who was noted at which meeting.
func (f *Frozen) StudyAttendance(_ context.Context, study StudyID) ([]Attendance, error) {
	return slices.Clone(f.attendance), f.of(study)
}

// EachAssessment gives all assessments.
func (f *Frozen) EachAssessment(_ context.Context, study StudyID, call func(*Assessment) error) error {
	if err := f.of(study); err != nil {
		return err
	}
	r := f.reader()
	for _, at := range f.sheets {
		if err := call(&r.head(at).Assessment); err != nil {
			return err
		}
	}
	return nil
}

// EachScore gives the scores at some waves, or at all.
func (f *Frozen) EachScore(_ context.Context, study StudyID, waves []WaveID, call func(*ScoreRow) error) error {
	if err := f.of(study); err != nil {
		return err
	}
	r := f.reader()
	for _, at := range f.sheets {
		s := r.head(at)
		if len(waves) > 0 && !slices.Contains(waves, s.WaveID) {
			continue
		}
		for _, score := range r.scored().scores {
			row := ScoreRow{
				EnrolmentID: s.EnrolmentID, WaveID: s.WaveID, InstrumentID: s.InstrumentID, Scale: score.Scale,
				Valid: score.Value != nil, Answered: score.Answered, Items: score.Items, Rule: score.Rule,
			}
			if row.Valid {
				row.Value = *score.Value
			}
			if err := call(&row); err != nil {
				return err
			}
		}
	}
	return nil
}

// EachResponse gives all answers.
func (f *Frozen) EachResponse(_ context.Context, study StudyID, call func(*ResponseRow) error) error {
	if err := f.of(study); err != nil {
		return err
	}
	r := f.reader()
	for _, at := range f.sheets {
		r.head(at)
		r.scored()
		if err := r.answered().each(call); err != nil {
			return err
		}
	}
	return nil
}

// EachSubmitted gives the answers of submitted assessments at some waves.
func (f *Frozen) EachSubmitted(_ context.Context, study StudyID, waves []WaveID, call func(*ResponseRow) error) error {
	if err := f.of(study); err != nil {
		return err
	}
	r := f.reader()
	for _, at := range f.sheets {
		s := r.head(at)
		if s.SubmittedAt.IsZero() || !slices.Contains(waves, s.WaveID) {
			continue
		}
		r.scored()
		if err := r.answered().each(call); err != nil {
			return err
		}
	}
	return nil
}

// StudyProgress is how far everyone had come in every wave.
func (f *Frozen) StudyProgress(_ context.Context, study StudyID) ([]WaveProgress, error) {
	type place struct {
		enrolment EnrolmentID
		wave      WaveID
	}
	known := map[place]int{}
	var all []WaveProgress
	r := f.reader()
	for _, at := range f.sheets {
		s := r.head(at)
		p := place{s.EnrolmentID, s.WaveID}
		n, met := known[p]
		if !met {
			n = len(all)
			known[p] = n
			all = append(all, WaveProgress{EnrolmentID: s.EnrolmentID, WaveID: s.WaveID})
		}
		all[n].Sets++
		if !s.SubmittedAt.IsZero() {
			all[n].Submitted++
			if s.SubmittedAt.After(all[n].LastAt) {
				all[n].LastAt = s.SubmittedAt
			}
		}
		if !s.SubmittedAt.IsZero() || !s.StartedAt.IsZero() {
			all[n].Started++
		}
	}
	slices.SortFunc(all, func(a, b WaveProgress) int {
		return cmp.Or(strings.Compare(string(a.EnrolmentID), string(b.EnrolmentID)), strings.Compare(string(a.WaveID), string(b.WaveID)))
	})
	return all, f.of(study)
}
