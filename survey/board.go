package survey

import (
	"context"
	"errors"
	"fmt"
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
	// Crossed are people of other runs who waited there, and take the course here.
	Crossed []CrossedPerson
	// Erased are people of whom nothing is left, by arm; they have no row.
	Erased map[ArmID]int
	// Present and Places are people counted as present and people noted,
	// over all meetings for which attendance was noted.
	Present, Places int
	// Practice is what the group noted at home, as it was told of each of its first
	// PracticeWeeks weeks: those that can no longer be added to. Nil when nothing was.
	Practice      *GroupPractice
	PracticeWeeks int
	// Entry is how people may enrol themselves, Taken how many places are taken, and
	// Waiting how many wait for one. No key in Entry: nobody has said.
	Entry          RunEntry
	Taken, Waiting int
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
	// Unreachable: the address takes no letters, and there is no other way.
	Unreachable bool
	// WithdrawnWeek is the course week in which the person left; 0 or less:
	// before the start. Meaningful when the enrolment is withdrawn.
	WithdrawnWeek int
	// Reminded is how many reminders were sent about what is open now and not
	// answered, by hand or by themselves.
	Reminded int
}

// BoardCell is how far one person is in one wave. Applies is false when the
// wave is not for the person: for their arm, or for somebody who joined when they
// did.
type BoardCell struct {
	Applies bool
	State   AssessmentState
	Given   bool // something was answered, whatever became of it
}

// Board reads the board of a run in a constant number of queries.
func (u *Runs) Board(ctx context.Context, a Actor, id StudyID, run RunID) (Board, error) {
	if !a.MayRun(id, run) {
		return Board{}, ErrNotFound
	}
	b, err := u.board(ctx, id, run)
	if err == nil {
		err = u.boardMore(ctx, &b)
	}
	if err != nil {
		return Board{}, fmt.Errorf("board of run %s: %w", run, err)
	}
	return b, nil
}

// boardMore adds what only the board itself shows: the places, and reminders.
func (u *Runs) boardMore(ctx context.Context, b *Board) error {
	id, run := b.Study.ID, b.Run.ID
	var err error
	if b.Entry, err = u.env.Store.RunEntry(ctx, id, run); err != nil && !errors.Is(err, ErrNotFound) {
		return err
	}
	waiting, err := u.env.Store.Waiting(ctx, id, run)
	if err != nil {
		return err
	}
	b.Waiting = len(waiting)
	sent, err := u.env.Store.RemindersSent(ctx, id, run)
	if err != nil {
		return err
	}
	for i := range b.Rows {
		r := &b.Rows[i]
		if !r.Enrolment.Stopped() {
			b.Taken++
		}
		for j, c := range r.Cells {
			if c.Applies && (c.State == AssessmentOpen || c.State == AssessmentPartly) {
				r.Reminded += sent[r.Enrolment.ID][b.Waves[j].ID]
			}
		}
	}
	return nil
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
	c, err := u.env.course(ctx, s, run)
	if err != nil {
		return Board{}, err
	}

	zone := run.Zone()
	b := Board{Study: design.Study, Run: run, Course: c, Waves: design.Waves, Arms: design.Arms, Week: run.Week(now)}
	b.countMeetings(schedule.DateOf(now.In(zone)))
	b.Erased = map[ArmID]int{}
	for _, e := range erased {
		if e.RunID == runID {
			b.Erased[e.ArmID]++
		}
	}
	timetable, followed := run.Timetable(design.Waves), CompletedIn(progress, design.Waves)
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
	if b.Crossed, _, err = u.crossedInto(ctx, id, runID); err != nil {
		return Board{}, err
	}
	for _, p := range b.Crossed {
		b.Places += p.Noted
		b.Present += p.Present
	}
	if err := u.groupPractice(ctx, &b); err != nil {
		return Board{}, err
	}
	for _, e := range roster {
		arm, _ := design.Arm(e.ArmID)
		row := BoardRow{
			Cells:     make([]BoardCell, 0, len(design.Waves)),
			Enrolment: e, Name: contacts[e.ParticipantID].Name, ArmName: arm.Name, Control: arm.Control,
			Present: came[e.ID], Noted: noted[e.ID],
		}
		contact := contacts[e.ParticipantID]
		row.Unreachable = !contact.BouncedAt.IsZero() && contact.Channel.of(contact) == "" && !e.Stopped()
		if e.Withdrawn() {
			row.WithdrawnWeek = run.Week(e.WithdrawnAt)
		}
		for _, w := range design.Waves {
			p, asked := done[e.ID][w.ID]
			state := p.state(timetable.Window(w.ID, e, followed), now, e.Stopped())
			row.Cells = append(row.Cells, BoardCell{Applies: asked && state != AssessmentNotAsked, State: state, Given: p.Started > 0})
		}
		b.Rows = append(b.Rows, row)
	}
	return b, nil
}

// groupPractice is what was told of the group's practice.
func (u *Runs) groupPractice(ctx context.Context, b *Board) error {
	b.PracticeWeeks = closedWeeks(b.Run, len(b.Course.Weeks), u.env.now())
	if b.PracticeWeeks == 0 {
		return nil
	}
	releases, err := u.env.Store.Releases(ctx, b.Study.ID, b.Run.ID)
	if err != nil {
		return err
	}
	told, _ := toldOf(releases, FigurePractice)
	if len(told) == 0 {
		return nil
	}
	b.Practice = &GroupPractice{}
	for week := range b.Course.Weeks {
		if r, ok := told[weekOccasion(week+1)]; ok {
			b.Practice.Weeks = append(b.Practice.Weeks, week+1)
			b.Practice.Minutes += int(r.Blurred.Value)
		}
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
// closed with something missing, not asked when there is no window for the person.
func (p WaveProgress) state(w schedule.Window, now time.Time, stopped bool) AssessmentState {
	switch phase := w.At(now); {
	case p.Complete():
		return AssessmentSubmitted
	case w.IsZero() && p.Started == 0:
		return AssessmentNotAsked
	case stopped:
		return AssessmentWithdrawn
	case w.IsZero():
		return AssessmentPartly
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
