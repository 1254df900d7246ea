package mail_test

import (
	"errors"
	"strings"
	"testing"

	"tidemark/mail"
	"tidemark/survey"
)

const letterName = "0123456789abcdef0123456789abcdef"

// report is what a mail server writes about a letter; the text says only what these
// tests need of it.
func report(to, status string, returned ...string) string {
	lines := []string{
		"From: MAILER-DAEMON@mx.example.org", "To: " + to, "Subject: Undelivered", "Auto-Submitted: auto-replied", "MIME-Version: 1.0",
		`Content-Type: multipart/report; report-type="delivery-status"; boundary="b1"`, "",
		"--b1", "Content-Type: text/plain", "", "I am sorry.", "",
		"--b1", "Content-Type: message/delivery-status", "", "Reporting-MTA: dns; mx.example.org", "", status, "",
	}
	lines = append(lines, returned...)
	return strings.Join(append(lines, "--b1--", ""), "\r\n")
}

func failed(status, diagnostic string) string {
	return "Final-Recipient: rfc822; ana@example.org\r\nAction: failed\r\nStatus: " + status + "\r\nDiagnostic-Code: " + diagnostic
}

func TestReportsAboutLettersAreRead(t *testing.T) {
	t.Parallel()
	named, plain := "<bounces+"+letterName+"@example.org>", "study@example.org"
	head := []string{"--b1", "Content-Type: text/rfc822-headers", "", "Message-ID: <" + letterName + "@example.org>", "To: ana@example.org", ""}
	base64 := []string{
		"--b1", "Content-Type: message/rfc822", "Content-Transfer-Encoding: base64", "",
		"UmV0dXJuLVBhdGg6IDxib3VuY2VzKzAxMjM0NTY3ODlhYmNkZWYwMTIzNDU2Nzg5YWJjZGVmQGV4", "YW1wbGUub3JnPg0KDQo=", "",
	}
	for name, c := range map[string]struct {
		mail string
		want survey.Returned
	}{
		"no such person": {report(named, failed("5.1.1", "smtp; 550 5.1.1 <ana@example.org>: User unknown")), survey.Returned{Letter: letterName, Gone: true, Status: "5.1.1"}},
		"by its head":    {report(plain, failed("5.1.1 (bad)", "smtp; 550"), head...), survey.Returned{Letter: letterName, Gone: true, Status: "5.1.1"}},
		"in base64":      {report(plain, failed("5.2.1", "smtp; 550"), base64...), survey.Returned{Letter: letterName, Gone: true, Status: "5.2.1"}},
		"no such place":  {report(named, failed("5.4.4", "X-Postfix; Host not found")), survey.Returned{Letter: letterName, Gone: true, Status: "5.4.4"}},
		"without detail": {report(named, failed("5.0.0", "SMTP; 550 no such user")), survey.Returned{Letter: letterName, Gone: true, Status: "5.0.0"}},
		"full":           {report(named, failed("5.2.2", "smtp; 552 5.2.2 over quota")), survey.Returned{Letter: letterName, Status: "5.2.2"}},
		"a rule":         {report(named, failed("5.7.1", "smtp; 550 5.7.1 spam")), survey.Returned{Letter: letterName, Status: "5.7.1"}},
		"given up":       {report(named, failed("4.4.1", "X-Postfix; timed out")), survey.Returned{Letter: letterName, Status: "4.4.1"}},
		"our own sender": {report(named, failed("5.1.8", "smtp; 553 bad sender")), survey.Returned{Letter: letterName, Status: "5.1.8"}},
		"no code":        {report(named, failed("ana@example.org", "x; ana@example.org")), survey.Returned{Letter: letterName}},
		"not ours":       {report(plain, failed("5.1.1", "smtp; 550")), survey.Returned{Gone: true, Status: "5.1.1"}},
		"cut off":        {strings.TrimSuffix(report(named, failed("5.1.1", "smtp; 550"), head...), "--b1--\r\n"), survey.Returned{Letter: letterName, Gone: true, Status: "5.1.1"}},
	} {
		if got, err := mail.ReadReturned(strings.NewReader(c.mail)); err != nil || got != c.want {
			t.Errorf("%s: %+v (%v), want %+v", name, got, err, c.want)
		}
	}
}

func TestMailsThatTellOfNoFailureAreToldApart(t *testing.T) {
	t.Parallel()
	named := "bounces+" + letterName + "@example.org"
	for name, c := range map[string]struct {
		mail string
		want error
	}{
		"delayed":       {report(named, "Action: delayed\r\nStatus: 4.4.1"), mail.ErrStillTrying},
		"delivered":     {report(named, "Action: delivered\r\nStatus: 2.0.0"), mail.ErrStillTrying},
		"out of office": {"From: ana@example.org\r\nTo: " + named + "\r\nContent-Type: text/plain\r\n\r\nAction: failed\r\n", mail.ErrNoReport},
		"read receipt":  {strings.Replace(report(named, failed("5.1.1", "")), "delivery-status", "disposition-notification", 1), mail.ErrNoReport},
		"no mail":       {"\x00\xff", mail.ErrNoReport},
		"empty":         {"", mail.ErrNoReport},
		"no status":     {strings.ReplaceAll(report(named, ""), "message/delivery-status", "text/plain"), mail.ErrNoReport},
	} {
		if got, err := mail.ReadReturned(strings.NewReader(c.mail)); !errors.Is(err, c.want) {
			t.Errorf("%s: %+v, %v; want %v", name, got, err, c.want)
		}
	}
}

func TestALetterComesBackToAnAddressThatNamesIt(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	settings := mail.Settings{Address: o.Addr, From: "Study <study@example.org>", Return: "bounces@back.example.org", TLS: mail.NoTLS}
	s, err := mail.NewSMTP(settings)
	if err != nil {
		t.Fatal(err)
	}
	l := letter()
	l.ID = letterName
	if err := s.Send(t.Context(), l); err != nil {
		t.Fatal(err)
	}
	taken := o.Taken()
	if len(taken) != 1 || taken[0].From != "bounces+"+letterName+"@back.example.org" || taken[0].ID != letterName {
		t.Errorf("it comes back to %+v", taken)
	}
	for _, bad := range []string{"bounces", "Bounces <bounces@example.org>", strings.Repeat("b", 32) + "@example.org"} {
		settings.Return = bad
		if _, err := mail.NewSMTP(settings); !errors.Is(err, mail.ErrSettings) {
			t.Errorf("%q is taken as a return address (%v)", bad, err)
		}
	}
}
