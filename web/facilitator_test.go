package web

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/net/html"

	"tidemark/survey"
	"tidemark/survey/store"
)

// grid reads the board's table: for each person the words of their marks.
func grid(t *testing.T, s screen) map[string][]string {
	t.Helper()
	rows := map[string][]string{}
	for _, tr := range all(s.root, "tr") {
		var head string
		var marks []string
		for c := range tr.ChildNodes() {
			switch {
			case c.Type != html.ElementNode:
			case c.Data == "th" && attr(c, "scope") == "row":
				head = textOf(c)
			case c.Data == "td" && strings.HasPrefix(attr(c, "class"), "c "):
				marks = append(marks, textOf(c))
			}
		}
		if head != "" && len(marks) > 0 {
			rows[head[:strings.LastIndex(head, " ")]] = marks
		}
	}
	return rows
}

// cards are the numbers at the head of the board by their label.
func cards(s screen) map[string]string {
	found := map[string]string{}
	for _, li := range all(s.root, "li") {
		if attr(li, "class") == "card" {
			found[textOf(all(li, "span")[0])] = textOf(all(li, "strong")[0]) + ", " + textOf(all(li, "span")[1])
		}
	}
	return found
}

func TestTheBoardShowsWhoHasAnsweredWhat(t *testing.T) {
	t.Parallel()
	w := newWorld(t, 4)
	d := w.signedIn(t, "leader@example.org", w.facilitator())
	w.answer(0, always(3))
	_, questions := w.begin(t, 1)
	questions.form("Continue").choose("sc_01", "5").press("Continue").want(200)
	person, _ := w.arrive(t, 3)
	person.get("/me/data/leave").form("Leave, and keep what I gave").press("Leave, and keep what I gave").want(200)
	s := d.get(w.runPath("")).want(200, "Learning from setbacks, 8 weeks", "begins in 2 weeks",
		"next meeting Thursday 3 December, 18:30", "You see who has answered, never what they answered.", "withdrawn before start")
	rows := grid(t, s)
	for name, want := range map[string]string{
		"Person 1": "complete", "Person 2": "partly", "Person 3": "open now", "Person 4": "withdrawn",
	} {
		if got := rows[name]; len(got) != 11 || got[0] != want {
			t.Errorf("%s: %q, want %s first of 11", name, got, want)
		}
	}
	want := map[string]string{
		"Enrolled": "4, 1 withdrawn", "Before the course": "1 of 3, 33%, open until Saturday 5 December",
		"Week 1": "–, opens Thursday 3 December", "Attendance so far": "–, not noted yet",
		"Practice at home": "–, shown for weeks that are over",
	}
	if diff := cmp.Diff(cards(s), want); diff != "" {
		t.Errorf("numbers (-got +want):\n%s", diff)
	}
	w.days(13) // the first week, and a sign-in lasts for a day
	d = w.signedIn(t, "leader@example.org")
	s = d.get(w.runPath("")).want(200, "week 1 of 8", "next meeting Thursday 10 December")
	if got := grid(t, s)["Person 3"][0]; got != "missed" {
		t.Errorf("Person 3 is %q after the wave has closed", got)
	}
}

