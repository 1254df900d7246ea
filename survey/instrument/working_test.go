package instrument_test

import (
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"tidemark/survey/instrument"
)

// scales has one scale of each method, and items of each type that counts.
const scales = `{
  "key": "every", "version": "1.0.0", "title": "Every", "heading": "Every way", "intro": "Answer.", "language": "en",
  "status": "test", "terms": "free", "citation": "none", "minutes": 1, "page_size": 9,
  "options": [{"value": 0, "label": "No"}, {"value": 1, "label": "A bit"}, {"value": 2, "label": "Yes"}],
  "items": [
    {"code": "a1", "text": "A"}, {"code": "a2", "text": "B"}, {"code": "b1", "text": "C"}, {"code": "b2", "text": "D"}, {"code": "b3", "text": "E"},
    {"code": "y1", "type": "yes_no", "text": "F"}, {"code": "y2", "type": "yes_no", "text": "G"},
    {"code": "s1", "type": "slider", "text": "H", "range": {"min": 0, "max": 10, "step": 1}},
    {"code": "n1", "type": "number", "text": "I", "range": {"min": 0, "max": 10}},
    {"code": "t1", "type": "text", "text": "J"}, {"code": "n2", "type": "number", "text": "K"}
  ],
  "scales": [
    {"key": "whole", "name": "Whole", "label": "Whole", "items": ["a1", "a2", "b1", "b2", "b3"], "reversed": ["b1", "b2", "b3"],
     "method": "mean_of_scales", "parts": ["fa", "fb"], "min_answered": 3, "direction": "higher_better", "primary": true},
    {"key": "fa", "name": "Facet A", "label": "A", "items": ["a1", "a2"], "method": "mean", "min_answered": 1, "direction": "higher_better", "parent": "whole"},
    {"key": "fb", "name": "Facet B", "label": "B", "items": ["b1", "b2", "b3"], "method": "mean", "min_answered": 2, "direction": "lower_better", "parent": "whole"},
    {"key": "fours", "name": "Times four", "label": "Fours", "items": ["a1", "a2"], "method": "sum", "factor": 4, "min_answered": 1, "direction": "neutral",
     "norms": [{"sample": "Adults", "n": 100, "mean": 8, "sd": 2, "source": "Made up"}],
     "reliability": [{"kind": "alpha", "value": 0.8, "sample": "Adults", "source": "Made up"}, {"kind": "retest", "value": 0.7, "sample": "Adults", "interval": "2 weeks", "source": "Made up"}],
     "bands": [{"label": "Low", "from": 0, "to": 4.9}, {"label": "High", "from": 5, "to": 16}], "bands_warning": "Not a diagnosis.",
     "changes": [{"kind": "important", "value": 2, "source": "Made up"}]},
    {"key": "tabled", "name": "By table", "label": "Tabled", "items": ["y1", "y2"], "method": "sum", "min_answered": 2, "direction": "neutral",
     "lookup": [{"raw": 0, "score": 10}, {"raw": 1, "score": 17.5}, {"raw": 2, "score": 30}]},
    {"key": "typed", "name": "Typed", "label": "Typed", "items": ["s1", "n1"], "reversed": ["n1"], "method": "mean", "min_answered": 2, "direction": "neutral"}
  ]
}`

func scoreOf(t *testing.T, d *instrument.Definition, key string, answers instrument.Numbers) instrument.Score {
	t.Helper()
	return find(t, d.Score(answers), key)
}

