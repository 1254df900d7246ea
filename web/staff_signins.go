package web

import (
	"strconv"
	"time"

	"github.com/gin-gonic/gin"

	"tidemark/survey"
)

// signInLine is one browser on which somebody is signed in, in words.
type signInLine struct {
	ID      survey.SignInID
	Browser string
	This    bool
	Began   time.Time
	Seen    string
}

func signInLines(own []survey.OwnSignIn, now time.Time) []signInLine {
	lines := make([]signInLine, len(own))
	for i, in := range own {
		lines[i] = signInLine{ID: in.ID, Browser: in.Browser, This: in.This, Began: in.CreatedAt, Seen: agoWords(now.Sub(in.SeenAt))}
		if in.Browser == "" {
			lines[i].Browser = unknownBrowser
		}
	}
	return lines
}

// agoWords says how long ago something was, as roughly as sign-ins are noted.
func agoWords(d time.Duration) string {
	switch minutes := int(d.Minutes()); {
	case minutes < 6:
		return "in the last minutes"
	case minutes < 60:
		return "less than an hour ago"
	case minutes < 120:
		return "an hour ago"
	default:
		return strconv.Itoa(minutes/60) + " hours ago"
	}
}

// endSignIn signs another browser out.
func (s *Server) endSignIn(c *gin.Context, a survey.Actor) error {
	if err := s.use.SignIns.End(c.Request.Context(), a, survey.SignInID(c.Param("signin"))); err != nil {
		return err
	}
	return redirect(c, "/account?did=ended#browsers")
}

// endOtherSignIns signs all other browsers out.
func (s *Server) endOtherSignIns(c *gin.Context, a survey.Actor) error {
	if _, err := s.use.SignIns.EndOthers(c.Request.Context(), a); err != nil {
		return err
	}
	return redirect(c, "/account?did=ended#browsers")
}
