package storetest

import (
	"context"
	"testing"
	"time"

	"tidemark/survey"
	"tidemark/survey/reminding"
)

// planned is a message about a wave to the n-th person.
func (w *world) planned(n int, kind reminding.Kind, number int) survey.Message {
	e := w.people[n].Enrolment
	return survey.Message{
		StudyID: w.study.ID, Key: "wave/" + string(e.ID) + "/" + string(kind) + "/" + newKey(), Kind: survey.MessageKind(kind),
		ToKind: survey.ActorParticipant, ToID: string(e.ID), About: string(w.pre.ID), Number: number, CreatedAt: noon, NotBefore: noon,
	}
}

func planAll(t *testing.T, s survey.Store, want int, messages ...survey.Message) {
	t.Helper()
	must(t, s, func(ctx context.Context, tx survey.Tx) error {
		n, err := tx.PlanMessages(ctx, messages)
		same(t, n, want)
		return err
	})
}

func testMessaging(t *testing.T, s survey.Store) {
	t.Run("what a study sends is kept, and replaced by the next revision alone", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t, s, 0)
		got, err := s.Messaging(t.Context(), w.study.ID)
		noError(t, err)
		same(t, got, survey.Messaging{StudyID: w.study.ID, Rules: reminding.DefaultRules()})
		put := func(m survey.Messaging, want bool) {
			t.Helper()
			must(t, s, func(ctx context.Context, tx survey.Tx) error {
				ok, err := tx.PutMessaging(ctx, m)
				same(t, ok, want)
				return err
			})
		}
		first := survey.Messaging{
			StudyID: w.study.ID, Revision: 1, ChangedAt: noon, ChangedBy: "Noor",
			Rules: reminding.Rules{On: true, ReminderDays: []int{1, 9}, Cap: 2, Quiet: reminding.Quiet{From: 1200, To: 30}, Thanks: true, Meeting: true},
		}
		put(first, true)
		put(first, false)
		got, err = s.Messaging(t.Context(), w.study.ID)
		noError(t, err)
		same(t, got, first)
		sending := func() bool {
			all, err := s.MessagingStudies(t.Context())
			noError(t, err)
			for _, m := range all {
				if m.Study.ID == w.study.ID {
					same(t, m.Study, w.study)
					return true
				}
			}
			return false
		}
		same(t, sending(), true)
		off := first
		off.Rules.On, off.Rules.ReminderDays, off.Revision = false, []int{}, 2
		put(off, true)
		same(t, sending(), false)
		got, err = s.Messaging(t.Context(), w.study.ID)
		noError(t, err)
		same(t, got, off)
	})
	t.Run("words are added revision by revision", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t, s, 0)
		text := func(revision int, subject string) survey.MessageText {
			return survey.MessageText{
				StudyID: w.study.ID, Kind: reminding.Reminder, Language: "de", Revision: revision,
				Text: reminding.Text{Subject: subject, Body: "Zeile\n\n„{link}“"}, WrittenAt: noon, WrittenBy: "Noor",
			}
		}
		for i, want := range []bool{true, true, false} {
			x := text(min(i+1, 2), "S")
			must(t, s, func(ctx context.Context, tx survey.Tx) error {
				ok, err := tx.PutMessageText(ctx, x)
				same(t, ok, want)
				return err
			})
		}
		all, err := s.MessageTexts(t.Context(), w.study.ID)
		noError(t, err)
		same(t, all, survey.MessageTexts{text(2, "S")})
		history, err := s.MessageTextHistory(t.Context(), w.study.ID, reminding.Reminder, "de")
		noError(t, err)
		same(t, history, []survey.MessageText{text(2, "S"), text(1, "S")})
		history, err = s.MessageTextHistory(t.Context(), w.study.ID, reminding.Reminder, "en")
		noError(t, err)
		same(t, history, []survey.MessageText{})
	})
	t.Run("a planned message is kept once, and anew only when it was dropped", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t, s, 1)
		m := w.planned(0, reminding.Invitation, 1)
		planAll(t, s, 1, m)
		planAll(t, s, 0, m)
		end := func(outcome survey.Outcome, attempts int, want bool) {
			t.Helper()
			ended := m
			ended.Outcome, ended.EndedAt, ended.Attempts, ended.Reason = outcome, noon, attempts, "why"
			must(t, s, func(ctx context.Context, tx survey.Tx) error {
				ok, err := tx.EndMessage(ctx, ended)
				same(t, ok, want)
				return err
			})
		}
		lease := func(attempts int) {
			t.Helper()
			must(t, s, func(ctx context.Context, tx survey.Tx) error {
				leased := m
				leased.Attempts = attempts
				ok, err := tx.LeaseMessage(ctx, leased, noon, noon.Add(time.Minute))
				same(t, ok, true)
				return err
			})
		}
		lease(0)
		end(survey.OutcomeDropped, 1, true)
		got, err := s.Message(t.Context(), w.study.ID, m.Key)
		noError(t, err)
		same(t, []any{got.Reason, got.Number, got.Outcome}, []any{survey.MessageReason("why"), 1, survey.OutcomeDropped})
		planAll(t, s, 1, m)
		end(survey.OutcomeSent, 0, false) // by somebody who has slept since
		lease(1)
		end(survey.OutcomeSent, 2, true)
		planAll(t, s, 0, m)
	})
	t.Run("people are read with what decides about their messages", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t, s, 3)
		second := w.newRun("2026-05-04")
		must(t, s, func(ctx context.Context, tx survey.Tx) error { return tx.CreateRun(ctx, second) })
		later := w.enrol(t, second, 1)[0]
		a, b := w.people[0], w.people[1]
		must(t, s, func(ctx context.Context, tx survey.Tx) error {
			for _, it := range a.Assessments[:2] { // both of the first wave
				if _, err := tx.MarkSubmitted(ctx, w.study.ID, a.Enrolment.ID, it.ID, noon.Add(time.Minute)); err != nil {
					return err
				}
			}
			if _, err := tx.MarkSaved(ctx, w.study.ID, b.Enrolment.ID, b.Assessments[0].ID, noon); err != nil {
				return err
			}
			ok, err := tx.MarkBounced(ctx, w.study.ID, b.Enrolment.ParticipantID, "somebody@example.org", noon)
			same(t, ok, false) // not theirs any more
			if err != nil {
				return err
			}
			ok, err = tx.MarkBounced(ctx, w.study.ID, b.Enrolment.ParticipantID, "ana@example.org", noon)
			same(t, ok, true)
			if err != nil {
				return err
			}
			return tx.ReplaceLink(ctx, survey.PersonalLink{
				StudyID: w.study.ID, EnrolmentID: a.Enrolment.ID, Generation: 2, TokenHash: newKey(), ExpiresAt: noon.AddDate(2, 0, 0),
			}, noon)
		})
		m := w.planned(0, reminding.Reminder, 2)
		planAll(t, s, 1, m)
		scope := survey.MessageScope{Studies: []survey.StudyID{w.study.ID}, Runs: []survey.RunID{w.run.ID}}
		people, err := s.Recipients(t.Context(), scope)
		noError(t, err)
		same(t, len(people), 3)
		byID := map[survey.EnrolmentID]survey.Recipient{}
		for _, p := range people {
			byID[p.Enrolment.ID] = p
		}
		first, other := byID[a.Enrolment.ID], byID[b.Enrolment.ID]
		same(t, []any{first.Name, first.Reachable, first.Bounced, first.Control, first.LinkUntil}, []any{"Ana " + a.Enrolment.Code, true, false, false, noon.AddDate(2, 0, 0)})
		same(t, []any{other.Reachable, other.Bounced, other.Control, other.LinkUntil}, []any{true, true, true, noon.AddDate(1, 0, 0)})
		completions, err := s.Completions(t.Context(), survey.MessageScope{Studies: []survey.StudyID{w.study.ID}, Enrolment: a.Enrolment.ID})
		noError(t, err)
		same(t, len(completions), 3)
		for _, c := range completions {
			want := survey.Completion{EnrolmentID: a.Enrolment.ID, WaveID: c.WaveID}
			if c.WaveID == w.pre.ID {
				want.Started, want.DoneAt = true, noon.Add(time.Minute)
			}
			same(t, c, want)
		}
		messages, err := s.WaveMessages(t.Context(), scope)
		noError(t, err)
		same(t, messages, []survey.Message{m})
		var logged []survey.LoggedMessage
		noError(t, s.EachLoggedMessage(t.Context(), w.study.ID, func(l *survey.LoggedMessage) error { logged = append(logged, *l); return nil }))
		same(t, logged, []survey.LoggedMessage{{Message: m, Code: a.Enrolment.Code, Wave: "pre"}})
		nobody, err := s.Recipients(t.Context(), survey.MessageScope{})
		noError(t, err)
		same(t, len(nobody), 0)
		found, err := s.EnrolmentByCode(t.Context(), w.study.ID, later.Enrolment.Code)
		noError(t, err)
		same(t, found.ID, later.Enrolment.ID)
		_, err = s.EnrolmentByCode(t.Context(), w.study.ID, "P-NONE")
		wantError(t, err, survey.ErrNotFound)
		runs, err := s.RunsOfStudies(t.Context(), scope.Studies)
		noError(t, err)
		same(t, len(runs), 2)
		waves, err := s.WavesOfStudies(t.Context(), scope.Studies)
		noError(t, err)
		same(t, len(waves), 3)
	})
	t.Run("a contact is corrected, and its address has not bounced", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t, s, 1)
		c := *w.people[0].Contact
		put := func(c survey.Contact) survey.Contact {
			t.Helper()
			must(t, s, func(ctx context.Context, tx survey.Tx) error { return tx.PutContact(ctx, c) })
			got, err := s.Contact(t.Context(), w.study.ID, c.ParticipantID)
			noError(t, err)
			return got
		}
		must(t, s, func(ctx context.Context, tx survey.Tx) error {
			_, err := tx.MarkBounced(ctx, w.study.ID, c.ParticipantID, c.Email, noon)
			return err
		})
		c.Name, c.Phone = "Other", "+34600123123"
		want := c
		want.BouncedAt = noon
		same(t, put(c), want)
		c.Email = "other@example.org"
		same(t, put(c), c)
		all, err := s.Contacts(t.Context(), w.study.ID, w.run.ID)
		noError(t, err)
		same(t, all[c.ParticipantID], c)
	})
	t.Run("what a person chose as their time zone no browser replaces", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t, s, 1)
		id := w.people[0].Enrolment.ID
		set := func(zone string, chosen, want bool) {
			t.Helper()
			must(t, s, func(ctx context.Context, tx survey.Tx) error {
				ok, err := tx.SetTimeZone(ctx, w.study.ID, id, zone, chosen)
				same(t, ok, want)
				return err
			})
		}
		set("Europe/Rome", false, true)
		set("Asia/Tokyo", true, true)
		set("Europe/Paris", false, false)
		p, err := s.Participation(t.Context(), w.study.ID, id)
		noError(t, err)
		same(t, []any{p.Enrolment.TimeZone, p.Enrolment.ZoneChosen}, []any{"Asia/Tokyo", true})
		set("", true, true)
		set("Europe/Paris", false, true)
	})
}
