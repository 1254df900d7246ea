package locale

import (
	"golang.org/x/text/language"
	"golang.org/x/text/language/display"
)

// Country is what the language calls a country, by its ISO 3166-1 code; the code
// itself when nobody knows it.
func (l *Language) Country(code string) string {
	region, err := language.ParseRegion(code)
	if err != nil {
		return code
	}
	if name := display.Regions(l.tag).Name(region); name != "" {
		return l.known(name)
	}
	return code
}

// Tongue is what the language calls a language, by its BCP 47 tag.
func (l *Language) Tongue(tag string) string {
	parsed, err := language.Parse(tag)
	if err != nil {
		return tag
	}
	if name := display.Tags(l.tag).Name(parsed); name != "" {
		return l.known(name)
	}
	return tag
}

// known is a name that the library knows, which in the language for tests looks
// like everything else.
func (l *Language) known(name string) string {
	if l.Tag == Pseudo {
		return pseudoText(name)
	}
	return name
}
