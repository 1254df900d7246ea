package survey

import (
	"context"
	"errors"
	"fmt"
	"regexp"
	"strings"

	"tidemark/survey/course"
	"tidemark/survey/schedule"
)

// Runs are the use cases of facilitators: starting a course run, bringing people
// in, seeing who has answered (never what), and noting who came.
type Runs struct{ env Env }

// NewRun is what is needed to start a course run.
type NewRun struct {
	Name      string
	CourseKey string
	// CourseVersion is the version that it follows to its end; empty: the newest.
	CourseVersion string
	StartsOn      string // 2006-01-02
	MeetingTime   string // 15:04
	TimeZone      string // empty: the study's
	Location      string
	// Skip are days, as 2006-01-02, of weeks without a meeting; empty ones are
	// passed over.
	Skip []string
	Once Once // the form it comes from; may be empty
}

var clockTime = regexp.MustCompile(`^([01][0-9]|2[0-3]):[0-5][0-9]$`)

// Create starts a course run. Facilitators of the whole study may. Faults are
// FieldErrors; a form sent a second time is ErrRepeated and changes nothing.
func (u *Runs) Create(ctx context.Context, a Actor, id StudyID, n NewRun) (CourseRun, error) {
	if !a.MayStartRuns(id) {
		return CourseRun{}, ErrForbidden
	}
	study, err := u.env.Store.Study(ctx, id)
	if err != nil {
		return CourseRun{}, fmt.Errorf("create run: %w", err)
	}
	now := u.env.now()
	run, err := u.newRun(ctx, study, n)
	if err != nil {
		return CourseRun{}, err
	}
	run.ID, run.CreatedAt = RunID(u.env.NewID()), now
	err = u.env.Store.InTx(ctx, func(tx Tx) error {
		if err := noteOnce(ctx, tx, n.Once, u.env.event(a, id, now, ActionRunCreated, "run", string(run.ID))); err != nil {
			return err
		}
		return tx.CreateRun(ctx, run)
	})
	if err != nil {
		return CourseRun{}, fmt.Errorf("create run: %w", err)
	}
	return run, nil
}

// follows is the version of the course that a new run follows; nil when there is none.
func (u *Runs) follows(ctx context.Context, n NewRun) (*course.Course, error) {
	version := n.CourseVersion
	if version == "" {
		shelf, err := (&Courses{u.env}).shelf(ctx, u.env.Store, n.CourseKey)
		if errors.Is(err, ErrNotFound) {
			return nil, nil
		}
		if err != nil {
			return nil, err
		}
		newest, _ := shelf.Newest()
		version = newest.Version
	}
	c, err := u.env.courses.get(ctx, u.env.Store, n.CourseKey, version)
	if errors.Is(err, ErrNotFound) {
		return nil, nil
	}
	return c, err
}

func (n NewRun) run(s Study) (CourseRun, FieldErrors) {
	d := RunDetails{Name: n.Name, MeetingTime: n.MeetingTime, TimeZone: n.TimeZone, Location: n.Location}
	r, err := d.apply(CourseRun{StudyID: s.ID, TimeZone: s.TimeZone})
	faults, is := errors.AsType[FieldErrors](err)
	if !is {
		faults = FieldErrors{}
	}
	if r.StartsOn, err = schedule.ParseDate(strings.TrimSpace(n.StartsOn)); err != nil {
		faults["starts_on"] = "run.bad_date"
	}
	return r, faults
}

// List gives the runs of a study whose people the actor looks after, the latest start
// first. Whoever looks after none is refused.
func (u *Runs) List(ctx context.Context, a Actor, id StudyID) ([]RunSummary, error) {
	if !a.MayRunAny(id) && !a.MayReachAll(id) {
		return nil, ErrForbidden
	}
	all, err := u.env.Store.Runs(ctx, id)
	if err != nil {
		return nil, fmt.Errorf("list runs: %w", err)
	}
	var mine []RunSummary
	for _, r := range all {
		if a.MayReach(id, r.Run.ID) {
			mine = append(mine, r)
		}
	}
	if err := u.env.courses.count(ctx, u.env.Store, mine); err != nil {
		return nil, fmt.Errorf("list runs: %w", err)
	}
	return mine, nil
}

