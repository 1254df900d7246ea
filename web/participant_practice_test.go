package web

import (
	"archive/zip"
	"io"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"golang.org/x/net/html"

	"tidemark/survey"
	"tidemark/survey/export"
	"tidemark/survey/schedule"
)

// inWeek moves the clock into a week of the course, the day after its meeting, and
// signs person n in.
func (w *world) inWeek(t *testing.T, week, n int) *device {
	t.Helper()
	start, err := time.Parse(time.DateOnly, courseStart)
	w.must(err)
	w.setClock(start.AddDate(0, 0, 7*(week-1)+1).Add(12 * time.Hour))
	d, _ := w.arrive(t, n)
	return d
}

// noted is what person n has noted.
func (w *world) noted(n int) []survey.PracticeEntry {
	w.t.Helper()
	roster, err := w.store.Roster(w.t.Context(), w.study.ID, w.run.ID)
	w.must(err)
	entries, err := w.store.PracticeLog(w.t.Context(), w.study.ID, roster[n].ID)
	w.must(err)
	return entries
}

func TestPracticeIsNotedByAFormWithoutScript(t *testing.T) {
	t.Parallel()
	w := newWorld(t, 2)
	d := w.inWeek(t, 3, 0)
	home := d.get("/me").want(200, "This week", "Week 3 of 8", "Everyone on the bus")
	s := home.follow("To the practice").want(200, "Everyone on the bus", "Once a day, look at someone near you", "we see our own failures from close by", "Nothing yet")
	if strings.Contains(s.text(), "One kind thing a day") {
		t.Error("the page shows a practice of a later week")
	}
	f := s.form("I did it").choose("minutes", "15").choose("formal", "no").choose("helpful", "7").choose("day", "2026-12-15")
	s = f.press("I did it").want(200, "It is noted", "Week 2", "15 minutes on 1 day")
	entries := w.noted(0)
	if len(entries) != 1 || entries[0].Minutes != 15 || entries[0].Formal || *entries[0].Helpful != 7 || entries[0].Practice != "week_03" {
		t.Fatalf("noted: %+v", entries)
	}
	// Pressed again, by an impatient thumb or the back button.
	var rush sync.WaitGroup
	for range 4 {
		rush.Go(func() {
			if again := d.post("/me/practice", f.fields); again.status != 200 {
				t.Errorf("sent again: %d", again.status)
			}
		})
	}
	rush.Wait()
	if n := len(w.noted(0)); n != 1 {
		t.Errorf("%d entries, want 1", n)
	}
	// Back, changed and sent again: nothing is lost, and nothing is said to be noted.
	f.fields.Set("minutes", "30")
	changed := d.post("/me/practice", f.fields).want(409, "What you changed is not saved yet")
	checkFrame(t, changed)
	if got := changed.form("I did it").fields; got.Get("minutes") != "30" || got.Get("once") == f.fields.Get("once") || len(w.noted(0)) != 1 {
		t.Errorf("after going back the form has %v, and %d are noted", got, len(w.noted(0)))
	}
	// Correcting, with a number of one's own; then removing.
	edit := s.follow("Change").want(200, "Change what you noted")
	g := edit.form("Save the change")
	if got := g.fields; got.Get("minutes") != "15" || got.Get("formal") != "no" || got.Get("helpful") != "7" || got.Get("day") != "2026-12-15" || got.Get("practice") != "week_03" {
		t.Errorf("the form begins with %v", got)
	}
	g.enter("minutes_other", "42").choose("helpful", "").choose("practice", "week_01").press("Save the change").want(200, "The change is saved", "42 minutes on 1 day", "Catch the tone")
	if e := w.noted(0)[0]; e.Minutes != 42 || e.Helpful != nil || e.Practice != "week_01" {
		t.Errorf("corrected: %+v", e)
	}
	edit = d.get(edit.path).want(200)
	if got := edit.form("Save the change").fields.Get("minutes_other"); got != "42" {
		t.Errorf("the number of one's own is %q", got)
	}
	other := w.inWeek(t, 3, 1)
	other.get(edit.path).want(404)
	other.post(edit.path, url.Values{"minutes": {"1"}, "formal": {"yes"}, "day": {"2026-12-15"}, "practice": {"week_01"}}).want(404)
	other.post(edit.path+"/remove", url.Values{}).want(200)
	if len(w.noted(0)) != 1 {
		t.Fatal("somebody else removed the entry")
	}
	edit.form("Remove this entry").press("Remove this entry").want(200, "The entry is removed", "Nothing yet")
	edit.form("Remove this entry").press("Remove this entry").want(200)
	d.get(edit.path).want(404)
}

