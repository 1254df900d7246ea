package schedule

// Anchor is what the days of a rule are counted from.
type Anchor string

// The anchors. The zero value is the start of the course.
const (
	AnchorStart     Anchor = ""          // the run's start date
	AnchorMeeting   Anchor = "meeting"   // the day of one meeting
	AnchorEnrolment Anchor = "enrolment" // the day on which the person joined
	AnchorWave      Anchor = "wave"      // the day on which the person completed another wave
)

// Anchors are all of them, in the order in which they are offered.
func Anchors() []Anchor {
	return []Anchor{AnchorStart, AnchorMeeting, AnchorEnrolment, AnchorWave}
}

// Valid reports whether a is one of the anchors.
func (a Anchor) Valid() bool {
	return a == AnchorStart || a == AnchorMeeting || a == AnchorEnrolment || a == AnchorWave
}

// OfPerson reports whether each person has windows of their own by this anchor.
func (a Anchor) OfPerson() bool { return a == AnchorEnrolment || a == AnchorWave }

// Rule places a wave relative to its anchor. Both days belong to the window, and
// day 0 is the anchor's own day. Days from the start are course days, which stand
// still during a break; days from any other anchor are days of the calendar.
//
// With Timed the window is cut by the clock instead: OpensMinute and ClosesMinute
// are elapsed minutes from the anchor's instant (of a meeting, when it begins), so
// that a state measure can be open from 24 hours before a meeting until it begins.
type Rule struct {
	Anchor    Anchor
	Meeting   int    // number from 1; with AnchorMeeting
	Wave      string // key of the earlier wave; with AnchorWave
	Months    int    // calendar months from the anchor's day to day 0
	OpensDay  int    // first day on which the wave can be answered
	ClosesDay int    // last day on which the wave can be answered, as people are told
	Timed     bool
	// OpensMinute and ClosesMinute are before the anchor when negative.
	OpensMinute, ClosesMinute int
	// GraceDays and GraceMinutes are how long answers are taken after the window
	// closes: for someone who has the page open at midnight.
	GraceDays, GraceMinutes int
	// LateDays are the days that someone has at least who joins after the window
	// opened, beginning on the day after they joined; 0: the window is what it is,
	// and whoever joins after it closed is not asked.
	LateDays int
}

// The bounds of a rule: ten years, and what a clock rule may span.
const (
	MaxDays    = 3660
	MaxMonths  = 120
	MaxMinutes = 60 * 24 * 14
)

// Fault is one thing that is wrong with a rule: its field and a key for words.
type Fault struct{ Field, Key string }

// Faults are what is wrong with a rule by itself; see [Calendar.Outline] for what
// is wrong with it in a course.
func (r Rule) Faults() []Fault {
	var faults []Fault
	bad := func(wrong bool, field, key string) {
		if wrong {
			faults = append(faults, Fault{field, key})
		}
	}
	bad(!r.Anchor.Valid(), "anchor", "rule.unknown_anchor")
	bad(r.Anchor == AnchorMeeting && r.Meeting < 1, "meeting", "rule.no_meeting")
	bad(r.Anchor == AnchorWave && r.Wave == "", "wave", "rule.no_wave")
	bad(r.Months < 0 || r.Months > MaxMonths, "months", "rule.bad_months")
	bad(r.GraceDays < 0 || r.GraceDays > MaxDays, "grace_days", "rule.bad_grace")
	bad(r.GraceMinutes < 0 || r.GraceMinutes > MaxMinutes, "grace_minutes", "rule.bad_grace")
	bad(r.LateDays < 0 || r.LateDays > MaxDays, "late_days", "rule.bad_late")
	if r.Timed {
		bad(abs(r.OpensMinute) > MaxMinutes, "opens_minute", "rule.too_far")
		bad(abs(r.ClosesMinute) > MaxMinutes, "closes_minute", "rule.too_far")
		bad(r.ClosesMinute <= r.OpensMinute, "closes_minute", "rule.closes_first")
		bad(r.Months != 0, "months", "rule.timed_months")
		bad(r.LateDays != 0, "late_days", "rule.timed_late")
		bad(r.Anchor.OfPerson() && r.OpensMinute < 0, "opens_minute", "rule.before_person")
		return faults
	}
	bad(abs(r.OpensDay) > MaxDays, "opens_day", "rule.too_far")
	bad(abs(r.ClosesDay) > MaxDays, "closes_day", "rule.too_far")
	bad(r.ClosesDay < r.OpensDay, "closes_day", "rule.closes_first")
	bad(r.Anchor.OfPerson() && r.OpensDay < 0, "opens_day", "rule.before_person")
	return faults
}

// Valid reports whether the rule has no faults.
func (r Rule) Valid() bool { return len(r.Faults()) == 0 }

func abs(n int) int {
	if n < 0 {
		return -n
	}
	return n
}
