package web

import (
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/gin-gonic/gin"

	"tidemark/survey"
	"tidemark/survey/course"
	"tidemark/survey/schedule"
)

type boardPage struct {
	Page
	survey.Board
	Path     string
	Stands   string // "week 5 of 8"
	Cards    []numberCard
	Columns  []boardColumn
	Groups   []boardGroup
	Meetings []meetingLine
	Next     *meetingPlan
	Trend    *trendView // nil: too few answers yet
	Minimum  int        // people behind each point of the trend
	Form     staffForm  // moving the start
	Added    string     // "12 people", just added
}

// numberCard is one of the numbers at the head of the board.
type numberCard struct{ Label, Number, Detail string }

// boardColumn is the head of a wave in the grid.
type boardColumn struct {
	survey.Wave
	Now bool // open now
}

// boardGroup is the people of one arm.
type boardGroup struct {
	Name   string
	Rows   []gridRow
	Erased int // people of whom nothing is left; they have no row
}

type gridRow struct {
	survey.BoardRow
	Marks []gridMark
}

// gridMark is how far one person is in one wave: a class, a sign and a word.
type gridMark struct{ Class, Sign, Word string }

func (s *Server) showBoard(c *gin.Context, a survey.Actor) error {
	study, err := s.study(c, a)
	if err != nil {
		return err
	}
	return s.boardForm(c, a, study, 200, staffForm{})
}

