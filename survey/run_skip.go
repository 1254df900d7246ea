package survey

import (
	"slices"
	"strings"
	"time"

	"tidemark/survey/schedule"
)

// skipWeeks lets a run stand still in the weeks, from Monday to Sunday, in which the
// given days lie: the meeting of such a week, and all after it, is a week later. The
// fault, if any, is a key of the texts.
func skipWeeks(run CourseRun, meetings int, days []string) (_ CourseRun, fault string) {
	var mondays []schedule.Date
	for _, text := range days {
		if text = strings.TrimSpace(text); text == "" {
			continue
		}
		day, err := schedule.ParseDate(text)
		if err != nil {
			return run, "run.bad_date"
		}
		mondays = append(mondays, mondayOf(day))
	}
	slices.SortFunc(mondays, func(a, b schedule.Date) int { return -a.DaysUntil(b) })
	run.Breaks = nil
	for _, monday := range slices.Compact(mondays) {
		n := meetingInWeek(run, meetings, monday)
		switch {
		case n == 0:
			return run, "run.no_meeting_that_week"
		case n == 1:
			return run, "run.first_meeting_that_week"
		}
		i := slices.IndexFunc(run.Breaks, func(b schedule.Break) bool { return b.Before == n })
		if i < 0 {
			run.Breaks = append(run.Breaks, schedule.Break{Before: n, Days: schedule.DaysBetweenMeetings})
			continue
		}
		if run.Breaks[i].Days += schedule.DaysBetweenMeetings; run.Breaks[i].Days > MaxBreak {
			return run, "run.long_break"
		}
	}
	return run, ""
}

// meetingInWeek is the number of the meeting in the seven days from one on; 0: none.
func meetingInWeek(run CourseRun, meetings int, from schedule.Date) int {
	c := run.Calendar()
	for n := 1; n <= meetings; n++ {
		if after := from.DaysUntil(c.Regular(n)); after >= 0 && after < schedule.DaysBetweenMeetings {
			return n
		}
	}
	return 0
}

func mondayOf(d schedule.Date) schedule.Date {
	weekday := d.At(12, 0, time.UTC).Weekday()
	return d.AddDays(-(int(weekday) + 6) % 7)
}
