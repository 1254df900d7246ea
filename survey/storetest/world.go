package storetest

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"

	"tidemark/survey"
	"tidemark/survey/consent"
	"tidemark/survey/instrument"
	"tidemark/survey/schedule"
)

// noon is an instant with milliseconds, which both engines must keep.
var noon = time.Date(2026, 3, 2, 12, 0, 0, 123_000_000, time.UTC)

// newID is a UUIDv7, as the program makes them.
func newID[T ~string]() T { return T(uuid.Must(uuid.NewV7()).String()) }

// newKey is a name that nothing else has.
func newKey() string { return "k" + strings.ToLower(rand.Text()[:16]) }

// world is a study with two arms, three waves and a run; tests share a store and
// have a world each.
type world struct {
	store                  survey.Store
	study                  survey.Study
	course, waiting        survey.Arm
	pre, week, post        survey.Wave // week is for the course arm alone
	outcome, other, weekly survey.InstrumentVersion
	run                    survey.CourseRun
	people                 []survey.NewPerson
}

// newWorld makes a study of its own with n people, by turns in the course and
// waiting.
func newWorld(t testing.TB, s survey.Store, n int) *world {
	t.Helper()
	id := newID[survey.StudyID]()
	w := &world{
		store: s,
		study: survey.Study{
			ID: id, Key: newKey(), Title: "Rückschläge — a study", State: survey.StudyOpen, Simulated: true,
			Language: "en", TimeZone: "Europe/Madrid", ConsentVersion: 2, TrendMinimum: 7,
			PrimaryScale: "sc_total", Feedback: survey.FeedbackNever, CreatedAt: noon,
		},
		course:  survey.Arm{ID: newID[survey.ArmID](), StudyID: id, Key: "course", Name: "Course", Position: 1, Share: 2},
		waiting: survey.Arm{ID: newID[survey.ArmID](), StudyID: id, Key: "waitlist", Name: "Waiting", Position: 2, Control: true, Share: 1},
		outcome: newInstrument(t), other: newInstrument(t), weekly: newInstrument(t),
	}
	w.pre = w.wave("pre", survey.WavePre, 1, -14, "", w.outcome.ID, w.other.ID)
	w.week = w.wave("week_01", survey.WaveDuring, 2, 0, w.course.ID, w.weekly.ID)
	w.post = w.wave("post", survey.WavePost, 3, 50, "", w.other.ID, w.outcome.ID)
	w.run = w.newRun("2026-03-02")
	must(t, w.store, func(ctx context.Context, tx survey.Tx) error {
		return errors.Join(
			tx.CreateStudy(ctx, w.study), tx.CreateArm(ctx, w.waiting), tx.CreateArm(ctx, w.course),
			tx.CreateConsentText(ctx, w.consentText(1)), tx.CreateConsentText(ctx, w.consentText(2)),
			tx.CreateInstrumentVersion(ctx, w.outcome), tx.CreateInstrumentVersion(ctx, w.other),
			tx.CreateInstrumentVersion(ctx, w.weekly),
			tx.CreateWave(ctx, w.post), tx.CreateWave(ctx, w.pre), tx.CreateWave(ctx, w.week),
			tx.CreateRun(ctx, w.run),
		)
	})
	w.enrol(t, w.run, n)
	return w
}

func (w *world) wave(key string, kind survey.WaveKind, position, opens int, arm survey.ArmID, sets ...survey.InstrumentID) survey.Wave {
	return survey.Wave{
		ID: newID[survey.WaveID](), StudyID: w.study.ID, Key: key, Name: "Wave " + key, ShortName: key, Kind: kind,
		Position: position, Rule: schedule.Rule{OpensDay: opens, ClosesDay: opens + 6}, ArmID: arm, Sets: sets,
	}
}

func (w *world) newRun(startsOn string) survey.CourseRun {
	day, err := schedule.ParseDate(startsOn)
	if err != nil {
		panic(err)
	}
	return survey.CourseRun{
		ID: newID[survey.RunID](), StudyID: w.study.ID, Name: "Run of " + startsOn, CourseKey: "learning_from_setbacks_8",
		CourseVersion: "1.0.0", StartsOn: day, MeetingTime: "18:30", TimeZone: "Europe/Madrid",
		Location: "Room 4", CreatedAt: noon,
	}
}

