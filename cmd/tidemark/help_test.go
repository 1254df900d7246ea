package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"tidemark/internal/browser"
	"tidemark/internal/postoffice"
	"tidemark/internal/risky"
	"tidemark/internal/stage"
	"tidemark/internal/visitor"
	"tidemark/survey"
)

// watchedStudy serves an installation whose study asks of risk and is linked.
func watchedStudy(t *testing.T, flags ...string) (*stage.Stage, browser.WaysToHelp) {
	t.Helper()
	dir := t.TempDir()
	database := filepath.Join(dir, "tidemark.db")
	s, err := stage.SetWatched(t.Context(), database, dir)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { do(t, s.Store.Close()) })
	people, err := s.Add(t.Context(), 1)
	do(t, err)
	token, err := s.Cases.Users.Invite(t.Context(), stage.Actor(), s.Responder.ID, false)
	do(t, err)
	server := start(t, append([]string{"serve", "--database", database, "--secret-file", s.SecretFile, "--addr", "127.0.0.1:0"}, flags...)...)
	t.Cleanup(func() { server.stop(t) })
	base := servedAt.FindStringSubmatch(server.await(t, server.err.String, "base_url="))[1]
	return s, browser.WaysToHelp{
		Participant: base + "/p/" + people[0].Token, Responder: base + "/sign-in/link/" + token,
		Study: "/studies/" + s.Design.Study.Key,
	}
}

func TestHelpAndAlertsAreAccessible(t *testing.T) {
	t.Parallel()
	b := chrome(t)
	_, ways := watchedStudy(t)
	do(t, browser.TourHelp(b, ways, browser.Phone, func(s browser.Stop) error {
		if dir := os.Getenv("PICS"); dir != "" {
			for _, width := range []int{browser.Phone, browser.Desk} {
				do(t, s.Resize(width))
				png, err := s.Picture()
				do(t, err, os.WriteFile(filepath.Join(dir, s.Name+"-"+map[int]string{390: "phone", 1280: "desk"}[width]+".png"), png, 0o600))
			}
			do(t, s.Resize(browser.Phone))
		}
		return isAccessible(t, s)
	}))
}

// An answer that meets the rule shows help behind its question, also when the
// person was already on the way to the next page.
func TestNobodyIsLedPastHelpUnseen(t *testing.T) {
	t.Parallel()
	b := chrome(t)
	s, ways := watchedStudy(t)
	tab := open(t, b, browser.Phone)
	do(t, tab.Visit(ways.Participant), tab.Follow("main form button"), tab.Click("#of_age"), tab.Follow("button[value=agree]"), tab.Follow("a.btn"))
	before, err := tab.Path()
	do(t, err)
	// Chosen and sent on in one breath, before the answer to the save has come.
	_, err = browser.Evaluate[bool](tab, `(() => {
		document.querySelector("[name=`+risky.Item+`][value='1']").click();
		document.querySelector(".onward button:last-of-type").click();
		return true;
	})()`)
	do(t, err, tab.Wait(".help-now h2"))
	text, err := tab.Text(".help-now")
	do(t, err)
	for _, want := range []string{"Would you like to talk to someone?", "within 12 hours", "112"} {
		if !strings.Contains(text, want) {
			t.Errorf("help does not say %q: %s", want, text)
		}
	}
	if after, err := tab.Path(); err != nil || after != before {
		t.Errorf("the person was led to %s (%v) before help was seen", after, err)
	}
	do(t, tab.Follow(".onward button:last-of-type"))
	if after, err := tab.Path(); err != nil || !strings.HasSuffix(after, "/page/2") {
		t.Errorf("pressed again, it leads to %s (%v)", after, err)
	}
	alerts, err := s.Store.Alerts(t.Context(), s.Design.Study.ID, 10)
	do(t, err)
	if len(alerts) != 1 || alerts[0].Level != survey.AlertNew {
		t.Errorf("the alerts are %+v", alerts)
	}
	if complaints := tab.Complaints(); len(complaints) > 0 {
		t.Errorf("the console says %v", complaints)
	}
}

func TestServeSendsLettersAboutAlerts(t *testing.T) {
	t.Parallel()
	office, err := postoffice.Open(t.Context())
	do(t, err)
	t.Cleanup(func() { do(t, office.Close()) })
	dir := filepath.Join(t.TempDir(), "mail")
	for name, c := range map[string]struct {
		flags   []string
		letters func() []string
	}{
		"by a mail server": {
			[]string{"--mail-smtp", office.Addr, "--mail-from", "Study <study@example.org>", "--mail-tls", "none"},
			func() (texts []string) {
				for _, l := range office.Taken() {
					texts = append(texts, l.Text)
				}
				return texts
			},
		},
		"into a folder": {
			[]string{"--mail-dir", dir, "--mail-from", "study@example.org"},
			func() (texts []string) {
				files, err := filepath.Glob(filepath.Join(dir, "*.eml"))
				do(t, err)
				for _, f := range files {
					text, err := os.ReadFile(f)
					do(t, err)
					texts = append(texts, string(text))
				}
				return texts
			},
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s, ways := watchedStudy(t, c.flags...)
			base, token, _ := strings.Cut(ways.Participant, "/p/")
			v := visitor.New(base, nil)
			t.Cleanup(v.Close)
			_, err := v.Enter(t.Context(), token)
			do(t, err)
			home, err := v.Consent(t.Context())
			do(t, err, v.Save(t.Context(), home.Due()[0], risky.Item, 2))
			saved := time.Now()
			for len(c.letters()) == 0 && time.Since(saved) < time.Minute {
				time.Sleep(20 * time.Millisecond)
			}
			letters := c.letters()
			if len(letters) != 1 {
				t.Fatalf("%d letters were sent, want 1", len(letters))
			}
			t.Logf("the letter took %s", time.Since(saved).Round(time.Millisecond))
			for _, want := range []string{"responder@example.org", base + "/studies/" + s.Design.Study.Key + "/alerts"} {
				if !strings.Contains(strings.ReplaceAll(letters[0], "=\r\n", ""), want) {
					t.Errorf("the letter does not say %q:\n%s", want, letters[0])
				}
			}
		})
	}
}
