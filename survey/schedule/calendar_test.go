package schedule_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"tidemark/survey/schedule"
)

// evening is a course on the evening of its start's day of the week.
func evening(t testing.TB, start, zoneName string) schedule.Calendar {
	t.Helper()
	d, err := schedule.ParseDate(start)
	if err != nil {
		t.Fatal(err)
	}
	return schedule.Calendar{Start: d, Hour: 18, Minute: 30, Zone: zone(t, zoneName)}
}

// lead is a state measure: from a day before a meeting until it begins, and for
// the page in hand ten minutes more.
func lead(meeting int) schedule.Rule {
	return schedule.Rule{Anchor: schedule.AnchorMeeting, Meeting: meeting, Timed: true, OpensMinute: -24 * 60, GraceMinutes: 10}
}

func moments(w schedule.Window) []string {
	return []string{w.Opens.Format(time.RFC3339), w.Closes.Format(time.RFC3339), w.Expires.Format(time.RFC3339)}
}

func want(t *testing.T, got []string, want ...string) {
	t.Helper()
	if diff := cmp.Diff(got, want); diff != "" {
		t.Errorf("got (-), want (+):\n%s", diff)
	}
}

// Clocks change between the two meetings, and a meeting is at half past six by the
// clock on the wall on either side. What is measured before it lasts 24 hours of
// real time, also where the change is only half an hour.
func TestMeetingsKeepTheirHourWhenClocksChange(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		zone, start   string // of the meeting on the day before the change, or on it
		first, second string
		opens         string // of the state measure before the second meeting
	}{
		"Berlin, forward on the day of the second": {"Europe/Berlin", "2026-03-22", "2026-03-22T18:30:00+01:00", "2026-03-29T18:30:00+02:00", "2026-03-28T17:30:00+01:00"},
		"Berlin, back":              {"Europe/Berlin", "2026-10-18", "2026-10-18T18:30:00+02:00", "2026-10-25T18:30:00+01:00", "2026-10-24T19:30:00+02:00"},
		"New York, forward":         {"America/New_York", "2026-03-01", "2026-03-01T18:30:00-05:00", "2026-03-08T18:30:00-04:00", "2026-03-07T17:30:00-05:00"},
		"New York, back":            {"America/New_York", "2026-10-25", "2026-10-25T18:30:00-04:00", "2026-11-01T18:30:00-05:00", "2026-10-31T19:30:00-04:00"},
		"Lord Howe, half an hour":   {"Australia/Lord_Howe", "2026-03-29", "2026-03-29T18:30:00+11:00", "2026-04-05T18:30:00+10:30", "2026-04-04T19:00:00+11:00"},
		"Lord Howe, and back again": {"Australia/Lord_Howe", "2026-09-27", "2026-09-27T18:30:00+10:30", "2026-10-04T18:30:00+11:00", "2026-10-03T18:00:00+10:30"},
		"Cairo, at midnight":        {"Africa/Cairo", "2026-04-17", "2026-04-17T18:30:00+02:00", "2026-04-24T18:30:00+03:00", "2026-04-23T17:30:00+02:00"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			cal := evening(t, c.start, c.zone)
			want(t, []string{cal.MeetingAt(1).Format(time.RFC3339), cal.MeetingAt(2).Format(time.RFC3339)}, c.first, c.second)
			w, ok := cal.Window(lead(2), schedule.Person{})
			if !ok || w.Closes.Sub(w.Opens) != 24*time.Hour || w.Expires.Sub(w.Closes) != 10*time.Minute {
				t.Errorf("the measure before the meeting is %v", w)
			}
			want(t, moments(w)[:2], c.opens, c.second)
		})
	}
}

// On the night in which Cairo's clocks go forward there is no midnight.
func TestAWindowOpensWithADayThatHasNoMidnight(t *testing.T) {
	t.Parallel()
	cal := evening(t, "2026-04-24", "Africa/Cairo")
	w, _ := cal.Window(schedule.Rule{Anchor: schedule.AnchorMeeting, Meeting: 1, ClosesDay: 6, GraceDays: 1}, schedule.Person{})
	want(t, moments(w), "2026-04-24T01:00:00+03:00", "2026-05-01T00:00:00+03:00", "2026-05-02T00:00:00+03:00")
}

