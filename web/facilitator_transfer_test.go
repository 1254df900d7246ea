package web

import (
	"net/url"
	"strings"
	"testing"

	"tidemark/survey"
	"tidemark/survey/store"
)

func TestAPersonGoesOnInAnotherRun(t *testing.T) {
	t.Parallel()
	w := newWorld(t, 2)
	w.answer(0, always(3))
	to := w.addRun(w.study, "Morning group")
	code := w.code(0)
	d := w.signedIn(t, "leader@example.org", w.facilitator())
	s := d.get(w.runPath("/people/"+code+"/part")).follow("Let them go on in another run").want(200, "Morning group")
	checkFrame(t, s)
	begun := w.store.begun.Load()
	s = d.get(w.runPath("/people/"+code+"/transfer?to="+string(to.ID))).want(200, "Before the course answered stays answered", "0 people take part.", "Their group in the study stays")
	checkFrame(t, s)
	checkNamed(t, s)
	if w.store.begun.Load() != begun {
		t.Error("looking has begun a transaction")
	}
	s = s.form("Let them go on here").press("Let them go on here").want(422, "Say why")
	f := s.form("Let them go on here").enter("reason", "works late on Thursdays")
	s = f.press("Let them go on here").want(200, "They go on in this run", "Morning group", "came from another run on", "Before the course complete")
	if !strings.HasPrefix(s.path, w.path("/runs/"+string(to.ID))) {
		t.Errorf("one comes to %s", s.path)
	}
	// The button pressed twice comes to the same, and a run of others to nothing.
	d.post(w.runPath("/people/"+code+"/transfer"), f.fields).want(200, "They go on in this run")
	d.get(w.runPath("/people/" + code + "/part")).want(404)
	d.get(w.path("/messages/people/"+code)).want(200, "In this run since")
	d.post(w.runPath("/people/"+w.code(0)+"/transfer"), url.Values{"to": {"none"}, "reason": {"x"}}).want(422, "Choose a course run from the list")
	boss := w.signedIn(t, "boss@example.org", administrator())
	boss.get("/admin/audit?study="+w.study.Key).want(200, "went on in another run", "works late on Thursdays")
}

func TestTheTransferTakesAFixedNumberOfQueries(t *testing.T) {
	t.Parallel()
	w := newWorld(t, 2)
	to := w.addRun(w.study, "Other")
	count := func() int {
		roster, err := w.store.Roster(t.Context(), w.study.ID, w.run.ID)
		w.must(err)
		counted, n := store.WithQueryCount(t.Context())
		_, err = w.cases.Runs.Transfer(counted, survey.SystemActor("test"), w.study.ID, w.run.ID, roster[0].ID, to.ID)
		w.must(err)
		return n.N()
	}
	few := count()
	w.add(20)
	for range 5 {
		w.addRun(w.study, "More")
	}
	if many := count(); many != few || few > 18 {
		t.Errorf("%d queries with 2 people, %d with 22 and more runs", few, many)
	}
}
