package web

import (
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/net/html"

	"tidemark/internal/kinds"
	"tidemark/survey"
	"tidemark/survey/instrument"
)

// newWorldOf is a world in which a questionnaire comes first for everybody.
func newWorldOf(t testing.TB, d *instrument.Definition, people int) *world {
	t.Helper()
	w := newWorld(t, 0)
	w.must(kinds.AddTo(t.Context(), w.store, w.study.ID, d))
	w.add(people)
	return w
}

// kept are person n's stored responses to the first questionnaire, by item.
func (w *world) kept(n int) map[string]survey.Response {
	w.t.Helper()
	roster, err := w.store.Roster(w.t.Context(), w.study.ID, w.run.ID)
	w.must(err)
	due, err := w.store.Due(w.t.Context(), w.study.ID, roster[n].ID)
	w.must(err)
	responses, err := w.store.Responses(w.t.Context(), w.study.ID, due[0].Assessment.ID)
	w.must(err)
	kept := map[string]survey.Response{}
	for _, r := range responses {
		kept[r.Item] = r
	}
	return kept
}

// given are the stored answers as text, and why there is none.
func (w *world) given(n int) map[string]string {
	w.t.Helper()
	given := map[string]string{}
	for code, r := range w.kept(n) {
		switch {
		case r.Missing != survey.NotMissing:
			given[code] = string(r.Missing)
		case r.Text != "":
			given[code] = r.Text
		default:
			given[code] = numberText(r.Value)
		}
	}
	return given
}

// write types into a field, or ticks the boxes of a name.
func (f *filledForm) write(name string, values ...string) *filledForm {
	f.screen.device.t.Helper()
	for _, in := range all(f.node, "input", "textarea") {
		if attr(in, "name") == name {
			f.fields[name] = values
			return f
		}
	}
	f.screen.device.t.Fatalf("%s has no field %s", f.screen.path, name)
	return nil
}

// pressValue sends the form with the button of a name and value.
func (f *filledForm) pressValue(name, value string) screen {
	f.screen.device.t.Helper()
	for _, b := range all(f.node, "button") {
		if attr(b, "name") == name && attr(b, "value") == value {
			f.fields.Set(name, value)
			return f.screen.device.post(attr(f.node, "action"), f.fields)
		}
	}
	f.screen.device.t.Fatalf("%s has no button %s=%s", f.screen.path, name, value)
	return screen{}
}

// question is the part of a page that asks an item; nil when there is none.
func (s screen) question(code string) *html.Node {
	for _, n := range all(s.root, "fieldset", "div") {
		if attr(n, "data-item") == code {
			return n
		}
	}
	return nil
}

// visible reports whether a question stands on the page for people to see.
func (s screen) visible(code string) bool {
	n := s.question(code)
	if n == nil {
		return false
	}
	_, hidden := attrOK(n, "hidden")
	return !hidden
}

func (s screen) title() string { return textOf(all(s.root, "title")[0]) }

