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
	Whose            string // whose taps wait in this browser
	Expected, Others []survey.MeetingRow
	Saved            bool
	Live             bool // in meeting mode, to which the form leads back
	Before, After    int  // numbers of the meetings beside it; 0: none
	PracticeText     []textBlock
	Note             []textBlock
	Unwell           []textBlock // what to do when somebody is unwell; may be empty
}

func (s *Server) showMeeting(c *gin.Context, a survey.Actor) error {
	p, err := s.meetingPage(c, a)
	if err != nil {
		return err
	}
	return s.render(c, 200, "facilitator_meeting", p)
}

func (s *Server) meetingPage(c *gin.Context, a survey.Actor) (meetingPage, error) {
	study, err := s.study(c, a)
	if err != nil {
		return meetingPage{}, err
	}
	number, err := meetingNumber(c)
	if err != nil {
		return meetingPage{}, err
	}
	m, err := s.use.Runs.Meeting(c.Request.Context(), a, study.ID, runID(c), number)
	if err != nil {
		return meetingPage{}, err
	}
	p := meetingPage{
		Page:         s.staffPage(c, a, study, sectionRuns, fmt.Sprintf("Meeting %d: %s", number, m.Meeting.Title)),
		MeetingSheet: m, Path: runPath(study, m.Run.ID), Saved: c.Query("saved") == "yes", Whose: a.ID(),
		Before: number - 1, PracticeText: textBlocks(m.Meeting.Practice.Text), Note: textBlocks(m.Meeting.FacilitatorNote),
		Unwell: textBlocks(m.Course.WhenUnwell),
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
	return p, nil
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
	back := fmt.Sprintf("%s/meetings/%d", runPath(study, runID(c)), number)
	if values.Get("back") == "live" {
		back += "/live"
	}
	return redirect(c, back+"?saved=yes")
}

func meetingNumber(c *gin.Context) (int, error) {
	n, err := strconv.Atoi(c.Param("meeting"))
	if err != nil {
		return 0, survey.ErrNotFound
	}
	return n, nil
}
