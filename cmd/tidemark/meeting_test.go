package main

import (
	"fmt"
	"path/filepath"
	"testing"
	"time"

	"github.com/chromedp/chromedp/kb"

	"tidemark/internal/browser"
)

const (
	// lineGone takes the page's line away, and lineBack gives it back.
	lineGone = `window.hasLine ??= window.fetch, window.fetch = () => Promise.reject(new TypeError("no line")), true`
	lineBack = `window.fetch = window.hasLine, dispatchEvent(new Event("online")), true`
)

// tick taps the n-th person of the list, from 1.
func tick(t *testing.T, tab *browser.Tab, n int) {
	t.Helper()
	css := fmt.Sprintf(".ticks .tap:nth-of-type(%d) label", n)
	evaluate[bool](t, tab, fmt.Sprintf(`document.querySelector(%q).scrollIntoView({block: "center"}), true`, css))
	do(t, tab.Click(css))
}

func stateOf(n int, state string) string {
	return fmt.Sprintf(`document.querySelector(".ticks .tap:nth-of-type(%d) .tap-state")?.dataset.state === %q`, n, state)
}

// noted is who is noted as present at the first meeting, and absent: +0 -2.
func (s *boardSite) noted() string {
	s.t.Helper()
	notes, err := s.stage.Store.Attendance(s.t.Context(), s.stage.Design.Study.ID, s.stage.Run.ID)
	do(s.t, err)
	said := ""
	for i, p := range s.people {
		for _, n := range notes {
			if n.EnrolmentID == p.Enrolment.ID && n.Present {
				said += fmt.Sprint("+", i)
			} else if n.EnrolmentID == p.Enrolment.ID {
				said += fmt.Sprint("-", i)
			}
		}
	}
	return said
}

func (s *boardSite) lines() int {
	s.t.Helper()
	events, err := s.stage.Store.AuditEvents(s.t.Context(), s.stage.Design.Study.ID, 1000)
	do(s.t, err)
	n := 0
	for _, e := range events {
		if e.Action == "attendance.noted" {
			n++
		}
	}
	return n
}

func TestAttendanceIsTappedAndOutlivesALineThatIsGone(t *testing.T) {
	t.Parallel()
	s := newBoardSite(t, filepath.Join(t.TempDir(), "tidemark.db"), 1, 4)
	b := chrome(t)
	tab := s.facilitator(b, 0, browser.Phone, "/meetings/1/live")
	wellMade(t, tab)
	if small := evaluate[bool](t, tab, `[...document.querySelectorAll(".tap label")].some((l) => l.getBoundingClientRect().height < 44)`); small {
		t.Error("a toggle is too small for a thumb")
	}
	tick(t, tab, 1)
	becomes(t, tab, 5*time.Second, stateOf(1, "saved"))
	if got := s.noted(); got != "+0" {
		t.Errorf("after one tap %q is noted, want +0", got)
	}
	// No line: the taps stand on the page, and wait.
	evaluate[bool](t, tab, lineGone)
	tick(t, tab, 2)
	tick(t, tab, 3)
	tick(t, tab, 3) // by mistake, and back
	becomes(t, tab, 5*time.Second, stateOf(2, "waiting")+" && "+stateOf(3, "waiting"))
	wantText(t, tab, "#taps", "3 taps wait for the line.")
	wellMade(t, tab)
	if got := s.noted(); got != "+0" {
		t.Fatalf("without a line %q is noted", got)
	}
	// The page goes and comes back, still without a line to the server's mind.
	evaluate[bool](t, tab, killed)
	again(t, tab)
	becomes(t, tab, 5*time.Second, stateOf(2, "saved")+" && "+stateOf(3, "saved"))
	if got := s.noted(); got != "+0+1-2" {
		t.Errorf("after the line came back %q is noted, want +0+1-2", got)
	}
	if n := s.lines(); n != 4 {
		t.Errorf("four taps have left %d lines in the audit trail", n)
	}
	if n := evaluate[int](t, tab, `JSON.parse(Object.entries(localStorage).find(([k]) => k.startsWith("tidemark-taps-"))?.[1] ?? "[]").length`); n != 0 {
		t.Errorf("%d taps still wait", n)
	}
	// A line that comes back while the page is open.
	evaluate[bool](t, tab, lineGone)
	tick(t, tab, 4)
	becomes(t, tab, 5*time.Second, stateOf(4, "waiting"))
	evaluate[bool](t, tab, lineBack)
	becomes(t, tab, 5*time.Second, stateOf(4, "saved"))
	if got := s.noted(); got != "+0+1-2+3" {
		t.Errorf("%q is noted, want +0+1-2+3", got)
	}
	// The server takes a tap and its answer is lost: sent again, it counts once.
	before := s.lines()
	evaluate[bool](t, tab, `window.hasLine = window.fetch, window.lost = 0,
		window.fetch = async (...a) => { const r = await window.hasLine(...a); if (window.lost++ < 2) throw new TypeError("lost"); return r; }, true`)
	tick(t, tab, 4)
	becomes(t, tab, 10*time.Second, stateOf(4, "saved")+` && window.lost > 2`)
	if n := s.lines() - before; n != 1 || s.noted() != "+0+1-2-3" {
		t.Errorf("a tap sent three times left %d lines, and %q is noted", n, s.noted())
	}
	for _, c := range tab.Complaints() {
		t.Errorf("the console says %s", c)
	}
}

