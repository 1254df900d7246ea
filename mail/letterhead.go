package mail

import (
	"fmt"
	"net/mail"
	"strings"

	gomail "github.com/wneessen/go-mail"

	"tidemark/survey"
)

// letterhead is whom letters come from, and where they go back to.
type letterhead struct {
	from   *mail.Address
	domain string
	back   string // "bounces@example.org"; empty: to the sender
}

// mostLocal is how long the part before the @ may be (RFC 5321), and nameLength what
// naming a letter adds to it.
const (
	mostLocal  = 64
	nameLength = 33
)

func newLetterhead(from, back string) (letterhead, error) {
	a, err := mail.ParseAddress(from)
	if err != nil {
		return letterhead{}, fmt.Errorf("%w: %q is no sender; write it as \"Study <study@example.org>\"", ErrSettings, from)
	}
	h := letterhead{from: a, domain: a.Address[strings.LastIndexByte(a.Address, '@')+1:]}
	if back == "" {
		return h, nil
	}
	b, err := mail.ParseAddress(back)
	if err != nil || b.Name != "" || strings.LastIndexByte(b.Address, '@') > mostLocal-nameLength {
		return letterhead{}, fmt.Errorf("%w: %q is no return address; write it as bounces@example.org, with at most %d characters before the @",
			ErrSettings, back, mostLocal-nameLength)
	}
	h.back = b.Address
	return h, nil
}

// returnAddress is where a letter comes back to, naming it.
func (h letterhead) returnAddress(id string) string {
	at := strings.LastIndexByte(h.back, '@')
	return h.back[:at] + "+" + id + h.back[at:]
}

// message is a letter in the form of mail: plain text, the same as a page if there
// is one, how to be written to no more (RFC 8058), and marked as sent by a
// program, so that out-of-office replies do not answer it.
func (h letterhead) message(l survey.Letter) (*gomail.Msg, error) {
	m := gomail.NewMsg()
	m.FromMailAddress(h.from)
	if h.back != "" {
		if err := m.EnvelopeFrom(h.returnAddress(l.ID)); err != nil {
			return nil, &survey.SendError{Reason: "the return address does not work", Down: true, Err: err}
		}
	}
	if err := m.AddToFormat(l.ToName, l.To); err != nil {
		return nil, &survey.SendError{Reason: "the address is not one that mail can be sent to", Refused: true, Err: err}
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
	if l.HTML != "" {
		m.AddAlternativeString(gomail.TypeTextHTML, l.HTML)
	}
	if l.Unsubscribe != "" {
		m.SetGenHeaderPreformatted(gomail.HeaderListUnsubscribe, "<"+l.Unsubscribe+">")
		m.SetGenHeaderPreformatted(gomail.HeaderListUnsubscribePost, "List-Unsubscribe=One-Click")
	}
	return m, nil
}
