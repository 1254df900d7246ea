package storetest

import (
	"context"
	"strings"
	"testing"
	"time"

	"tidemark/survey"
	"tidemark/survey/course"
)

// newCourse is a course that no other test has, with what is said of it.
func newCourse(t testing.TB, version string) (survey.CourseVersion, *course.Course) {
	t.Helper()
	builtin, err := course.BuiltinByKey("learning_from_setbacks_8")
	noError(t, err)
	c := builtin.Clone()
	c.Key, c.Version, c.Title = "c"+strings.ReplaceAll(newID[string](), "-", "")[:24], version, "“Mine”"
	return describe(c), c
}

func describe(c *course.Course) survey.CourseVersion {
	return survey.CourseVersion{
		Key: c.Key, Version: c.Version, Title: c.Title, Language: c.Language, Weeks: len(c.Weeks), Hash: c.Hash(),
		Origin: "mine.yaml", Note: "shorter", AddedAt: noon, AddedBy: survey.Author{Kind: survey.ActorUser, ID: "u", Name: "Ana Ruiz"},
	}
}

func testCourses(t *testing.T, s survey.Store) {
	put := func(t *testing.T, d survey.CourseDraft) bool {
		t.Helper()
		var ok bool
		must(t, s, func(ctx context.Context, tx survey.Tx) (err error) {
			ok, err = tx.PutCourseDraft(ctx, d)
			return err
		})
		return ok
	}
	t.Run("a version is kept as it is, told once, and can be retired", func(t *testing.T) {
		t.Parallel()
		v, c := newCourse(t, "1.0.0")
		keep := func(ctx context.Context, tx survey.Tx) error { return tx.CreateCourseVersion(ctx, v, c) }
		must(t, s, keep)
		wantError(t, do(t, s, keep), survey.ErrDuplicate)
		got, err := s.CourseVersion(t.Context(), v.Key, v.Version)
		noError(t, err)
		same(t, got.Hash(), c.Hash())
		_, err = s.CourseVersion(t.Context(), v.Key, "2.0.0")
		wantError(t, err, survey.ErrNotFound)
		must(t, s, func(ctx context.Context, tx survey.Tx) error {
			return tx.RetireCourse(ctx, v.Key, v.Version, noon.Add(time.Hour))
		})
		v.RetiredAt = noon.Add(time.Hour)
		same(t, ofKey(t, s, v.Key), []survey.CourseVersion{v})
		must(t, s, func(ctx context.Context, tx survey.Tx) error {
			return tx.RetireCourse(ctx, v.Key, v.Version, time.Time{})
		})
		v.RetiredAt = time.Time{}
		same(t, ofKey(t, s, v.Key), []survey.CourseVersion{v})
		wantError(t, do(t, s, func(ctx context.Context, tx survey.Tx) error { return tx.RetireCourse(ctx, v.Key, "2.0.0", noon) }), survey.ErrNotFound)
	})
	t.Run("what is said of a version must be what it is", func(t *testing.T) {
		t.Parallel()
		v, c := newCourse(t, "1.0.0")
		c.Title = "another"
		if err := do(t, s, func(ctx context.Context, tx survey.Tx) error { return tx.CreateCourseVersion(ctx, v, c) }); err == nil {
			t.Error("a course is kept under a hash that it does not have")
		}
	})
	t.Run("a draft is saved upon the revision that stands", func(t *testing.T) {
		t.Parallel()
		_, c := newCourse(t, "1.0.0")
		c.AddWeek(0) // unfinished
		d := survey.CourseDraft{
			Key: c.Key, Title: c.Title, Origin: "learning_from_setbacks_8 1.0.0", SavedAt: noon,
			SavedBy: survey.Author{Kind: survey.ActorUser, ID: "u", Name: "Ana Ruiz"}, Course: c,
		}
		same(t, put(t, d), true)
		same(t, put(t, d), false) // there is one already
		d.Revision, d.Title = 1, "another"
		same(t, put(t, d), true)
		same(t, put(t, d), false) // somebody saved meanwhile
		got, err := s.CourseDraft(t.Context(), c.Key)
		noError(t, err)
		same(t, []any{got.Revision, got.Title, got.Origin, got.SavedAt, got.SavedBy, got.Course.Hash()},
			[]any{2, "another", d.Origin, d.SavedAt, d.SavedBy, c.Hash()})
		all, err := s.CourseDrafts(t.Context())
		noError(t, err)
		found := 0
		for _, x := range all {
			if x.Key == c.Key && x.Revision == 2 && x.Course == nil {
				found++
			}
		}
		same(t, found, 1)
		for revision, want := range map[int]bool{1: false, 3: false} {
			must(t, s, func(ctx context.Context, tx survey.Tx) error {
				ok, err := tx.DeleteCourseDraft(ctx, c.Key, revision)
				same(t, ok, want)
				return err
			})
		}
		must(t, s, func(ctx context.Context, tx survey.Tx) error {
			ok, err := tx.DeleteCourseDraft(ctx, c.Key, 2)
			same(t, ok, true)
			return err
		})
		_, err = s.CourseDraft(t.Context(), c.Key)
		wantError(t, err, survey.ErrNotFound)
	})
}

func ofKey(t *testing.T, s survey.Store, key string) []survey.CourseVersion {
	t.Helper()
	all, err := s.CourseVersions(t.Context())
	noError(t, err)
	var mine []survey.CourseVersion
	for _, v := range all {
		if v.Key == key {
			mine = append(mine, v)
		}
	}
	return mine
}