func TestGraceIsADayOfTheCalendar(t *testing.T) {
	t.Parallel()
	cal := evening(t, "2026-10-18", "Europe/Berlin")
	w, _ := cal.Window(schedule.Rule{OpensDay: 0, ClosesDay: 6, GraceDays: 1, GraceMinutes: 30}, schedule.Person{})
	want(t, moments(w), "2026-10-18T00:00:00+02:00", "2026-10-25T00:00:00+02:00", "2026-10-26T00:30:00+01:00")
	for at, overdue := range map[time.Time]bool{
		w.Closes.Add(-time.Nanosecond): false, w.Closes: true, w.Expires.Add(-time.Nanosecond): true, w.Expires: false,
	} {
		if w.Overdue(at) != overdue {
			t.Errorf("at %v overdue is %v", at, !overdue)
		}
	}
	if got := []schedule.Phase{w.At(w.Closes), w.At(w.Expires)}; got[0] != schedule.During || got[1] != schedule.After {
		t.Errorf("answers are taken until the window expires, got %v", got)
	}
	if w.LastDay().String() != "2026-10-24" {
		t.Errorf("people are told %s", w.LastDay())
	}
}

func TestMonthsEndWhereThereIsNoSuchDay(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		from   string
		months int
		want   string
	}{
		{"2027-11-30", 3, "2028-02-29"}, {"2026-11-30", 3, "2027-02-28"}, {"2026-08-31", 6, "2027-02-28"},
		{"2028-02-29", 12, "2029-02-28"}, {"2028-02-29", 48, "2032-02-29"}, {"2026-05-31", 1, "2026-06-30"},
		{"2026-05-31", 0, "2026-05-31"}, {"2026-10-31", 14, "2027-12-31"}, {"2026-01-31", -2, "2025-11-30"},
	} {
		if got := date(t, c.from).AddMonths(c.months).String(); got != c.want {
			t.Errorf("%d months from %s: got %s, want %s", c.months, c.from, got, c.want)
		}
	}
}

// A course that starts on a leap day, with follow-ups three and six months after
// its last meeting.
func TestACourseFromALeapDay(t *testing.T) {
	t.Parallel()
	cal := evening(t, "2028-02-29", "Europe/Berlin")
	if got := cal.Meeting(8).String(); got != "2028-04-18" {
		t.Fatalf("the last meeting is on %s", got)
	}
	for months, days := range map[int][2]string{3: {"2028-07-18", "2028-08-15"}, 6: {"2028-10-18", "2028-11-15"}} {
		w, _ := cal.Window(schedule.Rule{Anchor: schedule.AnchorMeeting, Meeting: 8, Months: months, ClosesDay: 28}, schedule.Person{})
		want(t, []string{schedule.DateOf(w.Opens).String(), w.LastDay().String()}, days[0], days[1])
	}
	// A year after the start there is no 29 February.
	w, _ := cal.Window(schedule.Rule{Months: 12, ClosesDay: 6}, schedule.Person{})
	want(t, moments(w)[:2], "2029-02-28T00:00:00+01:00", "2029-03-07T00:00:00+01:00")
}

