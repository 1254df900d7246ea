package web

import (
	"errors"
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"github.com/gin-gonic/gin"

	"tidemark/survey"
	"tidemark/survey/instrument"
	"tidemark/survey/instrument/drafting"
)

// draftTakePage takes items over from another questionnaire.
type draftTakePage struct {
	draftPage
	Shelves []survey.LibraryShelf
	// From is the questionnaire that was chosen; nil: none yet.
	From *instrument.Definition
	// Whole: it is a published one, whose items are taken together.
	Whole bool
	Pages []int
}

func (s *Server) showDraftTake(c *gin.Context, a survey.Actor) error {
	p, err := s.openDraft(c, a, "Take items over")
	if err != nil {
		return err
	}
	p.Form.Values = c.Request.URL.Query()
	return s.draftTake(c, a, http.StatusOK, p)
}

func (s *Server) draftTake(c *gin.Context, a survey.Actor, status int, base draftPage) error {
	view, err := s.use.Library.List(c.Request.Context(), a)
	if err != nil {
		return err
	}
	p := draftTakePage{draftPage: base, Shelves: view.Shelves}
	for i := range base.D().Layout {
		p.Pages = append(p.Pages, i+1)
	}
	if key := base.Form.Value("from"); key != "" {
		shelf, err := s.use.Library.Show(c.Request.Context(), a, key)
		if err != nil {
			return err
		}
		newest, ok := shelf.Newest()
		if !ok {
			return survey.ErrNotFound
		}
		p.From, p.Whole = newest.Version.Definition, shelf.Published(newest)
	}
	if len(base.Form.faults) > 0 {
		erring(&p.Page)
	}
	return s.render(c, status, "staff_draft_take", p)
}

func (s *Server) takeIntoDraft(c *gin.Context, a survey.Actor) error {
	values, err := readForm(c)
	if err != nil {
		return err
	}
	p, err := s.openDraft(c, a, "Take items over")
	if err != nil {
		return err
	}
	shelf, err := s.use.Library.Show(c.Request.Context(), a, values.Get("from"))
	if err != nil {
		return err
	}
	newest, ok := shelf.Newest()
	if !ok {
		return survey.ErrNotFound
	}
	from, published := newest.Version.Definition, shelf.Published(newest)
	at := "pages-end"
	e := draftEdit{values: values, what: "took over " + from.Title, edit: func(d *instrument.Definition) error { return drafting.AddBlock(d, from) }}
	if values.Get("how") == "items" {
		e.what = "took over items of " + from.Title
		page, _ := strconv.Atoi(values.Get("page")) // none: refused as gone
		at = "page-" + strconv.Itoa(page)
		e.edit = func(d *instrument.Definition) error {
			if published {
				return &drafting.Refusal{Field: "items", Message: drafting.MessageIsBlock}
			}
			err := drafting.AddItems(d, from, values["items"], page-1)
			if refusal, ok := errors.AsType[*drafting.Refusal](err); ok {
				refusal.Field = "items"
			}
			return err
		}
	}
	aside, err := s.keepDraft(c, a, e)
	if err != nil {
		p.Form.Values = values
		if !p.Form.refused(err) {
			return err
		}
		return s.draftTake(c, a, http.StatusUnprocessableEntity, p)
	}
	if aside == "" {
		aside = p.Path + "?saved=1#" + at
	}
	return redirect(c, aside)
}

// draftHistoryPage lists what was saved; or shows two versions that were saved upon
// each other.
type draftHistoryPage struct {
	draftPage
	History []survey.DraftRevision
	// Mine was kept beside the one that stands; nil: there is none to decide about.
	Mine    *survey.DraftView
	Differs []instrument.Difference // from the one that stands to mine
}

func (s *Server) showDraftHistory(c *gin.Context, a survey.Actor) error {
	base, err := s.openDraft(c, a, "What was saved")
	if err != nil {
		return err
	}
	ctx := c.Request.Context()
	p := draftHistoryPage{draftPage: base}
	if p.History, err = s.use.Drafts.History(ctx, a, base.View.Draft.ID); err != nil {
		return err
	}
	if number, err := strconv.Atoi(c.Query("aside")); err == nil && number > 0 {
		mine, err := s.use.Drafts.Open(ctx, a, base.View.Draft.ID, number)
		if err != nil {
			return err
		}
		p.Mine, p.Differs = &mine, instrument.Compare(base.D(), mine.Definition).Differences
		p.Title = "Two versions – " + base.View.Draft.Title
		erring(&p.Page)
	}
	return s.render(c, http.StatusOK, "staff_draft_history", p)
}

