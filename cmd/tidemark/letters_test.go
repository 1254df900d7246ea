package main

import (
	"io"
	"net/mail"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"tidemark/internal/browser"
	"tidemark/internal/stage"
	"tidemark/survey"
)

// TestALetterIsSentAndStoppedInABrowser goes from a study that writes to its people to
// the letter, and from its link to the page that stops letters, by keyboard.
func TestALetterIsSentAndStoppedInABrowser(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	letters, database := filepath.Join(dir, "mail"), filepath.Join(dir, "tidemark.db")
	s, err := stage.SetWriting(t.Context(), database, dir)
	do(t, err)
	t.Cleanup(func() { do(t, s.Store.Close()) })
	_, err = s.Cases.Runs.AddPeople(t.Context(), stage.Actor(), s.Design.Study.ID, s.Run.ID, []survey.Person{{Name: "Ana", Email: "ana@example.org"}}, "")
	do(t, err)
	server := start(t, "serve", "--database", database, "--secret-file", s.SecretFile, "--addr", "127.0.0.1:0",
		"--mail-dir", letters, "--mail-from", "study@example.org")
	t.Cleanup(func() { server.stop(t) })
	letter := await(t, letters)
	for header, want := range map[string]string{"To": `"Ana" <ana@example.org>`, "List-Unsubscribe-Post": "List-Unsubscribe=One-Click"} {
		if got := letter.Header.Get(header); got != want {
			t.Errorf("%s is %q, want %q", header, got, want)
		}
	}
	body, err := io.ReadAll(letter.Body)
	do(t, err)
	for _, part := range []string{"text/plain", "text/html"} {
		if !strings.Contains(string(body), part) {
			t.Errorf("the letter has no %s", part)
		}
	}
	address := strings.Trim(letter.Header.Get("List-Unsubscribe"), "<>")
	tab := open(t, chrome(t), browser.Phone)
	do(t, tab.Visit(address))
	wellMade(t, tab)
	for _, want := range []string{"The letters are stopped", "You get letters again"} {
		do(t, tab.TabTo("main form button"), tab.Enter())
		if said, err := tab.Text("main [role=status]"); err != nil || !strings.HasPrefix(said, want) {
			t.Errorf("the page says %q (%v), want %q", said, err, want)
		}
		wellMade(t, tab)
	}
}

// TestThePagesOfMessagesAreAccessible looks at them where mail is on and people are
// late.
func TestThePagesOfMessagesAreAccessible(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	database := filepath.Join(dir, "tidemark.db")
	s, err := stage.SetWriting(t.Context(), database, dir)
	do(t, err)
	t.Cleanup(func() { do(t, s.Store.Close()) })
	study := s.Design.Study
	people, err := s.Cases.Runs.AddPeople(t.Context(), stage.Actor(), study.ID, s.Run.ID, []survey.Person{{Name: "Ana", Email: "ana@example.org"}, {Name: "Bo"}}, "")
	do(t, err)
	u, err := s.Cases.Users.Create(t.Context(), stage.Actor(), survey.NewUser{Email: "ines@example.org", Name: "Inés", Grants: []survey.Grant{
		{Role: survey.RoleResearcher, StudyID: study.ID}, {Role: survey.RoleFacilitator, StudyID: study.ID},
	}})
	do(t, err)
	token, err := s.Cases.Users.Invite(t.Context(), stage.Actor(), u.ID, false)
	do(t, err)
	server := start(t, "serve", "--database", database, "--secret-file", s.SecretFile, "--addr", "127.0.0.1:0",
		"--mail-dir", filepath.Join(dir, "mail"), "--mail-from", "study@example.org")
	t.Cleanup(func() { server.stop(t) })
	base := servedAt.FindStringSubmatch(server.await(t, server.err.String, "base_url="))[1]
	tab := open(t, chrome(t), browser.Phone)
	do(t, tab.Visit(base+"/sign-in/link/"+token), tab.Follow("main form button"))
	run := "/studies/" + study.Key + "/runs/" + string(s.Run.ID)
	for _, path := range []string{
		"/studies/" + study.Key + "/messages", "/studies/" + study.Key + "/messages/texts/invitation/de",
		"/studies/" + study.Key + "/messages/people/" + people[0].Code, "/studies/" + study.Key + "/retention", run + "/late",
		run + "/people/" + people[0].Code,
	} {
		if err := tab.Visit(base + path); err != nil {
			t.Fatalf("%s: %v", path, err)
		}
		wellMade(t, tab)
	}
	_, err = browser.Evaluate[bool](tab, "document.querySelector('main form').noValidate = true")
	do(t, err, tab.Type("#email", "nobody"), tab.Follow("main form .btn"))
	wellMade(t, tab)
}

// await waits for the one letter in a folder.
func await(t *testing.T, folder string) *mail.Message {
	t.Helper()
	for range 300 {
		found, err := filepath.Glob(filepath.Join(folder, "*.eml"))
		do(t, err)
		if len(found) > 0 {
			file, err := os.Open(found[0])
			do(t, err)
			t.Cleanup(func() { _ = file.Close() })
			m, err := mail.ReadMessage(file)
			do(t, err)
			return m
		}
		time.Sleep(100 * time.Millisecond)
	}
	t.Fatal("no letter was written")
	return nil
}
