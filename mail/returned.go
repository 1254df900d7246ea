package mail

import (
	"bufio"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"mime"
	"mime/multipart"
	"net/mail"
	"net/textproto"
	"regexp"
	"slices"
	"strings"

	"tidemark/survey"
)

var (
	// ErrNoReport: the mail is no report of a mail server about a letter.
	ErrNoReport = errors.New("no report about the delivery of a letter")
	// ErrStillTrying: the report tells of a letter that was delivered, or may be yet.
	ErrStillTrying = errors.New("the letter was delivered, or may be yet")
)

const (
	// mostReturned is how much of a mail is read: a report begins the mail, and some
	// servers send the whole letter after it.
	mostReturned = 4 << 20
	mostParts    = 20
)

var (
	nameInAddress = regexp.MustCompile(`\+([0-9a-f]{32})@`)
	nameInID      = regexp.MustCompile(`<([0-9a-f]{32})@`)
	statusForm    = regexp.MustCompile(`^[245]\.\d{1,3}\.\d{1,3}$`)
	smtpCode      = regexp.MustCompile(`^\s*smtp\s*;\s*(\d{3})`)
)

// ReadReturned reads the report of a mail server that it could not deliver a letter
// (RFC 3464), and finds which letter that was: by the address that the report was sent
// to, or by what it gives back of the letter. ErrNoReport and ErrStillTrying say why a
// mail is none; Letter is empty when it is about a letter that was not ours.
func ReadReturned(r io.Reader) (survey.Returned, error) {
	m, err := mail.ReadMessage(io.LimitReader(r, mostReturned))
	if err != nil {
		return survey.Returned{}, fmt.Errorf("%w: %w", ErrNoReport, err)
	}
	kind, parameters, err := mime.ParseMediaType(m.Header.Get("Content-Type"))
	if err != nil || kind != "multipart/report" || !strings.EqualFold(parameters["report-type"], "delivery-status") {
		return survey.Returned{}, ErrNoReport
	}
	report := returnedReport{letter: nameIn(nameInAddress, textproto.MIMEHeader(m.Header), "To", "Delivered-To", "X-Original-To", "Envelope-To")}
	if err := report.read(multipart.NewReader(m.Body, parameters["boundary"])); err != nil {
		return survey.Returned{}, err
	}
	return report.returned()
}

// returnedReport is what was found in a report.
type returnedReport struct {
	letter string
	told   []textproto.MIMEHeader // of the letter, then of each of its recipients
}

// read goes through the parts. What is cut off after them, as by a server that sends
// back the beginning of a long letter, does not matter.
func (t *returnedReport) read(parts *multipart.Reader) error {
	for range mostParts {
		part, err := parts.NextPart()
		if err != nil {
			break
		}
		kind, _, err := mime.ParseMediaType(part.Header.Get("Content-Type"))
		if err != nil {
			continue
		}
		content := bufio.NewReader(decoded(part))
		switch kind {
		case "message/delivery-status", "message/global-delivery-status":
			t.told = append(t.told, blocks(content)...)
		case "message/rfc822", "text/rfc822-headers", "message/global", "message/global-headers":
			h, _ := textproto.NewReader(content).ReadMIMEHeader() // of one cut off, what there is
			if t.letter == "" {
				t.letter = nameIn(nameInAddress, h, "Return-Path")
			}
			if t.letter == "" {
				t.letter = nameIn(nameInID, h, "Message-Id")
			}
		}
	}
	if len(t.told) == 0 {
		return ErrNoReport
	}
	return nil
}

// decoded undoes base64; the other encodings are undone by the reader of parts.
func decoded(part *multipart.Part) io.Reader {
	if strings.EqualFold(part.Header.Get("Content-Transfer-Encoding"), "base64") {
		return base64.NewDecoder(base64.StdEncoding, part)
	}
	return part
}

// blocks are groups of fields with an empty line between them.
func blocks(r *bufio.Reader) []textproto.MIMEHeader {
	var all []textproto.MIMEHeader
	lines := textproto.NewReader(r)
	for range mostParts {
		h, err := lines.ReadMIMEHeader()
		if len(h) > 0 {
			all = append(all, h)
		}
		if err != nil {
			break
		}
	}
	return all
}

func nameIn(form *regexp.Regexp, h textproto.MIMEHeader, fields ...string) string {
	for _, f := range fields {
		for _, value := range h.Values(f) {
			if found := form.FindStringSubmatch(strings.ToLower(value)); found != nil {
				return found[1]
			}
		}
	}
	return ""
}

// returned is what the report comes to: a letter of ours has one recipient.
func (t *returnedReport) returned() (survey.Returned, error) {
	i := slices.IndexFunc(t.told, func(h textproto.MIMEHeader) bool {
		return strings.EqualFold(strings.TrimSpace(h.Get("Action")), "failed")
	})
	if i < 0 {
		return survey.Returned{}, ErrStillTrying
	}
	r := survey.Returned{Letter: t.letter}
	if status, _, _ := strings.Cut(strings.TrimSpace(t.told[i].Get("Status")), " "); statusForm.MatchString(status) {
		r.Status = status
	}
	code := ""
	if found := smtpCode.FindStringSubmatch(strings.ToLower(t.told[i].Get("Diagnostic-Code"))); found != nil {
		code = found[1]
	}
	r.Gone = addressGone(r.Status, code)
	return r, nil
}

// addressGone reports whether a failure tells that the address takes no letters: there
// is none such, or no such place, or it was closed (RFC 3463). A full mailbox, a letter
// that was too long and a rule of the server do not, nor an address of the sender's.
func addressGone(status, code string) bool {
	switch {
	case status == "5.1.7", status == "5.1.8":
		return false
	case strings.HasPrefix(status, "5.1."), status == "5.2.1", status == "5.4.4":
		return true
	case status == "5.0.0", status == "":
		return code == "550" || code == "551" || code == "553"
	}
	return false
}
