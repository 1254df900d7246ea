package survey_test

import (
	"errors"
	"math"
	"sync"
	"testing"
	"time"

	"tidemark/survey"
	"tidemark/survey/schedule"
)

// dayOf reads a day.
func dayOf(t *testing.T, text string) schedule.Date {
	t.Helper()
	d, err := schedule.ParseDate(text)
	noError(t, err)
	return d
}

// consented are people of an arm who have agreed to take part.
func (s *stage) consented(t *testing.T, arm string, n int) []survey.Actor {
	t.Helper()
	people := s.enrol(t, arm, n)
	for i, a := range people {
		noError(t, s.cases.Enrolments.Consent(t.Context(), a, 1))
		people[i] = s.again(t, a.Participation.Enrolment.ID)
	}
	return people
}

// practised is a sound entry for a day.
func practised(t *testing.T, day string, minutes int) survey.NewPractice {
	t.Helper()
	formal := true
	return survey.NewPractice{Day: dayOf(t, day), Practice: "week_01", Minutes: minutes, Formal: &formal}
}

func TestTheBookFollowsTheRun(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, s *stage) {
		a := s.consented(t, "course", 1)[0]
		for _, c := range []struct {
			now         string // noon in UTC
			week        int
			goingOn     bool
			first, last string // of the days that can be noted; empty: none
			weeks       int
		}{
			{"2026-02-23", 0, false, "", "", 0},
			{"2026-03-01", 0, false, "", "", 0},
			{"2026-03-02", 1, true, "2026-03-02", "2026-03-02", 1},
			{"2026-03-08", 1, true, "2026-03-02", "2026-03-08", 1},
			{"2026-03-11", 2, true, "2026-03-04", "2026-03-11", 2},
			{"2026-04-26", 8, true, "2026-04-19", "2026-04-26", 8},
			{"2026-04-27", 9, false, "2026-04-20", "2026-04-26", 8},
			{"2026-05-03", 9, false, "2026-04-26", "2026-04-26", 8},
			{"2026-05-04", 10, false, "", "", 8},
		} {
			s.at(day(c.now).Add(12 * time.Hour))
			b, err := s.cases.Practices.Book(t.Context(), a)
			noError(t, err)
			same(t, []any{b.Week, b.GoingOn(), len(b.Weeks), b.CanNote()}, []any{c.week, c.goingOn, c.weeks, c.first != ""})
			if c.first != "" {
				days := b.Days()
				same(t, []string{days[len(days)-1].String(), days[0].String()}, []string{c.first, c.last})
			}
		}
		// Midnight is that of the place, not of Greenwich.
		s.at(time.Date(2026, 3, 8, 23, 30, 0, 0, time.UTC))
		b, err := s.cases.Practices.Book(t.Context(), a)
		noError(t, err)
		same(t, []any{b.Week, b.Today.String(), b.Weeks[0].Meeting.Number}, []any{2, "2026-03-09", 2})
	})
}

func TestPracticeIsNotedCorrectedAndRemoved(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, s *stage) {
		people := s.consented(t, "course", 2)
		a, u := people[0], s.cases.Practices
		s.at(day("2026-03-11").Add(12 * time.Hour))
		seven := 7
		n := practised(t, "2026-03-09", 20)
		n.Practice, n.Helpful = "week_02", &seven
		noError(t, u.Note(t.Context(), a, practised(t, "2026-03-08", 5), ""))
		noError(t, u.Note(t.Context(), a, practised(t, "2026-03-08", 10), ""))
		noError(t, u.Note(t.Context(), a, n, ""))
		b, err := u.Log(t.Context(), a)
		noError(t, err)
		same(t, len(b.Weeks), 2)
		same(t, []int{b.Weeks[0].Minutes, b.Weeks[0].Days, b.Weeks[1].Minutes, b.Weeks[1].Days}, []int{20, 1, 15, 1})
		e := b.Weeks[0].Entries[0]
		same(t, []any{e.Practice, *e.Helpful, e.Formal, e.ChangedAt.IsZero()}, []any{"week_02", 7, true, true})

		informal := false
		n.Minutes, n.Helpful, n.Formal = 25, nil, &informal
		noError(t, u.Correct(t.Context(), a, e.ID, n))
		wantError(t, u.Correct(t.Context(), people[1], e.ID, n), survey.ErrNotFound)
		noError(t, u.Remove(t.Context(), people[1], e.ID)) // theirs is not there
		b, err = u.Log(t.Context(), a)
		noError(t, err)
		e = b.Weeks[0].Entries[0]
		same(t, []any{e.Minutes, e.Helpful == nil, e.Formal, e.ChangedAt.IsZero()}, []any{25, true, false, false})

		// Long after, what was noted can be put right where it is, and not moved.
		s.at(day("2026-04-20").Add(12 * time.Hour))
		n.Minutes = 30
		noError(t, u.Correct(t.Context(), a, e.ID, n))
		n.Day = dayOf(t, "2026-03-10")
		wantFault(t, u.Correct(t.Context(), a, e.ID, n), "day", "practice.fault_day")
		noError(t, u.Remove(t.Context(), a, e.ID))
		noError(t, u.Remove(t.Context(), a, e.ID))
		wantError(t, u.Correct(t.Context(), a, e.ID, n), survey.ErrNotFound)
	})
}

