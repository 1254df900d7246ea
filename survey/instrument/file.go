package instrument

import (
	"bytes"
	"path/filepath"
	"strings"

	"tidemark/survey/internal/definition"
)

// ParseYAML reads a definition from YAML and checks it, as Parse does for JSON.
// Each fault has its line. The canonical form of a definition is JSON; comments are
// not kept.
func ParseYAML(data []byte) (*Definition, error) {
	asJSON, lines, faults := definition.FromYAML(data)
	if err := faults.Err(); err != nil {
		return nil, err
	}
	d := &Definition{}
	if faults = definition.Decode(asJSON, d); len(faults) == 0 {
		faults = d.check()
	}
	if err := lines.Mark(faults).Err(); err != nil {
		return nil, err
	}
	return d, nil
}

// ParseFile reads a definition from a file's content: YAML when the name ends in
// .yaml or .yml, JSON when it ends in .json, and otherwise what the content looks
// like. The error is of type Faults.
func ParseFile(name string, data []byte) (*Definition, error) {
	data = bytes.TrimPrefix(data, []byte("\ufeff")) // written by some editors
	switch strings.ToLower(filepath.Ext(name)) {
	case ".yaml", ".yml":
		return ParseYAML(data)
	case ".json":
		return Parse(data)
	}
	if bytes.HasPrefix(bytes.TrimSpace(data), []byte("{")) {
		return Parse(data)
	}
	return ParseYAML(data)
}
