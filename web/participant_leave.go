package web

import (
	"net/http"
	"time"

	"github.com/gin-gonic/gin"

	"tidemark/survey"
	"tidemark/survey/schedule"
)

// leavePage offers the ways out: the first tap led here, the second is one of its
// buttons.
type leavePage struct {
	Page
	Participation survey.Participation
	Choice        survey.ErasureChoice
	// Receipt is the name of an erasure to come, so that pressing twice leads
	// to the same.
	Receipt string
}

func (s *Server) showLeave(c *gin.Context, a survey.Actor) error {
	choice, err := s.use.Erasures.Choice(c.Request.Context(), a)
	if err != nil {
		return err
	}
	left := a.Participation.Enrolment.Withdrawn()
	if left && !choice.Allowed {
		return redirect(c, "/me/data")
	}
	title := "mydata.leave"
	if left {
		title = "mydata.erase_title"
	}
	return s.render(c, http.StatusOK, "leave", leavePage{
		Page: s.participantPage(c, a, s.say(c, title)), Participation: a.Participation, Choice: choice,
		Receipt: s.use.Erasures.NewReceipt(),
	})
}

// leaveStudy ends the participation; doing it twice is no fault. Whoever pressed
// twice to have everything erased is nobody the second time, and is told that it is
// done.
func (s *Server) leaveStudy(c *gin.Context) error {
	form, err := readForm(c)
	if err != nil {
		return err
	}
	receipt := form.Get("receipt")
	if form.Get("choice") == "erase" {
		if _, err := s.use.Erasures.Receipt(c.Request.Context(), receipt); err == nil {
			return s.sayErased(c, receipt)
		}
	}
	return s.asParticipant(func(c *gin.Context, a survey.Actor) error {
		switch form.Get("choice") {
		case "keep":
			if err := s.use.Enrolments.Withdraw(c.Request.Context(), a); err != nil {
				return err
			}
			return redirect(c, "/me/data")
		case "erase":
			return s.erase(c, a, receipt)
		default:
			return errBadForm
		}
	})(c)
}

func (s *Server) erase(c *gin.Context, a survey.Actor, receipt string) error {
	ctx := c.Request.Context()
	receipt, err := s.use.Erasures.Erase(ctx, a, receipt)
	if err != nil {
		return s.needLink(c, err)
	}
	// What this leaves to do is tried at once; a server looks again for what
	// could not be done.
	if _, err := s.use.Erasures.Settle(ctx, survey.SystemActor("erasure")); err != nil {
		s.cfg.Logger.ErrorContext(ctx, "an erasure is not settled yet", "error", err)
	}
	return s.sayErased(c, receipt)
}

// sayErased leads to what became of an erasure, with nothing of the person left in
// the browser but, for a while, the language they read in.
func (s *Server) sayErased(c *gin.Context, receipt string) error {
	s.clearCookie(c, survey.SignInParticipant)
	s.setCookie(c, languageChoice, s.language(c).Tag, time.Hour) // to read the page in
	c.Header("Clear-Site-Data", `"storage"`)
	return redirect(c, "/erased/"+receipt)
}

// erasedPage is what became of an erasure, for whoever holds its receipt.
type erasedPage struct {
	Page
	Note survey.ErasureNote
	On   schedule.Date
}

func (s *Server) showErased(c *gin.Context) error {
	note, err := s.use.Erasures.Receipt(c.Request.Context(), c.Param("receipt"))
	if err != nil {
		return err
	}
	return s.render(c, http.StatusOK, "erased", erasedPage{
		Page: s.page(c, s.say(c, "mydata.erased_title")), Note: note,
		On: schedule.DateOf(note.At.In(zoneOf(note.TimeZone))),
	})
}

// The page that was here before has moved; links to it and forms on it still work.

func (s *Server) showPart(c *gin.Context, _ survey.Actor) error { return redirect(c, "/me/data") }

func (s *Server) leaveByOldForm(c *gin.Context, a survey.Actor) error {
	form, err := readForm(c)
	if err != nil {
		return err
	}
	if form.Get("leave") != "yes" {
		return redirect(c, "/me/data/leave")
	}
	if err := s.use.Enrolments.Withdraw(c.Request.Context(), a); err != nil {
		return err
	}
	return redirect(c, "/me/data")
}
