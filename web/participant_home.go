package web

import (
	"time"

	"github.com/gin-gonic/gin"

	"tidemark/survey"
	"tidemark/survey/schedule"
)

type homePage struct {
	Page
	Participation survey.Participation
	Due           []dueCard // can be answered now
	Coming        []dueCard // later, the nearest only
	Done          []dueCard
	Missed        int
	Minutes       float64 // what is due takes so long
}

// Day is the day an instant falls on for the people of the run.
func (p homePage) Day(t time.Time) schedule.Date { return dayOf(t, p.Participation.Run) }

// dayOf is the day an instant falls on for the people of a run.
func dayOf(t time.Time, r survey.CourseRun) schedule.Date {
	return schedule.DateOf(t.In(r.Zone()))
}

type dueCard struct {
	survey.DueItem
	Total int
	First bool // carries the page's main button
}

// showHome is what is due now, what comes next, and what is done.
func (s *Server) showHome(c *gin.Context, a survey.Actor) error {
	p := a.Participation
	switch {
	case p.Enrolment.Withdrawn():
		return redirect(c, "/me/part")
	case !p.Consented():
		return redirect(c, "/me/consent")
	}
	items, err := s.use.Assessments.Due(c.Request.Context(), a)
	if err != nil {
		return err
	}
	page := homePage{Page: s.participantPage(c, a, p.Study.Title), Participation: p}
	for _, it := range items {
		card := dueCard{DueItem: it, Total: len(it.Definition.Items)}
		switch it.State {
		case survey.AssessmentOpen, survey.AssessmentPartly:
			card.First = len(page.Due) == 0
			page.Minutes += minutesLeft(it.Definition, it.Answered)
			page.Due = append(page.Due, card)
		case survey.AssessmentScheduled:
			page.Coming = append(page.Coming, card)
		case survey.AssessmentSubmitted:
			page.Done = append(page.Done, card)
		case survey.AssessmentExpired, survey.AssessmentWithdrawn:
			page.Missed++
		}
	}
	page.Coming = nextWave(page.Coming)
	return s.render(c, 200, "home", page)
}

// nextWave keeps the cards of the wave that opens first.
func nextWave(cards []dueCard) []dueCard {
	if len(cards) == 0 {
		return nil
	}
	first := cards[0]
	for _, card := range cards {
		if card.Window.Opens.Before(first.Window.Opens) {
			first = card
		}
	}
	var next []dueCard
	for _, card := range cards {
		if card.Wave.ID == first.Wave.ID {
			next = append(next, card)
		}
	}
	return next
}
