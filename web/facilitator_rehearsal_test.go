package web

import (
	"strings"
	"testing"

	"tidemark/survey"
	"tidemark/survey/reminding"
)

// A run is played from its set-up by a button alone; what is shown are the letters
// that would be sent, and the address shows the same picture again.
func TestARunIsPlayedFromItsSetUp(t *testing.T) {
	t.Parallel()
	w := newWorld(t, 2)
	d := w.signedIn(t, "leader@example.org", w.facilitator())
	before := w.store.committed.Load()
	page := d.get(w.runPath("/setup")).want(200).form("Play this run").press("Play this run").want(200,
		"30 simulated people", "Nothing was sent and nothing of it is kept", "Person 30", "never answers", "Before the course", "of 3", "The study sends no messages yet")
	if n := w.store.committed.Load() - before; n != 0 {
		t.Errorf("playing a run wrote %d times", n)
	}
	texts := strings.Count(page.body, `class="plain-letter"`)
	if total := strings.Count(page.body, " · Person "); texts < 300 || total != texts {
		t.Errorf("%d texts of %d messages are shown", texts, total)
	}
	page = d.get(w.runPath("/rehearsal?seed=5")).want(200)
	if untimed(d.get(w.runPath("/rehearsal?seed=5")).body) != untimed(page.body) {
		t.Error("the address of a rehearsal shows another picture")
	}
	d.get(w.runPath("/rehearsal?seed=few")).want(404)

	// The study's own words are those that are played.
	w.must(w.cases.Messages.Write(t.Context(), survey.SystemActor("test"), w.study.ID, reminding.Invitation, "en", reminding.Text{
		Subject: "It is time, {name}", Body: "Dear {name}: {link}",
	}, 0))
	d.get(w.runPath("/rehearsal?seed=5")).want(200, "It is time, Person 1", "Dear Person 1: "+w.base+"/p/…")
}

// untimed is a page without how long it took.
func untimed(body string) string {
	before, rest, _ := strings.Cut(body, ", played in ")
	_, after, _ := strings.Cut(rest, " seconds")
	return before + after
}
