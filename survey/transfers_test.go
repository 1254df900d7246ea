package survey_test

import (
	"fmt"
	"testing"
	"time"

	"tidemark/survey"
	"tidemark/survey/allocation"
	"tidemark/survey/reminding"
)

// runFrom is another run of the study, that begins on a day.
func (s *stage) runFrom(t *testing.T, name, startsOn string) survey.CourseRun {
	t.Helper()
	n := newRun()
	n.Name, n.StartsOn = name, startsOn
	r, err := s.cases.Runs.Create(t.Context(), s.leader, s.study.ID, n)
	noError(t, err)
	return r
}

// transfer lets somebody go on in another run, from whichever they are in.
func (s *stage) transfer(t *testing.T, a survey.Actor, to survey.RunID) error {
	t.Helper()
	now := s.again(t, a.Participation.Enrolment.ID).Participation
	return s.cases.Runs.TransferPerson(t.Context(), s.leader, s.study.ID, now.Run.ID, now.Enrolment.ID, survey.NewTransfer{To: to, Reason: "works late on Mondays", Sure: true})
}

// standsAs is how a person's occasions stand, by wave, as their board, their own page
// and their sheet say; a test fails where these disagree.
func (s *stage) standsAs(t *testing.T, a survey.Actor) map[string]survey.AssessmentState {
	t.Helper()
	p := s.again(t, a.Participation.Enrolment.ID)
	own := map[string]survey.AssessmentState{}
	items, err := s.cases.Assessments.Due(t.Context(), p)
	noError(t, err)
	for _, it := range items {
		own[it.Wave.Key] = it.State
	}
	sheet, err := s.cases.Runs.Person(t.Context(), s.leader, s.study.ID, p.Participation.Run.ID, p.Participation.Enrolment.ID)
	noError(t, err)
	for _, w := range sheet.Waves {
		if own[w.Wave.Key] != w.Cell.State {
			t.Errorf("%s is %s for the person and %s for the facilitator", w.Wave.Key, own[w.Wave.Key], w.Cell.State)
		}
	}
	return own
}

// Whenever somebody goes on in a run that begins so many days earlier or later: what
// was answered stays, what is to come follows the new run, what was over there before
// they came is not asked, and their arm, links and consent stay.
func TestWhoGoesOnInAnotherRunKeepsWhatTheyAnsweredAndFollowsItsCalendar(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, s *stage) {
		for _, days := range []int{-42, -7, 7, 70} {
			for _, after := range []int{-3, 10, 40} {
				t.Run(fmt.Sprintf("%d days, on day %d", days, after), func(t *testing.T) {
					s.at(day("2026-02-23").Add(12 * time.Hour))
					to := s.runFrom(t, fmt.Sprint(days, after), day(startsOn).AddDate(0, 0, days).Format(time.DateOnly))
					a := s.consenting(t, 1)[0]
					s.at(day("2026-02-24").Add(12 * time.Hour))
					s.answer(t, a, "pre", 3)
					moved := day(startsOn).AddDate(0, 0, after).Add(12 * time.Hour)
					s.at(moved)
					before, stood := s.again(t, a.Participation.Enrolment.ID).Participation, s.standsAs(t, a)
					look, err := s.cases.Runs.Transfer(t.Context(), s.leader, s.study.ID, s.run.ID, before.Enrolment.ID, to.ID)
					noError(t, err)
					noError(t, s.transfer(t, a, to.ID))
					now := s.again(t, before.Enrolment.ID).Participation
					same(t, []any{now.Run.ID, now.Enrolment.ArmID, now.Enrolment.EnrolledAt, now.ConsentVersion, now.Enrolment.Code},
						[]any{to.ID, before.Enrolment.ArmID, before.Enrolment.EnrolledAt, before.ConsentVersion, before.Enrolment.Code})
					states, table, late := s.standsAs(t, a), to.Timetable(s.design(t).Waves), 0
					for _, w := range look.To.Waves {
						window := table.Window(w.Wave.ID, now.Enrolment, nil)
						same(t, window, w.New)
						want := survey.AssessmentScheduled
						switch {
						case w.Wave.Key == "pre":
							want = stood["pre"]
						case window.IsZero():
							want, late = "", late+1 // is in no list
							if general := table.General(w.Wave.ID); general.Closes.After(moved) {
								t.Errorf("%s is still open there and not asked", w.Wave.Key)
							}
						case !window.Opens.After(moved):
							want = survey.AssessmentOpen
						}
						same(t, states[w.Wave.Key], want)
					}
					if (late > 0) != (days+7 < after) && days < 0 {
						t.Errorf("%d waves are not asked", late)
					}
				})
			}
		}
	})
}

