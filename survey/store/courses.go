package store

import (
	"context"
	"fmt"
	"time"

	"tidemark/survey"
	"tidemark/survey/course"
)

const courseColumns = `key, version, title, language, weeks, hash, origin, note, added_at, added_kind, added_id, added_name, retired_at`

// CourseVersions lists every version.
func (r reader) CourseVersions(ctx context.Context) ([]survey.CourseVersion, error) {
	all := []survey.CourseVersion{}
	var v survey.CourseVersion
	var added, retired instant
	var kind, id, name string
	err := r.each(ctx, []any{&v.Key, &v.Version, &v.Title, &v.Language, &v.Weeks, &v.Hash, &v.Origin, &v.Note, &added, &kind, &id, &name, &retired},
		func() error {
			v.AddedAt, v.AddedBy, v.RetiredAt = added.time(), author(kind, id, name), retired.time()
			all = append(all, v)
			return nil
		}, `SELECT `+courseColumns+` FROM course_version ORDER BY key, added_at DESC, version DESC LIMIT 2000`)
	return all, wrap(err, "list courses")
}

// CourseVersion reads one and holds it to its hash.
func (r reader) CourseVersion(ctx context.Context, key, version string) (*course.Course, error) {
	var found *course.Course
	var definition, hash string
	err := r.each(ctx, []any{&definition, &hash}, func() error {
		var err error
		if found, err = course.Parse([]byte(definition)); err == nil && found.Hash() != hash {
			err = fmt.Errorf("the content does not have the hash %s", hash)
		}
		return err
	}, `SELECT definition, hash FROM course_version WHERE key = ? AND version = ?`, key, version)
	if err == nil && found == nil {
		err = survey.ErrNotFound
	}
	if err != nil {
		return nil, wrap(err, "course %s %s", key, version)
	}
	return found, nil
}

func (r reader) courseDrafts(ctx context.Context, columns string, content *string, rest string, args ...any) ([]survey.CourseDraft, error) {
	all := []survey.CourseDraft{}
	var d survey.CourseDraft
	var saved instant
	var kind, id, name string
	targets := []any{&d.Key, &d.Title, &d.Origin, &d.Revision, &saved, &kind, &id, &name}
	if content != nil {
		targets = append(targets, content)
	}
	err := r.each(ctx, targets, func() error {
		d.SavedAt, d.SavedBy = saved.time(), author(kind, id, name)
		all = append(all, d)
		return nil
	}, `SELECT key, title, origin, revision, saved_at, saved_kind, saved_id, saved_name`+columns+` FROM course_draft `+rest, args...)
	return all, err
}

// CourseDrafts lists what is being written.
func (r reader) CourseDrafts(ctx context.Context) ([]survey.CourseDraft, error) {
	all, err := r.courseDrafts(ctx, "", nil, `ORDER BY key LIMIT 2000`)
	return all, wrap(err, "list courses being written")
}

// CourseDraft reads one.
func (r reader) CourseDraft(ctx context.Context, key string) (survey.CourseDraft, error) {
	var content string
	all, err := r.courseDrafts(ctx, ", content", &content, `WHERE key = ?`, key)
	if err == nil && len(all) == 0 {
		err = survey.ErrNotFound
	}
	if err != nil {
		return survey.CourseDraft{}, wrap(err, "course %s being written", key)
	}
	d := all[0]
	d.Course, err = course.ReadDraft([]byte(content))
	return d, wrap(err, "course %s being written", key)
}

// CreateCourseVersion keeps a version.
func (t *transaction) CreateCourseVersion(ctx context.Context, v survey.CourseVersion, c *course.Course) error {
	if v.Key != c.Key || v.Version != c.Version || v.Hash != c.Hash() {
		return fmt.Errorf("keep course %s %s: what is said of it is not what it is", v.Key, v.Version)
	}
	_, err := t.change(ctx, `INSERT INTO course_version (`+courseColumns+`, definition) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
		v.Key, v.Version, v.Title, v.Language, v.Weeks, v.Hash, v.Origin, v.Note, t.at(v.AddedAt),
		string(v.AddedBy.Kind), v.AddedBy.ID, v.AddedBy.Name, t.at(v.RetiredAt), string(c.JSON()))
	return wrap(err, "keep course %s %s", v.Key, v.Version)
}

// RetireCourse ends or resumes the use of a version.
func (t *transaction) RetireCourse(ctx context.Context, key, version string, at time.Time) error {
	err := t.changeOne(ctx, `UPDATE course_version SET retired_at = ? WHERE key = ? AND version = ?`, t.at(at), key, version)
	return wrap(err, "retire course %s %s", key, version)
}

// PutCourseDraft keeps a draft under its next revision.
func (t *transaction) PutCourseDraft(ctx context.Context, d survey.CourseDraft) (bool, error) {
	n, err := t.change(ctx, `INSERT INTO course_draft (key, title, origin, revision, saved_at, saved_kind, saved_id, saved_name, content)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
		ON CONFLICT (key) DO UPDATE SET title = excluded.title, revision = excluded.revision, saved_at = excluded.saved_at,
			saved_kind = excluded.saved_kind, saved_id = excluded.saved_id, saved_name = excluded.saved_name, content = excluded.content
		WHERE course_draft.revision = excluded.revision - 1`,
		d.Key, d.Title, d.Origin, d.Revision+1, t.at(d.SavedAt), string(d.SavedBy.Kind), d.SavedBy.ID, d.SavedBy.Name, string(d.Course.JSON()))
	return n == 1, wrap(err, "save course %s", d.Key)
}

// DeleteCourseDraft removes a draft.
func (t *transaction) DeleteCourseDraft(ctx context.Context, key string, revision int) (bool, error) {
	n, err := t.change(ctx, `DELETE FROM course_draft WHERE key = ? AND revision = ?`, key, revision)
	return n == 1, wrap(err, "remove the draft of course %s", key)
}
