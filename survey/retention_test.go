package survey_test

import (
	"context"
	"fmt"
	"maps"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"tidemark/survey"
)

// keepsOfEach is how many rows of each kind that a study decides about are stored of
// somebody.
func (s *stage) keepsOfEach(t *testing.T, id survey.EnrolmentID) map[survey.RetentionKind]int {
	t.Helper()
	kept := map[survey.RetentionKind]int{}
	noError(t, s.store.EachKept(t.Context(), s.study.ID, func(k *survey.Kept) error {
		if k.ID == id {
			maps.Copy(kept, k.Rows)
		}
		return nil
	}))
	return kept
}

// peopled gives people of both arms, who came at different times, something of each kind.
func (s *stage) peopled(t *testing.T) []survey.Enrolment {
	t.Helper()
	ctx := t.Context()
	var all []survey.Enrolment
	for i, when := range []string{"2026-02-23", "2026-03-05", "2026-04-20"} {
		s.at(day(when).Add(12 * time.Hour))
		for j, arm := range []string{"course", "waitlist"} {
			people, err := s.byHand(t, arm, survey.Person{Name: fmt.Sprint("Person ", i, j), Email: fmt.Sprintf("p%d%d@example.org", i, j)})
			noError(t, err)
			e := people[0]
			a := s.again(t, e.ID)
			noError(t, s.cases.Enrolments.Consent(ctx, a, 1))
			a = s.again(t, e.ID)
			if arm == "course" { // who waits has nothing to write about
				noError(t, s.cases.Notes.Write(ctx, a, survey.NoteOwnWords, []string{"words of my own"}, ""))
			}
			noError(t, s.cases.Runs.NotePerson(ctx, s.leader, s.study.ID, s.run.ID, e.ID, "Comes later.", ""))
			noError(t, s.cases.OwnData.RememberDevice(ctx, a, s.cases.OwnData.NewDevice()))
			noError(t, s.store.InTx(ctx, func(tx survey.Tx) error {
				_, err := tx.PutMessage(ctx, survey.Message{
					StudyID: s.study.ID, Key: "k" + string(e.ID), Kind: survey.MessageLostLink, ToKind: survey.ActorParticipant, ToID: string(e.ID),
					CreatedAt: s.clock(), NotBefore: s.clock(),
				})
				return err
			}))
			items, err := s.cases.Assessments.Due(ctx, a)
			noError(t, err)
			for _, it := range items {
				if it.State == survey.AssessmentOpen {
					noError(t, second(s.cases.Assessments.Save(ctx, a, it.Assessment.ID, answers(it.Definition, 1, 1))))
					break
				}
			}
			all = append(all, e)
		}
	}
	return all
}

// lastAsked works out anew, wave by wave, until when a person could be asked.
func (s *stage) lastAsked(t *testing.T, e survey.Enrolment) time.Time {
	t.Helper()
	d := s.design(t)
	run, err := s.cases.Runs.Get(t.Context(), s.leader, s.study.ID, s.run.ID)
	noError(t, err)
	table := run.Timetable(d.Waves)
	var last time.Time
	for _, w := range d.Waves {
		if w.ArmID == "" || w.ArmID == e.ArmID {
			if end := table.Window(w.ID, e, nil).Expires; end.After(last) {
				last = end
			}
		}
	}
	return last
}

