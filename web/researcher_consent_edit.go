package web

import (
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/gin-gonic/gin"

	"tidemark/survey"
	"tidemark/survey/consent"
	"tidemark/web/locale"
)

// consentEditPage is the form of one text in one language.
type consentEditPage struct {
	Page
	Path     string
	Version  int
	Language string
	Own      bool // the study's language, which decides what all others follow
	Later    bool // follows another version
	Form     staffForm
	Elements []consentField
	Beside   string // the language whose text stands beside; empty: none
	BesideOf consent.Text
	Changed  bool   // by somebody else meanwhile
	Declared string // what the study declares about who reads answers
}

// consentField is one element with what to write in it.
type consentField struct {
	consent.Element
	Name, Hint string
	Beside     []string // paragraphs, in the language beside
}

// elementWords say of each element what belongs there.
func elementWords(e consent.Element) (name, hint string) {
	switch e {
	case consent.Who:
		return "Who runs it", "People and institution, by name."
	case consent.Purpose:
		return "Purpose", "What the study wants to find out, and why these people are asked."
	case consent.Asked:
		return "What is asked, and how long it takes", "Every occasion with its minutes; that questions can be left out."
	case consent.Voluntary:
		return "Voluntary", "That nobody has to, need not say why, and loses nothing."
	case consent.Withdrawal:
		return "How to stop, and until when answers can be removed", "The page to leave on, what happens to answers, and the day after which they cannot be found any more."
	case consent.Risks:
		return "Risks", "What may be hard; that it is no treatment."
	case consent.Confidentiality:
		return "Confidentiality, and its limits", "Who sees what. Who reads answers, and when, has a field of its own below."
	case consent.Storage:
		return "Storage and retention", "Where, protected how, and for how many months or years."
	case consent.Sharing:
		return "Sharing of anonymised data", "With whom, and only with the tick below."
	case consent.Contact:
		return "Contact and complaints", "Name, e-mail address, phone number; where to complain."
	case consent.Ethics:
		return "Ethics approval", "Board, number and date. Or: none needed, because …"
	case consent.Support:
		return "Support afterwards", "Where to find help during and after the study."
	}
	return string(e), ""
}

// showConsentForm shows a draft, or what one begins with.
func (s *Server) showConsentForm(c *gin.Context, a survey.Actor) error {
	study, err := s.study(c, a)
	if err != nil {
		return err
	}
	at, err := addressedDraft(c, study)
	if err != nil {
		return err
	}
	d, err := s.use.Consents.Begun(c.Request.Context(), a, study.ID, at.Version, at.Language)
	if err != nil {
		return err
	}
	return s.consentEdit(c, a, study, d, http.StatusOK, staffForm{Values: consentValues(d)}, false)
}

// saveConsent keeps a draft; what is missing in it is told, not refused.
func (s *Server) saveConsent(c *gin.Context, a survey.Actor) error {
	study, values, err := s.studyForm(c, a)
	if err != nil {
		return err
	}
	at, err := addressedDraft(c, study)
	if err != nil {
		return err
	}
	d, err := readConsentDraft(at, values)
	if err != nil {
		return err
	}
	_, err = s.use.Consents.Write(c.Request.Context(), a, d)
	if errors.Is(err, survey.ErrConflict) {
		return s.consentConflict(c, a, study, d, values)
	}
	if err != nil {
		f, status, err := again(values, err, "")
		if err != nil {
			return err
		}
		return s.consentEdit(c, a, study, d, status, f, false)
	}
	return redirect(c, fmt.Sprintf("%s/%d/%s?saved=yes", consentPath(study), d.Version, d.Language))
}

// consentConflict keeps what was typed when somebody else has written meanwhile:
// sending it again replaces theirs.
func (s *Server) consentConflict(c *gin.Context, a survey.Actor, study survey.Study, d survey.ConsentDraft, values url.Values) error {
	theirs, err := s.use.Consents.Begun(c.Request.Context(), a, study.ID, d.Version, d.Language)
	if err != nil { // published, or never to be written: typed in vain, but still on the page
		theirs = d
	}
	d.Revision = theirs.Revision
	values.Set("revision", strconv.Itoa(theirs.Revision))
	return s.consentEdit(c, a, study, d, http.StatusConflict, staffForm{Values: values}, true)
}

