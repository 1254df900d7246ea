package rest

import (
	"encoding/base64"
	"errors"
	"strings"
	"testing"
	"unicode/utf8"
)

// FuzzCursor: any cursor is refused, or gives keys that a database takes and that go on
// where it says.
func FuzzCursor(f *testing.F) {
	f.Add("", 2)
	f.Add(base64.RawURLEncoding.EncodeToString([]byte("a"+unitSeparator+"b")), 2)
	f.Add(base64.RawURLEncoding.EncodeToString([]byte("a\x00")), 1)
	f.Add("====", 3)
	f.Fuzz(func(t *testing.T, text string, parts int) {
		if parts < 1 || parts > 8 {
			return
		}
		key, err := (&call{query: map[string]string{"cursor": text}}).cursor(parts)
		if err != nil {
			if _, ok := errors.AsType[*refusal](err); !ok {
				t.Errorf("%q fails with %v", text, err)
			}
			return
		}
		if len(key) != parts {
			t.Fatalf("%q has %d parts, want %d", text, len(key), parts)
		}
		for _, k := range key {
			if !utf8.ValidString(k) || strings.ContainsRune(k, 0) {
				t.Errorf("%q gives the key %q", text, k)
			}
		}
	})
}
