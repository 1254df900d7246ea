package survey

import (
	"context"
	"fmt"
	"math"
	"slices"
	"time"

	"tidemark/survey/course"
	"tidemark/survey/schedule"
)

// Board is what a facilitator sees of a run: who has answered what, never the
// answers.
type Board struct {
	Study  Study
	Run    CourseRun
	Course *course.Course
	Waves  []Wave
	Arms   []Arm
	// Week is the course week now: 0 or less before the start, more than
	// the number of meetings after the last week.
	Week int
	// NextMeeting is the number of the next meeting (today's counts until
	// midnight); 0 when all are over.
	NextMeeting int
	Rows        []BoardRow // in order of enrolment
	// MeetingsHeld is the number of meetings whose day has come.
	MeetingsHeld int
	// Erased are people of whom nothing is left, by arm; they have no row.
	Erased map[ArmID]int
	// Present and Places are people counted as present and people noted,
	// over all meetings for which attendance was noted.
	Present, Places int
	// Practice is what the group noted at home in its first PracticeWeeks weeks:
	// those that can no longer be added to. Nil before there is one, and when fewer
	// people than a group figure needs have noted anything.
	Practice      *GroupPractice
	PracticeWeeks int
}

// BoardRow is one person's line.
type BoardRow struct {
	Enrolment Enrolment
	Name      string // from the contact data; may be empty
	ArmName   string
	Control   bool
	Cells     []BoardCell // one for each wave of the board
	Present   int         // meetings attended
	Noted     int         // meetings for which attendance was noted
	// WithdrawnWeek is the course week in which the person left; 0 or less:
	// before the start. Meaningful when the enrolment is withdrawn.
	WithdrawnWeek int
}

// BoardCell is how far one person is in one wave. Applies is false when the
// wave is not for the person's arm.
type BoardCell struct {
	Applies bool
	State   AssessmentState
}

// Board reads the board of a run in a constant number of queries.
func (u *Runs) Board(ctx context.Context, a Actor, id StudyID, run RunID) (Board, error) {
	if !a.MayRun(id, run) {
		return Board{}, ErrNotFound
	}
	b, err := u.board(ctx, id, run)
	if err != nil {
		return Board{}, fmt.Errorf("board of run %s: %w", run, err)
	}
	return b, nil
}

func (u *Runs) board(ctx context.Context, id StudyID, runID RunID) (Board, error) {
	s, now := u.env.Store, u.env.now()
	run, err := s.Run(ctx, id, runID)
	if err != nil {
		return Board{}, err
	}
	design, err := s.Design(ctx, id)
	if err != nil {
		return Board{}, err
	}
	roster, err := s.Roster(ctx, id, runID)
	if err != nil {
		return Board{}, err
	}
	contacts, err := s.Contacts(ctx, id, runID)
	if err != nil {
		return Board{}, err
	}
	progress, err := s.Progress(ctx, id, runID)
	if err != nil {
		return Board{}, err
	}
	attendance, err := s.Attendance(ctx, id, runID)
	if err != nil {
		return Board{}, err
	}
	erased, err := s.Erasures(ctx, id)
	if err != nil {
		return Board{}, err
	}
	c, err := course.BuiltinByKey(run.CourseKey)
	if err != nil {
		return Board{}, err
	}

	zone := run.Zone()
	b := Board{Study: design.Study, Run: run, Course: c, Waves: design.Waves, Arms: design.Arms, Week: run.week(now, zone)}
	b.countMeetings(schedule.DateOf(now.In(zone)))
	b.Erased = map[ArmID]int{}
	for _, e := range erased {
		if e.RunID == runID {
			b.Erased[e.ArmID]++
		}
	}
	phases := make(map[WaveID]schedule.Phase, len(design.Waves))
	for _, w := range design.Waves {
		phases[w.ID] = w.Rule.Window(run.StartsOn, zone).At(now)
	}
	done := make(map[EnrolmentID]map[WaveID]WaveProgress, len(roster))
	for _, p := range progress {
		if done[p.EnrolmentID] == nil {
			done[p.EnrolmentID] = make(map[WaveID]WaveProgress, len(design.Waves))
		}
		done[p.EnrolmentID][p.WaveID] = p
	}
	came, noted := map[EnrolmentID]int{}, map[EnrolmentID]int{}
	for _, n := range attendance {
		noted[n.EnrolmentID]++
		b.Places++
		if n.Present {
			came[n.EnrolmentID]++
			b.Present++
		}
	}
	if err := u.groupPractice(ctx, &b); err != nil {
		return Board{}, err
	}
	for _, e := range roster {
		arm, _ := design.Arm(e.ArmID)
		row := BoardRow{
			Enrolment: e, Name: contacts[e.ParticipantID].Name, ArmName: arm.Name, Control: arm.Control,
			Present: came[e.ID], Noted: noted[e.ID],
		}
		if e.Withdrawn() {
			row.WithdrawnWeek = run.week(e.WithdrawnAt, zone)
		}
		for _, w := range design.Waves {
			p, applies := done[e.ID][w.ID]
			row.Cells = append(row.Cells, BoardCell{
				Applies: applies,
				State:   p.state(phases[w.ID], e.Stopped()),
			})
		}
		b.Rows = append(b.Rows, row)
	}
	return b, nil
}

// groupPractice sums what the people of a run practised, up to the last week of
// which nothing more can be noted, so that the next entry cannot be read from the
// change of the sum.
func (u *Runs) groupPractice(ctx context.Context, b *Board) error {
	closed := min(b.Week-1-PracticeDaysBack/7, len(b.Course.Weeks))
	if closed < 1 {
		return nil
	}
	g, err := u.env.Store.RunPractice(ctx, b.Study.ID, b.Run.ID, b.Run.MeetingDay(closed+1))
	if err != nil {
		return err
	}
	b.PracticeWeeks = closed
	if g.People >= max(b.Study.TrendMinimum, TrendFloor) {
		b.Practice = &g
	}
	return nil
}

