package web

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"time"

	"github.com/gin-gonic/gin"

	"tidemark/survey"
)

// maxTapBody bounds one tap; it is about 200 bytes.
const maxTapBody = 4 << 10

// sentTap is a tap as the page's script sends it.
type sentTap struct {
	Enrolment string `json:"enrolment"`
	Present   bool   `json:"present"`
	Ago       int64  `json:"ago"`   // ms since it was made
	Known     int64  `json:"known"` // as it was told, Unix ms; 0: not noted
	Once      string `json:"once"`
}

// tapAttendance notes one person, for the script of the meeting's page.
func (s *Server) tapAttendance(c *gin.Context, a survey.Actor) error {
	study, err := s.study(c, a)
	if err != nil {
		return err
	}
	number, err := meetingNumber(c)
	if err != nil {
		return err
	}
	run, err := s.use.Runs.Get(c.Request.Context(), a, study.ID, runID(c))
	if err != nil {
		return err
	}
	var sent sentTap
	from := json.NewDecoder(io.LimitReader(c.Request.Body, maxTapBody))
	from.DisallowUnknownFields()
	if err := from.Decode(&sent); err != nil {
		return errBadForm
	}
	tap := survey.Tap{
		Enrolment: survey.EnrolmentID(sent.Enrolment), Meeting: number, Present: sent.Present,
		Ago: time.Duration(max(0, min(sent.Ago, survey.MaxTapAge.Milliseconds()))) * time.Millisecond, Once: survey.Once(sent.Once),
	}
	if sent.Known != 0 {
		tap.Known = time.UnixMilli(sent.Known)
	}
	done, err := s.use.Runs.Tap(c.Request.Context(), a, study.ID, run.ID, tap)
	if faults, ok := errors.AsType[survey.FieldErrors](err); ok {
		for _, key := range faults {
			c.JSON(http.StatusUnprocessableEntity, gin.H{"message": messageText(key)})
			return nil
		}
	}
	if err != nil {
		return err
	}
	reply := gin.H{"present": done.Present, "known": done.NotedAt.UnixMilli()}
	if done.Other != nil {
		reply["conflict"] = conflictText(done, tap, run, s.cfg.Now())
	}
	c.JSON(http.StatusOK, reply)
	return nil
}

// conflictText tells of both devices, and which counts.
func conflictText(done survey.Tapped, tap survey.Tap, run survey.CourseRun, now time.Time) string {
	clock := func(t time.Time) string {
		if t.IsZero() {
			return "earlier"
		}
		return "at " + t.In(run.Zone()).Format("15:04")
	}
	word := func(present bool) string {
		if present {
			return "present"
		}
		return "absent"
	}
	return fmt.Sprintf("Another device noted %s %s, this one %s %s. The later counts: %s.",
		word(done.Other.Present), clock(done.Other.NotedAt), word(tap.Present), clock(now.Add(-tap.Ago)), word(done.Present))
}
