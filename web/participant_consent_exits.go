package web

import (
	"net/http"

	"github.com/gin-gonic/gin"

	"tidemark/survey"
)

type consentExitPage struct {
	Page
	Gave bool // answers under an earlier text
	Age  int
	// First is until when the next questions are open, Last until when any
	// are; empty: there are none.
	First, Last string
}

// consentExit begins a page on which nothing is asked and nothing is noted.
func (s *Server) consentExit(c *gin.Context, a survey.Actor, title string) (consentExitPage, error) {
	part := a.Participation
	p := consentExitPage{Page: s.participantPage(c, a, s.say(c, title)), Gave: part.ConsentVersion > 0}
	first, last, err := s.use.Enrolments.ConsentUntil(c.Request.Context(), a)
	if err != nil || last.IsZero() {
		return p, err
	}
	// Closing is an instant after the last day.
	p.First, p.Last = s.dayOf(c, first.Add(-1), part.Run), s.dayOf(c, last.Add(-1), part.Run)
	return p, nil
}

// showConsentDeclined is where a no leads, then and later.
func (s *Server) showConsentDeclined(c *gin.Context, a survey.Actor) error {
	if !a.Participation.Enrolment.Declined() || a.Participation.Enrolment.Withdrawn() {
		return redirect(c, "/me")
	}
	p, err := s.consentExit(c, a, "consent.declined_title")
	if err != nil {
		return err
	}
	return s.render(c, http.StatusOK, "consent_declined", p)
}

// showConsentLater puts the decision off.
func (s *Server) showConsentLater(c *gin.Context, a survey.Actor) error {
	p, err := s.consentExit(c, a, "consent.later_title")
	if err != nil {
		return err
	}
	return s.render(c, http.StatusOK, "consent_later", p)
}

// showConsentYoung is for whoever is too young. That they came here is kept
// nowhere.
func (s *Server) showConsentYoung(c *gin.Context, a survey.Actor) error {
	text, err := s.use.Enrolments.ConsentText(c.Request.Context(), a, s.language(c).Tag)
	if err != nil {
		return err
	}
	return s.render(c, http.StatusOK, "consent_young", consentExitPage{
		Page: s.participantPage(c, a, s.say(c, "consent.young_title")), Age: text.Text.MinimumAge,
	})
}

type consentChoicesPage struct {
	Page
	Language string // of the labels
	Choices  []choiceBox
	Saved    bool
}

// showConsentChoices are the optional consents, to be changed at any time.
func (s *Server) showConsentChoices(c *gin.Context, a survey.Actor) error {
	text, now, err := s.use.Enrolments.Choices(c.Request.Context(), a, s.language(c).Tag)
	if err != nil {
		return err
	}
	return s.render(c, http.StatusOK, "consent_choices", consentChoicesPage{
		Page:     s.participantPage(c, a, s.say(c, "consent.choices_title")),
		Language: text.Language, Choices: choiceBoxes(text.Text, now), Saved: c.Query("saved") == "yes",
	})
}

func (s *Server) changeConsentChoices(c *gin.Context, a survey.Actor) error {
	form, err := readForm(c)
	if err != nil {
		return err
	}
	err = s.use.Enrolments.Choose(c.Request.Context(), a, s.language(c).Tag, tickedChoices(form["choice"]))
	if err != nil {
		return err
	}
	return redirect(c, "/me/consent/choices?saved=yes")
}