func TestEveryKindOfQuestionWorksAsAPlainForm(t *testing.T) {
	t.Parallel()
	w := newWorldOf(t, everyKind(t), 1)
	_, s := w.arrive(t, 0)
	s = s.follow("Begin").want(200, "Before you begin", "0 of 12 answered", "Do you have a boat?")
	if s.visible("k_why") {
		t.Error("a question stands there whose condition does not hold")
	}
	// An answer on the page brings a question up on the same page.
	s = s.form("Continue").choose("k_single", "4").choose("k_yes", "1").choose("k_long_labels", "2").press("Continue").want(200, "What is it called?", "New question")
	if s.path != w.assessment(0, 0)+"/page/1" || !s.visible("k_why") {
		t.Fatalf("the new question is on %s, want the page that brought it up", s.path)
	}
	focused := false
	for _, in := range all(s.question("k_why"), "input") {
		_, has := attrOK(in, "autofocus")
		focused = focused || has
	}
	if !focused {
		t.Error("the new question has not the focus")
	}
	s = s.form("Continue").write("k_why", "  Seagull's \"Rest\" ").press("Continue").want(200, "Several things and numbers", "4 of 14 answered")
	s = s.form("Continue").write("k_several", "3", "1").write("k_days", "5 days").write("k_weight", "1,234.5").
		choose("k_steps", "7").write("k_scale", "62").press("Continue").want(200, "In your own words")
	s = s.form("Continue").write("k_line", "A <b>bay</b>").write("k_long", "Wide.\r\n\r\nAnd =quiet; \"very\".").
		write("k_day-day", "29").write("k_day-month", "2").write("k_day-year", "2024").press("Continue").want(200, "This page is for people with a boat.")
	s = s.form("Continue").choose("k_must", "3").press("Continue").want(200, "The last page")
	s = s.form("Continue").press("Continue").want(200, "Before you send", "You left out 1 question.", "Not answered – answer now",
		"Gulls Driftwood", "5 days", "1,234.5 grams", "29 February 2024", "A <b>bay</b>", "Seagull's \"Rest\"", "Yes", "An evening by the fire")
	want := map[string]string{
		"k_single": "4", "k_yes": "1", "k_long_labels": "2", "k_why": "Seagull's \"Rest\"", "k_several": "1,3", "k_days": "5", "k_weight": "1234.5",
		"k_steps": "7", "k_scale": "62", "k_line": "A <b>bay</b>", "k_long": "Wide.\n\nAnd =quiet; \"very\".", "k_day": "2024-02-29", "k_must": "3",
	}
	if diff := cmp.Diff(w.given(0), want); diff != "" {
		t.Errorf("stored answers (-got +want):\n%s", diff)
	}
	// Everything stands on its page as it was given.
	s = s.follow("Name a place").want(200)
	f := s.form("Continue")
	if f.fields.Get("k_line") != "A <b>bay</b>" || f.fields.Get("k_day-day") != "29" || textOf(all(s.question("k_long"), "textarea")[0]) != "Wide. And =quiet; \"very\"." {
		t.Errorf("the page shows %v", f.fields)
	}
	s = s.form("Continue").press("Continue").form("Continue").press("Continue").form("Continue").choose("k_last", "1").press("Continue").want(200, "You have answered every question")
	s.form("Send my answers").press("Send my answers").want(200, "Thank you")
	want["k_last"] = "1"
	if diff := cmp.Diff(w.given(0), want); diff != "" {
		t.Errorf("stored answers (-got +want):\n%s", diff)
	}
}

func TestWhatIsNotAskedIsPassedOverBothWaysAndStoredAsNotShown(t *testing.T) {
	t.Parallel()
	w := newWorldOf(t, everyKind(t), 1)
	d, s := w.arrive(t, 0)
	base := w.assessment(0, 0)
	s = s.follow("Begin").form("Continue").choose("k_yes", "0").press("Continue").want(200)
	s = s.form("Continue").press("Continue").form("Continue").press("Continue").want(200, "The last page", "1 of 12 answered")
	if s.path != base+"/page/5" {
		t.Errorf("behind page 3 comes %s, want the page behind the one that is not asked", s.path)
	}
	if s = s.form("Back").press("Back").want(200); s.path != base+"/page/3" {
		t.Errorf("before page 5 comes %s", s.path)
	}
	if s = d.get(base + "/page/4").want(200); s.path != base+"/page/5" {
		t.Errorf("the address of a page that is not asked leads to %s", s.path)
	}
	s = d.get(base+"/review").want(200, "You left out 11 questions")
	if strings.Contains(s.text(), "How often is the boat in the water?") {
		t.Error("the review speaks of a question that was not asked")
	}
	s.form("Send my answers").press("Send my answers").want(200, "Thank you")
	got := w.given(0)
	if got["k_why"] != "not_shown" || got["k_must"] != "not_shown" || got["k_last"] != "skipped" || got["k_yes"] != "0" {
		t.Errorf("stored: %v", got)
	}
	if _, there := got["k_welcome"]; there || len(got) != 14 {
		t.Errorf("%d items are stored, want the 14 questions: %v", len(got), got)
	}
}

