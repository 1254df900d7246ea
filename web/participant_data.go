package web

import (
	"errors"
	"net/http"
	"net/url"
	"time"

	"github.com/gin-gonic/gin"

	"tidemark/survey"
	"tidemark/survey/schedule"
)

// ownDataPage is what is stored of a person, and their say over it.
type ownDataPage struct {
	Page
	Participation survey.Participation
	Overview      survey.Overview
	Kinds         []heldKind
	Choice        survey.ErasureChoice
	// Mail: a code can be sent to the person's address.
	Mail bool
	Form ownForm
	Zone zonePart
	// Channel has nothing to choose from where there is no choice.
	Channel channelPart
}

// Day is the day an instant falls on for the people of the run.
func (p ownDataPage) Day(t time.Time) schedule.Date { return dayOf(t, p.Participation.Run) }

// heldKind is a kind of what is stored: message keys and a number.
type heldKind struct {
	Name, Counted, Who string
	Count              int
	Ends               *survey.RetentionPromise // nil: nothing is promised, or it is kept
	EndsOn             schedule.Date            // zero: the day is not known yet
}

// ending says until when a kind is kept.
func (k *heldKind) ending(kind survey.HoldingKind, promised []survey.RetentionPromise, zone *time.Location) {
	for i, p := range promised {
		if p.Kind != kind.Retained() || p.Kept {
			continue
		}
		k.Ends = &promised[i]
		if !p.On.IsZero() {
			k.EndsOn = schedule.DateOf(p.On.In(zone))
		}
	}
}

func (s *Server) showOwnData(c *gin.Context, a survey.Actor) error {
	return s.ownData(c, a, http.StatusOK, ownForm{Values: url.Values{}})
}

func (s *Server) ownData(c *gin.Context, a survey.Actor, status int, f ownForm) error {
	o, err := s.use.OwnData.Overview(c.Request.Context(), a, s.device(c))
	if err != nil {
		return err
	}
	p := ownDataPage{
		Page: s.participantPage(c, a, s.say(c, "mydata.title")), Participation: a.Participation, Overview: o,
		Mail: s.cfg.Mail && o.MaskedEmail != "", Form: f, Zone: newZonePart(a.Participation, f),
		Channel: channelPart{Reach: o.Reach, Channels: s.channels(o.Reach), Form: f},
	}
	promised, err := s.use.Retentions.Promised(c.Request.Context(), a)
	if err != nil {
		return err
	}
	for _, kind := range survey.HoldingKinds() {
		if n := o.Holdings[kind]; n > 0 {
			k := heldWords(kind)
			k.Count = n
			k.ending(kind, promised, a.Participation.Run.Zone())
			p.Kinds = append(p.Kinds, k)
		}
	}
	if a.Participation.Enrolment.Withdrawn() {
		if p.Choice, err = s.use.Erasures.Choice(c.Request.Context(), a); err != nil {
			return err
		}
	}
	if len(f.Faults) > 0 {
		p.Title = s.say(c, "error.prefix") + p.Title
	}
	return s.render(c, status, "data", p)
}

// setMessages pauses messages or takes that back; doing it twice is no fault.
func (s *Server) setMessages(c *gin.Context, a survey.Actor) error {
	form, err := readForm(c)
	if err != nil {
		return err
	}
	wanted := form.Get("messages")
	if wanted != "on" && wanted != "off" {
		return errBadForm
	}
	if err := s.use.Enrolments.Pause(c.Request.Context(), a, wanted == "off"); err != nil {
		return err
	}
	return redirect(c, "/me/data")
}

// sendCode sends a code to the stored address.
func (s *Server) sendCode(c *gin.Context, a survey.Actor) error {
	if _, err := readForm(c); err != nil {
		return err
	}
	if !s.cfg.Mail {
		return survey.ErrNotFound
	}
	if err := s.use.OwnData.SendCode(c.Request.Context(), a); err != nil {
		return err
	}
	return redirect(c, "/me/data#copy")
}

// takeCopy hands out everything that is stored, for a proof of who asks. A download
// is noted in the audit trail, so it is a POST.
func (s *Server) takeCopy(c *gin.Context, a survey.Actor) error {
	form, err := readForm(c)
	if err != nil {
		return err
	}
	as := form.Get("as")
	if as != "html" && as != "json" {
		return errBadForm
	}
	doc, err := s.use.OwnData.Copy(c.Request.Context(), a, survey.Proof{Device: s.device(c), Code: form.Get("code")})
	f := ownForm{Values: url.Values{}}
	switch faults, ok := errors.AsType[survey.FieldErrors](err); {
	case ok:
		f.Faults = faults
		return s.ownData(c, a, http.StatusUnprocessableEntity, f)
	case errors.Is(err, survey.ErrProofNeeded):
		f.Faults = survey.FieldErrors{"copy": "mydata.fault_proof"}
		return s.ownData(c, a, http.StatusUnprocessableEntity, f)
	case err != nil:
		return err
	}
	if as == "json" {
		return s.sendOwnJSON(c, doc)
	}
	return s.sendOwnPage(c, a, doc)
}

// forgetParticipant ends the sign-in of this device, which is no longer one of the
// person's own, and clears what its browser holds for this site, answers that were
// not sent included.
func (s *Server) forgetParticipant(c *gin.Context, a survey.Actor) error {
	cookie, err := c.Cookie(s.cookieName(survey.SignInParticipant))
	if err != nil {
		return survey.ErrNotSignedIn
	}
	if device := s.device(c); device != "" {
		if err := s.use.OwnData.ForgetDevice(c.Request.Context(), a, device); err != nil {
			return err
		}
	}
	if err := s.use.SignIns.SignOut(c.Request.Context(), a, cookie); err != nil {
		return err
	}
	s.clearCookie(c, survey.SignInParticipant)
	s.clearCookie(c, languageChoice)
	c.Header("Clear-Site-Data", `"storage"`)
	return redirect(c, "/")
}
