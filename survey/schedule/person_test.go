package schedule_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"tidemark/survey/schedule"
)

func instant(t *testing.T, text string) time.Time {
	t.Helper()
	at, err := time.Parse(time.RFC3339, text)
	if err != nil {
		t.Fatal(err)
	}
	return at
}

// The survey before the course is open from 2 March until the 18th inclusive.
func TestWhoeverJoinsLateHasTimeOrIsNotAsked(t *testing.T) {
	t.Parallel()
	cal := evening(t, "2026-03-16", "Europe/Berlin")
	pre := schedule.Rule{OpensDay: -14, ClosesDay: 2, GraceDays: 1}
	late := pre
	late.LateDays = 7
	for name, c := range map[string]struct {
		rule   schedule.Rule
		joined string
		want   []string // nil: not asked
	}{
		"there from the beginning":          {pre, "", []string{"2026-03-02T00:00:00+01:00", "2026-03-19T00:00:00+01:00", "2026-03-20T00:00:00+01:00"}},
		"joined before it opened":           {late, "2026-02-01T12:00:00Z", []string{"2026-03-02T00:00:00+01:00", "2026-03-19T00:00:00+01:00", "2026-03-20T00:00:00+01:00"}},
		"joined while it was open":          {pre, "2026-03-10T12:00:00Z", []string{"2026-03-10T13:00:00+01:00", "2026-03-19T00:00:00+01:00", "2026-03-20T00:00:00+01:00"}},
		"the last minute":                   {pre, "2026-03-18T22:59:00Z", []string{"2026-03-18T23:59:00+01:00", "2026-03-19T00:00:00+01:00", "2026-03-20T00:00:00+01:00"}},
		"when it closed":                    {pre, "2026-03-18T23:00:00Z", nil},
		"in its grace":                      {pre, "2026-03-19T12:00:00Z", nil},
		"weeks later":                       {pre, "2026-04-10T12:00:00Z", nil},
		"early enough to need no days":      {late, "2026-03-04T12:00:00Z", []string{"2026-03-04T13:00:00+01:00", "2026-03-19T00:00:00+01:00", "2026-03-20T00:00:00+01:00"}},
		"two days before it closes":         {late, "2026-03-17T12:00:00Z", []string{"2026-03-17T13:00:00+01:00", "2026-03-25T00:00:00+01:00", "2026-03-26T00:00:00+01:00"}},
		"in week four, over a clock change": {late, "2026-03-28T12:00:00Z", []string{"2026-03-28T13:00:00+01:00", "2026-04-05T00:00:00+02:00", "2026-04-06T00:00:00+02:00"}},
		"late in the evening":               {late, "2026-04-10T21:59:00Z", []string{"2026-04-10T23:59:00+02:00", "2026-04-18T00:00:00+02:00", "2026-04-19T00:00:00+02:00"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var p schedule.Person
			if c.joined != "" {
				p.EnrolledAt = instant(t, c.joined)
			}
			w, ok := cal.Window(c.rule, p)
			if ok != (c.want != nil) {
				t.Fatalf("got %v (%v)", w, ok)
			}
			if ok {
				want(t, moments(w), c.want...)
			} else if w.At(p.EnrolledAt.AddDate(1, 0, 0)) != schedule.Before {
				t.Error("what is not for them is over some day")
			}
		})
	}
}

func TestAStateMeasureIsNotForWhoeverJoinsAfterTheMeeting(t *testing.T) {
	t.Parallel()
	cal := evening(t, "2026-03-16", "Europe/Berlin")
	begins := cal.MeetingAt(2)
	if w, ok := cal.Window(lead(2), schedule.Person{EnrolledAt: begins}); ok {
		t.Errorf("got %v", w)
	}
	w, ok := cal.Window(lead(2), schedule.Person{EnrolledAt: begins.Add(-time.Minute)})
	if !ok || !w.Opens.Equal(begins.Add(-time.Minute)) || !w.Closes.Equal(begins) {
		t.Errorf("got %v (%v)", w, ok)
	}
}

func TestDaysCountFromEnrolment(t *testing.T) {
	t.Parallel()
	cal := evening(t, "2026-03-16", "America/New_York")
	// Late on 6 March there, already the 7th in Berlin; clocks go forward on the 8th.
	p := schedule.Person{EnrolledAt: instant(t, "2026-03-07T04:30:00Z")}
	w, _ := cal.Window(schedule.Rule{Anchor: schedule.AnchorEnrolment, ClosesDay: 6}, p)
	want(t, moments(w), "2026-03-06T23:30:00-05:00", "2026-03-13T00:00:00-04:00", "2026-03-13T00:00:00-04:00")
	w, _ = cal.Window(schedule.Rule{Anchor: schedule.AnchorEnrolment, Months: 6, ClosesDay: 13}, p)
	want(t, moments(w)[:2], "2026-09-06T00:00:00-04:00", "2026-09-20T00:00:00-04:00")
	w, _ = cal.Window(schedule.Rule{Anchor: schedule.AnchorEnrolment, Timed: true, ClosesMinute: 90}, p)
	want(t, moments(w)[:2], "2026-03-06T23:30:00-05:00", "2026-03-07T01:00:00-05:00")
	if _, ok := cal.Window(schedule.Rule{Anchor: schedule.AnchorEnrolment}, schedule.Person{}); ok {
		t.Error("somebody who has not enrolled has a window")
	}
}

