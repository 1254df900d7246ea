package web

import (
	"net/http"
	"net/url"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// answerAll goes through a questionnaire from its first page to the review,
// choosing what value gives for a question; "" skips it.
func answerAll(t *testing.T, s screen, value func(item string) string) screen {
	t.Helper()
	for strings.Contains(s.path, "/page/") {
		f := s.form("Continue")
		for _, item := range f.items() {
			if v := value(item); v != "" {
				f.choose(item, v)
			}
		}
		s = f.press("Continue").want(200)
	}
	return s.want(200, "Before you send")
}

func TestAWholeParticipationWorksAsPlainForms(t *testing.T) {
	t.Parallel()
	w := newWorld(t, 2)
	d := w.device(t)

	s := d.get("/p/"+w.links[0]).want(200, "Learning from setbacks")
	s = s.form("Continue").press("Continue").want(200, "Before you take part", "You do not have to")
	if s.path != "/me/consent" {
		t.Fatalf("a new participant is sent to %s, want the consent text", s.path)
	}
	s = s.form("Take part").press("Take part").want(422, "You have not ticked the box")
	if !strings.HasPrefix(textOf(all(s.root, "title")[0]), "Error: ") {
		t.Errorf("the title %q does not say that something is wrong", textOf(all(s.root, "title")[0]))
	}
	s = s.form("Take part").choose("agree", "yes").press("Take part").want(200, "What is due now", "3 short questionnaires")

	s = s.follow("Begin").want(200, "0 of 12 answered", "about 2 minutes left", "Before the course")
	s = answerAll(t, s, func(item string) string {
		if item == "sc_05" || item == "sc_12" {
			return ""
		}
		return "4"
	})
	s.want(200, "10 of 12 answered", "You left out 2 questions")
	s = s.follow("When a plan of mine falls apart").want(200, "10 of 12 answered")
	if s.path != w.assessment(0, 0)+"/page/2" {
		t.Fatalf("the link to question 5 leads to %s", s.path)
	}
	s = s.form("Continue").choose("sc_05", "1").press("Continue").form("Continue").press("Continue")
	s.want(200, "You left out 1 question.")
	s = s.form("Send my answers").press("Send my answers").want(200, "Thank you", "How do you cope with hard times?")

	want := map[string]float64{"sc_05": 1}
	for _, item := range []string{"sc_01", "sc_02", "sc_03", "sc_04", "sc_06", "sc_07", "sc_08", "sc_09", "sc_10", "sc_11"} {
		want[item] = 4
	}
	if diff := cmp.Diff(w.answers(0), want); diff != "" {
		t.Errorf("stored answers (-got +want):\n%s", diff)
	}
	for range 2 { // the other two questionnaires before the course
		s = answerAll(t, s.follow("Go on").want(200), func(string) string { return "3" })
		s = s.form("Send my answers").press("Send my answers").want(200, "Thank you")
	}
	s.want(200, "Week 1 opens Thursday 3 December")
	s = s.follow("Your questionnaires").want(200, "Nothing to do right now", "opens Thursday 3 December", "sent Tuesday 24 November")
	if got := w.submitted(0); got != 3 {
		t.Errorf("%d questionnaires are submitted, want 3", got)
	}
	if got := w.answers(1); len(got) != 0 {
		t.Errorf("the other person has answers: %v", got)
	}
}

func TestBackSavesWhatStandsOnThePage(t *testing.T) {
	t.Parallel()
	w := newWorld(t, 1)
	_, s := w.begin(t, 0)
	s = s.form("Continue").choose("sc_01", "2").press("Continue").want(200)
	s = s.form("Back").choose("sc_06", "5").press("Back").want(200)
	if !strings.HasSuffix(s.path, "/page/1") {
		t.Fatalf("Back leads to %s", s.path)
	}
	s.want(200, "2 of 12 answered")
	if got := s.form("Continue").fields.Get("sc_01"); got != "2" {
		t.Errorf("question 1 stands at %q, want the answer given before", got)
	}
	if diff := cmp.Diff(w.answers(0), map[string]float64{"sc_01": 2, "sc_06": 5}); diff != "" {
		t.Errorf("stored answers (-got +want):\n%s", diff)
	}
	if s = s.form("Back").press("Back"); s.path != "/me" {
		t.Errorf("Back from the first page leads to %s, want the list", s.path)
	}
}

func TestAnotherDeviceGoesOnWhereTheFirstStopped(t *testing.T) {
	t.Parallel()
	w := newWorld(t, 1)
	_, s := w.begin(t, 0)
	f := s.form("Continue")
	for _, item := range f.items() {
		f.choose(item, "3")
	}
	f.press("Continue").form("Continue").choose("sc_05", "1").press("Continue")
	w.days(3)
	_, home := w.arrive(t, 0)
	s = home.want(200, "5 of 12 answered").follow("Go on").want(200)
	if s.path != w.assessment(0, 0)+"/page/2" {
		t.Errorf("resumed at %s, want the page with the first open question", s.path)
	}
	if got := s.form("Continue").fields.Get("sc_05"); got != "1" {
		t.Errorf("question 5 stands at %q, want the answer from the other device", got)
	}
}

func TestNothingAnsweredCanStillBeSent(t *testing.T) {
	t.Parallel()
	w := newWorld(t, 1)
	_, s := w.begin(t, 0)
	s = answerAll(t, s, func(string) string { return "" }).want(200, "You have not answered any question yet.")
	s.form("Send my answers").press("Send my answers").want(200, "Thank you")
	if w.submitted(0) != 1 || len(w.answers(0)) != 0 {
		t.Errorf("%d submitted with answers %v, want 1 with none: missing is not 0", w.submitted(0), w.answers(0))
	}
}

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
	right.form("Continue").choose("sc_02", "5").press("Continue").want(200)
	if diff := cmp.Diff(w.answers(0), map[string]float64{"sc_01": 1, "sc_02": 5}); diff != "" {
		t.Errorf("stored answers (-got +want):\n%s", diff)
	}
	// Sent in one tab, the other says thanks instead of starting anew.
	s := answerAll(t, d.get(left.path), func(string) string { return "3" })
	s.form("Send my answers").press("Send my answers").want(200)
	d.get(right.path).want(200, "Thank you")
}

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

