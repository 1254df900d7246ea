package web

import (
	"cmp"
	"errors"
	"time"

	"github.com/gin-gonic/gin"

	"tidemark/survey"
	"tidemark/survey/course"
	"tidemark/survey/schedule"
)

type homePage struct {
	Page
	Participation survey.Participation
	Due           []dueCard // can be answered now
	Coming        []dueCard // later, the nearest only
	Done          []dueCard
	Missed        int
	Closed        bool        // the study has ended
	Scores        bool        // own scores can be seen now
	Zone          string      // the time zone now used; empty: the person has chosen it
	Minutes       float64     // what is due takes so long
	Course        *homeCourse // nil: not in an arm that takes the course, or not begun
}

// homeCourse is what the course offers a person now.
type homeCourse struct {
	Weeks    int
	Language string          // of the course's texts
	Now      *course.Meeting // nil: the course is over
}

// Day is the day an instant falls on for the people of the run.
func (p homePage) Day(t time.Time) schedule.Date { return dayOf(t, p.Participation.Run) }

// Clock is the time of day at an instant for the people of the run.
func (p homePage) Clock(t time.Time) string { return t.In(p.Participation.Run.Zone()).Format("15:04") }

// dayOf is the day an instant falls on for the people of a run.
func dayOf(t time.Time, r survey.CourseRun) schedule.Date {
	return schedule.DateOf(t.In(r.Zone()))
}

type dueCard struct {
	survey.DueItem
	Total    int
	Branches bool // how many questions there will be depends on the answers
	First    bool // carries the page's main button
	Overdue  bool // the day that people were told is over
}

// showHome is what is due now, what comes next, and what is done.
func (s *Server) showHome(c *gin.Context, a survey.Actor) error {
	p := a.Participation
	switch {
	case p.Enrolment.Withdrawn():
		return redirect(c, "/me/data")
	case p.Study.State == survey.StudyClosed: // whether they agreed or not
	case p.Enrolment.Declined():
		return redirect(c, "/me/consent/declined")
	case !p.Consented():
		return redirect(c, "/me/consent")
	}
	items, err := s.use.Assessments.Due(c.Request.Context(), a)
	if err != nil {
		return err
	}
	page := homePage{Page: s.participantPage(c, a, ""), Participation: p, Closed: p.Study.State == survey.StudyClosed, Scores: p.Study.Feedback.ShowsNow(items)}
	page.Title = page.Study.PlainTitle()
	if !p.Enrolment.ZoneChosen {
		page.Zone = cmp.Or(p.Enrolment.TimeZone, p.Run.TimeZone)
	}
	for _, it := range items {
		card := dueCard{DueItem: it, Total: questionsIn(it.Definition), Branches: survey.Branches(it.Definition)}
		switch it.State {
		case survey.AssessmentOpen, survey.AssessmentPartly:
			card.First, card.Overdue = len(page.Due) == 0, it.Window.Overdue(s.cfg.Now())
			page.Minutes += minutesLeft(it.Definition, it.Answered)
			page.Due = append(page.Due, card)
		case survey.AssessmentScheduled:
			page.Coming = append(page.Coming, card)
		case survey.AssessmentSubmitted:
			page.Done = append(page.Done, card)
		case survey.AssessmentExpired, survey.AssessmentWithdrawn:
			page.Missed++
		case survey.AssessmentNotAsked: // not for them
		}
	}
	page.Coming = nextWave(page.Coming)
	if page.Closed {
		page.Missed = 0 // nothing can be made good
	}
	if !p.Consented() {
		return s.render(c, 200, "home", page) // closed before they agreed
	}
	if page.Course, err = s.homeCourse(c, a); err != nil {
		return err
	}
	return s.render(c, 200, "home", page)
}

// homeCourse is the week of the course, for whoever takes it.
func (s *Server) homeCourse(c *gin.Context, a survey.Actor) (*homeCourse, error) {
	book, err := s.use.Practices.Book(c.Request.Context(), a)
	if errors.Is(err, survey.ErrNotFound) || err == nil && book.Week < 1 {
		return nil, nil //nolint:nilnil // nothing to show is no error
	}
	if err != nil {
		return nil, err
	}
	view := book.Course.In(s.language(c).Tag)
	h := &homeCourse{Weeks: len(view.Weeks), Language: view.Language}
	if m, ok := view.Week(book.Week); ok {
		h.Now = &m
	}
	return h, nil
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
