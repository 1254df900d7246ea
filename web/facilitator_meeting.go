package web

import (
	"fmt"
	"strconv"

	"github.com/gin-gonic/gin"

	"tidemark/survey"
)

type meetingPage struct {
	Page
	survey.MeetingSheet
	Path             string // of the run
	Expected, Others []survey.MeetingRow
	Saved            bool
	Before, After    int // numbers of the meetings beside it; 0: none
	PracticeText     []textBlock
	Note             []textBlock
}

func (s *Server) showMeeting(c *gin.Context, a survey.Actor) error {
	study, err := s.study(c, a)
	if err != nil {
		return err
	}
	number, err := meetingNumber(c)
	if err != nil {
		return err
	}
	m, err := s.use.Runs.Meeting(c.Request.Context(), a, study.ID, runID(c), number)
	if err != nil {
		return err
	}
	p := meetingPage{
		Page:         s.staffPage(c, a, study, sectionRuns, fmt.Sprintf("Meeting %d: %s", number, m.Meeting.Title)),
		MeetingSheet: m, Path: runPath(study, m.Run.ID), Saved: c.Query("saved") == "yes",
		Before: number - 1, PracticeText: textBlocks(m.Meeting.Practice.Text), Note: textBlocks(m.Meeting.FacilitatorNote),
	}
	if number < len(m.Course.Weeks) {
		p.After = number + 1
	}
	for _, r := range m.Rows {
		if r.Expected || r.Present {
			p.Expected = append(p.Expected, r)
		} else {
			p.Others = append(p.Others, r)
		}
	}
	return s.render(c, 200, "facilitator_meeting", p)
}

// noteAttendance notes who came: those ticked did, everyone else who was
// expected did not.
func (s *Server) noteAttendance(c *gin.Context, a survey.Actor) error {
	study, err := s.study(c, a)
	if err != nil {
		return err
	}
	number, err := meetingNumber(c)
	if err != nil {
		return err
	}
	values, err := readForm(c)
	if err != nil {
		return err
	}
	var present []survey.EnrolmentID
	for _, id := range values["present"] {
		present = append(present, survey.EnrolmentID(id))
	}
	if err := s.use.Runs.NoteAttendance(c.Request.Context(), a, study.ID, runID(c), number, present); err != nil {
		return err
	}
	return redirect(c, fmt.Sprintf("%s/meetings/%d?saved=yes", runPath(study, runID(c)), number))
}

func meetingNumber(c *gin.Context) (int, error) {
	n, err := strconv.Atoi(c.Param("meeting"))
	if err != nil {
		return 0, survey.ErrNotFound
	}
	return n, nil
}
