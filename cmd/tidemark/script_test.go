package main

import (
	"fmt"
	"net"
	"strings"
	"testing"
	"time"

	"tidemark/internal/browser"
)

// script is a demo that can be cut off, with a person on the first page of
// questions.
type script struct {
	t       *testing.T
	browser *browser.Browser
	args    []string
	server  *service
	link    string
	phone   *browser.Tab
}

func newScript(t *testing.T) *script {
	t.Helper()
	s := stoppable(t, chrome(t))
	s.phone = s.arrive()
	return s
}

// stoppable is a demo whose server can go away and come back, with nobody on a
// page yet.
func stoppable(t *testing.T, b *browser.Browser, flags ...string) *script {
	t.Helper()
	// A port of its own, so that the same address can come back.
	l, err := net.Listen("tcp", "127.0.0.1:0") //nolint:noctx // closed at once
	do(t, err)
	address := l.Addr().String()
	do(t, l.Close())
	s := &script{t: t, browser: b, args: append([]string{
		"demo", "--addr", address, "--dir", playedDemo(t, "20"),
	}, flags...)}
	s.begin()
	t.Cleanup(func() { s.server.stop(t) })
	return s
}

// home is the person's list of questionnaires.
func (s *script) home() string {
	base, _, _ := strings.Cut(s.link, "/p/")
	return base + "/me"
}

func (s *script) begin() {
	s.t.Helper()
	s.server = start(s.t, s.args...)
	ways, err := browser.WaysIn(s.server.await(s.t, s.server.out.String, "Stop with"))
	do(s.t, err)
	s.link = ways.Participant
}

// arrive opens the link on a new device and goes to the first questionnaire.
func (s *script) arrive() *browser.Tab {
	s.t.Helper()
	tab := open(s.t, s.browser, browser.Phone)
	do(s.t, tab.Visit(s.link), tab.Follow("main form button"))
	asked, err := tab.Has("#of_age")
	do(s.t, err)
	if asked {
		do(s.t, tab.Click("#of_age"), tab.Follow("main form button"))
	}
	do(s.t, tab.Follow("a.btn"))
	return tab
}

// choose gives a question its n-th answer, from 1. The answer is brought to the
// middle first: a thumb does not press what lies under the bar.
func choose(t *testing.T, tab *browser.Tab, item string, n int) {
	t.Helper()
	css := fmt.Sprintf(".option:has(input[name=%s][value='%d'])", item, n)
	evaluate[bool](t, tab, fmt.Sprintf(`document.querySelector(%q).scrollIntoView({block: "center"}), true`, css))
	do(t, tab.Click(css))
}

// stands is the answer that is chosen on the page; "" when there is none.
func stands(t *testing.T, tab *browser.Tab, item string) string {
	t.Helper()
	return evaluate[string](t, tab, fmt.Sprintf(`document.querySelector("input[name=%s]:checked")?.value ?? ""`, item))
}

// stored is what the server says it has, as the page was told when it came.
func stored(t *testing.T, tab *browser.Tab) string {
	t.Helper()
	return evaluate[string](t, tab, `document.querySelector("[data-answers]").dataset.answers`)
}

// unsent is the number of answers that wait in the browser's storage.
func unsent(t *testing.T, tab *browser.Tab) int {
	t.Helper()
	return evaluate[int](t, tab, "localStorage.length")
}

func evaluate[T any](t *testing.T, tab *browser.Tab, expression string) T {
	t.Helper()
	v, err := browser.Evaluate[T](tab, expression)
	do(t, err)
	return v
}

// path is the address the tab is on.
func pathOf(t *testing.T, tab *browser.Tab) string {
	t.Helper()
	p, err := tab.Path()
	do(t, err)
	return p
}

func wantText(t *testing.T, tab *browser.Tab, css, want string) {
	t.Helper()
	got, err := tab.Text(css)
	do(t, err)
	if !strings.Contains(got, want) {
		t.Errorf("%s says %q, want %q", css, got, want)
	}
}

func again(t *testing.T, tab *browser.Tab) {
	t.Helper()
	do(t, tab.Visit(evaluate[string](t, tab, "location.href")))
}