func TestAnAnswerThatHidesAQuestionTakesItOutOfWhatIsSent(t *testing.T) {
	t.Parallel()
	w := newWorldOf(t, everyKind(t), 1)
	d, s := w.arrive(t, 0)
	s = s.follow("Begin").form("Continue").choose("k_yes", "1").press("Continue")
	s.form("Continue").write("k_why", "Tern").press("Continue").want(200, "2 of 14 answered")
	d.get(w.assessment(0, 0)+"/page/1").form("Continue").choose("k_yes", "0").press("Continue").want(200, "1 of 12 answered", "Several things")
	d.get(w.assessment(0, 0) + "/review").form("Send my answers").press("Send my answers").want(200)
	if got := w.given(0); got["k_why"] != "not_shown" {
		t.Errorf("an answer to a question that is not asked any more is sent: %v", got)
	}
}

func TestAQuestionThatNeedsAnAnswerSaysSoAndLosesNothing(t *testing.T) {
	t.Parallel()
	w := newWorldOf(t, everyKind(t), 1)
	d, s := w.arrive(t, 0)
	base := w.assessment(0, 0)
	s.follow("Begin").form("Continue").choose("k_yes", "1").press("Continue")
	s = d.get(base+"/page/4").want(200, "This one needs an answer.")
	s = s.form("Continue").press("Continue").want(422, "Please look at this page once more", "Please answer this question before you go on.")
	if !strings.HasPrefix(s.title(), "Error: ") {
		t.Errorf("the title is %q", s.title())
	}
	if links := all(s.root, "a"); attr(links[1], "href") != "#k_must" {
		t.Errorf("the summary leads to %q", attr(links[1], "href"))
	}
	if s = s.form("Back").press("Back").want(200); s.path != base+"/page/3" {
		t.Errorf("Back from an unanswered page leads to %s", s.path)
	}
	before := w.state()
	s = d.get(base+"/review").form("Send my answers").press("Send my answers").want(422, "These questions need an answer before you can send")
	if diff := cmp.Diff(w.state(), before); diff != "" {
		t.Errorf("something changed (-got +want):\n%s", diff)
	}
	s = s.follow("How often is the boat").want(200).form("Continue").choose("k_must", "2").press("Continue").want(200)
	d.get(base+"/review").form("Send my answers").press("Send my answers").want(200, "Thank you")
}

func TestAnAnswerCanBeTakenBack(t *testing.T) {
	t.Parallel()
	w := newWorldOf(t, everyKind(t), 1)
	d, s := w.arrive(t, 0)
	base := w.assessment(0, 0)
	s = s.follow("Begin").form("Continue").choose("k_single", "4").choose("k_yes", "0").press("Continue")
	s.form("Continue").write("k_several", "1").write("k_days", "3").choose("k_steps", "0").press("Continue").
		form("Continue").write("k_line", "Bay").write("k_day-day", "1").write("k_day-month", "2").write("k_day-year", "2020").press("Continue")
	s = d.get(base+"/page/1").form("Continue").choose("k_long_labels", "1").pressValue("_clear", "k_single").want(200, "A question of every kind")
	if s.path != base+"/page/1" {
		t.Errorf("after taking an answer back one is on %s", s.path)
	}
	f := d.get(base+"/page/2").form("Continue").write("k_days", "")
	f.fields.Del("k_several")
	f.pressValue("_clear", "k_steps").want(200)
	d.get(base+"/page/3").form("Continue").write("k_line", " ").write("k_day-day", "").write("k_day-month", "").write("k_day-year", "").press("Continue").want(200)
	if diff := cmp.Diff(w.given(0), map[string]string{"k_yes": "0", "k_long_labels": "1"}); diff != "" {
		t.Errorf("stored answers (-got +want):\n%s", diff)
	}
	save := base + "/save"
	d.json(save, `{"answers":{"k_line":"Cove","k_several":[2,1],"k_yes":null}}`).want(200)
	d.json(save, `{"answers":{"k_line":"","k_several":[]}}`).want(200)
	if diff := cmp.Diff(w.given(0), map[string]string{"k_long_labels": "1"}); diff != "" {
		t.Errorf("stored answers after the script's saves (-got +want):\n%s", diff)
	}
}