func TestAFaultyPracticeFormLosesNothing(t *testing.T) {
	t.Parallel()
	w := newWorld(t, 1)
	d := w.inWeek(t, 2, 0)
	f := d.get("/me/practice").want(200).form("I did it")
	f.enter("minutes_other", "many").choose("helpful", "0").choose("day", "2026-12-09")
	s := f.press("I did it").want(422, "Nothing was saved yet", "whole number from 1 to 600", "Say whether you set time aside")
	checkFrame(t, s)
	again := s.form("I did it")
	if got := again.fields; got.Get("minutes_other") != "many" || got.Get("helpful") != "0" || got.Get("day") != "2026-12-09" || got.Get("once") != f.fields.Get("once") {
		t.Errorf("after the fault the form has %v", got)
	}
	again.enter("minutes_other", " 90 ").choose("formal", "yes").press("I did it").want(200, "It is noted")
	if e := w.noted(0)[0]; e.Minutes != 90 || *e.Helpful != 0 || !e.Formal {
		t.Errorf("noted: %+v", e)
	}
	for _, bad := range []url.Values{
		{}, {"minutes": {"601"}}, {"minutes": {"1e9"}}, {"minutes": {"9999999999999999999"}}, {"day": {"2026-02-30"}}, {"helpful": {"x"}},
	} {
		s := d.post("/me/practice", bad).want(422)
		checkFrame(t, s)
	}
	if n := len(w.noted(0)); n != 1 {
		t.Errorf("%d entries, want 1", n)
	}
}

func TestPracticeIsThereOnlyDuringTheCourseAndForThoseWhoTakeIt(t *testing.T) {
	t.Parallel()
	w := newWorld(t, 2)
	d, home := w.arrive(t, 0)
	for _, early := range []string{"This week", "Show me my words now"} {
		if strings.Contains(home.text(), early) {
			t.Errorf("before the course the list says %q", early)
		}
	}
	s := d.get("/me/practice").want(200, "Your course begins on Thursday 3 December")
	if strings.Contains(s.body, "did-it") {
		t.Error("something can be noted before the course")
	}
	d = w.inWeek(t, 9, 0)
	d.get("/me/practice").want(200, "Your course is over", "I did it") // the last days still count
	d = w.inWeek(t, 10, 0)
	s = d.get("/me/practice").want(200, "Your course is over", "Practices of earlier weeks", "My plan for the next setback")
	if strings.Contains(s.body, "did-it") {
		t.Error("something can be noted long after the course")
	}
	s = d.get("/me").want(200, "Show me my words now")
	if strings.Contains(s.text(), "This week") {
		t.Error("after the course the list has a week")
	}
	// Somebody who waits is led back to the list, and has no section of their own.
	waiting := w.waiting(t)
	for _, path := range []string{"/me/practice", "/me/words", "/me/reflections"} {
		if s := waiting.get(path).want(200); s.path != "/me" {
			t.Errorf("%s leads somebody who waits to %s", path, s.path)
		}
	}
	if s := waiting.get("/me"); strings.Contains(s.text(), "Show me my words") {
		t.Error("somebody who waits is offered the course")
	}
	waiting.post("/me/practice", url.Values{}).want(404)
	waiting.post("/me/words", url.Values{"text": {"x"}}).want(404)
	// Whoever has not agreed yet is asked first, and whoever has left is told.
	fresh := w.device(t)
	fresh.get("/p/" + w.links[1]).want(200).form("Continue").press("Continue").want(200)
	if s := fresh.get("/me/practice").want(200); s.path != "/me/consent" {
		t.Errorf("before consent /me/practice leads to %s", s.path)
	}
	fresh.post("/me/practice", url.Values{}).want(403)
	fresh.post("/me/words", url.Values{"text": {"x"}}).want(403)
}

// waiting is a device of somebody in the arm that waits.
func (w *world) waiting(t *testing.T) *device {
	t.Helper()
	ctx, admin := t.Context(), survey.SystemActor("test")
	design, err := w.cases.Studies.Design(ctx, admin, w.study.ID)
	w.must(err)
	var arm survey.ArmID
	for _, a := range design.Arms {
		if a.Control {
			arm = a.ID
		}
	}
	people, err := w.cases.Runs.AddPeople(ctx, admin, w.study.ID, w.run.ID, []survey.Person{{Name: "Waiting"}}, arm)
	w.must(err)
	_, printed, err := w.cases.Enrolments.Links(ctx, admin, w.study.ID, w.run.ID)
	w.must(err)
	for _, l := range printed {
		if l.Enrolment.ID == people[0].ID {
			w.links = append(w.links, l.Token)
		}
	}
	d, _ := w.arrive(t, len(w.links)-1)
	return d
}

