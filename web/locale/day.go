package locale

import (
	"strings"
	"time"

	"tidemark/survey/schedule"
)

// Day is a day as people say it in the weeks around it.
func (l *Language) Day(d schedule.Date) string { return l.date("date.day", d) }

// DayYear is a day that may be years away.
func (l *Language) DayYear(d schedule.Date) string { return l.date("date.day_year", d) }

func (l *Language) date(pattern string, d schedule.Date) string {
	at := d.At(12, 0, time.UTC)
	return l.Say(pattern,
		"Weekday", l.Say("date."+strings.ToLower(at.Weekday().String())), "Day", at.Day(),
		"Month", l.Say("date."+strings.ToLower(at.Month().String())), "Year", at.Format("2006"))
}

// Minutes rounds up and never says 0.
func (l *Language) Minutes(m float64) string { return l.Say("date.minutes", "Count", wholeMinutes(m)) }

// MinutesLeft is how long the rest takes.
func (l *Language) MinutesLeft(m float64) string {
	if m <= 0 {
		return l.Say("date.all_answered")
	}
	return l.Say("date.minutes_left", "Count", wholeMinutes(m))
}

// wholeMinutes rounds up, but for what floating point has added.
func wholeMinutes(m float64) int { return max(1, int(m+0.999)) }
