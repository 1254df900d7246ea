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
	"tidemark/survey/instrument"
)

// draftPage is what every page of a questionnaire being written has.
type draftPage struct {
	Page
	View survey.DraftView
	Path string
	Form draftForm
	// Saved: what stands here has just been kept.
	Saved bool
}

// D is the questionnaire as it stands.
func (p draftPage) D() *instrument.Definition { return p.View.Definition }

// Revision is the one on the page.
func (p draftPage) Revision() int { return p.View.Draft.Revision }

func draftPath(id survey.DraftID) string { return "/drafts/" + url.PathEscape(string(id)) }

// draftForm is a form of the editor: what was given, and what is wrong with it, in
// words.
type draftForm struct {
	Values url.Values
	faults []faultLine // by field
}

// Value is what was given in a field.
func (f draftForm) Value(field string) string { return f.Values.Get(field) }

// Is reports whether a field was given this value, as one of a list.
func (f draftForm) Is(field, value string) bool {
	return slices.Contains(f.Values[field], value)
}

// Fault is what is wrong with a field, or nothing.
func (f draftForm) Fault(field string) string {
	var all []string
	for _, l := range f.faults {
		if l.Field == field {
			all = append(all, l.Text)
		}
	}
	return strings.Join(all, "; ")
}

// List gives all faults, for the summary above the form.
func (f draftForm) List() []faultLine { return f.faults }

// add says what is wrong with a field.
func (f *draftForm) add(field, text string) {
	f.faults = append(f.faults, faultLine{Field: field, Text: text})
}

// refused adds what a change was refused for; false when the error is another.
func (f *draftForm) refused(err error) bool {
	faults, ok := errors.AsType[survey.FieldErrors](err)
	if !ok {
		return false
	}
	for field, key := range faults {
		f.add(field, messageText(key))
	}
	return true
}

// found adds the faults of a part of the questionnaire to the fields that they are
// about.
func (f *draftForm) found(v survey.DraftView, within string) {
	for _, fault := range v.Faults {
		way := draftPlace(v.Definition, fault.Place)
		if way.Page == within {
			f.add(way.Field, sentence(fault.Problem))
		}
	}
}

// sentence is a fault as a sentence.
func sentence(problem string) string { return sentenceCase(problem) + "." }

// openDraft opens the draft of a page's address.
func (s *Server) openDraft(c *gin.Context, a survey.Actor, title string) (draftPage, error) {
	v, err := s.use.Drafts.Open(c.Request.Context(), a, survey.DraftID(c.Param("draft")), 0)
	if err != nil {
		return draftPage{}, err
	}
	p := draftPage{View: v, Path: draftPath(v.Draft.ID), Saved: c.Query("saved") != ""}
	if title != "" {
		title += " – "
	}
	p.Page = s.staffPage(c, a, survey.Study{}, sectionLibrary, title+v.Draft.Title)
	if v.PublishedAs != "" && c.Request.Method != http.MethodGet && c.Request.Method != http.MethodHead {
		return p, survey.ErrConflict
	}
	return p, nil
}

// draftEdit is a change that a form asks for.
type draftEdit struct {
	values url.Values
	what   string
	edit   func(*instrument.Definition) error
}

// keepDraft makes a change and says where to go from there: to the history when
// somebody else has saved meanwhile, and else where the caller says.
func (s *Server) keepDraft(c *gin.Context, a survey.Actor, e draftEdit) (aside string, err error) {
	base, err := strconv.Atoi(e.values.Get("revision"))
	if err != nil {
		return "", errBadForm
	}
	id := survey.DraftID(c.Param("draft"))
	saved, err := s.use.Drafts.Change(c.Request.Context(), a, survey.DraftChange{ID: id, Base: base, What: e.what, Edit: e.edit})
	if err != nil {
		return "", err
	}
	if saved.Aside {
		return fmt.Sprintf("%s/history?aside=%d", draftPath(id), saved.Number), nil
	}
	return "", nil
}

// showDrafts leads to where drafts are listed.
func (s *Server) showDrafts(c *gin.Context, a survey.Actor) error {
	if _, err := s.use.Drafts.List(c.Request.Context(), a); err != nil {
		return err
	}
	return redirect(c, "/instruments#drafts")
}

// beginDraft begins a questionnaire: an empty one, or one that begins as another.
func (s *Server) beginDraft(c *gin.Context, a survey.Actor) error {
	values, err := readForm(c)
	if err != nil {
		return err
	}
	draft, err := s.use.Drafts.Begin(c.Request.Context(), a, survey.NewDraft{
		Title: values.Get("title"), Language: values.Get("language"), From: values.Get("from"), Once: survey.Once(values.Get("once")),
	})
	if errors.Is(err, survey.ErrRepeated) {
		return redirect(c, "/instruments#drafts")
	}
	if err != nil {
		f, status, err := again(values, err, "")
		if err != nil {
			return err
		}
		return s.newInstrumentForm(c, a, status, f, "")
	}
	return redirect(c, draftPath(draft.ID))
}
