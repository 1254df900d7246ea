package schedule_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"tidemark/survey/schedule"
)

func course3() []schedule.Wave {
	return []schedule.Wave{
		{Key: "pre", Part: schedule.PartPre, Rule: schedule.Rule{OpensDay: -14, ClosesDay: 2}},
		{Key: "state_2", Part: schedule.PartDuring, Arm: "course", Rule: lead(2)},
		{Key: "week_1", Part: schedule.PartDuring, Arm: "course", Rule: schedule.Rule{Anchor: schedule.AnchorMeeting, Meeting: 1, ClosesDay: 6}},
		{Key: "week_2", Part: schedule.PartDuring, Arm: "course", Rule: schedule.Rule{Anchor: schedule.AnchorMeeting, Meeting: 2, ClosesDay: 6}},
		{Key: "after_pre", Part: schedule.PartDuring, Rule: schedule.Rule{Anchor: schedule.AnchorWave, Wave: "pre", OpensDay: 3, ClosesDay: 4}},
		{Key: "post", Part: schedule.PartPost, Rule: schedule.Rule{Anchor: schedule.AnchorMeeting, Meeting: 3, OpensDay: 1, ClosesDay: 21}},
		{Key: "later", Part: schedule.PartFollowUp, Rule: schedule.Rule{Anchor: schedule.AnchorMeeting, Meeting: 3, Months: 3, ClosesDay: 28}},
	}
}

func lines(o schedule.Outline) []string {
	var all []string
	for _, e := range o.Events {
		line := string(e.Kind)
		if e.Meeting > 0 {
			line += fmt.Sprint(" ", e.Meeting)
		}
		if e.Moved {
			line += " moved"
		}
		if e.Wave.Key != "" {
			line += " " + e.Wave.Key
		}
		if e.Kind != schedule.EventPerson {
			line += " " + e.Opens.Format("01-02 15:04") + " to " + e.Closes.Format("01-02 15:04")
		}
		all = append(all, line)
	}
	return all
}

func TestAnOutlineIsTheWholeRunInOrder(t *testing.T) {
	t.Parallel()
	cal := evening(t, "2026-03-16", "Europe/Berlin")
	cal.Breaks, cal.Moved = []schedule.Break{{Before: 3, Days: 7}}, map[int]int{2: 1}
	o := cal.Outline(course3(), 3, 2*time.Hour)
	if len(o.Clashes) != 0 {
		t.Errorf("clashes: %+v", o.Clashes)
	}
	if diff := cmp.Diff(lines(o), []string{
		"wave pre 03-02 00:00 to 03-19 00:00",
		"wave week_1 03-16 00:00 to 03-23 00:00",
		"meeting 1 03-16 18:30 to 03-16 20:30",
		"wave state_2 03-23 18:30 to 03-24 18:30",
		"wave week_2 03-24 00:00 to 03-31 00:00",
		"meeting 2 moved 03-24 18:30 to 03-24 20:30",
		"break 3 03-30 00:00 to 04-06 00:00",
		"meeting 3 04-06 18:30 to 04-06 20:30",
		"wave post 04-07 00:00 to 04-28 00:00",
		"wave later 07-06 00:00 to 08-04 00:00",
		"person after_pre",
	}); diff != "" {
		t.Errorf("got (-), want (+):\n%s", diff)
	}
}

