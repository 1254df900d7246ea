package web

import (
	"strconv"
	"strings"

	"github.com/gin-gonic/gin"

	"tidemark/survey"
)

type consentPage struct {
	Page
	StudyTitle string
	Text       survey.ConsentText
	Blocks     []textBlock
	Given      bool
	Asks       bool // the text can be agreed to now
	Unticked   bool // sent without the tick
}

// textBlock is a paragraph or a heading of a plain text.
type textBlock struct {
	Heading bool
	Text    string
}

// textBlocks splits a text at empty lines; "## " begins a heading.
func textBlocks(body string) []textBlock {
	var blocks []textBlock
	for part := range strings.SplitSeq(strings.ReplaceAll(body, "\r\n", "\n"), "\n\n") {
		part = strings.TrimSpace(part)
		if part == "" {
			continue
		}
		heading, isHeading := strings.CutPrefix(part, "## ")
		blocks = append(blocks, textBlock{Heading: isHeading, Text: heading})
	}
	return blocks
}

func (s *Server) showConsent(c *gin.Context, a survey.Actor) error {
	return s.consentForm(c, a, 200, false)
}

func (s *Server) consentForm(c *gin.Context, a survey.Actor, status int, unticked bool) error {
	text, err := s.use.Enrolments.ConsentText(c.Request.Context(), a)
	if err != nil {
		return err
	}
	title := text.Title
	if unticked {
		title = s.say(c, "error.prefix") + title
	}
	given := a.Participation.Consented()
	return s.render(c, status, "consent", consentPage{
		Page: s.participantPage(c, a, title), StudyTitle: a.Participation.Study.Title, Text: text,
		Blocks: textBlocks(text.Body), Given: given,
		Asks: !given && !a.Participation.Enrolment.Withdrawn(), Unticked: unticked,
	})
}

func (s *Server) giveConsent(c *gin.Context, a survey.Actor) error {
	form, err := readForm(c)
	if err != nil {
		return err
	}
	version, err := strconv.Atoi(form.Get("version"))
	if err != nil {
		return errBadForm
	}
	if form.Get("agree") != "yes" {
		return s.consentForm(c, a, 422, true)
	}
	if err := s.use.Enrolments.Consent(c.Request.Context(), a, version); err != nil {
		return err
	}
	return redirect(c, "/me")
}
