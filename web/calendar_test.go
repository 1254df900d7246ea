package web

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
)

// follow asks for a calendar as a program does: without cookies.
func follow(t *testing.T, address, tag string) (*http.Response, string) {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, address, nil)
	if err != nil {
		t.Fatal(err)
	}
	if tag != "" {
		r.Header.Set("If-None-Match", tag)
	}
	answer, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer func() {
		if err := answer.Body.Close(); err != nil {
			t.Error(err)
		}
	}()
	var b strings.Builder
	buf := make([]byte, 4096)
	for {
		n, err := answer.Body.Read(buf)
		b.Write(buf[:n])
		if err != nil {
			break
		}
	}
	return answer, b.String()
}

// address is the one that a page shows.
func address(t *testing.T, s screen) string {
	t.Helper()
	return attr(byID(s.root, "address"), "value")
}

func TestAPersonHasTheirMeetingsInACalendarThatTellsNothing(t *testing.T) {
	t.Parallel()
	w := newWorld(t, 1)
	d, _ := w.arrive(t, 0)
	form := d.get("/me/calendar").want(200, "Meetings in your calendar").form("Make an address")
	at := address(t, form.choose("surveys", "yes").press("Make an address").want(200, "shown only this once"))
	begun := w.store.begun.Load()
	answer, body := follow(t, at, "")
	if answer.StatusCode != 200 || answer.Header.Get("Content-Type") != "text/calendar; charset=utf-8" {
		t.Fatalf("got %d %s", answer.StatusCode, answer.Header.Get("Content-Type"))
	}
	if strings.Count(body, "SUMMARY:Meeting\r\n") != 8 || strings.Count(body, "SUMMARY:Last day to reply") < 5 {
		t.Errorf("got %s", body)
	}
	for _, word := range []string{"Learning", "setback", "compassion", w.study.Title, w.study.Key, w.run.Name, "Person 1", "LOCATION", "participant"} {
		if strings.Contains(strings.ToLower(strings.ReplaceAll(body, "\r\n ", "")), strings.ToLower(word)) {
			t.Errorf("the calendar has %q", word)
		}
	}
	if again, _ := follow(t, at, answer.Header.Get("ETag")); again.StatusCode != http.StatusNotModified {
		t.Errorf("an unchanged calendar is sent again: %d", again.StatusCode)
	}
	if w.store.begun.Load() != begun {
		t.Error("following a calendar has changed something")
	}
	if strings.Contains(w.log.String(), strings.TrimSuffix(at[strings.LastIndex(at, "/")+1:], ".ics")) {
		t.Error("the log has the address")
	}
	d.get("/me/calendar").form("End this address").press("End this address").want(200)
	if gone, _ := follow(t, at, ""); gone.StatusCode != 404 {
		t.Errorf("an ended address answers %d", gone.StatusCode)
	}
}

func TestACalendarIsInThePersonsLanguageAndNamesTheCourseIfTheyWish(t *testing.T) {
	t.Parallel()
	for language, want := range map[string][]string{
		"en": {": meeting 1\r\n", "Last day to answer the questions"},
		"de": {": Treffen 1\r\n", "Letzter Tag\\, die Fragen zu beantworten"},
		"es": {": reunión 1\r\n", "Último día para responder a las preguntas"},
	} {
		w := newWorld(t, 1)
		d, _ := w.arrive(t, 0)
		d.post("/language", url.Values{"language": {language}, "next": {"/me"}})
		at := address(t, d.post("/me/calendar", url.Values{"surveys": {"yes"}, "titles": {"yes"}}).want(200))
		_, body := follow(t, at, "")
		body = strings.ReplaceAll(body, "\r\n ", "")
		for _, text := range want {
			if !strings.Contains(body, text) {
				t.Errorf("%s: the calendar lacks %q:\n%s", language, text, body)
			}
		}
		file := d.get("/me/calendar/meetings.ics?titles=yes").want(200)
		if !strings.Contains(strings.ReplaceAll(file.body, "\r\n ", ""), want[0]) || strings.Contains(file.body, want[1]) {
			t.Errorf("%s: the file is %s", language, file.body)
		}
		if got := file.header.Get("Content-Disposition"); got != `attachment; filename="meetings.ics"` {
			t.Errorf("got %q", got)
		}
	}
}

func TestAFacilitatorsCalendarNamesTheRunAndNobody(t *testing.T) {
	t.Parallel()
	w := newWorld(t, 2)
	d := w.signedIn(t, "leader@example.org", w.facilitator())
	at := address(t, d.get("/account/calendar?run="+string(w.run.ID)).form("Make an address").press("Make an address").want(200))
	_, body := follow(t, at, "")
	if strings.Count(body, "SUMMARY:"+w.run.Name+": meeting ") != 8 || strings.Contains(body, "Person") || strings.Contains(body, w.study.Title) {
		t.Errorf("got %s", body)
	}
	file := d.get(w.runPath("/meetings.ics")).want(200)
	if strings.Count(file.body, "BEGIN:VEVENT") != 8 {
		t.Errorf("got %s", file.body)
	}
	list := d.get("/account/calendar").want(200, "Addresses in use", w.run.Name)
	const end = "End the address for Autumn evening group"
	list.form(end).press(end).want(200)
	if gone, _ := follow(t, at, ""); gone.StatusCode != 404 {
		t.Errorf("an ended address answers %d", gone.StatusCode)
	}
}

func TestAProgramThatAsksWithoutAPauseIsToldToWait(t *testing.T) {
	t.Parallel()
	w := newWorld(t, 0)
	for n := range pacePerOne + 1 {
		answer, _ := follow(t, w.base+"/calendar/nobody.ics", "")
		switch {
		case n < pacePerOne && answer.StatusCode != 404:
			t.Fatalf("time %d: got %d", n+1, answer.StatusCode)
		case n == pacePerOne && (answer.StatusCode != 429 || answer.Header.Get("Retry-After") == ""):
			t.Errorf("too many: got %d, %q", answer.StatusCode, answer.Header.Get("Retry-After"))
		}
	}
	other, _ := follow(t, w.base+"/calendar/somebody.ics", "")
	if other.StatusCode != 404 {
		t.Errorf("another address: got %d", other.StatusCode)
	}
	w.setClock(w.now().Add(paceWindow))
	if later, _ := follow(t, w.base+"/calendar/nobody.ics", ""); later.StatusCode != 404 {
		t.Errorf("a minute later: got %d", later.StatusCode)
	}
	if s, _ := follow(t, w.base+"/calendar/nobody", ""); s.StatusCode != 404 {
		t.Errorf("without its ending: got %d", s.StatusCode)
	}
}