func TestEachMethodScoresAsComputedByHand(t *testing.T) {
	t.Parallel()
	d := parsed(t, scales)
	type numbers = instrument.Numbers
	for _, c := range []struct {
		name, scale string
		answers     numbers
		want        float64
		reason      string
	}{
		// Facet means 1.5 and, reversed, (2 + 1 + 0) ÷ 3 = 1; their mean, not that of the five items, 6 ÷ 5.
		{"a mean of facets", "whole", numbers{"a1": 1, "a2": 2, "b1": 0, "b2": 1, "b3": 2}, 1.25, ""},
		{"a facet is not reversed", "fb", numbers{"b1": 0, "b2": 0, "b3": 2}, 2.0 / 3, ""},
		{"a mean of facets with items missing", "whole", numbers{"a1": 1, "b1": 0, "b2": 1}, 1.25, ""},
		{"a facet with too few", "whole", numbers{"a1": 1, "a2": 2, "b1": 0}, 0, instrument.ReasonTooFewAnswered},
		{"the whole with too few", "whole", numbers{"a1": 1, "b1": 0}, 0, instrument.ReasonTooFewAnswered},
		{"a sum with a factor", "fours", numbers{"a1": 1, "a2": 2}, 12, ""},
		{"a sum with a factor and one missing", "fours", numbers{"a2": 2}, 16, ""},
		{"by table", "tabled", numbers{"y1": 1, "y2": 0}, 17.5, ""},
		{"by table, the most", "tabled", numbers{"y1": 1, "y2": 1}, 30, ""},
		{"by table, one missing", "tabled", numbers{"y1": 1}, 0, instrument.ReasonTooFewAnswered},
		{"a slider and a number, reversed", "typed", numbers{"s1": 4, "n1": 2.5}, 5.75, ""},
		{"a number out of range", "typed", numbers{"s1": 4, "n1": 10.5}, 0, instrument.ReasonInvalidAnswer},
		{"a slider between steps", "typed", numbers{"s1": 4.5, "n1": 1}, 0, instrument.ReasonInvalidAnswer},
		{"yes is neither more nor less than 1", "tabled", numbers{"y1": 0.5, "y2": 0}, 0, instrument.ReasonInvalidAnswer},
	} {
		got := scoreOf(t, d, c.scale, c.answers)
		if got.Valid != (c.reason == "") || got.Reason != c.reason || math.Abs(got.Value-c.want) > tolerance {
			t.Errorf("%s: %+v, want %v %s", c.name, got, c.want, c.reason)
		}
	}
	d.Scales[4].Lookup = d.Scales[4].Lookup[:1]
	if got := scoreOf(t, d, "tabled", numbers{"y1": 1, "y2": 0}); got.Valid || got.Reason != instrument.ReasonNotInTable {
		t.Errorf("a raw score that the table has not: %+v", got)
	}
}

func TestRulesAndRangesTellTheMethod(t *testing.T) {
	t.Parallel()
	d := parsed(t, scales)
	for key, want := range map[string]struct {
		rule      string
		low, high float64
	}{
		"whole":  {"mean-of-2-means/min3of5/v1", 0, 2},
		"fa":     {"person-mean/min1of2/v1", 0, 2},
		"fours":  {"person-mean-sum/min1of2/times4/v1", 0, 16},
		"tabled": {"person-mean-sum/min2of2/table-6f44b732/v1", 10, 30},
		"typed":  {"person-mean/min2of2/v1", 0, 10},
	} {
		scale, _ := d.Scale(key)
		low, high, ok := d.Range(key)
		if scale.Rule() != want.rule || low != want.low || high != want.high || !ok {
			t.Errorf("%s: %s from %v to %v, want %+v", key, scale.Rule(), low, high, want)
		}
	}
}

