package survey_test

import (
	"context"
	"io"
	"math"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"tidemark/survey"
	"tidemark/survey/allocation"
	"tidemark/survey/auth"
	"tidemark/survey/store"
	"tidemark/survey/storetest"
)

// erase has everything of a person erased and what follows from it done.
func (s *stage) erase(t *testing.T, a survey.Actor) (receipt string) {
	t.Helper()
	receipt, err := s.cases.Erasures.Erase(t.Context(), a, "")
	noError(t, err)
	s.settle(t, 1)
	return receipt
}

func (s *stage) settle(t *testing.T, want int) {
	t.Helper()
	n, err := s.cases.Erasures.Settle(t.Context(), system())
	noError(t, err)
	same(t, n, want)
}

func TestAnErasedPersonLeavesTheFrozenDataToo(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, s *stage) {
		ctx := t.Context()
		s.answered(t)
		first := s.freeze(t, "First")
		roster, err := s.store.Roster(ctx, s.study.ID, s.run.ID)
		noError(t, err)
		gone := roster[0]
		before, err := s.cases.Snapshots.Open(ctx, s.researcher, s.study.ID, first.Number)
		noError(t, err)
		s.erase(t, s.again(t, gone.ID))

		old := s.snapshot(t, first.Number)
		if old.Removed == nil || !strings.Contains(old.Removed.Reason, "Snapshot 2") {
			t.Fatalf("the old snapshot says %+v", old.Removed)
		}
		second := s.snapshot(t, 2)
		same(t, []any{second.Name, second.TakenAt, second.Counts.People}, []any{"First", first.TakenAt, first.Counts.People - 1})
		if !strings.Contains(second.Note, "snapshot 1 without a person") {
			t.Errorf("the new snapshot's note is %q", second.Note)
		}
		after, err := s.cases.Snapshots.Open(ctx, s.researcher, s.study.ID, 2)
		noError(t, err)
		if text := everything(ctx, t, after, s.study.ID); strings.Contains(text, string(gone.ID)) || strings.Contains(text, gone.Code) {
			t.Error("the person is in the new snapshot")
		}
		rows := func(r survey.DataReader, leaveOut survey.EnrolmentID) (all []survey.ResponseRow) {
			noError(t, r.EachResponse(ctx, s.study.ID, func(row *survey.ResponseRow) error {
				if row.EnrolmentID != leaveOut {
					all = append(all, *row)
				}
				return nil
			}))
			return all
		}
		same(t, rows(after, ""), rows(before, gone.ID))
		runs, err := after.Runs(ctx, s.study.ID)
		noError(t, err)
		live, err := s.store.Runs(ctx, s.study.ID)
		noError(t, err)
		same(t, []any{runs[0].Enrolled, runs[0].Withdrawn, runs[0].Erased}, []any{live[0].Enrolled, live[0].Withdrawn, live[0].Erased})
		same(t, runs[0].Enrolled, len(roster))
		s.settle(t, 0)
	})
}

func TestWhatAStudyAllowsDecidesWhatMayBeErased(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, s *stage) {
		ctx := t.Context()
		people := s.consenting(t, 3)
		set := func(p survey.ErasurePolicy) {
			t.Helper()
			noError(t, s.store.InTx(ctx, func(tx survey.Tx) error { return tx.SetErasurePolicy(ctx, s.study.ID, p) }))
		}
		allowed := func() bool {
			t.Helper()
			c, err := s.cases.Erasures.Choice(ctx, people[0])
			noError(t, err)
			return c.Allowed
		}
		set(survey.ErasureNever)
		same(t, allowed(), false)
		s.unchanged(t, func() {
			_, err := s.cases.Erasures.Erase(ctx, people[0], "")
			wantError(t, err, survey.ErrKept)
		})
		set(survey.ErasureUntilAnalysis)
		same(t, allowed(), true)
		s.freeze(t, "Unplanned")
		same(t, allowed(), true)
		s.locked(t, survey.DraftPlan{Content: s.book(t).Default})
		same(t, allowed(), true)
		s.freeze(t, "Planned")
		same(t, allowed(), false)
		set(survey.ErasureAllowed)
		same(t, allowed(), true)
		wantError(t, s.cases.Erasures.SetPolicy(ctx, s.admin, s.study.ID, survey.ErasureNever), survey.ErrConflict) // it is open
		draft, err := s.cases.Studies.Create(ctx, s.admin, survey.NewStudy{Protocol: "learning_from_setbacks_8", Key: "draft"})
		noError(t, err)
		noError(t, s.cases.Erasures.SetPolicy(ctx, s.admin, draft.ID, survey.ErasureNever))
		wantFaults(t, s.cases.Erasures.SetPolicy(ctx, s.admin, draft.ID, "perhaps"), survey.FieldErrors{"erasure": "study.bad_erasure"})
	})
}