// The week of Easter is skipped before the fourth meeting.
func TestAHolidayWeekIsSkipped(t *testing.T) {
	t.Parallel()
	cal := evening(t, "2026-03-16", "Europe/Berlin")
	plain := cal
	cal.Breaks = []schedule.Break{{Before: 4, Days: 7}}
	var days []string
	for n := range 5 {
		days = append(days, cal.Meeting(n+1).String())
	}
	want(t, days, "2026-03-16", "2026-03-23", "2026-03-30", "2026-04-13", "2026-04-20")
	for name, c := range map[string]struct {
		rule  schedule.Rule
		moved int // days
	}{
		"the week before the break":   {schedule.Rule{OpensDay: 14, ClosesDay: 20}, 0},
		"the week after it":           {schedule.Rule{OpensDay: 21, ClosesDay: 27}, 7},
		"before the course":           {schedule.Rule{OpensDay: -14, ClosesDay: 2}, 0},
		"after the course":            {schedule.Rule{OpensDay: 50, ClosesDay: 70}, 7},
		"after the last meeting":      {schedule.Rule{Anchor: schedule.AnchorMeeting, Meeting: 8, OpensDay: 1, ClosesDay: 21}, 7},
		"six months after the start":  {schedule.Rule{Months: 6, ClosesDay: 28}, 7},
		"three months after the last": {schedule.Rule{Anchor: schedule.AnchorMeeting, Meeting: 8, OpensDay: 84, ClosesDay: 112}, 7},
		"before the third meeting":    {lead(3), 0},
		"before the fourth meeting":   {lead(4), 7},
	} {
		before, _ := plain.Window(c.rule, schedule.Person{})
		after, _ := cal.Window(c.rule, schedule.Person{})
		if got := schedule.DateOf(before.Opens).DaysUntil(schedule.DateOf(after.Opens)); got != c.moved {
			t.Errorf("%s opens %d days later, want %d", name, got, c.moved)
		}
		if got := before.LastDay().DaysUntil(after.LastDay()); got != c.moved {
			t.Errorf("%s closes %d days later, want %d", name, got, c.moved)
		}
	}
	// A window around the break is open for longer.
	around, _ := cal.Window(schedule.Rule{OpensDay: 18, ClosesDay: 22}, schedule.Person{})
	want(t, []string{schedule.DateOf(around.Opens).String(), around.LastDay().String()}, "2026-04-03", "2026-04-14")
	// The break belongs to the week before it.
	var weeks []int
	for _, day := range []string{"2026-03-15", "2026-03-16", "2026-04-05", "2026-04-06", "2026-04-12", "2026-04-13", "2026-04-20"} {
		weeks = append(weeks, cal.Week(date(t, day)))
		_, pause := cal.InBreak(date(t, day))
		if pause != (day == "2026-04-06" || day == "2026-04-12") {
			t.Errorf("%s in a break: %v", day, pause)
		}
	}
	if diff := cmp.Diff(weeks, []int{0, 1, 3, 3, 3, 4, 5}); diff != "" {
		t.Error(diff)
	}
}

func TestOneMeetingOnAnotherDay(t *testing.T) {
	t.Parallel()
	cal := evening(t, "2026-03-16", "Europe/Berlin")
	cal.Moved = map[int]int{3: 2}
	want(t, []string{cal.Meeting(2).String(), cal.Meeting(3).String(), cal.Regular(3).String(), cal.Meeting(4).String()},
		"2026-03-23", "2026-04-01", "2026-03-30", "2026-04-06")
	w, _ := cal.Window(schedule.Rule{Anchor: schedule.AnchorMeeting, Meeting: 3, ClosesDay: 6}, schedule.Person{})
	want(t, moments(w)[:2], "2026-04-01T00:00:00+02:00", "2026-04-08T00:00:00+02:00")
	// What is counted from the start stays.
	w, _ = cal.Window(schedule.Rule{OpensDay: 14, ClosesDay: 20}, schedule.Person{})
	want(t, moments(w)[:2], "2026-03-30T00:00:00+02:00", "2026-04-06T00:00:00+02:00")
	// What moves the run moves the meeting with it.
	cal.Start = cal.Start.AddDays(7)
	cal.Breaks = []schedule.Break{{Before: 2, Days: 7}}
	want(t, []string{cal.Meeting(3).String()}, "2026-04-15")
}

// anyCalendar draws a course with breaks and moved meetings that stay in order.
func anyCalendar(r *rapid.T, zones []*time.Location) schedule.Calendar {
	c := schedule.Calendar{
		Start: schedule.Date{Year: 2024, Month: 1, Day: 1}.AddDays(rapid.IntRange(0, 3000).Draw(r, "start")),
		Hour:  rapid.IntRange(0, 23).Draw(r, "hour"), Minute: rapid.IntRange(0, 59).Draw(r, "minute"),
		Zone: rapid.SampledFrom(zones).Draw(r, "zone"), Moved: map[int]int{},
	}
	for range rapid.IntRange(0, 3).Draw(r, "breaks") {
		c.Breaks = append(c.Breaks, schedule.Break{Before: rapid.IntRange(2, 10).Draw(r, "before"), Days: rapid.IntRange(1, 30).Draw(r, "days")})
	}
	for range rapid.IntRange(0, 2).Draw(r, "moves") {
		c.Moved[rapid.IntRange(2, 10).Draw(r, "meeting")] = rapid.IntRange(-3, 3).Draw(r, "by")
	}
	return c
}

