package web

import (
	"net/url"
	"strings"
	"testing"

	"tidemark/survey"
)

func TestAnAnswerIsPutRightOnItsPage(t *testing.T) {
	t.Parallel()
	w := newWorld(t, 1)
	w.answer(0, always(3))
	analyst := w.signedIn(t, "analyst@example.org", w.researcher())
	roster, err := w.store.Roster(t.Context(), w.study.ID, w.run.ID)
	w.must(err)
	code := roster[0].Code
	analyst.get(w.path("/corrections?code=P-NOBODY")).want(422, "Nobody in this study has this code.")
	found := analyst.get(w.path("/corrections?code="+strings.ToLower(code))).want(200, "Submitted by "+code)
	book, err := w.cases.Corrections.Find(t.Context(), survey.SystemActor("test"), w.study.ID, code)
	w.must(err)
	first := book.Submitted[0]
	address := w.path("/corrections/" + string(first.Assessment.ID))
	found.follow(first.Definition.Title).want(200, "Answers of "+code, "put right")
	item := first.Definition.Items[0].Code
	form := analyst.get(address+"?item="+item).want(200, "Now: 3 – Sometimes")
	typed := form.values(address)
	if typed.Get("was") != "3" || typed.Get(item) != "3" {
		t.Fatalf("the form begins with %v", typed)
	}
	typed.Set(item, "2")
	again := analyst.post(address, typed).want(422, "Say why the answer is put right.")
	if got := again.values(address); got.Get(item) != "2" {
		t.Errorf("what was chosen is lost: %v", got)
	}
	typed.Set("reason", "Ticked one line too low.")
	analyst.post(address, typed).want(200, "The answer is put right")
	analyst.post(address, typed).want(409) // of a page that is out of date
	analyst.get(w.path("/corrections")).want(200, "item "+item, "from 3 to 2", "Reason: Ticked one line too low.")
	boss := w.signedIn(t, "boss@example.org", administrator())
	seen := boss.get("/admin/audit?what=answer.corrected").want(200, "corrected a submitted answer: item "+item, "researchers see what it was")
	if strings.Contains(seen.text(), "one line too low") {
		t.Error("administrators read the reason")
	}
	typed.Set("item", "nothing")
	analyst.post(address, typed).want(400)
	analyst.post(address, url.Values{"item": {item}, "was": {"2"}, item: {""}, "reason": {"It was left out."}}).want(200, "no answer")
}
