package drafting_test

import (
	"testing"

	"tidemark/survey/instrument/drafting"
)

// FuzzTypedLists: what is typed into the fields of the editor is read or refused in words.
func FuzzTypedLists(f *testing.F) {
	for _, s := range []string{"0 = never\n1 = often", "0-9 low\n10-20 high", "1 2 3\n4 5 6", "", "=\n=", "-1e400 = x", "q1 > 2 and q2 = 1", "\xff", "9999999999999999999 = x"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		if options, err := drafting.ReadOptions(text); err == nil {
			for _, o := range options {
				if o.Value != o.Value { // NaN
					t.Errorf("%q gives an option without a value", text)
				}
			}
		}
		_, _ = drafting.ReadBands(text)
		_, _ = drafting.ReadLookup(text)
		drafting.ReadCondition(text)
	})
}
