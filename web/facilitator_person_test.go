package web

import (
	"net/url"
	"strings"
	"testing"

	"tidemark/survey"
)

func TestAFacilitatorSeesHowOnePersonStandsAndActsForThem(t *testing.T) {
	t.Parallel()
	w := newWorld(t, 2)
	w.answer(0, always(3))
	roster, err := w.store.Roster(t.Context(), w.study.ID, w.run.ID)
	w.must(err)
	who := roster[0]
	d := w.signedIn(t, "leader@example.org", w.facilitator())
	board := d.get(w.runPath("")).want(200)
	path := w.runPath("/people/" + who.Code + "/part")
	if !strings.Contains(board.body, `href="`+path+`"`) {
		t.Fatal("no way leads from the board to the person")
	}
	s := d.get(path).want(200, "Person 1", who.Code, "Before the course complete", "Week 1 later from Thursday 3 December",
		"None has been held yet.", "Minutes of practice are shown for the whole group alone")
	checkFrame(t, s)
	checkNamed(t, s)
	send := func(status int, pairs ...string) screen {
		form := url.Values{"once": {newOnce()}}
		for i := 0; i < len(pairs); i += 2 {
			form.Set(pairs[i], pairs[i+1])
		}
		return d.post(path, form).want(status)
	}
	if s := send(200, "do", "pause"); !strings.Contains(s.text(), "Messages are paused.") {
		t.Error("the page does not say that messages are paused")
	}
	send(200, "do", "resume")

	// Notes: in their own words, and as they were written.
	s = send(422, "do", "note", "note", " ")
	checkFrame(t, s)
	long := strings.Repeat("ü", survey.MaxPersonNote+1)
	if s = send(422, "do", "note", "note", long); !strings.Contains(s.body, long) {
		t.Error("a note that is too long is lost")
	}
	form := url.Values{"once": {newOnce()}, "do": {"note"}, "note": {"Comes at <b>7</b> on Thursdays."}}
	for range 2 { // pressed twice
		s = d.post(path, form).want(200, "Comes at <b>7</b> on Thursdays.", "Name of leader@example.org", "Tuesday 24 November 2026, 10:00")
	}
	if n := strings.Count(s.text(), "on Thursdays"); n != 1 || strings.Contains(s.body, "<b>7") {
		t.Errorf("the note stands %d times", n)
	}
	// Only facilitators of the run read it, and no export has it.
	second := w.addRun(w.study, "Second run")
	stranger := w.signedIn(t, "stranger@example.org", survey.Grant{Role: survey.RoleFacilitator, StudyID: w.study.ID, RunID: second.ID})
	stranger.get(path).want(404)
	stranger.post(path, form).want(404)
	d.get(w.path("/runs/" + string(second.ID) + "/people/" + who.Code + "/part")).want(404)
	analyst := w.signedIn(t, "analyst@example.org", w.researcher())
	for _, what := range []string{"long", "wide"} {
		if s := analyst.post(w.path("/data/"+what), url.Values{}).want(200); strings.Contains(s.body, "Thursdays") {
			t.Errorf("the %s export has a facilitator's note in it", what)
		}
	}
	send(400, "do", "something")
}

func TestWhoIsWithdrawnByAFacilitatorIsToldSo(t *testing.T) {
	t.Parallel()
	w := newWorld(t, 2)
	person, _ := w.arrive(t, 0)
	roster, err := w.store.Roster(t.Context(), w.study.ID, w.run.ID)
	w.must(err)
	d := w.signedIn(t, "leader@example.org", w.facilitator())
	path := w.runPath("/people/" + roster[0].Code + "/part")
	s := d.post(path, url.Values{"do": {"withdraw"}, "once": {newOnce()}}).want(422, "Choose why the part in the study ends.")
	checkFrame(t, s)
	checkNamed(t, s)
	if w.submitted(0) != 0 || strings.Contains(d.get(path).text(), "has left the study") {
		t.Error("somebody has left without a reason")
	}
	form := url.Values{"do": {"withdraw"}, "why": {"course"}, "once": {newOnce()}}
	for range 2 {
		d.post(path, form).want(200, "has left the study, ended by a facilitator")
	}
	person.get("/me/data").want(200, "was ended on", "by a person who leads your course", "you no longer take part in the course")
	events, err := w.store.AuditEvents(t.Context(), w.study.ID, 50)
	w.must(err)
	n := 0
	for _, e := range events {
		if e.Action == survey.ActionWithdrawn {
			n++
			if e.ActorKind != survey.ActorUser || e.Detail != "by the facilitator: course" {
				t.Errorf("the audit trail says %v %q", e.ActorKind, e.Detail)
			}
		}
	}
	if n != 1 {
		t.Errorf("%d lines of leaving", n)
	}
	// Leaving by oneself is told as it was.
	own, _ := w.arrive(t, 1)
	own.get("/me/data/leave").form("Leave, and keep what I gave").press("Leave, and keep what I gave").want(200)
	if s := own.get("/me/data").want(200, "You left this study on"); strings.Contains(s.text(), "leads your course ended") {
		t.Error("who left by themselves is told that a facilitator did it")
	}
}
