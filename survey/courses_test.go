package survey_test

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"tidemark/survey"
	"tidemark/survey/course"
)

const eight = "learning_from_setbacks_8"

func isConflict(err error) bool { return errors.Is(err, survey.ErrConflict) }

// A course is copied, changed, published; a run follows that version to its end,
// whatever is written later.
func TestARunKeepsTheVersionItBeganWith(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, s *stage) {
		u, ctx := s.cases.Courses, t.Context()
		d, err := u.Copy(ctx, s.leader, eight, "1.2.0", "Evenings of learning")
		noError(t, err)
		same(t, []any{d.Key, d.Revision, d.Origin, d.Course.Version}, []any{"evenings_of_learning", 1, eight + " 1.2.0", "1.0.0"})
		twin, err := u.Copy(ctx, s.leader, eight, "1.2.0", "Evenings of learning")
		noError(t, err)
		same(t, twin.Key, "evenings_of_learning_2")
		noError(t, u.Discard(ctx, s.researcher, twin.Key, 1))
		d, err = u.Change(ctx, s.leader, d.Key, 1, func(c *course.Course) error { c.RemoveWeek(8); c.Weeks[2].Title = "First words"; return nil })
		noError(t, err)
		if _, err = u.Change(ctx, s.researcher, d.Key, 1, func(*course.Course) error { return nil }); !isConflict(err) {
			t.Errorf("saved upon an older revision: %v", err)
		}
		v, err := u.Publish(ctx, s.leader, d.Key, d.Revision, "seven weeks")
		noError(t, err)
		same(t, []any{v.Version, v.Weeks, v.Note}, []any{"1.0.0", 7, "seven weeks"})
		n := newRun()
		n.CourseKey, n.Name = d.Key, "Follows"
		run, err := s.cases.Runs.Create(ctx, s.leader, s.study.ID, n)
		noError(t, err)
		same(t, run.CourseVersion, "1.0.0")

		next, err := u.Begin(ctx, s.leader, d.Key)
		noError(t, err)
		same(t, next.Course.Version, "1.1.0")
		again, err := u.Begin(ctx, s.researcher, d.Key)
		noError(t, err)
		same(t, again.Revision, next.Revision)
		next, err = u.Change(ctx, s.leader, d.Key, next.Revision, func(c *course.Course) error { c.Weeks[2].Title = "Later words"; return nil })
		noError(t, err)
		_, err = u.Publish(ctx, s.leader, d.Key, next.Revision, "")
		noError(t, err)
		for range 2 { // the second time from what is kept
			m, err := s.cases.Runs.Meeting(ctx, s.leader, s.study.ID, run.ID, 3)
			noError(t, err)
			same(t, m.Meeting.Title, "First words")
		}
		calendar, err := s.cases.Runs.Calendar(ctx, s.leader, s.study.ID, run.ID)
		noError(t, err)
		same(t, len(calendar.Course.Weeks), 7)
		n.Name = "Follows later"
		later, err := s.cases.Runs.Create(ctx, s.leader, s.study.ID, n)
		noError(t, err)
		m, err := s.cases.Runs.Meeting(ctx, s.leader, s.study.ID, later.ID, 3)
		noError(t, err)
		same(t, []string{later.CourseVersion, m.Meeting.Title}, []string{"1.1.0", "Later words"})
		list, err := s.cases.Runs.List(ctx, s.leader, s.study.ID)
		noError(t, err)
		meetings := map[string]int{}
		for _, r := range list {
			meetings[r.Run.Name] = r.Meetings
		}
		same(t, meetings, map[string]int{"Follows": 7, "Follows later": 7, s.run.Name: 8})
	})
}

// Whatever asks for the course of a run asks the catalogue, or it would not know the
// installation's own courses, nor former versions.
func TestOnlyTheCatalogueAsksForBuiltinCourses(t *testing.T) {
	t.Parallel()
	for _, pattern := range []string{"*.go", "../web/*.go"} {
		names, err := filepath.Glob(pattern)
		noError(t, err)
		for _, name := range names {
			if strings.HasSuffix(name, "_test.go") || name == "course_catalogue.go" || name == "courses.go" {
				continue
			}
			data, err := os.ReadFile(name)
			noError(t, err)
			if strings.Contains(string(data), "course.BuiltinByKey") || strings.Contains(string(data), "course.BuiltinVersion") {
				t.Errorf("%s asks for built-in courses alone", name)
			}
		}
	}
}

