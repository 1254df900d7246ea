package instrument_test

import (
	"slices"
	"strings"
	"testing"

	"tidemark/survey/instrument"
)

func TestComparingSaysWhatChangedAndWhetherScoresCompare(t *testing.T) {
	t.Parallel()
	type definition = instrument.Definition
	for name, c := range map[string]struct {
		change     func(d *definition)
		kind       instrument.DifferenceKind
		text       string
		comparable bool
		correction bool
		next       string
	}{
		"nothing":        {func(*definition) {}, "", "", true, true, "1.0.0"},
		"a typo":         {func(d *definition) { d.Items[0].Text = "I'm calm." }, instrument.DifferentWording, `item ca_1: "I am calm." became "I'm calm."`, true, true, "1.0.1"},
		"a label":        {func(d *definition) { d.Options[0].Label = "Never" }, instrument.DifferentWording, `options of ca_1 and all like it: 0 is called "Never" instead of "No"`, true, true, "1.0.1"},
		"the terms":      {func(d *definition) { d.Terms = "ask" }, instrument.DifferentFacts, `terms: "free" became "ask"`, true, true, "1.0.1"},
		"a translation":  {func(d *definition) { d.Translations = map[string]instrument.Translation{"de": {Heading: "Ruhe"}} }, instrument.DifferentTranslation, `translation de: is new`, true, true, "1.1.0"},
		"the order":      {func(d *definition) { d.Items[0], d.Items[1] = d.Items[1], d.Items[0] }, instrument.DifferentItems, `page 1, items: "ca_1, ca_2" became "ca_2, ca_1"`, true, false, "1.1.0"},
		"the pages":      {func(d *definition) { d.PageSize = 4 }, instrument.DifferentItems, `pages: 2 became 1`, true, false, "1.1.0"},
		"option order":   {func(d *definition) { slices.Reverse(d.Options) }, instrument.DifferentOptions, `stand in another order`, true, false, "1.1.0"},
		"an item more":   {func(d *definition) { d.Items = append(d.Items, instrument.Item{Code: "ca_5", Text: "More?"}) }, instrument.DifferentItems, `item ca_5: is new: "More?"`, true, false, "1.1.0"},
		"an item less":   {func(d *definition) { d.Items = d.Items[:3] }, instrument.DifferentItems, `item ca_4: is gone`, true, false, "1.1.0"},
		"a value":        {func(d *definition) { d.Options[2].Value = 2 }, instrument.DifferentOptions, `"Yes" (2) is new`, false, false, "2.0.0"},
		"labels swapped": {func(d *definition) { d.Options[0].Label, d.Options[2].Label = "Yes", "No" }, instrument.DifferentOptions, `0 is called "Yes" instead of "No"`, false, false, "2.0.0"},
		"a reversal":     {func(d *definition) { d.Scales[0].Reversed = nil }, instrument.DifferentKey, `scale ca_total, reversed: "ca_2" is gone`, false, false, "2.0.0"},
		"the least":      {func(d *definition) { d.Scales[0].MinAnswered = 3 }, instrument.DifferentKey, `scale ca_total: needs 3 answers instead of 2`, false, false, "2.0.0"},
		"the method":     {func(d *definition) { d.Scales[0].Method = instrument.MethodMean }, instrument.DifferentKey, `scale ca_total, method: "sum" became "mean"`, false, false, "2.0.0"},
		"a factor":       {func(d *definition) { d.Scales[0].Factor = 2 }, instrument.DifferentKey, `scale ca_total, factor: 0 became 2`, false, false, "2.0.0"},
		"another key":    {func(d *definition) { d.Key = "still" }, instrument.DifferentKey, `key: "still" is another questionnaire than "calm"`, false, false, "2.0.0"},
		"a condition":    {func(d *definition) { d.Items[2].ShowIf = "ca_1 == 0" }, instrument.DifferentItems, `item ca_3, show_if: "ca_1 == 0" is new`, false, false, "2.0.0"},
		"a type":         {func(d *definition) { d.Items[3].Type = instrument.TypeMultiple }, instrument.DifferentOptions, `item ca_4: is of type "multiple" instead of "one choice"`, true, false, "1.1.0"},
	} {
		before, after := parseSmall(t), parseSmall(t)
		c.change(after)
		got := instrument.Compare(before, after)
		found := c.kind == "" && len(got.Differences) == 0
		var all []string
		for _, d := range got.Differences {
			all = append(all, string(d.Kind)+" | "+d.Place+": "+d.Text)
			found = found || d.Kind == c.kind && strings.Contains(d.Place+": "+d.Text, c.text)
		}
		if !found {
			t.Errorf("%s: differences %q, want %s | %s", name, all, c.kind, c.text)
		}
		if got.Comparable != c.comparable || got.Correction != c.correction {
			t.Errorf("%s: comparable %v, a correction %v; want %v, %v", name, got.Comparable, got.Correction, c.comparable, c.correction)
		}
		if next := got.NextVersion("1.0.0"); next != c.next {
			t.Errorf("%s: next version %s, want %s", name, next, c.next)
		}
		if back := instrument.Compare(after, before); back.Comparable != got.Comparable || len(back.Differences) == 0 != (len(got.Differences) == 0) {
			t.Errorf("%s: comparing the other way round says otherwise", name)
		}
	}
}

