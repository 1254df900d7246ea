package storetest

import (
	"context"
	"fmt"
	"slices"
	"testing"
	"time"

	"tidemark/survey"
	"tidemark/survey/schedule"
)

func testRuns(t *testing.T, s survey.Store) {
	t.Run("a run is read as it was written, in its own study only", func(t *testing.T) {
		t.Parallel()
		w, elsewhere := newWorld(t, s, 0), newWorld(t, s, 0)
		got, err := s.Run(t.Context(), w.study.ID, w.run.ID)
		noError(t, err)
		same(t, got, w.run)
		_, err = s.Run(t.Context(), elsewhere.study.ID, w.run.ID)
		wantError(t, err, survey.ErrNotFound)
	})
	t.Run("runs are listed by start, the latest first, with head counts", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t, s, 5)
		early, late := w.newRun("2025-12-31"), w.newRun("2026-10-01")
		must(t, s, func(ctx context.Context, tx survey.Tx) error { return tx.CreateRun(ctx, late) })
		must(t, s, func(ctx context.Context, tx survey.Tx) error { return tx.CreateRun(ctx, early) })
		w.withdraw(t, 0, noon)
		w.withdraw(t, 3, noon)
		got, err := s.Runs(t.Context(), w.study.ID)
		noError(t, err)
		same(t, got, []survey.RunSummary{{Run: late}, {Run: w.run, Enrolled: 5, Withdrawn: 2}, {Run: early}})
		none, err := s.Runs(t.Context(), "nobody")
		noError(t, err)
		same(t, len(none), 0)
	})
	t.Run("a roster is in order of enrolment", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t, s, 0)
		late, early := w.person(w.run, w.course.ID), w.person(w.run, w.waiting.ID)
		late.Enrolment.EnrolledAt = noon.Add(time.Hour)
		late.Enrolment.Assigned = true
		must(t, s, func(ctx context.Context, tx survey.Tx) error {
			return tx.Enrol(ctx, []survey.NewPerson{late, early})
		})
		other := w.newRun("2026-05-05")
		must(t, s, func(ctx context.Context, tx survey.Tx) error { return tx.CreateRun(ctx, other) })
		w.enrol(t, other, 2)
		got, err := s.Roster(t.Context(), w.study.ID, w.run.ID)
		noError(t, err)
		same(t, got, []survey.Enrolment{early.Enrolment, late.Enrolment})
	})
	t.Run("contacts are of the run's people who gave some", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t, s, 1)
		silent := w.person(w.run, w.course.ID)
		silent.Contact = nil
		other := w.newRun("2026-05-05")
		must(t, s, func(ctx context.Context, tx survey.Tx) error { return tx.Enrol(ctx, []survey.NewPerson{silent}) })
		must(t, s, func(ctx context.Context, tx survey.Tx) error { return tx.CreateRun(ctx, other) })
		w.enrol(t, other, 1)
		got, err := s.Contacts(t.Context(), w.study.ID, w.run.ID)
		noError(t, err)
		c := *w.people[0].Contact
		same(t, got, map[survey.ParticipantID]survey.Contact{c.ParticipantID: c})
	})
	t.Run("links are the newest of each", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t, s, 2)
		next := w.people[1].Link
		next.Generation, next.TokenHash, next.CodeHash = 2, newKey(), newKey()
		must(t, s, func(ctx context.Context, tx survey.Tx) error { return tx.ReplaceLink(ctx, next, noon) })
		got, err := s.Links(t.Context(), w.study.ID, w.run.ID)
		noError(t, err)
		first := w.people[0].Link
		same(t, got, map[survey.EnrolmentID]survey.PersonalLink{first.EnrolmentID: first, next.EnrolmentID: next})
	})
	t.Run("progress counts what is due, begun and submitted", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t, s, 2)
		w.save(t, 0, 0, survey.Response{Item: "a", Value: 0, AnsweredAt: noon})
		w.submit(t, 0, 1)
		got, err := s.Progress(t.Context(), w.study.ID, w.run.ID)
		noError(t, err)
		a, b := w.people[0].Enrolment.ID, w.people[1].Enrolment.ID
		want := []survey.WaveProgress{
			{EnrolmentID: a, WaveID: w.pre.ID, Sets: 2, Started: 2, Submitted: 1, LastAt: w.submittedAt(t, 0, 1)},
			{EnrolmentID: a, WaveID: w.week.ID, Sets: 1},
			{EnrolmentID: a, WaveID: w.post.ID, Sets: 2},
			{EnrolmentID: b, WaveID: w.pre.ID, Sets: 2},
			{EnrolmentID: b, WaveID: w.post.ID, Sets: 2},
		}
		same(t, got, want, anyOrder(progressKey))
		got, err = s.StudyProgress(t.Context(), w.study.ID)
		noError(t, err)
		same(t, got, want, anyOrder(progressKey))
	})
	t.Run("a run moves to another day", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t, s, 0)
		day := schedule.Date{Year: 2026, Month: time.March, Day: 9}
		must(t, s, func(ctx context.Context, tx survey.Tx) error {
			return tx.MoveRun(ctx, w.study.ID, w.run.ID, day)
		})
		got, err := s.Run(t.Context(), w.study.ID, w.run.ID)
		noError(t, err)
		want := w.run
		want.StartsOn = day
		same(t, got, want)
	})
	t.Run("the moves of a run are told by the audit trail, the earliest first", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t, s, 0)
		moved := func(run survey.RunID, action survey.Action, at time.Time) survey.AuditEvent {
			e := event(w.study.ID, at)
			e.Action, e.ObjectKind, e.ObjectID = action, "run", string(run)
			return e
		}
		must(t, s, func(ctx context.Context, tx survey.Tx) error {
			return tx.AppendAudit(ctx, moved(w.run.ID, survey.ActionRunMoved, noon.Add(time.Hour)),
				moved(w.run.ID, survey.ActionRunMoved, noon), moved(w.run.ID, survey.ActionRunCreated, noon),
				moved("another", survey.ActionRunMoved, noon))
		})
		got, err := s.Moves(t.Context(), w.study.ID, w.run.ID)
		noError(t, err)
		same(t, got, []time.Time{noon, noon.Add(time.Hour)})
		got, err = s.Moves(t.Context(), "nobody", w.run.ID)
		noError(t, err)
		same(t, len(got), 0)
	})
	t.Run("a run that is not there is not moved and not locked", func(t *testing.T) {
		t.Parallel()
		w, elsewhere := newWorld(t, s, 0), newWorld(t, s, 0)
		wantError(t, do(t, s, func(ctx context.Context, tx survey.Tx) error {
			return tx.MoveRun(ctx, elsewhere.study.ID, w.run.ID, w.run.StartsOn)
		}), survey.ErrNotFound)
		wantError(t, do(t, s, func(ctx context.Context, tx survey.Tx) error {
			return tx.LockRun(ctx, elsewhere.study.ID, w.run.ID)
		}), survey.ErrNotFound)
	})
	testAttendance(t, s)
}

