package storetest

import (
	"context"
	"testing"
	"time"

	"tidemark/survey"
)

func testLive(t *testing.T, s survey.Store) {
	t.Run("what happened in a study since an instant is counted", func(t *testing.T) {
		t.Parallel()
		w, other := newWorld(t, s, 2), newWorld(t, s, 1)
		stirred := func(since time.Time) int {
			n, err := s.Stirred(t.Context(), w.study.ID, since)
			noError(t, err)
			return n
		}
		same(t, stirred(noon), 0)
		w.save(t, 0, 0, survey.Response{Item: "a", Value: 0, AnsweredAt: noon})
		same(t, stirred(noon), 1)
		w.save(t, 0, 0, survey.Response{Item: "a", Value: 1, AnsweredAt: noon}) // begun before
		same(t, stirred(noon), 1)
		other.save(t, 0, 0, survey.Response{Item: "a", Value: 0, AnsweredAt: noon})
		must(t, s, func(ctx context.Context, tx survey.Tx) error {
			return tx.AppendAudit(ctx, survey.AuditEvent{
				ID: survey.AuditID(newKey()), StudyID: w.study.ID, At: noon.Add(time.Second), ActorKind: survey.ActorSystem,
				Action: survey.ActionSubmitted, ObjectKind: "assessment", ObjectID: "x",
			})
		})
		same(t, stirred(noon), 2)
		same(t, stirred(noon.Add(time.Second)), 1)
		same(t, stirred(noon.Add(time.Minute)), 0)
	})
	t.Run("a run is summed up", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t, s, 3)
		standing := func() survey.RunStanding {
			got, err := s.RunStanding(t.Context(), w.study.ID, w.run.ID)
			noError(t, err)
			return got
		}
		want := survey.RunStanding{StartsOn: w.run.StartsOn.String(), People: 3}
		same(t, standing(), want)
		w.save(t, 0, 0, survey.Response{Item: "a", Value: 0, AnsweredAt: noon})
		want.Started = 1
		same(t, standing(), want)
		w.submit(t, 1, 0)
		want.Submitted = 1
		same(t, standing(), want)
		w.note(t, survey.Attendance{EnrolmentID: w.people[0].Enrolment.ID, Meeting: 1, Present: true},
			survey.Attendance{EnrolmentID: w.people[1].Enrolment.ID, Meeting: 1})
		want.Noted, want.Present = 2, 1
		same(t, standing(), want)
		must(t, s, func(ctx context.Context, tx survey.Tx) error {
			if err := tx.Pause(ctx, w.study.ID, w.people[0].Enrolment.ID, noon); err != nil {
				return err
			}
			_, err := tx.Withdraw(ctx, w.study.ID, w.people[2].Enrolment.ID, noon)
			return err
		})
		want.Paused, want.Withdrawn = 1, 1
		same(t, standing(), want)
		_, err := s.RunStanding(t.Context(), w.study.ID, "nothing")
		wantError(t, err, survey.ErrNotFound)
	})
	t.Run("notes about a person are added to, told newest first, and go with the person", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t, s, 2)
		id := w.people[0].Enrolment.ID
		first := survey.PersonNote{ID: newKey(), RunID: w.run.ID, AuthorID: "u", AuthorName: "Ana", WrittenAt: noon, Text: "Comes later."}
		later := survey.PersonNote{ID: newKey(), RunID: w.run.ID, AuthorID: "u", AuthorName: "Ana", WrittenAt: noon.Add(time.Hour), Text: "Ü <b>"}
		must(t, s, func(ctx context.Context, tx survey.Tx) error {
			if err := tx.AddPersonNote(ctx, w.study.ID, id, first); err != nil {
				return err
			}
			return tx.AddPersonNote(ctx, w.study.ID, id, later)
		})
		got, err := s.PersonNotes(t.Context(), w.study.ID, id)
		noError(t, err)
		same(t, got, []survey.PersonNote{later, first})
		none, err := s.PersonNotes(t.Context(), w.study.ID, w.people[1].Enrolment.ID)
		noError(t, err)
		same(t, len(none), 0)
		held, err := s.Holdings(t.Context(), w.study.ID, id)
		noError(t, err)
		same(t, held[survey.HoldStaffNotes], 2)
	})
	t.Run("why somebody's part was ended for them is kept", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t, s, 1)
		id := w.people[0].Enrolment.ID
		why, err := s.LeftFor(t.Context(), w.study.ID, id)
		noError(t, err)
		same(t, why, survey.LeavingOwn)
		must(t, s, func(ctx context.Context, tx survey.Tx) error {
			return tx.SetLeftFor(ctx, w.study.ID, id, survey.LeavingCourse)
		})
		why, err = s.LeftFor(t.Context(), w.study.ID, id)
		noError(t, err)
		same(t, why, survey.LeavingCourse)
		_, err = s.LeftFor(t.Context(), w.study.ID, "nobody")
		wantError(t, err, survey.ErrNotFound)
	})
}
