package served

import (
	"bytes"
	"context"
	"log/slog"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"tidemark/internal/stage"
	"tidemark/survey"
	"tidemark/survey/instrument"
	"tidemark/survey/storetest"
	"tidemark/web"
)

// Installation is a running server with a study in which three people were asked and
// two of them have answered what is open.
type Installation struct {
	t     *testing.T
	Stage *stage.Stage
	Base  string
	Log   *Log
	Codes []string
	// User may everything in the study; Token is theirs, for everything.
	User  survey.Actor
	Token string
}

// Log is what the server logs.
type Log struct {
	mu sync.Mutex
	b  bytes.Buffer
}

// Write adds to it.
func (l *Log) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.Write(p)
}

// String is all of it.
func (l *Log) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.String()
}

// New sets it up, with what adjust changes; it ends with the test.
func New(t *testing.T, adjust ...func(*web.Config)) *Installation {
	t.Helper()
	i := &Installation{t: t, Log: &Log{}}
	var err error
	i.Stage, err = stage.Set(t.Context(), storetest.SQLiteDSN(t), t.TempDir())
	i.Must(err)
	t.Cleanup(func() { i.Must(i.Stage.Store.Close()) })
	people, err := i.Stage.Add(t.Context(), 3)
	i.Must(err)
	for n, p := range people {
		i.Codes = append(i.Codes, p.Enrolment.Code)
		if n < 2 {
			i.answer(p)
		}
	}
	study := i.Study().ID
	u, err := i.Stage.Cases.Users.Create(t.Context(), stage.Actor(), survey.NewUser{Email: "ada@example.org", Name: "Ada", Grants: []survey.Grant{
		{Role: survey.RoleResearcher, StudyID: study}, {Role: survey.RoleFacilitator, StudyID: study},
	}})
	i.Must(err)
	i.User = survey.UserActor(u)
	i.Token = i.NewToken(survey.Scopes()...)
	_, err = i.Stage.Cases.Snapshots.Freeze(t.Context(), i.User, study, survey.NewSnapshot{Name: "First"})
	i.Must(err)

	server := httptest.NewUnstartedServer(nil)
	i.Base = "http://" + server.Listener.Addr().String()
	config := web.Config{BaseURL: i.Base, Version: "test", Now: time.Now, Logger: slog.New(slog.NewJSONHandler(i.Log, nil))}
	for _, f := range adjust {
		f(&config)
	}
	site, err := web.New(config, i.Stage.Cases, i.Stage.Store)
	i.Must(err)
	server.Config.Handler = site.Handler()
	server.Start()
	t.Cleanup(func() { site.Stop(); server.Close() })
	return i
}

// Must fails the test on an error.
func (i *Installation) Must(err error) {
	i.t.Helper()
	if err != nil {
		i.t.Fatal(err)
	}
}

// Study is the study.
func (i *Installation) Study() survey.Study { return i.Stage.Design.Study }

// NewToken makes a bearer token of the user.
func (i *Installation) NewToken(scopes ...survey.Scope) string {
	i.t.Helper()
	return i.TokenOf(i.User, survey.TokenBearer, scopes...)
}

// TokenOf makes a token of somebody.
func (i *Installation) TokenOf(a survey.Actor, shape survey.TokenShape, scopes ...survey.Scope) string {
	i.t.Helper()
	secret, _, err := i.Stage.Cases.Tokens.Create(i.t.Context(), a, i.Study().ID, survey.NewToken{
		Name: "test", Shape: shape, Scopes: scopes, Expires: time.Now().Add(time.Hour),
	})
	i.Must(err)
	return secret
}

// answer lets a person answer what is open with the first option, but leave out the
// first item.
func (i *Installation) answer(p stage.Person) {
	i.t.Helper()
	ctx := i.t.Context()
	participant := func() survey.Actor {
		part, err := i.Stage.Store.Participation(ctx, p.Enrolment.StudyID, p.Enrolment.ID)
		i.Must(err)
		return survey.ParticipantActor(part)
	}
	i.Must(i.Stage.Cases.Enrolments.Consent(ctx, participant(), 1))
	due, err := i.Stage.Due(ctx, p)
	i.Must(err)
	for _, it := range due {
		answers := instrument.Numbers{}
		for n, item := range it.Definition.Items {
			if options, _ := it.Definition.ItemOptions(item.Code); n > 0 && len(options) > 0 {
				answers[item.Code] = options[0].Value
			}
		}
		i.Must(i.Stage.Cases.Assessments.Submit(ctx, participant(), it.Assessment.ID, answers.Answers()))
	}
}

// Audit counts lines of the audit trail whose detail begins so.
func (i *Installation) Audit(ctx context.Context, action survey.Action, begins string) int {
	i.t.Helper()
	events, err := i.Stage.Store.AuditEvents(ctx, i.Study().ID, 1000)
	i.Must(err)
	n := 0
	for _, e := range events {
		if e.Action == action && strings.HasPrefix(e.Detail, begins) {
			n++
		}
	}
	return n
}
