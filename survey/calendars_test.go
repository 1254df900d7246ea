package survey_test

import (
	"testing"
	"time"

	"tidemark/survey"
	"tidemark/survey/schedule"
)

// change changes the calendar of the stage's run.
func (s *stage) rearrange(t *testing.T, ch survey.CalendarChange) error {
	t.Helper()
	return s.cases.Runs.ChangeCalendar(t.Context(), s.leader, s.study.ID, s.run.ID, ch)
}

// window is when a person can answer a wave, in Madrid.
func (s *stage) window(t *testing.T, a survey.Actor, wave, instrument string) [2]string {
	t.Helper()
	w := s.due(t, s.again(t, a.Participation.Enrolment.ID), wave, instrument).Window
	return [2]string{w.Opens.In(day(startsOn).Location()).Format(time.DateTime), w.Closes.In(day(startsOn).Location()).Format(time.DateTime)}
}

// Clocks go forward on 29 March, in the week that is skipped.
func TestASkippedWeekMovesAllThatComesAfterIt(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, s *stage) {
		a := s.consenting(t, 1)[0]
		noError(t, s.rearrange(t, survey.CalendarChange{Kind: survey.ChangeBreak, Meeting: 5, Days: 7}))
		same(t, [][2]string{
			s.window(t, a, "week_04", "weekly_check_in"), s.window(t, a, "week_05", "weekly_check_in"), s.window(t, a, "post", "resilience"),
			s.window(t, a, "followup_3m", "resilience"),
		}, [][2]string{
			{"2026-03-23 00:00:00", "2026-03-30 00:00:00"}, {"2026-04-06 00:00:00", "2026-04-13 00:00:00"},
			{"2026-04-28 00:00:00", "2026-05-19 00:00:00"}, {"2026-07-20 00:00:00", "2026-08-18 00:00:00"},
		})
		events, err := s.store.AuditEvents(t.Context(), s.study.ID, 1)
		noError(t, err)
		same(t, []any{events[0].Action, events[0].Detail}, []any{survey.ActionRunPaused, "days without meetings before meeting 5: 0 → 7"})
		// Said again it changes nothing; taken away, all is as it was.
		s.unchanged(t, func() {
			noError(t, s.rearrange(t, survey.CalendarChange{Kind: survey.ChangeBreak, Meeting: 5, Days: 7}))
		})
		noError(t, s.rearrange(t, survey.CalendarChange{Kind: survey.ChangeBreak, Meeting: 5}))
		run, err := s.store.Run(t.Context(), s.study.ID, s.run.ID)
		noError(t, err)
		same(t, run, s.run)
	})
}

func TestOneMeetingMovesAloneAndWithItsRun(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, s *stage) {
		s.at(day("2026-03-11").Add(12 * time.Hour)) // after the second meeting
		noError(t, s.rearrange(t, survey.CalendarChange{Kind: survey.ChangeMeeting, Meeting: 3, Day: "2026-03-18"}))
		noError(t, s.cases.Runs.Move(t.Context(), s.leader, s.study.ID, s.run.ID, "2026-03-09"))
		c, err := s.cases.Runs.Calendar(t.Context(), s.leader, s.study.ID, s.run.ID)
		noError(t, err)
		same(t, []string{c.Run.MeetingDay(2).String(), c.Run.MeetingDay(3).String(), c.Run.MeetingDay(4).String()},
			[]string{"2026-03-16", "2026-03-25", "2026-03-30"})
		sheet, err := s.cases.Runs.Meeting(t.Context(), s.leader, s.study.ID, s.run.ID, 3)
		noError(t, err)
		same(t, sheet.Day.String(), "2026-03-25")
		noError(t, s.rearrange(t, survey.CalendarChange{Kind: survey.ChangeMeeting, Meeting: 3}))
		run, err := s.store.Run(t.Context(), s.study.ID, s.run.ID)
		noError(t, err)
		same(t, []any{run.MeetingDay(3).String(), len(run.Moved)}, []any{"2026-03-23", 0})
	})
}

