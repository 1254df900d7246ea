package web

import (
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"github.com/gin-gonic/gin"

	"tidemark/survey"
	"tidemark/survey/instrument"
	"tidemark/survey/instrument/drafting"
)

// draftPart is a page of the editor that edits one part of a draft with a form.
type draftPart struct {
	title, template string
	// within is the part's address behind the draft's, and at its place in the
	// outline.
	within func(c *gin.Context) (within, at string)
	// values fill the form; ErrNotFound when there is no such part.
	values func(c *gin.Context, d *instrument.Definition) (url.Values, error)
	// page adds what the template needs.
	page func(c *gin.Context, p draftPage) any
	// edit puts a form into the draft.
	edit func(c *gin.Context, values url.Values) (what string, edit func(*instrument.Definition) error)
	// saved is the part's address after a save; nil: the same.
	saved func(values url.Values) string
}

// show answers with the form as the draft stands.
func (s *Server) showDraftPart(part draftPart) actorHandler {
	return func(c *gin.Context, a survey.Actor) error {
		p, err := s.openDraft(c, a, part.title)
		if err != nil {
			return err
		}
		if p.Form.Values, err = part.values(c, p.D()); err != nil {
			return err
		}
		within, _ := part.within(c)
		p.Form.found(p.View, within)
		return s.draftPart(c, http.StatusOK, p, part)
	}
}

func (s *Server) draftPart(c *gin.Context, status int, p draftPage, part draftPart) error {
	if len(p.Form.faults) > 0 {
		erring(&p.Page)
	}
	data, ok := part.page(c, p).(interface{ language() string })
	if !ok {
		return errInternal
	}
	return s.render(c, status, part.template, data)
}

// savePart keeps what a form says.
func (s *Server) saveDraftPart(part draftPart) actorHandler {
	return func(c *gin.Context, a survey.Actor) error {
		values, err := readForm(c)
		if err != nil {
			return err
		}
		p, err := s.openDraft(c, a, part.title)
		if err != nil {
			return err
		}
		what, edit := part.edit(c, values)
		aside, err := s.keepDraft(c, a, draftEdit{values, what, edit})
		if err != nil {
			p.Form.Values = values
			if !p.Form.refused(err) {
				return err
			}
			return s.draftPart(c, http.StatusUnprocessableEntity, p, part)
		}
		if aside != "" {
			return redirect(c, aside)
		}
		within, at := part.within(c)
		if part.saved != nil {
			within = part.saved(values)
		}
		return s.afterSaving(c, a, within, at, "")
	}
}

// draftParts are the parts with forms of their own, by the route behind the draft's.
func draftParts() map[string]draftPart {
	return map[string]draftPart{
		"about":              aboutPart(),
		"page/:page":         pagePart(),
		"answers/:set":       answersPart(),
		"scale/:scale":       scalePart(),
		"language/:language": languagePart(),
		"example/:example":   examplePart(),
	}
}

// aboutFields are the texts of the head that are written in a field of their own.
func aboutFields(d *instrument.Definition) map[string]*string {
	return map[string]*string{
		"key": &d.Key, "version": &d.Version, "title": &d.Title, "heading": &d.Heading, "intro": &d.Intro, "language": &d.Language,
		"status": &d.Status, "terms": &d.Terms, "citation": &d.Citation,
	}
}

func aboutPart() draftPart {
	return draftPart{
		title: "About it", template: "staff_draft_about",
		within: func(*gin.Context) (string, string) { return "about", "about" },
		values: func(_ *gin.Context, d *instrument.Definition) (url.Values, error) {
			v := url.Values{"minutes": {drafting.Show(d.Minutes)}, "purpose": {string(d.Purpose)}, "cautions": {strings.Join(d.Cautions, "\n")}}
			for name, text := range aboutFields(d) {
				v.Set(name, *text)
			}
			if d.RandomOrder {
				v.Set("random_order", "1")
			}
			if l := d.Licence; l != nil {
				v.Set("licence_kind", l.Kind)
				v.Set("licence_url", l.URL)
				if l.Reference {
					v.Set("licence_reference", "1")
				}
			}
			return v, nil
		},
		page: func(_ *gin.Context, p draftPage) any { return p },
		edit: func(_ *gin.Context, values url.Values) (string, func(*instrument.Definition) error) {
			return "changed what it says about itself", func(d *instrument.Definition) error { return putAbout(d, values) }
		},
	}
}

