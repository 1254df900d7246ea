package web

import (
	"errors"
	"net/http"
	"strconv"
	"strings"

	"github.com/gin-gonic/gin"

	"tidemark/survey"
)

// consentBookPage is all versions of what people agree to, and what is being
// written.
type consentBookPage struct {
	Page
	Book     survey.ConsentBook
	Path     string
	Form     staffForm
	Writes   bool // the actor may write
	Next     *consentWork
	Current  *consentWork // translations of the version in force
	Versions []survey.ConsentVersion
	// Stale are the languages in which the version in force says something else
	// about who reads answers than the study declares now.
	Stale     []string
	Published string // languages, just now
	Unable    bool   // the study was to be opened and could not be
}

// consentWork is a version being written, language by language.
type consentWork struct {
	Version     int
	Seen        string // revisions, as they stand here
	Lines       []consentLine
	Ready       bool // can be published
	WordingOnly bool
	Later       bool // follows another version
}

// consentPart is a version being written, on its page.
type consentPart struct {
	Page consentBookPage
	Work *consentWork
}

func newConsentPart(p consentBookPage, w *consentWork) consentPart { return consentPart{p, w} }

// consentLine is one language of a version being written.
type consentLine struct {
	Language string
	Own      bool // the study's
	Draft    survey.ConsentDraft
	Begun    bool
	Lacks    []faultLine
}

func consentPath(study survey.Study) string { return studyPath(study) + "/consent" }

func (s *Server) showConsentBook(c *gin.Context, a survey.Actor) error {
	study, err := s.study(c, a)
	if err != nil {
		return err
	}
	return s.consentBook(c, a, study, http.StatusOK, staffForm{}, false)
}

func (s *Server) consentBook(c *gin.Context, a survey.Actor, study survey.Study, status int, f staffForm, unable bool) error {
	b, err := s.use.Consents.Book(c.Request.Context(), a, study.ID)
	if err != nil {
		return err
	}
	p := consentBookPage{
		Page: s.staffPage(c, a, study, sectionConsent, "What people agree to"), Book: b, Path: consentPath(study), Form: f,
		Writes: a.MayWriteConsent(study.ID), Versions: b.Versions, Stale: b.SafetyChanged, Published: c.Query("published"),
		Unable: unable,
	}
	p.Next = newConsentWork(b, b.Next(), b.Languages)
	if len(b.Missing) > 0 {
		p.Current = newConsentWork(b, b.Study.ConsentVersion, b.Missing)
	}
	if len(f.Faults) > 0 || unable {
		erring(&p.Page)
	}
	return s.render(c, status, "researcher_consent", p)
}

func newConsentWork(b survey.ConsentBook, version int, languages []string) *consentWork {
	w := &consentWork{Version: version, Seen: survey.ConsentRevisions(b.Drafts, version), Later: version > 1}
	for _, l := range languages {
		line := consentLine{Language: l, Own: l == b.Study.Language}
		if line.Draft, line.Begun = b.Draft(version, l); line.Begun {
			line.Lacks = staffForm{Faults: b.Lacks(line.Draft)}.List()
			complete := len(line.Lacks) == 0
			if line.Own {
				w.WordingOnly = line.Draft.WordingOnly && w.Later
			}
			if complete && (line.Own || version == b.Study.ConsentVersion) {
				w.Ready = true
			}
		}
		w.Lines = append(w.Lines, line)
	}
	return w
}

// publishConsent makes what is complete of a version final.
func (s *Server) publishConsent(c *gin.Context, a survey.Actor) error {
	study, values, err := s.studyForm(c, a)
	if err != nil {
		return err
	}
	version, err := strconv.Atoi(values.Get("version"))
	if err != nil {
		return errBadForm
	}
	if values.Get("final") != "1" {
		f := staffForm{Values: values, Faults: survey.FieldErrors{"final-" + values.Get("version"): "consent.not_final"}}
		return s.consentBook(c, a, study, http.StatusUnprocessableEntity, f, false)
	}
	told, err := s.use.Consents.Publish(c.Request.Context(), a, study.ID, version, values.Get("seen"))
	if err != nil {
		f, status, err := again(values, err, "")
		if err != nil {
			return err
		}
		return s.consentBook(c, a, study, status, f, false)
	}
	var names strings.Builder
	for i, l := range told {
		if i > 0 {
			names.WriteString(",")
		}
		names.WriteString(l)
	}
	return redirect(c, consentPath(study)+"?published="+names.String())
}