func TestACalendarThatCannotBeIsRefused(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, s *stage) {
		s.at(day("2026-03-11").Add(12 * time.Hour)) // two meetings have been held, the third is on the 16th
		for name, c := range map[string]struct {
			change survey.CalendarChange
			want   survey.FieldErrors
		}{
			"nothing":               {survey.CalendarChange{}, survey.FieldErrors{"kind": "run.unknown_change"}},
			"no date":               {survey.CalendarChange{Kind: survey.ChangeStart, Day: "soon"}, survey.FieldErrors{"starts_on": "run.bad_date"}},
			"no day":                {survey.CalendarChange{Kind: survey.ChangeMeeting, Meeting: 3, Day: "soon"}, survey.FieldErrors{"day": "run.bad_date"}},
			"the first":             {survey.CalendarChange{Kind: survey.ChangeMeeting, Meeting: 1, Day: "2026-03-20"}, survey.FieldErrors{"meeting": "run.first_meeting"}},
			"a ninth":               {survey.CalendarChange{Kind: survey.ChangeMeeting, Meeting: 9, Day: "2026-03-20"}, survey.FieldErrors{"meeting": "run.unknown_meeting"}},
			"one that was held":     {survey.CalendarChange{Kind: survey.ChangeMeeting, Meeting: 2, Day: "2026-03-20"}, survey.FieldErrors{"meeting": "run.meeting_held"}},
			"into the past":         {survey.CalendarChange{Kind: survey.ChangeMeeting, Meeting: 3, Day: "2026-03-10"}, survey.FieldErrors{"day": "run.meeting_past"}},
			"onto the next":         {survey.CalendarChange{Kind: survey.ChangeMeeting, Meeting: 3, Day: "2026-03-23"}, survey.FieldErrors{"day": "run.meeting_order"}},
			"a break of nothing":    {survey.CalendarChange{Kind: survey.ChangeBreak, Meeting: 1, Days: 7}, survey.FieldErrors{"meeting": "run.unknown_meeting"}},
			"a break that was over": {survey.CalendarChange{Kind: survey.ChangeBreak, Meeting: 2, Days: 7}, survey.FieldErrors{"meeting": "run.meeting_held"}},
			"years of break":        {survey.CalendarChange{Kind: survey.ChangeBreak, Meeting: 4, Days: 500}, survey.FieldErrors{"days": "run.bad_break"}},
		} {
			s.unchanged(t, func() {
				wantFaults(t, s.rearrange(t, c.change), c.want)
				_, err := s.cases.Runs.PreviewChange(t.Context(), s.leader, s.study.ID, s.run.ID, c.change)
				wantFaults(t, err, c.want)
			})
			if t.Failed() {
				t.Fatal(name)
			}
		}
		// A break that is going on cannot be taken away: the meeting would be over.
		noError(t, s.rearrange(t, survey.CalendarChange{Kind: survey.ChangeBreak, Meeting: 3, Days: 7}))
		s.at(day("2026-03-18"))
		wantFaults(t, s.rearrange(t, survey.CalendarChange{Kind: survey.ChangeBreak, Meeting: 3}), survey.FieldErrors{"days": "run.meeting_past"})
	})
}

func TestAPreviewTellsWhatChangesAndWritesNothing(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, s *stage) {
		people := s.consenting(t, 3)
		s.at(day("2026-03-04"))
		s.checkIn(t, people[0], 2)
		s.unchanged(t, func() {
			p, err := s.cases.Runs.PreviewChange(t.Context(), s.leader, s.study.ID, s.run.ID, survey.CalendarChange{Kind: survey.ChangeBreak, Meeting: 2, Days: 7})
			noError(t, err)
			moved := map[string]string{}
			for _, l := range p.Lines {
				if l.Now.Wave.Key == "week_01" {
					same(t, []any{l.Moves(), l.Answered, l.Begun}, []any{false, 0, 1}) // one of its two questionnaires
				}
				if l.Moves() && l.Then.Kind == schedule.EventMeeting {
					moved[schedule.DateOf(l.Now.Opens).String()] = schedule.DateOf(l.Then.Opens).String()
				}
			}
			same(t, len(moved), 7)
			same(t, moved["2026-03-09"], "2026-03-16")
			same(t, len(p.Clashes()), 0)
		})
		p, err := s.cases.Runs.PreviewChange(t.Context(), s.leader, s.study.ID, s.run.ID, survey.CalendarChange{Kind: survey.ChangeStart, Day: "2026-02-16"})
		noError(t, err)
		for _, l := range p.Lines {
			if l.Now.Wave.Key == "week_01" {
				same(t, []any{l.Shuts(s.clock()), l.Reopens(s.clock())}, []any{true, false})
			}
		}
		p, err = s.cases.Runs.PreviewChange(t.Context(), s.leader, s.study.ID, s.run.ID, survey.CalendarChange{Kind: survey.ChangeStart, Day: "2026-03-23"})
		noError(t, err)
		if !p.Lines[0].Moves() || p.Lines[0].Now.Wave.Key != "pre" || !p.Lines[0].Reopens(day("2026-03-10")) {
			t.Errorf("the survey before the course opens once more: %+v", p.Lines[0])
		}
	})
}

// What was answered before a change stays as it was given.
func TestWhatWasAnsweredStaysWhenACalendarChanges(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, s *stage) {
		a := s.consenting(t, 1)[0]
		s.at(day("2026-03-04"))
		s.checkIn(t, a, 3)
		noError(t, s.rearrange(t, survey.CalendarChange{Kind: survey.ChangeBreak, Meeting: 2, Days: 14}))
		noError(t, s.cases.Runs.Move(t.Context(), s.leader, s.study.ID, s.run.ID, "2026-05-04"))
		it := s.due(t, s.again(t, a.Participation.Enrolment.ID), "week_01", "weekly_check_in")
		same(t, it.State, survey.AssessmentSubmitted)
	})
}
