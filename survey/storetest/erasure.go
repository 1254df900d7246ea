package storetest

import (
	"context"
	"testing"
	"time"

	"tidemark/survey"
)

// erasure is what is left of a person of the world.
func (w *world) erasure(person int) survey.Erasure {
	e := w.people[person].Enrolment
	return survey.Erasure{
		StudyID: w.study.ID, EnrolmentID: e.ID, RunID: e.RunID, ArmID: e.ArmID, Assigned: e.Assigned, At: noon.Add(time.Hour),
		By: survey.ActorParticipant, ReceiptHash: newKey(), Exports: 2, Code: e.Code,
	}
}

// full gives a person something of every kind.
func (w *world) full(t testing.TB, person int) {
	t.Helper()
	id := w.people[person].Enrolment.ID
	w.save(t, person, 1, survey.Response{Item: "a", Value: 1, AnsweredAt: noon})
	w.score(t, person, w.pre.ID, valid("x", 1))
	w.note(t, survey.Attendance{EnrolmentID: id, Meeting: 1, Present: true})
	w.noted(t, w.practised(person, "2026-03-03", 10), w.practised(person, "2026-03-04", 10))
	must(t, w.store, func(ctx context.Context, tx survey.Tx) error {
		if err := tx.CreateConsent(ctx, w.consent(person, 1)); err != nil {
			return err
		}
		if err := tx.CreateNote(ctx, w.sealed(person, survey.NoteReflection, "sealed")); err != nil {
			return err
		}
		if err := tx.CreateSignIn(ctx, survey.SignIn{
			TokenHash: newKey(), Kind: survey.SignInParticipant, StudyID: w.study.ID, EnrolmentID: id,
			CreatedAt: noon, ExpiresAt: noon.Add(time.Hour),
		}); err != nil {
			return err
		}
		if err := tx.AddDevice(ctx, w.study.ID, id, "device", noon); err != nil {
			return err
		}
		if err := tx.PutCalendarFeed(ctx, w.feed(person)); err != nil {
			return err
		}
		if _, err := tx.PutRelease(ctx, w.release(survey.FigureTrend, string(w.week.ID), 1), []survey.EnrolmentID{id}); err != nil {
			return err
		}
		return tx.PutAccessCode(ctx, w.study.ID, id, survey.AccessCode{Hash: "code", CreatedAt: noon, ExpiresAt: noon.Add(time.Hour)})
	})
}

// note writes attendance.
func (w *world) note(t testing.TB, notes ...survey.Attendance) {
	t.Helper()
	must(t, w.store, func(ctx context.Context, tx survey.Tx) error {
		return tx.PutAttendance(ctx, w.study.ID, w.run.ID, notes)
	})
}

// nothingLeft looks for anything of a person.
func (w *world) nothingLeft(t testing.TB, person int) {
	t.Helper()
	p := w.people[person]
	held, err := w.store.Holdings(t.Context(), w.study.ID, p.Enrolment.ID)
	noError(t, err)
	delete(held, survey.HoldTrail) // lines by an identifier that stands for nobody
	for kind, n := range held {
		if n != 0 {
			t.Errorf("%d rows of %s are left", n, kind)
		}
	}
	for _, a := range p.Assessments {
		stored, err := w.store.Responses(t.Context(), w.study.ID, a.ID)
		noError(t, err)
		same(t, len(stored), 0)
	}
	_, err = w.store.Contact(t.Context(), w.study.ID, p.Participant.ID)
	wantError(t, err, survey.ErrNotFound)
	_, err = w.store.Participation(t.Context(), w.study.ID, p.Enrolment.ID)
	wantError(t, err, survey.ErrNotFound)
	_, _, err = w.store.ParticipationByLink(t.Context(), p.Link.TokenHash)
	wantError(t, err, survey.ErrNotFound)
}