// discardConsent throws a draft away.
func (s *Server) discardConsent(c *gin.Context, a survey.Actor) error {
	study, values, err := s.studyForm(c, a)
	if err != nil {
		return err
	}
	d, err := addressedDraft(c, study)
	if err != nil {
		return err
	}
	if d.Revision, err = strconv.Atoi(values.Get("revision")); err != nil {
		return errBadForm
	}
	if err := s.use.Consents.Discard(c.Request.Context(), a, d); err != nil {
		return err
	}
	return redirect(c, consentPath(study))
}

// addressedDraft is the version and language of a page's address.
func addressedDraft(c *gin.Context, study survey.Study) (survey.ConsentDraft, error) {
	version, err := strconv.Atoi(c.Param("version"))
	if err != nil {
		return survey.ConsentDraft{}, survey.ErrNotFound
	}
	return survey.ConsentDraft{StudyID: study.ID, Version: version, Language: c.Param("language")}, nil
}

// beginConsent leads from the choice of a language to its form.
func (s *Server) beginConsent(c *gin.Context, a survey.Actor) error {
	study, err := s.study(c, a)
	if err != nil {
		return err
	}
	version, err := strconv.Atoi(c.Query("version"))
	if err != nil {
		version = 0 // which is none
	}
	_, err = s.use.Consents.Begun(c.Request.Context(), a, study.ID, version, c.Query("language"))
	if errors.Is(err, survey.ErrNotFound) {
		f := staffForm{Values: c.Request.URL.Query(), Faults: survey.FieldErrors{"language": "consent.language"}}
		return s.consentBook(c, a, study, http.StatusUnprocessableEntity, f, false)
	}
	if err != nil {
		return err
	}
	return redirect(c, consentPath(study)+"/"+c.Query("version")+"/"+c.Query("language")+"/edit")
}

// consentSheetPage is a text as participants see it.
type consentSheetPage struct {
	Page
	Path      string
	View      consentView
	Draft     bool
	Later     bool
	Reasked   bool // whoever agreed before is asked again
	Published string
	Hash      string
	Choices   []choiceBox
	Lacks     []faultLine
	Writes    bool
	Saved     bool
}

func (s *Server) showConsentSheet(c *gin.Context, a survey.Actor) error {
	study, err := s.study(c, a)
	if err != nil {
		return err
	}
	d, err := addressedDraft(c, study)
	if err != nil {
		return err
	}
	b, err := s.use.Consents.Book(c.Request.Context(), a, study.ID)
	if err != nil {
		return err
	}
	p := consentSheetPage{Path: consentPath(study), Later: d.Version > 1, Writes: a.MayWriteConsent(study.ID), Saved: c.Query("saved") == "yes"}
	var text survey.ConsentText
	if draft, ok := b.Draft(d.Version, d.Language); ok {
		p.Draft, p.Lacks = true, staffForm{Faults: b.Lacks(draft)}.List()
		text = survey.ConsentText{Version: d.Version, Language: d.Language, Text: draft.Text, WordingOnly: draft.WordingOnly}
	} else if text, err = s.use.Consents.Text(c.Request.Context(), a, study.ID, d.Version, d.Language); err != nil {
		return err
	}
	title := text.Text.Title
	if title == "" {
		title = "A text without a title"
	}
	p.Page = s.staffPage(c, a, study, sectionConsent, title)
	p.View, p.Choices, p.Hash = newConsentView(text, p.Lang), choiceBoxes(text.Text, nil), text.Hash
	p.Reasked = p.Later && !text.WordingOnly
	return s.render(c, http.StatusOK, "researcher_consent_text", p)
}
