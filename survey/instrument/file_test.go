package instrument_test

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"github.com/goccy/go-yaml"
	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"tidemark/survey/instrument"
)

func inYAML(t *testing.T, d *instrument.Definition) []byte {
	t.Helper()
	canonical, err := d.Canonical()
	if err != nil {
		t.Fatal(err)
	}
	text, err := yaml.JSONToYAML(canonical)
	if err != nil {
		t.Fatal(err)
	}
	return text
}

func TestYAMLAndJSONAreTheSameDefinition(t *testing.T) {
	t.Parallel()
	for _, d := range append(builtin(t), parseSmall(t), parsed(t, scales), parsed(t, branching), translated(t)) {
		again, err := instrument.ParseYAML(inYAML(t, d))
		if err != nil {
			t.Errorf("%s: %v", d.Key, err)
			continue
		}
		if diff := cmp.Diff(again, d, cmpopts.EquateEmpty()); diff != "" || again.Hash() != d.Hash() {
			t.Errorf("%s, YAML -, JSON +:\n%s", d.Key, diff)
		}
	}
}

func TestAFaultInYAMLHasItsLineAndPlace(t *testing.T) {
	t.Parallel()
	source := `key: calm
version: 1.0
title: Calm
heading: How calm are you?
intro: Choose one.
language: en
status: test
terms: free
citation: none
minutes: 1
page_size: 5
options:
  - {value: 0, label: No}
  - {value: 1, label: Yes}
items:
  - code: ca_1
    text: I am calm.
  - code: ca_1
    text: I am tense.
    show_if: ca_2 == 1
`
	want := []string{
		`line 2: version: must be text, is the number 1`,
	}
	check := func(source string, want []string) {
		t.Helper()
		_, err := instrument.ParseYAML([]byte(source))
		var faults instrument.Faults
		if !errors.As(err, &faults) {
			t.Fatalf("error %v, want Faults", err)
		}
		var got []string
		for _, fault := range faults {
			got = append(got, fault.String())
		}
		if diff := cmp.Diff(got, want); diff != "" {
			t.Errorf("got -, want +:\n%s", diff)
		}
	}
	check(source, want)
	check(strings.Replace(source, "1.0\n", "1.0.0\n", 1), []string{
		`line 18: items[1].code: "ca_1" is already used at items[0].code`,
		`line 20: items[1].show_if: "ca_2" is not an item; is "ca_1" meant?`,
	})
	check(strings.NewReplacer("1.0\n", "1.0.0\n", "title: Calm\n", "", "    show_if: ca_2 == 1\n", "", "code: ca_1\n    text: I am t", "code: ca_2\n    text: I am t").Replace(source), []string{
		`line 1: title: is missing or empty`,
	})
}

func TestAFileIsReadByItsNameOrElseByItsLook(t *testing.T) {
	t.Parallel()
	yamlText := string(inYAML(t, parseSmall(t)))
	for name, c := range map[string]struct {
		content string
		fine    bool
	}{
		"calm.json": {small, true}, "calm.yaml": {yamlText, true}, "calm.YML": {yamlText, true}, "calm": {small, true}, "calm.txt": {yamlText, true},
		"bom.json": {"\ufeff" + small, true}, "wrong.json": {yamlText, false}, "json is yaml.yaml": {small, true},
	} {
		d, err := instrument.ParseFile(name, []byte(c.content))
		if (err == nil) != c.fine || c.fine && d.Hash() != parseSmall(t).Hash() {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func FuzzParseYAML(f *testing.F) {
	for _, source := range []string{small, branching, scales, "key: calm\nitems:\n  - code: a\n", "translations: {de: {items: {a: {options: [b]}}}}", "pages:\n  - items: [a]\n    show_if: b"} {
		f.Add([]byte(source))
	}
	all, err := instrument.Builtin()
	if err != nil {
		f.Fatal(err)
	}
	for _, d := range all {
		canonical, err := d.Canonical()
		if err != nil {
			f.Fatal(err)
		}
		text, err := yaml.JSONToYAML(canonical)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		d, err := instrument.ParseYAML(data)
		if err != nil {
			var faults instrument.Faults
			if !errors.As(err, &faults) || len(faults) == 0 || d != nil {
				t.Fatalf("refused with %T %v and definition %v", err, err, d)
			}
			if slices.ContainsFunc(faults, func(f instrument.Fault) bool { return f.Problem == "" }) {
				t.Fatalf("a fault says nothing: %v", faults)
			}
			return
		}
		use(t, d)
	})
}

// use does with an accepted definition what is done with questionnaires.
func use(t *testing.T, d *instrument.Definition) {
	t.Helper()
	answers := instrument.Answers{}
	for _, item := range d.Items {
		if options, _ := d.ItemOptions(item.Code); len(options) > 0 {
			answers[item.Code] = num(options[0].Value)
		} else if low, _, ok := d.ItemBounds(item.Code); ok {
			answers[item.Code] = num(low)
		}
	}
	shown := d.Shown(answers)
	if len(shown) != len(d.Items) {
		t.Fatalf("%d of %d items are shown or not", len(shown), len(d.Items))
	}
	d.Required(answers)
	for i, w := range d.Explain(answers.Numbers()) {
		if len(w.Lines()) == 0 || w.Score.Scale != d.Scales[i].Key {
			t.Fatalf("working %+v", w)
		}
	}
	if order := d.Order("seed"); len(order) != len(d.Items) {
		t.Fatalf("%d of %d items have a place", len(order), len(d.Items))
	}
	for _, language := range append(d.Languages(), "xx") {
		localized, complete := d.In(language)
		if complete != (len(d.Gaps(language)) == 0) || len(localized.Items) != len(d.Items) {
			t.Fatalf("%s: complete %v, gaps %v", language, complete, d.Gaps(language))
		}
	}
	if c := instrument.Compare(d, d); !c.Comparable || len(c.Differences) > 0 {
		t.Fatalf("differs from itself: %v", c)
	}
}
