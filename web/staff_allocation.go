package web

import (
	"context"
	"encoding/csv"
	"fmt"
	"slices"
	"strconv"

	"github.com/gin-gonic/gin"

	"tidemark/survey"
	"tidemark/survey/allocation"
)

type allocationPage struct {
	Page
	Book     survey.AllocationBook
	Path     string
	Words    []string
	Form     *allocationForm // nil: cannot be changed, or not by this person
	Analyses bool
	MayClose bool
	MayTake  bool // the verification file
	Closing  staffForm
	Saved    bool
}

// HasBefore reports whether somebody was allotted before there were sealed seeds.
func (p allocationPage) HasBefore() bool {
	return p.Book.Tally != nil && slices.ContainsFunc(p.Book.Tally.Before, func(n int) bool { return n > 0 })
}

// showAllocation is how a study allots people, and once it is closed, the seed.
func (s *Server) showAllocation(c *gin.Context, a survey.Actor) error {
	study, err := s.study(c, a)
	if err != nil {
		return err
	}
	return s.allocationForm(c, a, study, 200, staffForm{}, staffForm{})
}

// allocationForm shows the page; f brings a choice that could not be used, closing
// why the study was not closed.
func (s *Server) allocationForm(c *gin.Context, a survey.Actor, study survey.Study, status int, f, closing staffForm) error {
	book, err := s.use.Allocations.Book(c.Request.Context(), a, study.ID)
	if err != nil {
		return err
	}
	looksAfter := a.MayAnalyse(study.ID) || a.IsAdministrator()
	p := allocationPage{
		Page: s.staffPage(c, a, study, sectionStudy, "Allocation"), Book: book, Path: studyPath(study),
		Words: schemeWords(book), Closing: closing, Saved: c.Query("saved") != "",
		Analyses: a.MayAnalyse(study.ID), MayClose: looksAfter && book.Study.State == survey.StudyOpen, MayTake: looksAfter && book.Revealed != nil,
	}
	if a.MayAnalyse(study.ID) && book.Study.State == survey.StudyDraft {
		p.Form = newAllocationForm(book, f)
	}
	if status != 200 {
		erring(&p.Page)
	}
	return s.render(c, status, "staff_allocation", p)
}

// setAllocation chooses how a draft study allots people.
func (s *Server) setAllocation(c *gin.Context, a survey.Actor) error {
	study, values, err := s.studyForm(c, a)
	if err != nil {
		return err
	}
	design, err := s.use.Studies.Design(c.Request.Context(), a, study.ID)
	if err != nil {
		return err
	}
	err = s.use.Allocations.Set(c.Request.Context(), a, study.ID, readAllocation(design.Arms, values))
	if err != nil {
		f, status, err := again(values, err, "")
		if err != nil {
			return err
		}
		return s.allocationForm(c, a, study, status, f, staffForm{})
	}
	return redirect(c, studyPath(study)+"/allocation?saved=1")
}

// closeStudy ends a study and reveals its seed.
func (s *Server) closeStudy(c *gin.Context, a survey.Actor) error {
	study, values, err := s.studyForm(c, a)
	if err != nil {
		return err
	}
	if err := s.use.Studies.Close(c.Request.Context(), a, study.ID, values.Get("sure") != ""); err != nil {
		f, status, err := again(values, err, "")
		if err != nil {
			return err
		}
		return s.allocationForm(c, a, study, status, staffForm{}, f)
	}
	return redirect(c, studyPath(study)+"/allocation")
}

// downloadAllocation hands out the file that verifies the allocation, or its draws as
// a table.
func (s *Server) downloadAllocation(c *gin.Context, a survey.Actor) error {
	study, values, err := s.studyForm(c, a)
	if err != nil {
		return err
	}
	f, err := s.use.Allocations.File(context.WithoutCancel(c.Request.Context()), a, study.ID)
	if err != nil {
		return err
	}
	name, kind, write := "allocation.json", "application/json", func() error { return f.Write(c.Writer) }
	if values.Get("as") == "csv" {
		name, kind, write = "allocation.csv", "text/csv; charset=utf-8", func() error { return drawsTable(c, f) }
	}
	if study.Simulated {
		name = "simulated_" + name
	}
	c.Header("Content-Type", kind)
	c.Header("Content-Disposition", fmt.Sprintf("attachment; filename=%q", study.Key+"_"+name))
	return write()
}

// drawsTable is the draws of a file, one a line, with a column for each factor.
func drawsTable(c *gin.Context, f allocation.File) error {
	w := csv.NewWriter(c.Writer)
	head := []string{"seq", "at", "kind", "stratum", "number", "arm"}
	for _, factor := range f.Scheme.Factors {
		head = append(head, "factor_"+factor.Name)
	}
	if err := w.Write(append(head, "chain")); err != nil {
		return err
	}
	for _, d := range f.Draws {
		line := []string{strconv.Itoa(d.Seq), d.At, string(d.Kind), d.Stratum, strconv.Itoa(d.Number), d.Arm}
		for i := range f.Scheme.Factors {
			level := ""
			if i < len(d.Levels) {
				level = d.Levels[i]
			}
			line = append(line, level)
		}
		if err := w.Write(append(line, d.Chain)); err != nil {
			return err
		}
	}
	w.Flush()
	return w.Error()
}
