package rehearsal

import (
	"math"
	"testing"

	"tidemark/survey"
	"tidemark/survey/instrument"
	"tidemark/survey/schedule"
)

func TestSimulatedPeopleTellWhoTheyAreAndAnswerOnlyWhatIsShown(t *testing.T) {
	t.Parallel()
	d, err := instrument.BuiltinByKey("demographics")
	if err != nil {
		t.Fatal(err)
	}
	const people = 2000
	counts := map[string]int{}
	for i := range people {
		m := newMind(stream(5, "test", i), stream(5, "course", i), stream(5, "person", i))
		answers := m.fill(d, [traits]float64{})
		if err := d.Check(answers); err != nil {
			t.Fatal(err)
		}
		shown := d.Shown(answers)
		for code, v := range answers {
			if !shown[code] || v.IsZero() {
				t.Fatalf("%s is answered %q and shown %v", code, v.String(), shown[code])
			}
			counts[code]++
		}
		for _, choice := range answers["dm_gender"].Choices() {
			counts[map[float64]string{1: "women", 2: "men", 3: "non-binary", 4: "own words", 9: "silent"}[choice]]++
		}
	}
	for name, want := range map[string][2]int{
		"dm_age": {1860, 1960}, "dm_school": {1860, 1960}, "women": {1300, 1500}, "men": {350, 500}, "non-binary": {15, 80},
		"own words": {10, 70}, "silent": {10, 70}, "dm_course_about": {450, 650}, "dm_language": {1860, 1960},
	} {
		if n := counts[name]; n < want[0] || n > want[1] {
			t.Errorf("%s: %d of %d, want %d to %d", name, n, people, want[0], want[1])
		}
	}
	if counts["dm_gender_own"] > counts["own words"] {
		t.Errorf("%d describe their gender, %d chose to", counts["dm_gender_own"], counts["own words"])
	}
}

// Harshness and shame fall as self-compassion rises.
func TestTheCourseMakesSimulatedPeopleLessHarsh(t *testing.T) {
	t.Parallel()
	d, err := instrument.BuiltinByKey("self_judgement_shame")
	if err != nil {
		t.Fatal(err)
	}
	compassion, err := instrument.BuiltinByKey("self_compassion")
	if err != nil {
		t.Fatal(err)
	}
	pre := survey.Wave{ID: "pre", Kind: survey.WavePre}
	post := survey.Wave{ID: "post", Kind: survey.WavePost, Rule: schedule.Rule{OpensDay: 50, ClosesDay: 70}}
	var fell, n int
	var product, x2, y2 float64
	for i := range 800 {
		m := newMind(stream(6, "test", i), stream(6, "course", i), stream(6, "person", i))
		before, after := m.level(pre, 0, false), m.level(post, 1, false)
		a, b := total(d, "sj_total", m.fill(d, before).Numbers()), total(d, "sj_total", m.fill(d, after).Numbers())
		kind := total(compassion, "sc_total", m.fill(compassion, before).Numbers())
		if math.IsNaN(a + b + kind) { // not scored
			continue
		}
		n++
		if b < a {
			fell++
		}
		x, y := a-3, kind-3
		product, x2, y2 = product+x*y, x2+x*x, y2+y*y
	}
	if n < 600 || fell < n*6/10 {
		t.Errorf("%d of %d became less harsh", fell, n)
	}
	if product > -0.5*x2 || product > -0.5*y2 {
		t.Errorf("harshness and self-compassion go together: %v of %v and %v", product, x2, y2)
	}
}

func TestSimulatedAnswersFitEveryType(t *testing.T) {
	t.Parallel()
	d, err := instrument.ParseYAML([]byte(`
key: any
version: 1.0.0
title: Any
heading: Any
intro: Any.
language: en
status: test
terms: free
citation: none
minutes: 1
page_size: 9
options: [{value: 0, label: "0"}, {value: 4, label: "4"}]
items:
  - {code: a, text: A}
  - {code: b, text: B, type: slider, range: {min: 0, max: 10, step: 0.5}}
  - {code: c, text: C, type: number, range: {min: -3, max: 3}}
  - {code: d, text: D, type: yes_no}
  - {code: e, text: E, type: multiple}
  - {code: f, text: F, type: long_text, show_if: a == 4}
  - {code: g, text: G, type: date}
  - {code: h, text: H, type: information}
  - {code: i, text: I, show_if: d == 1}
`))
	if err != nil {
		t.Fatal(err)
	}
	answered := map[string]int{}
	for i := range 200 {
		m := newMind(stream(8, "test", i), stream(8, "course", i), stream(8, "person", i))
		answers := m.fill(d, m.trait)
		if err := d.Check(answers); err != nil {
			t.Fatal(err)
		}
		for code := range answers {
			answered[code]++
		}
	}
	for _, code := range []string{"a", "b", "c", "d", "e"} {
		if answered[code] < 180 {
			t.Errorf("%s is answered by %d of 200", code, answered[code])
		}
	}
	if answered["i"] == 0 || answered["i"] > 150 {
		t.Errorf("a question shown to some is answered by %d of 200", answered["i"])
	}
}
