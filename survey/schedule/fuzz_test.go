package schedule_test

import (
	"testing"

	"tidemark/survey/schedule"
)

// FuzzParseDate: what is read as a day is written as it was.
func FuzzParseDate(f *testing.F) {
	for _, s := range []string{"2026-03-02", "2026-02-30", "0000-00-00", "26-3-2", "", "2026-03-02T00:00"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		if d, err := schedule.ParseDate(text); err == nil && d.String() != text {
			t.Errorf("%q is read as %s", text, d)
		}
	})
}
