package survey_test

import (
	"slices"
	"strings"
	"testing"

	"tidemark/survey"
	"tidemark/survey/reminding"
	"tidemark/survey/schedule"
)

// What does not fit is told before a run is made: windows that are over, a course that
// is longer than its study asks for, a clock that goes forward, another run's day.
func TestANewRunIsLookedAtBeforeItIsMade(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, s *stage) {
		look := func(change func(*survey.NewRun)) survey.RunPreview {
			n := newRun()
			n.Name, n.MeetingTime = "Looked at", "10:00"
			change(&n)
			p, err := s.cases.Runs.PreviewRun(t.Context(), s.leader, s.study.ID, n)
			noError(t, err)
			return p
		}
		kinds := func(p survey.RunPreview) []schedule.ClashKind {
			var all []schedule.ClashKind
			for _, c := range p.Clashes {
				all = append(all, c.Kind)
			}
			return all
		}
		before, err := s.store.Runs(t.Context(), s.study.ID)
		noError(t, err)

		start := s.run.StartsOn
		p := look(func(n *survey.NewRun) { n.StartsOn = start.AddDays(1).String() })
		same(t, []any{p.Clashing(), p.Coming, len(p.Course.Weeks), len(p.Messages) > 0}, []any{false, true, 8, true})
		p = look(func(n *survey.NewRun) { n.StartsOn = start.AddDays(14).String() })
		same(t, []any{p.Clashing(), len(p.SameDay), p.SameDay[0].Meeting, p.SameDay[0].OtherMeeting, p.SameDay[0].Other.ID}, []any{true, 6, 1, 3, s.run.ID})
		p = look(func(n *survey.NewRun) {
			n.CourseKey, n.StartsOn = "learning_from_setbacks_10", start.AddDays(1).String()
		})
		same(t, kinds(p), []schedule.ClashKind{schedule.ClashPostEarly})
		p = look(func(n *survey.NewRun) { n.StartsOn, n.MeetingTime, n.TimeZone = "2027-03-28", "02:30", "Europe/Berlin" })
		same(t, kinds(p), []schedule.ClashKind{schedule.ClashNoSuchTime})
		p = look(func(n *survey.NewRun) { n.StartsOn = start.AddDays(-400).String() })
		// Who is added late has a week for the first survey, and is written to about it.
		same(t, []any{p.Coming, len(p.Past), len(p.Messages)}, []any{false, 11, 3})

		_, err = s.cases.Runs.PreviewRun(t.Context(), s.leader, s.study.ID, survey.NewRun{})
		wantFaults(t, err, survey.FieldErrors{
			"name": "run.name_missing", "meeting_time": "run.bad_time", "starts_on": "run.bad_date", "course": "run.unknown_course",
		})
		after, err := s.store.Runs(t.Context(), s.study.ID)
		noError(t, err)
		same(t, len(after), len(before))
	})
}

func TestSettingUpCanBeGoneOnWithAnywhere(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, s *stage) {
		n := newRun()
		n.Name, n.StartsOn = "Second", s.run.StartsOn.AddDays(1).String()
		run, err := s.cases.Runs.Create(t.Context(), s.leader, s.study.ID, n)
		noError(t, err)
		setup, err := s.cases.Runs.Setup(t.Context(), s.leader, s.study.ID, run.ID)
		noError(t, err)
		same(t, []any{setup.People, setup.Stops(), setup.Clashing(), setup.Run.Name}, []any{0, false, false, "Second"})
		_, err = s.cases.Runs.AddPeople(t.Context(), s.leader, s.study.ID, run.ID, []survey.Person{{Name: "Ana"}, {Name: "Bo"}}, "")
		noError(t, err)
		setup, err = s.cases.Runs.Setup(t.Context(), s.leader, s.study.ID, run.ID)
		noError(t, err)
		same(t, setup.People, 2)
	})
}

// Holiday weeks are told by any of their days when a run is made: what comes after
// them is later, in the look ahead as in the run.
func TestAWeekIsSkippedWhenARunIsMade(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, s *stage) {
		n := newRun() // meets on Mondays from 2 March
		n.Name = "With holidays"
		n.Skip = []string{"2026-04-05", "", "2026-03-18", "2026-03-16", "2026-03-27"} // a Sunday; twice the third week; the week after it
		p, err := s.cases.Runs.PreviewRun(t.Context(), s.leader, s.study.ID, n)
		noError(t, err)
		want := []schedule.Break{{Before: 3, Days: 21}}
		same(t, p.Run.Breaks, want)
		run, err := s.cases.Runs.Create(t.Context(), s.leader, s.study.ID, n)
		noError(t, err)
		stored, err := s.store.Run(t.Context(), s.study.ID, run.ID)
		noError(t, err)
		same(t, stored.Breaks, want)
		same(t, []string{stored.MeetingDay(2).String(), stored.MeetingDay(3).String(), stored.MeetingDay(8).String()}, []string{"2026-03-09", "2026-04-06", "2026-05-11"})
		n.Skip = []string{"2026-03-25", "2026-04-08"}
		p, err = s.cases.Runs.PreviewRun(t.Context(), s.leader, s.study.ID, n)
		noError(t, err)
		same(t, p.Run.Breaks, []schedule.Break{{Before: 4, Days: 7}, {Before: 5, Days: 7}})
		for day, fault := range map[string]string{
			"2026-03-02": "run.first_meeting_that_week", "2026-02-28": "run.no_meeting_that_week", "2026-04-27": "run.no_meeting_that_week", "soon": "run.bad_date",
		} {
			n.Skip = []string{day}
			_, err = s.cases.Runs.PreviewRun(t.Context(), s.leader, s.study.ID, n)
			wantFaults(t, err, survey.FieldErrors{"skip": fault})
		}
	})
}

