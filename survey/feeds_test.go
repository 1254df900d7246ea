package survey_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"tidemark/survey"
)

func TestACalendarShowsTheMeetingsAndNothingOfThePerson(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, s *stage) {
		a := s.consented(t, "course", 1)[0]
		token, err := s.cases.Calendars.Make(t.Context(), a, survey.CalendarChoice{Surveys: true})
		noError(t, err)
		ag, err := s.cases.Calendars.Follow(t.Context(), token)
		noError(t, err)
		same(t, len(ag.Meetings), 8)
		same(t, ag.Meetings[0].Starts, time.Date(2026, 3, 2, 17, 30, 0, 0, time.UTC))
		same(t, ag.Meetings[4].Starts, time.Date(2026, 3, 30, 16, 30, 0, 0, time.UTC)) // after the clocks changed
		days := []string{}
		for _, v := range ag.Surveys {
			days = append(days, v.Day.String())
		}
		if len(days) < 5 || !slices.IsSorted(days) {
			t.Errorf("got the last days %v", days)
		}
		keys := map[string]bool{}
		for _, m := range ag.Meetings {
			keys[m.Key] = true
		}
		for _, v := range ag.Surveys {
			keys[v.Key] = true
		}
		same(t, len(keys), len(ag.Meetings)+len(ag.Surveys))
		for k := range keys {
			if strings.Contains(k, string(a.Participation.Enrolment.ID)) || strings.Contains(k, string(s.run.ID)) {
				t.Errorf("the key %s tells what it stands for", k)
			}
		}
		bare, err := s.cases.Calendars.Copy(t.Context(), a, survey.CalendarChoice{})
		noError(t, err)
		same(t, len(bare.Surveys), 0)
		s.answer(t, a, "pre", 3)
		ag, err = s.cases.Calendars.Follow(t.Context(), token)
		noError(t, err)
		same(t, len(ag.Surveys), len(days)-1) // it is answered
	})
}

func TestAMovedMeetingKeepsItsKeyAndCountsItsChanges(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, s *stage) {
		a := s.consented(t, "course", 1)[0]
		token, err := s.cases.Calendars.Make(t.Context(), a, survey.CalendarChoice{})
		noError(t, err)
		before, err := s.cases.Calendars.Follow(t.Context(), token)
		noError(t, err)
		s.at(s.clock().Add(time.Hour))
		s.move(t, "2026-03-09")
		after, err := s.cases.Calendars.Follow(t.Context(), token)
		noError(t, err)
		for i, m := range after.Meetings {
			was := before.Meetings[i]
			same(t, m.Key, was.Key)
			if m.Changes <= was.Changes || !m.ChangedAt.After(was.ChangedAt) || !m.Starts.After(was.Starts) {
				t.Errorf("meeting %d: changed %d times, last %v, begins %v; before %d, %v, %v", m.Number, m.Changes, m.ChangedAt, m.Starts, was.Changes, was.ChangedAt, was.Starts)
			}
		}
	})
}

func TestAnAddressEndsWithWhateverEndsIt(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, s *stage) {
		ctx := t.Context()
		for name, end := range map[string]func(a survey.Actor){
			"ended": func(a survey.Actor) { noError(t, s.cases.Calendars.End(ctx, a)) },
			"made anew": func(a survey.Actor) {
				_, err := s.cases.Calendars.Make(ctx, a, survey.CalendarChoice{})
				noError(t, err)
			},
			"left":   func(a survey.Actor) { noError(t, s.cases.Enrolments.Withdraw(ctx, a)) },
			"erased": func(a survey.Actor) { s.erase(t, a) },
		} {
			a := s.consented(t, "course", 1)[0]
			token, err := s.cases.Calendars.Make(ctx, a, survey.CalendarChoice{})
			noError(t, err)
			_, err = s.cases.Calendars.Follow(ctx, token)
			noError(t, err)
			end(a)
			if _, err = s.cases.Calendars.Follow(ctx, token); err == nil {
				t.Errorf("%s: the address still works", name)
			}
			wantError(t, err, survey.ErrNotFound)
		}
		for _, token := range []string{"", "x", strings.Repeat("a", 10_000)} {
			_, err := s.cases.Calendars.Follow(ctx, token)
			wantError(t, err, survey.ErrNotFound)
		}
	})
}

func TestAFacilitatorFollowsOneRunOrAllThatTheyLead(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, s *stage) {
		ctx := t.Context()
		second, err := s.cases.Runs.Create(ctx, s.leader, s.study.ID, newRun())
		noError(t, err)
		one, err := s.cases.Calendars.MakeStaff(ctx, s.leader, second.ID)
		noError(t, err)
		all, err := s.cases.Calendars.MakeStaff(ctx, s.leader, "")
		noError(t, err)
		meetings := func(token string) int {
			t.Helper()
			ag, err := s.cases.Calendars.Follow(ctx, token)
			noError(t, err)
			same(t, ag.Staff, true)
			return len(ag.Meetings)
		}
		same(t, []int{meetings(one), meetings(all)}, []int{8, 16})
		_, err = s.cases.Runs.Create(ctx, s.leader, s.study.ID, newRun())
		noError(t, err)
		same(t, []int{meetings(one), meetings(all)}, []int{8, 24})
		own, err := s.cases.Calendars.Staff(ctx, s.leader)
		noError(t, err)
		same(t, []int{len(own.Runs), len(own.Feeds)}, []int{3, 2})
		noError(t, s.cases.Calendars.EndStaff(ctx, s.leader, second.ID))
		_, err = s.cases.Calendars.Follow(ctx, one)
		wantError(t, err, survey.ErrNotFound)
		noError(t, s.cases.Users.Disable(ctx, s.admin, s.leader.User.ID))
		_, err = s.cases.Calendars.Follow(ctx, all)
		wantError(t, err, survey.ErrNotFound)
	})
}