// anyRule draws a rule without faults.
func anyRule(r *rapid.T) schedule.Rule {
	rule := schedule.Rule{
		Anchor:  rapid.SampledFrom(schedule.Anchors()).Draw(r, "anchor"),
		Meeting: rapid.IntRange(1, 10).Draw(r, "rule meeting"), Wave: "pre",
		GraceDays: rapid.IntRange(0, 5).Draw(r, "grace days"), GraceMinutes: rapid.IntRange(0, 120).Draw(r, "grace minutes"),
	}
	least := -30
	if rule.Anchor.OfPerson() {
		least = 0
	}
	if rapid.Bool().Draw(r, "timed") {
		rule.Timed = true
		rule.OpensMinute = rapid.IntRange(60*least/10, 3000).Draw(r, "opens minute")
		rule.ClosesMinute = rule.OpensMinute + rapid.IntRange(1, 3000).Draw(r, "minutes")
		return rule
	}
	rule.Months = rapid.IntRange(0, 12).Draw(r, "months")
	rule.OpensDay = rapid.IntRange(least, 100).Draw(r, "opens")
	rule.ClosesDay = rule.OpensDay + rapid.IntRange(0, 40).Draw(r, "length")
	rule.LateDays = rapid.IntRange(0, 14).Draw(r, "late")
	return rule
}

func theZones(t testing.TB) []*time.Location {
	t.Helper()
	var zones []*time.Location
	for _, name := range []string{"UTC", "Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Africa/Cairo", "America/Havana", "Asia/Kathmandu"} {
		zones = append(zones, zone(t, name))
	}
	return zones
}

func TestEveryWindowHoldsTogether(t *testing.T) {
	t.Parallel()
	zones := theZones(t)
	rapid.Check(t, func(r *rapid.T) {
		c, rule := anyCalendar(r, zones), anyRule(r)
		if !rule.Valid() {
			r.Fatalf("%+v has %v", rule, rule.Faults())
		}
		joined := c.Start.AddDays(rapid.IntRange(-60, 200).Draw(r, "joins")).At(0, 0, c.Zone).Add(time.Duration(rapid.IntRange(0, 86_399).Draw(r, "second")) * time.Second)
		p := schedule.Person{EnrolledAt: joined}
		if rapid.Bool().Draw(r, "done") {
			p.Submitted = map[string]time.Time{"pre": joined.Add(time.Duration(rapid.IntRange(0, 1_000_000).Draw(r, "later")) * time.Second)}
		}
		w, ok := c.Window(rule, p)
		if ok == w.IsZero() {
			r.Fatalf("the window is %v and that it is one %v", w, ok)
		}
		if !ok {
			if rule.Anchor == schedule.AnchorEnrolment || rule.Anchor == schedule.AnchorWave && p.Submitted != nil || rule.LateDays > 0 && !rule.Anchor.OfPerson() {
				r.Fatalf("%+v has no window for somebody who joined at %v", rule, joined)
			}
			return
		}
		if w.Closes.Before(w.Opens) || w.Expires.Before(w.Closes) {
			r.Fatalf("%+v: %v is not in order", rule, w)
		}
		if w.Opens.Before(joined) && rule.Anchor.OfPerson() || rule.Anchor != schedule.AnchorWave && !w.Closes.After(joined) {
			r.Fatalf("%+v: somebody who joined at %v has %v", rule, joined, w)
		}
		// Whoever was there from the beginning never has it earlier than people who
		// join later, nor has it longer.
		general, has := c.Place(rule).General()
		if has && (w.Opens.Before(general.Opens) || w.Closes.Before(general.Closes)) {
			r.Fatalf("%+v: the general window is %v and that of a late joiner %v", rule, general, w)
		}
		if has && joined.After(general.Opens) && rule.LateDays > 0 && w.Closes.Sub(joined) < time.Duration(rule.LateDays)*24*time.Hour-time.Hour {
			r.Fatalf("%+v: somebody who joined at %v has only until %v", rule, joined, w.Closes)
		}
	})
}