// A run can be called otherwise, and meet at another hour and elsewhere, after people
// were told: what is shown to move moves, and what was not sent yet goes then.
func TestDetailsOfARunChangeAndWhatIsToComeFollows(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, s *stage) {
		ctx, box := t.Context(), &waveBox{}
		s.writing(t, func(r *reminding.Rules) { r.Meeting = true })
		s.invite(t, "ana@example.org")
		s.round(t, box)
		d := s.run.Details()
		same(t, d, survey.RunDetails{Name: "Spring", MeetingTime: "18:30", TimeZone: zoneName, Location: "Room 4"})
		d.Name, d.MeetingTime, d.Location = " Evening ", "20:00", "https://meet.example.org/secret"
		p, err := s.cases.Runs.PreviewDetails(ctx, s.leader, s.study.ID, s.run.ID, d)
		noError(t, err)
		moves := 0
		for _, l := range p.Lines {
			if l.Moves() {
				moves++
			}
		}
		same(t, []any{moves, p.Then.Run.Name, p.Now.Run.Name}, []any{8, "Evening", "Spring"}) // meetings; days of questionnaires stay
		noError(t, s.cases.Runs.ChangeDetails(ctx, s.leader, s.study.ID, s.run.ID, d))
		noError(t, s.cases.Runs.ChangeDetails(ctx, s.leader, s.study.ID, s.run.ID, d)) // nothing more
		events, err := s.store.AuditEvents(ctx, s.study.ID, 1000)
		noError(t, err)
		var said []string
		for _, e := range events {
			if e.Action == survey.ActionRunMoved || e.Action == survey.ActionRunNamed {
				said = append(said, string(e.Action)+": "+e.Detail)
			}
		}
		slices.Sort(said)
		same(t, said, []string{"run.moved: meets at 18:30 → 20:00", "run.named: name Spring → Evening; another place"})

		s.at(clockAt("2026-03-01", "18:31")) // a day before what was the first meeting
		for _, l := range s.round(t, box) {
			if strings.Contains(l, "meeting") {
				t.Errorf("at the old hour: %s", l)
			}
		}
		s.at(clockAt("2026-03-01", "20:00"))
		same(t, s.round(t, box), []string{"ana@example.org: meeting 1 "})

		d.TimeZone = "Asia/Tokyo"
		p, err = s.cases.Runs.PreviewDetails(ctx, s.leader, s.study.ID, s.run.ID, d)
		noError(t, err)
		same(t, len(p.Lines) > 8 && p.Lines[0].Moves(), true)
		err = s.cases.Runs.ChangeDetails(ctx, s.leader, s.study.ID, s.run.ID, survey.RunDetails{MeetingTime: "25:00", TimeZone: "Nowhere"})
		wantFaults(t, err, survey.FieldErrors{"name": "run.name_missing", "meeting_time": "run.bad_time", "time_zone": "time_zone.unknown"})
	})
}

// Two meetings at the same hour are told across studies, without the names that one
// may not know.
func TestMeetingsAtTheSameHourAreToldAcrossStudies(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, s *stage) {
		ctx := t.Context()
		other := s.newStudy(t, "other")
		n := newRun()
		n.MeetingTime = "19:00" // the first run meets from 18:30 on
		theirs, err := s.cases.Runs.Create(ctx, system(), other.ID, n)
		noError(t, err)
		told := func(a survey.Actor) []survey.SameHour {
			setup, err := s.cases.Runs.Setup(ctx, a, s.study.ID, s.run.ID)
			noError(t, err)
			return setup.SameHour
		}
		same(t, len(told(s.leader)), 0)
		both := s.user(t, survey.Grant{Role: survey.RoleFacilitator, StudyID: s.study.ID}, survey.Grant{Role: survey.RoleFacilitator, StudyID: other.ID, RunID: theirs.ID})
		got := told(both)
		same(t, []any{len(got), got[0].Count, got[0].Meeting, got[0].Other.ID, got[0].Study.Key, got[0].Leader}, []any{1, 8, 1, theirs.ID, "other", ""})
		p, err := s.cases.Runs.PreviewRun(ctx, both, s.study.ID, n)
		noError(t, err)
		same(t, len(p.SameHour), 2) // the run of this study, too

		// Whoever is in charge of both runs by name is told of, not what they do elsewhere.
		s.user(t, survey.Grant{Role: survey.RoleFacilitator, StudyID: s.study.ID, RunID: s.run.ID}, survey.Grant{Role: survey.RoleFacilitator, StudyID: other.ID, RunID: theirs.ID})
		got = told(s.leader)
		same(t, []any{len(got), got[0].Count, got[0].Other.Name, got[0].Study.Title, got[0].Leader}, []any{1, 8, "", "", "Somebody"})
		noError(t, s.cases.Runs.Move(ctx, system(), other.ID, theirs.ID, "2026-03-03"))
		same(t, len(told(s.leader)), 0)

		// And before a run is moved onto the other, or to its hour.
		change, err := s.cases.Runs.PreviewChange(ctx, both, s.study.ID, s.run.ID, survey.CalendarChange{Kind: survey.ChangeStart, Day: "2026-03-10"})
		noError(t, err)
		same(t, []any{len(change.SameHour), change.SameHour[0].Count, change.SameHour[0].OtherMeeting}, []any{1, 7, 2})
		change, err = s.cases.Runs.PreviewDetails(ctx, both, s.study.ID, s.run.ID, s.run.Details())
		noError(t, err)
		same(t, len(change.SameHour), 0)
	})
}
