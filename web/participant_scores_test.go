package web

import (
	"net/url"
	"strings"
	"testing"

	"tidemark/survey"
	"tidemark/survey/instrument"
)

// shows changes when the people of the study see their scores.
func (w *world) shows(f survey.Feedback) {
	w.t.Helper()
	w.must(w.cases.Studies.SetFeedback(w.t.Context(), survey.SystemActor("test"), w.study.ID, f))
}

// spread gives answers that differ from item to item.
func spread(item instrument.Item) float64 { return float64(2 + len(item.Text)%3) }

func TestScoresAreShownWhenTheStudySaysSo(t *testing.T) {
	t.Parallel()
	w := newWorld(t, 2)
	w.answer(0, spread)
	d, _ := w.arrive(t, 0)
	for _, c := range []struct {
		when   survey.Feedback
		status int
		link   bool
		says   string
	}{
		{survey.FeedbackNever, 404, false, ""},
		{survey.FeedbackAtEnd, 200, false, "once all your questionnaires are done"},
		{survey.FeedbackAfterEach, 200, true, "There is nothing to compare it with yet"},
	} {
		w.shows(c.when)
		home := d.get("/me").want(200)
		if got := strings.Contains(home.text(), "See your own scores"); got != c.link {
			t.Errorf("%s: the list offers scores: %v", c.when, got)
		}
		s := d.get("/me/scores").want(c.status)
		if !strings.Contains(s.text(), c.says) {
			t.Errorf("%s: the page does not say %q", c.when, c.says)
		}
	}
	s := d.get("/me").follow("See your own scores").want(200, "Your own scores", "Self-compassion", "Show the numbers", "What the band means", "not a grade")
	for _, never := range []string{"NaN", "scores.", "better", "worse"} {
		if strings.Contains(s.text(), never) {
			t.Errorf("the page says %q", never)
		}
	}
	if pictures, tables := len(all(s.root, "figure")), len(all(s.root, "table")); pictures == 0 || pictures != tables {
		t.Errorf("%d pictures and %d tables", pictures, tables)
	}
	other, _ := w.arrive(t, 1)
	if text := other.get("/me/scores").text(); strings.Contains(text, "Self-compassion") {
		t.Error("somebody who has sent nothing sees scores")
	}
}

func TestTheTableBehindAPictureHasItsNumbersInTheLanguage(t *testing.T) {
	t.Parallel()
	w := newWorld(t, 1)
	w.shows(survey.FeedbackAfterEach)
	w.answer(0, spread)
	d, _ := w.arrive(t, 0)
	r := d.request("GET", "/me/scores", nil)
	r.Header.Set("Accept-Language", "de")
	d.do(r).want(200, "Deine eigenen Werte", "bis", "Der kleinste mögliche Wert ist 1, der größte 5.", "Zahlen anzeigen", ",")
}

func TestEqualAnswersGiveAScoreWithoutABand(t *testing.T) {
	t.Parallel()
	w := newWorld(t, 1)
	w.shows(survey.FeedbackAfterEach)
	w.answer(0, always(3))
	d, _ := w.arrive(t, 0)
	d.get("/me/scores").want(200, "3.0", "none", "no band where all answers were the same")
}

func TestAResearcherDecidesWhenScoresAreSeen(t *testing.T) {
	t.Parallel()
	w := newWorld(t, 1)
	d := w.signedIn(t, "researcher@example.org", w.researcher())
	s := d.get(w.path("")).want(200, "Own scores", "Change when people see their own scores")
	s.form("Save").choose("feedback", "after_each").press("Save").want(200, "after each questionnaire")
	st, err := w.store.Study(t.Context(), w.study.ID)
	w.must(err)
	if st.Feedback != survey.FeedbackAfterEach {
		t.Errorf("stored: %s", st.Feedback)
	}
	d.post(w.path("/feedback"), url.Values{"feedback": {"sometimes"}}).want(422)
	w.signedIn(t, "facilitator@example.org", w.facilitator()).post(w.path("/feedback"), url.Values{"feedback": {"never"}}).want(403)
}
