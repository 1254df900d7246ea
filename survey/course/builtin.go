package course

import (
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"path"
)

//go:embed courses/*.json
var courseFiles embed.FS

// ErrUnknown is returned by BuiltinByKey for a key that no built-in course has.
var ErrUnknown = errors.New("no built-in course has this key")

// Builtin reads the courses that come with the program, ordered by key. It
// parses them anew on each call, so callers may keep and change what they get.
func Builtin() ([]*Course, error) {
	names, err := fs.Glob(courseFiles, "courses/*.json")
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

// BuiltinByKey reads the built-in course with the key. It returns ErrUnknown
// when there is none.
func BuiltinByKey(key string) (*Course, error) {
	name := path.Join("courses", key+".json")
	if !keyPattern.MatchString(key) {
		return nil, fmt.Errorf("read built-in course %q: %w", key, ErrUnknown)
	}
	if _, err := fs.Stat(courseFiles, name); errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("read built-in course %q: %w", key, ErrUnknown)
	}
	return readBuiltin(name)
}

func readBuiltin(name string) (*Course, error) {
	data, err := courseFiles.ReadFile(name)
	if err != nil {
		return nil, fmt.Errorf("read built-in course %s: %w", name, err)
	}
	c, err := Parse(data)
	if err != nil {
		return nil, fmt.Errorf("read built-in course %s: %w", name, err)
	}
	return c, nil
}