// wantFault checks for one fault of one field.
func wantFault(t *testing.T, err error, field, fault string) {
	t.Helper()
	faults, _ := errors.AsType[survey.FieldErrors](err)
	if len(faults) != 1 || faults[field] != fault {
		t.Errorf("got %v, want %s: %s", err, field, fault)
	}
}

func TestPracticeOutOfRangeIsRefusedAndNothingIsWritten(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, s *stage) {
		a, u := s.consented(t, "course", 1)[0], s.cases.Practices
		s.at(day("2026-03-11").Add(12 * time.Hour))
		eleven, below := 11, -1
		for name, c := range map[string]struct {
			change       func(*survey.NewPractice)
			field, fault string
		}{
			"no day":            {func(n *survey.NewPractice) { n.Day = schedule.Date{} }, "day", "practice.fault_day"},
			"tomorrow":          {func(n *survey.NewPractice) { n.Day = n.Day.AddDays(1) }, "day", "practice.fault_day"},
			"eight days ago":    {func(n *survey.NewPractice) { n.Day = n.Day.AddDays(-8) }, "day", "practice.fault_day"},
			"no minutes":        {func(n *survey.NewPractice) { n.Minutes = 0 }, "minutes", "practice.fault_minutes"},
			"too many minutes":  {func(n *survey.NewPractice) { n.Minutes = 601 }, "minutes", "practice.fault_minutes"},
			"neither":           {func(n *survey.NewPractice) { n.Formal = nil }, "formal", "practice.fault_formal"},
			"helpful 11":        {func(n *survey.NewPractice) { n.Helpful = &eleven }, "helpful", "practice.fault_helpful"},
			"helpful -1":        {func(n *survey.NewPractice) { n.Helpful = &below }, "helpful", "practice.fault_helpful"},
			"no practice":       {func(n *survey.NewPractice) { n.Practice = "" }, "practice", "practice.fault_which"},
			"a later practice":  {func(n *survey.NewPractice) { n.Practice = "week_03" }, "practice", "practice.fault_which"},
			"practice of none":  {func(n *survey.NewPractice) { n.Practice = "week_00" }, "practice", "practice.fault_which"},
			"another spelling":  {func(n *survey.NewPractice) { n.Practice = "week_1" }, "practice", "practice.fault_which"},
			"something strange": {func(n *survey.NewPractice) { n.Practice = "=1+1" }, "practice", "practice.fault_which"},
		} {
			n := practised(t, "2026-03-11", 10)
			c.change(&n)
			t.Run(name, func(t *testing.T) { wantFault(t, u.Note(t.Context(), a, n, ""), c.field, c.fault) })
		}
		for range survey.MaxPracticesPerDay {
			noError(t, u.Note(t.Context(), a, practised(t, "2026-03-10", 1), ""))
		}
		wantFault(t, u.Note(t.Context(), a, practised(t, "2026-03-10", 1), ""), "day", "practice.fault_many")
		noError(t, u.Note(t.Context(), a, practised(t, "2026-03-04", 600), ""))
		wantError(t, u.Note(t.Context(), a, practised(t, "2026-03-11", 1), "forged' --"), survey.ErrConflict)
		b, err := u.Log(t.Context(), a)
		noError(t, err)
		same(t, []int{len(b.Weeks[0].Entries), len(b.Weeks[1].Entries)}, []int{survey.MaxPracticesPerDay, 1})
	})
}