// TestNothingGoesEarlyAndAllThatIsDueGoes lets a clock jump through two years under rules
// of chance, and compares at each stop what is there with what should be: each row that is
// not due, none that is. Looking again at the same instant changes nothing.
func TestNothingGoesEarlyAndAllThatIsDueGoes(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, s *stage) {
		ctx := t.Context()
		people := s.peopled(t)
		random := rand.New(rand.NewPCG(38, uint64(len(t.Name()))))
		rules := []survey.RetentionRule{}
		for _, k := range survey.RetentionKinds() {
			anchor := survey.FromLastWave
			if k == survey.RetainAnswers || random.IntN(2) == 0 {
				anchor = survey.FromClosing
			}
			rules = append(rules, survey.RetentionRule{Kind: k, Anchor: anchor, Days: random.IntN(200)})
		}
		noError(t, s.store.InTx(ctx, func(tx survey.Tx) error { _, err := tx.SetRetention(ctx, s.study.ID, rules, 1); return err }))
		before := map[survey.EnrolmentID]map[survey.RetentionKind]int{}
		for _, e := range people {
			before[e.ID] = s.keepsOfEach(t, e.ID)
			for _, r := range rules {
				if before[e.ID][r.Kind] == 0 && r.Kind != survey.RetainAnswers {
					t.Fatalf("nothing of kind %s to begin with", r.Kind)
				}
			}
		}
		zone, closed, removed, stayed := s.run.Zone(), time.Time{}, 0, 0
		closes := day("2026-10-01").Add(time.Duration(random.IntN(100*24)) * time.Hour)
		for now := day("2026-05-01"); now.Before(day("2028-01-01")); now = now.Add(time.Duration(1+random.IntN(50*24*60)) * time.Minute) {
			s.at(now)
			if closed.IsZero() && !now.Before(closes) {
				noError(t, s.cases.Studies.Close(ctx, s.researcher, s.study.ID, true))
				closed = now
			}
			book, err := s.cases.Retentions.Book(ctx, s.researcher, s.study.ID)
			noError(t, err)
			swept, err := s.cases.Retentions.Sweep(ctx, system(), nil)
			noError(t, err)
			for i, o := range book.Kinds { // what the preview said is what is done
				same(t, swept.People[o.Kind], o.Due)
				if o.Kind != rules[i].Kind {
					t.Fatalf("the preview has %s, want %s", o.Kind, rules[i].Kind)
				}
			}
			for _, e := range people {
				last, there := s.lastAsked(t, e), s.keepsOfEach(t, e.ID)
				for _, r := range rules {
					from := last
					if r.Anchor == survey.FromClosing {
						from = closed
					}
					due := from.In(zone).AddDate(0, 0, r.Days)
					switch {
					case there[r.Kind] == before[e.ID][r.Kind]:
						stayed++
						if !from.IsZero() && now.After(due.AddDate(0, 0, 1)) && before[e.ID][r.Kind] > 0 {
							t.Errorf("%s: %s of somebody last asked %s is still there", now, r.Kind, last)
						}
					case there[r.Kind] == 0:
						removed++
						if from.IsZero() || now.Before(due) {
							t.Errorf("%s: %s of somebody last asked %s went early", now, r.Kind, last)
						}
					default:
						t.Errorf("%s: %d of %d rows of %s are there", now, there[r.Kind], before[e.ID][r.Kind], r.Kind)
					}
				}
			}
			again, err := s.cases.Retentions.Sweep(ctx, system(), nil)
			noError(t, err)
			same(t, again.Rows, 0)
		}
		if removed == 0 || stayed == 0 {
			t.Errorf("%d kinds of people were removed and %d stayed", removed, stayed)
		}
		s.proofsStay(t, people)
	})
}

// proofsStay checks that consents and the trail are whole.
func (s *stage) proofsStay(t *testing.T, people []survey.Enrolment) {
	t.Helper()
	ctx := t.Context()
	for _, e := range people {
		consents, err := s.store.Consents(ctx, s.study.ID, e.ID)
		noError(t, err)
		same(t, len(consents), 1)
	}
	_, err := s.cases.Audits.Seal(ctx, system())
	noError(t, err)
	reports, err := s.cases.Audits.Verify(ctx, s.admin, survey.AuditVerification{})
	noError(t, err)
	for _, r := range reports {
		if !r.Whole() {
			t.Errorf("the trail: %+v", r.Faults)
		}
	}
}

func TestWhatIsHeldIsNotRemoved(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, s *stage) {
		ctx, u := t.Context(), s.cases.Retentions
		people := s.peopled(t)
		wantFaults(t, u.Hold(ctx, s.admin, s.study.ID, true, " "), survey.FieldErrors{"reason": "retention.reason_missing"})
		noError(t, u.Hold(ctx, s.admin, s.study.ID, true, "An inquiry of the board"))
		wantError(t, u.Hold(ctx, s.admin, s.study.ID, true, "again"), survey.ErrConflict)
		s.at(day("2030-01-01"))
		swept, err := u.Sweep(ctx, system(), nil)
		noError(t, err)
		same(t, []int{swept.Rows, swept.Held}, []int{0, 1})
		book, err := u.Book(ctx, s.admin, s.study.ID)
		noError(t, err)
		same(t, []any{book.Retention.HeldReason, book.Kinds[0].Due}, []any{"An inquiry of the board", len(people)})
		noError(t, u.Hold(ctx, s.admin, s.study.ID, false, "It is over"))
		swept, err = u.Sweep(ctx, system(), &s.study.ID)
		noError(t, err)
		same(t, swept.People[survey.RetainContact], len(people))
		for _, a := range []survey.Action{survey.ActionRetentionHeld, survey.ActionRetentionFreed} {
			n, err := s.store.CountAudit(ctx, s.study.ID, a)
			noError(t, err)
			same(t, n, 1)
		}
	})
}

