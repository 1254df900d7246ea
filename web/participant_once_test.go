package web

import (
	"net/url"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestSendingTwiceChangesNothing(t *testing.T) {
	t.Parallel()
	w := newWorld(t, 1)
	d, s := w.begin(t, 0)
	s = answerAll(t, s, func(string) string { return "4" })
	var rush sync.WaitGroup
	for range 4 { // an impatient thumb
		rush.Go(func() {
			if got := d.post(s.path[:len(s.path)-len("/review")]+"/submit", url.Values{}); got.status != 200 || !strings.HasSuffix(got.path, "/done") {
				t.Errorf("sent again: %d at %s, want the thanks once more", got.status, got.path)
			}
		})
	}
	rush.Wait()
	before := w.state()
	s.form("Send my answers").press("Send my answers").want(200, "Thank you")
	d.get(s.path).want(200, "Thank you")
	d.get(w.assessment(0, 0)).want(200, "Thank you")
	d.get(w.assessment(0, 0)+"/page/1").want(200, "Thank you")
	if diff := cmp.Diff(w.state(), before); diff != "" {
		t.Errorf("sending again changed something (-got +want):\n%s", diff)
	}
	if w.submitted(0) != 1 {
		t.Errorf("%d submitted, want 1", w.submitted(0))
	}
}

func TestAPageFromBeforeSendingIsRefusedAndSaysSo(t *testing.T) {
	t.Parallel()
	w := newWorld(t, 1)
	d, first := w.begin(t, 0)
	s := answerAll(t, first, func(string) string { return "4" })
	s.form("Send my answers").press("Send my answers").want(200)
	before := w.state()
	// The back button shows the old page; it is sent once more, changed.
	first.form("Continue").choose("sc_01", "1").press("Continue").want(409, "Already sent", "were not changed", "To your questionnaires")
	first.form("Continue").choose("sc_01", "1").press("Back").want(409, "Already sent")
	for _, bad := range []string{"99", "x"} {
		d.post(first.path, url.Values{"sc_01": {bad}}).want(409, "Already sent")
	}
	d.json(w.assessment(0, 0)+"/save", `{"answers":{"sc_01":1}}`).want(409, "error.submitted")
	if diff := cmp.Diff(w.state(), before); diff != "" {
		t.Errorf("something changed (-got +want):\n%s", diff)
	}
}

func TestReloadingAPageSentKeepsOneAnswerPerQuestion(t *testing.T) {
	t.Parallel()
	w := newWorld(t, 1)
	_, s := w.begin(t, 0)
	f := s.form("Continue").choose("sc_01", "4")
	for range 3 {
		f.press("Continue").want(200)
	}
	if diff := cmp.Diff(w.answers(0), map[string]float64{"sc_01": 4}); diff != "" {
		t.Errorf("stored answers (-got +want):\n%s", diff)
	}
}

func TestTwoTabsKeepTheLastAnswerOfEachQuestion(t *testing.T) {
	t.Parallel()
	w := newWorld(t, 1)
	d, left := w.begin(t, 0)
	right := d.get(left.path).want(200)
	left.form("Continue").choose("sc_01", "1").choose("sc_02", "2").press("Continue").want(200)
	s := right.form("Continue").choose("sc_02", "5").press("Continue").want(422, "On another device you answered “Seldom”. Here you answered “Almost always”.")
	if diff := cmp.Diff(w.answers(0), map[string]float64{"sc_01": 1, "sc_02": 2}); diff != "" {
		t.Errorf("an answer was replaced unseen (-got +want):\n%s", diff)
	}
	s.form("Continue").press("Continue").want(200) // seen, and meant
	if diff := cmp.Diff(w.answers(0), map[string]float64{"sc_01": 1, "sc_02": 5}); diff != "" {
		t.Errorf("stored answers (-got +want):\n%s", diff)
	}
	// Sent in one tab, the other says thanks instead of starting anew.
	s = answerAll(t, d.get(left.path), func(string) string { return "3" })
	s.form("Send my answers").press("Send my answers").want(200)
	d.get(right.path).want(200, "Thank you")
}
