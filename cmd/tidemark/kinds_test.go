package main

import (
	"errors"
	"fmt"
	"path/filepath"
	"regexp"
	"strconv"
	"testing"
	"time"

	"github.com/chromedp/chromedp/kb"
	"github.com/google/go-cmp/cmp"

	"tidemark/internal/browser"
	"tidemark/internal/kinds"
	"tidemark/internal/stage"
	"tidemark/survey"
)

var servedAt = regexp.MustCompile(`base_url=(\S+)`)

// everyKind serves an installation in which a questionnaire with a question of
// every kind comes first, and gives a person's link and where the server's metrics are.
func everyKind(t *testing.T) (s *stage.Stage, link, metrics string) {
	t.Helper()
	dir := t.TempDir()
	database := filepath.Join(dir, "tidemark.db")
	s, err := stage.Set(t.Context(), database, dir)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { do(t, s.Store.Close()) })
	d, err := kinds.Definition()
	if err != nil {
		t.Fatal(err)
	}
	do(t, kinds.AddTo(t.Context(), s.Store, s.Design.Study.ID, d))
	people, err := s.Add(t.Context(), 1)
	do(t, err)
	server := start(t, "serve", "--database", database, "--secret-file", s.SecretFile, "--addr", "127.0.0.1:0", "--metrics-addr", "127.0.0.1:0")
	t.Cleanup(func() { server.stop(t) })
	base := servedAt.FindStringSubmatch(server.await(t, server.err.String, "base_url="))
	return s, base[1] + "/p/" + people[0].Token, addresses(t, server, "metrics")["metrics"] + "/metrics"
}

// countSent makes a page count what it sends, in window.sent.
const countSent = `(() => { const line = fetch; window.sent = 0; window.fetch = (...r) => { window.sent++; return line(...r); }; return true; })()`

var savesServed = regexp.MustCompile(`tidemark_requests_total\{method="POST",route="/me/a/:assessment/save",status="2xx"\} (\d+)`)

func TestEveryKindOfQuestionIsAccessible(t *testing.T) {
	t.Parallel()
	b := chrome(t)
	_, link, _ := everyKind(t)
	do(t, browser.TourKinds(b, link, browser.Phone, func(s browser.Stop) error {
		return isAccessible(t, s)
	}))
}

// TestAQuestionnaireOfEveryKindWorksByKeyboardAlone goes from the link to the
// thanks without a mouse, on a phone's width.
func TestAQuestionnaireOfEveryKindWorksByKeyboardAlone(t *testing.T) {
	t.Parallel()
	b := chrome(t)
	s, link, metrics := everyKind(t)
	tab := open(t, b, browser.Phone)
	// enter waits until the page that was pressed on is gone: its answer comes first.
	enter := func() error {
		_, err := browser.Evaluate[bool](tab, "document.body.dataset.old = 'yes', true")
		return errors.Join(err, tab.Enter(), tab.Wait("body:not([data-old])"))
	}
	onward := func() error {
		if err := tab.TabTo(".onward button:last-of-type"); err != nil {
			return err
		}
		return enter()
	}
	do(t, tab.Visit(link), tab.TabTo("main form button"), enter(),
		tab.TabTo("#of_age"), tab.Press(" "), tab.TabTo("button[name=decision]"), enter(),
		tab.TabTo("a.btn"), enter(),
	)
	evaluate[bool](t, tab, `navigator.serviceWorker.ready.then(() => true)`)
	evaluate[bool](t, tab, countSent)
	do(t,
		// A choice, and one taken back.
		tab.TabTo("[name=k_single]"), tab.Press(" "), tab.Press(kb.ArrowDown), tab.Press(kb.ArrowDown),
		tab.TabTo("[name=k_yes]"), tab.Press(" "), tab.Wait("[data-item=k_why].fresh"),
		tab.TabTo("#k_why"), tab.Press("Tern"),
		tab.TabTo("[name=k_long_labels]"), tab.Press(" "), tab.TabTo("[name=_clear][value=k_long_labels]"), tab.Press(kb.Enter),
		tab.Wait(isSaved),
	)
	for evaluate[int](t, tab, waiting) > 0 {
		time.Sleep(20 * time.Millisecond)
	}
	// A page that is open sends its answers itself; the service worker sends none of
	// them again, which would undo what the person did since.
	_, body := get(t, metrics)
	if served, sent := savesServed.FindStringSubmatch(body), evaluate[int](t, tab, "window.sent"); len(served) != 2 || served[1] != strconv.Itoa(sent) {
		t.Errorf("the page sent %d times, the server was sent to %q times", sent, served)
	}
	do(t, onward(),
		// Several choices; what stands alone takes the others away.
		tab.TabTo("[name=k_several][value='1']"), tab.Press(" "), tab.TabTo("[name=k_several][value='0']"), tab.Press(" "),
		tab.TabTo("#k_days"), tab.Press("5"), tab.TabTo("#k_weight"), tab.Press("1,250.5"),
		tab.TabTo("[data-item=k_steps] input[type=range]"), tab.Press(kb.ArrowRight), tab.Press(kb.ArrowRight),
		// Where the thumb stands already is an answer too, once it is given.
		tab.TabTo("[data-item=k_scale] input[type=range]"), tab.Press(kb.Enter),
		onward(),
		tab.TabTo("#k_long"), tab.Press("Wide"), tab.Press(kb.Enter), tab.Press("and quiet."),
		tab.TabTo("#k_day"), tab.Press("31"), tab.TabTo("[name=k_day-month]"), tab.Press("4"), tab.TabTo("[name=k_day-year]"), tab.Press("2024"),
		onward(),
		// The day does not exist. The focus is on what is wrong, and what was typed stands.
		tab.Wait(".error-summary:focus"), tab.TabTo("#k_day"), tab.Press(kb.End), tab.Press(kb.Backspace), tab.Press(kb.Backspace), tab.Press("30"),
		onward(),
		// A question that needs an answer.
		onward(), tab.Wait(".error-summary:focus"), tab.TabTo("[name=k_must]"), tab.Press(" "), tab.Press(kb.ArrowDown), onward(),
		onward(), // the last page, left out
		tab.TabTo("a[href*=k_last]"), enter(), tab.TabTo("[name=k_last]"), tab.Press(" "), onward(),
		tab.TabTo("main form .btn"), enter(),
	)
	heading, err := tab.Text("h1")
	if do(t, err); heading != "Thank you" {
		t.Fatalf("the way ends at %q", heading)
	}
	got := map[string]string{}
	do(t, s.Store.EachResponse(t.Context(), s.Design.Study.ID, func(r *survey.ResponseRow) error {
		got[r.Item] = r.Text
		switch {
		case r.Missing != survey.NotMissing:
			got[r.Item] = string(r.Missing)
		case r.Text == "":
			got[r.Item] = fmt.Sprint(r.Value)
		}
		return nil
	}))
	if diff := cmp.Diff(got, map[string]string{
		"k_single": "3", "k_yes": "1", "k_why": "Tern", "k_long_labels": "skipped", "k_several": "0", "k_days": "5", "k_weight": "1250.5", "k_steps": "7",
		"k_scale": "50", "k_line": "skipped", "k_long": "Wide\nand quiet.", "k_day": "2024-04-30", "k_must": "2", "k_last": "1",
	}); diff != "" {
		t.Errorf("stored answers (-got +want):\n%s", diff)
	}
	for _, c := range tab.Complaints() {
		t.Errorf("the console says %s", c)
	}
}