func TestTheWorkingShowsEachStepInWords(t *testing.T) {
	t.Parallel()
	d := parsed(t, scales)
	lines := func(key string, answers instrument.Numbers) []string {
		for _, w := range d.Explain(answers) {
			if w.Score.Scale == key {
				return w.Lines()
			}
		}
		return nil
	}
	for _, c := range []struct {
		scale   string
		answers instrument.Numbers
		want    []string
	}{
		{"whole", instrument.Numbers{"a1": 1, "a2": 2, "b1": 0, "b2": 1, "b3": 2}, []string{
			"Answered: 5 of 5; at least 3 are needed.",
			"Reversed: b1: 0 + 2 − 0 = 2; b2: 0 + 2 − 1 = 1; b3: 0 + 2 − 2 = 0.",
			"A: mean 1.5.", "B: mean 1.", "Mean of the parts: (1.5 + 1) ÷ 2 = 1.25.", "Score: 1.25.",
		}},
		{"whole", instrument.Numbers{"a1": 1, "a2": 2, "b1": 0}, []string{
			"Answered: 3 of 5; at least 3 are needed.", "Reversed: b1: 0 + 2 − 0 = 2.",
			"A: mean 1.5.", "B: 1 of 3 answered, 2 are needed.", "No score: too few answers.",
		}},
		{"fours", instrument.Numbers{"a2": 2}, []string{
			"Answered: 1 of 2; at least 1 are needed.", "Sum of the answered items: 2 = 2.",
			"Sum, the missing items as the mean of the others: 2 ÷ 1 × 2 = 4.", "Times 4: 16.", "Score: 16.",
		}},
		{"tabled", instrument.Numbers{"y1": 1, "y2": 0}, []string{
			"Answered: 2 of 2; at least 2 are needed.", "Sum of the answered items: 1 + 0 = 1.", "Sum: 1.", "By the table: 1 becomes 17.5.", "Score: 17.5.",
		}},
		{"fb", instrument.Numbers{"b1": 0, "b2": 0, "b3": 2}, []string{
			"Answered: 3 of 3; at least 2 are needed.", "Sum of the answered items: 0 + 0 + 2 = 2.", "Mean: 2 ÷ 3 = 0.6667.", "Score: 0.6667.",
		}},
		{"typed", instrument.Numbers{"s1": 4, "n1": 11}, []string{
			"n1: 11 is not an answer that it takes.", "Answered: 1 of 2; at least 2 are needed.", "No score: an answer is not among those offered.",
		}},
	} {
		if diff := cmp.Diff(lines(c.scale, c.answers), c.want); diff != "" {
			t.Errorf("%s of %v, got -, want +:\n%s", c.scale, c.answers, diff)
		}
	}
}

func TestTheWorkingGivesTheScore(t *testing.T) {
	t.Parallel()
	r := rand.New(rand.NewPCG(4, 4))
	for _, d := range append(builtin(t), parseSmall(t), parsed(t, scales)) {
		for range 100 {
			answers := drawn(r, d, 0.2)
			scores := d.Score(answers)
			for i, w := range d.Explain(answers) {
				if diff := cmp.Diff(w.Score, scores[i]); diff != "" {
					t.Fatalf("%s of %v, working -, score +:\n%s", scores[i].Scale, answers, diff)
				}
				last := w.Lines()[len(w.Lines())-1]
				if strings.HasPrefix(last, "Score: ") != w.Score.Valid {
					t.Fatalf("%s ends %q and is %v", w.Score.Scale, last, w.Score)
				}
				total := 0.0
				for _, item := range w.Items {
					total += item.Counts
				}
				if w.Score.Valid && math.Abs(total-w.Total) > tolerance {
					t.Fatalf("%s: items count %v, the total is %v", w.Score.Scale, total, w.Total)
				}
			}
		}
	}
}

// drawn makes random answers to the items whose answers count.
func drawn(r *rand.Rand, d *instrument.Definition, missing float64) instrument.Numbers {
	answers := instrument.Numbers{}
	for _, item := range d.Items {
		low, high, ok := d.ItemBounds(item.Code)
		if !ok || r.Float64() < missing {
			continue
		}
		if options, _ := d.ItemOptions(item.Code); len(options) > 0 {
			answers[item.Code] = options[r.IntN(len(options))].Value
		} else {
			answers[item.Code] = low + float64(r.IntN(int(high-low)+1))
		}
	}
	return answers
}

func TestScoresOfEveryMethodStayWithinTheirRange(t *testing.T) {
	t.Parallel()
	r := rand.New(rand.NewPCG(5, 5))
	d := parsed(t, scales)
	for range 2000 {
		for _, score := range d.Score(drawn(r, d, 0.1)) {
			low, high, _ := d.Range(score.Scale)
			if score.Valid && (score.Value < low-tolerance || score.Value > high+tolerance) {
				t.Fatalf("%+v is outside %v to %v", score, low, high)
			}
		}
	}
}