func (s *Server) consentEdit(c *gin.Context, a survey.Actor, study survey.Study, d survey.ConsentDraft, status int, f staffForm, conflict bool) error {
	b, err := s.use.Consents.Book(c.Request.Context(), a, study.ID)
	if err != nil {
		return err
	}
	title := fmt.Sprintf("What people agree to, version %d in %s", d.Version, locale.EnglishName(d.Language))
	p := consentEditPage{
		Page: s.staffPage(c, a, study, sectionConsent, title), Path: consentPath(study), Version: d.Version, Language: d.Language,
		Own: d.Language == b.Study.Language, Later: d.Version > 1, Form: f, Changed: conflict, Declared: b.Safety[d.Language],
	}
	if !p.Own {
		p.Beside = b.Study.Language
		if base, ok := b.Draft(d.Version, b.Study.Language); ok {
			p.BesideOf = base.Text
		} else {
			p.BesideOf = b.InForce.Text
		}
	}
	for _, e := range consent.Elements() {
		field := consentField{Element: e, Beside: p.BesideOf.Section(e).Paragraphs()}
		field.Name, field.Hint = elementWords(e)
		p.Elements = append(p.Elements, field)
	}
	if len(f.Faults) > 0 || conflict {
		erring(&p.Page)
	}
	return s.render(c, status, "researcher_consent_edit", p)
}

// consentValues fill the form.
func consentValues(d survey.ConsentDraft) url.Values {
	v := url.Values{}
	set := func(field, value string) { v.Set(field, value) }
	set("revision", strconv.Itoa(d.Revision))
	set("title", d.Text.Title)
	set("summary", d.Text.Summary)
	set("changed", d.Text.Changed)
	set("safety", d.Text.Safety)
	set("minimum_age", strconv.Itoa(d.Text.MinimumAge))
	for _, e := range consent.Elements() {
		section := d.Text.Section(e)
		set(string(e), section.Body)
		set(string(e)+"_heading", section.Heading)
	}
	for _, k := range consent.ChoiceKeys() {
		choice, _ := d.Text.Choice(k)
		set(string(k), choice.Label)
	}
	if d.WordingOnly {
		set("wording_only", "1")
	}
	return v
}

// readConsentDraft is the form as a draft.
func readConsentDraft(d survey.ConsentDraft, v url.Values) (survey.ConsentDraft, error) {
	var err error
	if d.Revision, err = strconv.Atoi(v.Get("revision")); err != nil || d.Revision < 0 {
		return d, errBadForm
	}
	text := func(field string) string {
		return strings.TrimSpace(strings.ReplaceAll(v.Get(field), "\r\n", "\n"))
	}
	d.Text = consent.Text{Title: text("title"), Summary: text("summary"), Changed: text("changed"), Safety: text("safety")}
	d.WordingOnly = v.Get("wording_only") == "1"
	if given := text("minimum_age"); given != "" {
		if d.Text.MinimumAge, err = strconv.Atoi(given); err != nil {
			d.Text.MinimumAge = -1 // no number is as wrong as one out of range
		}
	}
	for _, e := range consent.Elements() {
		d.Text.Sections = append(d.Text.Sections, consent.Section{Element: e, Heading: text(string(e) + "_heading"), Body: text(string(e))})
	}
	for _, k := range consent.ChoiceKeys() {
		if label := text(string(k)); label != "" {
			d.Text.Choices = append(d.Text.Choices, consent.Choice{Key: k, Label: label})
		}
	}
	d.Text.Choices = slices.Clip(d.Text.Choices)
	return d, nil
}

// consentInput is one field of the form.
type consentInput struct {
	Field, Label, Hint, Value, Fault string
}

func newConsentLine(f staffForm, field, label, hint string) consentInput {
	return consentInput{field, label, hint, f.Value(field), f.Fault(field)}
}

// Described are the places that describe the field.
func (i consentInput) Described() string {
	var ids []string
	if i.Hint != "" {
		ids = append(ids, i.Field+"-hint")
	}
	if i.Fault != "" {
		ids = append(ids, i.Field+"-fault")
	}
	return strings.Join(ids, " ")
}