func TestOwnWordsAreOneTapAway(t *testing.T) {
	t.Parallel()
	w := newWorld(t, 2)
	d := w.inWeek(t, 2, 0)
	s := d.get("/me").follow("Show me my words now").want(200, "Words of your own help most")
	s = s.form("Keep these words").enter("text", " \n ").press("Keep these words").want(422, "Write at least a few words first")
	checkFrame(t, s)
	const words = "I am trying.\nThis passes, <b>too</b>."
	f := s.form("Keep these words").enter("text", words)
	s = f.press("Keep these words").want(200, "It is kept, for you alone", "This passes, <b>too</b>.")
	f.press("Keep these words").want(200) // sent twice, kept once
	if n := strings.Count(d.get("/me/words").body, "<blockquote"); n != 1 {
		t.Errorf("the words stand there %d times", n)
	}
	again := f.enter("text", "Something else.").press("Keep these words").want(409, "What you changed is not saved yet", "Something else.")
	checkFrame(t, again)
	w.setClock(w.now().Add(time.Minute)) // the newest comes first
	again = again.form("Keep these words").press("Keep these words").want(200, "It is kept", "Something else.")
	again.follow("Change").form("Remove this text for good").press("Remove this text for good").want(200)
	// One tap from the list, and from the page with help.
	d.get("/me").follow("Show me my words now").want(200, "This passes")
	d.get("/help").follow("words for hard moments").want(200, "This passes")
	if strings.Contains(w.device(t).get("/help").text(), "words for hard moments") {
		t.Error("the page with help offers words to a stranger")
	}
	// Nobody else reads them.
	if strings.Contains(w.inWeek(t, 2, 1).get("/me/words").text(), "This passes") {
		t.Error("somebody else sees the words")
	}
	edit := s.follow("Change").want(200)
	g := edit.form("Save the change")
	if got := g.fields.Get("text"); got != words {
		t.Errorf("the form begins with %q, want %q", got, words)
	}
	g.enter("text", "One step.").press("Save the change").want(200, "The change is saved", "One step.")
	edit.form("Save the change").enter("text", strings.Repeat("x", 4001)).press("Save the change").want(422, "too long")
	w.inWeek(t, 2, 1).get(edit.path).want(404)
	s = edit.form("Remove this text for good").press("Remove this text for good").want(200, "The text is removed")
	if strings.Contains(s.text(), "One step.") {
		t.Error("the words are still there")
	}
	d.get(edit.path).want(404)
}

func TestReflectionsAreSharedOnlyByChoiceAndTakenBackAtAnyTime(t *testing.T) {
	t.Parallel()
	w := newWorld(t, 1)
	d := w.inWeek(t, 6, 0)
	s := d.get("/me/practice").follow("After a setback").want(200, "What went wrong?", "What would I do differently?", "How can I improve my first idea?")
	s.form("Keep this for me").press("Keep this for me").want(422, "Write at least a few words first")
	s = s.form("Keep this for me").enter("text_2", "Begin two days earlier").press("Keep this for me").want(200, "What you wrote before", "Begin two days earlier")
	if strings.Contains(s.text(), "shared with the research team") {
		t.Error("it is shared from the beginning")
	}
	shared := func() (texts []string) {
		w.must(w.cases.Notes.EachShared(t.Context(), w.store, survey.SystemActor("test"), w.study.ID, func(n *survey.SharedNote) error {
			texts = append(texts, n.Text(1))
			return nil
		}))
		return texts
	}
	edit := s.follow("Change, share or remove").want(200, "Nobody but you can read this")
	if len(shared()) != 0 {
		t.Error("the researchers read what is not shared")
	}
	const share = "Share this with the research team (without my name)"
	edit.form(share).press(share).want(200, "shared with the research team")
	if got := shared(); len(got) != 1 || got[0] != "Begin two days earlier" {
		t.Errorf("the researchers read %q", got)
	}
	// After leaving, what was shared can still be seen and taken back.
	d.get("/me/data/leave").form("Leave, and keep what I gave").press("Leave, and keep what I gave").want(200)
	s = d.get("/me/reflections").want(200, "Begin two days earlier")
	if len(all(s.root, "textarea")) != 0 {
		t.Error("somebody who has left can write")
	}
	d.post("/me/reflections", url.Values{"text_1": {"x"}}).want(410)
	s = d.get(edit.path).want(200, "Do not share it any more")
	s.form("Do not share it any more").press("Do not share it any more").want(200, "It is not shared any more")
	if len(shared()) != 0 {
		t.Error("the researchers read what was taken back")
	}
	s = d.get(edit.path).want(200)
	s.form("Remove this text for good").press("Remove this text for good").want(200, "The text is removed")
}

