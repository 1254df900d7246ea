package storetest

import (
	"context"
	"slices"
	"testing"
	"time"

	"tidemark/survey"
)

func testHoldings(t *testing.T, s survey.Store) {
	t.Run("what is stored of a person is counted by kind", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t, s, 2)
		w.full(t, 0)
		got, err := s.Holdings(t.Context(), w.study.ID, w.people[0].Enrolment.ID)
		noError(t, err)
		for kind, want := range map[survey.HoldingKind]int{
			survey.HoldContact: 1, survey.HoldParticipation: 2, survey.HoldConsents: 1, survey.HoldQuestionnaires: 5,
			survey.HoldAnswers: 1, survey.HoldScores: 1, survey.HoldAttendance: 1, survey.HoldPractice: 2, survey.HoldOwnWords: 1, survey.HoldSignIns: 5,
		} {
			if got[kind] != want {
				t.Errorf("%s: got %d, want %d", kind, got[kind], want)
			}
		}
		for kind := range got {
			if !kind.Valid() {
				t.Errorf("%q is no kind", kind)
			}
		}
	})
	t.Run("rows that nothing else tells of are given as they are, without secrets", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t, s, 1)
		w.full(t, 0)
		tables := map[string]int{}
		noError(t, s.EachRecord(t.Context(), w.study.ID, w.people[0].Enrolment.ID, func(r *survey.Record) error {
			tables[r.Table]++
			same(t, len(r.Columns), len(r.Values))
			for i, column := range r.Columns {
				if column == "token_hash" || column == "code_hash" {
					t.Errorf("%s.%s is handed out", r.Table, column)
				}
				if column == "created_at" && r.Values[i] != noon.Format(time.RFC3339) {
					t.Errorf("%s was made at %v", r.Table, r.Values[i])
				}
			}
			return nil
		}))
		for _, name := range []string{"sign_in", "personal_link", "participant_device", "access_code"} {
			if tables[name] != 1 {
				t.Errorf("%d rows of %s", tables[name], name)
			}
		}
	})
	t.Run("contact, consents, scores and attendance are read of one person", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t, s, 2)
		w.full(t, 0)
		id := w.people[0].Enrolment.ID
		contact, err := s.Contact(t.Context(), w.study.ID, w.people[0].Participant.ID)
		noError(t, err)
		same(t, contact, *w.people[0].Contact)
		consents, err := s.Consents(t.Context(), w.study.ID, id)
		noError(t, err)
		same(t, len(consents), 1)
		scores, err := s.Scores(t.Context(), w.study.ID, w.people[0].Assessments[0].ID)
		noError(t, err)
		same(t, len(scores), 1)
		notes, err := s.PersonAttendance(t.Context(), w.study.ID, id)
		noError(t, err)
		same(t, notes, []survey.Attendance{{EnrolmentID: id, Meeting: 1, Present: true}})
		other, err := s.PersonAttendance(t.Context(), w.study.ID, w.people[1].Enrolment.ID)
		noError(t, err)
		same(t, len(other), 0)
	})
	t.Run("messages are paused and wanted again", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t, s, 2)
		id := w.people[0].Enrolment.ID
		for _, at := range []time.Time{noon, {}} {
			must(t, s, func(ctx context.Context, tx survey.Tx) error { return tx.Pause(ctx, w.study.ID, id, at) })
			roster, err := s.Roster(t.Context(), w.study.ID, w.run.ID)
			noError(t, err)
			i := slices.IndexFunc(roster, func(e survey.Enrolment) bool { return e.ID == id })
			same(t, roster[i].PausedAt, at)
			same(t, roster[1-i].PausedAt, time.Time{})
		}
		wantError(t, do(t, s, func(ctx context.Context, tx survey.Tx) error {
			return tx.Pause(ctx, w.study.ID, "nobody", noon)
		}), survey.ErrNotFound)
	})
	t.Run("a device is a person's own until it is forgotten", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t, s, 2)
		id := w.people[0].Enrolment.ID
		known := func(id survey.EnrolmentID) bool {
			t.Helper()
			ok, err := s.KnownDevice(t.Context(), w.study.ID, id, "d")
			noError(t, err)
			return ok
		}
		same(t, known(id), false)
		for range 2 {
			must(t, s, func(ctx context.Context, tx survey.Tx) error { return tx.AddDevice(ctx, w.study.ID, id, "d", noon) })
			same(t, []bool{known(id), known(w.people[1].Enrolment.ID)}, []bool{true, false})
		}
		must(t, s, func(ctx context.Context, tx survey.Tx) error { return tx.RemoveDevice(ctx, w.study.ID, id, "d") })
		same(t, known(id), false)
	})
	t.Run("a code can be tried so often and so long", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t, s, 1)
		id := w.people[0].Enrolment.ID
		_, err := s.AccessCode(t.Context(), w.study.ID, id)
		wantError(t, err, survey.ErrNotFound)
		want := survey.AccessCode{Hash: "h", CreatedAt: noon, ExpiresAt: noon.Add(time.Minute)}
		put := func() {
			must(t, s, func(ctx context.Context, tx survey.Tx) error { return tx.PutAccessCode(ctx, w.study.ID, id, want) })
		}
		try := func(at time.Time) (ok bool) {
			must(t, s, func(ctx context.Context, tx survey.Tx) (err error) {
				ok, err = tx.TryAccessCode(ctx, w.study.ID, id, at, 2)
				return err
			})
			return ok
		}
		put()
		same(t, []bool{try(noon), try(noon), try(noon)}, []bool{true, true, false})
		want.Tries = 2
		got, err := s.AccessCode(t.Context(), w.study.ID, id)
		noError(t, err)
		same(t, got, want)
		want.Tries = 0
		put()
		same(t, []bool{try(noon.Add(time.Minute)), try(noon)}, []bool{false, true})
	})
	t.Run("somebody who takes part is held", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t, s, 2)
		w.withdraw(t, 1, noon)
		must(t, s, func(ctx context.Context, tx survey.Tx) error {
			for id, want := range map[survey.EnrolmentID]bool{w.people[0].Enrolment.ID: true, w.people[1].Enrolment.ID: false, "nobody": false} {
				ok, err := tx.HoldPart(ctx, w.study.ID, id)
				noError(t, err)
				same(t, ok, want)
			}
			return nil
		})
	})
}
