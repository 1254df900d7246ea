package web

import (
	"errors"
	"html/template"
	"net/http"
	"strings"

	"github.com/gin-gonic/gin"

	"tidemark/survey"
	"tidemark/survey/instrument"
	"tidemark/survey/instrument/drafting"
	"tidemark/web/locale"
)

// draftLookPage is one item as people see it, before it is kept.
type draftLookPage struct {
	Page
	Asked  template.HTML
	Refuse string // why it cannot be shown
}

// lookAtItem shows an item as its form has it. Nothing is kept.
func (s *Server) lookAtItem(c *gin.Context, a survey.Actor) error {
	p, err := s.openDraftToRead(c, a, "Item")
	if err != nil {
		return err
	}
	values, err := readForm(c)
	if err != nil {
		return err
	}
	look := draftLookPage{Page: Page{Title: "An item", Lang: locale.Fallback, Version: s.cfg.Version}}
	d := p.D()
	if err := putItem(d, c.Param("item"), values); err != nil {
		refusal, ok := errors.AsType[*drafting.Refusal](err)
		if errors.Is(err, drafting.ErrGone) {
			return survey.ErrNotFound
		}
		if !ok {
			return err
		}
		look.Refuse = messageText(refusal.Message)
		return s.render(c, http.StatusOK, "staff_draft_look", look)
	}
	item, _ := d.Item(strings.TrimSpace(values.Get("code")))
	words := wordedIn(d, s.texts.In(locale.Fallback))
	q := words.ask(item, instrument.Value{}, nil)
	q.Required = item.RequiredIf != ""
	var html strings.Builder
	if err := s.renderQuestion(&html, words, q); err != nil {
		return err
	}
	look.Asked = template.HTML(html.String()) //nolint:gosec // html/template made it
	return s.render(c, http.StatusOK, "staff_draft_look", look)
}