func TestPracticePagesSpeakThePersonsLanguage(t *testing.T) {
	t.Parallel()
	w := newWorld(t, 1)
	d := w.inWeek(t, 3, 0)
	for tag, words := range map[string][]string{
		"de": {"Üben zwischen den Treffen", "Alle im Bus", "Ich habe geübt", "Schau einmal am Tag"},
		"es": {"Practicar entre reuniones", "Todos en el autobús", "He practicado", "Una vez al día, mira"},
	} {
		r := d.request("GET", "/me/practice", nil)
		r.Header.Set("Accept-Language", tag)
		d.do(r).want(200, words...)
	}
	// A language the course does not have falls back, and says what it is.
	for _, n := range all(d.get("/me/practice").root, "section") {
		if lang := attr(n, "lang"); lang != "en" && attr(n, "class") == "card" {
			t.Errorf("the practice is marked as %q", lang)
		}
	}
}

// The pages hold together at their emptiest and at their fullest.
func practiceScreens(t *testing.T, w *world, n int) map[string]screen {
	t.Helper()
	d := w.inWeek(t, 4, n)
	shown := map[string]screen{
		"practice empty": d.get("/me/practice").want(200), "words empty": d.get("/me/words").want(200),
		"reflections empty": d.get("/me/reflections").want(200), "home course": d.get("/me").want(200, "This week"),
	}
	shown["practice fault"] = shown["practice empty"].form("I did it").press("I did it").want(422)
	shown["practice full"] = shown["practice empty"].form("I did it").choose("minutes", "5").choose("formal", "yes").press("I did it").want(200)
	shown["practice_entry"] = shown["practice full"].follow("Change").want(200)
	shown["practice_entry fault"] = shown["practice_entry"].form("Save the change").enter("minutes_other", "0").press("Save the change").want(422)
	shown["words fault"] = shown["words empty"].form("Keep these words").press("Keep these words").want(422)
	shown["words full"] = shown["words empty"].form("Keep these words").enter("text", "One step.").press("Keep these words").want(200)
	shown["note words"] = shown["words full"].follow("Change").want(200)
	shown["note fault"] = shown["note words"].form("Save the change").enter("text", " ").press("Save the change").want(422)
	shown["reflections fault"] = shown["reflections empty"].form("Keep this for me").press("Keep this for me").want(422)
	shown["reflections full"] = shown["reflections empty"].form("Keep this for me").enter("text_1", "A").enter("text_3", "C").press("Keep this for me").want(200)
	shown["note reflection"] = shown["reflections full"].follow("Change, share or remove").want(200)
	const share = "Share this with the research team (without my name)"
	shown["reflections shared"] = shown["note reflection"].form(share).press(share).want(200)
	shown["note shared"] = d.get(shown["note reflection"].path).want(200, "Do not share it any more")
	return shown
}

func TestEveryPracticePageIsWhole(t *testing.T) {
	t.Parallel()
	w := newWorld(t, 1)
	for name, s := range practiceScreens(t, w, 0) {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			checkFrame(t, s)
			checkLabels(t, s)
			if !strings.Contains(s.text(), "Need to talk to someone now?") {
				t.Error("the page does not say where to find someone to talk to")
			}
			for _, n := range all(s.root, "input", "textarea", "select") {
				checkDescribed(t, n)
			}
		})
	}
}

// Every practice page is asked for once more in the language for tests.
func TestNoTextOnAPracticePageIsHardCoded(t *testing.T) {
	t.Parallel()
	seen := 0
	w := newWorld(t, 1, func(w *world) {
		w.watch = func(s screen) {
			if s.root != nil && s.status < 500 && (s.status < 300 || s.status >= 400) {
				seen++
				checkPseudo(t, s)
			}
		}
	})
	practiceScreens(t, w, 0)
	if seen < 15 {
		t.Errorf("only %d pages were looked at", seen)
	}
}

