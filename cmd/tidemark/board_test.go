package main

import (
	"net/http"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp/kb"

	"tidemark/internal/browser"
	"tidemark/internal/stage"
	"tidemark/internal/visitor"
	"tidemark/survey"
	"tidemark/survey/storetest"
)

// boardSite is a course run on servers of one database, with its facilitator's links.
type boardSite struct {
	t       *testing.T
	stage   *stage.Stage
	people  []stage.Person
	bases   []string // of the servers
	servers []*service
	sender  survey.User
}

func newBoardSite(t *testing.T, dsn string, servers, people int) *boardSite {
	t.Helper()
	dir := t.TempDir()
	s := &boardSite{t: t}
	var err error
	s.stage, err = stage.Set(t.Context(), dsn, dir)
	do(t, err)
	t.Cleanup(func() { do(t, s.stage.Store.Close()) })
	study, run := s.stage.Design.Study.ID, s.stage.Run.ID
	_, err = s.stage.Cases.Runs.AddPeople(t.Context(), stage.Actor(), study, run, make([]survey.Person, people), s.stage.Design.Arms[0].ID)
	do(t, err)
	_, links, err := s.stage.Cases.Enrolments.Links(t.Context(), stage.Actor(), study, run)
	do(t, err)
	for _, l := range links { // as the lists of people have them
		s.people = append(s.people, stage.Person{Enrolment: l.Enrolment, Token: l.Token})
	}
	s.sender, err = s.stage.Cases.Users.Create(t.Context(), stage.Actor(), survey.NewUser{
		Email: "ana@example.org", Name: "Ana", Grants: []survey.Grant{{Role: survey.RoleFacilitator, StudyID: study}},
	})
	do(t, err)
	for range servers {
		server := start(t, "serve", "--database", dsn, "--secret-file", s.stage.SecretFile, "--addr", "127.0.0.1:0")
		t.Cleanup(func() { server.stop(t) })
		s.servers = append(s.servers, server)
		s.bases = append(s.bases, servedAt.FindStringSubmatch(server.await(t, server.err.String, "base_url="))[1])
	}
	return s
}

// run is an address within the course run.
func (s *boardSite) run(rest string) string {
	return "/studies/" + s.stage.Design.Study.Key + "/runs/" + string(s.stage.Run.ID) + rest
}

// facilitator signs in at a server and opens a page of the run.
func (s *boardSite) facilitator(b *browser.Browser, server, width int, page string) *browser.Tab {
	s.t.Helper()
	token, err := s.stage.Cases.Users.Invite(s.t.Context(), stage.Actor(), s.sender.ID, false)
	do(s.t, err)
	tab := open(s.t, b, width)
	do(s.t, tab.Visit(s.bases[server]+"/sign-in/link/"+token), tab.Follow("main form button"), tab.Visit(s.bases[server]+s.run(page)))
	return tab
}

// begin lets a person answer the first questionnaire that is due, at a server.
func (s *boardSite) begin(server, person int) *visitor.Visitor {
	s.t.Helper()
	v := visitor.New(s.bases[server], http.DefaultTransport)
	do(s.t, v.Complete(s.t.Context(), s.people[person].Token, visitor.Plain, middling))
	return v
}

// finish lets them answer the others.
func (s *boardSite) finish(v *visitor.Visitor) {
	s.t.Helper()
	home, err := v.Home(s.t.Context())
	do(s.t, err)
	for _, id := range home.Due() {
		do(s.t, v.Fill(s.t.Context(), id, visitor.Plain, middling))
	}
}

func middling(visitor.Question) float64 { return 3 }

// becomes waits until an expression is true, and gives how long that took. The patience
// is that of somebody at a quiet machine; one that runs all other tests has a minute.
func becomes(t *testing.T, tab *browser.Tab, patience time.Duration, expression string) time.Duration {
	t.Helper()
	patience = max(patience, time.Minute)
	for begun := time.Now(); ; time.Sleep(20 * time.Millisecond) {
		if evaluate[bool](t, tab, expression) {
			return time.Since(begun)
		}
		if time.Since(begun) > patience {
			t.Fatalf("not within %v: %s", patience, expression)
		}
	}
}

// cellOf is an expression for a person's n-th cell, from 1.
func (s *boardSite) cellOf(person int, n string) string {
	return `document.getElementById("` + s.people[person].Enrolment.Code + `").cells[` + n + `]`
}

func liveBoard(t *testing.T, s *boardSite) {
	t.Helper()
	b := chrome(t)
	tab := s.facilitator(b, len(s.bases)-1, browser.Desk, "")
	becomes(t, tab, 5*time.Second, `document.getElementById("live").dataset.on === "true"`)
	// The reader stands on a cell of somebody else.
	do(t, tab.TabTo("#people-table tbody a, #people-table tbody th, #people-table tbody td"), tab.Press(kb.ArrowRight), tab.Press(kb.ArrowDown))
	const focus = `document.activeElement.parentElement.id + document.activeElement.cellIndex`
	stood := evaluate[string](t, tab, focus)
	if !strings.HasPrefix(stood, "P-") {
		t.Fatalf("the arrows lead to %q, not to a cell", stood)
	}
	evaluate[bool](t, tab, `window.stays = document.activeElement, true`)
	code, said := s.people[0].Enrolment.Code, `document.getElementById("board-says").textContent`
	person := s.begin(0, 0)
	becomes(t, tab, 3*time.Second, s.cellOf(0, "1")+`.textContent === "partly"`)
	becomes(t, tab, 3*time.Second, said+` === "`+code+` began Before the course."`)
	s.finish(person)
	took := becomes(t, tab, 3*time.Second, s.cellOf(0, "1")+`.textContent === "complete"`)
	t.Logf("the board shows the submission %v after it was answered", took)
	becomes(t, tab, 3*time.Second, said+` === "`+code+` completed Before the course."`)
	becomes(t, tab, 3*time.Second, `document.getElementById("cards").textContent.includes("1 of 3")`)
	if now := evaluate[string](t, tab, focus); now != stood || !evaluate[bool](t, tab, `document.activeElement === window.stays`) {
		t.Errorf("the focus went from %s to %s", stood, now)
	}
	for _, c := range tab.Complaints() {
		t.Errorf("the console says %s", c)
	}
}

// TestABoardShowsASubmissionWithinSeconds has the board open at one server and the
// person at another, as processes know each other: by the database alone.
func TestABoardShowsASubmissionWithinSeconds(t *testing.T) {
	t.Parallel()
	t.Run("one server on SQLite", func(t *testing.T) {
		t.Parallel()
		liveBoard(t, newBoardSite(t, filepath.Join(t.TempDir(), "tidemark.db"), 1, 3))
	})
	t.Run("two servers on PostgreSQL", func(t *testing.T) {
		t.Parallel()
		liveBoard(t, newBoardSite(t, storetest.PostgresDSN(t), 2, 3))
	})
}