func TestAReceiptTellsItsHolderWhatBecameOfTheErasure(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, s *stage) {
		ctx := t.Context()
		people := s.consenting(t, 2)
		receipt := s.cases.Erasures.NewReceipt()
		got, err := s.cases.Erasures.Erase(ctx, people[0], receipt)
		noError(t, err)
		same(t, got, receipt)
		// Pressed twice: the second finds nobody, and the receipt says why.
		_, err = s.cases.Erasures.Erase(ctx, people[0], receipt)
		wantError(t, err, survey.ErrNotSignedIn)
		note, err := s.cases.Erasures.Receipt(ctx, receipt)
		noError(t, err)
		same(t, note, survey.ErasureNote{StudyTitle: s.study.Title, TimeZone: zoneName, At: s.clock().UTC()})
		s.settle(t, 1)
		note, err = s.cases.Erasures.Receipt(ctx, receipt)
		noError(t, err)
		same(t, note.Settled, true)
		for _, wrong := range []string{"", "x", strings.Repeat("a", 32), receipt + "a"} {
			_, err := s.cases.Erasures.Receipt(ctx, wrong)
			wantError(t, err, survey.ErrNotFound)
		}
	})
}

func TestResearchersAreToldWhomToTakeOutOfTheirCopies(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, s *stage) {
		ctx := t.Context()
		people := s.consenting(t, 2)
		s.erase(t, people[0]) // before any copy was handed out
		noError(t, s.cases.Studies.NoteUse(ctx, s.researcher, s.study.ID, survey.ActionExported, "long"))
		s.at(s.clock().Add(time.Hour))
		receipt := s.erase(t, people[1])
		list, err := s.cases.Erasures.List(ctx, s.researcher, s.study.ID)
		noError(t, err)
		same(t, []any{list[0].Exports, list[0].Code, list[1].Exports, list[1].Code}, []any{1, people[1].Participation.Enrolment.Code, 0, ""})
		for range 2 {
			noError(t, s.cases.Erasures.Clear(ctx, s.researcher, s.study.ID, list[0].EnrolmentID))
		}
		list, err = s.cases.Erasures.List(ctx, s.researcher, s.study.ID)
		noError(t, err)
		same(t, list[0].Code, "")
		note, err := s.cases.Erasures.Receipt(ctx, receipt)
		noError(t, err)
		same(t, []any{note.Exports, note.Cleared}, []any{1, true})
	})
}

func TestTheTrailTiesNothingToAnErasedPerson(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, s *stage) {
		ctx := t.Context()
		s.answered(t)
		enrolled, err := s.byHand(t, "course", []survey.Person{{Name: "Canary Nightingale", Email: "canary@example.org"}}...)
		noError(t, err)
		id := enrolled[0].ID
		noError(t, s.cases.Enrolments.Consent(ctx, s.again(t, id), s.study.ConsentVersion))
		noError(t, s.cases.Enrolments.Pause(ctx, s.again(t, id), true))
		it := s.due(t, s.again(t, id), "pre", "resilience")
		noError(t, s.cases.Assessments.Submit(ctx, s.again(t, id), it.Assessment.ID, answers(it.Definition, 2, 1)))
		s.erase(t, s.again(t, id))
		events, err := s.store.AuditEvents(ctx, "", 1000)
		noError(t, err)
		about := 0
		for _, e := range events {
			text := strings.Join([]string{e.ActorID, e.ObjectID, e.Detail}, " ")
			for _, canary := range []string{"Nightingale", "canary@", enrolled[0].Code} {
				if strings.Contains(text, canary) {
					t.Errorf("%s tells %s", e.Action, canary)
				}
			}
			if e.ActorID == string(id) {
				about++
			}
		}
		if about < 4 {
			t.Errorf("only %d lines are by the person", about)
		}
		// What the identifiers stood for is gone.
		_, err = s.store.Participation(ctx, s.study.ID, id)
		wantError(t, err, survey.ErrNotFound)
		_, _, err = s.store.Assessment(ctx, s.study.ID, it.Assessment.ID)
		wantError(t, err, survey.ErrNotFound)
	})
}

