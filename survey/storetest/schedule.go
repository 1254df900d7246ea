package storetest

import (
	"context"
	"testing"
	"time"

	"tidemark/survey"
	"tidemark/survey/schedule"
)

// submittedAt is when an assessment was submitted, as the store tells.
func (w *world) submittedAt(t testing.TB, person, nth int) time.Time {
	t.Helper()
	a, _, err := w.store.Assessment(t.Context(), w.study.ID, w.people[person].Assessments[nth].ID)
	noError(t, err)
	return a.SubmittedAt
}

// every is a rule with a value in each field that can stand with others.
func every() schedule.Rule {
	return schedule.Rule{
		Anchor: schedule.AnchorMeeting, Meeting: 3, Wave: "pre", Months: 6, OpensDay: -3, ClosesDay: 4, Timed: true,
		OpensMinute: -1440, ClosesMinute: 5, GraceDays: 2, GraceMinutes: 30, LateDays: 7,
	}
}

func testSchedule(t *testing.T, s survey.Store) {
	t.Run("a wave keeps the whole of its rule", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t, s, 0)
		for i, rule := range []schedule.Rule{
			every(), {ClosesDay: 6}, {Anchor: schedule.AnchorEnrolment, ClosesDay: 13}, {Anchor: schedule.AnchorWave, Wave: "pre", OpensDay: 7, ClosesDay: 9},
		} {
			added := w.wave("more_"+string(rune('a'+i)), survey.WaveDuring, 10+i, 0, "", w.weekly.ID)
			added.Rule = rule
			must(t, s, func(ctx context.Context, tx survey.Tx) error { return tx.CreateWave(ctx, added) })
			d, err := s.Design(t.Context(), w.study.ID)
			noError(t, err)
			same(t, d.Waves[len(d.Waves)-1], added)
		}
	})
	t.Run("a wave is changed, but not what it asks", func(t *testing.T) {
		t.Parallel()
		w, elsewhere := newWorld(t, s, 0), newWorld(t, s, 0)
		changed := w.week
		changed.Name, changed.ShortName, changed.Kind, changed.ArmID, changed.Rule = "Another", "A", survey.WaveFollowUp, w.course.ID, every()
		changed.Sets = nil
		must(t, s, func(ctx context.Context, tx survey.Tx) error { return tx.ChangeWave(ctx, changed) })
		changed.Sets = w.week.Sets
		d, err := s.Design(t.Context(), w.study.ID)
		noError(t, err)
		for _, got := range d.Waves {
			if got.ID == changed.ID {
				same(t, got, changed)
			}
		}
		theirs := w.week
		theirs.StudyID = elsewhere.study.ID
		wantError(t, s.InTx(t.Context(), func(tx survey.Tx) error { return tx.ChangeWave(t.Context(), theirs) }), survey.ErrNotFound)
	})
	t.Run("a run keeps its breaks and the meetings on other days", func(t *testing.T) {
		t.Parallel()
		w, elsewhere := newWorld(t, s, 1), newWorld(t, s, 0)
		breaks, moved := []schedule.Break{{Before: 3, Days: 7}, {Before: 6, Days: 14}}, map[int]int{4: 2, 7: -1}
		must(t, s, func(ctx context.Context, tx survey.Tx) error {
			return tx.SetCalendar(ctx, w.study.ID, w.run.ID, breaks, moved)
		})
		want := w.run
		want.Breaks, want.Moved = breaks, moved
		got, err := s.Run(t.Context(), w.study.ID, w.run.ID)
		noError(t, err)
		same(t, got, want)
		runs, err := s.Runs(t.Context(), w.study.ID)
		noError(t, err)
		same(t, runs[0].Run, want)
		p, err := s.Participation(t.Context(), w.study.ID, w.people[0].Enrolment.ID)
		noError(t, err)
		same(t, p.Run, want)
		must(t, s, func(ctx context.Context, tx survey.Tx) error {
			return tx.SetCalendar(ctx, w.study.ID, w.run.ID, nil, nil)
		})
		got, err = s.Run(t.Context(), w.study.ID, w.run.ID)
		noError(t, err)
		same(t, got, w.run)
		wantError(t, s.InTx(t.Context(), func(tx survey.Tx) error {
			return tx.SetCalendar(t.Context(), elsewhere.study.ID, w.run.ID, breaks, moved)
		}), survey.ErrNotFound)
	})
	t.Run("a wave comes between two others, and goes again with its names", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t, s, 0)
		before, err := s.Design(t.Context(), w.study.ID)
		noError(t, err)
		added := w.pre
		added.ID, added.Key, added.Position = survey.WaveID(newKey()), "between", w.pre.Position+1
		must(t, s, func(ctx context.Context, tx survey.Tx) error {
			return tx.MakeRoomForWave(ctx, w.study.ID, w.pre.Position)
		})
		must(t, s, func(ctx context.Context, tx survey.Tx) error { return tx.CreateWave(ctx, added) })
		must(t, s, func(ctx context.Context, tx survey.Tx) error {
			return tx.PutStudyTexts(ctx, []survey.StudyText{{StudyID: w.study.ID, Language: "de", Key: survey.WaveText("between"), Body: "Dazwischen"}})
		})
		got, err := s.Design(t.Context(), w.study.ID)
		noError(t, err)
		var keys []string
		for _, x := range got.Waves {
			keys = append(keys, x.Key)
		}
		same(t, keys[:3], []string{before.Waves[0].Key, "between", before.Waves[1].Key})
		must(t, s, func(ctx context.Context, tx survey.Tx) error { return tx.DeleteWave(ctx, added) })
		got, err = s.Design(t.Context(), w.study.ID)
		noError(t, err)
		same(t, len(got.Waves), len(before.Waves))
		texts, err := s.StudyTexts(t.Context(), w.study.ID)
		noError(t, err)
		same(t, len(texts), 0)
		wantError(t, s.InTx(t.Context(), func(tx survey.Tx) error { return tx.DeleteWave(t.Context(), added) }), survey.ErrNotFound)
	})
	t.Run("a wave that somebody was asked stays", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t, s, 1)
		if err := s.InTx(t.Context(), func(tx survey.Tx) error { return tx.DeleteWave(t.Context(), w.pre) }); err == nil {
			t.Error("a wave with assessments is deleted")
		}
		got, err := s.Design(t.Context(), w.study.ID)
		noError(t, err)
		same(t, len(got.Waves[0].Sets) > 0, true)
	})
	t.Run("a run can be called otherwise and meet elsewhere", func(t *testing.T) {
		t.Parallel()
		w, elsewhere := newWorld(t, s, 0), newWorld(t, s, 0)
		d := survey.RunDetails{Name: "Ünlike", MeetingTime: "07:05", TimeZone: "Asia/Tokyo", Location: ""}
		must(t, s, func(ctx context.Context, tx survey.Tx) error { return tx.SetRunDetails(ctx, w.study.ID, w.run.ID, d) })
		got, err := s.Run(t.Context(), w.study.ID, w.run.ID)
		noError(t, err)
		want := w.run
		want.Name, want.MeetingTime, want.TimeZone, want.Location = d.Name, d.MeetingTime, d.TimeZone, d.Location
		same(t, got, want)
		wantError(t, s.InTx(t.Context(), func(tx survey.Tx) error {
			return tx.SetRunDetails(t.Context(), elsewhere.study.ID, w.run.ID, d)
		}), survey.ErrNotFound)
	})
	t.Run("of many runs each has its own calendar", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t, s, 0)
		second := w.newRun("2026-05-04")
		second.Breaks = []schedule.Break{{Before: 2, Days: 7}}
		third := w.newRun("2026-06-01")
		must(t, s, func(ctx context.Context, tx survey.Tx) error { return tx.CreateRun(ctx, second) })
		must(t, s, func(ctx context.Context, tx survey.Tx) error { return tx.CreateRun(ctx, third) })
		runs, err := s.Runs(t.Context(), w.study.ID)
		noError(t, err)
		same(t, []survey.CourseRun{runs[0].Run, runs[1].Run, runs[2].Run}, []survey.CourseRun{third, second, w.run})
	})
	t.Run("all that moves windows is told, and of the study's waves to every run", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t, s, 0)
		var events []survey.AuditEvent
		for i, e := range []struct {
			object string
			action survey.Action
		}{
			{string(w.run.ID), survey.ActionRunMoved},
			{string(w.run.ID), survey.ActionRunPaused},
			{string(w.run.ID), survey.ActionMeetingMoved},
			{string(w.study.ID), survey.ActionWaveChanged},
			{string(w.study.ID), survey.ActionStudyOpened},
			{"another", survey.ActionRunPaused},
		} {
			event := event(w.study.ID, noon.Add(time.Duration(i)*time.Hour))
			event.Action, event.ObjectID = e.action, e.object
			events = append(events, event)
		}
		must(t, s, func(ctx context.Context, tx survey.Tx) error { return tx.AppendAudit(ctx, events...) })
		got, err := s.Moves(t.Context(), w.study.ID, w.run.ID)
		noError(t, err)
		same(t, got, []time.Time{noon, noon.Add(time.Hour), noon.Add(2 * time.Hour), noon.Add(3 * time.Hour)})
	})
	t.Run("an assessment knows when the wave it follows was completed, in the one query", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t, s, 2)
		after := w.post
		after.Rule = schedule.Rule{Anchor: schedule.AnchorWave, Wave: w.pre.Key, OpensDay: 3, ClosesDay: 5}
		must(t, s, func(ctx context.Context, tx survey.Tx) error { return tx.ChangeWave(ctx, after) })
		in := survey.SignIn{
			TokenHash: newKey(), Kind: survey.SignInParticipant, StudyID: w.study.ID,
			EnrolmentID: w.people[0].Enrolment.ID, CreatedAt: noon, ExpiresAt: noon.Add(time.Hour),
		}
		must(t, s, func(ctx context.Context, tx survey.Tx) error { return tx.CreateSignIn(ctx, in) })
		followed := func(wave survey.WaveID) time.Time {
			t.Helper()
			id := w.people[0].Assessments[w.nth(0, wave, 1)].ID
			_, open, err := s.ParticipationAtAssessment(t.Context(), in.TokenHash, noon, id)
			noError(t, err)
			return open.FollowedAt
		}
		same(t, followed(w.post.ID), time.Time{})
		w.submit(t, 0, w.nth(0, w.pre.ID, 1))
		w.submit(t, 1, w.nth(1, w.pre.ID, 1)) // somebody else's
		w.submit(t, 1, w.nth(1, w.pre.ID, 2))
		same(t, followed(w.post.ID), time.Time{})
		w.submit(t, 0, w.nth(0, w.pre.ID, 2))
		want := w.submittedAt(t, 0, w.nth(0, w.pre.ID, 1))
		if later := w.submittedAt(t, 0, w.nth(0, w.pre.ID, 2)); later.After(want) {
			want = later
		}
		same(t, followed(w.post.ID), want)
		same(t, followed(w.pre.ID), time.Time{}) // follows none
	})
}
