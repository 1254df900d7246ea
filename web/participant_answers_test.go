package web

import (
	"errors"
	"math"
	"net/url"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"tidemark/internal/kinds"
	"tidemark/survey"
	"tidemark/survey/instrument"
	"tidemark/web/locale"
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

// everyKind is a questionnaire with a question of every kind.
func everyKind(t testing.TB) *instrument.Definition {
	t.Helper()
	d, err := kinds.Definition()
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func FuzzAnswersInJSON(f *testing.F) {
	for _, seed := range []string{
		`{"answers":{"k_single":4}}`, `{"answers":{"k_single":null}}`, `{"answers":null}`, `{}`, `null`, `{"answers":{"a":1e999}}`,
		`{"answers":{"a":1}}{"answers":{"a":2}}`, `{"ANSWERS":{"a":-0}}`, `{"answers":{"a":1,"a":null}}`, "{\"answers\":{\"\xff\":1}}",
		`{"answers":{"k_several":[1,0,1]}}`, `{"answers":{"k_days":"3 days"},"layout":{"k_days":"number"}}`, `{"answers":{"k_day":"2020-02-30"}}`,
	} {
		f.Add(seed)
	}
	d, english := everyKind(f), words(f)
	f.Fuzz(func(t *testing.T, body string) {
		saved, err := readAnswersJSON(strings.NewReader(body))
		if err != nil {
			if _, known := errors.AsType[survey.FieldErrors](err); !known && !errors.Is(err, errBadForm) {
				t.Errorf("%q: %v", body, err)
			}
			return
		}
		answers, _ := saved.read(wordedIn(d, english))
		sound(t, answers)
	})
}

// words are those of English pages.
func words(t testing.TB) *locale.Language {
	t.Helper()
	c, err := locale.Load(false)
	if err != nil {
		t.Fatal(err)
	}
	return c.In("en")
}

func FuzzAnswersInAForm(f *testing.F) {
	for _, seed := range []string{
		"k_single=4&_go=back", "k_single=4&k_single=5", "k_single=", "=1", "k_single=0x1p-2", "k_single=1_0", "k_single=Infinity",
		"k_single=1&k_long_labels=2&_shown=k_single%3D1", "k_several=1&k_several=0&_several=k_several", "_several=k_several&_shown=k_several%3D1",
		"k_days=1.234,5", "k_weight=٣٫٥", "k_day-day=31&k_day-month=2&k_day-year=2020", "k_day=2020-01-01", "k_line=%00%07x", "_clear=k_line",
	} {
		f.Add(seed)
	}
	d := everyKind(f)
	f.Fuzz(func(t *testing.T, body string) {
		form, err := url.ParseQuery(body)
		if err != nil {
			return
		}
		for _, language := range []string{"en", "de"} {
			got := readPosted(d, language, form)
			sound(t, got.answers)
			for code := range got.faults {
				if _, both := got.answers[code]; both {
					t.Errorf("%q: %q is taken and refused", body, code)
				}
			}
		}
	})
}

func TestNumbersAreReadAsPeopleTypeThem(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		text, language string
		want           []float64
	}{
		{"12", "en", []float64{12}}, {" 12 ", "de", []float64{12}}, {"+12", "en", []float64{12}}, {"-3", "en", []float64{-3}}, {"−3", "es", []float64{-3}},
		{"2.5", "en", []float64{2.5}}, {"2,5", "en", []float64{2.5}}, {"2,5", "de", []float64{2.5}}, {"2.5", "de", []float64{2.5}}, {".5", "en", []float64{.5}}, {"5.", "en", []float64{5}},
		{"1,234", "en", []float64{1234, 1.234}}, {"1.234", "en", []float64{1.234, 1234}}, {"1.234", "de", []float64{1234, 1.234}}, {"1,234", "de-AT", []float64{1.234, 1234}},
		{"1.234,5", "de", []float64{1234.5}}, {"1,234.5", "en", []float64{1234.5}}, {"1.234.567", "es", []float64{1234567}}, {"1 234,5", "es", []float64{1234.5}},
		{"1’234.5", "de", []float64{1234.5}}, {"1\u202f234", "de", []float64{1234}}, {"0,125", "en", []float64{.125}}, {"٣٫٥", "ar", []float64{3.5}}, {"１２", "en", []float64{12}},
		{"", "en", nil}, {"twelve", "en", nil}, {"1e3", "en", nil}, {"0x10", "en", nil}, {"1 2", "en", nil}, {"12,34,5", "en", nil}, {"1.2.3", "en", nil},
		{"--1", "en", nil}, {"NaN", "en", nil}, {"Inf", "en", nil}, {"1_000", "en", nil}, {strings.Repeat("9", 41), "en", nil}, {"1,23.4", "en", nil}, {".", "en", nil},
	} {
		if diff := cmp.Diff(numberReadings(c.text, c.language), c.want); diff != "" {
			t.Errorf("%q in %s (-got +want):\n%s", c.text, c.language, diff)
		}
	}
}

func TestOfTwoThingsANumberCanMeanTheQuestionPicksTheOneItTakes(t *testing.T) {
	t.Parallel()
	d := everyKind(t)
	weight, _ := d.Item("k_weight") // to 2500
	days, _ := d.Item("k_days")     // whole, to 7
	for _, c := range []struct {
		item           instrument.Item
		text, language string
		want           float64
	}{
		{weight, "1.234", "en", 1.234}, {weight, "1.234", "de", 1234}, {weight, "9.234", "de", 9.234}, {weight, "2.500 grams", "de", 2500},
		{days, "3", "en", 3}, {days, "3,0", "de", 3}, {days, "5 days", "en", 5},
	} {
		got, fault := readNumber(d, c.item, c.language, c.text)
		if number, ok := got.Number(); fault != "" || !ok || number != c.want {
			t.Errorf("%q in %s: %v (%s), want %v", c.text, c.language, got, fault, c.want)
		}
	}
}

func TestDaysAreThoseOfTheCalendar(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ day, month, year, want, fault string }{
		{"31", "1", "2020", "2020-01-31", ""}, {"01", "02", "1999", "1999-02-01", ""}, {" 29", "2 ", "2024", "2024-02-29", ""}, {"٢", "3", "2026", "2026-03-02", ""},
		{"", "", "", "", ""}, {"29", "2", "2023", "", instrument.MessageNotADay}, {"31", "4", "2020", "", instrument.MessageNotADay},
		{"1", "13", "2020", "", instrument.MessageNotADay}, {"0", "1", "2020", "", instrument.MessageNotADay}, {"1", "1", "20", "", instrument.MessageNotADay},
		{"1", "", "2020", "", instrument.MessageNotADay}, {"x", "1", "2020", "", instrument.MessageNotADay}, {"1", "1", "99999", "", instrument.MessageNotADay},
		{strings.Repeat("1", 100), "1", "2020", "", instrument.MessageNotADay}, {"-1", "1", "2020", "", instrument.MessageNotADay},
	} {
		got, fault := readDay(c.day, c.month, c.year)
		if got.String() != c.want || fault != c.fault {
			t.Errorf("%q %q %q: %q (%s), want %q (%s)", c.day, c.month, c.year, got, fault, c.want, c.fault)
		}
	}
}
