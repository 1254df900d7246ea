package paper

import (
	_ "embed"
	"slices"
)

// The schema is made from the types and their comments; a test keeps it true.
//
//go:embed schema.json
var schemaJSON []byte

// JSONSchema is the schema of a paper's JSON, for programs that read it: JSON
// Schema draft 2020-12. [Paper.WriteJSON] writes what it describes.
func JSONSchema() []byte { return slices.Clone(schemaJSON) }
