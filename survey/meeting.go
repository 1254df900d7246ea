package survey

import (
	"context"
	"fmt"
	"time"

	"tidemark/survey/course"
	"tidemark/survey/schedule"
)

// MeetingSheet is one meeting of a run as its facilitator prepares it and notes
// who came.
type MeetingSheet struct {
	Study   Study
	Run     CourseRun
	Course  *course.Course
	Meeting course.Meeting
	Day     schedule.Date
	Rows    []MeetingRow // in order of enrolment
	Noted   bool         // attendance was noted before
}

// MeetingRow is one person of a run at one meeting.
type MeetingRow struct {
	Enrolment Enrolment
	Name      string // from the contact data; may be empty
	ArmName   string
	// Expected people count as absent unless they are noted as present; see
	// [Runs.NoteAttendance].
	Expected bool
	Present  bool // as noted
	// NotedAt is when it was noted; zero: nothing was, or when was not kept.
	NotedAt time.Time
	Noted   bool
	Crossed bool // of another run, where they waited
}

// Get is one course run; ErrNotFound unless the actor may manage it.
func (u *Runs) Get(ctx context.Context, a Actor, id StudyID, run RunID) (CourseRun, error) {
	if !a.MayRun(id, run) {
		return CourseRun{}, ErrNotFound
	}
	r, err := u.env.Store.Run(ctx, id, run)
	if err != nil {
		return CourseRun{}, fmt.Errorf("run %s: %w", run, err)
	}
	return r, nil
}

// Meeting opens one meeting of a run, by its number from 1. A number the course
// does not have is ErrNotFound.
func (u *Runs) Meeting(ctx context.Context, a Actor, id StudyID, run RunID, number int) (MeetingSheet, error) {
	if !a.MayRun(id, run) {
		return MeetingSheet{}, ErrNotFound
	}
	m, err := u.meeting(ctx, id, run, number)
	if err != nil {
		return MeetingSheet{}, fmt.Errorf("meeting %d of run %s: %w", number, run, err)
	}
	return m, nil
}

func (u *Runs) meeting(ctx context.Context, id StudyID, runID RunID, number int) (MeetingSheet, error) {
	s := u.env.Store
	run, err := s.Run(ctx, id, runID)
	if err != nil {
		return MeetingSheet{}, err
	}
	c, err := u.env.course(ctx, s, run)
	if err != nil {
		return MeetingSheet{}, err
	}
	week, ok := c.Week(number)
	if !ok {
		return MeetingSheet{}, ErrNotFound
	}
	design, err := s.Design(ctx, id)
	if err != nil {
		return MeetingSheet{}, err
	}
	roster, err := s.Roster(ctx, id, runID)
	if err != nil {
		return MeetingSheet{}, err
	}
	contacts, err := s.Contacts(ctx, id, runID)
	if err != nil {
		return MeetingSheet{}, err
	}
	notes, err := s.Attendance(ctx, id, runID)
	if err != nil {
		return MeetingSheet{}, err
	}
	present := map[EnrolmentID]Attendance{}
	m := MeetingSheet{Study: design.Study, Run: run, Course: c, Meeting: week, Day: run.MeetingDay(number)}
	for _, n := range notes {
		if n.Meeting == number {
			m.Noted = true
			present[n.EnrolmentID] = n
		}
	}
	for _, e := range roster {
		arm, known := design.Arm(e.ArmID)
		note, noted := present[e.ID]
		m.Rows = append(m.Rows, MeetingRow{
			Enrolment: e, Name: contacts[e.ParticipantID].Name, ArmName: arm.Name,
			Expected: expected(e, arm, known, noted), Present: note.Present, NotedAt: note.NotedAt, Noted: noted,
		})
	}
	crossed, crossedNotes, err := u.crossedInto(ctx, id, runID)
	if err != nil {
		return MeetingSheet{}, err
	}
	came, told := map[EnrolmentID]bool{}, map[EnrolmentID]bool{}
	for _, n := range crossedNotes {
		if n.Meeting == number {
			came[n.EnrolmentID], told[n.EnrolmentID], m.Noted = n.Present, true, true
		}
	}
	for _, p := range crossed {
		m.Rows = append(m.Rows, MeetingRow{
			Enrolment: p.Enrolment, Name: p.Name, ArmName: "waited before", Crossed: true,
			Expected: !p.Enrolment.Withdrawn(), Present: came[p.Enrolment.ID], Noted: told[p.Enrolment.ID],
		})
	}
	return m, nil
}

// expected tells whether a person would be missed at a meeting: someone of a
// course arm who still takes part. Someone of a control arm who was noted before
// by mistake counts too, so that the note can be put right.
func expected(e Enrolment, arm Arm, known, noted bool) bool {
	return !e.Withdrawn() && (known && !arm.Control || noted)
}