func TestTheTrendIsHiddenBelowTheStudysMinimum(t *testing.T) {
	t.Parallel()
	const minimum = survey.DefaultTrendMinimum
	w := newWorld(t, minimum+2)
	board := func() screen {
		w.tellFigures()
		return w.signedIn(t, "leader@example.org", w.facilitator()).get(w.runPath("")).want(200)
	}
	shown := func(s screen) bool {
		for _, svg := range all(s.root, "svg") {
			if attr(svg, "role") == "img" {
				return true
			}
		}
		return false
	}
	w.days(10) // the first week
	for i := range minimum - 1 {
		w.answer(i, always(4))
	}
	w.days(7)
	if s := board().want(200, "at least 10 people have answered it, so that nobody"); shown(s) {
		t.Fatal("a trend of nine people is shown")
	}
	for i := range minimum + 1 { // the second week
		w.answer(i, always(float64(1+i%5)))
	}
	if s := board(); shown(s) {
		t.Error("a week that is still open is shown: the next answer could be read from the change")
	}
	w.days(7)
	s := board().want(200, "Self-compassion this week")
	if !shown(s) {
		t.Fatal("a week that eleven people have answered is not shown")
	}
	var table [][]string
	for _, tr := range all(byID(s.root, "trend-head").Parent, "tr") {
		var row []string
		for _, c := range all(tr, "th", "td") {
			row = append(row, textOf(c))
		}
		table = append(table, row)
	}
	// Eleven people give all items 1 to 5 in turn; two of five items are
	// reversed, so that a person's score is 0.2·x + 2.4. The x have the mean
	// 31/11: 2.96 together, told as 3.0. They are so alike that the interval is
	// drawn as wide as it takes for nobody to be bounded: 2·t(10)/10 is 0.446.
	want := [][]string{{"Wave", "n, about", "Mean", "95% low", "95% high"}, {"W1", "–", "–", "–", "–"}, {"W2", "10", "3.00", "2.50", "3.50"}}
	if diff := cmp.Diff(table, want); diff != "" {
		t.Errorf("trend (-got +want):\n%s", diff)
	}
}

func TestACourseRunThatCannotBeMadeKeepsWhatWasTyped(t *testing.T) {
	t.Parallel()
	w := newWorld(t, 1)
	d := w.signedIn(t, "leader@example.org", w.facilitator())
	page := d.get(w.path("/new-run")).want(200)
	values := page.values(w.path("/runs"))
	if values.Get("time_zone") != worldZone {
		t.Errorf("the time zone begins as %q, want the study's", values.Get("time_zone"))
	}
	typed := url.Values{
		"course": {"learning_from_setbacks_8"}, "name": {"<b>Mine</b>"}, "starts_on": {"2026-02-30"}, "meeting_time": {"25:00"},
		"time_zone": {"Mars/Olympus"}, "location": {"Room \"7\""}, "skip": {"", ""},
	}
	committed := w.store.committed.Load()
	s := d.post(w.path("/runs"), typed).want(422, "Write the date as", "Write the time as", "Write a time zone as")
	if diff := cmp.Diff(s.values(w.path("/runs")), typed); diff != "" {
		t.Errorf("the form comes back (-got +want):\n%s", diff)
	}
	checkFrame(t, s)
	checkNamed(t, s)
	if w.store.committed.Load() != committed {
		t.Error("something was written")
	}
	for name, v := range map[string]string{"starts_on": "2027-01-11", "meeting_time": "18:00", "time_zone": "Europe/Madrid"} {
		typed.Set(name, v)
	}
	s = d.post(w.path("/runs"), typed).want(200, "<b>Mine</b>", "nobody yet")
	if strings.Contains(s.body, "<b>Mine") {
		t.Error("the name of a run is taken for markup")
	}
	d.get(w.path("/runs")).want(200, "<b>Mine</b>", "11 January 2027, 18:00", "Room \"7\"")
}

func TestMovingTheStartMovesWhatIsDue(t *testing.T) {
	t.Parallel()
	w := newWorld(t, 1)
	d := w.signedIn(t, "leader@example.org", w.facilitator())
	move := w.runPath("/move")
	s := d.post(move, url.Values{"starts_on": {"soon"}}).want(422, "Write the date as")
	if got := s.values(move).Get("starts_on"); got != "soon" {
		t.Errorf("the form comes back with %q", got)
	}
	checkFrame(t, s)
	d.post(move, url.Values{"starts_on": {"2027-01-14"}}).want(200, "next meeting Thursday 14 January", "opens Thursday 31 December")
	if got := d.get(w.runPath("")).values(move).Get("starts_on"); got != "2027-01-14" {
		t.Errorf("the form begins with %q", got)
	}
}

