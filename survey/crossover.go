package survey

import (
	"context"
	"fmt"
	"slices"
	"time"
)

// Crossing is one person of a control arm who takes the course in a later run.
type Crossing struct {
	EnrolmentID EnrolmentID
	At          time.Time
	LinkUntil   time.Time // their personal link works at least so long
}

// CrossedPerson is somebody of another run who takes the course in this one.
type CrossedPerson struct {
	Enrolment Enrolment
	Name      string // from the contact data; may be empty
	Present   int    // meetings attended, of this run
	Noted     int    // meetings for which attendance was noted
}

// CrossoverSheet is who of a run waited, and can take the course in a later one.
type CrossoverSheet struct {
	Study Study
	Run   CourseRun
	Later []CourseRun // of the study, that the actor may let people cross over to
	Rows  []CrossoverRow
}

// Ready counts the people who can cross over now.
func (s CrossoverSheet) Ready() int {
	n := 0
	for _, r := range s.Rows {
		if r.Ready {
			n++
		}
	}
	return n
}

// CrossoverRow is one person of a control arm.
type CrossoverRow struct {
	Enrolment Enrolment
	Name      string // for facilitators of the run; empty for others
	// Ready: the survey after the course is answered or over, the person takes
	// part, and has not crossed over.
	Ready bool
	// FollowUp: a later survey is still to come, which the course would mix with.
	FollowUp bool
	To       string // name of the run that they have crossed over to
}

// Crossovers lists who of a run waited. Its facilitators may see it, and without
// names whoever may analyse the study.
func (u *Runs) Crossovers(ctx context.Context, a Actor, id StudyID, run RunID) (CrossoverSheet, error) {
	if !a.MayRun(id, run) && !a.MayAnalyse(id) {
		return CrossoverSheet{}, ErrNotFound
	}
	s, err := u.crossovers(ctx, a, id, run)
	if err != nil {
		return CrossoverSheet{}, fmt.Errorf("who waits in run %s: %w", run, err)
	}
	return s, nil
}

func (u *Runs) crossovers(ctx context.Context, a Actor, id StudyID, run RunID) (CrossoverSheet, error) {
	b, err := u.board(ctx, id, run)
	if err != nil {
		return CrossoverSheet{}, err
	}
	runs, err := u.env.Store.Runs(ctx, id)
	if err != nil {
		return CrossoverSheet{}, err
	}
	s := CrossoverSheet{Study: b.Study, Run: b.Run}
	names := map[RunID]string{}
	for _, r := range runs {
		names[r.Run.ID] = r.Run.Name
		later := b.Run.StartsOn.DaysUntil(r.Run.StartsOn) > 0
		if later && (a.MayAnalyse(id) || a.MayRun(id, r.Run.ID)) {
			s.Later = append(s.Later, r.Run)
		}
	}
	for _, r := range b.Rows {
		if !r.Control {
			continue
		}
		row := CrossoverRow{Enrolment: r.Enrolment, To: names[r.Enrolment.CrossedTo]}
		if a.MayRun(id, run) {
			row.Name = r.Name
		}
		row.Ready = !r.Enrolment.Stopped() && !r.Enrolment.Crossed()
		for i, c := range r.Cells {
			if !c.Applies || c.State == AssessmentSubmitted || c.State == AssessmentExpired {
				continue
			}
			switch b.Waves[i].Kind {
			case WavePost:
				row.Ready = false
			case WaveFollowUp:
				row.FollowUp = true
			case WavePre, WaveDuring:
			}
		}
		s.Rows = append(s.Rows, row)
	}
	return s, nil
}

// NewCrossover is who is to take the course in which later run.
type NewCrossover struct {
	To     RunID
	People []EnrolmentID
	All    bool // everybody who can
}

// CrossOver lets people of a control arm take the course in a later run: its
// meetings, practice and texts. Their arm, and what they are asked for the study,
// stay as they are. Facilitators of both runs may, and whoever may analyse the
// study. It returns how many crossed over. Faults are FieldErrors: "to", "people".
func (u *Runs) CrossOver(ctx context.Context, a Actor, id StudyID, run RunID, n NewCrossover) (int, error) {
	s, err := u.Crossovers(ctx, a, id, run)
	if err != nil {
		return 0, err
	}
	at := slices.IndexFunc(s.Later, func(r CourseRun) bool { return r.ID == n.To })
	if at < 0 {
		return 0, FieldErrors{"to": "crossover.bad_run"}
	}
	to, now := s.Later[at], u.env.now()
	until, err := u.courseOver(ctx, to)
	if err != nil {
		return 0, fmt.Errorf("cross over to run %s: %w", to.ID, err)
	}
	var crossings []Crossing
	for _, r := range s.Rows {
		if r.Ready && (n.All || slices.Contains(n.People, r.Enrolment.ID)) {
			crossings = append(crossings, Crossing{r.Enrolment.ID, now, until.Add(linkSlack)})
		}
	}
	if len(crossings) == 0 || !n.All && len(crossings) < len(n.People) {
		return 0, FieldErrors{"people": "crossover.nobody"}
	}
	err = u.env.Store.InTx(ctx, func(tx Tx) error {
		events := make([]AuditEvent, 0, len(crossings))
		for _, c := range crossings {
			there, err := tx.HoldPart(ctx, id, c.EnrolmentID)
			if err != nil {
				return err
			}
			if !there {
				return ErrConflict
			}
			e := u.env.event(a, id, now, ActionCrossedOver, "enrolment", string(c.EnrolmentID))
			e.Detail = "to run " + string(to.ID)
			events = append(events, e)
		}
		if err := tx.CrossOver(ctx, id, to.ID, crossings); err != nil {
			return err
		}
		return tx.AppendAudit(ctx, events...)
	})
	if err != nil {
		return 0, fmt.Errorf("cross over to run %s: %w", to.ID, err)
	}
	return len(crossings), nil
}

// courseOver is the end of a run's last week.
func (u *Runs) courseOver(ctx context.Context, r CourseRun) (time.Time, error) {
	c, err := u.env.course(ctx, u.env.Store, r)
	if err != nil {
		return time.Time{}, err
	}
	return r.MeetingDay(len(c.Weeks)).AddDays(7).At(0, 0, r.Zone()), nil
}

// crossedInto are the people of other runs who take the course in this one, with
// the meetings they came to.
func (u *Runs) crossedInto(ctx context.Context, id StudyID, run RunID) ([]CrossedPerson, []Attendance, error) {
	people, err := u.env.Store.Crossed(ctx, id, run)
	if err != nil || len(people) == 0 {
		return nil, nil, err
	}
	notes, err := u.env.Store.CrossoverAttendance(ctx, id, run)
	if err != nil {
		return nil, nil, err
	}
	for i := range people {
		for _, n := range notes {
			if n.EnrolmentID != people[i].Enrolment.ID {
				continue
			}
			people[i].Noted++
			if n.Present {
				people[i].Present++
			}
		}
	}
	return people, notes, nil
}