func TestTheScriptIsToldWhatIsAskedNow(t *testing.T) {
	t.Parallel()
	w := newWorldOf(t, everyKind(t), 1)
	d, s := w.arrive(t, 0)
	s.follow("Begin")
	save := w.assessment(0, 0) + "/save"
	d.json(save, `{"answers":{"k_yes":1},"layout":{"k_yes":"across"}}`).want(200, `"answered":1`, `"total":14`, `"k_why"`, `"k_must"`)
	s = d.json(save, `{"answers":{"k_yes":0,"k_days":"3,0","k_scale":"62","k_day":"2020-01-31"},"layout":{"k_scale":"slider","k_days":"<b>"}}`).want(200, `"answered":4`, `"total":12`, `"k_days":"3"`)
	if strings.Contains(s.body, "k_why") {
		t.Errorf("what is not asked any more is told as shown: %s", s.body)
	}
	layouts := map[string]string{}
	for code, r := range w.kept(0) {
		layouts[code] = r.Language + " " + r.Layout
	}
	if diff := cmp.Diff(layouts, map[string]string{"k_yes": "en across@1", "k_days": "en number@2", "k_scale": "en slider@2", "k_day": "en day@3"}); diff != "" {
		t.Errorf("how it was asked (-got +want):\n%s", diff)
	}
	d.json(save, `{"answers":{"k_days":"many","k_line":"Bay"}}`).want(422, "error.fields", `"k_days":"Write a number in digits, such as 7."`)
	d.json(save, `{"answers":{"k_days":8}}`).want(422, "Write a whole number from 0 to 7.")
}

func TestAnswersThatAQuestionDoesNotTakeStandAsTheyWereTyped(t *testing.T) {
	t.Parallel()
	w := newWorldOf(t, everyKind(t), 1)
	d, _ := w.arrive(t, 0)
	base := w.assessment(0, 0)
	long := strings.Repeat("x", 201)
	const nothing, again = "Nothing was saved yet", "Please look at this page once more"
	for _, c := range []struct {
		page    int
		fields  url.Values
		heading string
		says    string
		stands  map[string]string
	}{
		{2, url.Values{"k_days": {"8"}, "k_weight": {"2,5"}}, again, "Write a whole number from 0 to 7.", map[string]string{"k_days": "8", "k_weight": "2,5"}},
		{2, url.Values{"k_days": {"two"}}, again, "Write a number in digits, such as 7.", map[string]string{"k_days": "two"}},
		{2, url.Values{"k_days": {"1.5"}}, again, "Write a whole number from 0 to 7.", map[string]string{"k_days": "1.5"}},
		{2, url.Values{"k_weight": {"-1"}}, again, "Write a number from 0 to 2,500.", map[string]string{"k_weight": "-1"}},
		{2, url.Values{"k_several": {"1", "0"}, "_several": {"k_several"}}, again, "One of your choices stands alone.", nil},
		{2, url.Values{"k_several": {"7"}}, nothing, "Choose one of the answers shown.", nil},
		{2, url.Values{"k_steps": {"11"}}, again, "Write a whole number from 0 to 10.", nil},
		{3, url.Values{"k_day-day": {"31"}, "k_day-month": {"4"}, "k_day-year": {"2020"}}, again, "Choose a day that exists.", map[string]string{"k_day-day": "31", "k_day-month": "4", "k_day-year": "2020"}},
		{3, url.Values{"k_day-day": {"31"}, "k_line": {"Bay"}}, again, "Choose a day that exists.", map[string]string{"k_day-day": "31", "k_line": "Bay"}},
		{3, url.Values{"k_line": {long}}, again, "This text is too long. Shorten it to 200 characters.", map[string]string{"k_line": long}},
		{3, url.Values{"k_long": {strings.Repeat("é", 301)}}, again, "This text is too long. Shorten it to 300 characters.", nil},
	} {
		s := d.post(fmt.Sprintf("%s/page/%d", base, c.page), c.fields).want(422, c.heading, c.says)
		if !strings.HasPrefix(s.title(), "Error: ") {
			t.Errorf("%v: the title is %q", c.fields, s.title())
		}
		for name, want := range c.stands {
			if got := s.form("Continue").fields.Get(name); got != want {
				t.Errorf("%v: %s stands at %q", c.fields, name, got)
			}
		}
	}
	// What could be taken is kept, and nothing of a form that no page sends.
	if diff := cmp.Diff(w.given(0), map[string]string{"k_weight": "2.5", "k_line": "Bay"}); diff != "" {
		t.Errorf("stored answers (-got +want):\n%s", diff)
	}
}

