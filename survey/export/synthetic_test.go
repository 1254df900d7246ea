package export_test

import (
	"context"
	"fmt"
	"testing"
	"time"

	"tidemark/survey"
	"tidemark/survey/instrument"
	"tidemark/survey/schedule"
)

// synthetic makes the rows of a study up as they are asked for, so that a
// million of them need no database and no memory.
type synthetic struct {
	survey.Reader
	design survey.StudyDesign
	runs   []survey.RunSummary
	people []survey.Enrolment
	// responses is how many rows EachResponse gives; failAt, when above 0, is
	// the row before which it fails.
	responses, failAt int
	failure           error
}

const syntheticStudy survey.StudyID = "study"

// newSynthetic is a study of two waves with the built-in outcomes.
func newSynthetic(t testing.TB, people int) *synthetic {
	t.Helper()
	s := &synthetic{}
	s.design = survey.StudyDesign{
		Study:       survey.Study{ID: syntheticStudy, Key: "made-up", Title: "Made up", Simulated: true},
		Arms:        []survey.Arm{{ID: "arm", StudyID: syntheticStudy, Key: "course", Name: "Course"}},
		Instruments: map[survey.InstrumentID]survey.InstrumentVersion{},
	}
	var sets []survey.InstrumentID
	for _, key := range []string{"self_compassion", "resilience", "motivation"} {
		def, err := instrument.BuiltinByKey(key)
		if err != nil {
			t.Fatal(err)
		}
		id := survey.InstrumentID(key)
		s.design.Instruments[id] = survey.InstrumentVersion{ID: id, Definition: def}
		sets = append(sets, id)
	}
	s.design.Waves = []survey.Wave{
		{ID: "w1", StudyID: syntheticStudy, Key: "pre", Name: "Before", Kind: survey.WavePre, Position: 1, Sets: sets},
		{ID: "w2", StudyID: syntheticStudy, Key: "post", Name: "After", Kind: survey.WavePost, Position: 2, Sets: sets},
	}
	s.runs = []survey.RunSummary{{Run: survey.CourseRun{
		ID: "run", StudyID: syntheticStudy, Name: "Evening group", StartsOn: schedule.Date{Year: 2026, Month: 3, Day: 2},
	}}}
	for i := range people {
		s.people = append(s.people, survey.Enrolment{
			ID: survey.EnrolmentID(fmt.Sprintf("e%08d", i)), StudyID: syntheticStudy, Code: fmt.Sprintf("P-%06d", i),
			RunID: "run", ArmID: "arm", EnrolledAt: time.Date(2026, 2, 20, 9, 0, 0, 0, time.UTC),
		})
	}
	return s
}

// perPerson is the number of items over both waves.
func (s *synthetic) perPerson() int {
	n := 0
	for _, w := range s.design.Waves {
		for _, id := range w.Sets {
			n += len(s.design.Instruments[id].Definition.Items)
		}
	}
	return n
}

func (s *synthetic) Design(context.Context, survey.StudyID) (survey.StudyDesign, error) {
	return s.design, nil
}

func (s *synthetic) Runs(context.Context, survey.StudyID) ([]survey.RunSummary, error) {
	return s.runs, nil
}

func (s *synthetic) Enrolments(context.Context, survey.StudyID) ([]survey.Enrolment, error) {
	return s.people, nil
}

func (s *synthetic) EachScore(context.Context, survey.StudyID, []survey.WaveID, func(*survey.ScoreRow) error) error {
	return nil
}

func (s *synthetic) EachResponse(_ context.Context, _ survey.StudyID, f func(*survey.ResponseRow) error) error {
	n := 0
	var row survey.ResponseRow
	at := time.Date(2026, 3, 1, 18, 0, 0, 0, time.UTC)
	for _, e := range s.people {
		for _, w := range s.design.Waves {
			for _, id := range w.Sets {
				at = at.Add(time.Second)
				for i, item := range s.design.Instruments[id].Definition.Items {
					if n == s.responses {
						return nil
					}
					n++
					if n == s.failAt {
						return s.failure
					}
					row = survey.ResponseRow{
						EnrolmentID: e.ID, WaveID: w.ID, InstrumentID: id, SubmittedAt: at.Add(time.Minute),
						Item: item.Code, Value: float64(1 + (n+i)%5), AnsweredAt: at,
					}
					if err := f(&row); err != nil {
						return err
					}
				}
			}
		}
	}
	return nil
}

// StudyChoices: nobody was asked.
func (*synthetic) StudyChoices(context.Context, survey.StudyID) (map[survey.EnrolmentID]survey.ConsentChoices, error) {
	return nil, nil
}
