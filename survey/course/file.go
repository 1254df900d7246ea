package course

import (
	"bytes"
	"path/filepath"
	"slices"
	"strings"

	_ "embed"

	"tidemark/survey/internal/definition"
)

// ParseYAML reads a course from YAML and checks it, as Parse does for JSON. Each
// fault has its line.
func ParseYAML(data []byte) (*Course, error) {
	asJSON, lines, faults := definition.FromYAML(data)
	if err := faults.Err(); err != nil {
		return nil, err
	}
	c := &Course{}
	if faults = definition.Decode(asJSON, c); len(faults) == 0 {
		faults = c.Faults()
	}
	if err := lines.Mark(faults).Err(); err != nil {
		return nil, err
	}
	return c, nil
}

// ParseFile reads a course from a file's content: YAML when the name ends in .yaml or
// .yml, JSON when it ends in .json, and otherwise what the content looks like. The
// error is of type Faults.
func ParseFile(name string, data []byte) (*Course, error) {
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

// The schema is made from the types and their comments; a test keeps it true.
//
//go:embed schema.json
var schemaJSON []byte

// JSONSchema is the schema of a course file, in JSON or YAML, for editors and other
// programs: JSON Schema draft 2020-12. Parse checks more than a schema can say.
func JSONSchema() []byte { return slices.Clone(schemaJSON) }

// YAML is the course as a YAML file that ParseFile reads.
func (c *Course) YAML() ([]byte, error) { return definition.ToYAML(c.JSON()) }