func (b *Board) countMeetings(today schedule.Date) {
	for _, m := range b.Course.Weeks {
		switch left := today.DaysUntil(b.Run.MeetingDay(m.Number)); {
		case left >= 0 && b.NextMeeting == 0:
			b.NextMeeting = m.Number
			if left == 0 {
				b.MeetingsHeld++
			}
		case left < 0:
			b.MeetingsHeld++
		}
	}
}

// state folds a wave's questionnaires into one state: submitted when all are,
// partly when something was given and more can come, expired when the wave
// closed with something missing.
func (p WaveProgress) state(phase schedule.Phase, stopped bool) AssessmentState {
	switch {
	case p.Sets > 0 && p.Submitted == p.Sets:
		return AssessmentSubmitted
	case stopped:
		return AssessmentWithdrawn
	case phase == schedule.Before:
		return AssessmentScheduled
	case p.Started > 0:
		return AssessmentPartly
	case phase == schedule.After:
		return AssessmentExpired
	default:
		return AssessmentOpen
	}
}

// WaveCount is how many of those who were asked have answered a wave in full.
// People who left or declined before answering are not counted as asked.
func (b Board) WaveCount(wave int) (answered, asked int) {
	for _, r := range b.Rows {
		c := r.Cells[wave]
		if !c.Applies || c.State == AssessmentWithdrawn {
			continue
		}
		asked++
		if c.State == AssessmentSubmitted {
			answered++
		}
	}
	return answered, asked
}

// TrendPoint is the group mean of one wave with its 95 % interval. Shown is
// false when the wave is still open or too few have answered; the numbers are
// then zero.
type TrendPoint struct {
	Wave            Wave
	Shown           bool
	N               int
	Mean, Low, High float64
}

// Trend is the course group's mean on the weekly scale.
type Trend struct {
	ScaleName string
	Min, Max  float64 // of the scale
	Minimum   int     // people needed behind each point
	Points    []TrendPoint
}

// TQuantile gives the two-sided 95 % quantile of Student's t for the given
// degrees of freedom (at least 1); package analysis has one.
type TQuantile func(df int) float64

// Trend is the weekly group mean for the facilitator of a run. A wave is shown
// once it has closed and at least Study.TrendMinimum people have answered it:
// before that, the next answer could be read from the change of the mean. For
// the same reason a wave is not shown when the run was moved between its answers,
// which can close it, open it for one person more, and close it again; not when
// somebody of the run was erased since it closed; and not when all have the same
// score. ErrTooFew when no wave can be shown.
func (u *Runs) Trend(ctx context.Context, a Actor, id StudyID, runID RunID, quantile TQuantile) (Trend, error) {
	if !a.MayRun(id, runID) {
		return Trend{}, ErrNotFound
	}
	t, err := u.trend(ctx, id, runID, quantile)
	if err != nil {
		return Trend{}, fmt.Errorf("trend of run %s: %w", runID, err)
	}
	return t, nil
}

func (u *Runs) trend(ctx context.Context, id StudyID, runID RunID, quantile TQuantile) (Trend, error) {
	design, err := u.env.Store.Design(ctx, id)
	if err != nil {
		return Trend{}, err
	}
	run, err := u.env.Store.Run(ctx, id, runID)
	if err != nil {
		return Trend{}, err
	}
	t := Trend{Minimum: max(design.Study.TrendMinimum, TrendFloor)}
	first, ok := design.WaveOfKind(WaveDuring)
	if !ok || len(first.Sets) == 0 {
		return t, ErrTooFew
	}
	def := design.Instruments[first.Sets[0]].Definition
	scale, ok := def.Primary()
	if !ok {
		return t, ErrTooFew
	}
	t.ScaleName = scale.Name
	t.Min, t.Max, _ = def.Range(scale.Key)
	moments, err := u.env.Store.Moments(ctx, id, runID, first.ArmID, scale.Key)
	if err != nil {
		return Trend{}, err
	}
	moves, err := u.env.Store.Moves(ctx, id, runID)
	if err != nil {
		return Trend{}, err
	}
	erased, err := u.env.Store.Erasures(ctx, id)
	if err != nil {
		return Trend{}, err
	}
	byWave := make(map[WaveID]WaveMoments, len(moments))
	for _, m := range moments {
		byWave[m.WaveID] = m
	}
	now, zone, shown := u.env.now(), run.Zone(), false
	for _, w := range design.Waves {
		if w.Kind != WaveDuring {
			continue
		}
		p := TrendPoint{Wave: w}
		m := byWave[w.ID]
		window := w.Rule.Window(run.StartsOn, zone)
		closed := window.At(now) == schedule.After && !erasedSince(erased, runID, window.Closes)
		if closed && m.N >= t.Minimum && m.SumSquares > 0 && !m.straddles(moves) {
			half := quantile(m.N-1) * math.Sqrt(m.SumSquares/float64(m.N-1)/float64(m.N))
			p = TrendPoint{Wave: w, Shown: true, N: m.N, Mean: m.Mean, Low: m.Mean - half, High: m.Mean + half}
			shown = true
		}
		t.Points = append(t.Points, p)
	}
	if !shown {
		return t, ErrTooFew
	}
	return t, nil
}

// straddles reports whether one of the instants lies between the first and the
// last of the answers.
func (m WaveMoments) straddles(instants []time.Time) bool {
	return slices.ContainsFunc(instants, func(at time.Time) bool {
		return !at.Before(m.First) && !at.After(m.Last)
	})
}