func TestASweepThatWasCutOffIsGoneOnWith(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, s *stage) {
		ctx, u := t.Context(), s.cases.Retentions
		people := make([]survey.Person, 130) // more than one batch
		for i := range people {
			people[i].Name = fmt.Sprint("Person ", i)
		}
		_, err := s.byHand(t, "course", people...)
		noError(t, err)
		s.at(day("2027-06-01"))
		// Another server has begun and died: it holds the study for a while.
		noError(t, s.store.InTx(ctx, func(tx survey.Tx) error {
			ok, err := tx.LeaseRetention(ctx, s.study.ID, s.clock(), s.clock().Add(time.Minute))
			same(t, ok, true)
			return err
		}))
		swept, err := u.Sweep(ctx, system(), nil)
		noError(t, err)
		same(t, swept.Rows, 0)
		s.at(s.clock().Add(2 * time.Minute))
		cut, cancel := context.WithCancel(ctx)
		cancel()
		_, _ = u.Sweep(cut, system(), nil) // gets nowhere, or as far as it gets
		s.at(s.clock().Add(5 * time.Minute))
		swept, err = u.Sweep(ctx, system(), nil)
		noError(t, err)
		n, err := s.store.CountAudit(ctx, s.study.ID, survey.ActionRetentionRemoved)
		noError(t, err)
		same(t, []int{swept.People[survey.RetainContact], n}, []int{len(people), len(people)})
	})
}

func TestWhenAnswersGoFrozenDataGoToo(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, s *stage) {
		ctx := t.Context()
		s.answered(t)
		frozen := s.freeze(t, "First")
		noError(t, s.store.InTx(ctx, func(tx survey.Tx) error {
			_, err := tx.SetRetention(ctx, s.study.ID, []survey.RetentionRule{{Kind: survey.RetainAnswers, Anchor: survey.FromClosing, Days: 30}}, 1)
			return err
		}))
		noError(t, s.cases.Studies.Close(ctx, s.researcher, s.study.ID, true))
		s.at(s.clock().AddDate(0, 0, 29))
		swept, err := s.cases.Retentions.Sweep(ctx, system(), nil)
		noError(t, err)
		same(t, swept.Rows, 0)
		s.at(s.clock().AddDate(0, 0, 2))
		swept, err = s.cases.Retentions.Sweep(ctx, system(), nil)
		noError(t, err)
		if swept.People[survey.RetainAnswers] < 4 {
			t.Errorf("answers of %d people were removed", swept.People[survey.RetainAnswers])
		}
		rows := 0
		noError(t, s.store.EachResponse(ctx, s.study.ID, func(*survey.ResponseRow) error { rows++; return nil }))
		same(t, rows, 0)
		if removed := s.snapshot(t, frozen.Number).Removed; removed == nil || !strings.Contains(removed.Reason, "time for which") {
			t.Errorf("the snapshot says %+v", removed)
		}
		people, err := s.store.Enrolments(ctx, s.study.ID)
		noError(t, err)
		same(t, len(people), 6) // that they took part stays
	})
}

func TestTimesBecomeShorterAndNotLonger(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, s *stage) {
		ctx, u := t.Context(), s.cases.Retentions
		rule := func(k survey.RetentionKind, a survey.RetentionAnchor, days int) survey.RetentionRule {
			return survey.RetentionRule{Kind: k, Anchor: a, Days: days}
		}
		set := func(revision int, rules ...survey.RetentionRule) error {
			return u.Set(ctx, s.admin, s.study.ID, rules, revision)
		}
		contact, answers := survey.RetainContact, survey.RetainAnswers
		wantFaults(t, set(1), survey.FieldErrors{
			"contact": "retention.longer", "notes": "retention.longer", "messages": "retention.longer", "sign_ins": "retention.longer",
		})
		shorter := survey.DefaultRetention()
		shorter[0].Days = 90
		wantFaults(t, set(1, append(shorter, rule(answers, survey.FromClosing, 10))...), survey.FieldErrors{"answers": "retention.answers_stand"})
		noError(t, set(1, shorter...))
		wantError(t, set(1, shorter...), survey.ErrConflict) // written upon what was read before
		wantFaults(t, set(2, survey.DefaultRetention()...), survey.FieldErrors{"contact": "retention.longer"})
		for _, c := range []struct {
			rule  survey.RetentionRule
			fault string
		}{
			{rule(contact, "birth", 1), "retention.bad_anchor"}, {rule(contact, survey.FromClosing, -1), "retention.bad_days"},
			{rule(contact, survey.FromClosing, 36526), "retention.bad_days"}, {rule(answers, survey.FromLastWave, 1), "retention.answers_at_closing"},
		} {
			wantFaults(t, set(2, c.rule), survey.FieldErrors{string(c.rule.Kind): c.fault})
		}
		wantFaults(t, set(2, rule("shoes", survey.FromClosing, 1)), survey.FieldErrors{"rules": "retention.bad_kind"})
		draft, err := s.cases.Studies.Create(ctx, s.admin, survey.NewStudy{Protocol: "learning_from_setbacks_8", Key: "draft"})
		noError(t, err)
		noError(t, u.Set(ctx, s.admin, draft.ID, []survey.RetentionRule{rule(answers, survey.FromClosing, 3650)}, 1))
		told, err := u.Promised(ctx, s.consenting(t, 1)[0])
		noError(t, err)
		same(t, []any{len(told), told[0].Rule.Days, told[0].On.IsZero(), told[3].On.IsZero(), told[4].Kept}, []any{5, 90, false, true, true})
	})
}
