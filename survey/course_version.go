package survey

import (
	"time"

	"tidemark/survey/course"
)

// CourseVersion is one version of a course template, without what stands in it. A
// version never changes once it is there: course runs keep the one they began with.
// Only RetiredAt does.
type CourseVersion struct {
	Key, Version string
	Title        string
	Language     string
	Weeks        int // number of meetings
	Hash         string
	// Origin is what it began as: "learning_from_setbacks_8 1.2.0", or the name of a
	// file; may be empty.
	Origin    string
	Note      string // what was changed; may be empty
	AddedAt   time.Time
	AddedBy   Author
	RetiredAt time.Time // zero: new course runs may follow it
	Builtin   bool      // comes with the program
}

// versionOf describes a course.
func versionOf(c *course.Course) CourseVersion {
	return CourseVersion{
		Key: c.Key, Version: c.Version, Title: c.Title, Language: c.Language, Weeks: len(c.Weeks), Hash: c.Hash(),
	}
}

// CourseShelf is a course with all its versions and what is being written of it.
type CourseShelf struct {
	Key      string
	Title    string
	Versions []CourseVersion // the newest first; none: it is being written
	Draft    *CourseDraft    // nil: nothing is being written
}

// Newest is the newest version that new course runs may follow; false when there is
// none.
func (s CourseShelf) Newest() (CourseVersion, bool) {
	for _, v := range s.Versions {
		if v.RetiredAt.IsZero() {
			return v, true
		}
	}
	return CourseVersion{}, false
}

// Own reports whether the course belongs to the installation: those that come with
// the program stay as they are, and are copied to be changed.
func (s CourseShelf) Own() bool { return len(s.Versions) == 0 || !s.Versions[0].Builtin }

// CourseDraft is a course that is being written: a new one, or the next version of
// one that is there.
type CourseDraft struct {
	Key      string
	Title    string
	Origin   string // as in CourseVersion
	Revision int    // counts saves, from 1
	SavedAt  time.Time
	SavedBy  Author
	// Course may have faults; see course.Course.Faults. It is nil in lists.
	Course *course.Course
}

// What is audited of courses.
const (
	ActionCourseBegun     Action = "course.draft_begun"
	ActionCourseWritten   Action = "course.draft_written"
	ActionCourseDiscarded Action = "course.draft_discarded"
	ActionCoursePublished Action = "course.published"
	ActionCourseRetired   Action = "course.retired"
)