func TestAListOfPeopleIsTakenWholeOrNotAtAll(t *testing.T) {
	t.Parallel()
	w := newWorld(t, 1)
	d := w.signedIn(t, "leader@example.org", w.facilitator())
	people := w.runPath("/people")
	list := "Ana Ruiz, ana@example.org\n\nno address@\nBo\t bo@example.org\nana@example.org"
	s := d.post(people, url.Values{"people": {list}, "arm": {""}}).want(422, "Line 3 : This is not an e-mail address.", "Line 5 : This address stands here twice.")
	if got := s.values(people).Get("people"); got != list {
		t.Errorf("the list comes back as %q", got)
	}
	checkFrame(t, s)
	checkNamed(t, s)
	if rows := grid(t, d.get(w.runPath(""))); len(rows) != 1 {
		t.Fatalf("%d people after a list with faults, want the one there was", len(rows))
	}
	good := "Ana Ruiz, ana@example.org\r\n\r\nBo\tbo@example.org\r\nCy <cy@example.org>\r\n<script>alert(1)</script>"
	s = d.post(people, url.Values{"people": {good}}).want(200, "4 people added", "<script>alert(1)</script>")
	if strings.Contains(s.body, "<script>alert") {
		t.Error("a name is taken for markup")
	}
	// A form sent twice, by a second press of the button, is carried out once.
	form := d.get(people).values(people)
	if len(form.Get("once")) < 16 {
		t.Fatalf("the form is not told apart from others: %v", form)
	}
	form.Set("people", "Somebody without an address")
	for range 2 {
		d.post(people, form).want(200, "1 person added")
	}
	// The same list once more, in a form of its own.
	d.post(people, url.Values{"people": {good}}).want(422, "Ana@example.org : This address is in the course run already.")
	if rows := grid(t, d.get(w.runPath(""))); len(rows) != 6 {
		t.Errorf("%d people, want 6", len(rows))
	}
	d.post(people, url.Values{"people": {"\n \n"}}).want(422, "Write at least one name or address")
	d.post(people, url.Values{"people": {"Dee"}, "arm": {"no-such-arm"}}).want(422, "Choose one of the groups")
	d.post(people, url.Values{"people": {strings.Repeat("x\n", survey.MaxPeopleAtOnce+1)}}).want(422, "at most 5,000 people")
	d.post(people, url.Values{"people": {strings.Repeat("x", 2<<20)}}).want(413)
}

func TestFiveThousandPeopleFitInOneForm(t *testing.T) {
	t.Parallel()
	w := newWorld(t, 1)
	d := w.signedIn(t, "leader@example.org", w.facilitator())
	var list strings.Builder
	for i := range survey.MaxPeopleAtOnce {
		fmt.Fprintf(&list, "Somebody With A Long Name %d, somebody.with.a.long.name.%d@example.org\n", i, i)
	}
	d.post(w.runPath("/people"), url.Values{"people": {list.String()}}).want(200, "5000 people added", "5001")
}

func TestLinksArePrintedForWhoTakesPartAndWork(t *testing.T) {
	t.Parallel()
	w := newWorld(t, 2)
	d := w.signedIn(t, "leader@example.org", w.facilitator())
	person, _ := w.arrive(t, 1)
	person.get("/me/data/leave").form("Leave, and keep what I gave").press("Leave, and keep what I gave").want(200)
	s := d.get(w.runPath("")).form("Print personal links").press("Print personal links").want(200, "Person 1", w.base+"/p/"+w.links[0])
	if strings.Contains(s.body, "Person 2") || strings.Contains(s.body, w.links[1]) {
		t.Error("somebody who has left gets a link")
	}
	if len(all(s.root, "svg")) < 2 || !strings.Contains(s.body, `class="qr"`) {
		t.Error("there is no code to scan")
	}
	events, err := w.store.AuditEvents(t.Context(), w.study.ID, 1)
	w.must(err)
	if events[0].Action != survey.ActionLinksPrinted || events[0].ActorKind != survey.ActorUser {
		t.Errorf("the newest line of the audit trail is %v", events[0].Action)
	}
}