func TestTwoDevicesAtOneMeetingAreToldOfEachOther(t *testing.T) {
	t.Parallel()
	s := newBoardSite(t, filepath.Join(t.TempDir(), "tidemark.db"), 1, 2)
	b := chrome(t)
	one, two := s.facilitator(b, 0, browser.Phone, "/meetings/1"), s.facilitator(b, 0, browser.Phone, "/meetings/1")
	evaluate[bool](t, one, lineGone)
	tick(t, one, 1)
	becomes(t, one, 5*time.Second, stateOf(1, "waiting"))
	tick(t, two, 1)
	becomes(t, two, 5*time.Second, stateOf(1, "saved"))
	tick(t, two, 1)
	becomes(t, two, 5*time.Second, stateOf(1, "saved")+` && !document.querySelector(".tap input").checked`)
	becomes(t, two, 5*time.Second, `!localStorage.length || !Object.values(localStorage).some((v) => v.length > 2)`)
	evaluate[bool](t, one, lineBack)
	becomes(t, one, 5*time.Second, stateOf(1, "conflict"))
	wantText(t, one, ".tap-state", "Another device noted absent")
	wantText(t, one, ".tap-state", "this one present")
	wantText(t, one, ".tap-state", "The later counts: absent.")
	if evaluate[bool](t, one, `document.querySelector(".tap input").checked`) || s.noted() != "-0" {
		t.Errorf("the earlier tap stands: %q", s.noted())
	}
	wellMade(t, one)
}

func TestTheMeetingsTimerIsKeptAndGoesByKeyboard(t *testing.T) {
	t.Parallel()
	s := newBoardSite(t, filepath.Join(t.TempDir(), "tidemark.db"), 1, 2)
	b := chrome(t)
	tab := s.facilitator(b, 0, browser.Phone, "/meetings/1/live")
	do(t, tab.TabTo("#run-timer"), tab.Press(kb.Enter))
	wantText(t, tab, "#run-timer", "Pause")
	becomes(t, tab, 5*time.Second, `/^\d+:[0-5]\d$/.test(document.getElementById("left").textContent) && !document.getElementById("left").textContent.endsWith(":00")`)
	do(t, tab.Press("n"))
	const current = `[...document.querySelectorAll("#steps li")].findIndex((l) => l.hasAttribute("aria-current"))`
	if n := evaluate[int](t, tab, current); n != 1 {
		t.Errorf("the key n leads to part %d, want the second", n+1)
	}
	// Loaded again it goes on where it was, and so does the page for the wall.
	again(t, tab)
	wantText(t, tab, "#run-timer", "Pause")
	if n := evaluate[int](t, tab, current); n != 1 {
		t.Errorf("after loading again part %d is on", n+1)
	}
	do(t, tab.Visit(s.bases[0]+s.run("/meetings/1/projector")))
	if n := evaluate[int](t, tab, current); n != 1 {
		t.Errorf("on the wall part %d is on", n+1)
	}
	wellMade(t, tab)
	do(t, tab.Visit(s.bases[0]+s.run("/meetings/1/live")))
	// The end of a part is told, and nothing goes on by itself. Another page of the
	// meeting puts the end near, as loading this one again may take longer than that.
	evaluate[bool](t, tab, `(() => { const k = Object.keys(localStorage).find((k) => k.startsWith("tidemark-meeting-")), s = JSON.parse(localStorage[k]);
		localStorage[k] = JSON.stringify({...s, ends: Date.now() + 700}); dispatchEvent(new StorageEvent("storage", {key: k})); return true })()`)
	becomes(t, tab, 5*time.Second, `document.getElementById("timer-says").textContent.includes(" is over. Next: ")`)
	becomes(t, tab, 5*time.Second, `document.getElementById("left").textContent.startsWith("+")`)
	if n := evaluate[int](t, tab, current); n != 1 {
		t.Errorf("at the end of its part the timer went on to part %d by itself", n+1)
	}
	do(t, tab.TabTo("#run-timer"), tab.Press("s"))
	wantText(t, tab, "#run-timer", "Start")
	do(t, tab.Press("b"))
	if n := evaluate[int](t, tab, current); n != 0 {
		t.Errorf("the key b leads to part %d, want the first", n+1)
	}
	wellMade(t, tab)
	for _, c := range tab.Complaints() {
		t.Errorf("the console says %s", c)
	}
}
