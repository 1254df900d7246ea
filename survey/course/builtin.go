package course

import (
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"path"
	"sync"
)

// The newest version of each course, and former ones: a course run keeps the
// version that it began with.
//
//go:embed courses/*.json courses/former/*.json
var courseFiles embed.FS

// ErrUnknown is returned for a key or a version that no built-in course has.
var ErrUnknown = errors.New("no built-in course has this key and version")

// Builtin reads the newest version of the courses that come with the program,
// ordered by key. Each call gives copies, which callers may keep and change as
// [Course.Clone] allows.
func Builtin() ([]*Course, error) { return readBuiltins("courses/*.json") }

// BuiltinFormer reads the versions of built-in courses before the newest, ordered by
// key. Course runs that began with them keep them.
func BuiltinFormer() ([]*Course, error) { return readBuiltins("courses/former/*.json") }

func readBuiltins(pattern string) ([]*Course, error) {
	names, err := fs.Glob(courseFiles, pattern)
	if err != nil {
		return nil, fmt.Errorf("list built-in courses: %w", err)
	}
	all := make([]*Course, 0, len(names))
	for _, name := range names {
		c, err := readBuiltin(name)
		if err != nil {
			return nil, err
		}
		all = append(all, c)
	}
	return all, nil
}

// BuiltinByKey reads the newest version of the built-in course with the key. It
// returns ErrUnknown when there is none.
func BuiltinByKey(key string) (*Course, error) {
	if !keyPattern.MatchString(key) {
		return nil, fmt.Errorf("read built-in course %q: %w", key, ErrUnknown)
	}
	return readKnown(path.Join("courses", key+".json"))
}

// BuiltinVersion reads one version of a built-in course, the newest or a former one.
// It returns ErrUnknown when there is none.
func BuiltinVersion(key, version string) (*Course, error) {
	newest, err := BuiltinByKey(key)
	if err != nil || newest.Version == version {
		return newest, err
	}
	if !versionPattern.MatchString(version) {
		return nil, fmt.Errorf("read built-in course %s %q: %w", key, version, ErrUnknown)
	}
	return readKnown(path.Join("courses/former", key+"-"+version+".json"))
}

// readKnown reads a file that may not be there.
func readKnown(name string) (*Course, error) {
	if _, err := fs.Stat(courseFiles, name); errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("read built-in course %s: %w", name, ErrUnknown)
	}
	return readBuiltin(name)
}

// parsed holds the built-in courses that were asked for, by file: they are text of
// some length, and pages ask for the one that they show.
var parsed sync.Map // string → *Course

func readBuiltin(name string) (*Course, error) {
	if c, known := parsed.Load(name); known {
		return c.(*Course).Clone(), nil
	}
	data, err := courseFiles.ReadFile(name)
	if err != nil {
		return nil, fmt.Errorf("read built-in course %s: %w", name, err)
	}
	c, err := Parse(data)
	if err != nil {
		return nil, fmt.Errorf("read built-in course %s: %w", name, err)
	}
	parsed.Store(name, c)
	return c.Clone(), nil
}
