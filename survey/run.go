package survey

import (
	"time"

	"tidemark/survey/schedule"
)

// CourseRun (a cohort) is a course with a start date and people. Everything
// that is due follows from StartsOn.
type CourseRun struct {
	ID            RunID
	StudyID       StudyID
	Name          string
	CourseKey     string
	CourseVersion string
	StartsOn      schedule.Date // day of the first meeting
	MeetingTime   string        // "18:30", local
	TimeZone      string        // IANA name
	Location      string        // room or link, shown to participants; may be empty
	CreatedAt     time.Time
}

// Zone is the run's time zone; an unknown name falls back to UTC, so that a
// machine without that zone still opens its waves. It is read from disk: a loop
// asks once.
func (r CourseRun) Zone() *time.Location {
	loc, err := time.LoadLocation(r.TimeZone)
	if err != nil {
		return time.UTC
	}
	return loc
}

// Window is when a wave can be answered by the people of this run.
func (r CourseRun) Window(w schedule.Rule) schedule.Window {
	return w.Window(r.StartsOn, r.Zone())
}

// MeetingDay is the day of meeting number n, from 1, a week apart.
func (r CourseRun) MeetingDay(n int) schedule.Date { return r.StartsOn.AddDays(7 * (n - 1)) }

// Week is the number of the course week at instant t: 1 from the day of the
// first meeting, 0 or less before it.
func (r CourseRun) Week(t time.Time) int { return r.week(t, r.Zone()) }

func (r CourseRun) week(t time.Time, zone *time.Location) int {
	return r.WeekOf(schedule.DateOf(t.In(zone)))
}

// WeekOf is the number of the course week that a day belongs to; see Week.
func (r CourseRun) WeekOf(day schedule.Date) int {
	days := r.StartsOn.DaysUntil(day)
	if days < 0 {
		return -((-days-1)/7 + 1) + 1
	}
	return days/7 + 1
}

// Attendance is whether one person came to one meeting.
type Attendance struct {
	EnrolmentID EnrolmentID
	Meeting     int // number from 1
	Present     bool
}
