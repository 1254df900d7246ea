package web

import (
	"bytes"
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http/httptest"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/uuid"

	"tidemark/survey"
	"tidemark/survey/auth"
	"tidemark/survey/storetest"
)

// The course of a world begins nine days after its clock does: the
// questionnaires before the course are open, all others are to come.
const (
	worldBegins = "2026-11-24T09:00:00Z"
	courseStart = "2026-12-03"
	worldZone   = "Europe/Madrid"
)

// world is an installation with one study, one course run and a few people in
// the arm that takes the course.
type world struct {
	t     testing.TB
	clock atomic.Int64 // Unix milliseconds
	store *watched
	cases *survey.UseCases
	keys  *auth.Keys
	site  *Server
	base  string
	log   *lockedBuffer
	study survey.Study
	run   survey.CourseRun
	links []string     // one token a person
	watch func(screen) // see device; the site then has the language for tests
	// prepare is done before the study opens: it has to declare it.
	prepare func(*world)
}

// watched is the real store; it counts what might write.
type watched struct {
	survey.Store
	begun     atomic.Int64
	committed atomic.Int64
	broken    atomic.Bool  // writes fail
	fault     func() error // if not nil, may fail writes in other ways
	// readsLeft, when above 0, is how many answers EachResponse gives
	// before it fails.
	readsLeft atomic.Int64
}

var errBroken = errors.New("the disk is full")

// InReadTx is how exports read.
func (w *watched) InReadTx(ctx context.Context, f func(survey.Reader) error) error {
	return w.Store.InReadTx(ctx, func(r survey.Reader) error { return f(tearing{r, w}) })
}

// tearing is a reader that can fail on the way.
type tearing struct {
	survey.Reader
	w *watched
}

// EachResponse is the long read behind exports.
func (r tearing) EachResponse(ctx context.Context, id survey.StudyID, f func(*survey.ResponseRow) error) error {
	return r.Reader.EachResponse(ctx, id, func(row *survey.ResponseRow) error {
		if r.w.readsLeft.Load() > 0 && r.w.readsLeft.Add(-1) == 0 {
			return errBroken
		}
		return f(row)
	})
}

// InTx is the only way to write.
func (w *watched) InTx(ctx context.Context, f func(survey.Tx) error) error {
	w.begun.Add(1)
	if w.broken.Load() {
		return errBroken
	}
	if w.fault != nil {
		if err := w.fault(); err != nil {
			return err
		}
	}
	err := w.Store.InTx(ctx, f)
	if err == nil {
		w.committed.Add(1)
	}
	return err
}

type lockedBuffer struct {
	mu sync.Mutex
	b  bytes.Buffer
}

// Write and String may be called at once.
func (l *lockedBuffer) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.Write(p)
}

func (l *lockedBuffer) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.String()
}

func newWorld(t testing.TB, people int, with ...func(*world)) *world {
	t.Helper()
	w := &world{t: t, store: &watched{Store: storetest.SQLite(t)}, log: &lockedBuffer{}}
	w.prepare = func(w *world) { w.declare(w.study) }
	for _, f := range with {
		f(w)
	}
	begins, err := time.Parse(time.RFC3339, worldBegins)
	w.must(err)
	w.setClock(begins)
	secret, err := auth.NewSecret()
	w.must(err)
	keys, err := auth.New(secret)
	w.must(err)
	w.keys = keys
	w.cases = survey.NewUseCases(survey.Env{
		Store: w.store, Now: w.now, NewID: func() string { return uuid.Must(uuid.NewV7()).String() },
		Random: rand.Reader, Keys: keys,
	})
	w.settle(people)
	w.base = serve(t, w.log, func(base string) *Server {
		w.site = w.siteAt(base)
		return w.site
	})
	return w
}

// serve puts a site on an address of its own and returns it.
func serve(t testing.TB, log io.Writer, site func(base string) *Server) string {
	t.Helper()
	server := httptest.NewUnstartedServer(nil)
	base := "http://" + server.Listener.Addr().String()
	server.Config.Handler = site(base).Handler()
	server.Config.ErrorLog = slog.NewLogLogger(slog.NewTextHandler(log, nil), slog.LevelError)
	server.Start()
	t.Cleanup(server.Close)
	return base
}

// siteAt is the application as it is reached at an address.
func (w *world) siteAt(base string) *Server {
	w.t.Helper()
	site, err := New(Config{
		BaseURL: base, Now: w.now, Pseudo: w.watch != nil, Logger: slog.New(slog.NewJSONHandler(w.log, &slog.HandlerOptions{Level: slog.LevelDebug})),
	}, w.cases, w.store)
	w.must(err)
	return site
}

func (w *world) settle(people int) {
	w.t.Helper()
	ctx, admin := w.t.Context(), survey.SystemActor("test")
	var err error
	w.study, err = w.cases.Studies.Create(ctx, admin, survey.NewStudy{
		Protocol: "learning_from_setbacks_8", TimeZone: worldZone, Team: "The Harbour Institute", Contact: "ines@example.org",
		Ethics: "Board of Harbour, 12/2026",
	})
	w.must(err)
	w.prepare(w)
	w.must(w.cases.Studies.Open(ctx, admin, w.study.ID))
	w.run, err = w.cases.Runs.Create(ctx, admin, w.study.ID, survey.NewRun{
		Name: "Autumn evening group", StartsOn: courseStart, MeetingTime: "18:30", CourseKey: "learning_from_setbacks_8",
	})
	w.must(err)
	w.add(people)
}