func (s *Server) boardForm(c *gin.Context, a survey.Actor, study survey.Study, status int, f staffForm) error {
	ctx := c.Request.Context()
	b, err := s.use.Runs.Board(ctx, a, study.ID, runID(c))
	if err != nil {
		return err
	}
	trend, err := s.use.Runs.Trend(ctx, a, study.ID, runID(c), criticalT)
	if err != nil && !errors.Is(err, survey.ErrTooFew) {
		return err
	}
	now := s.cfg.Now()
	p := boardPage{
		Page: s.staffPage(c, a, study, sectionRuns, b.Run.Name), Board: b, Path: runPath(study, b.Run.ID),
		Stands: weekText(b.Week, len(b.Course.Weeks)), Cards: boardCards(b, now),
		Groups: boardGroups(b), Meetings: meetingLines(b), Next: nextMeeting(b),
		Minimum: max(b.Study.TrendMinimum, survey.TrendFloor), Form: f, Added: peopleText(c.Query("added")),
	}
	if err == nil {
		p.Trend = newTrendView(trend, b.Run, now)
	}
	for _, w := range b.Waves {
		p.Columns = append(p.Columns, boardColumn{w, b.Run.Window(w.Rule).At(now) == schedule.During})
	}
	if len(f.Faults) > 0 {
		erring(&p.Page)
	}
	return s.render(c, status, "facilitator_board", p)
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

// boardGroups puts the rows of each arm together: those who come to the meetings
// first, then those who wait.
func boardGroups(b survey.Board) []boardGroup {
	var groups []boardGroup
	place := map[survey.ArmID]int{}
	for _, control := range []bool{false, true} {
		for _, arm := range b.Arms {
			if arm.Control == control {
				place[arm.ID] = len(groups)
				groups = append(groups, boardGroup{Name: arm.Name, Erased: b.Erased[arm.ID]})
			}
		}
	}
	for _, r := range b.Rows {
		i, ok := place[r.Enrolment.ArmID]
		if !ok {
			continue
		}
		row := gridRow{BoardRow: r}
		for _, cell := range r.Cells {
			mark := markOf(cell)
			if cell.State == survey.AssessmentWithdrawn && !r.Enrolment.Withdrawn() {
				mark.Word = "declined"
			}
			row.Marks = append(row.Marks, mark)
		}
		groups[i].Rows = append(groups[i].Rows, row)
	}
	return groups
}

func markOf(c survey.BoardCell) gridMark {
	if !c.Applies {
		return gridMark{"none", "", "not asked"}
	}
	switch c.State {
	case survey.AssessmentSubmitted:
		return gridMark{"done", "✓", "complete"}
	case survey.AssessmentPartly:
		return gridMark{"part", "◐", "partly"}
	case survey.AssessmentExpired:
		return gridMark{"miss", "–", "missed"}
	case survey.AssessmentOpen:
		return gridMark{"open", "•", "open now"}
	case survey.AssessmentWithdrawn:
		return gridMark{"gone", "/", "withdrawn"}
	default:
		return gridMark{"next", "", "later"}
	}
}

// boardCards are the numbers: people, the wave before the course, the wave that
// matters now, attendance, and the group's practice.
func boardCards(b survey.Board, now time.Time) []numberCard {
	left, declined, erased := 0, 0, 0
	for _, r := range b.Rows {
		switch {
		case r.Enrolment.Withdrawn():
			left++
		case r.Enrolment.Declined():
			declined++
		}
	}
	for _, n := range b.Erased {
		erased += n
	}
	enrolled := numberCard{"Enrolled", fmt.Sprint(len(b.Rows) + erased), "nobody has left"}
	var gone []string
	for _, g := range []struct {
		n    int
		word string
	}{{left, "withdrawn"}, {declined, "declined"}, {erased, "erased"}} {
		if g.n > 0 {
			gone = append(gone, fmt.Sprintf("%d %s", g.n, g.word))
		}
	}
	if len(gone) > 0 {
		enrolled.Detail = strings.Join(gone, ", ")
	}
	cards := []numberCard{enrolled}
	first, current := boardWaves(b, now)
	for _, i := range []int{first, current} {
		if i >= 0 {
			cards = append(cards, waveCard(b, i, now))
		}
	}
	attendance := numberCard{"Attendance so far", "–", "not noted yet"}
	if b.Places > 0 {
		attendance.Number = percent(b.Present, b.Places)
		attendance.Detail = fmt.Sprintf("%d of %d places", b.Present, b.Places)
	}
	return append(cards, attendance, practiceCard(b))
}

// practiceCard is what the group practised, in whole hours: nobody's part of it.
func practiceCard(b survey.Board) numberCard {
	card := numberCard{Label: "Practice at home", Number: "–", Detail: "shown for weeks that are over"}
	if b.PracticeWeeks > 0 {
		card.Detail = fmt.Sprintf("noted by fewer than %d people so far", max(b.Study.TrendMinimum, survey.TrendFloor))
	}
	if g := b.Practice; g != nil {
		hours := (g.Minutes + 30) / 60
		card.Number = fmt.Sprintf("%d %s", hours, plural(hours, "hour", "hours"))
		card.Detail = "of the whole group, week 1"
		if b.PracticeWeeks > 1 {
			card.Detail = fmt.Sprintf("of the whole group, weeks 1–%d", b.PracticeWeeks)
		}
	}
	return card
}

// boardWaves are the places of the wave before the course, and of the other one
// that matters now: the last that is open, else the next to open, else the last.
// Either is -1 when there is none.
func boardWaves(b survey.Board, now time.Time) (pre, current int) {
	pre, current = -1, -1
	next, last := -1, -1
	for i, w := range b.Waves {
		if w.Kind == survey.WavePre && pre < 0 {
			pre = i
			continue
		}
		switch b.Run.Window(w.Rule).At(now) {
		case schedule.During:
			current = i
		case schedule.Before:
			if next < 0 {
				next = i
			}
		case schedule.After:
		}
		last = i
	}
	switch {
	case current >= 0:
		return pre, current
	case next >= 0:
		return pre, next
	default:
		return pre, last
	}
}

func waveCard(b survey.Board, wave int, now time.Time) numberCard {
	w := b.Waves[wave]
	window := b.Run.Window(w.Rule)
	answered, asked := b.WaveCount(wave)
	card := numberCard{Label: w.Name, Number: fmt.Sprintf("%d of %d", answered, asked)}
	switch window.At(now) {
	case schedule.Before:
		card.Number = "–"
		card.Detail = "opens " + dayWords(schedule.DateOf(window.Opens))
	case schedule.During:
		card.Detail = percent(answered, asked) + ", open until " + dayWords(window.LastDay())
	case schedule.After:
		card.Detail = percent(answered, asked) + ", closed"
	}
	return card
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