func TestScalesWithTheSameKeyStayComparableBesideAChangedOne(t *testing.T) {
	t.Parallel()
	before, after := parseSmall(t), parseSmall(t)
	after.Scales[0].MinAnswered = 3
	got := instrument.Compare(before, after)
	if got.Comparable || !slices.Equal(got.Scales, []string{"ca_mind"}) {
		t.Errorf("comparable %v, scales %v; want ca_mind alone", got.Comparable, got.Scales)
	}
	if want := "Changed: key. Scores can be compared for these scales only: ca_mind."; got.Summary() != want {
		t.Errorf("summary %q, want %q", got.Summary(), want)
	}
	after = parseSmall(t)
	after.Items[0].Text = "I'm calm."
	if got, want := instrument.Compare(before, after).Summary(), "Changed: wording. This is a correction; scores from both versions can be compared."; got != want {
		t.Errorf("summary %q, want %q", got, want)
	}
}

// The hash must change exactly with what changes scores: shown on the same answers.
func TestTheScoringHashIsOverWhatAffectsScoresAlone(t *testing.T) {
	t.Parallel()
	whole := parsed(t, scales)
	original := whole.ScoringHash()
	if len(original) != 64 {
		t.Fatalf("hash %q", original)
	}
	type definition = instrument.Definition
	for name, change := range map[string]func(d *definition){
		"names":          func(d *definition) { d.Scales[0].Name, d.Items[0].Text, d.Title = "X", "X", "X" },
		"the direction":  func(d *definition) { d.Scales[0].Direction = instrument.Neutral },
		"item order":     func(d *definition) { slices.Reverse(d.Items) },
		"scale order":    func(d *definition) { slices.Reverse(d.Scales) },
		"options turned": func(d *definition) { slices.Reverse(d.Options) },
		"order in scale": func(d *definition) { slices.Reverse(d.Scales[0].Items) },
		"norms":          func(d *definition) { d.Scales[3].Norms = nil },
		"an item beside": func(d *definition) { d.Items[9].MaxLength = 5 },
	} {
		d := parsed(t, scales)
		change(d)
		if d.ScoringHash() != original {
			t.Errorf("%s changed the scoring hash", name)
		}
	}
	for name, change := range map[string]func(d *definition){
		"a part's least": func(d *definition) { d.Scales[1].MinAnswered = 2 },
		"the table":      func(d *definition) { d.Scales[4].Lookup[1].Score = 18 },
		"a range":        func(d *definition) { d.Items[8].Range.Max = 11 },
		"a step":         func(d *definition) { d.Items[7].Range.Step = 2 },
		"a condition":    func(d *definition) { d.Items[0].ShowIf = "y1 == 1" },
		"the page's": func(d *definition) {
			d.Layout = []instrument.PagePlan{{Items: []string{"y1"}}, {Items: []string{"a1"}, ShowIf: "y1 == 1"}}
		},
		"a scale more":    func(d *definition) { d.Scales = append(d.Scales, instrument.Scale{Key: "more"}) },
		"what is counted": func(d *definition) { d.Scales[5].Items = d.Scales[5].Items[:1] },
	} {
		d := parsed(t, scales)
		change(d)
		if d.ScoringHash() == original {
			t.Errorf("%s left the scoring hash as it was", name)
		}
	}
	if whole.ScaleHash("nothing") != "" || whole.ScaleHash("fa") == whole.ScaleHash("fb") {
		t.Error("a scale's own hash is not its own")
	}
}

func TestVersionsAreOrderedByNumber(t *testing.T) {
	t.Parallel()
	ordered := []string{"0.9.9", "1.0.0", "1.0.1", "1.0.10", "1.2.0", "1.10.0", "2.0.0"}
	for i, a := range ordered {
		for j, b := range ordered {
			if got := instrument.CompareVersions(a, b); (got < 0) != (i < j) || (got > 0) != (i > j) {
				t.Errorf("%s and %s: %d", a, b, got)
			}
		}
	}
}
