package survey

import (
	"time"

	"tidemark/survey/course"
	"tidemark/survey/schedule"
)

// Bounds of what can be noted of a practice.
const (
	MaxPracticeMinutes = 600
	MaxHelpful         = 10 // helpfulness counts from 0
	// PracticeDaysBack is how many days after it a practice can still be noted.
	PracticeDaysBack = 7
	// MaxPracticesPerDay bounds the entries of one day.
	MaxPracticesPerDay = 20
)

// PracticeEntry is one time a person practised: the dose of the course, as the
// person noted it.
type PracticeEntry struct {
	ID          PracticeID
	StudyID     StudyID
	EnrolmentID EnrolmentID
	Day         schedule.Date // where the run takes place
	Practice    string        // key of the practice in its course, as "week_03"
	Minutes     int           // 1 to MaxPracticeMinutes
	// Formal: time was set aside for it; otherwise it was done in the midst of
	// other things.
	Formal    bool
	Helpful   *int // 0 to MaxHelpful; nil: not said
	NotedAt   time.Time
	ChangedAt time.Time // zero: as first noted
}

// NewPractice is what a person notes. Whatever was left out or could not be read
// is the zero value or, where that means something, nil.
type NewPractice struct {
	Day      schedule.Date
	Practice string
	Minutes  int
	Formal   *bool
	Helpful  *int
}

// PracticeWeek is one week of a person's course: its practice, and what they noted.
type PracticeWeek struct {
	Number int // from 1; 0 or less, or beyond the meetings, if the run was moved
	Starts schedule.Date
	// Meeting is the one with which the week begins, if the course has one of
	// this number.
	Meeting course.Meeting
	InPlan  bool
	Entries []PracticeEntry // the latest day first
	Minutes int
	Days    int // on which they practised
}

// PracticeBook is a person's practice in their course.
type PracticeBook struct {
	Run    CourseRun
	Course *course.Course
	Week   int // the course week now; see CourseRun.Week
	Today  schedule.Date
	// First and Last bound the days that can be noted now; when Last is before
	// First there is none.
	First, Last schedule.Date
	Weeks       []PracticeWeek // that have begun, the latest first
}

// GoingOn reports whether the course is in one of its weeks.
func (b PracticeBook) GoingOn() bool { return b.Week >= 1 && b.Week <= len(b.Course.Weeks) }

// CanNote reports whether there is a day to note something for.
func (b PracticeBook) CanNote() bool { return b.First.DaysUntil(b.Last) >= 0 }

// Days are those that can be noted now, the latest first.
func (b PracticeBook) Days() []schedule.Date {
	var days []schedule.Date
	for d := b.Last; b.First.DaysUntil(d) >= 0; d = d.AddDays(-1) {
		days = append(days, d)
	}
	return days
}

// Entry finds one of the entries.
func (b PracticeBook) Entry(id PracticeID) (PracticeEntry, bool) {
	for _, w := range b.Weeks {
		for _, e := range w.Entries {
			if e.ID == id {
				return e, true
			}
		}
	}
	return PracticeEntry{}, false
}

// GroupPractice is what the people of a run have noted together, as it was told; see
// [Release].
type GroupPractice struct {
	Weeks   []int // the course weeks of which something is told
	Minutes int   // over these, each rounded to hours
}