func TestAttendanceIsNotedAndPutRight(t *testing.T) {
	t.Parallel()
	w := newWorld(t, 3)
	d := w.signedIn(t, "leader@example.org", w.facilitator())
	path := w.runPath("/meetings/1")
	s := d.get(path).want(200, "Meeting 1:", "Nobody is noted yet", "For you as facilitator",
		"What participants read about this week", "When someone is unwell", "“Do you think of ending your life?”")
	boxes := func(s screen) (ids []string, ticked int) {
		for _, in := range all(s.root, "input") {
			if attr(in, "name") == "present" {
				ids = append(ids, attr(in, "value"))
				if _, on := attrOK(in, "checked"); on {
					ticked++
				}
			}
		}
		return ids, ticked
	}
	ids, ticked := boxes(s)
	if len(ids) != 3 || ticked != 0 {
		t.Fatalf("%d people, %d ticked, want 3 and none", len(ids), ticked)
	}
	s = d.post(path, url.Values{"present": ids[:2]}).want(200, "Attendance is noted.", "Noted before")
	if _, ticked := boxes(s); ticked != 2 {
		t.Errorf("%d are ticked, want 2", ticked)
	}
	if got := cards(d.get(w.runPath("")))["Attendance so far"]; got != "67%, 2 of 3 places" {
		t.Errorf("attendance %q", got)
	}
	d.post(path, url.Values{"present": ids[:1]}).want(200)
	if got := cards(d.get(w.runPath("")))["Attendance so far"]; got != "33%, 1 of 3 places" {
		t.Errorf("attendance %q after putting it right", got)
	}
	d.post(path, url.Values{"present": {"somebody-else"}}).want(404)
	for _, meeting := range []string{"0", "9", "-1", "x", "99999999999999999999"} {
		d.get(w.runPath("/meetings/" + meeting)).want(404)
		if s := d.post(w.runPath("/meetings/"+meeting), url.Values{}); s.status != 404 && s.status != 422 {
			t.Errorf("attendance of meeting %s: %d", meeting, s.status)
		}
	}
}

// statements are those each staff page sends to the database with so many people.
func statements(t *testing.T, people int) map[string]int {
	t.Helper()
	w := newWorld(t, people)
	d := w.signedIn(t, "all@example.org", w.facilitator(), w.researcher(), administrator())
	cookies := d.client.Jar.Cookies(d.request(http.MethodGet, "/", nil).URL)
	n := map[string]int{}
	for name, path := range map[string]string{
		"board": w.runPath(""), "meeting": w.runPath("/meetings/1"), "people": w.runPath("/people"), "runs": w.path("/runs"),
		"set-up": w.runPath("/setup"), "rehearsal": w.runPath("/rehearsal?seed=3"), "calendar": w.runPath("/calendar"), "new run": w.path("/new-run"), "details": w.runPath("/details"),
		"study": w.path(""), "data": w.path("/data"), "studies": "/studies", "admin": "/admin", "audit": "/admin/audit",
	} {
		ctx, count := store.WithQueryCount(context.WithoutCancel(t.Context()))
		r := httptest.NewRequestWithContext(ctx, http.MethodGet, path, nil)
		for _, c := range cookies {
			r.AddCookie(c)
		}
		answer := httptest.NewRecorder()
		w.site.Handler().ServeHTTP(answer, r)
		if answer.Code != 200 {
			t.Fatalf("%s: %d", path, answer.Code)
		}
		n[name] = count.N()
	}
	return n
}

func TestStaffPagesAskAsOftenForTenPeopleAsForThreeHundred(t *testing.T) {
	t.Parallel()
	few, many := statements(t, 10), statements(t, 300)
	if diff := cmp.Diff(few, many); diff != "" {
		t.Errorf("statements (-10 people +300 people):\n%s", diff)
	}
	t.Logf("statements: %v", few)
}