func TestAScoreBetweenTwoBandsHasNotReachedTheNext(t *testing.T) {
	t.Parallel()
	d := parsed(t, scales)
	scale, _ := d.Scale("fours")
	for score, want := range map[float64]string{-1: "", 0: "Low", 4.9: "Low", 4.95: "Low", 5: "High", 16: "High", 17: ""} {
		band, ok := scale.Band(score)
		if got := band.Label; ok != (want != "") || ok && got != want {
			t.Errorf("%v is in %q, %v; want %q", score, got, ok, want)
		}
	}
}

func TestParseNamesThePlaceOfEachFaultOfAScale(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct{ old, new, want string }{
		"a text that counts":     {`["s1", "n1"], "reversed": ["n1"]`, `["s1", "t1"]`, `scales[5].items[1]: "t1" is not answered with a number`},
		"a number without range": {`["s1", "n1"], "reversed": ["n1"]`, `["s1", "n2"]`, `scales[5].items[1]: "n2" has no range`},
		"parts of a mean":        {`"method": "mean", "min_answered": 1`, `"method": "mean", "parts": ["fb"], "min_answered": 1`, `scales[1].parts: are for the method`},
		"one part":               {`"parts": ["fa", "fb"]`, `"parts": ["fa"]`, `scales[0].parts: has 1 parts`},
		"item in no part":        {`"parts": ["fa", "fb"]`, `"parts": ["fa", "fa"]`, `scales[0].items[2]: "b1" is in none of the parts`},
		"part twice":             {`"parts": ["fa", "fb"]`, `"parts": ["fa", "fa"]`, `scales[0].parts[1]: "fa" is listed twice`},
		"unknown part":           {`"parts": ["fa", "fb"]`, `"parts": ["fa", "fc"]`, `scales[0].parts[1]: "fc" is not a scale`},
		"itself as part":         {`"parts": ["fa", "fb"]`, `"parts": ["fa", "whole"]`, `scales[0].parts[1]: "whole" is itself a mean of scales`},
		"parts that overlap":     {`"parts": ["fa", "fb"]`, `"parts": ["fa", "fb", "fours"]`, `scales[0].parts[2]: "fours" has the item "a1", which "fa" has too`},
		"part of other items":    {`"parts": ["fa", "fb"]`, `"parts": ["fa", "fb", "typed"]`, `scales[0].parts[2]: "typed" has the item "s1", which is not among`},
		"negative factor":        {`"factor": 4`, `"factor": -4`, `scales[3].factor: -4 must be above 0`},
		"factor and table":       {`"lookup": [`, `"factor": 2, "lookup": [`, `scales[4].lookup: stands beside a factor`},
		"table of a mean":        {`"method": "mean", "min_answered": 2, "direction": "neutral"}`, `"method": "mean", "min_answered": 2, "direction": "neutral", "lookup": [{"raw": 1, "score": 1}]}`, `scales[5].lookup: is for the method "sum"`},
		"table with items missing": {`"min_answered": 2, "direction": "neutral",
     "lookup"`, `"min_answered": 1, "direction": "neutral",
     "lookup"`, `scales[4].lookup: needs all items answered, so min_answered must be 2`},
		"table out of order":        {`{"raw": 1, "score": 17.5}`, `{"raw": 3, "score": 17.5}`, `scales[4].lookup[2].raw: 2 does not follow 3`},
		"table with a gap":          {`{"raw": 1, "score": 17.5}, `, ``, `scales[4].lookup: has no score for 1, which can come about`},
		"norm without spread":       {`"sd": 2`, `"sd": 0`, `scales[3].norms[0].sd: 0 must be above 0`},
		"norm beside the scale":     {`"mean": 8`, `"mean": 18`, `scales[3].norms[0].mean: 18 is outside the scale, which runs from 0 to 16`},
		"norm without source":       {`"sd": 2, "source": "Made up"`, `"sd": 2, "source": ""`, `scales[3].norms[0].source: is missing`},
		"norm of nobody":            {`"sample": "Adults", "n": 100`, `"sample": "", "n": -1`, `scales[3].norms[0].n: -1 must be above 0`},
		"too reliable":              {`"value": 0.8`, `"value": 1.1`, `scales[3].reliability[0].value: 1.1 must be above 0 and at most 1`},
		"unknown coefficient":       {`"kind": "alpha"`, `"kind": "beta"`, `scales[3].reliability[0].kind: "beta" must be`},
		"alpha between times":       {`"value": 0.8, "sample": "Adults"`, `"value": 0.8, "sample": "Adults", "interval": "a week"`, `scales[3].reliability[0].interval: is for "retest"`},
		"reliability by nobody":     {`"interval": "2 weeks", "source": "Made up"`, `"interval": "2 weeks", "source": ""`, `scales[3].reliability[1].source: is missing`},
		"bands without warning":     {`, "bands_warning": "Not a diagnosis."`, ``, `scales[3].bands_warning: is missing; bands need a word`},
		"warning without bands":     {`"bands": [{"label": "Low", "from": 0, "to": 4.9}, {"label": "High", "from": 5, "to": 16}], `, ``, `scales[3].bands_warning: warns of bands that are not there`},
		"bands that overlap":        {`"to": 4.9`, `"to": 5`, `scales[3].bands[1].from: 5 is within the band before`},
		"band upside down":          {`"from": 0, "to": 4.9`, `"from": 4.9, "to": 0`, `scales[3].bands[0]: runs from 4.9 to 0`},
		"band beside the scale":     {`"from": 5, "to": 16`, `"from": 5, "to": 20`, `scales[3].bands[1]: runs from 5 to 20, the scale from 0 to 16`},
		"two bands of a name":       {`"label": "High", "from"`, `"label": "Low", "from"`, `scales[3].bands[1].label: "Low" is used twice`},
		"unknown change":            {`"kind": "important"`, `"kind": "big"`, `scales[3].changes[0].kind: "big" must be`},
		"change beyond the scale":   {`"kind": "important", "value": 2`, `"kind": "important", "value": 17`, `scales[3].changes[0].value: 17 must be above 0 and at most`},
		"unknown method of a scale": {`"method": "mean_of_scales"`, `"method": "median"`, `scales[0].method: "median" must be "mean", "sum" or "mean_of_scales"`},
	} {
		damaged := strings.Replace(scales, c.old, c.new, 1)
		if damaged == scales {
			t.Fatalf("%s: nothing to replace", name)
		}
		if got := faultsOf(t, damaged); !slices.ContainsFunc(got, func(s string) bool { return strings.HasPrefix(s, c.want) }) {
			t.Errorf("%s: faults %q, want %q", name, got, c.want)
		}
	}
}

func TestASumOfUnlikeItemsNeedsThemAll(t *testing.T) {
	t.Parallel()
	unlike := strings.Replace(scales, `["s1", "n1"], "reversed": ["n1"], "method": "mean", "min_answered": 2`, `["s1", "y1"], "method": "sum", "min_answered": 2`, 1)
	d := parsed(t, unlike)
	if got := scoreOf(t, d, "typed", instrument.Numbers{"s1": 7, "y1": 1}); got.Value != 8 || !got.Valid {
		t.Errorf("7 and yes: %+v, want 8", got)
	}
	if low, high, _ := d.Range("typed"); low != 0 || high != 11 {
		t.Errorf("from %v to %v, want 0 to 11", low, high)
	}
	if got := faultsOf(t, strings.Replace(unlike, `"sum", "min_answered": 2, "direction": "neutral"}`, `"sum", "min_answered": 1, "direction": "neutral"}`, 1)); len(got) == 0 {
		t.Error("a missing answer is filled in from an item with another range")
	}
}