func testAttendance(t *testing.T, s survey.Store) {
	put := func(t *testing.T, w *world, notes ...survey.Attendance) error {
		t.Helper()
		return do(t, s, func(ctx context.Context, tx survey.Tx) error {
			return tx.PutAttendance(ctx, w.study.ID, w.run.ID, notes)
		})
	}
	t.Run("attendance replaces what was noted before", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t, s, 2)
		a, b := w.people[0].Enrolment.ID, w.people[1].Enrolment.ID
		noError(t, put(t, w, survey.Attendance{EnrolmentID: a, Meeting: 1, Present: true}, survey.Attendance{EnrolmentID: b, Meeting: 1}))
		noError(t, put(t, w, survey.Attendance{EnrolmentID: b, Meeting: 1, Present: true}, survey.Attendance{EnrolmentID: a, Meeting: 2}))
		noError(t, put(t, w))
		got, err := s.Attendance(t.Context(), w.study.ID, w.run.ID)
		noError(t, err)
		same(t, got, []survey.Attendance{
			{EnrolmentID: a, Meeting: 1, Present: true}, {EnrolmentID: a, Meeting: 2},
			{EnrolmentID: b, Meeting: 1, Present: true},
		}, anyOrder(func(a survey.Attendance) string { return string(a.EnrolmentID) + string(rune(a.Meeting)) }))
	})
	t.Run("the last of two notes on the same meeting counts", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t, s, 1)
		a := w.people[0].Enrolment.ID
		noError(t, put(t, w, survey.Attendance{EnrolmentID: a, Meeting: 1, Present: true}, survey.Attendance{EnrolmentID: a, Meeting: 1}))
		got, err := s.Attendance(t.Context(), w.study.ID, w.run.ID)
		noError(t, err)
		same(t, got, []survey.Attendance{{EnrolmentID: a, Meeting: 1}})
	})
	t.Run("one person is noted unless a later note stands", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t, s, 2)
		a := w.people[0].Enrolment.ID
		tap := func(present bool, at time.Time) (stands survey.Attendance, mine bool) {
			must(t, s, func(ctx context.Context, tx survey.Tx) (err error) {
				stands, mine, err = tx.TapAttendance(ctx, w.study.ID, w.run.ID, survey.Attendance{EnrolmentID: a, Meeting: 1, Present: present, NotedAt: at})
				return err
			})
			return stands, mine
		}
		_, err := s.Attended(t.Context(), w.study.ID, w.run.ID, a, 1)
		wantError(t, err, survey.ErrNotFound)
		// A note whose time was not kept gives way.
		noError(t, put(t, w, survey.Attendance{EnrolmentID: a, Meeting: 1}))
		first := survey.Attendance{EnrolmentID: a, Meeting: 1, Present: true, NotedAt: noon}
		stands, mine := tap(true, noon)
		same(t, stands, first)
		same(t, mine, true)
		stands, mine = tap(false, noon.Add(-time.Minute))
		same(t, stands, first)
		same(t, mine, false)
		_, mine = tap(false, noon.Add(time.Minute))
		same(t, mine, true)
		got, err := s.Attended(t.Context(), w.study.ID, w.run.ID, a, 1)
		noError(t, err)
		same(t, got, survey.Attendance{EnrolmentID: a, Meeting: 1, NotedAt: noon.Add(time.Minute)})
		all, err := s.Attendance(t.Context(), w.study.ID, w.run.ID)
		noError(t, err)
		same(t, all, []survey.Attendance{got})
	})
	t.Run("nobody of another study can be noted", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t, s, 1)
		stranger := newWorld(t, s, 1).people[0].Enrolment.ID
		wantError(t, put(t, w, survey.Attendance{EnrolmentID: w.people[0].Enrolment.ID, Meeting: 1, Present: true},
			survey.Attendance{EnrolmentID: stranger, Meeting: 1, Present: true}), survey.ErrReference)
		got, err := s.Attendance(t.Context(), w.study.ID, w.run.ID)
		noError(t, err)
		same(t, len(got), 0)
	})
}