func TestATransferSaysWhatStandsAgainstIt(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, s *stage) {
		ctx := t.Context()
		to := s.runFrom(t, "Later", "2026-04-06")
		a := s.consenting(t, 1)[0]
		id := a.Participation.Enrolment.ID
		move := func(by survey.Actor, n survey.NewTransfer) error {
			return s.cases.Runs.TransferPerson(ctx, by, s.study.ID, s.run.ID, id, n)
		}
		wantFaults(t, move(s.leader, survey.NewTransfer{To: to.ID}), survey.FieldErrors{"reason": "transfer.no_reason"})
		wantFaults(t, move(s.leader, survey.NewTransfer{To: s.run.ID, Reason: "x"}), survey.FieldErrors{"to": "transfer.bad_run"})
		one := s.user(t, survey.Grant{Role: survey.RoleFacilitator, StudyID: s.study.ID, RunID: s.run.ID})
		wantFaults(t, move(one, survey.NewTransfer{To: to.ID, Reason: "x"}), survey.FieldErrors{"to": "transfer.bad_run"})
		// A full run takes them only if somebody is sure, and nobody who waits is passed unseen.
		noError(t, s.cases.Entries.Set(ctx, s.leader, s.study.ID, to.ID, survey.EntrySettings{Allowed: true, AskEmail: "no", Capacity: "1"}))
		_, err := s.cases.Runs.AddPeople(ctx, s.leader, s.study.ID, to.ID, make([]survey.Person, 1), "")
		noError(t, err)
		look, err := s.cases.Runs.Transfer(ctx, s.leader, s.study.ID, s.run.ID, id, to.ID)
		noError(t, err)
		same(t, []any{look.To.Full(), look.To.Capacity, look.To.Taken, look.To.Fault}, []any{true, 1, 1, ""})
		wantFaults(t, move(s.leader, survey.NewTransfer{To: to.ID, Reason: "x"}), survey.FieldErrors{"sure": "transfer.full"})
		once := survey.Once("a-form-that-is-sent-twice")
		noError(t, move(s.leader, survey.NewTransfer{To: to.ID, Reason: "x", Sure: true, Once: once}))
		wantError(t, move(s.leader, survey.NewTransfer{To: to.ID, Reason: "x", Sure: true, Once: once}), survey.ErrRepeated)
		wantError(t, move(s.leader, survey.NewTransfer{To: to.ID, Reason: "x", Sure: true}), survey.ErrNotFound)
		for action, want := range map[survey.Action]int{survey.ActionPersonMoved: 1, survey.ActionTransferred: 2} {
			n, err := s.store.CountAudit(ctx, s.study.ID, action)
			noError(t, err)
			same(t, n, want)
		}
		// Who has left, or has crossed over, stays.
		b := s.consenting(t, 2)
		noError(t, s.cases.Enrolments.Withdraw(ctx, b[0]))
		wantFaults(t, s.transfer(t, b[0], to.ID), survey.FieldErrors{"to": "transfer.left"})
		noError(t, s.store.InTx(ctx, func(tx survey.Tx) error {
			return tx.CrossOver(ctx, s.study.ID, to.ID, []survey.Crossing{{EnrolmentID: b[1].Participation.Enrolment.ID, At: s.clock(), LinkUntil: s.clock()}})
		}))
		wantFaults(t, s.transfer(t, b[1], to.ID), survey.FieldErrors{"to": "transfer.crossed"})
	})
}

