package mail_test

import (
	"regexp"
	"strings"
	"testing"

	"tidemark/mail"
)

// FuzzReadReturned: any mail is no report, or tells of a letter by its name and a status
// and nothing else, so that no address gets into the database by it.
func FuzzReadReturned(f *testing.F) {
	f.Add("To: bounce+00112233445566778899aabbccddeeff@example.org\r\nContent-Type: multipart/report; report-type=delivery-status; boundary=b\r\n\r\n" +
		"--b\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; x\r\n\r\nFinal-Recipient: rfc822; ana@example.org\r\nAction: failed\r\nStatus: 5.1.1\r\n\r\n--b--\r\n")
	f.Add("Subject: hello\r\n\r\nhello")
	f.Add("Content-Type: multipart/report; report-type=delivery-status; boundary=\"\"\r\n\r\n----")
	letter, status := regexp.MustCompile(`^([0-9a-f]{32})?$`), regexp.MustCompile(`^([245]\.\d{1,3}\.\d{1,3}|\d{3})?$`)
	f.Fuzz(func(t *testing.T, text string) {
		r, err := mail.ReadReturned(strings.NewReader(text))
		if err == nil && (!letter.MatchString(r.Letter) || !status.MatchString(r.Status)) {
			t.Errorf("letter %q, status %q", r.Letter, r.Status)
		}
	})
}