func putAbout(d *instrument.Definition, values url.Values) error {
	for name, text := range aboutFields(d) {
		*text = drafting.Trim(values.Get(name))
	}
	if d.Title == "" {
		return &drafting.Refusal{Field: "title", Message: "draft.title_needed"}
	}
	var err error
	if d.Minutes, err = drafting.Number(values.Get("minutes")); err != nil {
		return &drafting.Refusal{Field: "minutes", Message: drafting.MessageNumber}
	}
	d.Purpose, d.RandomOrder = instrument.Purpose(values.Get("purpose")), values.Get("random_order") == "1"
	d.Cautions = nil
	for line := range strings.Lines(drafting.Trim(values.Get("cautions"))) {
		if line = strings.TrimSpace(line); line != "" {
			d.Cautions = append(d.Cautions, line)
		}
	}
	d.Licence = nil
	if kind := values.Get("licence_kind"); kind != "" {
		d.Licence = &instrument.Licence{Kind: kind, Reference: values.Get("licence_reference") == "1", URL: drafting.Trim(values.Get("licence_url"))}
	}
	return nil
}

// draftPagePage is the form of a page: its words and its condition.
type draftPagePage struct {
	draftPage
	Number int
	Show   conditionField
}

func pagePart() draftPart {
	number := func(c *gin.Context) int {
		n, err := strconv.Atoi(c.Param("page"))
		if err != nil {
			return 0
		}
		return n
	}
	return draftPart{
		title: "Page", template: "staff_draft_page",
		within: func(c *gin.Context) (string, string) {
			return "page/" + strconv.Itoa(number(c)), "page-" + strconv.Itoa(number(c))
		},
		values: func(c *gin.Context, d *instrument.Definition) (url.Values, error) {
			n := number(c)
			if n < 1 || n > len(d.Layout) {
				return nil, survey.ErrNotFound
			}
			v := url.Values{"heading": {d.Layout[n-1].Heading}, "intro": {d.Layout[n-1].Intro}}
			setCondition(v, "show_if", d.Layout[n-1].ShowIf)
			return v, nil
		},
		page: func(c *gin.Context, p draftPage) any {
			return draftPagePage{p, number(c), newConditionField(p.Form, p.D(), "show_if", "When it is shown", "Always", "", "")}
		},
		edit: func(c *gin.Context, values url.Values) (string, func(*instrument.Definition) error) {
			n := number(c)
			return "changed page " + strconv.Itoa(n), func(d *instrument.Definition) error {
				condition, err := readCondition(values, "show_if", d)
				if err != nil {
					return err
				}
				return drafting.SetPage(d, n-1, drafting.Trim(values.Get("heading")), drafting.Trim(values.Get("intro")), condition)
			}
		},
	}
}

// draftAnswersPage is the form of a list of answers.
type draftAnswersPage struct {
	draftPage
	Set   string // empty: those of all items
	Users []instrument.Item
}

func answersPart() draftPart {
	name := func(c *gin.Context) string {
		if c.Param("set") == forAll {
			return ""
		}
		return c.Param("set")
	}
	return draftPart{
		title: "Answers", template: "staff_draft_answers",
		within: func(c *gin.Context) (string, string) { return "answers/" + c.Param("set"), "answers" },
		values: func(c *gin.Context, d *instrument.Definition) (url.Values, error) {
			options, known := d.Sets[name(c)]
			if name(c) == "" {
				options, known = d.Options, true
			}
			if !known {
				return nil, survey.ErrNotFound
			}
			return url.Values{"name": {name(c)}, "options": {drafting.WriteOptions(options)}}, nil
		},
		page: func(c *gin.Context, p draftPage) any {
			page := draftAnswersPage{draftPage: p, Set: name(c)}
			for _, item := range p.D().Items {
				if len(item.Options) == 0 && item.Set == page.Set && item.Type.Chosen() && (page.Set != "" || item.Type != instrument.TypeYesNo) {
					page.Users = append(page.Users, item)
				}
			}
			return page
		},
		edit: func(c *gin.Context, values url.Values) (string, func(*instrument.Definition) error) {
			set, to := name(c), strings.TrimSpace(values.Get("name"))
			return "changed the answers " + to, func(d *instrument.Definition) error {
				options, err := drafting.ReadOptions(values.Get("options"))
				if err != nil {
					return err
				}
				if _, known := d.Sets[set]; set != "" && !known {
					return drafting.ErrGone
				}
				return drafting.PutSet(d, set, to, options)
			}
		},
		saved: func(values url.Values) string {
			if to := strings.TrimSpace(values.Get("name")); to != "" {
				return "answers/" + to
			}
			return "answers/" + forAll
		},
	}
}