func TestMovingTheStartMovesAllOfIt(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(r *rapid.T) {
		c, rule := anyCalendar(r, []*time.Location{time.UTC}), anyRule(r)
		rule.Anchor = rapid.SampledFrom([]schedule.Anchor{schedule.AnchorStart, schedule.AnchorMeeting}).Draw(r, "of the run")
		rule.Months = 0 // months differ in length
		by := rapid.IntRange(-400, 400).Draw(r, "by")
		later := c
		later.Start = c.Start.AddDays(by)
		before, _ := c.Window(rule, schedule.Person{})
		after, _ := later.Window(rule, schedule.Person{})
		for _, pair := range [][2]time.Time{{before.Opens, after.Opens}, {before.Closes, after.Closes}, {before.Expires, after.Expires}} {
			if got := pair[1].Sub(pair[0]); got != time.Duration(by)*24*time.Hour {
				r.Fatalf("%+v moved by %v, want %d days", rule, got, by)
			}
		}
		for n := 1; n <= 10; n++ {
			if c.Meeting(n).DaysUntil(later.Meeting(n)) != by {
				r.Fatalf("meeting %d moved from %s to %s", n, c.Meeting(n), later.Meeting(n))
			}
		}
	})
}

func TestABreakShiftsExactlyWhatLiesAfterIt(t *testing.T) {
	t.Parallel()
	zones := theZones(t)
	rapid.Check(t, func(r *rapid.T) {
		c := anyCalendar(r, zones)
		pause := schedule.Break{Before: rapid.IntRange(2, 10).Draw(r, "new before"), Days: rapid.IntRange(1, 30).Draw(r, "new days")}
		with := c
		with.Breaks = append(append([]schedule.Break{}, c.Breaks...), pause)
		first := schedule.DaysBetweenMeetings * (pause.Before - 1)
		for n := -20; n < 100; n++ {
			shift := 0
			if n >= first {
				shift = pause.Days
			}
			if got := c.Day(n).DaysUntil(with.Day(n)); got != shift {
				r.Fatalf("course day %d moved by %d days, want %d", n, got, shift)
			}
			if got := with.CourseDay(with.Day(n)); got != n {
				r.Fatalf("the course day of course day %d is %d", n, got)
			}
		}
		for n := 1; n <= 12; n++ {
			shift := 0
			if n >= pause.Before {
				shift = pause.Days
			}
			if got := c.Meeting(n).DaysUntil(with.Meeting(n)); got != shift {
				r.Fatalf("meeting %d moved by %d days, want %d", n, got, shift)
			}
			b, _ := c.Window(lead(n), schedule.Person{})
			a, _ := with.Window(lead(n), schedule.Person{})
			if got := schedule.DateOf(b.Closes).DaysUntil(schedule.DateOf(a.Closes)); got != shift {
				r.Fatalf("what closes with meeting %d moved by %d days, want %d", n, got, shift)
			}
		}
	})
}

func TestLaterMeetingsHaveLaterWindows(t *testing.T) {
	t.Parallel()
	zones := theZones(t)
	rapid.Check(t, func(r *rapid.T) {
		c, rule := anyCalendar(r, zones), anyRule(r)
		rule.Anchor = schedule.AnchorMeeting
		var last schedule.Window
		for n := 1; n <= 10; n++ {
			rule.Meeting = n
			w, ok := c.Window(rule, schedule.Person{})
			if !ok {
				r.Fatalf("meeting %d has no window", n)
			}
			if w.Opens.Before(last.Opens) || w.Closes.Before(last.Closes) || w.Expires.Before(last.Expires) {
				r.Fatalf("the window of meeting %d is %v, after %v", n, w, last)
			}
			last = w
		}
	})
}

func TestCourseDaysAndWeeksNeverGoBack(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(r *rapid.T) {
		c := anyCalendar(r, []*time.Location{time.UTC})
		day, last := c.Start.AddDays(-30), 0
		for i := range 200 {
			week := c.Week(day.AddDays(i))
			if i > 0 && week != last && week != last+1 {
				r.Fatalf("week %d follows week %d on %s", week, last, day.AddDays(i))
			}
			last = week
		}
		for n := 1; n <= 10; n++ {
			if got := c.Week(c.Regular(n)); got != n {
				r.Fatalf("meeting %d is in week %d", n, got)
			}
		}
	})
}