// restoreDraft goes back to what was saved earlier, or puts one's own version in the
// place of another's.
func (s *Server) restoreDraft(c *gin.Context, a survey.Actor) error {
	values, err := readForm(c)
	if err != nil {
		return err
	}
	if _, err := s.openDraft(c, a, ""); err != nil {
		return err
	}
	base, err1 := strconv.Atoi(values.Get("revision"))
	number, err2 := strconv.Atoi(values.Get("number"))
	if err1 != nil || err2 != nil {
		return errBadForm
	}
	id := survey.DraftID(c.Param("draft"))
	if _, err := s.use.Drafts.Restore(c.Request.Context(), a, id, base, number); err != nil {
		return err
	}
	return redirect(c, draftPath(id)+"?saved=1")
}

func (s *Server) discardDraft(c *gin.Context, a survey.Actor) error {
	values, err := readForm(c)
	if err != nil {
		return err
	}
	base, err := strconv.Atoi(values.Get("revision"))
	if err != nil {
		return errBadForm
	}
	if err := s.use.Drafts.Discard(c.Request.Context(), a, survey.DraftID(c.Param("draft")), base); err != nil {
		return err
	}
	return redirect(c, "/instruments#drafts")
}

// draftPublishPage is the last look before a draft becomes a version of the library.
type draftPublishPage struct {
	draftPage
	Faults []draftFault
	// Before is the newest version with the same key; nil: there is none.
	Before   *survey.LibraryItem
	Compared instrument.Comparison
	Suggests string // version, by what has changed
	Terms    bool
	Edited   *survey.LibraryItem // what it began as
	Today    string
}

func (s *Server) showDraftPublish(c *gin.Context, a survey.Actor) error {
	p, err := s.openDraft(c, a, "Publish")
	if err != nil {
		return err
	}
	p.Form.Values = url.Values{"once": {newOnce()}}
	return s.draftPublish(c, a, http.StatusOK, p)
}

func (s *Server) draftPublish(c *gin.Context, a survey.Actor, status int, base draftPage) error {
	ctx, d := c.Request.Context(), base.D()
	p := draftPublishPage{draftPage: base, Today: s.cfg.Now().UTC().Format("2006-01-02")}
	for _, f := range base.View.Faults {
		way := draftPlace(d, f.Place)
		p.Faults = append(p.Faults, draftFault{Link: way.link(base.Path), Place: way.Name, Text: f.Problem})
	}
	if base.View.EditedFrom != "" {
		from, err := s.use.Library.Item(ctx, a, base.View.EditedFrom)
		if err != nil {
			return err
		}
		p.Edited = &from
	}
	if shelf, err := s.use.Library.Show(ctx, a, d.Key); err == nil {
		if newest, ok := shelf.Newest(); ok {
			p.Before, p.Compared = &newest, instrument.Compare(newest.Version.Definition, d)
			p.Suggests = p.Compared.NextVersion(newest.Version.Definition.Version)
		}
		p.Terms = shelf.Entry != nil
	} else if !errors.Is(err, survey.ErrNotFound) {
		return err
	}
	p.Terms = p.Terms || d.Licence != nil && (d.Licence.Kind != "free" || d.Licence.Reference)
	if len(base.Form.faults) > 0 {
		erring(&p.Page)
	}
	return s.render(c, status, "staff_draft_publish", p)
}

func (s *Server) publishDraft(c *gin.Context, a survey.Actor) error {
	values, err := readForm(c)
	if err != nil {
		return err
	}
	base, err := strconv.Atoi(values.Get("revision"))
	if err != nil {
		return errBadForm
	}
	p, err := s.openDraft(c, a, "Publish")
	if p.View.PublishedAs != "" && values.Get("once") != "" { // the button was pressed twice
		return redirect(c, "/instruments/"+p.D().Key)
	}
	if err != nil {
		return err
	}
	item, err := s.use.Drafts.Publish(c.Request.Context(), a, survey.DraftPublication{
		ID: p.View.Draft.ID, Base: base, Note: values.Get("note"), Once: survey.Once(values.Get("once")), Terms: termsForm(values),
	})
	if err == nil {
		return redirect(c, "/instruments/"+item.Version.Definition.Key)
	}
	p.Form.Values = values
	if !p.Form.refused(err) {
		return err
	}
	return s.draftPublish(c, a, http.StatusUnprocessableEntity, p)
}

// Elsewhere are the faults of key, title and version, which are mended on the page about it.
func (p draftPublishPage) Elsewhere() []faultLine {
	var all []faultLine
	for _, l := range p.Form.faults {
		if strings.Contains(" key title version ", " "+l.Field+" ") {
			all = append(all, l)
		}
	}
	return all
}
