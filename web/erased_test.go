package web

import (
	"net/url"
	"strings"
	"testing"

	"tidemark/survey"
)

func TestStaffSeeWhoPausedWhoLeftAndHowManyWereErased(t *testing.T) {
	t.Parallel()
	w := newWorld(t, 4)
	analyst := w.signedIn(t, "analyst@example.org", w.researcher())
	lead := w.signedIn(t, "lead@example.org", w.facilitator())
	if s := analyst.get(w.path("/data")).want(200); strings.Contains(s.body, "Erased data") {
		t.Error("the page tells of erased data before there are any")
	}
	first, _ := w.arrive(t, 0)
	first.post("/me/data/messages", url.Values{"messages": {"off"}}).want(200)
	second, _ := w.arrive(t, 1)
	second.post("/me/data/leave", url.Values{"choice": {"keep"}}).want(200)
	analyst.post(w.path("/data/long"), url.Values{}).want(200)
	roster, err := w.store.Roster(t.Context(), w.study.ID, w.run.ID)
	w.must(err)
	gone, code := roster[2].ID, roster[2].Code
	third, _ := w.arrive(t, 2)
	third.get("/me/data/leave").want(200, "has taken 1 copy")
	receipt := third.post("/me/data/leave", url.Values{"choice": {"erase"}}).want(200, "1; the team has been asked to take you out")

	board := lead.get(w.runPath("")).want(200, "messages paused", "withdrawn before start", "data kept", "3 · 1 erased", "1 withdrawn, 1 erased")
	if strings.Contains(board.body, "Person 3") || strings.Contains(board.body, code) {
		t.Error("the board still shows an erased person")
	}
	data := analyst.get(w.path("/data")).want(200, "1 person has had everything erased", code, "erased 24 Nov 2026", "after 1 download")
	checkFrame(t, data)
	for _, what := range []string{"long", "wide", "scores"} {
		if s := analyst.post(w.path("/data/"+what), url.Values{}).want(200); strings.Contains(s.body, code) {
			t.Errorf("the file %s holds the person", what)
		}
	}
	if !strings.Contains(data.body, `action="/studies/`+w.study.Key+`/erasures/`+string(gone)+`/cleared"`) {
		t.Error("the page does not ask whether the copies are cleared")
	}
	data = analyst.post(w.path("/erasures/"+string(gone)+"/cleared"), url.Values{}).want(200, "1 person has had everything erased")
	if strings.Contains(data.body, code) {
		t.Error("the code is still shown")
	}
	third.get(receipt.path).want(200, "1; the team says that you have been taken out")
	analyst.get(w.path("/results")).want(200, "Erased")
	list, err := w.cases.Erasures.List(t.Context(), survey.SystemActor("test"), w.study.ID)
	w.must(err)
	if len(list) != 1 || list[0].EnrolmentID != gone || list[0].Code != "" {
		t.Errorf("what is left is %+v", list)
	}
}
