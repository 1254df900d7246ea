package survey_test

import (
	"errors"
	"testing"
	"time"

	"tidemark/survey"
)

// laterRun is a run of the same course in autumn.
func (s *stage) laterRun(t *testing.T) survey.CourseRun {
	t.Helper()
	n := newRun()
	n.Name, n.StartsOn = "Autumn", "2026-09-07"
	r, err := s.cases.Runs.Create(t.Context(), s.leader, s.study.ID, n)
	noError(t, err)
	return r
}

func TestPeopleWhoWaitedTakeTheCourseInALaterRun(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, s *stage) {
		ctx := t.Context()
		later := s.laterRun(t)
		course, waiting := s.enrol(t, "course", 1), s.enrol(t, "waitlist", 3)
		ids := make([]survey.EnrolmentID, len(waiting))
		for i, a := range waiting {
			noError(t, s.cases.Enrolments.Consent(ctx, a, s.study.ConsentVersion))
			ids[i] = a.Participation.Enrolment.ID
		}
		cross := func(a survey.Actor, n survey.NewCrossover) (int, error) {
			return s.cases.Runs.CrossOver(ctx, a, s.study.ID, s.run.ID, n)
		}
		// Before their survey after the course is over, nobody can.
		sheet, err := s.cases.Runs.Crossovers(ctx, s.leader, s.study.ID, s.run.ID)
		noError(t, err)
		same(t, []int{len(sheet.Rows), sheet.Ready(), len(sheet.Later)}, []int{3, 0, 1})
		_, err = cross(s.leader, survey.NewCrossover{To: later.ID, All: true})
		wantFaults(t, err, survey.FieldErrors{"people": "crossover.nobody"})
		_, err = s.cases.Practices.Book(ctx, s.again(t, ids[0]))
		wantError(t, err, survey.ErrNotFound)

		s.at(day("2026-08-01"))
		sheet, err = s.cases.Runs.Crossovers(ctx, s.researcher, s.study.ID, s.run.ID)
		noError(t, err)
		same(t, []any{sheet.Ready(), sheet.Rows[0].Name}, []any{3, ""})
		_, err = cross(s.leader, survey.NewCrossover{To: s.run.ID, All: true})
		wantFaults(t, err, survey.FieldErrors{"to": "crossover.bad_run"})
		_, err = cross(s.leader, survey.NewCrossover{To: later.ID, People: []survey.EnrolmentID{course[0].Participation.Enrolment.ID}})
		wantFaults(t, err, survey.FieldErrors{"people": "crossover.nobody"})
		// A facilitator of the one run alone has no say in the other.
		only := s.user(t, survey.Grant{Role: survey.RoleFacilitator, StudyID: s.study.ID, RunID: s.run.ID})
		_, err = cross(only, survey.NewCrossover{To: later.ID, All: true})
		wantFaults(t, err, survey.FieldErrors{"to": "crossover.bad_run"})

		n, err := cross(s.leader, survey.NewCrossover{To: later.ID, People: ids[:1]})
		noError(t, err)
		same(t, n, 1)
		noError(t, s.cases.Enrolments.Withdraw(ctx, s.again(t, ids[2])))
		n, err = cross(s.researcher, survey.NewCrossover{To: later.ID, All: true})
		noError(t, err)
		same(t, n, 1)
		_, err = cross(s.leader, survey.NewCrossover{To: later.ID, People: ids[:1]})
		wantFaults(t, err, survey.FieldErrors{"people": "crossover.nobody"})
		audited, err := s.store.CountAudit(ctx, s.study.ID, survey.ActionCrossedOver)
		noError(t, err)
		same(t, audited, 2)

		// Their arm and run for the study stay, and so does what they are asked.
		a := s.again(t, ids[0])
		e := a.Participation.Enrolment
		same(t, []any{e.ArmID, e.RunID, e.CrossedTo, a.Participation.Control, a.Participation.TakesCourse()},
			[]any{s.arm(t, "waitlist").ID, s.run.ID, later.ID, true, true})
		_, link, err := s.store.ParticipationByLink(ctx, s.keys.HashToken(s.keys.PersonalToken(s.study.ID, e.ID, 1)))
		noError(t, err)
		if link.ExpiresAt.Before(day("2027-04-01")) {
			t.Errorf("the link of somebody whose course ends in November works until %v", link.ExpiresAt)
		}
		b, err := s.cases.Runs.Board(ctx, s.leader, s.study.ID, later.ID)
		noError(t, err)
		same(t, []int{len(b.Rows), len(b.Crossed), b.Crossed[0].Noted}, []int{0, 2, 0})

		// They have the practice and the words of the later run.
		s.at(day("2026-09-15").Add(12 * time.Hour))
		a = s.again(t, ids[0])
		book, err := s.cases.Practices.Book(ctx, a)
		noError(t, err)
		same(t, []any{book.Run.ID, book.Week}, []any{later.ID, 2})
		_, err = s.cases.Notes.List(ctx, a, survey.NoteOwnWords)
		noError(t, err)

		// Attendance is noted in the later run, and apart from that of the arms.
		noError(t, s.cases.Runs.NoteAttendance(ctx, s.leader, s.study.ID, later.ID, 1, ids[:1]))
		m, err := s.cases.Runs.Meeting(ctx, s.leader, s.study.ID, later.ID, 1)
		noError(t, err)
		same(t, []bool{m.Noted, m.Rows[0].Crossed, m.Rows[0].Present || m.Rows[1].Present, m.Rows[0].Present && m.Rows[1].Present},
			[]bool{true, true, true, false})
		of, err := s.store.StudyAttendance(ctx, s.study.ID)
		noError(t, err)
		same(t, len(of), 0)
		wantError(t, s.cases.Runs.NoteAttendance(ctx, s.leader, s.study.ID, later.ID, 1, ids[2:]), survey.ErrNotFound)
		b, err = s.cases.Runs.Board(ctx, s.leader, s.study.ID, later.ID)
		noError(t, err)
		same(t, []int{b.Places, b.Present}, []int{2, 1})
		tap := survey.Tap{Enrolment: ids[1], Meeting: 2, Present: true, Once: "a-tap-that-is-sent-twice"}
		for range 2 {
			tapped, err := s.cases.Runs.Tap(ctx, s.leader, s.study.ID, later.ID, tap)
			noError(t, err)
			same(t, tapped.Present, true)
		}
		_, err = s.cases.Runs.Tap(ctx, s.leader, s.study.ID, later.ID, survey.Tap{Enrolment: ids[2], Meeting: 2})
		wantError(t, err, survey.ErrNotFound)

		// Nothing of it stays of a person who is erased.
		s.erase(t, a)
		crossed, err := s.store.Crossed(ctx, s.study.ID, later.ID)
		noError(t, err)
		notes, err := s.store.CrossoverAttendance(ctx, s.study.ID, later.ID)
		noError(t, err)
		same(t, []int{len(crossed), len(notes)}, []int{1, 2})
	})
}

func TestTwoWhoCrossTheSamePersonAtOnceDoItOnce(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, s *stage) {
		later := s.laterRun(t)
		s.enrol(t, "waitlist", 1)
		s.at(day("2026-08-01"))
		results := make(chan error, 4)
		for range cap(results) {
			go func() {
				_, err := s.cases.Runs.CrossOver(t.Context(), s.leader, s.study.ID, s.run.ID, survey.NewCrossover{To: later.ID, All: true})
				results <- err
			}()
		}
		done := 0
		for range cap(results) {
			err := <-results
			if _, refused := errors.AsType[survey.FieldErrors](err); err == nil {
				done++
			} else if !refused && !errors.Is(err, survey.ErrDuplicate) {
				t.Error(err)
			}
		}
		same(t, done, 1)
	})
}