func TestErasedPeopleStillCountWhereArmsAreAllocated(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, s *stage) {
		ctx := t.Context()
		study, researcher, leader := s.draft(t, "blocks")
		noError(t, s.cases.Allocations.Set(ctx, researcher, study.ID, survey.NewAllocation{
			Method: allocation.Blocks, Unit: allocation.ByPerson, Shares: s.shares(t, study.ID, 1, 1), Sizes: []int{4},
		}))
		noError(t, s.cases.Studies.Open(ctx, s.admin, study.ID))
		s.study, s.leader = study, leader
		var err error
		s.run, err = s.cases.Runs.Create(ctx, leader, study.ID, newRun())
		noError(t, err)
		add := func(n int) []survey.Enrolment {
			t.Helper()
			people, err := s.cases.Runs.AddPeople(ctx, leader, study.ID, s.run.ID, make([]survey.Person, n), "")
			noError(t, err)
			return people
		}
		count := map[survey.ArmID]int{}
		for _, e := range add(3) {
			count[e.ArmID]++
			s.erase(t, s.again(t, e.ID))
		}
		count[add(1)[0].ArmID]++ // the last of the block of four
		for arm, n := range count {
			if n != 2 {
				t.Errorf("arm %s has %d people of the first block, want 2", arm, n)
			}
		}
	})
}

func TestAGroupFigureIsNotWorkedOutAgainWithoutAnErasedPerson(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, s *stage) {
		ctx := t.Context()
		people := s.consenting(t, 12)
		s.at(day("2026-03-03"))
		for i, a := range people {
			it := s.due(t, a, "week_01", "weekly_check_in")
			noError(t, s.cases.Assessments.Submit(ctx, a, it.Assessment.ID, answers(it.Definition, len(it.Definition.Items), float64(1+i%3))))
		}
		s.erase(t, people[11]) // nobody has seen the week yet
		s.at(day("2026-03-12"))
		told := s.firstWeek(t)
		same(t, told.Shown, true)
		s.erase(t, people[0])
		same(t, s.firstWeek(t), told)
		b, err := s.cases.Runs.Board(ctx, s.leader, s.study.ID, s.run.ID)
		noError(t, err)
		same(t, b.Erased, map[survey.ArmID]int{s.arm(t, "course").ID: 2})
		same(t, len(b.Rows), 10)
	})
}

