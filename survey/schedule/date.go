package schedule

import (
	"errors"
	"fmt"
	"time"
)

// ErrDate reports text that is not a day in the form 2006-01-02.
var ErrDate = errors.New("not a date like 2026-03-02")

// Date is a day of the civil (proleptic Gregorian) calendar, without a zone.
type Date struct {
	Year  int
	Month time.Month
	Day   int
}

// ParseDate reads a day written as 2006-01-02.
func ParseDate(s string) (Date, error) {
	t, err := time.Parse(time.DateOnly, s)
	if err != nil {
		return Date{}, fmt.Errorf("%q: %w", s, ErrDate)
	}
	return DateOf(t), nil
}

// DateOf is the civil day of t in t's own zone.
func DateOf(t time.Time) Date {
	y, m, d := t.Date()
	return Date{y, m, d}
}

// String writes the day as 2006-01-02.
func (d Date) String() string {
	return fmt.Sprintf("%04d-%02d-%02d", d.Year, d.Month, d.Day)
}

// IsZero reports whether d is the zero Date, which is no day.
func (d Date) IsZero() bool { return d == Date{} }

// AddDays is the day n days later (earlier for n < 0).
func (d Date) AddDays(n int) Date {
	return DateOf(time.Date(d.Year, d.Month, d.Day+n, 12, 0, 0, 0, time.UTC))
}

// AddMonths is the same day n months later, or the last day of that month when
// it has no such day: three months after 30 November is 28 or 29 February.
func (d Date) AddMonths(n int) Date {
	first := time.Date(d.Year, d.Month+time.Month(n), 1, 12, 0, 0, 0, time.UTC)
	last := first.AddDate(0, 1, -1).Day()
	return Date{first.Year(), first.Month(), min(d.Day, last)}
}

// DaysUntil is the number of days from d to e, negative when e is earlier.
func (d Date) DaysUntil(e Date) int {
	return int(e.utc().Sub(d.utc()) / (24 * time.Hour))
}

func (d Date) utc() time.Time { return time.Date(d.Year, d.Month, d.Day, 0, 0, 0, 0, time.UTC) }

// At is the instant of d at the given hour and minute in loc. A clock time that
// does not exist on that day (clocks go forward) is moved by the size of the gap;
// of one that comes twice (clocks go back) it is the first. time.Date promises
// neither, and puts a midnight that does not exist on the day before.
func (d Date) At(hour, minute int, loc *time.Location) time.Time {
	t := time.Date(d.Year, d.Month, d.Day, hour, minute, 0, 0, loc)
	_, offset := t.AddDate(0, 0, -1).Zone() // before a change on that day
	before := time.Date(d.Year, d.Month, d.Day, hour, minute, 0, 0, time.UTC).Add(-time.Duration(offset) * time.Second).In(loc)
	if shows(t, d, hour, minute) && !shows(before, d, hour, minute) {
		return t // the change came earlier in the day
	}
	return before
}

func shows(t time.Time, d Date, hour, minute int) bool {
	return DateOf(t) == d && t.Hour() == hour && t.Minute() == minute
}