func TestFormsAndSavesThatNoQuestionSendsAreRefused(t *testing.T) {
	t.Parallel()
	w := newWorldOf(t, everyKind(t), 1)
	d, _ := w.arrive(t, 0)
	base := w.assessment(0, 0)
	before := w.state()
	for _, c := range []struct {
		path, contentType, body string
		want                    int
	}{
		{"/page/2", formType, "k_days=1&k_days=2", 422},
		{"/page/2", formType, "k_days=NaN", 422},
		{"/page/2", formType, "k_days=1e3", 422},
		{"/page/2", formType, "k_days=" + strings.Repeat("9", 400), 422},
		{"/page/2", formType, "k_several=x&_several=k_several", 422},
		{"/page/2", formType, "_several=nothing", 422},
		{"/page/2", formType, "_clear=nothing", 422},
		{"/page/1", formType, "k_welcome=1", 422},
		{"/page/1", formType, "k_single-day=1", 422},
		{"/page/1", formType, "_seen=%00", 400},
		{"/page/3", formType, "k_line=a&k_line=b", 422},
		{"/page/3", formType, "k_line=" + strings.Repeat("x", maxBody), 413},
		{"/page/3", formType, "k_day=soon", 422},
		{"/page/6", formType, "k_line=a", 404},
		{"/save", "application/json", `{"answers":{"k_line":3}}`, 422},
		{"/save", "application/json", `{"answers":{"k_line":[1]}}`, 422},
		{"/save", "application/json", `{"answers":{"k_several":1}}`, 422},
		{"/save", "application/json", `{"answers":{"k_several":["1"]}}`, 400},
		{"/save", "application/json", `{"answers":{"k_several":[0,1]}}`, 422},
		{"/save", "application/json", `{"answers":{"k_yes":2}}`, 422},
		{"/save", "application/json", `{"answers":{"k_days":true}}`, 400},
		{"/save", "application/json", `{"answers":{"k_days":{}}}`, 400},
		{"/save", "application/json", `{"answers":{"k_day":20200101}}`, 422},
		{"/save", "application/json", `{"answers":{"k_day":"2020-02-30"}}`, 422},
		{"/save", "application/json", `{"answers":{"k_welcome":1}}`, 422},
		{"/save", "application/json", `{"answers":{"k_days":1e400}}`, 400},
		{"/save", "application/json", `{"answers":{"k_long":"` + strings.Repeat("x", 5000) + `"}}`, 422},
		{"/save", "application/json", `{"answers":{},"layout":{"k_days":1}}`, 400},
	} {
		r := d.request(http.MethodPost, base+c.path, nil)
		r.Body, r.ContentLength = io.NopCloser(strings.NewReader(c.body)), int64(len(c.body))
		r.Header.Set("Content-Type", c.contentType)
		if s := d.do(r); s.status != c.want {
			t.Errorf("%s %.60s: %d, want %d:\n%.300s", c.path, c.body, s.status, c.want, s.text())
		}
	}
	if diff := cmp.Diff(w.state(), before); diff != "" {
		t.Errorf("something changed (-got +want):\n%s", diff)
	}
	// Control characters that a keyboard cannot type are left out.
	d.json(base+"/save", `{"answers":{"k_line":"a\u0000\u0007b\nc","k_long":"a\u0000b\nc\u001b[0m"}}`).want(200)
	if diff := cmp.Diff(w.given(0), map[string]string{"k_line": "ab c", "k_long": "ab\nc[0m"}); diff != "" {
		t.Errorf("stored answers (-got +want):\n%s", diff)
	}
}

