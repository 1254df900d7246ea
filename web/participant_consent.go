package web

import (
	"errors"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/gin-gonic/gin"

	"tidemark/survey"
	"tidemark/survey/consent"
	"tidemark/survey/schedule"
)

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

// consentView is a consent text as it is laid out.
type consentView struct {
	Version  int
	Language string
	Text     consent.Text
	// Other: it is in another language than the page.
	Other bool
}

func newConsentView(t survey.ConsentText, page string) consentView {
	return consentView{Version: t.Version, Language: t.Language, Text: t.Text, Other: t.Language != page}
}

// Summary are the paragraphs that say it in short.
func (v consentView) Summary() []string { return consent.Paragraphs(v.Text.Summary) }

// Changed are the paragraphs about what is new.
func (v consentView) Changed() []string { return consent.Paragraphs(v.Text.Changed) }

// Sections are the elements in order; who reads answers and when stands with who
// sees them.
func (v consentView) Sections() []consent.Section {
	sections := slices.Clone(v.Text.Sections)
	for i, s := range sections {
		if s.Element == consent.Confidentiality && v.Text.Safety != "" {
			sections[i].Body += "\n\n" + v.Text.Safety
		}
	}
	return sections
}

// choiceBox is an optional consent as a box to tick.
type choiceBox struct {
	consent.Choice
	On bool
}

func choiceBoxes(t consent.Text, on survey.ConsentChoices) []choiceBox {
	var boxes []choiceBox
	for _, c := range t.Choices {
		boxes = append(boxes, choiceBox{c, on[c.Key]})
	}
	return boxes
}

// tickedChoices reads the boxes of a form.
func tickedChoices(ticked []string) survey.ConsentChoices {
	on := survey.ConsentChoices{}
	for _, k := range ticked {
		on[consent.ChoiceKey(k)] = true
	}
	return on
}

type consentPage struct {
	Page
	View       consentView
	Asks       bool // the text can be agreed to now
	Outdated   bool // the person agreed to an earlier text
	Left       bool
	DeclinedOn string // a day; empty: has not said no
	GivenOn    string // the day of the consent that holds
	Choices    []choiceBox
	MayChoose  bool // there are choices that can be changed on a page of their own
	OfAge      bool // ticked
	Underage   bool // sent without the tick
	Stale      bool // sent for a text that is no longer in force
	Copies     []consentCopyLine
	Reads      readWords // who reads answers and when
	// Erasure is what the study allows; where that is not everything, the page
	// says so.
	Erasure survey.ErasurePolicy
}

// consentCopyLine leads to the copy of a text that was agreed to.
type consentCopyLine struct {
	Version int
	Day     string
	Path    string // without its ending
}

func (s *Server) showConsent(c *gin.Context, a survey.Actor) error {
	return s.consentForm(c, a, http.StatusOK, consentPage{}, nil)
}

// consentForm shows the text with the decision, as p says it was sent.
func (s *Server) consentForm(c *gin.Context, a survey.Actor, status int, p consentPage, ticked survey.ConsentChoices) error {
	part := a.Participation
	text, err := s.use.Enrolments.ConsentText(c.Request.Context(), a, s.language(c).Tag)
	if err != nil {
		return err
	}
	safety, err := s.use.Safeties.For(c.Request.Context(), a)
	if err != nil {
		return err
	}
	p.Reads = readsIn(s.language(c), part.Study, safety)
	agreed, err := s.use.Enrolments.Agreed(c.Request.Context(), a)
	if err != nil {
		return err
	}
	if p.Erasure, err = s.use.Erasures.Policy(c.Request.Context(), a, part.Study.ID); err != nil {
		return err
	}
	p.Outdated, p.Left = part.ConsentOutdated(), part.Enrolment.Withdrawn()
	title := text.Text.Title
	if p.Outdated {
		title = s.say(c, "consent.changed_title")
	}
	if p.Underage {
		title = s.say(c, "error.prefix") + title
	}
	p.Page = s.participantPage(c, a, title)
	p.View = newConsentView(text, p.Lang)
	if p.View.Text.Safety != "" {
		p.Reads.Own = nil // it is in the text that is agreed to
	}
	p.Asks = !part.Consented() && !p.Left
	if at := part.Enrolment.DeclinedAt; !at.IsZero() && !p.Left {
		p.DeclinedOn = s.dayOf(c, at, part.Run)
	}
	p.Choices, p.MayChoose = choiceBoxes(text.Text, ticked), len(text.Text.Choices) > 0
	for _, g := range agreed {
		if g.Consent.WithdrawnAt.IsZero() && g.Consent.Version == part.ConsentVersion {
			p.GivenOn = s.dayOf(c, g.Consent.GivenAt, part.Run)
		}
		p.Copies = append(p.Copies, consentCopyLine{
			Version: g.Consent.Version, Day: s.dayOf(c, g.Consent.GivenAt, part.Run),
			Path: "/me/consent/copy/" + string(g.Consent.ID),
		})
	}
	return s.render(c, status, "consent", p)
}

// dayOf is an instant as a day in the language of the request, where the run
// meets.
func (s *Server) dayOf(c *gin.Context, at time.Time, run survey.CourseRun) string {
	return s.language(c).DayYear(schedule.DateOf(at.In(run.Zone())))
}

// decideConsent takes one of the two buttons: both are one tap.
func (s *Server) decideConsent(c *gin.Context, a survey.Actor) error {
	form, err := readForm(c)
	if err != nil {
		return err
	}
	ctx := c.Request.Context()
	switch form.Get("decision") {
	case "decline":
		if err := s.use.Enrolments.Decline(ctx, a); err != nil {
			return err
		}
		return redirect(c, "/me/consent/declined")
	case "agree":
	default:
		return errBadForm
	}
	version, err := strconv.Atoi(form.Get("version"))
	if err != nil {
		return errBadForm
	}
	said := survey.Agreement{
		Version: version, Language: form.Get("language"), OfAge: form.Get("of_age") == "yes", Choices: tickedChoices(form["choice"]),
	}
	err = s.use.Enrolments.Agree(ctx, a, said)
	if _, young := errors.AsType[survey.FieldErrors](err); young {
		return s.consentForm(c, a, http.StatusUnprocessableEntity, consentPage{Underage: true}, said.Choices)
	}
	if errors.Is(err, survey.ErrConflict) && version != a.Participation.Study.ConsentVersion {
		return s.consentForm(c, a, http.StatusConflict, consentPage{Stale: true, OfAge: said.OfAge}, said.Choices)
	}
	if err != nil {
		return err
	}
	if err := s.rememberDevice(c, a); err != nil {
		return err
	}
	return redirect(c, "/me")
}
