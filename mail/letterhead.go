package mail

import (
	"fmt"
	"net/mail"
	"strings"

	gomail "github.com/wneessen/go-mail"

	"tidemark/survey"
)

// letterhead is whom letters come from.
type letterhead struct {
	from   *mail.Address
	domain string
}

func newLetterhead(from string) (letterhead, error) {
	a, err := mail.ParseAddress(from)
	if err != nil {
		return letterhead{}, fmt.Errorf("%w: %q is no sender; write it as \"Study <study@example.org>\"", ErrSettings, from)
	}
	return letterhead{from: a, domain: a.Address[strings.LastIndexByte(a.Address, '@')+1:]}, nil
}

// message is a letter in the form of mail: plain text, and marked as sent by a
// program, so that out-of-office replies do not answer it.
func (h letterhead) message(l survey.Letter) (*gomail.Msg, error) {
	m := gomail.NewMsg()
	m.FromMailAddress(h.from)
	if err := m.AddToFormat(l.ToName, l.To); err != nil {
		return nil, &survey.SendError{Reason: "the address is not one that mail can be sent to", Err: err}
	}
	m.Subject(l.Subject)
	m.SetMessageIDWithValue(l.ID + "@" + h.domain)
	m.SetDate()
	m.SetUserAgent("Tidemark")
	m.SetGenHeader("Auto-Submitted", "auto-generated")
	if l.Language != "" {
		m.SetGenHeader("Content-Language", l.Language)
	}
	m.SetBodyString(gomail.TypeTextPlain, l.Body)
	return m, nil
}