func progressKey(p survey.WaveProgress) string { return string(p.EnrolmentID) + string(p.WaveID) }

func (w *world) withdraw(t testing.TB, person int, at time.Time) bool {
	t.Helper()
	var ended bool
	err := do(t, w.store, func(ctx context.Context, tx survey.Tx) (err error) {
		ended, err = tx.Withdraw(ctx, w.study.ID, w.people[person].Enrolment.ID, at)
		return err
	})
	if err != nil {
		t.Error(err)
	}
	return ended
}

// save writes answers of one person's nth assessment.
func (w *world) save(t testing.TB, person, nth int, responses ...survey.Response) {
	t.Helper()
	a := w.people[person].Assessments[nth]
	err := do(t, w.store, func(ctx context.Context, tx survey.Tx) error {
		if ok, err := tx.MarkSaved(ctx, w.study.ID, a.EnrolmentID, a.ID, noon); err != nil || !ok {
			return fmt.Errorf("mark saved: %v, %w", ok, err)
		}
		return tx.PutResponses(ctx, w.study.ID, a.ID, responses)
	})
	if err != nil {
		t.Error(err)
	}
}

// submit closes one person's nth assessment.
func (w *world) submit(t testing.TB, person, nth int) {
	t.Helper()
	a := w.people[person].Assessments[nth]
	must(t, w.store, func(ctx context.Context, tx survey.Tx) error {
		ok, err := tx.MarkSubmitted(ctx, w.study.ID, a.EnrolmentID, a.ID, noon.Add(time.Minute))
		if !ok {
			t.Error("it was submitted before")
		}
		return err
	})
}

// nth finds which of a person's assessments is at a wave and position.
func (w *world) nth(person int, wave survey.WaveID, position int) int {
	return slices.IndexFunc(w.people[person].Assessments, func(a survey.Assessment) bool {
		return a.WaveID == wave && a.Position == position
	})
}
