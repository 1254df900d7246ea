package survey_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"

	"tidemark/survey"
	"tidemark/survey/auth"
	"tidemark/survey/instrument"
	"tidemark/survey/store"
	"tidemark/survey/storetest"
)

const secret = "00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff"

// The run of a stage begins on a Monday in Madrid, in a week without a change of
// clocks. A stage's clock starts a week before it.
const (
	startsOn = "2026-03-02"
	zoneName = "Europe/Madrid"
)

// stage is an open study with one run, and a clock that a test can set.
type stage struct {
	store *store.Store
	keys  *auth.Keys
	cases *survey.UseCases
	study survey.Study
	run   survey.CourseRun

	admin, leader, researcher survey.Actor // who may do everything their role may

	mu  sync.Mutex
	now time.Time
}

// system is the actor that sets the stage.
func system() survey.Actor { return survey.SystemActor("test") }

// onEach sets a stage on every engine.
func onEach(t *testing.T, test func(t *testing.T, s *stage)) {
	t.Helper()
	storetest.Each(t, func(t *testing.T, open storetest.Opener) { test(t, newStage(t, open)) })
}

// chance is repeatable randomness that several goroutines can read.
type chance struct {
	mu     sync.Mutex
	source *rand.ChaCha8
}

func (c *chance) Read(p []byte) (int, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.source.Read(p)
}

func newStage(t *testing.T, open storetest.Opener) *stage {
	t.Helper()
	keys, err := auth.New(secret)
	noError(t, err)
	s := &stage{store: open(t), keys: keys, now: day("2026-02-23").Add(12 * time.Hour)}
	s.cases = survey.NewUseCases(survey.Env{
		Store: s.store, Now: s.clock, Keys: keys, Random: &chance{source: rand.NewChaCha8([32]byte{1})},
		NewID: func() string { return uuid.Must(uuid.NewV7()).String() }, Version: "test program",
	})
	ctx := t.Context()
	s.admin = s.user(t, survey.Grant{Role: survey.RoleAdministrator})
	s.study = s.newStudy(t, "first")
	s.leader = s.user(t, survey.Grant{Role: survey.RoleFacilitator, StudyID: s.study.ID})
	s.researcher = s.user(t, survey.Grant{Role: survey.RoleResearcher, StudyID: s.study.ID})
	s.run, err = s.cases.Runs.Create(ctx, s.leader, s.study.ID, newRun())
	noError(t, err)
	return s
}

func newRun() survey.NewRun {
	return survey.NewRun{
		Name: "Spring", CourseKey: "learning_from_setbacks_8", StartsOn: startsOn, MeetingTime: "18:30", Location: "Room 4",
	}
}

// newStudy makes and opens a study.
func (s *stage) newStudy(t *testing.T, key string) survey.Study {
	t.Helper()
	study, err := s.cases.Studies.Create(t.Context(), s.admin, survey.NewStudy{
		Protocol: "learning_from_setbacks_8", Key: key, TimeZone: zoneName,
		Team: "The Harbour Institute", Contact: "ines@example.org", Ethics: "Board of Harbour, 12/2026",
	})
	noError(t, err)
	s.declare(t, study)
	noError(t, s.cases.Studies.Open(t.Context(), s.admin, study.ID))
	study.State, study.ConsentVersion = survey.StudyOpen, 1
	return study
}

// declare says of a study that it is anonymous, so that it can open.
func (s *stage) declare(t *testing.T, study survey.Study) {
	t.Helper()
	_, err := s.cases.Safeties.Declare(t.Context(), s.admin, survey.Safety{
		StudyID: study.ID, Shape: survey.SafetyAnonymous, TimeZone: study.TimeZone,
	})
	noError(t, err)
}

// user makes a member of staff.
func (s *stage) user(t *testing.T, grants ...survey.Grant) survey.Actor {
	t.Helper()
	u, err := s.cases.Users.Create(t.Context(), system(), survey.NewUser{
		Email: uuid.NewString() + "@example.org", Name: "Somebody", Grants: grants,
	})
	noError(t, err)
	return survey.UserActor(u)
}

func (s *stage) clock() time.Time {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.now
}

// at sets the clock.
func (s *stage) at(t time.Time) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.now = t
}

// day is midnight in Madrid at the beginning of a day.
func day(date string) time.Time {
	zone, err := time.LoadLocation(zoneName)
	if err != nil {
		panic(err)
	}
	t, err := time.ParseInLocation(time.DateOnly, date, zone)
	if err != nil {
		panic(err)
	}
	return t
}

// arm finds an arm of the study by its key.
func (s *stage) arm(t *testing.T, key string) survey.Arm {
	t.Helper()
	for _, a := range s.design(t).Arms {
		if a.Key == key {
			return a
		}
	}
	t.Fatalf("no arm %s", key)
	return survey.Arm{}
}

