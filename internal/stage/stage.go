package stage

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"github.com/google/uuid"

	"tidemark/internal/risky"
	"tidemark/survey"
	"tidemark/survey/auth"
	"tidemark/survey/reminding"
	"tidemark/survey/store"
	"tidemark/survey/vault"
)

// Stage is an open database with a study in it.
type Stage struct {
	Store      *store.Store
	Cases      *survey.UseCases
	Keys       *auth.Keys
	SecretFile string
	Design     survey.StudyDesign
	Run        survey.CourseRun
	// Responder and Deputy are named by a watched study.
	Responder, Deputy survey.User
}

// Person is someone who has a personal link.
type Person struct {
	Enrolment survey.Enrolment
	Token     string // of the link
}

// Actor is whoever sets the stage.
func Actor() survey.Actor { return survey.SystemActor("stage") }

// Set migrates the database at dsn and makes the study. Dir takes the secret of
// the installation.
func Set(ctx context.Context, dsn, dir string) (*Stage, error) {
	return set(ctx, dsn, dir, (*Stage).anonymous, true)
}

// SetWriting is Set for a study that is no rehearsal and writes to its people at any
// hour.
func SetWriting(ctx context.Context, dsn, dir string) (*Stage, error) {
	s, err := set(ctx, dsn, dir, (*Stage).anonymous, false)
	if err != nil {
		return nil, err
	}
	rules := reminding.DefaultRules()
	rules.On, rules.Quiet = true, reminding.Quiet{}
	if _, err := s.Cases.Messages.Set(ctx, Actor(), s.Design.Study.ID, rules, 0); err != nil {
		return nil, errors.Join(err, s.Store.Close())
	}
	return s, nil
}

// SetWatched is Set for a study that asks of risk and is linked: it names two
// people who look after such answers.
func SetWatched(ctx context.Context, dsn, dir string) (*Stage, error) {
	return set(ctx, dsn, dir, (*Stage).watched, true)
}

func set(ctx context.Context, dsn, dir string, declare func(*Stage, context.Context, survey.Study) error, simulated bool) (_ *Stage, err error) {
	hex, err := auth.NewSecret()
	if err != nil {
		return nil, err
	}
	s := &Stage{SecretFile: filepath.Join(dir, "secret")}
	if s.Keys, err = auth.New(hex); err != nil {
		return nil, err
	}
	if err := os.WriteFile(s.SecretFile, []byte(hex+"\n"), 0o600); err != nil {
		return nil, err
	}
	if s.Store, err = store.Open(ctx, dsn, store.WithVault(vault.Secret(s.Keys.VaultSecret()))); err != nil {
		return nil, err
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, s.Store.Close())
		}
	}()
	if err := s.Store.Migrate(ctx); err != nil {
		return nil, err
	}
	s.Cases = survey.NewUseCases(survey.Env{
		Store: s.Store, Now: time.Now, NewID: func() string { return uuid.Must(uuid.NewV7()).String() },
		Random: rand.Reader, Keys: s.Keys,
	})
	return s, s.study(ctx, declare, simulated)
}

// study makes and opens the study and its course run.
func (s *Stage) study(ctx context.Context, declare func(*Stage, context.Context, survey.Study) error, simulated bool) error {
	study, err := s.Cases.Studies.Create(ctx, Actor(), survey.NewStudy{
		Protocol: survey.Protocols()[0].Key, Key: "stage", TimeZone: "UTC", Simulated: simulated,
		Team: "The Harbour Institute", Contact: "ines@example.org", Ethics: "Board of Harbour, 12/2026",
	})
	if err != nil {
		return err
	}
	if err := declare(s, ctx, study); err != nil {
		return err
	}
	if err := s.Cases.Studies.Open(ctx, Actor(), study.ID); err != nil {
		return err
	}
	if s.Design, err = s.Cases.Studies.Design(ctx, Actor(), study.ID); err != nil {
		return err
	}
	// The first questionnaires open two weeks before the course.
	begins := time.Now().UTC().AddDate(0, 0, 7)
	s.Run, err = s.Cases.Runs.Create(ctx, Actor(), study.ID, survey.NewRun{
		Name: "Stage", CourseKey: survey.Protocols()[0].CourseKey,
		StartsOn: begins.Format(time.DateOnly), MeetingTime: "18:00",
	})
	return err
}

// anonymous declares that nobody is sent because of an answer.
func (s *Stage) anonymous(ctx context.Context, study survey.Study) error {
	_, err := s.Cases.Safeties.Declare(ctx, Actor(), survey.Safety{StudyID: study.ID, Shape: survey.SafetyAnonymous, TimeZone: study.TimeZone})
	return err
}

// watched lets the study ask of risk, and names two people.
func (s *Stage) watched(ctx context.Context, study survey.Study) error {
	if err := risky.AddTo(ctx, s.Store, study.ID, time.Now()); err != nil {
		return err
	}
	for _, n := range []struct {
		user  *survey.User
		email string
	}{{&s.Responder, "responder@example.org"}, {&s.Deputy, "deputy@example.org"}} {
		var err error
		*n.user, err = s.Cases.Users.Create(ctx, Actor(), survey.NewUser{
			Email: n.email, Name: "Somebody", Grants: []survey.Grant{{Role: survey.RoleResearcher, StudyID: study.ID}},
		})
		if err != nil {
			return err
		}
	}
	_, err := s.Cases.Safeties.Declare(ctx, Actor(), risky.Linked(study, s.Responder.ID, s.Deputy.ID))
	return err
}

// Add enrols n more people and gives the links of these.
func (s *Stage) Add(ctx context.Context, n int) ([]Person, error) {
	var people []Person
	for n > 0 {
		lot := min(n, survey.MaxPeopleAtOnce)
		enrolled, err := s.Cases.Runs.AddPeople(ctx, Actor(), s.Design.Study.ID, s.Run.ID, make([]survey.Person, lot), "")
		if err != nil {
			return nil, fmt.Errorf("add %d people: %w", lot, err)
		}
		const generation = 1 // of a first link
		for _, e := range enrolled {
			people = append(people, Person{Enrolment: e, Token: s.Keys.PersonalToken(e.StudyID, e.ID, generation)})
		}
		n -= lot
	}
	return people, nil
}

// Due are the assessments of a person that can be answered now.
func (s *Stage) Due(ctx context.Context, p Person) ([]survey.DueItem, error) {
	part, err := s.Store.Participation(ctx, p.Enrolment.StudyID, p.Enrolment.ID)
	if err != nil {
		return nil, err
	}
	items, err := s.Cases.Assessments.Due(ctx, survey.ParticipantActor(part))
	if err != nil {
		return nil, err
	}
	var open []survey.DueItem
	for _, it := range items {
		if it.State == survey.AssessmentOpen || it.State == survey.AssessmentPartly {
			open = append(open, it)
		}
	}
	return open, nil
}
