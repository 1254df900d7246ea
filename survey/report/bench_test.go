package report_test

import (
	"fmt"
	"math"
	"math/rand/v2"
	"path/filepath"
	"testing"
	"time"

	"tidemark/survey"
	"tidemark/survey/auth"
	"tidemark/survey/instrument"
	"tidemark/survey/report"
	"tidemark/survey/schedule"
	"tidemark/survey/store"
	"tidemark/survey/storetest"
)

// crowd fills a fresh database with a study of so many people: all waves of the
// template, 95 % of the first questionnaires answered, 70 % of those after.
func crowd(tb testing.TB, people int) (*store.Store, survey.StudyID) {
	tb.Helper()
	ctx := tb.Context()
	db, err := store.Open(ctx, filepath.Join(tb.TempDir(), "crowd.db"), storetest.Vault())
	if err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(func() {
		if err := db.Close(); err != nil {
			tb.Error(err)
		}
	})
	if err := db.Migrate(ctx); err != nil {
		tb.Fatal(err)
	}
	keys, err := auth.New("00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff")
	if err != nil {
		tb.Fatal(err)
	}
	ids := 0
	id := func() string { ids++; return fmt.Sprintf("00000000-0000-7000-8000-%012d", ids) }
	cases := survey.NewUseCases(survey.Env{Store: db, Keys: keys, NewID: id, Now: func() time.Time { return storyEnds }})
	study, err := cases.Studies.Create(ctx, survey.SystemActor("bench"), survey.NewStudy{Protocol: "learning_from_setbacks_8", Simulated: true})
	if err != nil {
		tb.Fatal(err)
	}
	design, err := db.Design(ctx, study.ID)
	if err != nil {
		tb.Fatal(err)
	}
	run := survey.CourseRun{
		ID: survey.RunID(id()), StudyID: study.ID, Name: "All", CourseKey: "learning_from_setbacks_8", CourseVersion: "1.0.0",
		StartsOn: schedule.Date{Year: 2026, Month: 1, Day: 12}, MeetingTime: "18:30", TimeZone: "UTC", CreatedAt: storyEnds,
	}
	rng := rand.New(rand.NewPCG(1, 2))
	err = db.InTx(ctx, func(tx survey.Tx) error {
		if err := tx.CreateRun(ctx, run); err != nil {
			return err
		}
		for i := range people {
			if err := enrolAndAnswer(tb, tx, design, run, id, rng, i); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		tb.Fatal(err)
	}
	return db, study.ID
}

func enrolAndAnswer(tb testing.TB, tx survey.Tx, d survey.StudyDesign, run survey.CourseRun, id func() string, rng *rand.Rand, i int) error {
	ctx := tb.Context()
	arm := d.Arms[i%len(d.Arms)]
	person := survey.Participant{ID: survey.ParticipantID(id()), StudyID: d.Study.ID, Code: fmt.Sprintf("P-%05d", i), CreatedAt: storyEnds}
	e := survey.Enrolment{
		ID: survey.EnrolmentID(id()), StudyID: d.Study.ID, ParticipantID: person.ID, Code: person.Code,
		RunID: run.ID, ArmID: arm.ID, EnrolledAt: storyEnds,
	}
	n := survey.NewPerson{Participant: person, Enrolment: e, Link: survey.PersonalLink{
		StudyID: d.Study.ID, EnrolmentID: e.ID, Generation: 1, TokenHash: id(), ExpiresAt: storyEnds,
	}}
	for _, w := range d.Waves {
		if w.ArmID != "" && w.ArmID != arm.ID {
			continue
		}
		for k, set := range w.Sets {
			n.Assessments = append(n.Assessments, survey.Assessment{
				ID: survey.AssessmentID(id()), StudyID: d.Study.ID, EnrolmentID: e.ID, WaveID: w.ID, InstrumentID: set, Position: k + 1,
			})
		}
	}
	if err := tx.Enrol(ctx, []survey.NewPerson{n}); err != nil {
		return err
	}
	level, kinds := rng.NormFloat64(), map[survey.WaveID]survey.WaveKind{}
	for _, w := range d.Waves {
		kinds[w.ID] = w.Kind
	}
	for _, a := range n.Assessments {
		chance := 0.7
		gain := 0.0
		if kinds[a.WaveID] == survey.WavePre {
			chance = 0.95
		} else if !arm.Control {
			gain = 0.6
		}
		if rng.Float64() > chance {
			continue
		}
		def := d.Instruments[a.InstrumentID].Definition
		answers, responses := instrument.Numbers{}, []survey.Response(nil)
		for _, it := range def.Items {
			options, _ := def.ItemOptions(it.Code)
			k := int(math.Round(2 + level + gain + rng.NormFloat64()))
			v := options[min(max(k, 0), len(options)-1)].Value
			answers[it.Code] = v
			responses = append(responses, survey.Response{Item: it.Code, Value: v, AnsweredAt: storyEnds})
		}
		if _, err := tx.MarkSubmitted(ctx, d.Study.ID, e.ID, a.ID, storyEnds); err != nil {
			return err
		}
		if err := tx.PutResponses(ctx, d.Study.ID, a.ID, responses); err != nil {
			return err
		}
		if err := tx.CreateScores(ctx, d.Study.ID, a.ID, def.Score(answers), storyEnds); err != nil {
			return err
		}
	}
	return nil
}

// BenchmarkBuild is the report of 10,000 enrolled people, read from SQLite. The
// aim is under a second.
func BenchmarkBuild(b *testing.B) {
	const people = 10_000
	db, study := crowd(b, people)
	b.ReportAllocs()
	for b.Loop() {
		r, err := report.Build(b.Context(), db, survey.SystemActor("bench"), study, report.Spec{Now: storyEnds})
		if err != nil {
			b.Fatal(err)
		}
		if n := r.Outcomes[0].Main().Pairs; n < people/4 {
			b.Fatalf("%d pairs", n)
		}
	}
}