const (
	isSaved   = "#saving[data-state=saved]"
	isUnsaved = "#saving[data-state=unsaved]"
	// cutOff breaks the page's line, not the server's, and keeps the service worker
	// from sending in its place.
	cutOff = `Object.defineProperty(Navigator.prototype, "serviceWorker", {get() {}}),
		window.fetch = () => Promise.reject(new TypeError("no line")), true`
	// warns is whether closing the page would ask first.
	warns = `!dispatchEvent(new Event("beforeunload", {cancelable: true}))`
	// pressable is whether both answers of two devices can be pressed without
	// pressing the other.
	pressable = `(([a, b]) => Math.min(a.height, b.height) >= 44 &&
		(b.top - a.bottom >= 8 || Math.abs(b.left - a.left) - a.width >= 8))(
		[...document.querySelectorAll(".keep button")].map(b => b.getBoundingClientRect()))`
	// killed lets the page go without asking, as when a phone ends it.
	killed = `Object.defineProperty(BeforeUnloadEvent.prototype, "returnValue", {set() {}}),
		BeforeUnloadEvent.prototype.preventDefault = () => {}, true`
)

func TestAnswersOutliveAnOutageOfTheServer(t *testing.T) {
	t.Parallel()
	s := newScript(t)
	tab := s.phone
	choose(t, tab, "sc_01", 2)
	do(t, tab.Wait(isSaved))
	wantText(t, tab, ".far", "1 of 12 answered")
	if n := unsent(t, tab); n != 0 {
		t.Errorf("%d answers wait after all were saved", n)
	}
	s.server.stop(t)
	choose(t, tab, "sc_02", 4)
	choose(t, tab, "sc_03", 1)
	do(t, tab.Wait(isUnsaved))
	wantText(t, tab, "#saving", "Not saved yet – will try again")
	wantText(t, tab, ".far", "3 of 12 answered")
	if n := unsent(t, tab); n != 2 {
		t.Errorf("%d answers wait, want 2", n)
	}
	// Continue would lead to the browser's own page of failure.
	do(t, tab.Click(".onward button:last-of-type"), tab.Wait("#notice"))
	wantText(t, tab, "#notice", "kept on this device")
	s.begin()
	do(t, tab.Wait(isSaved), tab.Follow(".onward button:last-of-type"))
	if got := stored(t, tab); got != "sc_01=2&sc_02=4&sc_03=1" {
		t.Errorf("the server has %q", got)
	}
	if got := pathOf(t, tab); !strings.HasSuffix(got, "/page/2") {
		t.Errorf("Continue led to %s", got)
	}
}

func TestAnswersOutliveAClosedPage(t *testing.T) {
	t.Parallel()
	s := newScript(t)
	tab := s.phone
	evaluate[bool](t, tab, cutOff)
	choose(t, tab, "sc_01", 2)
	choose(t, tab, "sc_01", 5)
	do(t, tab.Wait(isUnsaved))
	if !evaluate[bool](t, tab, warns) {
		t.Error("the page lets itself be closed without a warning")
	}
	evaluate[bool](t, tab, killed)
	again(t, tab)
	do(t, tab.Wait(isSaved))
	if evaluate[bool](t, tab, warns) {
		t.Error("the page warns although everything is saved")
	}
	if got := stored(t, tab); got != "" {
		t.Fatalf("the server had %q although nothing was sent", got)
	}
	if got := stands(t, tab, "sc_01"); got != "5" {
		t.Errorf("after the reload question 1 stands at %q, want the last answer given", got)
	}
	again(t, tab)
	if got := stored(t, tab); got != "sc_01=5" {
		t.Errorf("the server has %q, want the answer that was kept", got)
	}
	if n := unsent(t, tab); n != 0 {
		t.Errorf("%d answers still wait", n)
	}
}

