package web

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestAnswersSentWithoutACookieWaitOnThePage(t *testing.T) {
	t.Parallel()
	w := newWorld(t, 1)
	d, s := w.begin(t, 0)
	f := s.form("Continue").choose("sc_01", "4").choose("sc_02", "1")
	d.forget()
	before := w.state()
	held := f.press("Continue").want(401, "open your personal link again", "What you entered is kept on this page")
	if diff := cmp.Diff(w.state(), before); diff != "" {
		t.Errorf("something changed without a sign-in (-got +want):\n%s", diff)
	}
	// Still without the link: the page comes again, with everything on it.
	held = held.form("Send it now").press("Send it now").want(401)
	// The link is opened in another tab of the same browser.
	d.get("/p/" + w.links[0]).form("Continue").press("Continue").want(200)
	next := held.form("Send it now").press("Send it now").want(200, "2 of 12 answered")
	if !strings.HasSuffix(next.path, "/page/2") {
		t.Errorf("after sending the held page one is on %s, want the page that follows", next.path)
	}
	if diff := cmp.Diff(w.answers(0), map[string]float64{"sc_01": 4, "sc_02": 1}); diff != "" {
		t.Errorf("stored answers (-got +want):\n%s", diff)
	}
}

func TestAnswersSentWhileTheServerFailsWaitOnThePage(t *testing.T) {
	t.Parallel()
	w := newWorld(t, 1)
	_, s := w.begin(t, 0)
	w.store.broken.Store(true)
	f := s.form("Continue").choose("sc_01", "4").choose("sc_02", "1")
	held := f.press("Continue").want(500, "not your fault", "What you entered is kept on this page")
	w.store.broken.Store(false)
	held.form("Send it now").press("Send it now").want(200, "2 of 12 answered")
	if diff := cmp.Diff(w.answers(0), map[string]float64{"sc_01": 4, "sc_02": 1}); diff != "" {
		t.Errorf("stored answers (-got +want):\n%s", diff)
	}
}

func TestAnExpiredCookieIsLikeNone(t *testing.T) {
	t.Parallel()
	w := newWorld(t, 1)
	d, _ := w.begin(t, 0)
	d.get("/me").want(200)
	w.days(91)
	d.get("/me").want(401, "open your personal link again")
	d.json(w.assessment(0, 0)+"/save", `{"answers":{"sc_01":1}}`).want(401, "error.need_link")
}
