package instrument_test

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"tidemark/survey/instrument"
)

// small is a sound definition for tests to damage.
const small = `{
  "key": "calm", "version": "1.0.0", "title": "Calm", "heading": "How calm are you?", "intro": "Choose one.",
  "language": "en", "status": "test", "terms": "free", "citation": "none", "minutes": 0.5, "page_size": 2,
  "options": [{"value": 0, "label": "No"}, {"value": 1, "label": "A bit"}, {"value": 3, "label": "Yes"}],
  "items": [
    {"code": "ca_1", "text": "I am calm."},
    {"code": "ca_2", "text": "I am tense."},
    {"code": "ca_3", "text": "I sleep well."},
    {"code": "ca_4", "text": "How old are you?", "options": [{"value": 1, "label": "Under 40"}, {"value": 2, "label": "40 or over"}]}
  ],
  "scales": [
    {"key": "ca_total", "name": "Calm", "label": "Calm", "items": ["ca_1", "ca_2", "ca_3"], "reversed": ["ca_2"],
     "method": "sum", "min_answered": 2, "direction": "higher_better", "primary": true},
    {"key": "ca_mind", "name": "Calm mind", "label": "Mind", "items": ["ca_1", "ca_2"],
     "method": "mean", "min_answered": 1, "direction": "neutral", "parent": "ca_total"}
  ],
  "vectors": [
    {"name": "one missing", "answers": {"ca_1": 1, "ca_2": 3},
     "expected": {"ca_total": {"value": 1.5}, "ca_mind": {"value": 2}}}
  ]
}`

