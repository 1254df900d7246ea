package web

import (
	"errors"
	"net/http"

	"github.com/gin-gonic/gin"

	"tidemark/survey"
	"tidemark/survey/course"
	"tidemark/survey/schedule"
)

type boardPage struct {
	Page
	survey.Board
	boardGrid
	Stands   string // "week 5 of 8"
	Mark     string // of what the table shows; see survey.BoardMark
	Meetings []meetingLine
	Next     *meetingPlan
	Trend    *trendView // nil: too few answers yet
	Minimum  int        // people behind each point of the trend
	Form     staffForm  // moving the start
	Added    string     // "12 people", just added
	Late     lateLink
	Planned  int // people who are enrolled when the study opens
}

func (s *Server) showBoard(c *gin.Context, a survey.Actor) error {
	study, err := s.study(c, a)
	if err != nil {
		return err
	}
	return s.boardForm(c, a, study, 200, staffForm{})
}

func (s *Server) boardForm(c *gin.Context, a survey.Actor, study survey.Study, status int, f staffForm) error {
	ctx := c.Request.Context()
	// The mark first: a change in between is then told of, and not passed over.
	mark, err := s.use.Runs.Mark(ctx, a, study.ID, runID(c), survey.BoardMark{})
	if err != nil {
		return err
	}
	b, err := s.use.Runs.Board(ctx, a, study.ID, runID(c))
	if err != nil {
		return err
	}
	trend, err := s.use.Runs.Trend(ctx, a, study.ID, runID(c))
	if err != nil && !errors.Is(err, survey.ErrTooFew) {
		return err
	}
	late, lateErr := s.lateLink(c, a, study, b.Run.ID)
	if lateErr != nil {
		return lateErr
	}
	now := s.cfg.Now()
	p := boardPage{
		Late: late,
		Page: s.staffPage(c, a, study, sectionRuns, b.Run.Name), Board: b, boardGrid: newBoardGrid(b, boardFilter(c), now),
		Stands: weekText(b.Week, len(b.Course.Weeks)), Mark: mark.Version(), Meetings: meetingLines(b), Next: nextMeeting(b),
		Minimum: max(b.Study.TrendMinimum, survey.TrendFloor), Form: f, Added: peopleText(c.Query("added")),
	}
	if err == nil {
		p.Trend = newTrendView(trend, b.Run, now)
	}
	if study.State == survey.StudyDraft {
		planned, err := s.use.Runs.Planned(ctx, a, study.ID, b.Run.ID)
		if err != nil {
			return err
		}
		p.Planned = len(planned)
	}
	if len(f.Faults) > 0 {
		erring(&p.Page)
	}
	return s.render(c, status, "facilitator_board", p)
}

// showBoardTable is the part of the board that changes while people answer, for the
// script of the page.
func (s *Server) showBoardTable(c *gin.Context, a survey.Actor) error {
	study, err := s.study(c, a)
	if err != nil {
		return err
	}
	b, err := s.use.Runs.Board(c.Request.Context(), a, study.ID, runID(c))
	if err != nil {
		return err
	}
	p := boardPage{Page: s.page(c, b.Run.Name), Board: b, boardGrid: newBoardGrid(b, boardFilter(c), s.cfg.Now())}
	return s.renderPiece(c, http.StatusOK, "facilitator_board", "board-live", p)
}

// moveRun changes the day of the first meeting.
func (s *Server) moveRun(c *gin.Context, a survey.Actor) error {
	study, values, err := s.studyForm(c, a)
	if err != nil {
		return err
	}
	err = s.use.Runs.Move(c.Request.Context(), a, study.ID, runID(c), values.Get("starts_on"))
	if err != nil {
		f, status, err := again(values, err, "")
		if err != nil {
			return err
		}
		return s.boardForm(c, a, study, status, f)
	}
	return redirect(c, runPath(study, runID(c)))
}

// meetingLine is one meeting in the list of all.
type meetingLine struct {
	Number int
	Title  string
	Day    schedule.Date
	Next   bool
}

func meetingLines(b survey.Board) []meetingLine {
	var lines []meetingLine
	for _, m := range b.Course.Weeks {
		lines = append(lines, meetingLine{m.Number, m.Title, b.Run.MeetingDay(m.Number), m.Number == b.NextMeeting})
	}
	return lines
}

// meetingPlan is the meeting to prepare.
type meetingPlan struct {
	course.Meeting
	Day  schedule.Date
	Note []textBlock // for the facilitator
}

func nextMeeting(b survey.Board) *meetingPlan {
	m, ok := b.Course.Week(b.NextMeeting)
	if !ok {
		return nil
	}
	return &meetingPlan{m, b.Run.MeetingDay(b.NextMeeting), textBlocks(m.FacilitatorNote)}
}
