package survey

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"

	"tidemark/survey/course"
)

// mostCourseDraft is the size of a course that is being written, in bytes of JSON.
const mostCourseDraft = 512 << 10

// Copy begins a course of one's own as a version of another, with a title of its own
// from which its key is made. It gives the draft.
func (u *Courses) Copy(ctx context.Context, a Actor, key, version, title string) (CourseDraft, error) {
	if !a.MayKeepCourses() {
		return CourseDraft{}, ErrForbidden
	}
	title = strings.TrimSpace(title)
	faults := FieldErrors{}
	checkText(faults, "title", title, 120)
	if title == "" {
		faults["title"] = "course.title_needed"
	}
	if err := faults.OrNil(); err != nil {
		return CourseDraft{}, err
	}
	from, err := u.env.courses.get(ctx, u.env.Store, key, version)
	if err != nil {
		return CourseDraft{}, err
	}
	c := from.Clone()
	c.Title, c.Version = title, "1.0.0"
	d := CourseDraft{Title: title, Origin: key + " " + version, Course: c}
	err = u.env.Store.InTx(ctx, func(tx Tx) error {
		shelves, err := u.shelves(ctx, tx)
		if err != nil {
			return err
		}
		c.Key = freeKey(course.KeyOf(title), shelves)
		d.Key = c.Key
		return u.put(ctx, tx, a, &d, ActionCourseBegun)
	})
	if err != nil {
		return CourseDraft{}, fmt.Errorf("copy course %s %s: %w", key, version, err)
	}
	return d, nil
}

// freeKey is a key that no course has, made of a wish.
func freeKey(wish string, shelves []CourseShelf) string {
	if wish == "" {
		wish = "course"
	}
	taken := map[string]bool{}
	for _, s := range shelves {
		taken[s.Key] = true
	}
	key := wish
	for n := 2; taken[key]; n++ {
		key = wish + "_" + strconv.Itoa(n)
	}
	return key
}

// Begin begins the next version of a course of the installation, or goes on with the
// one that is being written. One that comes with the program is ErrForbidden: it is
// copied.
func (u *Courses) Begin(ctx context.Context, a Actor, key string) (CourseDraft, error) {
	if !a.MayKeepCourses() {
		return CourseDraft{}, ErrForbidden
	}
	var d CourseDraft
	err := u.env.Store.InTx(ctx, func(tx Tx) error {
		s, err := u.shelf(ctx, tx, key)
		if err != nil {
			return err
		}
		if s.Draft != nil {
			d, err = tx.CourseDraft(ctx, key)
			return err
		}
		if !s.Own() {
			return ErrForbidden
		}
		newest := s.Versions[0]
		from, err := tx.CourseVersion(ctx, key, newest.Version)
		if err != nil {
			return err
		}
		c := from.Clone()
		c.Version = course.NextVersion(newest.Version)
		d = CourseDraft{Key: key, Title: c.Title, Origin: key + " " + newest.Version, Course: c}
		return u.put(ctx, tx, a, &d, ActionCourseBegun)
	})
	if err != nil {
		return CourseDraft{}, fmt.Errorf("begin course %s: %w", key, err)
	}
	return d, nil
}

// put saves a draft upon the revision it has, and counts that up. ErrConflict when
// another is stored.
func (u *Courses) put(ctx context.Context, tx Tx, a Actor, d *CourseDraft, did Action) error {
	d.Title, d.SavedAt, d.SavedBy = d.Course.Title, u.env.now(), a.author()
	if len(d.Course.JSON()) > mostCourseDraft {
		return FieldErrors{"course": "text.too_long"}
	}
	ok, err := tx.PutCourseDraft(ctx, *d)
	if err != nil {
		return err
	}
	if !ok {
		return ErrConflict
	}
	d.Revision++
	return tx.AppendAudit(ctx, u.env.event(a, "", d.SavedAt, did, "course", d.Key))
}

// Draft reads what is being written of a course.
func (u *Courses) Draft(ctx context.Context, a Actor, key string) (CourseDraft, error) {
	if !a.MayKeepCourses() {
		return CourseDraft{}, ErrForbidden
	}
	return u.env.Store.CourseDraft(ctx, key)
}

// Change edits a draft that has the revision. edit may refuse with FieldErrors.
// ErrConflict when somebody else has saved meanwhile; nothing is lost, for the form
// still holds what was typed.
func (u *Courses) Change(ctx context.Context, a Actor, key string, revision int, edit func(*course.Course) error) (CourseDraft, error) {
	if !a.MayKeepCourses() {
		return CourseDraft{}, ErrForbidden
	}
	var d CourseDraft
	err := u.env.Store.InTx(ctx, func(tx Tx) error {
		var err error
		if d, err = tx.CourseDraft(ctx, key); err != nil {
			return err
		}
		if d.Revision != revision {
			return ErrConflict
		}
		if err := edit(d.Course); err != nil {
			return err
		}
		return u.put(ctx, tx, a, &d, ActionCourseWritten)
	})
	if err != nil {
		return CourseDraft{}, fmt.Errorf("change course %s: %w", key, err)
	}
	return d, nil
}

// Publish makes a draft a version, which never changes again. What the course lacks
// is course.Faults.
func (u *Courses) Publish(ctx context.Context, a Actor, key string, revision int, note string) (CourseVersion, error) {
	if !a.MayKeepCourses() {
		return CourseVersion{}, ErrForbidden
	}
	faults := FieldErrors{}
	note = strings.TrimSpace(note)
	checkText(faults, "note", note, 1000)
	if err := faults.OrNil(); err != nil {
		return CourseVersion{}, err
	}
	var v CourseVersion
	err := u.env.Store.InTx(ctx, func(tx Tx) error {
		d, err := tx.CourseDraft(ctx, key)
		if err != nil {
			return err
		}
		s, err := u.shelf(ctx, tx, key)
		if err != nil {
			return err
		}
		if d.Revision != revision {
			return ErrConflict
		}
		if len(s.Versions) > 0 { // one may have been imported meanwhile
			d.Course.Version = course.NextVersion(s.Versions[0].Version)
		}
		if err := d.Course.Faults().Err(); err != nil {
			return err
		}
		if ok, err := tx.DeleteCourseDraft(ctx, key, revision); err != nil || !ok {
			return errors.Join(err, ErrConflict)
		}
		v = versionOf(d.Course)
		v.Origin, v.Note, v.AddedAt, v.AddedBy = d.Origin, note, u.env.now(), a.author()
		return u.publish(ctx, tx, a, v, d.Course)
	})
	if err != nil {
		return CourseVersion{}, fmt.Errorf("publish course %s: %w", key, err)
	}
	return v, nil
}

// Discard removes a draft that has the revision.
func (u *Courses) Discard(ctx context.Context, a Actor, key string, revision int) error {
	if !a.MayKeepCourses() {
		return ErrForbidden
	}
	err := u.env.Store.InTx(ctx, func(tx Tx) error {
		ok, err := tx.DeleteCourseDraft(ctx, key, revision)
		if err != nil {
			return err
		}
		if !ok {
			return ErrConflict
		}
		return tx.AppendAudit(ctx, u.env.event(a, "", u.env.now(), ActionCourseDiscarded, "course", key))
	})
	if err != nil {
		return fmt.Errorf("discard course %s: %w", key, err)
	}
	return nil
}