// TestAnErasureIsDoneAgainAfterAnOlderCopyWasPutBack plays a restore: a copy of the
// database from before the erasure, and the tombstones kept beside it.
func TestAnErasureIsDoneAgainAfterAnOlderCopyWasPutBack(t *testing.T) {
	t.Parallel()
	dsn := storetest.SQLiteDSN(t)
	file := strings.TrimPrefix(dsn, "sqlite:")
	opened := func(t testing.TB, _ ...store.Option) *store.Store {
		t.Helper()
		s, err := store.Open(t.Context(), dsn, storetest.Vault())
		noError(t, err)
		noError(t, s.Migrate(t.Context()))
		return s
	}
	s := newStage(t, opened)
	s.answered(t)
	s.freeze(t, "Before")
	roster, err := s.store.Roster(t.Context(), s.study.ID, s.run.ID)
	noError(t, err)
	noError(t, s.store.Close()) // folds the log into the file
	older, err := os.ReadFile(file)
	noError(t, err)

	var kept []survey.Erasure
	keys, err := auth.New(secret)
	noError(t, err)
	reopen := func() {
		t.Helper()
		s.store = opened(t)
		s.cases = survey.NewUseCases(survey.Env{
			Store: s.store, Now: s.clock, Keys: keys, Random: strings.NewReader(""), Version: "test program",
			NewID:      func() string { return uuid.Must(uuid.NewV7()).String() },
			Tombstones: func(e survey.Erasure) { kept = append(kept, e) },
		})
	}
	reopen()
	receipt := s.erase(t, s.again(t, roster[0].ID))
	noError(t, s.store.Close())
	same(t, len(kept), 1)

	noError(t, os.WriteFile(file, older, 0o600))
	reopen()
	t.Cleanup(func() { noError(t, s.store.Close()) })
	s.again(t, roster[0].ID) // the person is back
	n, err := s.cases.Erasures.Replay(t.Context(), system(), append(kept, survey.Erasure{StudyID: "unknown here", EnrolmentID: "x"}))
	noError(t, err)
	same(t, n, 1)
	_, err = s.store.Participation(t.Context(), s.study.ID, roster[0].ID)
	wantError(t, err, survey.ErrNotFound)
	note, err := s.cases.Erasures.Receipt(t.Context(), receipt)
	noError(t, err)
	same(t, []any{note.At, note.Settled}, []any{kept[0].At, true})
	if s.snapshot(t, 1).Removed == nil {
		t.Error("the restored frozen data still hold the person")
	}
	for range 2 {
		n, err = s.cases.Erasures.Replay(t.Context(), system(), kept)
		noError(t, err)
		same(t, n, 0)
	}
}

func TestAnErasureWhileDataAreFrozenIsNotMissed(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, s *stage) {
		ctx := t.Context()
		people := s.consenting(t, 1)
		slow := survey.NewUseCases(survey.Env{
			Store: between{s.store, func() { s.erase(t, people[0]) }}, Now: s.clock, Keys: s.keys, Random: io.LimitReader(nil, 0),
			NewID: func() string { return uuid.Must(uuid.NewV7()).String() },
		})
		_, err := slow.Snapshots.Freeze(ctx, s.researcher, s.study.ID, survey.NewSnapshot{Name: "Cut off"})
		wantError(t, err, survey.ErrConflict)
		list, err := s.cases.Snapshots.List(ctx, s.researcher, s.study.ID)
		noError(t, err)
		same(t, len(list), 0)
	})
}

// between does something once, after data were read and before they are written.
type between struct {
	survey.Store
	then func()
}

func (b between) InReadTx(ctx context.Context, f func(survey.Reader) error) error {
	err := b.Store.InReadTx(ctx, f)
	b.then()
	return err
}

func TestMessagesArePausedAndWantedAgain(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, s *stage) {
		ctx := t.Context()
		a := s.consenting(t, 1)[0]
		id := a.Participation.Enrolment.ID
		contact := survey.Contact{ParticipantID: a.Participation.Enrolment.ParticipantID, Email: "ana@example.org"}
		may := func() bool { return s.again(t, id).Participation.Enrolment.MayBeWrittenTo(contact) }
		same(t, may(), true)
		noError(t, s.cases.Enrolments.Pause(ctx, s.again(t, id), true))
		since := s.again(t, id).Participation.Enrolment.PausedAt
		s.at(s.clock().Add(time.Hour))
		s.unchanged(t, func() { noError(t, s.cases.Enrolments.Pause(ctx, s.again(t, id), true)) })
		same(t, s.again(t, id).Participation.Enrolment.PausedAt, since)
		same(t, may(), false)
		s.due(t, s.again(t, id), "pre", "resilience") // the study goes on
		noError(t, s.cases.Enrolments.Pause(ctx, s.again(t, id), false))
		same(t, may(), true)
		same(t, s.again(t, id).Participation.Enrolment.MayBeWrittenTo(survey.Contact{}), false)
		noError(t, s.cases.Enrolments.Withdraw(ctx, s.again(t, id)))
		same(t, may(), false)
		wantError(t, s.cases.Enrolments.Pause(ctx, s.again(t, id), true), survey.ErrWithdrawn)
	})
}