func (s *stage) design(t *testing.T) survey.StudyDesign {
	t.Helper()
	d, err := s.store.Design(t.Context(), s.study.ID)
	noError(t, err)
	return d
}

// enrol adds n people to an arm of the run and gives them as actors, without
// consent.
func (s *stage) enrol(t *testing.T, arm string, n int) []survey.Actor {
	t.Helper()
	people := make([]survey.Person, n)
	for i := range people {
		people[i].Name = fmt.Sprint("Person ", i)
	}
	enrolled, err := s.byHand(t, arm, people...)
	noError(t, err)
	actors := make([]survey.Actor, n)
	for i, e := range enrolled {
		actors[i] = s.again(t, e.ID)
	}
	return actors
}

// byHand adds people to an arm of the run.
func (s *stage) byHand(t *testing.T, arm string, people ...survey.Person) ([]survey.Enrolment, error) {
	t.Helper()
	return s.cases.Runs.Enrol(t.Context(), s.leader, s.study.ID, s.run.ID,
		survey.Enrolling{People: people, Arm: s.arm(t, arm).ID, Reason: "needs the evening group"})
}

// again reads a participation anew, as every request does.
func (s *stage) again(t *testing.T, id survey.EnrolmentID) survey.Actor {
	t.Helper()
	p, err := s.store.Participation(t.Context(), s.study.ID, id)
	noError(t, err)
	return survey.ParticipantActor(p)
}

// consenting is people of the course arm who have consented.
func (s *stage) consenting(t *testing.T, n int) []survey.Actor {
	t.Helper()
	actors := s.enrol(t, "course", n)
	for i, a := range actors {
		noError(t, s.cases.Enrolments.Consent(t.Context(), a, a.Participation.Study.ConsentVersion))
		actors[i] = s.again(t, a.Participation.Enrolment.ID)
	}
	return actors
}

// due finds what a person is asked at a wave, by the key of the questionnaire.
func (s *stage) due(t *testing.T, a survey.Actor, wave, instrument string) survey.DueItem {
	t.Helper()
	items, err := s.cases.Assessments.Due(t.Context(), a)
	noError(t, err)
	for _, it := range items {
		if it.Wave.Key == wave && it.Definition.Key == instrument {
			return it
		}
	}
	t.Fatalf("no %s at %s", instrument, wave)
	return survey.DueItem{}
}

// answers fills the first n items of a questionnaire with a value, or with the
// first option of items that do not offer it.
func answers(d *instrument.Definition, n int, value float64) instrument.Answers {
	all := instrument.Answers{}
	for _, it := range d.Items[:n] {
		all[it.Code] = instrument.NumberValue(value)
		options, _ := d.ItemOptions(it.Code)
		if !slices.ContainsFunc(options, func(o instrument.Option) bool { return o.Value == value }) {
			all[it.Code] = instrument.NumberValue(options[0].Value)
		}
	}
	return all
}

// dump is everything that was ever answered, scored and noted, as text.
func (s *stage) dump(t *testing.T) string {
	t.Helper()
	var b bytes.Buffer
	ctx := context.WithoutCancel(t.Context())
	events, err := s.store.AuditEvents(ctx, "", 10_000)
	for _, e := range events {
		fmt.Fprintf(&b, "%+v\n", e)
	}
	err = errors.Join(err,
		s.store.EachResponse(ctx, s.study.ID, func(r *survey.ResponseRow) error { _, err := fmt.Fprintf(&b, "%+v\n", *r); return err }),
		s.store.EachScore(ctx, s.study.ID, nil, func(r *survey.ScoreRow) error { _, err := fmt.Fprintf(&b, "%+v\n", *r); return err }))
	noError(t, err)
	return b.String()
}

// unchanged runs f and fails if anything was written meanwhile.
func (s *stage) unchanged(t *testing.T, f func()) {
	t.Helper()
	before := s.dump(t)
	f()
	same(t, s.dump(t), before)
}

func noError(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func wantError(t testing.TB, err, want error) {
	t.Helper()
	if !errors.Is(err, want) {
		t.Errorf("got error %v, want %v", err, want)
	}
}

// wantFaults checks that the error names exactly these fields.
func wantFaults(t testing.TB, err error, want survey.FieldErrors) {
	t.Helper()
	faults, ok := errors.AsType[survey.FieldErrors](err)
	if !ok {
		t.Errorf("got error %v, want faults %v", err, want)
		return
	}
	same(t, faults, want)
}

func same(t testing.TB, got, want any, options ...cmp.Option) {
	t.Helper()
	if diff := cmp.Diff(got, want, options...); diff != "" {
		t.Errorf("got (-), want (+):\n%s", diff)
	}
}
