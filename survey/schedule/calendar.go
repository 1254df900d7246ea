package schedule

import (
	"cmp"
	"slices"
	"time"
)

// DaysBetweenMeetings is the rhythm of a course: one meeting a week.
const DaysBetweenMeetings = 7

// Break is a time without meetings, such as a holiday week: the course stands
// still for so many days before the meeting.
type Break struct {
	Before int `json:"before"` // number of the meeting that comes after it, at least 2
	Days   int `json:"days"`   // at least 1
}

// Calendar says when a course run meets.
type Calendar struct {
	Start        Date // day of the first meeting, course day 0
	Hour, Minute int  // when meetings begin, by the clock of Zone
	Zone         *time.Location
	Breaks       []Break
	// Moved are single meetings held on another day, by number, as days after
	// (before: negative) the day that they would have: what moves the run moves
	// them too.
	Moved map[int]int
}

// Day is the civil day of course day n: 0 is the start, negative days come before
// it. Course time stands still during a break.
func (c Calendar) Day(n int) Date { return c.Start.AddDays(n + c.paused(n)) }

// paused are the days of all breaks before course day n.
func (c Calendar) paused(n int) int {
	days := 0
	for _, b := range c.Breaks {
		if n >= dayOf(b.Before) {
			days += b.Days
		}
	}
	return days
}

// dayOf is the course day of a meeting.
func dayOf(meeting int) int { return DaysBetweenMeetings * (meeting - 1) }

// CourseDay is the course day on a civil day, the inverse of Day: during a break
// it is the last day before the break.
func (c Calendar) CourseDay(d Date) int {
	n := c.Start.DaysUntil(d)
	breaks := slices.Clone(c.Breaks)
	slices.SortStableFunc(breaks, func(a, b Break) int { return cmp.Compare(a.Before, b.Before) })
	for _, b := range breaks {
		if n >= dayOf(b.Before) {
			n = max(n-b.Days, dayOf(b.Before)-1)
		}
	}
	return n
}

// Week is the number of the course week on a civil day: 1 from the start, 0 or
// less before it. A break belongs to the week before it.
func (c Calendar) Week(d Date) int {
	n := c.CourseDay(d)
	if n < 0 {
		return -((-n-1)/DaysBetweenMeetings + 1) + 1
	}
	return n/DaysBetweenMeetings + 1
}

// InBreak is the break on a civil day; false when there is none.
func (c Calendar) InBreak(d Date) (Break, bool) {
	for _, b := range c.Breaks {
		after := c.Day(dayOf(b.Before))
		if left := d.DaysUntil(after); left >= 1 && left <= b.Days {
			return b, true
		}
	}
	return Break{}, false
}

// Regular is the day on which meeting n, from 1, would be had it not been moved by
// itself.
func (c Calendar) Regular(n int) Date { return c.Day(dayOf(n)) }

// Meeting is the day of meeting number n, from 1.
func (c Calendar) Meeting(n int) Date { return c.Regular(n).AddDays(c.Moved[n]) }

// MeetingAt is when meeting number n begins.
func (c Calendar) MeetingAt(n int) time.Time { return c.Meeting(n).At(c.Hour, c.Minute, c.zone()) }

func (c Calendar) zone() *time.Location {
	if c.Zone == nil {
		return time.UTC
	}
	return c.Zone
}
