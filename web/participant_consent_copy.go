package web

import (
	"bytes"
	"fmt"
	"net/http"
	"strings"

	"github.com/gin-gonic/gin"

	"tidemark/survey"
	"tidemark/web/locale"
)

// consentCopy is exactly what somebody agreed to, to be kept by them.
type consentCopy struct {
	consentView
	Words *locale.Language
	Facts []copyFact
}

type copyFact struct{ Name, Text string }

// downloadConsent gives the person a copy of a text they agreed to: a page that
// needs nothing else, or plain text. It says version, language, time and
// fingerprint, and holds no name.
func (s *Server) downloadConsent(c *gin.Context, a survey.Actor) error {
	id, ending, ok := strings.Cut(c.Param("file"), ".")
	if !ok || ending != "html" && ending != "txt" {
		return survey.ErrNotFound
	}
	agreed, err := s.use.Enrolments.Agreed(c.Request.Context(), a)
	if err != nil {
		return err
	}
	for _, g := range agreed {
		if string(g.Consent.ID) == id {
			return s.sendConsentCopy(c, s.newConsentCopy(a, g), ending)
		}
	}
	return survey.ErrNotFound
}

func (s *Server) newConsentCopy(a survey.Actor, g survey.AgreedText) consentCopy {
	words := s.texts.In(g.Text.Language)
	p := consentCopy{consentView: newConsentView(g.Text, words.Tag), Words: words}
	const instant = "2006-01-02 15:04:05 UTC"
	fact := func(key, text string) { p.Facts = append(p.Facts, copyFact{words.Say(key), text}) }
	fact("consent.copy_study", a.Participation.Study.Title)
	fact("consent.copy_code", a.Participation.Enrolment.Code)
	fact("consent.copy_agreed", g.Consent.GivenAt.UTC().Format(instant))
	if !g.Consent.WithdrawnAt.IsZero() {
		fact("consent.copy_withdrawn", g.Consent.WithdrawnAt.UTC().Format(instant))
	}
	if g.Text.Text.MinimumAge > 0 {
		fact("consent.decide", words.Say("consent.of_age", "Age", g.Text.Text.MinimumAge))
	}
	for _, choice := range g.Text.Text.Choices {
		key := "consent.copy_no"
		if g.Choices[choice.Key] {
			key = "consent.copy_yes"
		}
		fact(key, choice.Label)
	}
	fact("consent.copy_language", g.Text.Language)
	p.Facts = append(p.Facts, copyFact{words.Say("consent.version", "Version", g.Text.Version), g.Text.CreatedAt.UTC().Format(instant)})
	fact("consent.copy_hash", g.Text.Hash)
	return p
}

// plain is the copy without layout.
func (p consentCopy) plain() string {
	var b strings.Builder
	b.WriteString(p.Text.Title + "\n\n" + p.Text.Plain() + "\n\n----\n\n" + p.Words.Say("consent.copy_of") + "\n\n")
	for _, f := range p.Facts {
		b.WriteString(f.Name + ": " + f.Text + "\n")
	}
	return b.String()
}

func (s *Server) sendConsentCopy(c *gin.Context, p consentCopy, ending string) error {
	name := fmt.Sprintf("consent-version-%d-%s.%s", p.Version, p.Language, ending)
	c.Header("Content-Disposition", `attachment; filename="`+name+`"`)
	if ending == "txt" {
		c.Data(http.StatusOK, "text/plain; charset=utf-8", []byte(p.plain()))
		return nil
	}
	page, ok := s.pages.byName[pageName{locale.Fallback, "consent"}]
	if !ok {
		return fmt.Errorf("no template of the copy")
	}
	var b bytes.Buffer
	if err := page.ExecuteTemplate(&b, "consent-copy", p); err != nil {
		return fmt.Errorf("copy of the consent text: %w", err)
	}
	c.Data(http.StatusOK, "text/html; charset=utf-8", b.Bytes())
	return nil
}
