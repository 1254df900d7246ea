package web

import (
	"net/url"
	"strings"
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
	s = s.form("Continue").press("Continue").want(200, "Before you take part", "You do not have to", "Board of Harbour, 12/2026")
	if s.path != "/me/consent" {
		t.Fatalf("a new participant is sent to %s, want the consent text", s.path)
	}
	s = s.form("I agree").press("I agree").want(422, "You have not agreed yet")
	if !strings.HasPrefix(textOf(all(s.root, "title")[0]), "Error: ") {
		t.Errorf("the title %q does not say that something is wrong", textOf(all(s.root, "title")[0]))
	}
	s = s.form("I agree").choose("of_age", "yes").press("I agree").want(200, "What is due now", "3 short questionnaires")

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
	if got := attr(answersForm(s), "data-answers"); got != "sc_01=5&sc_09=2" {
		t.Errorf("the script is told that %q is stored", got)
	}
	for _, body := range []string{`{"answers":{"sc_01":"4"}}`, `{"answers":{"sc_01":0}}`, `{"answers":{"zz":1}}`} {
		d.json(save, body).want(422, "error.fields")
	}
	for _, body := range []string{``, `[]`, `{"answers":{"sc_01":true}}`, `{"answers":{"sc_01":1}} {}`, `{"sc_01":1}`, `{"answers":{"sc_01":1},"x":1}`} {
		d.json(save, body).want(400, "error.bad_form")
	}
	if diff := cmp.Diff(w.answers(0), before); diff != "" {
		t.Errorf("a refused save changed answers (-got +want):\n%s", diff)
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
	d.get(w.assessment(0, 5)+"/page/1").want(409, "Not open yet")
	d.post(w.assessment(0, 5)+"/page/1", url.Values{"wk_01": {"1"}}).want(409, "Not open yet")
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
	// What is chosen there counts once both answers have been seen.
	both := phone.form("Continue").choose("sc_01", "1").press("Continue").want(422, "On another device you answered “Seldom”")
	both.form("Continue").choose("sc_01", "1").press("Continue").want(200)
	if diff := cmp.Diff(w.answers(0), map[string]float64{"sc_01": 1, "sc_02": 5}); diff != "" {
		t.Errorf("stored answers (-got +want):\n%s", diff)
	}
}