func (w *world) consentText(version int) survey.ConsentText {
	t := survey.ConsentText{
		StudyID: w.study.ID, Version: version, Language: "en", PublishedBy: "Noor", CreatedAt: noon,
		Text: consent.Text{
			Title:    fmt.Sprintf("Text %d", version),
			Sections: []consent.Section{{Element: consent.Purpose, Heading: "Why", Body: "Because — “so”."}},
			Choices:  []consent.Choice{{Key: consent.ShareData, Label: "You may."}},
		},
	}
	t.Hash = t.Text.Hash()
	return t
}

// enrol adds n people to a run and to w.people.
func (w *world) enrol(t testing.TB, run survey.CourseRun, n int) []survey.NewPerson {
	t.Helper()
	people := make([]survey.NewPerson, n)
	for i := range people {
		arm := w.course.ID
		if i%2 == 1 {
			arm = w.waiting.ID
		}
		people[i] = w.person(run, arm)
	}
	must(t, w.store, func(ctx context.Context, tx survey.Tx) error { return tx.Enrol(ctx, people) })
	w.people = append(w.people, people...)
	return people
}

// person is someone to be enrolled in a run.
func (w *world) person(run survey.CourseRun, arm survey.ArmID) survey.NewPerson {
	pid, eid := newID[survey.ParticipantID](), newID[survey.EnrolmentID]()
	code := "P-" + strings.ToUpper(rand.Text()[:10])
	p := survey.NewPerson{
		Participant: survey.Participant{ID: pid, StudyID: w.study.ID, Code: code, CreatedAt: noon},
		Contact:     &survey.Contact{ParticipantID: pid, StudyID: w.study.ID, Name: "Ana " + code, Email: "ana@example.org"},
		Enrolment: survey.Enrolment{
			ID: eid, StudyID: w.study.ID, ParticipantID: pid, Code: code, RunID: run.ID, ArmID: arm, EnrolledAt: noon,
		},
		Link: survey.PersonalLink{
			StudyID: w.study.ID, EnrolmentID: eid, Generation: 1, TokenHash: "link-" + string(eid), CodeHash: "code-" + string(eid),
			ExpiresAt: noon.AddDate(1, 0, 0),
		},
	}
	for _, wave := range []survey.Wave{w.pre, w.week, w.post} {
		if wave.ArmID != "" && wave.ArmID != arm {
			continue
		}
		for i, set := range wave.Sets {
			p.Assessments = append(p.Assessments, survey.Assessment{
				ID: newID[survey.AssessmentID](), StudyID: w.study.ID, EnrolmentID: eid, WaveID: wave.ID,
				InstrumentID: set, Position: i + 1,
			})
		}
	}
	return p
}

// newInstrument is a questionnaire that no other test has.
func newInstrument(t testing.TB) survey.InstrumentVersion {
	t.Helper()
	builtin, err := instrument.BuiltinByKey("weekly_check_in")
	if err != nil {
		t.Fatal(err)
	}
	d := *builtin
	d.Key = newKey()
	return survey.InstrumentVersion{ID: newID[survey.InstrumentID](), Hash: d.Hash(), Definition: &d, CreatedAt: noon}
}

// do runs fn in a transaction and returns its error.
func do(t testing.TB, s survey.Store, fn func(ctx context.Context, tx survey.Tx) error) error {
	t.Helper()
	return s.InTx(t.Context(), func(tx survey.Tx) error { return fn(t.Context(), tx) })
}

// must is do for a transaction that must not fail.
func must(t testing.TB, s survey.Store, fn func(ctx context.Context, tx survey.Tx) error) {
	t.Helper()
	if err := do(t, s, fn); err != nil {
		t.Fatalf("transaction: %v", err)
	}
}

// wantError checks for a sentinel.
func wantError(t testing.TB, err, want error) {
	t.Helper()
	if !errors.Is(err, want) {
		t.Errorf("got error %v, want %v", err, want)
	}
}

// reporter is what tests of both kinds, written out and random, have in common.
type reporter interface {
	Helper()
	Errorf(format string, args ...any)
	Fatal(args ...any)
}

// noError ends the test on an error.
func noError(t reporter, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// same compares, got before want.
func same(t reporter, got, want any, options ...cmp.Option) {
	t.Helper()
	if diff := cmp.Diff(got, want, options...); diff != "" {
		t.Errorf("got (-), want (+):\n%s", diff)
	}
}
