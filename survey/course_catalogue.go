package survey

import (
	"context"
	"errors"
	"fmt"
	"sync"

	"tidemark/survey/course"
)

// courseCatalogue finds courses by key and version, those that come with the program
// and those of the installation. It keeps what it has read: a version never changes.
type courseCatalogue struct{ known sync.Map } // "key version" → *course.Course

// get is one version of a course; it must not be changed. ErrNotFound when neither
// the program nor the installation has it.
func (k *courseCatalogue) get(ctx context.Context, r Reader, key, version string) (*course.Course, error) {
	name := key + " " + version
	if c, ok := k.known.Load(name); ok {
		return c.(*course.Course), nil
	}
	c, err := course.BuiltinVersion(key, version)
	if errors.Is(err, course.ErrUnknown) {
		c, err = r.CourseVersion(ctx, key, version)
		if _, within := r.(Tx); err == nil && within {
			return c, nil // it may be the transaction's own, and go away with it
		}
	}
	if err != nil {
		return nil, fmt.Errorf("course %s %s: %w", key, version, err)
	}
	k.known.Store(name, c)
	return c, nil
}

// course is the course that a run follows.
func (e Env) course(ctx context.Context, r Reader, run CourseRun) (*course.Course, error) {
	return e.courses.get(ctx, r, run.CourseKey, run.CourseVersion)
}

// count notes how many meetings the courses of runs have, in at most one query.
func (k *courseCatalogue) count(ctx context.Context, r Reader, runs []RunSummary) error {
	var stored map[string]int
	for i, s := range runs {
		name := s.Run.CourseKey + " " + s.Run.CourseVersion
		if c, ok := k.known.Load(name); ok {
			runs[i].Meetings = len(c.(*course.Course).Weeks)
			continue
		}
		if c, err := course.BuiltinVersion(s.Run.CourseKey, s.Run.CourseVersion); err == nil {
			k.known.Store(name, c)
			runs[i].Meetings = len(c.Weeks)
			continue
		}
		if stored == nil {
			versions, err := r.CourseVersions(ctx)
			if err != nil {
				return err
			}
			stored = map[string]int{}
			for _, v := range versions {
				stored[v.Key+" "+v.Version] = v.Weeks
			}
		}
		runs[i].Meetings = stored[name]
	}
	return nil
}
