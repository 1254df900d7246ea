package survey

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"tidemark/survey/course"
)

// Courses are the use cases of course templates: what there is, copying, writing,
// importing and retiring. They belong to the installation, as questionnaires do.
// Administrators, researchers and facilitators of a whole study may; to others
// ErrForbidden.
type Courses struct{ env Env }

// List gives all courses by title, those that come with the program among them.
func (u *Courses) List(ctx context.Context, a Actor) ([]CourseShelf, error) {
	if !a.MayKeepCourses() {
		return nil, ErrForbidden
	}
	shelves, err := u.shelves(ctx, u.env.Store)
	if err != nil {
		return nil, fmt.Errorf("list courses: %w", err)
	}
	return shelves, nil
}

func (u *Courses) shelves(ctx context.Context, r Reader) ([]CourseShelf, error) {
	versions, err := r.CourseVersions(ctx)
	if err != nil {
		return nil, err
	}
	builtin, err := builtinVersions()
	if err != nil {
		return nil, err
	}
	drafts, err := r.CourseDrafts(ctx)
	if err != nil {
		return nil, err
	}
	var shelves []CourseShelf
	shelf := func(key, title string) *CourseShelf {
		i := slices.IndexFunc(shelves, func(s CourseShelf) bool { return s.Key == key })
		if i < 0 {
			i = len(shelves)
			shelves = append(shelves, CourseShelf{Key: key, Title: title})
		}
		return &shelves[i]
	}
	for _, v := range append(builtin, versions...) {
		s := shelf(v.Key, v.Title)
		s.Versions = append(s.Versions, v)
	}
	for _, d := range drafts {
		shelf(d.Key, d.Title).Draft = &d
	}
	for i := range shelves {
		slices.SortStableFunc(shelves[i].Versions, func(a, b CourseVersion) int { return compareVersions(b.Version, a.Version) })
	}
	slices.SortStableFunc(shelves, func(a, b CourseShelf) int {
		return strings.Compare(strings.ToLower(a.Title), strings.ToLower(b.Title))
	})
	return shelves, nil
}

// builtinVersions are all versions that come with the program.
func builtinVersions() ([]CourseVersion, error) {
	newest, err := course.Builtin()
	if err != nil {
		return nil, err
	}
	former, err := course.BuiltinFormer()
	if err != nil {
		return nil, err
	}
	var all []CourseVersion
	for _, c := range append(newest, former...) {
		v := versionOf(c)
		v.Builtin = true
		all = append(all, v)
	}
	return all, nil
}

// Show gives one course with its versions. ErrNotFound when there is none.
func (u *Courses) Show(ctx context.Context, a Actor, key string) (CourseShelf, error) {
	if !a.MayKeepCourses() {
		return CourseShelf{}, ErrForbidden
	}
	s, err := u.shelf(ctx, u.env.Store, key)
	if err != nil {
		return CourseShelf{}, fmt.Errorf("course %s: %w", key, err)
	}
	return s, nil
}

func (u *Courses) shelf(ctx context.Context, r Reader, key string) (CourseShelf, error) {
	shelves, err := u.shelves(ctx, r)
	if err != nil {
		return CourseShelf{}, err
	}
	for _, s := range shelves {
		if s.Key == key {
			return s, nil
		}
	}
	return CourseShelf{}, ErrNotFound
}

// Version reads one version; what it gives must not be changed.
func (u *Courses) Version(ctx context.Context, a Actor, key, version string) (*course.Course, error) {
	if !a.MayKeepCourses() {
		return nil, ErrForbidden
	}
	return u.env.courses.get(ctx, u.env.Store, key, version)
}

// Offered are the newest versions that a new course run may follow, by title.
func (u *Courses) Offered(ctx context.Context, a Actor) ([]CourseVersion, error) {
	shelves, err := u.List(ctx, a)
	if err != nil {
		return nil, err
	}
	var offered []CourseVersion
	for _, s := range shelves {
		if v, ok := s.Newest(); ok {
			offered = append(offered, v)
		}
	}
	return offered, nil
}

// Import keeps the course of a file as a version of the installation. Its mistakes
// are course.Faults, with their places. FieldErrors when its key belongs to the
// program, or when the version is there already with other content; the same version
// with the same content is ErrRepeated and changes nothing.
func (u *Courses) Import(ctx context.Context, a Actor, name string, data []byte) (CourseVersion, error) {
	if !a.MayKeepCourses() {
		return CourseVersion{}, ErrForbidden
	}
	c, err := course.ParseFile(name, data)
	if err != nil {
		return CourseVersion{}, err
	}
	faults := FieldErrors{}
	checkText(faults, "name", name, 200)
	if _, err := course.BuiltinByKey(c.Key); err == nil {
		faults["file"] = "course.key_builtin"
	}
	if err := faults.OrNil(); err != nil {
		return CourseVersion{}, err
	}
	v := versionOf(c)
	v.Origin, v.AddedAt, v.AddedBy = strings.TrimSpace(name), u.env.now(), a.author()
	err = u.env.Store.InTx(ctx, func(tx Tx) error {
		s, err := u.shelf(ctx, tx, c.Key)
		if err != nil && !errors.Is(err, ErrNotFound) {
			return err
		}
		for _, old := range s.Versions {
			switch {
			case old.Version == v.Version && old.Hash == v.Hash:
				return ErrRepeated
			case compareVersions(old.Version, v.Version) >= 0:
				return FieldErrors{"file": "course.version_taken"}
			}
		}
		return u.publish(ctx, tx, a, v, c)
	})
	if err != nil {
		return v, fmt.Errorf("import course %s %s: %w", c.Key, c.Version, err)
	}
	return v, nil
}

// publish keeps a version and notes it.
func (u *Courses) publish(ctx context.Context, tx Tx, a Actor, v CourseVersion, c *course.Course) error {
	if err := tx.CreateCourseVersion(ctx, v, c); err != nil {
		return err
	}
	e := u.env.event(a, "", v.AddedAt, ActionCoursePublished, "course", v.Key)
	e.Detail = v.Version
	return tx.AppendAudit(ctx, e)
}

// Retire keeps a version out of new course runs, or takes that back; runs that follow
// it go on. Of those that come with the program, none: ErrNotFound.
func (u *Courses) Retire(ctx context.Context, a Actor, key, version string, retired bool) error {
	if !a.MayKeepCourses() {
		return ErrForbidden
	}
	now := u.env.now()
	at, detail := now, version+" retired"
	if !retired {
		at, detail = time.Time{}, version+" back in use"
	}
	err := u.env.Store.InTx(ctx, func(tx Tx) error {
		if err := tx.RetireCourse(ctx, key, version, at); err != nil {
			return err
		}
		e := u.env.event(a, "", now, ActionCourseRetired, "course", key)
		e.Detail = detail
		return tx.AppendAudit(ctx, e)
	})
	if err != nil {
		return fmt.Errorf("retire course %s %s: %w", key, version, err)
	}
	return nil
}
