package selfcode_test

import (
	"testing"
	"unicode/utf8"

	"tidemark/survey/selfcode"
)

// FuzzRead: whatever is typed, reading what was read changes nothing, and a code that has
// something in it is itself.
func FuzzRead(f *testing.F) {
	f.Add("ángela", "07", "")
	f.Add("ß", "31", "99999999999999999999")
	f.Add("\xff", "-1", "٣")
	f.Fuzz(func(t *testing.T, letter, day, siblings string) {
		recipe := selfcode.Recipe{}
		for _, key := range []string{"mother", "day", "older_siblings"} {
			p, ok := selfcode.PartByKey(key)
			if !ok {
				t.Fatalf("no part %s", key)
			}
			recipe = append(recipe, p)
		}
		code := recipe.Read([]string{letter, day, siblings})
		for i, again := range recipe.Read(code) {
			if again != code[i] {
				t.Errorf("%q becomes %q", code[i], again)
			}
			if utf8.RuneCountInString(code[i]) > 2 {
				t.Errorf("a part of %q", code[i])
			}
		}
		m := recipe.Compare(code, code, 2)
		for i, v := range m.Verdicts {
			if v != selfcode.Same && code[i] != "" {
				t.Errorf("%q is %s to itself", code[i], v)
			}
		}
	})
}
