package web

import (
	"errors"

	"github.com/gin-gonic/gin"

	"tidemark/survey"
	"tidemark/survey/instrument"
	"tidemark/survey/schedule"
)

type reviewPage struct {
	Page
	Sheet    survey.Sheet
	Skipped  []skippedItem
	LastPage int
	progress
}

type skippedItem struct {
	Number int
	Page   int
	Item   instrument.Item
}

// showReview lists what was skipped, before sending.
func (s *Server) showReview(c *gin.Context, a survey.Actor) error {
	sheet, err := s.sheet(c, a)
	if err != nil {
		return err
	}
	base := assessmentPath(sheet.Assessment.ID)
	if sheet.State == survey.AssessmentSubmitted {
		return redirect(c, base+"/done")
	}
	pages := sheet.Definition.Pages()
	p := reviewPage{
		Page:  s.participantPage(c, a, s.say(c, "review.title", "Heading", sheet.Definition.Heading)),
		Sheet: sheet, LastPage: len(pages), progress: progressOf(sheet),
	}
	n := 0
	for i, items := range pages {
		for _, it := range items {
			n++
			if _, ok := sheet.Answers[it.Code]; !ok {
				p.Skipped = append(p.Skipped, skippedItem{Number: n, Page: i + 1, Item: it})
			}
		}
	}
	return s.render(c, 200, "review", p)
}

// submitAssessment closes the questionnaire. Sent twice, it says thanks twice.
func (s *Server) submitAssessment(c *gin.Context, a survey.Actor) error {
	if _, err := readForm(c); err != nil {
		return err
	}
	id := assessmentID(c)
	err := s.use.Assessments.Submit(c.Request.Context(), a, id, nil)
	if err != nil && !errors.Is(err, survey.ErrSubmitted) {
		return err
	}
	return redirect(c, assessmentPath(id)+"/done")
}

type donePage struct {
	Page
	Finished survey.DueItem
	Next     survey.DueItem
	HasNext  bool
	NextOpen bool          // Next can be answered now
	NextDay  schedule.Date // when Next opens
}

// showDone thanks, and says what comes next and when.
func (s *Server) showDone(c *gin.Context, a survey.Actor) error {
	items, err := s.use.Assessments.Due(c.Request.Context(), a)
	if err != nil {
		return err
	}
	p := donePage{Page: s.participantPage(c, a, s.say(c, "done.title"))}
	found := false
	for _, it := range items {
		if it.Assessment.ID == assessmentID(c) {
			p.Finished, found = it, true
		}
	}
	if !found {
		return survey.ErrNotFound
	}
	if p.Finished.State != survey.AssessmentSubmitted {
		return redirect(c, assessmentPath(p.Finished.Assessment.ID))
	}
	p.Next, p.HasNext = survey.NextDue(items)
	p.NextDay = dayOf(p.Next.Window.Opens, a.Participation.Run)
	p.NextOpen = p.HasNext && p.Next.State != survey.AssessmentScheduled
	return s.render(c, 200, "done", p)
}