// Move changes the day of the first meeting; everything not yet answered moves
// with it.
func (u *Runs) Move(ctx context.Context, a Actor, id StudyID, run RunID, startsOn string) error {
	return u.ChangeCalendar(ctx, a, id, run, CalendarChange{Kind: ChangeStart, Day: startsOn})
}

// NoteAttendance writes who came to a meeting: everyone of the run's roster in
// present came; everyone else who was expected, in a course arm and still taking
// part, did not. Of people who wait, and of people who left, nothing is noted
// unless they came. People of other runs are ErrNotFound.
func (u *Runs) NoteAttendance(ctx context.Context, a Actor, id StudyID, run RunID, meeting int, present []EnrolmentID) error {
	if !a.MayRun(id, run) {
		return ErrNotFound
	}
	came := make(map[EnrolmentID]bool, len(present))
	for _, e := range present {
		came[e] = true
	}
	now := u.env.now()
	err := u.env.Store.InTx(ctx, func(tx Tx) error {
		r, err := tx.Run(ctx, id, run)
		if err != nil {
			return err
		}
		c, err := u.env.course(ctx, tx, r)
		if err != nil {
			return err
		}
		if _, has := c.Week(meeting); !has {
			return FieldErrors{"meeting": "run.unknown_meeting"}
		}
		roster, err := tx.Roster(ctx, id, run)
		if err != nil {
			return err
		}
		expected, err := expectedAt(ctx, tx, id, run, meeting)
		if err != nil {
			return err
		}
		notes := make([]Attendance, 0, len(roster))
		left := len(came)
		for _, e := range roster {
			if came[e.ID] {
				left--
			} else if !expected(e) {
				continue
			}
			notes = append(notes, Attendance{EnrolmentID: e.ID, Meeting: meeting, Present: came[e.ID], NotedAt: now})
		}
		crossed, err := tx.Crossed(ctx, id, run)
		if err != nil {
			return err
		}
		var others []Attendance
		for _, p := range crossed {
			e := p.Enrolment
			if came[e.ID] {
				left--
			} else if e.Withdrawn() {
				continue
			}
			others = append(others, Attendance{EnrolmentID: e.ID, Meeting: meeting, Present: came[e.ID]})
		}
		if left > 0 {
			return ErrNotFound
		}
		if err := tx.PutAttendance(ctx, id, run, notes); err != nil {
			return err
		}
		if err := tx.PutCrossoverAttendance(ctx, id, run, others); err != nil {
			return err
		}
		event := u.env.event(a, id, now, ActionAttendanceNoted, "run", string(run))
		event.Detail = fmt.Sprintf("meeting %d", meeting)
		return tx.AppendAudit(ctx, event)
	})
	if err != nil {
		return fmt.Errorf("note attendance: %w", err)
	}
	return nil
}

// expectedAt tells who would be missed at a meeting.
func expectedAt(ctx context.Context, tx Tx, id StudyID, run RunID, meeting int) (func(Enrolment) bool, error) {
	design, err := tx.Design(ctx, id)
	if err != nil {
		return nil, err
	}
	earlier, err := tx.Attendance(ctx, id, run)
	if err != nil {
		return nil, err
	}
	noted := map[EnrolmentID]bool{}
	for _, a := range earlier {
		noted[a.EnrolmentID] = noted[a.EnrolmentID] || a.Meeting == meeting
	}
	return func(e Enrolment) bool {
		arm, known := design.Arm(e.ArmID)
		return expected(e, arm, known, noted[e.ID])
	}, nil
}