func TestWholeRunsThatWereAllottedKeepTheirPeople(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, s *stage) {
		study, researcher, leader := s.draft(t, "runs")
		noError(t, s.cases.Allocations.Set(t.Context(), researcher, study.ID, survey.NewAllocation{
			Method: allocation.Blocks, Unit: allocation.ByRun, Sizes: []int{2}, Shares: s.shares(t, study.ID, 1, 1),
		}))
		noError(t, s.cases.Studies.Open(t.Context(), s.admin, study.ID))
		s.study, s.leader = study, leader
		var runs []survey.CourseRun
		people := map[survey.ArmID][]survey.Enrolment{}
		for i := range 4 {
			r := s.runFrom(t, fmt.Sprint("Run ", i), startsOn)
			e, err := s.cases.Runs.AddPeople(t.Context(), leader, study.ID, r.ID, make([]survey.Person, 1), "")
			noError(t, err)
			runs, people[e[0].ArmID] = append(runs, r), append(people[e[0].ArmID], e[0])
		}
		empty := s.runFrom(t, "Nobody yet", startsOn)
		for arm, there := range people {
			a := s.again(t, there[0].ID)
			wantFaults(t, s.transfer(t, a, empty.ID), survey.FieldErrors{"to": "transfer.no_arm"})
			for other, elsewhere := range people {
				if other != arm {
					wantFaults(t, s.transfer(t, a, elsewhere[1].RunID), survey.FieldErrors{"to": "transfer.other_arm"})
				}
			}
			noError(t, s.transfer(t, a, there[1].RunID))
		}
		same(t, len(runs), 4)
	})
}

// Attendance stays with the run whose meeting it was, the link stays, and messages are
// decided on anew.
func TestWhoGoesOnIsWrittenToAnewAndKeepsTheirLink(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, s *stage) {
		ctx := t.Context()
		s.writing(t, func(r *reminding.Rules) { r.On = true })
		a := s.invite(t, "ana@example.org")[0]
		id := a.Participation.Enrolment.ID
		to := s.runFrom(t, "Later", "2026-05-04")
		links, err := s.store.Links(ctx, s.study.ID, s.run.ID)
		noError(t, err)
		token := s.keys.PersonalToken(s.study.ID, id, links[id].Generation)
		box := &waveBox{}
		s.at(clockAt("2026-03-01", "10:00"))
		first := s.round(t, box)
		if len(first) == 0 {
			t.Fatal("nothing was sent before")
		}
		s.at(clockAt("2026-03-03", "10:00"))
		noError(t, s.cases.Runs.NoteAttendance(ctx, s.leader, s.study.ID, s.run.ID, 1, []survey.EnrolmentID{id}))
		noError(t, s.transfer(t, a, to.ID))
		same(t, len(s.round(t, box)), 0) // nothing of the run that they have left
		var later []string
		for d := range 14 {
			s.at(clockAt("2026-04-22", "10:00").AddDate(0, 0, d))
			later = append(later, s.round(t, box)...)
		}
		if len(later) == 0 {
			t.Error("nobody is invited in the new run")
		}
		_, p, err := s.cases.SignIns.ByPersonalLink(ctx, token)
		noError(t, err)
		same(t, p.Run.ID, to.ID)
		notes, err := s.store.Attendance(ctx, s.study.ID, s.run.ID)
		noError(t, err)
		same(t, len(notes), 1)
		noError(t, s.cases.Runs.NoteAttendance(ctx, s.leader, s.study.ID, to.ID, 1, nil))
		all, err := s.store.StudyAttendance(ctx, s.study.ID)
		noError(t, err)
		same(t, all, []survey.Attendance{{EnrolmentID: id, Meeting: 1, Present: true}})
	})
}