func TestAnOldAnswerDoesNotReplaceOneFromAnotherDevice(t *testing.T) {
	t.Parallel()
	s := newScript(t)
	tab := s.phone
	evaluate[bool](t, tab, cutOff)
	choose(t, tab, "sc_01", 2)
	choose(t, tab, "sc_02", 2)
	do(t, tab.Wait(isUnsaved))
	other := s.arrive()
	choose(t, other, "sc_01", 5)
	do(t, other.Wait(isSaved))
	evaluate[bool](t, tab, killed)
	again(t, tab)
	do(t, tab.Wait(".wrong .keep"))
	wantText(t, tab, ".wrong .fault", "On another device you answered “Almost always”. Here you answered “Seldom”.")
	if apart := evaluate[bool](t, tab, pressable); !apart {
		t.Error("the two buttons are too small or too near to each other for a thumb")
	}
	if got := stands(t, tab, "sc_01") + stands(t, tab, "sc_02"); got != "22" {
		t.Errorf("questions 1 and 2 stand at %q, want what was chosen here", got)
	}
	again(t, other)
	if got := stored(t, other); got != "sc_01=5&sc_02=2" {
		t.Errorf("the server has %q", got)
	}
	do(t, tab.Click(".keep button:first-child"), tab.Wait(isSaved))
	if got := stands(t, tab, "sc_01"); got != "5" {
		t.Errorf("question 1 stands at %q, want the answer that was kept", got)
	}
	// The other way round, the answer given here is meant.
	evaluate[bool](t, tab, cutOff)
	choose(t, tab, "sc_02", 3)
	do(t, tab.Wait(isUnsaved))
	choose(t, other, "sc_02", 4)
	do(t, other.Wait(isSaved))
	evaluate[bool](t, tab, killed)
	again(t, tab)
	do(t, tab.Wait(".wrong .keep"), tab.Click(".keep button:last-child"), tab.Wait(isSaved))
	again(t, other)
	if got := stored(t, other); got != "sc_01=5&sc_02=3" {
		t.Errorf("the server has %q", got)
	}
}

func TestAnswersAreSentAfterTheTabIsGone(t *testing.T) {
	t.Parallel()
	s := newScript(t)
	tab := s.phone
	evaluate[bool](t, tab, `navigator.serviceWorker.ready.then(() => true)`)
	s.server.stop(t)
	choose(t, tab, "sc_01", 2)
	choose(t, tab, "sc_02", 4)
	choose(t, tab, "sc_01", 3)
	do(t, tab.Wait(isUnsaved))
	// Another page than the questions, which has no script of its own.
	evaluate[bool](t, tab, killed)
	do(t, tab.Visit(s.home()))
	wantText(t, tab, "h1", "No connection")
	wantText(t, tab, "main", "is sent by itself")
	s.begin()
	do(t, tab.Visit(s.home()))
	for range 100 {
		if evaluate[int](t, tab, waiting) == 0 {
			break
		}
		time.Sleep(50 * time.Millisecond)
	}
	do(t, tab.Visit(s.home()))
	wantText(t, tab, "main", "2 of 12 answered")
	do(t, tab.Follow("a.btn"))
	if got := stored(t, tab); got != "sc_01=3&sc_02=4" {
		t.Errorf("the server has %q", got)
	}
	if n := unsent(t, tab); n != 0 {
		t.Errorf("%d answers still wait", n)
	}
}

// waiting is the number of answers that wait for the service worker.
const waiting = `new Promise((done) => {
	indexedDB.open("tidemark", 1).onsuccess = (e) => {
		e.target.result.transaction("answers").objectStore("answers").count().onsuccess = (c) => done(c.target.result);
	};
})`

func TestAnswersGoOutOneAfterTheOther(t *testing.T) {
	t.Parallel()
	s := newScript(t)
	tab := s.phone
	// A slow line on which every second request is lost after it arrived.
	evaluate[bool](t, tab, `(() => {
		const line = fetch;
		let open = 0, n = 0;
		window.most = 0;
		window.fetch = async (...request) => {
			window.most = Math.max(window.most, ++open);
			await new Promise(r => setTimeout(r, 30));
			const reply = await line(...request);
			open--;
			if (n++ % 2) throw new TypeError("lost");
			return reply;
		};
		return true;
	})()`)
	for _, n := range []int{1, 2, 3, 4, 5, 4, 3} {
		choose(t, tab, "sc_01", n)
		choose(t, tab, "sc_02", 6-n)
	}
	do(t, tab.Wait(isSaved))
	if most := evaluate[int](t, tab, "window.most"); most != 1 {
		t.Errorf("%d requests were under way at once, want 1", most)
	}
	do(t, tab.Follow(".onward button:last-of-type"))
	if got := stored(t, tab); got != "sc_01=3&sc_02=3" {
		t.Errorf("the server has %q, want the last answers", got)
	}
}

