package instrument

import (
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"path"
)

//go:embed definitions/*.json
var definitionFiles embed.FS

// ErrUnknown is returned by BuiltinByKey for a key that no built-in instrument
// has.
var ErrUnknown = errors.New("no built-in instrument has this key")

// Builtin reads the instruments that come with the program, ordered by key. It
// parses them anew on each call, so callers may keep and change what they get.
func Builtin() ([]*Definition, error) {
	names, err := fs.Glob(definitionFiles, "definitions/*.json")
	if err != nil {
		return nil, fmt.Errorf("list built-in instruments: %w", err)
	}
	all := make([]*Definition, 0, len(names))
	for _, name := range names {
		d, err := readBuiltin(name)
		if err != nil {
			return nil, err
		}
		all = append(all, d)
	}
	return all, nil
}

// BuiltinByKey reads the built-in instrument with the key. It returns ErrUnknown
// when there is none.
func BuiltinByKey(key string) (*Definition, error) {
	name := path.Join("definitions", key+".json")
	if !codePattern.MatchString(key) {
		return nil, fmt.Errorf("read built-in instrument %q: %w", key, ErrUnknown)
	}
	if _, err := fs.Stat(definitionFiles, name); errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("read built-in instrument %q: %w", key, ErrUnknown)
	}
	return readBuiltin(name)
}

func readBuiltin(name string) (*Definition, error) {
	data, err := definitionFiles.ReadFile(name)
	if err != nil {
		return nil, fmt.Errorf("read built-in instrument %s: %w", name, err)
	}
	d, err := Parse(data)
	if err != nil {
		return nil, fmt.Errorf("read built-in instrument %s: %w", name, err)
	}
	return d, nil
}