func TestAPracticeFormSentTwiceNotesOnce(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, s *stage) {
		a := s.consented(t, "course", 1)[0]
		s.at(day("2026-03-03").Add(12 * time.Hour))
		var wait sync.WaitGroup
		results := make([]error, 6)
		for i := range results {
			wait.Go(func() {
				results[i] = s.cases.Practices.Note(t.Context(), a, practised(t, "2026-03-03", 10), "ABCDEFGHIJKLMNOP")
			})
		}
		wait.Wait()
		done := 0
		for _, err := range results {
			switch {
			case err == nil:
				done++
			case !errors.Is(err, survey.ErrRepeated):
				t.Errorf("got %v, want ErrRepeated", err)
			}
		}
		b, err := s.cases.Practices.Log(t.Context(), a)
		noError(t, err)
		same(t, []int{done, len(b.Weeks[0].Entries)}, []int{1, 1})
		// Back, something else, and sent again: that is told, not passed over.
		wantError(t, s.cases.Practices.Note(t.Context(), a, practised(t, "2026-03-03", 20), "ABCDEFGHIJKLMNOP"), survey.ErrConflict)
	})
}

// A run can be moved after people have practised; what they noted stays.
func TestEntriesOfAMovedRunStay(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, s *stage) {
		a, u := s.consented(t, "course", 1)[0], s.cases.Practices
		s.at(day("2026-03-11").Add(12 * time.Hour))
		noError(t, u.Note(t.Context(), a, practised(t, "2026-03-05", 10), ""))
		noError(t, u.Note(t.Context(), a, practised(t, "2026-03-10", 20), ""))
		noError(t, s.cases.Runs.Move(t.Context(), s.leader, s.study.ID, s.run.ID, "2026-03-09"))
		p, err := s.store.Participation(t.Context(), s.study.ID, a.Participation.Enrolment.ID)
		noError(t, err)
		b, err := u.Log(t.Context(), survey.ParticipantActor(p))
		noError(t, err)
		same(t, len(b.Weeks), 2)
		same(t, []any{b.Weeks[0].Number, b.Weeks[0].Minutes, b.Weeks[1].Number, b.Weeks[1].Minutes, b.Weeks[1].InPlan},
			[]any{1, 20, 0, 10, false})
	})
}

func TestPracticeAndNotesNeedConsentACourseAndSomebodyWhoStays(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, s *stage) {
		s.at(day("2026-03-03").Add(12 * time.Hour))
		a := s.consented(t, "course", 1)[0]
		waiting := s.consented(t, "waitlist", 1)[0]
		fresh := a
		fresh.Participation.ConsentVersion = 0
		noError(t, s.cases.Notes.Write(t.Context(), a, survey.NoteOwnWords, []string{"one step"}, ""))
		notes, err := s.cases.Notes.List(t.Context(), a, survey.NoteOwnWords)
		noError(t, err)
		noError(t, s.cases.Practices.Note(t.Context(), a, practised(t, "2026-03-03", 10), "ABCDEFGHIJKLMNOP"))

		tries := func(a survey.Actor) map[string]error {
			id := notes[0].ID
			return map[string]error{
				"Book":    second(s.cases.Practices.Book(t.Context(), a)),
				"Log":     second(s.cases.Practices.Log(t.Context(), a)),
				"Note":    s.cases.Practices.Note(t.Context(), a, practised(t, "2026-03-03", 10), ""),
				"Correct": s.cases.Practices.Correct(t.Context(), a, "ABCDEFGHIJKLMNOP", practised(t, "2026-03-03", 10)),
				"Remove":  s.cases.Practices.Remove(t.Context(), a, "ABCDEFGHIJKLMNOP"),
				"Write":   s.cases.Notes.Write(t.Context(), a, survey.NoteOwnWords, []string{"x"}, ""),
				"Change":  s.cases.Notes.Change(t.Context(), a, survey.NoteOwnWords, id, []string{"x"}),
				"Share":   s.cases.Notes.Share(t.Context(), a, survey.NoteOwnWords, id, true),
			}
		}
		all := func(who string, a survey.Actor, want error) {
			for name, err := range tries(a) {
				if !errors.Is(err, want) {
					t.Errorf("%s, %s: got %v, want %v", who, name, err, want)
				}
			}
		}
		all("before consent", fresh, survey.ErrConsentRequired)
		wantError(t, second(s.cases.Notes.List(t.Context(), fresh, survey.NoteOwnWords)), survey.ErrConsentRequired)
		all("waiting", waiting, survey.ErrNotFound)
		wantError(t, second(s.cases.Notes.List(t.Context(), waiting, survey.NoteOwnWords)), survey.ErrNotFound)

		// The request was read before the person left on another device.
		noError(t, s.cases.Enrolments.Withdraw(t.Context(), a))
		for name, err := range tries(a) {
			if name != "Book" && name != "Log" && !errors.Is(err, survey.ErrWithdrawn) {
				t.Errorf("left meanwhile, %s: got %v, want ErrWithdrawn", name, err)
			}
		}
		p, err := s.store.Participation(t.Context(), s.study.ID, a.Participation.Enrolment.ID)
		noError(t, err)
		all("after leaving", survey.ParticipantActor(p), survey.ErrWithdrawn)
	})
}