// The service worker may send an answer that the page has not, and by then the person
// may have given another. Neither is another device's, and the last one stands.
func TestWhatTheServiceWorkerSentIsNoOtherDevices(t *testing.T) {
	t.Parallel()
	s := newScript(t)
	tab := s.phone
	evaluate[bool](t, tab, `(() => {
		const line = fetch;
		let first = true;
		const open = new Promise((done) => { window.release = done; });
		window.fetch = async (address, request) => {
			if (first) {
				first = false;
				window.address = address;
				await open;
			}
			return line(address, request);
		};
		window.asWorker = (value) => line(window.address, {
			method: "POST", headers: { "Content-Type": "application/json" },
			body: JSON.stringify({ answers: { sc_01: value }, base: { sc_01: "" }, waited: true }),
		}).then((reply) => reply.ok);
		return true;
	})()`)
	choose(t, tab, "sc_01", 1) // on its way, and slow
	choose(t, tab, "sc_01", 2)
	if !evaluate[bool](t, tab, "asWorker(2)") {
		t.Fatal("the service worker's answer was refused")
	}
	choose(t, tab, "sc_01", 3)
	evaluate[bool](t, tab, "release(), true")
	do(t, tab.Wait(isSaved))
	if shown, err := tab.Has(".wrong"); err != nil || shown {
		t.Errorf("two answers of one device are shown as those of two (%v)", err)
	}
	do(t, tab.Follow(".onward button:last-of-type"))
	if got := stored(t, tab); got != "sc_01=3" {
		t.Errorf("the server has %q, want the last answer", got)
	}
}

func TestAnswersWaitWhileTheDeviceIsNotKnown(t *testing.T) {
	t.Parallel()
	s := newScript(t)
	tab := s.phone
	// The sign-in ends behind the page's back.
	if status := evaluate[int](t, tab, `fetch("/me/forget", {method: "POST", redirect: "manual"}).then(r => r.status)`); status != 0 {
		t.Fatalf("forgetting answers %d, want a redirect", status)
	}
	choose(t, tab, "sc_01", 4)
	do(t, tab.Wait("#notice"))
	wantText(t, tab, "#notice", "Open your personal link in another tab of this browser")
	do(t, tab.Follow(".onward button:last-of-type"))
	wantText(t, tab, "main", "What you entered is kept on this page")
	// The link, in another tab of the same browser.
	if status := evaluate[int](t, tab, fmt.Sprintf(`fetch(%q, {method: "POST"}).then(r => r.status)`, path(t, s.link))); status != 200 {
		t.Fatalf("the link answers %d", status)
	}
	do(t, tab.Follow("main form button"))
	if got := stored(t, tab); got != "sc_01=4" {
		t.Errorf("the server has %q, want the answer that waited", got)
	}
}

func TestWhatCannotBeSavedAnyMoreIsSaid(t *testing.T) {
	t.Parallel()
	s := newScript(t)
	tab := s.phone
	base, _, _ := strings.Cut(pathOf(t, tab), "/page/")
	if status := evaluate[int](t, tab, fmt.Sprintf(
		`fetch(%q, {method: "POST", body: new URLSearchParams()}).then(r => r.status)`, base+"/submit")); status != 200 {
		t.Fatalf("submitting elsewhere answers %d", status)
	}
	choose(t, tab, "sc_01", 4)
	do(t, tab.Wait("#notice"))
	wantText(t, tab, "#notice", "You have sent this questionnaire before")
	if n := unsent(t, tab); n != 0 {
		t.Errorf("%d answers wait although they can never be sent", n)
	}
	do(t, tab.Follow(".onward button:last-of-type"))
	wantText(t, tab, "h1", "Already sent")
}
