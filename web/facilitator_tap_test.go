package web

import (
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"golang.org/x/net/html"

	"tidemark/survey"
)

// tapped sends a tap as the script does and reads what stands.
func tapped(t *testing.T, d *device, path string, tap map[string]any, want int) (reply struct {
	Present  bool
	Known    int64
	Conflict string
	Message  string
},
) {
	t.Helper()
	body, err := json.Marshal(tap)
	if err != nil {
		t.Fatal(err)
	}
	s := d.json(path, string(body)).want(want)
	if want == http.StatusOK || want == http.StatusUnprocessableEntity {
		if err := json.Unmarshal([]byte(s.body), &reply); err != nil {
			t.Fatalf("%q: %v", s.body, err)
		}
	}
	return reply
}

func TestATapNotesOnePersonAndNobodyElse(t *testing.T) {
	t.Parallel()
	w := newWorld(t, 3)
	d := w.signedIn(t, "leader@example.org", w.facilitator())
	roster, err := w.store.Roster(t.Context(), w.study.ID, w.run.ID)
	w.must(err)
	path := w.runPath("/meetings/1/tap")
	tap := func(person int, present bool, ago time.Duration, known int64) map[string]any {
		return map[string]any{
			"enrolment": roster[person].ID, "present": present, "ago": ago.Milliseconds(), "known": known, "once": uuid.NewString(),
		}
	}
	first := tapped(t, d, path, tap(0, true, 0, 0), 200)
	if !first.Present || first.Conflict != "" || first.Known != w.now().UnixMilli() {
		t.Errorf("the first tap is answered with %+v", first)
	}
	notes, err := w.store.Attendance(t.Context(), w.study.ID, w.run.ID)
	w.must(err)
	if len(notes) != 1 || !notes[0].Present {
		t.Errorf("one tap has noted %v", notes)
	}
	w.setClock(w.now().Add(5 * time.Minute))
	late := tapped(t, d, path, tap(0, false, 20*time.Minute, 0), 200)
	if want := "Another device noted present at 10:00, this one absent at 09:45. The later counts: present."; !late.Present || late.Conflict != want {
		t.Errorf("a late tap is answered with %+v, want %q", late, want)
	}
	wins := tapped(t, d, path, tap(0, false, time.Minute, 0), 200)
	if want := "Another device noted present at 10:00, this one absent at 10:04. The later counts: absent."; wins.Present || wins.Conflict != want {
		t.Errorf("the later tap is answered with %+v, want %q", wins, want)
	}
	tapped(t, d, w.runPath("/meetings/99/tap"), tap(0, true, 0, 0), 422)
	tapped(t, d, path, map[string]any{"enrolment": "somebody", "present": true}, 404)
	tapped(t, d, path, map[string]any{"who": "x"}, 400)
	tapped(t, d, path, map[string]any{"enrolment": strings.Repeat("x", maxTapBody)}, 400)
	tapped(t, d, path, map[string]any{"enrolment": roster[0].ID, "once": "short"}, 409)
}

func TestTheProjectorShowsNoNamesAndNoNotes(t *testing.T) {
	t.Parallel()
	const minimum = survey.DefaultTrendMinimum
	w := newWorld(t, minimum+2)
	w.days(10)
	for i := range minimum + 2 {
		w.answer(i, always(float64(1+i%5)))
	}
	page := func() screen {
		w.tellFigures()
		return w.signedIn(t, "leader@example.org", w.facilitator()).get(w.runPath("/meetings/3/projector")).want(200)
	}
	pictures := func(s screen) int {
		n := 0
		for _, svg := range all(byID(s.root, "main"), "svg") {
			if attr(svg, "role") == "img" && attr(svg, "class") != "qr" {
				n++
			}
		}
		return n
	}
	if n := pictures(page()); n != 0 {
		t.Errorf("%d pictures of a week that is still open", n)
	}
	w.days(14)
	s := page()
	if pictures(s) == 0 {
		t.Error("the group's picture is not shown although enough people have answered")
	}
	roster, err := w.store.Roster(t.Context(), w.study.ID, w.run.ID)
	w.must(err)
	sheet, err := w.cases.Runs.Meeting(t.Context(), survey.SystemActor("test"), w.study.ID, w.run.ID, 3)
	w.must(err)
	for _, e := range roster {
		if strings.Contains(s.body, e.Code) || strings.Contains(s.body, string(e.ID)) {
			t.Fatal("somebody can be told from the page for the wall")
		}
	}
	note, _, _ := strings.Cut(sheet.Meeting.FacilitatorNote, ".")
	for _, secret := range []string{"Person ", note, "When someone is unwell"} {
		if strings.Contains(s.body, secret) {
			t.Errorf("the page for the wall says %q", secret)
		}
	}
	live := w.signedIn(t, "leader@example.org").get(w.runPath("/meetings/3/live")).want(200, "Person 1", note)
	if !slices.ContainsFunc(all(live.root, "details"), hasText(note)) {
		t.Error("the notes are not folded in meeting mode")
	}
}

func TestThePlanStandsOnTheClockWithoutAScript(t *testing.T) {
	t.Parallel()
	w := newWorld(t, 1)
	d := w.signedIn(t, "leader@example.org", w.facilitator())
	sheet, err := w.cases.Runs.Meeting(t.Context(), survey.SystemActor("test"), w.study.ID, w.run.ID, 1)
	w.must(err)
	at, err := time.Parse("15:04", w.run.MeetingTime)
	w.must(err)
	var want []string
	for _, step := range sheet.Meeting.Plan {
		want = append(want, fmt.Sprintf("%s %s %d min", at.Format("15:04"), step.Title, step.Minutes))
		at = at.Add(time.Duration(step.Minutes) * time.Minute)
	}
	s := d.get(w.runPath("/meetings/1/live")).want(200, "Ends at "+at.Format("15:04"))
	var got []string
	for _, li := range all(byID(s.root, "steps"), "li") {
		got = append(got, textOf(li))
	}
	if !slices.Equal(got, want) {
		t.Errorf("the plan stands as %q, want %q", got, want)
	}
	handout := d.get(w.runPath("/meetings/1/handout")).want(200, sheet.Meeting.Practice.Title, w.base+"/me/practice")
	if strings.Contains(handout.body, "Person 1") {
		t.Error("there is a name on what is handed out")
	}
	// What is noted in meeting mode without a script leads back to it.
	form := s.values(w.runPath("/meetings/1"))
	if form.Get("back") != "live" {
		t.Errorf("the form is %v", form)
	}
	if back := d.post(w.runPath("/meetings/1"), form).want(200, "Attendance is noted."); !strings.HasSuffix(back.path, "/meetings/1/live") {
		t.Errorf("noting leads to %s", back.path)
	}
}

// hasText finds an element by what it says.
func hasText(text string) func(*html.Node) bool {
	return func(n *html.Node) bool { return strings.Contains(textOf(n), text) }
}
