package web

import (
	"errors"
	"math"
	"net/url"
	"strings"
	"testing"

	"tidemark/survey"
	"tidemark/survey/instrument"
)

// sound holds what was read to what a use case may be given: finite numbers, and
// never a number where none was sent.
func sound(t *testing.T, answers instrument.Answers) {
	t.Helper()
	for item, v := range answers.Numbers() {
		if math.IsNaN(v) || math.IsInf(v, 0) {
			t.Errorf("%q = %v", item, v)
		}
	}
}

func FuzzAnswersInJSON(f *testing.F) {
	for _, seed := range []string{
		`{"answers":{"sc_01":4}}`, `{"answers":{"sc_01":null}}`, `{"answers":null}`, `{}`, `null`, `{"answers":{"a":1e999}}`,
		`{"answers":{"a":1}}{"answers":{"a":2}}`, `{"ANSWERS":{"a":-0}}`, `{"answers":{"a":1,"a":null}}`, "{\"answers\":{\"\xff\":1}}",
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, body string) {
		answers, err := readAnswersJSON(strings.NewReader(body))
		if err != nil {
			if _, known := errors.AsType[survey.FieldErrors](err); !known && !errors.Is(err, errBadForm) {
				t.Errorf("%q: %v", body, err)
			}
			return
		}
		sound(t, answers)
	})
}

func FuzzAnswersInAForm(f *testing.F) {
	for _, seed := range []string{"sc_01=4&go=back", "sc_01=4&sc_01=5", "sc_01=", "=1", "sc_01=0x1p-2", "sc_01=1_0", "a=Infinity", "a=1&b=2&shown=a%3D1"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, body string) {
		form, err := url.ParseQuery(body)
		if err != nil {
			return
		}
		answers, faults := readAnswers(form)
		sound(t, answers)
		delete(form, "go")
		if form.Has("shown") {
			return // leaves out what stands as it was shown
		}
		if len(answers)+len(faults) != len(form) {
			t.Errorf("%q: %d answers and %d faults of %d fields", body, len(answers), len(faults), len(form))
		}
	})
}
