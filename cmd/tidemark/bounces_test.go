package main

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"tidemark/internal/postoffice"
	"tidemark/internal/stage"
	"tidemark/survey"
)

// returnedMail is the report of a mail server to an address.
func returnedMail(to string) string {
	return fmt.Sprintf("From: MAILER-DAEMON@example.org\nTo: <%s>\nContent-Type: multipart/report; report-type=delivery-status; boundary=b\n\n"+
		"--b\nContent-Type: message/delivery-status\n\nReporting-MTA: dns; example.org\n\n"+
		"Final-Recipient: rfc822; ana@example.org\nAction: failed\nStatus: 5.1.1\n\n--b--\n", to)
}

// TestAnAddressThatTakesNoLettersIsFoundInTheReportsOfTheMailServer goes from a letter
// that a real mail server takes, by its return address, to the person who is not
// reached.
func TestAnAddressThatTakesNoLettersIsFoundInTheReportsOfTheMailServer(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	database := filepath.Join(dir, "tidemark.db")
	s, err := stage.SetWriting(t.Context(), database, dir)
	do(t, err)
	t.Cleanup(func() { do(t, s.Store.Close()) })
	ctx, study := t.Context(), s.Design.Study
	people, err := s.Cases.Runs.AddPeople(ctx, stage.Actor(), study.ID, s.Run.ID, []survey.Person{{Name: "Ana", Email: "ana@example.org"}}, "")
	do(t, err)
	office, err := postoffice.Open(ctx)
	do(t, err)
	t.Cleanup(func() { _ = office.Close() })
	server := start(t, "serve", "--database", database, "--secret-file", s.SecretFile, "--addr", "127.0.0.1:0",
		"--mail-smtp", office.Addr, "--mail-tls", "none", "--mail-from", "study@example.org", "--mail-return", "bounces@example.org")
	t.Cleanup(func() { server.stop(t) })
	stands := func() (address survey.AddressState, sent bool) {
		t.Helper()
		why, err := s.Cases.Messages.Why(ctx, stage.Actor(), study, people[0].Code)
		do(t, err)
		for _, w := range why.Waves {
			for _, l := range w.Lines {
				sent = sent || l.Message != nil && l.Message.Outcome == survey.OutcomeSent
			}
		}
		return why.Address, sent
	}
	// It is noted as sent a moment after it was taken.
	for range 600 {
		if _, sent := stands(); sent {
			break
		}
		time.Sleep(100 * time.Millisecond)
	}
	if got, _ := stands(); len(office.Taken()) == 0 || got != survey.AddressEmail {
		t.Fatalf("%d letters were taken; the person is reached %s", len(office.Taken()), got)
	}

	box := filepath.Join(dir, "Maildir")
	for _, part := range []string{"new", "cur", "tmp"} {
		do(t, os.MkdirAll(filepath.Join(box, part), 0o700))
	}
	back := office.Taken()[0].From
	for name, text := range map[string]string{
		"1.gone": returnedMail(back), "2.away": "To: " + back + "\n\nI am away until Monday.\n",
		"3.other": returnedMail("bounces+" + strings.Repeat("0", 32) + "@example.org"),
	} {
		do(t, os.WriteFile(filepath.Join(box, "new", name), []byte(text), 0o600))
	}
	flags := []string{"--database", database, "--secret-file", s.SecretFile}
	said := must(t, "", append([]string{"bounces", box}, flags...)...).stdout
	for _, want := range []string{"1 came back because the address takes no letters", "1 about no letter of this installation", "1 no report"} {
		if !strings.Contains(said, want) {
			t.Errorf("the program says %q, not %q", said, want)
		}
	}
	if got, _ := stands(); got != survey.AddressBounced {
		t.Errorf("the person is reached %s", got)
	}
	if seen, err := filepath.Glob(filepath.Join(box, "cur", "*:2,S")); err != nil || len(seen) != 3 {
		t.Errorf("seen are %v (%v)", seen, err)
	}
	if said := must(t, "", append([]string{"bounces", box}, flags...)...).stdout; said != "no mails\n" {
		t.Errorf("the second time the program says %q", said)
	}
	// The same report by a pipe changes nothing more.
	if said := must(t, returnedMail(back), append([]string{"bounces", "-"}, flags...)...).stdout; !strings.Contains(said, "1 came back") {
		t.Errorf("by a pipe the program says %q", said)
	}
}