// parseSmall reads the sound definition.
func parseSmall(t *testing.T) *instrument.Definition {
	t.Helper()
	d, err := instrument.Parse([]byte(small))
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func TestParseNamesThePlaceOfEachFault(t *testing.T) {
	t.Parallel()
	cases := map[string]struct{ old, new, want string }{
		"unknown field":             {`"title": "Calm",`, `"title": "Calm", "titel": "x",`, `titel: is not a known field`},
		"bad key":                   {`"key": "calm"`, `"key": "Calm-1"`, `key: "Calm-1" must match`},
		"bad version":               {`"version": "1.0.0"`, `"version": "1.0"`, `version: "1.0" must be three numbers`},
		"empty title":               {`"title": "Calm"`, `"title": " "`, `title: is missing or empty`},
		"no heading":                {`"heading": "How calm are you?",`, ``, `heading: is missing or empty`},
		"no intro":                  {`"intro": "Choose one.",`, ``, `intro: is missing or empty`},
		"spaces at the end":         {`"intro": "Choose one."`, `"intro": "Choose one.\n"`, `intro: has spaces`},
		"bad language":              {`"language": "en"`, `"language": "English"`, `language: "English"`},
		"no status":                 {`"status": "test"`, `"status": ""`, `status: is missing`},
		"no terms":                  {`"terms": "free"`, `"terms": ""`, `terms: is missing`},
		"no citation":               {`"citation": "none"`, `"citation": ""`, `citation: is missing`},
		"no minutes":                {`"minutes": 0.5`, `"minutes": 0`, `minutes: 0 must be above 0`},
		"no page size":              {`"page_size": 2`, `"page_size": 0`, `page_size: 0 must be between`},
		"label twice":               {`"label": "A bit"`, `"label": "No"`, `options[1].label: "No" is used twice`},
		"value twice":               {`{"value": 1, "label": "A bit"}`, `{"value": 0, "label": "A bit"}`, `options[1].value: 0 is used twice`},
		"huge value":                {`{"value": 3, "label": "Yes"}`, `{"value": 3e9, "label": "Yes"}`, `options[2].value: 3e+09 is too large`},
		"one option":                {`, {"value": 2, "label": "40 or over"}`, ``, `items[3].options: has a single option`},
		"bad code":                  {`"code": "ca_3"`, `"code": "3rd"`, `items[2].code: "3rd" must match`},
		"long code":                 {`"code": "ca_3"`, `"code": "a23456789012345678901234567"`, `items[2].code: "a23456789012345678901234567" must match`},
		"code twice":                {`"code": "ca_3"`, `"code": "ca_1"`, `items[2].code: "ca_1" is already used at items[0].code`},
		"empty text":                {`"text": "I sleep well."`, `"text": ""`, `items[2].text: is missing`},
		"scale key is an item code": {`"key": "ca_mind"`, `"key": "ca_4"`, `scales[1].key: "ca_4" is already used at items[3].code`},
		"no scale name":             {`"name": "Calm mind"`, `"name": ""`, `scales[1].name: is missing`},
		"no scale label":            {`"label": "Mind"`, `"label": ""`, `scales[1].label: is missing`},
		"unknown method":            {`"method": "mean"`, `"method": "median"`, `scales[1].method: "median" must be`},
		"unknown direction":         {`"direction": "neutral"`, `"direction": "up"`, `scales[1].direction: "up" must be`},
		"no scale items":            {`"items": ["ca_1", "ca_2"],`, `"items": [],`, `scales[1].items: is missing or empty`},
		"unknown scale item":        {`"items": ["ca_1", "ca_2"],`, `"items": ["ca_1", "ca_9"],`, `scales[1].items[1]: "ca_9" is not an item`},
		"scale item twice":          {`"items": ["ca_1", "ca_2"],`, `"items": ["ca_1", "ca_1"],`, `scales[1].items[1]: "ca_1" is listed twice`},
		"two ranges in one scale":   {`"items": ["ca_1", "ca_2"],`, `"items": ["ca_1", "ca_4"],`, `scales[1].items[1]: "ca_4" runs from 1 to 2`},
		"reversed from elsewhere":   {`"reversed": ["ca_2"]`, `"reversed": ["ca_4"]`, `scales[0].reversed[0]: "ca_4" is not an item of the scale`},
		"reversed twice":            {`"reversed": ["ca_2"]`, `"reversed": ["ca_2", "ca_2"]`, `scales[0].reversed[1]: "ca_2" is listed twice`},
		"min_answered 0":            {`"min_answered": 2`, `"min_answered": 0`, `scales[0].min_answered: 0 must be between 1 and the number of items, 3`},
		"min_answered too high":     {`"min_answered": 2`, `"min_answered": 4`, `scales[0].min_answered: 4 must be`},
		"no primary scale":          {`, "primary": true`, ``, `scales: 0 scales are primary`},
		"two primary scales":        {`"parent": "ca_total"`, `"primary": true`, `scales: 2 scales are primary`},
		"unknown parent":            {`"parent": "ca_total"`, `"parent": "ca_whole"`, `scales[1].parent: "ca_whole" is not a scale`},
		"own parent":                {`"parent": "ca_total"`, `"parent": "ca_mind"`, `scales[1].parent: a scale cannot be its own parent`},
		"parents in a circle":       {`"primary": true`, `"primary": true, "parent": "ca_mind"`, `scales[0].parent: "ca_mind" has a parent itself`},
		"part beside its parent":    {`"items": ["ca_1", "ca_2"],`, `"items": ["ca_4"],`, `scales[1].parent: "ca_total" does not contain the item "ca_4"`},
		"unnamed vector":            {`"name": "one missing"`, `"name": ""`, `vectors[0].name: is missing`},
		"vector of unknown item":    {`{"ca_1": 1, "ca_2": 3}`, `{"ca_1": 1, "ca_2": 3, "ca_7": 1}`, `vectors[0].answers.ca_7: is not an item`},
		"vector beside the options": {`{"ca_1": 1, "ca_2": 3}`, `{"ca_1": 2, "ca_2": 3}`, `vectors[0].answers.ca_1: 2 is not among the item's options`},
		"vector without a scale":    {`, "ca_mind": {"value": 2}`, ``, `vectors[0].expected: has no entry for the scale "ca_mind"`},
		"vector of unknown scale":   {`"ca_mind": {"value": 2}`, `"ca_mind": {"value": 2}, "ca_x": {"value": 2}`, `vectors[0].expected.ca_x: is not a scale`},
		"null without a reason":     {`{"value": 2}`, `{"value": null}`, `vectors[0].expected.ca_mind: needs either`},
		"wrong sum in a vector":     {`{"value": 1.5}`, `{"value": 2.5}`, `vectors[0].expected.ca_total: scoring gives 1.5, not 2.5`},
		"null where a score is":     {`{"value": 2}`, `{"value": null, "reason": "too_few_answered"}`, `vectors[0].expected.ca_mind: scoring gives 2, not null`},
		"score where null is":       {`{"ca_1": 1, "ca_2": 3}`, `{"ca_1": 1}`, `vectors[0].expected.ca_total: scoring gives null (too_few_answered), not 1.5`},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			damaged := strings.Replace(small, c.old, c.new, 1)
			if damaged == small {
				t.Fatalf("the definition does not contain %s", c.old)
			}
			_, err := instrument.Parse([]byte(damaged))
			var faults instrument.Faults
			if !errors.As(err, &faults) {
				t.Fatalf("error %v, want Faults", err)
			}
			for _, fault := range faults {
				if strings.HasPrefix(fault.String(), c.want) {
					return
				}
			}
			t.Errorf("no fault begins %q in:\n%v", c.want, err)
		})
	}
}