// Whoever practises every day still has a light page in the last week.
func TestPracticePagesAreLight(t *testing.T) {
	t.Parallel()
	w := newWorld(t, 1)
	var d *device
	for week := 1; week <= 8; week++ {
		d = w.inWeek(t, week, 0)
		w.days(5) // the last day of the week
		for _, n := range []int{0, 1, 2, 3, 4, 5, 6} {
			f := d.get("/me/practice").form("I did it").choose("minutes", "15").choose("formal", "yes").choose("helpful", "10")
			f.choose("day", schedule.DateOf(w.now().In(w.run.Zone())).AddDays(-n).String()).press("I did it").want(200, "It is noted")
		}
	}
	d.get("/me/words").form("Keep these words").enter("text", "I am trying.").press("Keep these words").want(200)
	d.get("/me/reflections").form("Keep this for me").enter("text_1", strings.Repeat("word ", 100)).press("Keep this for me").want(200)
	for path, texts := range map[string][]string{
		"/me/practice":        {"105 minutes on 7 days"},
		"/me/practice?week=2": {"105 minutes on 7 days", "Tuesday 15 December"},
		"/me/words":           {"I am trying."}, "/me/reflections": nil, "/me": {"This week"},
	} {
		s := d.get(path).want(200, texts...)
		checkFrame(t, s)
		if n := onTheWire(t, d, path); n > 20_000 {
			t.Errorf("%s: %d bytes, want at most 20,000", path, n)
		} else {
			t.Logf("%6d bytes %s", n, path)
		}
	}
	if strings.Contains(d.get("/me/practice").text(), "Tuesday 15 December") {
		t.Error("an earlier week is unfolded unasked")
	}
}

// checkDescribed holds a field to bounds a browser can help with.
func checkDescribed(t *testing.T, n *html.Node) {
	t.Helper()
	if n.Data == "textarea" && attr(n, "maxlength") == "" {
		t.Errorf("%s takes any length", attr(n, "name"))
	}
}

// Whatever role somebody has, no page and no file of the staff's holds a note that is
// not shared; a shared one is in one file alone, and the download is noted.
func TestNoPageOfTheStaffHoldsAPrivateNote(t *testing.T) {
	t.Parallel()
	const secret, open = "canary-nobody-sees", "canary-shared"
	w := newWorld(t, 2)
	d := w.inWeek(t, 4, 0)
	d.get("/me/words").form("Keep these words").enter("text", secret).press("Keep these words").want(200)
	s := d.get("/me/reflections").form("Keep this for me").enter("text_1", open).press("Keep this for me").want(200)
	const share = "Share this with the research team (without my name)"
	s.follow("Change, share or remove").form(share).press(share).want(200)
	d.get("/me/practice").form("I did it").choose("minutes", "20").choose("formal", "yes").press("I did it").want(200)

	w.plan(w.study)
	w.freeze(w.study)
	staff := w.signedIn(t, "everything@example.org", administrator(), w.researcher(), w.facilitator())
	pages := 0
	for _, r := range w.site.engine.Routes() {
		if r.Method != "GET" || elsewhere("GET "+r.Path) {
			continue
		}
		pages++
		path := strings.NewReplacer(":study", w.study.Key, ":run", string(w.run.ID), ":user", "x", ":meeting", "1", ":version", "1",
			":snapshot", "1", ":table", "flow.csv", ":file", "report.json").Replace(r.Path)
		if s := staff.get(path); strings.Contains(s.body, "canary") {
			t.Errorf("%s holds a note", r.Path)
		}
	}
	if pages < 20 {
		t.Errorf("only %d pages were looked at", pages)
	}
	for _, f := range dataFiles() {
		form := url.Values{}
		switch f.What {
		case export.WholeStudy:
			form.Set("format", "fhir")
		case export.Questionnaires:
			form.Set("format", "csv")
		}
		body := staff.post(w.path("/data/"+f.What), form).want(200).body
		if f.What == export.Questionnaires {
			body = unpacked(t, body)
		}
		if strings.Contains(body, secret) || strings.Contains(body, open) != (f.What == "reflections") {
			t.Errorf("%s: holds the secret %v, the shared note %v", f.What, strings.Contains(body, secret), strings.Contains(body, open))
		}
		if f.What == "practice" && !strings.Contains(body, ",20,1,") {
			t.Errorf("the practice is not in its file: %s", body)
		}
	}
	if strings.Contains(staff.post(w.path("/snapshots/1/download"), url.Values{}).want(200).body, "canary") {
		t.Error("frozen data hold a note")
	}
	staff.get("/admin/audit").want(200, "shared a private note", "exported data", "reflections")
	if strings.Contains(w.log.String(), "canary") {
		t.Error("the log holds a note")
	}
}

// unpacked is what all files of an archive hold.
func unpacked(t *testing.T, archive string) string {
	t.Helper()
	z, err := zip.NewReader(strings.NewReader(archive), int64(len(archive)))
	if err != nil || len(z.File) == 0 {
		t.Fatalf("%d files in the archive: %v", len(z.File), err)
	}
	var all strings.Builder
	for _, f := range z.File {
		r, err := f.Open()
		if err == nil {
			_, err = io.Copy(&all, r)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	return all.String()
}