// add enrols people in the arm that takes the course.
func (w *world) add(people int) {
	w.t.Helper()
	if people == 0 {
		return
	}
	ctx, admin := w.t.Context(), survey.SystemActor("test")
	design, err := w.cases.Studies.Design(ctx, admin, w.study.ID)
	w.must(err)
	persons := make([]survey.Person, people)
	for i := range persons {
		persons[i].Name = fmt.Sprintf("Person %d", i+1)
	}
	_, err = w.cases.Runs.AddPeople(ctx, admin, w.study.ID, w.run.ID, persons, design.Arms[0].ID)
	w.must(err)
	_, printed, err := w.cases.Enrolments.Links(ctx, admin, w.study.ID, w.run.ID)
	w.must(err)
	w.links = nil
	for _, l := range printed {
		w.links = append(w.links, l.Token)
	}
}

// declare says of a study that it is anonymous, so that it can open.
func (w *world) declare(study survey.Study) {
	w.t.Helper()
	_, err := w.cases.Safeties.Declare(w.t.Context(), survey.SystemActor("test"), survey.Safety{
		StudyID: study.ID, Shape: survey.SafetyAnonymous, TimeZone: study.TimeZone,
	})
	w.must(err)
}

func (w *world) must(err error) {
	w.t.Helper()
	if err != nil {
		w.t.Fatal(err)
	}
}

func (w *world) now() time.Time { return time.UnixMilli(w.clock.Load()) }

func (w *world) setClock(t time.Time) { w.clock.Store(t.UnixMilli()) }

// days moves the clock.
func (w *world) days(n int) { w.setClock(w.now().AddDate(0, 0, n)) }

// device is a browser that has not been here.
func (w *world) device(t *testing.T) *device {
	t.Helper()
	d := newDevice(t, w.base)
	d.watch = w.watch
	return d
}

// arrive opens person n's link on a new device and gives consent if it is asked.
func (w *world) arrive(t *testing.T, n int) (*device, screen) {
	t.Helper()
	d := w.device(t)
	s := d.get("/p/" + w.links[n]).want(200).form("Continue").press("Continue").want(200)
	if s.path == "/me/consent" {
		s = s.form("I agree").choose("of_age", "yes").press("I agree").want(200)
	}
	return d, s
}

// begin is person n on the first page of the first questionnaire.
func (w *world) begin(t *testing.T, n int) (*device, screen) {
	t.Helper()
	d, home := w.arrive(t, n)
	return d, home.follow("Begin").want(200, "How do you treat yourself")
}

// state is everything about the study that answering can change, as text. Times
// of saving are in it, sign-ins are not.
func (w *world) state() string {
	w.t.Helper()
	ctx := w.t.Context()
	var b bytes.Buffer
	put := func(v any) {
		line, err := json.Marshal(v)
		w.must(err)
		b.Write(append(line, '\n'))
	}
	enrolments, err := w.store.Enrolments(ctx, w.study.ID)
	w.must(err)
	for _, e := range enrolments {
		p, err := w.store.Participation(ctx, w.study.ID, e.ID)
		w.must(err)
		put(p)
	}
	w.must(w.store.EachResponse(ctx, w.study.ID, func(r *survey.ResponseRow) error { put(r); return nil }))
	w.must(w.store.EachScore(ctx, w.study.ID, nil, func(r *survey.ScoreRow) error { put(r); return nil }))
	progress, err := w.store.StudyProgress(ctx, w.study.ID)
	w.must(err)
	put(progress)
	audit, err := w.store.AuditEvents(ctx, w.study.ID, 1000)
	w.must(err)
	put(audit)
	return b.String()
}

// answers are person n's stored answers to all questionnaires.
func (w *world) answers(n int) map[string]float64 {
	w.t.Helper()
	roster, err := w.store.Roster(w.t.Context(), w.study.ID, w.run.ID)
	w.must(err)
	got := map[string]float64{}
	w.must(w.store.EachResponse(w.t.Context(), w.study.ID, func(r *survey.ResponseRow) error {
		if r.EnrolmentID != roster[n].ID || r.Missing != survey.NotMissing {
			return nil
		}
		if _, twice := got[r.Item]; twice {
			return fmt.Errorf("%s is stored twice", r.Item)
		}
		got[r.Item] = r.Value
		return nil
	}))
	return got
}

// submitted is how many questionnaires person n has sent.
func (w *world) submitted(n int) int {
	w.t.Helper()
	roster, err := w.store.Roster(w.t.Context(), w.study.ID, w.run.ID)
	w.must(err)
	progress, err := w.store.StudyProgress(w.t.Context(), w.study.ID)
	w.must(err)
	sum := 0
	for _, p := range progress {
		if p.EnrolmentID == roster[n].ID {
			sum += p.Submitted
		}
	}
	return sum
}

// assessment is the address of person n's assessment number i, from 0, in the
// order in which they are due.
func (w *world) assessment(n, i int) string {
	w.t.Helper()
	roster, err := w.store.Roster(w.t.Context(), w.study.ID, w.run.ID)
	w.must(err)
	due, err := w.store.Due(w.t.Context(), w.study.ID, roster[n].ID)
	w.must(err)
	return assessmentPath(due[i].Assessment.ID)
}
