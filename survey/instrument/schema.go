package instrument

import (
	_ "embed"
	"slices"
)

// The schema is made from the types and their comments; a test keeps it true.
//
//go:embed schema.json
var schemaJSON []byte

// JSONSchema is the schema of a definition, in JSON or YAML, for editors and other
// programs: JSON Schema draft 2020-12. Parse checks more than a schema can say.
func JSONSchema() []byte { return slices.Clone(schemaJSON) }