func TestWhatClashesIsTold(t *testing.T) {
	t.Parallel()
	wave := func(part schedule.Part, arm string, r schedule.Rule) schedule.Wave {
		return schedule.Wave{Key: "x", Part: part, Arm: arm, Rule: r}
	}
	for name, c := range map[string]struct {
		change func(*schedule.Calendar)
		waves  []schedule.Wave
		want   []schedule.Clash // without At
		stops  bool
	}{
		"nothing": {want: nil},
		"a meeting before the one before it": {
			change: func(c *schedule.Calendar) { c.Moved = map[int]int{2: -8} },
			want:   []schedule.Clash{{Kind: schedule.ClashOrder, Meeting: 2}, {Kind: schedule.ClashTogether, Wave: "week_1", Other: "week_2"}}, stops: true,
		},
		"two meetings on one evening": {
			change: func(c *schedule.Calendar) { c.Moved = map[int]int{2: 7} },
			want:   []schedule.Clash{{Kind: schedule.ClashOrder, Meeting: 3}}, stops: true,
		},
		"weeks that overlap": {
			change: func(c *schedule.Calendar) { c.Moved = map[int]int{2: -2} },
			want:   []schedule.Clash{{Kind: schedule.ClashTogether, Wave: "week_2", Other: "week_1"}},
		},
		"clocks go forward over the meeting": {
			change: func(c *schedule.Calendar) { c.Start, c.Hour, c.Minute = c.Start.AddDays(13), 2, 30 },
			want:   []schedule.Clash{{Kind: schedule.ClashNoSuchTime, Meeting: 1}},
		},
		"a break of a meeting that there is not": {
			change: func(c *schedule.Calendar) { c.Breaks = []schedule.Break{{Before: 9, Days: 7}} },
			want:   []schedule.Clash{{Kind: schedule.ClashUnknownPause, Meeting: 9}},
		},
		"a wave at fault": {
			waves: []schedule.Wave{wave(schedule.PartDuring, "", schedule.Rule{Anchor: schedule.AnchorEnrolment, ClosesDay: -1})},
			want:  []schedule.Clash{{Kind: schedule.ClashRule, Wave: "x", Field: "closes_day", Message: "rule.closes_first"}}, stops: true,
		},
		"a window of no length": {
			waves: []schedule.Wave{wave(schedule.PartPost, "", schedule.Rule{Anchor: schedule.AnchorMeeting, Meeting: 3, Timed: true, OpensMinute: 60, ClosesMinute: 60})},
			want: []schedule.Clash{
				{Kind: schedule.ClashRule, Wave: "x", Field: "closes_minute", Message: "rule.closes_first"}, {Kind: schedule.ClashZeroLength, Wave: "x"},
			}, stops: true,
		},
		"a meeting that there is not": {
			waves: []schedule.Wave{wave(schedule.PartPost, "", schedule.Rule{Anchor: schedule.AnchorMeeting, Meeting: 4})},
			want:  []schedule.Clash{{Kind: schedule.ClashNoMeeting, Wave: "x", Meeting: 4}}, stops: true,
		},
		"a wave that there is not": {
			waves: []schedule.Wave{wave(schedule.PartDuring, "", schedule.Rule{Anchor: schedule.AnchorWave, Wave: "nothing"})},
			want:  []schedule.Clash{{Kind: schedule.ClashNoWave, Wave: "x", Other: "nothing"}}, stops: true,
		},
		"a wave of others": {
			waves: []schedule.Wave{wave(schedule.PartDuring, "", schedule.Rule{Anchor: schedule.AnchorWave, Wave: "week_1"})},
			want:  []schedule.Clash{{Kind: schedule.ClashOtherArm, Wave: "x", Other: "week_1"}}, stops: true,
		},
		"itself": {
			waves: []schedule.Wave{wave(schedule.PartDuring, "", schedule.Rule{Anchor: schedule.AnchorWave, Wave: "x"})},
			want:  []schedule.Clash{{Kind: schedule.ClashCircle, Wave: "x", Other: "x"}}, stops: true,
		},
		"before the course, after it began": {
			waves: []schedule.Wave{wave(schedule.PartPre, "", schedule.Rule{OpensDay: 1, ClosesDay: 2})},
			want:  []schedule.Clash{{Kind: schedule.ClashPreLate, Wave: "x"}},
		},
		"after the course, before it ended": {
			waves: []schedule.Wave{wave(schedule.PartPost, "", schedule.Rule{OpensDay: 10, ClosesDay: 30})},
			want:  []schedule.Clash{{Kind: schedule.ClashPostEarly, Wave: "x", Meeting: 3}},
		},
		"a follow-up before the survey after the course": {
			waves: []schedule.Wave{wave(schedule.PartFollowUp, "", schedule.Rule{OpensDay: 5, ClosesDay: 9})},
			want:  []schedule.Clash{{Kind: schedule.ClashFollowUp, Wave: "x", Other: "post"}}, stops: true,
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			cal := evening(t, "2026-03-16", "Europe/Berlin")
			if c.change != nil {
				c.change(&cal)
			}
			o := cal.Outline(append(course3(), c.waves...), 3, 2*time.Hour)
			var got []schedule.Clash
			stops := false
			for _, x := range o.Clashes {
				x.At = time.Time{}
				got = append(got, x)
				stops = stops || x.Kind.Stops()
			}
			if diff := cmp.Diff(got, c.want); diff != "" {
				t.Errorf("got (-), want (+):\n%s", diff)
			}
			if stops != c.stops {
				t.Errorf("that the run cannot be held is %v", stops)
			}
		})
	}
}

func TestMeetingsThatOverlapAreTold(t *testing.T) {
	t.Parallel()
	cal := evening(t, "2026-03-16", "UTC")
	cal.Moved = map[int]int{2: -6}
	o := cal.Outline(nil, 2, 30*time.Hour)
	if len(o.Clashes) != 1 || o.Clashes[0].Kind != schedule.ClashOverlap || o.Clashes[0].Meeting != 2 {
		t.Errorf("got %+v", o.Clashes)
	}
}

func TestTheMiddleOfAWaveIsWhereItStandsOnAnAxis(t *testing.T) {
	t.Parallel()
	waves := course3()
	var got []float64
	for _, w := range waves {
		got = append(got, schedule.Middle(w.Rule, waves))
	}
	if diff := cmp.Diff(got, []float64{-6, 6.5, 3, 10, -2.5, 25, 14 + 91.3125 + 14}); diff != "" {
		t.Error(diff)
	}
}

// An outline loses nothing, and its dated lines are in order, whatever the course.
func TestAnOutlineLosesNothing(t *testing.T) {
	t.Parallel()
	zones := theZones(t)
	rapid.Check(t, func(r *rapid.T) {
		c := anyCalendar(r, zones)
		var waves []schedule.Wave
		for i := range rapid.IntRange(0, 8).Draw(r, "waves") {
			waves = append(waves, schedule.Wave{
				Key: fmt.Sprint("w", i), Rule: anyRule(r),
				Part: rapid.SampledFrom([]schedule.Part{schedule.PartPre, schedule.PartDuring, schedule.PartPost, schedule.PartFollowUp}).Draw(r, "part"),
			})
		}
		o := c.Outline(waves, 10, 2*time.Hour)
		if len(o.Events) != 10+len(c.Breaks)+len(waves) {
			r.Fatalf("%d events of %d meetings, %d breaks and %d waves", len(o.Events), 10, len(c.Breaks), len(waves))
		}
		var last schedule.Event
		for _, e := range o.Events {
			if last.Kind == schedule.EventPerson && e.Kind != schedule.EventPerson || e.Kind != schedule.EventPerson && e.Opens.Before(last.Opens) {
				r.Fatalf("%+v follows %+v", e, last)
			}
			if e.Closes.Before(e.Opens) || e.Expires.Before(e.Closes) {
				r.Fatalf("%+v is not in order", e)
			}
			last = e
		}
	})
}