func TestDaysCountFromWhatWasCompleted(t *testing.T) {
	t.Parallel()
	cal := evening(t, "2026-03-16", "Europe/Berlin")
	rule := schedule.Rule{Anchor: schedule.AnchorWave, Wave: "pre", OpensDay: 14, ClosesDay: 20}
	p := schedule.Person{EnrolledAt: instant(t, "2026-03-01T12:00:00Z"), Submitted: map[string]time.Time{"other": instant(t, "2026-03-02T12:00:00Z")}}
	if w, ok := cal.Window(rule, p); ok {
		t.Fatalf("it opens at %v, before what it follows was completed", w.Opens)
	}
	p.Submitted["pre"] = instant(t, "2026-03-15T23:30:00Z") // the 16th in Berlin
	w, _ := cal.Window(rule, p)
	want(t, moments(w)[:2], "2026-03-30T00:00:00+02:00", "2026-04-06T00:00:00+02:00")
	rule.OpensDay = 0
	w, _ = cal.Window(rule, p)
	want(t, moments(w)[:1], "2026-03-16T00:30:00+01:00")
}

func TestTheLatestEndFollowsWhatFollows(t *testing.T) {
	t.Parallel()
	cal := evening(t, "2026-03-16", "UTC")
	waves := []schedule.Wave{
		{Key: "pre", Rule: schedule.Rule{OpensDay: -14, ClosesDay: 2}},
		{Key: "next", Rule: schedule.Rule{Anchor: schedule.AnchorWave, Wave: "pre", OpensDay: 10, ClosesDay: 19}},
		{Key: "last", Rule: schedule.Rule{Anchor: schedule.AnchorWave, Wave: "next", Months: 1, ClosesDay: 1}},
	}
	// Closed with 18 March; 20 days; with the first instant of 8 April; a month and two days.
	if got := cal.Latest(waves, schedule.Person{}).Format(time.RFC3339); got != "2026-05-10T00:00:00Z" {
		t.Errorf("got %s", got)
	}
	p := schedule.Person{EnrolledAt: instant(t, "2026-03-01T00:00:00Z"), Submitted: map[string]time.Time{"next": instant(t, "2026-03-20T12:00:00Z")}}
	if got := cal.Latest(waves, p).Format(time.RFC3339); got != "2026-04-22T00:00:00Z" {
		t.Errorf("got %s", got)
	}
	circle := []schedule.Wave{
		{Key: "a", Rule: schedule.Rule{Anchor: schedule.AnchorWave, Wave: "b"}}, {Key: "b", Rule: schedule.Rule{Anchor: schedule.AnchorWave, Wave: "a"}},
	}
	if got := cal.Latest(circle, schedule.Person{}); !got.IsZero() {
		t.Errorf("waves that follow each other end at %v", got)
	}
}

func TestFaultsNameTheirField(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		rule schedule.Rule
		want []schedule.Fault
	}{
		"none":                        {schedule.Rule{}, nil},
		"closes first":                {schedule.Rule{OpensDay: 3, ClosesDay: 2}, []schedule.Fault{{Field: "closes_day", Key: "rule.closes_first"}}},
		"no meeting":                  {schedule.Rule{Anchor: schedule.AnchorMeeting}, []schedule.Fault{{Field: "meeting", Key: "rule.no_meeting"}}},
		"no wave":                     {schedule.Rule{Anchor: schedule.AnchorWave}, []schedule.Fault{{Field: "wave", Key: "rule.no_wave"}}},
		"unknown":                     {schedule.Rule{Anchor: "moon"}, []schedule.Fault{{Field: "anchor", Key: "rule.unknown_anchor"}}},
		"before somebody joins":       {schedule.Rule{Anchor: schedule.AnchorEnrolment, OpensDay: -1}, []schedule.Fault{{Field: "opens_day", Key: "rule.before_person"}}},
		"no time at all":              {schedule.Rule{Timed: true}, []schedule.Fault{{Field: "closes_minute", Key: "rule.closes_first"}}},
		"too far":                     {schedule.Rule{OpensDay: -4000, ClosesDay: 4000}, []schedule.Fault{{Field: "opens_day", Key: "rule.too_far"}, {Field: "closes_day", Key: "rule.too_far"}}},
		"months and minutes":          {schedule.Rule{Timed: true, ClosesMinute: 1, Months: 1}, []schedule.Fault{{Field: "months", Key: "rule.timed_months"}}},
		"late for a measure of state": {schedule.Rule{Timed: true, ClosesMinute: 1, LateDays: 1}, []schedule.Fault{{Field: "late_days", Key: "rule.timed_late"}}},
		"less than none": {schedule.Rule{Months: -1, GraceDays: -1, GraceMinutes: -1, LateDays: -1}, []schedule.Fault{
			{Field: "months", Key: "rule.bad_months"}, {Field: "grace_days", Key: "rule.bad_grace"}, {Field: "grace_minutes", Key: "rule.bad_grace"}, {Field: "late_days", Key: "rule.bad_late"},
		}},
	} {
		if diff := cmp.Diff(c.rule.Faults(), c.want); diff != "" {
			t.Errorf("%s: %s", name, diff)
		}
		if c.rule.Valid() != (c.want == nil) {
			t.Errorf("%s: valid is %v", name, c.rule.Valid())
		}
	}
}