func TestAnExpiredCookieIsLikeNone(t *testing.T) {
	t.Parallel()
	w := newWorld(t, 1)
	d, _ := w.begin(t, 0)
	d.get("/me").want(200)
	w.days(91)
	d.get("/me").want(401, "open your personal link again")
	d.json(w.assessment(0, 0)+"/save", `{"answers":{"sc_01":1}}`).want(401, "error.need_link")
}

func TestTheScriptSavesSingleAnswers(t *testing.T) {
	t.Parallel()
	w := newWorld(t, 1)
	d, s := w.begin(t, 0)
	save := w.assessment(0, 0) + "/save"
	d.json(save, `{"answers":{"sc_01":4}}`).want(200, `"saved":1`)
	d.json(save, `{"answers":{"sc_01":5,"sc_09":2}}`).want(200, `"saved":2`)
	before := w.answers(0)
	d.json(save, `{"answers":{"sc_01":5,"sc_09":2}}`).want(200)
	d.json(save, `{"answers":{}}`).want(200)
	if diff := cmp.Diff(w.answers(0), before); diff != "" {
		t.Errorf("saving the same again changed answers (-got +want):\n%s", diff)
	}
	if diff := cmp.Diff(before, map[string]float64{"sc_01": 5, "sc_09": 2}); diff != "" {
		t.Errorf("stored answers (-got +want):\n%s", diff)
	}
	s = d.get(s.path).want(200, "2 of 12 answered")
	if got := attr(all(s.root, "form")[0], "data-answers"); got != "sc_01=5&sc_09=2" {
		t.Errorf("the script is told that %q is stored", got)
	}
	for _, body := range []string{`{"answers":{"sc_01":null}}`, `{"answers":{"sc_01":0}}`, `{"answers":{"zz":1}}`} {
		d.json(save, body).want(422, "error.fields")
	}
	for _, body := range []string{``, `[]`, `{"answers":{"sc_01":"4"}}`, `{"answers":{"sc_01":1}} {}`, `{"sc_01":1}`, `{"answers":{"sc_01":1},"x":1}`} {
		d.json(save, body).want(400, "error.bad_form")
	}
	if diff := cmp.Diff(w.answers(0), before); diff != "" {
		t.Errorf("a refused save changed answers (-got +want):\n%s", diff)
	}
}

func TestLeavingTakesTwoSteps(t *testing.T) {
	t.Parallel()
	w := newWorld(t, 1)
	d, s := w.begin(t, 0)
	s.form("Continue").choose("sc_01", "4").press("Continue").want(200)
	part := d.get("/me/part").want(200, "Autumn evening group", "3 December 2026", "the study’s text, version 1")
	if f := part.form("Leave now"); f.fields.Has("leave") {
		t.Error("the tick to leave is set beforehand")
	}
	before := w.state()
	part = part.form("Leave now").press("Leave now").want(422, "You have not left the study")
	if diff := cmp.Diff(w.state(), before); diff != "" {
		t.Errorf("something changed without the tick (-got +want):\n%s", diff)
	}
	left := part.form("Leave now").choose("leave", "yes").press("Leave now").want(200, "You left this study on Tuesday 24 November", "No more questions come")
	if left.path != "/me/part" {
		t.Errorf("after leaving one is on %s", left.path)
	}
	before = w.state()
	part.form("Leave now").choose("leave", "yes").press("Leave now").want(200, "You left this study")
	d.get("/me").want(200, "You left this study")
	d.get("/me/consent").want(200, "You have left this study")
	s.form("Continue").choose("sc_01", "1").press("Continue").want(410, "You have left this study")
	d.post("/me/consent", url.Values{"version": {"1"}, "agree": {"yes"}}).want(410)
	d.post(w.assessment(0, 0)+"/submit", url.Values{}).want(410)
	if diff := cmp.Diff(w.state(), before); diff != "" {
		t.Errorf("something changed after leaving (-got +want):\n%s", diff)
	}
	if diff := cmp.Diff(w.answers(0), map[string]float64{"sc_01": 4}); diff != "" {
		t.Errorf("what was given before is not kept (-got +want):\n%s", diff)
	}
}