func testErasure(t *testing.T, s survey.Store) {
	t.Run("everything of a person goes, and nothing of anybody else", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t, s, 3)
		for i := range w.people {
			w.full(t, i)
		}
		other, err := s.Holdings(t.Context(), w.study.ID, w.people[2].Enrolment.ID)
		noError(t, err)
		want := w.erasure(0)
		must(t, s, func(ctx context.Context, tx survey.Tx) error {
			ok, err := tx.Erase(ctx, want)
			same(t, ok, true)
			return err
		})
		w.nothingLeft(t, 0)
		after, err := s.Holdings(t.Context(), w.study.ID, w.people[2].Enrolment.ID)
		noError(t, err)
		same(t, after, other)
		list, err := s.Erasures(t.Context(), w.study.ID)
		noError(t, err)
		same(t, list, []survey.Erasure{want})
		byReceipt, err := s.ErasureByReceipt(t.Context(), want.ReceiptHash)
		noError(t, err)
		same(t, byReceipt, want)
		_, err = s.ErasureByReceipt(t.Context(), "nobody's")
		wantError(t, err, survey.ErrNotFound)
		runs, err := s.Runs(t.Context(), w.study.ID)
		noError(t, err)
		same(t, runs, []survey.RunSummary{{Run: w.run, Enrolled: 3, Erased: []survey.ErasedCount{{ArmID: w.course.ID, N: 1}}}})
		people, err := s.Enrolments(t.Context(), w.study.ID)
		noError(t, err)
		same(t, len(people), 2)
	})
	t.Run("a person is erased once", func(t *testing.T) {
		t.Parallel()
		w, elsewhere := newWorld(t, s, 1), newWorld(t, s, 0)
		e := w.erasure(0)
		wrong := e
		wrong.StudyID, wrong.RunID, wrong.ArmID = elsewhere.study.ID, elsewhere.run.ID, elsewhere.course.ID
		for _, c := range []struct {
			e    survey.Erasure
			want bool
		}{{wrong, false}, {e, true}, {e, false}} {
			must(t, s, func(ctx context.Context, tx survey.Tx) error {
				ok, err := tx.Erase(ctx, c.e)
				same(t, ok, c.want)
				return err
			})
		}
		none, err := s.Erasures(t.Context(), elsewhere.study.ID)
		noError(t, err)
		same(t, len(none), 0)
	})
	t.Run("what is still to do is noted as done, and the code is forgotten", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t, s, 1)
		e := w.erasure(0)
		must(t, s, func(ctx context.Context, tx survey.Tx) error { _, err := tx.Erase(ctx, e); return err })
		for i, want := range []bool{true, false} {
			must(t, s, func(ctx context.Context, tx survey.Tx) error {
				noError(t, tx.SettleErasure(ctx, w.study.ID, e.EnrolmentID, noon.Add(time.Duration(2+i)*time.Hour)))
				ok, err := tx.ClearErasureCode(ctx, w.study.ID, e.EnrolmentID)
				same(t, ok, want)
				return err
			})
		}
		e.SettledAt, e.Code = noon.Add(2*time.Hour), ""
		got, err := s.Erasures(t.Context(), w.study.ID)
		noError(t, err)
		same(t, got, []survey.Erasure{e})
		all, err := s.AllErasures(t.Context())
		noError(t, err)
		found := false
		for _, x := range all {
			found = found || x == e
		}
		same(t, found, true)
	})
	t.Run("a study says what it allows", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t, s, 0)
		policy, err := s.ErasurePolicy(t.Context(), w.study.ID)
		noError(t, err)
		same(t, policy, survey.ErasureAllowed)
		must(t, s, func(ctx context.Context, tx survey.Tx) error {
			return tx.SetErasurePolicy(ctx, w.study.ID, survey.ErasureUntilAnalysis)
		})
		policy, err = s.ErasurePolicy(t.Context(), w.study.ID)
		noError(t, err)
		same(t, policy, survey.ErasureUntilAnalysis)
		_, err = s.ErasurePolicy(t.Context(), "nobody")
		wantError(t, err, survey.ErrNotFound)
		if err := do(t, s, func(ctx context.Context, tx survey.Tx) error {
			return tx.SetErasurePolicy(ctx, w.study.ID, "perhaps")
		}); err == nil {
			t.Error("an unknown policy was kept")
		}
	})
}
