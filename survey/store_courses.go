package survey

import (
	"context"
	"time"

	"tidemark/survey/course"
)

// CourseReader reads the course templates of the installation. Those that come with
// the program are not stored.
type CourseReader interface {
	// CourseVersions lists every version by key, the one added last first.
	CourseVersions(ctx context.Context) ([]CourseVersion, error)
	// CourseVersion reads one; ErrNotFound when there is none.
	CourseVersion(ctx context.Context, key, version string) (*course.Course, error)
	// CourseDrafts lists what is being written, by key, without what stands in it.
	CourseDrafts(ctx context.Context) ([]CourseDraft, error)
	// CourseDraft reads one; ErrNotFound when there is none.
	CourseDraft(ctx context.Context, key string) (CourseDraft, error)
}

// CourseWriter writes them. What stands in a version never changes: the database
// refuses.
type CourseWriter interface {
	// CreateCourseVersion keeps a version; ErrDuplicate when its key and version
	// are taken.
	CreateCourseVersion(ctx context.Context, v CourseVersion, c *course.Course) error
	// RetireCourse keeps a version out of new course runs, or takes that back with
	// the zero time. ErrNotFound when there is none.
	RetireCourse(ctx context.Context, key, version string, at time.Time) error
	// PutCourseDraft keeps a draft under its next revision, and reports whether
	// the stored one had the given revision; 0: there was none.
	PutCourseDraft(ctx context.Context, d CourseDraft) (bool, error)
	// DeleteCourseDraft removes a draft with this revision, and reports whether
	// there was one.
	DeleteCourseDraft(ctx context.Context, key string, revision int) (bool, error)
}