func TestADeviceCanBeMadeToForget(t *testing.T) {
	t.Parallel()
	w := newWorld(t, 1)
	d, _ := w.arrive(t, 0)
	kept := d.client.Jar.Cookies(d.request(http.MethodGet, "/me", nil).URL)
	s := d.get("/me/part").form("Forget me on this device").press("Forget me on this device").want(200)
	if s.path != "/" {
		t.Errorf("a device that forgot is on %s, want the front page", s.path)
	}
	d.get("/me").want(401)
	// The sign-in itself is over, not only the cookie.
	r := w.device(t).request(http.MethodGet, "/me", nil)
	for _, c := range kept {
		r.AddCookie(c)
	}
	w.device(t).do(r).want(401)
	w.arrive(t, 0)
}

func TestConsentToAnOlderTextIsRefused(t *testing.T) {
	t.Parallel()
	w := newWorld(t, 1)
	d := w.device(t)
	d.get("/p/" + w.links[0]).form("Continue").press("Continue").want(200)
	before := w.state()
	d.post("/me/consent", url.Values{"version": {"7"}, "agree": {"yes"}}).want(409)
	d.post("/me/consent", url.Values{"version": {"x"}, "agree": {"yes"}}).want(400)
	d.get(w.assessment(0, 0)+"/page/1").want(403, "First, your agreement", "Read it and decide")
	d.post(w.assessment(0, 0)+"/page/1", url.Values{"sc_01": {"1"}}).want(403)
	if diff := cmp.Diff(w.state(), before); diff != "" {
		t.Errorf("something changed (-got +want):\n%s", diff)
	}
}

func TestALateWaveIsMissedAndTheNextStillCounts(t *testing.T) {
	t.Parallel()
	w := newWorld(t, 1)
	d, s := w.begin(t, 0)
	s.form("Continue").choose("sc_01", "4").press("Continue")
	w.days(13) // four days after the first meeting
	d.get("/me").want(200, "How was your week?", "3 questionnaires have closed")
	d.get(w.assessment(0, 0)).want(410, "Closed", "What you saved before is kept")
	before := w.state()
	s.form("Continue").choose("sc_01", "1").press("Continue").want(410)
	d.json(w.assessment(0, 0)+"/save", `{"answers":{"sc_01":1}}`).want(410, "error.expired")
	d.post(w.assessment(0, 0)+"/submit", url.Values{}).want(410)
	d.get(w.assessment(0, 4)+"/page/1").want(409, "Not open yet")
	d.post(w.assessment(0, 4)+"/page/1", url.Values{"wk_01": {"1"}}).want(409, "Not open yet")
	if diff := cmp.Diff(w.state(), before); diff != "" {
		t.Errorf("something changed (-got +want):\n%s", diff)
	}
}

func TestAPageSavesOnlyWhatWasChangedOnIt(t *testing.T) {
	t.Parallel()
	w := newWorld(t, 1)
	d, s := w.begin(t, 0)
	s.form("Continue").choose("sc_01", "4").press("Continue").want(200)
	phone := d.get(s.path).want(200)
	// On another device the first answer is changed while the page stands open.
	d.get(s.path).form("Continue").choose("sc_01", "2").press("Continue").want(200)
	phone.form("Continue").choose("sc_02", "5").press("Continue").want(200)
	if diff := cmp.Diff(w.answers(0), map[string]float64{"sc_01": 2, "sc_02": 5}); diff != "" {
		t.Errorf("an answer that was only shown replaced a newer one (-got +want):\n%s", diff)
	}
	// What is chosen there counts, whatever came in between.
	phone.form("Continue").choose("sc_01", "1").press("Continue").want(200)
	if diff := cmp.Diff(w.answers(0), map[string]float64{"sc_01": 1, "sc_02": 5}); diff != "" {
		t.Errorf("stored answers (-got +want):\n%s", diff)
	}
}
