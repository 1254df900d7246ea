package web

import (
	"fmt"
	"net/url"
	"strings"
	"testing"

	"tidemark/survey"
	"tidemark/survey/shortcode"
)

// slipCode is the code on person n's slip, as it is printed.
func (w *world) slipCode(n int) string {
	w.t.Helper()
	_, slips, err := w.cases.Enrolments.Links(w.t.Context(), survey.SystemActor("test"), w.study.ID, w.run.ID)
	w.must(err)
	return shortcode.Grouped(slips[n].Code)
}

func TestACodeFromASlipOpensTheQuestionnaires(t *testing.T) {
	t.Parallel()
	w := newWorld(t, 2)
	for language, button := range map[string][2]string{"en": {"I have a code", "Continue"}, "de": {"Ich habe einen Code", "Weiter"}, "es": {"Tengo un código", "Continuar"}} {
		d := w.device(t)
		if language != "en" {
			d.get("/").chooseLanguage(language)
		}
		s := d.get("/").follow(button[0]).want(200)
		f := s.form(button[1])
		f.fields.Set("code", strings.ToLower(w.slipCode(1)))
		if got := f.press(button[1]).want(200); got.path != "/me/consent" && got.path != "/me" {
			t.Errorf("the code leads to %s", got.path)
		}
	}
}

func TestWhatIsWrongWithACodeIsSaidAndWhatWasTypedStays(t *testing.T) {
	t.Parallel()
	w := newWorld(t, 1)
	code := w.slipCode(0)
	last := strings.IndexByte(shortcode.Alphabet, code[len(code)-1])
	mistyped := code[:len(code)-1] + string(shortcode.Alphabet[(last+1)%len(shortcode.Alphabet)])
	begun := w.store.begun.Load()
	for typed, want := range map[string]string{
		"": "A code has ten characters", code[1:]: "A code has ten characters", mistyped: "There is a typing mistake in it",
		"<script>xx": "There is a typing mistake in it",
	} {
		f := w.device(t).get("/code").want(200).form("Continue")
		f.fields.Set("code", typed)
		s := f.press("Continue").want(422, want)
		if got := s.form("Continue").fields.Get("code"); got != typed {
			t.Errorf("of %q there is left %q", typed, got)
		}
		checkFrame(t, s)
		if !offersHelp(s) {
			t.Error("no way to help")
		}
	}
	w.device(t).post("/code", url.Values{"code": {strings.Repeat("x", 10000)}}).want(422, "A code has ten characters")
	if n := w.store.begun.Load() - begun; n != 0 {
		t.Errorf("%d transactions were begun for mistyped codes", n)
	}
	if log := w.log.String(); strings.Contains(log, code) || strings.Contains(log, mistyped) {
		t.Error("a code is in the log")
	}
}

func TestCodesOfNobodyAndOldCodesLookTheSameAndAreLimited(t *testing.T) {
	t.Parallel()
	w := newWorld(t, 1)
	code := w.slipCode(0)
	try := func(typed string) screen { return w.device(t).post("/code", url.Values{"code": {typed}}) }
	unknown := try(shortcode.Encode(5)).want(422, "This code opens nothing")
	w.days(3000)
	old := try(code).want(422)
	if a, b := strings.ReplaceAll(old.body, code, ""), strings.ReplaceAll(unknown.body, shortcode.Encode(5), ""); a != b {
		t.Errorf("an old code is answered\n%s\nand an unknown one\n%s", old.text(), unknown.text())
	}
	for i := range 19 {
		try(shortcode.Encode(uint64(i + 100))).want(422)
	}
	s := try(shortcode.Encode(1)).want(429, "Please wait a little")
	s.retryAfter(t)
	if got := s.form("Continue").fields.Get("code"); got != shortcode.Encode(1) {
		t.Errorf("of the code there is left %q", got)
	}
	checkFrame(t, s)
}

func TestLookingAtTheCodePageChangesNothing(t *testing.T) {
	t.Parallel()
	w := newWorld(t, 1)
	code := w.slipCode(0)
	begun := w.store.begun.Load()
	for _, path := range []string{"/code", "/code?code=" + code} {
		if s := w.device(t).get(path).want(200); s.form("Continue").fields.Get("code") != "" {
			t.Error("a code is taken from an address")
		}
	}
	if n := w.store.begun.Load() - begun; n != 0 {
		t.Errorf("%d transactions were begun by looking", n)
	}
}

func TestWhoNeedsALinkIsShownTheWayToTheCode(t *testing.T) {
	t.Parallel()
	w := newWorld(t, 0)
	for _, path := range []string{"/", "/p/nobody", "/me"} {
		w.device(t).get(path).follow("I have a code").want(200, "Type your code")
		w.device(t).get(path).follow("I have lost my link").want(200, "Get your link again")
	}
}

func TestSlipsHaveTheCodeAndWhereToTypeIt(t *testing.T) {
	t.Parallel()
	w := newWorld(t, 3)
	d := w.signedIn(t, "leader@example.org", w.facilitator())
	s := d.post(w.runPath("/links"), url.Values{}).want(200)
	for n := range 3 {
		code := w.slipCode(n)
		if !strings.Contains(s.text(), code) {
			t.Errorf("the code of person %d is on no slip", n)
		}
		w.device(t).post("/code", url.Values{"code": {code}}).want(200)
	}
	if host := strings.TrimPrefix(w.base, "http://"); !strings.Contains(s.text(), fmt.Sprint(host, "/code")) {
		t.Error("the slips do not say where to type the code")
	}
}