func TestTheBoardTellsWhatTheGroupPractisedAndNobodysPart(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, s *stage) {
		people := s.consented(t, "course", survey.DefaultTrendMinimum)
		s.at(day("2026-03-06").Add(12 * time.Hour))
		for _, a := range people[1:] {
			noError(t, s.cases.Practices.Note(t.Context(), a, practised(t, "2026-03-04", 30), ""))
		}
		board := func(at string) survey.Board {
			s.at(day(at).Add(12 * time.Hour))
			s.tell(t)
			return s.board(t)
		}
		if b := board("2026-03-15"); b.Practice != nil || b.PracticeWeeks != 0 {
			t.Errorf("a week that can be added to is shown: %+v", b.Practice)
		}
		if b := board("2026-03-16"); b.Practice != nil || b.PracticeWeeks != 1 {
			t.Errorf("with nine people of ten: %+v, %d weeks", b.Practice, b.PracticeWeeks)
		}
		s.at(day("2026-03-11").Add(12 * time.Hour))
		noError(t, s.cases.Practices.Note(t.Context(), people[0], practised(t, "2026-03-08", 15), ""))
		noError(t, s.cases.Practices.Note(t.Context(), people[0], practised(t, "2026-03-09", 500), "")) // alone in the second week
		b := board("2026-03-23")
		if b.Practice == nil {
			t.Fatal("with ten people nothing is shown")
		}
		same(t, *b.Practice, survey.GroupPractice{Weeks: []int{1}, Minutes: 300}) // 285 to the hour
		same(t, b.PracticeWeeks, 2)
		same(t, board("2027-01-01").PracticeWeeks, 8)
	})
}

func TestTheDoseCountsWeeksThatAreOverAndThoseWhoNoteAnything(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, s *stage) {
		people := s.consented(t, "course", 7)
		s.consented(t, "waitlist", 2)
		dose := func() survey.PracticeDose {
			t.Helper()
			d, err := s.cases.Practices.Dose(t.Context(), s.researcher, s.study.ID)
			noError(t, err)
			return d
		}
		same(t, dose(), survey.PracticeDose{}) // the course has not begun
		note := func(n int, day string, minutes int) {
			t.Helper()
			noError(t, s.cases.Practices.Note(t.Context(), people[n], practised(t, day, minutes), ""))
		}
		s.at(day("2026-03-08").Add(12 * time.Hour))
		for n := range 4 {
			note(n, "2026-03-03", 10*(n+1)) // 10, 20, 30, 40 in the first week
		}
		s.at(day("2026-03-16").Add(12 * time.Hour)) // two weeks are over
		same(t, dose(), survey.PracticeDose{People: 7})
		note(4, "2026-03-10", 100) // the fifth person, in the second week
		note(0, "2026-03-11", 30)  // the first person once more
		note(1, "2026-03-16", 500) // in a week that is not over
		noError(t, s.cases.Enrolments.Withdraw(t.Context(), people[5]))
		// Minutes per week: 20, 10, 15, 20, 50; 6 of 10 weeks with any.
		want := survey.PracticeDose{People: 7, Noted: 5, Weeks: 10, Mean: 23, Median: 20, Practised: 0.6, Shown: true}
		got := dose()
		if math.Abs(got.Mean-want.Mean) < 1e-9 {
			got.Mean = want.Mean
		}
		same(t, got, want)
		// Who leaves is counted up to then.
		s.at(day("2026-03-23").Add(12 * time.Hour))
		noError(t, s.cases.Enrolments.Withdraw(t.Context(), people[4]))
		s.at(day("2026-04-06").Add(12 * time.Hour))
		got = dose()
		same(t, []int{got.People, got.Noted, got.Weeks}, []int{7, 5, 4*5 + 3})
	})
}