func TestParseReportsAllFaultsAtOnce(t *testing.T) {
	t.Parallel()
	_, err := instrument.Parse([]byte(`{"key": "calm", "items": [{"code": "ca_1"}]}`))
	var faults instrument.Faults
	if !errors.As(err, &faults) {
		t.Fatalf("error %v, want Faults", err)
	}
	var places []string
	for _, fault := range faults {
		places = append(places, fault.Place)
	}
	want := []string{"version", "title", "heading", "intro", "language", "status", "terms", "citation",
		"minutes", "page_size", "items[0].text", "items[0].options"}
	if diff := cmp.Diff(places, want); diff != "" {
		t.Errorf("places, got -, want +:\n%s", diff)
	}
}

func TestCanonicalFormReadsBackEqualWithTheSameHash(t *testing.T) {
	t.Parallel()
	for _, d := range append(builtin(t), parseSmall(t)) {
		data, err := d.Canonical()
		if err != nil {
			t.Fatal(err)
		}
		again, err := instrument.Parse(data)
		if err != nil {
			t.Fatalf("%s: %v", d.Key, err)
		}
		if diff := cmp.Diff(again, d, cmpopts.EquateEmpty()); diff != "" {
			t.Errorf("%s, got -, want +:\n%s", d.Key, diff)
		}
		if again.Hash() != d.Hash() || len(d.Hash()) != 64 {
			t.Errorf("%s: hash %q became %q", d.Key, d.Hash(), again.Hash())
		}
	}
}

func TestHashChangesWithEveryPartThatMatters(t *testing.T) {
	t.Parallel()
	original := parseSmall(t).Hash()
	changes := map[string]func(*instrument.Definition){
		"a word":        func(d *instrument.Definition) { d.Items[0].Text = "I feel calm." },
		"a label":       func(d *instrument.Definition) { d.Options[0].Label = "Never" },
		"a value":       func(d *instrument.Definition) { d.Options[2].Value = 2 },
		"a reversal":    func(d *instrument.Definition) { d.Scales[0].Reversed = nil },
		"the rule":      func(d *instrument.Definition) { d.Scales[0].MinAnswered = 3 },
		"the order":     func(d *instrument.Definition) { d.Items[0], d.Items[1] = d.Items[1], d.Items[0] },
		"the page size": func(d *instrument.Definition) { d.PageSize = 3 },
		"the version":   func(d *instrument.Definition) { d.Version = "1.0.1" },
	}
	for name, change := range changes {
		d := parseSmall(t)
		change(d)
		if d.Hash() == original {
			t.Errorf("changing %s left the hash as it was", name)
		}
	}
}

func FuzzParse(f *testing.F) {
	for _, source := range []string{small, branching, scales, withTranslations(german)} {
		f.Add([]byte(source))
	}
	f.Add([]byte(`{}`))
	f.Add([]byte(`{"items": [{"code": "a", "options": []}], "scales": [{"items": ["a"], "parent": "x"}]}`))
	f.Add([]byte(`{"vectors": [{"answers": null, "expected": {"": {}}}]}`))
	files, err := filepath.Glob("definitions/*.json")
	if err != nil || len(files) == 0 {
		f.Fatalf("definition files: %v, %v", files, err)
	}
	for _, file := range files {
		data, err := os.ReadFile(file)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(data)
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		d, err := instrument.Parse(data)
		if err != nil {
			var faults instrument.Faults
			if !errors.As(err, &faults) || len(faults) == 0 || d != nil {
				t.Fatalf("refused with %T %v and definition %v", err, err, d)
			}
			return
		}
		canonical, err := d.Canonical()
		if err != nil {
			t.Fatalf("accepted, but cannot be written: %v", err)
		}
		again, err := instrument.Parse(canonical)
		if err != nil {
			t.Fatalf("accepted, but its canonical form is not: %v", err)
		}
		if again.Hash() != d.Hash() {
			t.Fatal("the canonical form has another hash")
		}
		use(t, d)
	})
}
