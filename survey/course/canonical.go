package course

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
)

// JSON is the course as a file that Parse reads: fields in their order, translations
// by language, indented by two spaces.
func (c *Course) JSON() []byte {
	c = c.Clone()
	for i := range c.Weeks { // an unfinished course may have lists that are not there
		c.Weeks[i].Plan = orEmpty(c.Weeks[i].Plan)
	}
	c.Weeks = orEmpty(c.Weeks)
	for tag, t := range c.Translations {
		t.Weeks = orEmpty(t.Weeks)
		c.Translations[tag] = t
	}
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	if err := e.Encode(c); err != nil {
		// Texts, whole numbers, lists and maps by text can always be written.
		panic(fmt.Sprintf("write course %s: %v", c.Key, err))
	}
	return b.Bytes()
}

// orEmpty makes a list that is not there an empty one: JSON has no name for it.
func orEmpty[T any](list []T) []T {
	if list == nil {
		return []T{}
	}
	return list
}

// Hash tells whether two courses say the same: SHA-256 of JSON, in hexadecimal.
func (c *Course) Hash() string {
	sum := sha256.Sum256(c.JSON())
	return hex.EncodeToString(sum[:])
}
