package instrument

import (
	"maps"
	"slices"
)

// For the schema, which says the same.
var (
	CodePattern     = codePattern.String()
	VersionPattern  = versionPattern.String()
	LanguagePattern = languagePattern.String()
	Licences        = licences
)

// Functions are the names of what conditions can call.
func Functions() []string { return slices.Sorted(maps.Keys(functions)) }