func TestFormerVersionsOfTheProgramsCoursesAreFollowedToo(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, s *stage) {
		n := newRun()
		n.CourseVersion, n.Name = "1.0.0", "Older"
		run, err := s.cases.Runs.Create(t.Context(), s.leader, s.study.ID, n)
		noError(t, err)
		m, err := s.cases.Runs.Meeting(t.Context(), s.leader, s.study.ID, run.ID, 1)
		noError(t, err)
		same(t, []string{m.Course.Version, m.Meeting.ParticipantText}, []string{"1.0.0", ""})
		n.CourseVersion = "7.0.0"
		_, err = s.cases.Runs.Create(t.Context(), s.leader, s.study.ID, n)
		wantFaults(t, err, survey.FieldErrors{"course": "run.unknown_course"})
	})
}

func TestWhatACourseLacksKeepsItFromBeingPublished(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, s *stage) {
		u, ctx := s.cases.Courses, t.Context()
		_, err := u.Copy(ctx, s.leader, eight, "1.2.0", " ")
		wantFaults(t, err, survey.FieldErrors{"title": "course.title_needed"})
		d, err := u.Copy(ctx, s.leader, eight, "1.2.0", "学び")
		noError(t, err)
		same(t, d.Key, "course")
		d, err = u.Change(ctx, s.leader, d.Key, d.Revision, func(c *course.Course) error { c.AddWeek(8); return nil })
		noError(t, err)
		_, err = u.Publish(ctx, s.leader, d.Key, d.Revision, "")
		faults, ok := errors.AsType[course.Faults](err)
		if !ok || !strings.HasPrefix(faults[0].Place, "weeks[8]") {
			t.Errorf("published although a week is empty: %v", err)
		}
		_, err = u.Change(ctx, s.leader, d.Key, d.Revision, func(c *course.Course) error { c.Notice = strings.Repeat("x", 600<<10); return nil })
		wantFaults(t, err, survey.FieldErrors{"course": "text.too_long"})
		if _, err = u.Begin(ctx, s.leader, eight); !errors.Is(err, survey.ErrForbidden) {
			t.Errorf("a course of the program is written: %v", err)
		}
	})
}

func TestCoursesOfFilesAreKeptOnce(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, s *stage) {
		u, ctx := s.cases.Courses, t.Context()
		built, err := u.Version(ctx, s.leader, eight, "1.2.0")
		noError(t, err)
		_, err = u.Import(ctx, s.leader, "own.json", built.JSON())
		wantFaults(t, err, survey.FieldErrors{"file": "course.key_builtin"}) // the key is the program's
		c := built.Clone()
		c.Key, c.Version = "from_a_file", "1.4.0"
		v, err := u.Import(ctx, s.leader, "own.json", c.JSON())
		noError(t, err)
		same(t, []string{v.Key, v.Version, v.Origin, v.AddedBy.ID}, []string{"from_a_file", "1.4.0", "own.json", string(s.leader.User.ID)})
		if _, err = u.Import(ctx, s.leader, "again.json", c.JSON()); !errors.Is(err, survey.ErrRepeated) {
			t.Errorf("the same again: %v", err)
		}
		c.Summary = "Another."
		_, err = u.Import(ctx, s.leader, "own.json", c.JSON())
		wantFaults(t, err, survey.FieldErrors{"file": "course.version_taken"}) // the version is taken
		c.Version = "1.3.0"
		_, err = u.Import(ctx, s.leader, "own.json", c.JSON())
		wantFaults(t, err, survey.FieldErrors{"file": "course.version_taken"}) // and a lower one would look like the older
		_, err = u.Import(ctx, s.leader, "own.json", []byte("{}"))
		if faults, ok := errors.AsType[course.Faults](err); !ok || len(faults) < 5 {
			t.Errorf("an empty file: %v", err)
		}

		noError(t, u.Retire(ctx, s.admin, "from_a_file", "1.4.0", true))
		offered, err := u.Offered(ctx, s.leader)
		noError(t, err)
		var keys []string
		for _, o := range offered {
			keys = append(keys, o.Key+" "+o.Version)
		}
		same(t, keys, []string{"learning_from_setbacks_10 1.0.0", eight + " 1.2.0"})
		n := newRun()
		n.CourseKey = "from_a_file"
		_, err = s.cases.Runs.Create(ctx, s.leader, s.study.ID, n)
		wantFaults(t, err, survey.FieldErrors{"course": "run.unknown_course"})
		noError(t, u.Retire(ctx, s.admin, "from_a_file", "1.4.0", false))
		_, err = s.cases.Runs.Create(ctx, s.leader, s.study.ID, n)
		noError(t, err)
	})
}
