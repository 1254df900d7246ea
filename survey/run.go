package survey

import (
	"sync"
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
	// Breaks and Moved are what its dates depend on besides the start; see
	// schedule.Calendar.
	Breaks []schedule.Break
	Moved  map[int]int
}

// zones keeps time zones by name: reading one from disk takes as long as all the
// rest of a request. Only names that there are get in.
var zones sync.Map // string → *time.Location

// Zone is the run's time zone; an unknown name falls back to UTC, so that a
// machine without that zone still opens its waves.
func (r CourseRun) Zone() *time.Location {
	if z, ok := zones.Load(r.TimeZone); ok {
		return z.(*time.Location)
	}
	z, err := time.LoadLocation(r.TimeZone)
	if err != nil {
		return time.UTC
	}
	zones.Store(r.TimeZone, z)
	return z
}

// Calendar is when the run meets.
func (r CourseRun) Calendar() schedule.Calendar {
	c := schedule.Calendar{Start: r.StartsOn, Zone: r.Zone(), Breaks: r.Breaks, Moved: r.Moved}
	if clockTime.MatchString(r.MeetingTime) {
		c.Hour = int(r.MeetingTime[0]-'0')*10 + int(r.MeetingTime[1]-'0')
		c.Minute = int(r.MeetingTime[3]-'0')*10 + int(r.MeetingTime[4]-'0')
	}
	return c
}

// Window is when a wave can be answered by the people of this run who were there
// from the beginning; the zero window, which is never open and never over, when
// each person has one of their own. See Timetable for one person's.
func (r CourseRun) Window(rule schedule.Rule) schedule.Window {
	w, _ := r.Calendar().Place(rule).General()
	return w
}

// MeetingDay is the day of meeting number n, from 1.
func (r CourseRun) MeetingDay(n int) schedule.Date { return r.Calendar().Meeting(n) }

// Week is the number of the course week at instant t: 1 from the day of the
// first meeting, 0 or less before it. A break belongs to the week before it.
func (r CourseRun) Week(t time.Time) int { return r.WeekOf(schedule.DateOf(t.In(r.Zone()))) }

// WeekOf is the number of the course week that a day belongs to; see Week.
func (r CourseRun) WeekOf(day schedule.Date) int { return r.Calendar().Week(day) }

// Attendance is whether one person came to one meeting.
type Attendance struct {
	EnrolmentID EnrolmentID
	Meeting     int // number from 1
	Present     bool
	// NotedAt is when it was noted; zero where that was not kept or is not
	// asked for.
	NotedAt time.Time
}