func TestACopyNeedsProofOfWhoAsks(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, s *stage) {
		ctx := t.Context()
		people := s.consenting(t, 2)
		a := people[0]
		it := s.due(t, a, "pre", "resilience")
		noError(t, s.cases.Assessments.Submit(ctx, a, it.Assessment.ID, answers(it.Definition, 3, 2)))
		s.unchanged(t, func() {
			for _, p := range []survey.Proof{{}, {Device: "unknown"}} {
				_, err := s.cases.OwnData.Copy(ctx, a, p)
				wantError(t, err, survey.ErrProofNeeded)
			}
			_, err := s.cases.OwnData.Copy(ctx, a, survey.Proof{Code: "12345678"})
			wantFaults(t, err, survey.FieldErrors{"code": "mydata.fault_code"})
		})
		device := s.cases.OwnData.NewDevice()
		noError(t, s.cases.OwnData.RememberDevice(ctx, a, device))
		_, err := s.cases.OwnData.Copy(ctx, people[1], survey.Proof{Device: device})
		wantError(t, err, survey.ErrProofNeeded)
		c, err := s.cases.OwnData.Copy(ctx, a, survey.Proof{Device: device})
		noError(t, err)
		same(t, []any{c.Schema, c.Person.Name, c.Person.Code, len(c.Consents)},
			[]any{survey.OwnCopySchema, "Person 0", a.Participation.Enrolment.Code, 1})
		found := false
		for _, q := range c.Questionnaires {
			if q.Key != "resilience" || q.Occasion != it.Wave.Name {
				continue
			}
			found = true
			same(t, len(q.Answers), len(it.Definition.Items))
			same(t, q.Answers[0].Question, it.Definition.Items[0].Text)
			if len(q.Answers[0].Labels) != 1 || len(q.Scores) == 0 || q.Answers[5].Missing != survey.MissingSkipped {
				t.Errorf("the questionnaire reads %+v", q)
			}
			for _, score := range q.Scores {
				if score.Value != nil && math.IsNaN(*score.Value) {
					t.Errorf("a score is %v", *score.Value)
				}
			}
		}
		same(t, found, true)
		same(t, len(c.Records["personal_link"]), 1)
		noError(t, s.cases.OwnData.ForgetDevice(ctx, a, device))
		_, err = s.cases.OwnData.Copy(ctx, a, survey.Proof{Device: device})
		wantError(t, err, survey.ErrProofNeeded)
		given, err := s.cases.OwnData.CopyFor(ctx, system(), s.study.ID, a.Participation.Enrolment.Code)
		noError(t, err)
		same(t, len(given.Questionnaires), len(c.Questionnaires))
		_, err = s.cases.OwnData.CopyFor(ctx, system(), s.study.ID, "P-NOBODY")
		wantError(t, err, survey.ErrNotFound)
	})
}

func TestAnOverviewShowsNeitherAnswersNorTheAddress(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, s *stage) {
		ctx := t.Context()
		enrolled, err := s.byHand(t, "course", []survey.Person{{Name: "Ana Ruiz", Email: "ana.ruiz@example.org"}, {}}...)
		noError(t, err)
		o, err := s.cases.OwnData.Overview(ctx, s.again(t, enrolled[0].ID), "")
		noError(t, err)
		same(t, []any{o.Named, o.MaskedEmail, o.Erasure, o.KnownDevice, o.CodeSent, len(o.Questionnaires)},
			[]any{true, "a•••@example.org", survey.ErasureAllowed, false, false, 0})
		same(t, o.Holdings[survey.HoldContact], 1)
		o, err = s.cases.OwnData.Overview(ctx, s.again(t, enrolled[1].ID), "x")
		noError(t, err)
		same(t, []any{o.Named, o.MaskedEmail, o.KnownDevice}, []any{false, "", false})
	})
}