func TestARandomOrderStaysTheSameForAPerson(t *testing.T) {
	t.Parallel()
	d := everyKind(t)
	d.RandomOrder = true
	w := newWorldOf(t, d, 6)
	orders := map[string]int{}
	for n := range 6 {
		device, s := w.arrive(t, n)
		s = s.follow("Begin").want(200)
		page := func(s screen) string {
			var codes []string
			for _, q := range all(s.root, "fieldset", "div") {
				if code := attr(q, "data-item"); code != "" {
					codes = append(codes, code)
				}
			}
			return strings.Join(codes, ",")
		}
		first := page(s)
		s.form("Continue").choose("k_single", "2").press("Continue").want(200)
		if again := page(device.get(w.assessment(n, 0) + "/page/1")); again != first {
			t.Errorf("the order was %s and is %s", first, again)
		}
		roster, err := w.store.Roster(t.Context(), w.study.ID, w.run.ID)
		w.must(err)
		due, err := w.store.Due(t.Context(), w.study.ID, roster[n].ID)
		w.must(err)
		if stored := due[0].Assessment.ItemOrder; !strings.HasPrefix(stored, first+",") {
			t.Errorf("stored is the order %s, and shown %s", stored, first)
		}
		orders[first]++
	}
	if len(orders) < 2 {
		t.Errorf("six people have the same order: %v", orders)
	}
}

func TestAQuestionnaireIsAskedInThePersonsLanguageAsFarAsItIsTranslated(t *testing.T) {
	t.Parallel()
	w := newWorldOf(t, everyKind(t), 1)
	d, _ := w.arrive(t, 0)
	base := w.assessment(0, 0)
	german := func(path string) screen {
		r := d.request(http.MethodGet, path, nil)
		r.Header.Set("Accept-Language", "de")
		return d.do(r)
	}
	s := german(base+"/page/1").want(200, "Fragen jeder Art", "Wie oft gehst du am Wasser entlang?", "Manchmal", "Ja", "Which of these do you like best?", "Weiter")
	left := false
	for _, n := range all(s.root, "bdi") {
		if textOf(n) == "Which of these do you like best?" {
			left = attr(n, "lang") == "en" && attr(n, "dir") == "ltr"
		}
		if textOf(n) == "Manchmal" {
			t.Error("a text in the language of the page is marked as foreign")
		}
	}
	if !left {
		t.Error("a text that is not translated does not say that it is English")
	}
	f := german(base+"/page/2").want(200, "Mehreres und Zahlen", "Eine Zahl von 0 bis 2.500", "Gramm").form("Weiter").write("k_weight", "1.234,5")
	r := d.request(http.MethodPost, base+"/page/2", f.fields)
	r.Header.Set("Accept-Language", "de")
	d.do(r).want(200, "In deinen Worten")
	if got := w.kept(0)["k_weight"]; got.Value != 1234.5 || got.Language != "de" {
		t.Errorf("stored is %+v", got)
	}
	if got := german(base + "/page/2").form("Weiter").fields.Get("k_weight"); got != "1234,5" {
		t.Errorf("the number stands at %q", got)
	}
	german(base+"/review").want(200, "1.234,5 Gramm", "Nicht beantwortet – jetzt beantworten")
	// English and German are rendered apart, whoever came first.
	d.get(base+"/page/1").want(200, "How often do you walk along the water?", "Sometimes")
}
