package web

import (
	"errors"
	"net/http"
	"strconv"
	"strings"

	"github.com/gin-gonic/gin"

	"tidemark/survey"
)

// createStudy makes a study from a template.
func (s *Server) createStudy(c *gin.Context, a survey.Actor) error {
	values, err := readForm(c)
	if err != nil {
		return err
	}
	n := survey.NewStudy{
		Protocol: values.Get("protocol"), Title: values.Get("title"), Key: values.Get("key"),
		TimeZone: strings.TrimSpace(values.Get("time_zone")),
		Team:     values.Get("team"), Contact: values.Get("contact"), Ethics: values.Get("ethics"),
	}
	if given := strings.TrimSpace(values.Get("trend_minimum")); given != "" {
		// What is no number is as wrong as one that is too small.
		if n.TrendMinimum, err = strconv.Atoi(given); err != nil || n.TrendMinimum == 0 {
			n.TrendMinimum = -1
		}
	}
	if _, err := s.use.Studies.Create(c.Request.Context(), a, n); err != nil {
		f, status, err := again(values, err, "key")
		if err != nil {
			return err
		}
		return s.adminForm(c, a, status, adminPage{NewStudy: f})
	}
	return redirect(c, "/admin#studies")
}

// openStudy lets a draft study take people and answers. What it has to declare
// first is told on the page where that is done.
func (s *Server) openStudy(c *gin.Context, a survey.Actor) error {
	study, err := s.study(c, a)
	if err != nil {
		return err
	}
	err = s.use.Studies.Open(c.Request.Context(), a, study.ID)
	if _, lacks := errors.AsType[survey.FieldErrors](err); lacks {
		book, bookErr := s.use.Safeties.Book(c.Request.Context(), a, study.ID)
		if bookErr == nil && len(book.Missing) > 0 {
			return s.safetyForm(c, a, study, 422, staffForm{Faults: book.Missing})
		}
		return s.consentBook(c, a, study, http.StatusUnprocessableEntity, staffForm{}, true)
	}
	if err != nil {
		return err
	}
	return redirect(c, "/admin#studies")
}
