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
		Leads:    values.Get("leads") != "",
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
	study, values, err := s.studyForm(c, a)
	if err != nil {
		return err
	}
	err = s.use.Studies.Open(c.Request.Context(), a, study.ID)
	if faults, lacks := errors.AsType[survey.FieldErrors](err); lacks {
		if faults["allocation"] != "" {
			return s.allocationForm(c, a, study, http.StatusUnprocessableEntity, staffForm{}, staffForm{Faults: faults})
		}
		book, bookErr := s.use.Safeties.Book(c.Request.Context(), a, study.ID)
		if bookErr == nil && len(book.Missing) > 0 {
			return s.safetyForm(c, a, study, 422, staffForm{Faults: book.Missing})
		}
		return s.consentBook(c, a, study, http.StatusUnprocessableEntity, staffForm{}, true)
	}
	if err != nil {
		return err
	}
	// Back to the run that is being set up, if the study was opened there.
	if id := survey.RunID(values.Get("run")); id != "" {
		run, err := s.use.Runs.Get(c.Request.Context(), a, study.ID, id)
		if err != nil {
			return err
		}
		return redirect(c, runPath(study, run.ID)+"/setup")
	}
	return redirect(c, "/admin#studies")
}
