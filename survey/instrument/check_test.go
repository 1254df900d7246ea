package instrument_test

import (
	"math"
	"strings"
	"testing"

	"tidemark/survey/instrument"
)

func TestEachTypeTakesItsAnswersAndSaysWhyNotOthers(t *testing.T) {
	t.Parallel()
	d := parsed(t, strings.NewReplacer(
		`{"code": "mood"`, `{"code": "line", "type": "text", "text": "A line"}, {"code": "single", "text": "One", "set": "things"}, {"code": "free", "type": "number", "text": "Any"}, {"code": "mood"`,
		`["born", "mood"]`, `["born", "mood", "line", "single", "free"]`).Replace(branching))
	several := instrument.ChoicesValue
	for _, c := range []struct {
		item   string
		answer instrument.Value
		want   string
	}{
		{"smokes", num(1), ""},
		{"smokes", num(0), ""},
		{"smokes", num(2), instrument.MessageNotAnOption},
		{"smokes", text("yes"), instrument.MessageNotAnOption},
		{"single", num(9), ""},
		{"single", num(3), instrument.MessageNotAnOption},
		{"single", several(1), instrument.MessageNotAnOption},
		{"colours", several(1, 2), ""},
		{"colours", several(9), ""},
		{"colours", several(9, 1), instrument.MessageExclusive},
		{"colours", several(1, 3), instrument.MessageNotAnOption},
		{"colours", num(1), instrument.MessageNotAnOption},
		{"a_day", num(0), ""},
		{"a_day", num(100), ""},
		{"a_day", num(101), instrument.MessageOutOfRange},
		{"a_day", num(-1), instrument.MessageOutOfRange},
		{"a_day", num(2.5), instrument.MessageOffStep},
		{"a_day", num(math.Inf(1)), instrument.MessageNotANumber},
		{"a_day", text("2"), instrument.MessageNotANumber},
		{"free", num(-2.75), ""},
		{"free", num(1e12), instrument.MessageOutOfRange},
		{"free", num(math.NaN()), instrument.MessageNotANumber},
		{"mood", num(7.5), ""},
		{"mood", num(7.4), instrument.MessageOffStep},
		{"name", text("Rex Müller"), ""}, // ten characters, eleven bytes
		{"name", text("Rex Müllers"), instrument.MessageTooLong},
		{"name", text("Rex\x00"), instrument.MessageNotAText},
		{"name", text("Rex\n"), instrument.MessageNotAText},
		{"name", text("Rex\xff"), instrument.MessageNotAText},
		{"name", num(4), instrument.MessageNotAText},
		{"line", text(strings.Repeat("ü", 200)), ""},
		{"line", text(strings.Repeat("ü", 201)), instrument.MessageTooLong},
		{"many", text("One.\r\nTwo.\tThree."), ""},
		{"many", text(strings.Repeat("a", 4001)), instrument.MessageTooLong},
		{"many", text("bell\a"), instrument.MessageNotAText},
		{"born", text("2026-02-28"), ""},
		{"born", text("2026-02-29"), instrument.MessageNotADay},
		{"born", text("28.2.2026"), instrument.MessageNotADay},
		{"born", text("0026-02-28"), instrument.MessageNotADay},
		{"born", num(2026), instrument.MessageNotADay},
		{"hint", text("read"), instrument.MessageUnknownItem},
		{"hint", instrument.Value{}, instrument.MessageUnknownItem},
		{"nothing", num(1), instrument.MessageUnknownItem},
		{"born", instrument.Value{}, ""},
	} {
		err := d.Check(instrument.Answers{c.item: c.answer})
		var got string
		if refused, ok := err.(instrument.FieldErrors); ok { //nolint:errorlint // the documented type
			got = refused[c.item]
		} else if err != nil {
			t.Fatal(err)
		}
		if got != c.want {
			t.Errorf("%s answered %q: %q, want %q", c.item, c.answer.String(), got, c.want)
		}
	}
}

func TestTenthsAreOnTheStepsOfATenth(t *testing.T) {
	t.Parallel()
	d := parsed(t, strings.Replace(branching, `"max": 10, "step": 0.5`, `"max": 1, "step": 0.1`, 1))
	for i := range 11 {
		if err := d.Check(instrument.Answers{"mood": num(float64(i) / 10)}); err != nil {
			t.Errorf("%d tenths: %v", i, err)
		}
	}
}

func TestOptionsAndBoundsFollowTheTypeOfAnItem(t *testing.T) {
	t.Parallel()
	d := parsed(t, branching)
	labels := func(code string) string {
		options, known := d.ItemOptions(code)
		if !known {
			return "unknown"
		}
		var names []string
		for _, o := range options {
			names = append(names, o.Label)
		}
		return strings.Join(names, " ")
	}
	for code, want := range map[string]string{"smokes": "Yes No", "colours": "Red Blue None", "a_day": "", "hint": "", "born": "", "nothing": "unknown"} {
		if got := labels(code); got != want {
			t.Errorf("%s offers %q, want %q", code, got, want)
		}
	}
	for language, want := range map[string]string{"de": "Ja Nein", "de-AT": "Ja Nein", "es": "Sí No", "fi": "Yes No"} {
		d.Language = language
		options, _ := d.ItemOptions("smokes")
		if got := labels("smokes"); got != want || (language == "fi") != (options[0].Lang == "en") {
			t.Errorf("in %s: %q marked as %q, want %q", language, got, options[0].Lang, want)
		}
	}
	for code, want := range map[string][2]float64{"smokes": {0, 1}, "a_day": {0, 100}, "mood": {0, 10}} {
		if low, high, ok := d.ItemBounds(code); !ok || low != want[0] || high != want[1] {
			t.Errorf("%s runs from %v to %v, %v; want %v", code, low, high, ok, want)
		}
	}
	for _, code := range []string{"colours", "born", "name", "hint", "nothing"} {
		if _, _, ok := d.ItemBounds(code); ok {
			t.Errorf("%s has bounds", code)
		}
	}
}

func TestParseNamesThePlaceOfEachFaultOfAnItem(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct{ old, new, want string }{
		"unknown type":                 {`"type": "date"`, `"type": "day"`, `items[6].type: "day" is no type of item`},
		"options of a text":            {`"max_length": 10`, `"options": [{"value": 1, "label": "A"}, {"value": 2, "label": "B"}]`, `items[5].options: are for items that are answered by choosing`},
		"a set of a text":              {`"max_length": 10`, `"set": "things"`, `items[5].set: is for items`},
		"unknown set":                  {`"set": "things"`, `"set": "thing"`, `items[4].set: "thing" is not among the sets`},
		"set of nobody":                {`"set": "things"`, `"options": [{"value": 1, "label": "A"}, {"value": 2, "label": "B"}]`, `sets.things: is used by no item`},
		"set and options":              {`"set": "things"`, `"set": "things", "options": [{"value": 1, "label": "A"}, {"value": 2, "label": "B"}]`, `items[4].set: stands beside options`},
		"bad name of a set":            {`"sets": {"things"`, `"sets": {"some things"`, `sets.some things: "some things" must match`},
		"empty set":                    {`"sets": {`, `"sets": {"empty": [], `, `sets.empty: is empty`},
		"label twice in a set":         {`"label": "Blue"`, `"label": "Red"`, `sets.things[1].label: "Red" is used twice`},
		"no options":                   {`"type": "yes_no", "text": "Do`, `"text": "Do`, `items[0].options: is missing`},
		"yes/no with other values":     {`"text": "Do you?"`, `"text": "Do you?", "options": [{"value": 1, "label": "A"}, {"value": 2, "label": "B"}]`, `items[0].options: of a yes/no question have the values 1 and 0`},
		"exclusive where one is taken": {`"text": "Do you?"`, `"text": "Do you?", "options": [{"value": 1, "label": "A", "exclusive": true}, {"value": 0, "label": "B"}]`, `items[0].options[0].exclusive: is for items with several`},
		"slider without range":         {`, "range": {"min": 0, "max": 10, "step": 0.5}`, ``, `items[7].range: is missing; a slider`},
		"slider without step":          {`, "step": 0.5`, ``, `items[7].range.step: is missing`},
		"slider with too many steps":   {`"step": 0.5`, `"step": 0.001`, `items[7].range.step: makes 10000 steps`},
		"step beside the end":          {`"step": 0.5`, `"step": 3`, `items[7].range.step: 3 does not lead from 0 to 10`},
		"negative step":                {`"max": 100, "step": 1`, `"max": 100, "step": -1`, `items[1].range.step: -1 must be above 0`},
		"range upside down":            {`"min": 0, "max": 10,`, `"min": 10, "max": 0,`, `items[7].range: runs from 10 to 0`},
		"range of a text":              {`"max_length": 10`, `"range": {"min": 0, "max": 10}`, `items[5].range: is for numbers and sliders`},
		"unit with spaces":             {`"a day"`, `" a day"`, `items[1].range.unit: has spaces`},
		"length of a number":           {`"text": "How many?"`, `"text": "How many?", "max_length": 3`, `items[1].max_length: is for texts`},
		"length beyond":                {`"max_length": 10`, `"max_length": 10001`, `items[5].max_length: 10001 must be between 1 and 10000`},
		"note with spaces":             {`"text": "How many?"`, `"text": "How many?", "note": "A "`, `items[1].note: has spaces`},
		"risk of a text":               {`"max_length": 10`, `"risk": {"above": 1}`, `items[5].risk: is for items`},
		"risk of nothing":              {`"text": "How many?"`, `"text": "How many?", "risk": {}`, `items[1].risk: says neither`},
		"risk that nobody has":         {`"text": "How many?"`, `"text": "How many?", "risk": {"above": 100}`, `items[1].risk.above: 100 marks all answers or none`},
		"risk that cannot be answered": {`"set": "things"`, `"set": "things", "risk": {"values": [2, 3]}`, `items[4].risk.values[1]: 3 cannot be answered`},
		"unwanted text":                {`"max_length": 10`, `"unwanted": true`, `items[5].unwanted: is for items`},
		"identifying how":              {`"max_length": 10`, `"identifying": "maybe"`, `items[5].identifying: "maybe" must be direct or quasi`},
		"item on no page":              {`["born", "mood"]`, `["born"]`, `items[7].code: "mood" is on no page`},
		"item on two pages":            {`["born", "mood"]`, `["born", "mood", "hint"]`, `pages[2].items[2]: "hint" is already at pages[1].items[0]`},
		"unknown item on a page":       {`["born", "mood"]`, `["born", "mood", "mod"]`, `pages[2].items[2]: "mod" is not an item`},
		"empty page":                   {`["born", "mood"]`, `[]`, `pages[2].items: is missing or empty`},
		"heading with spaces":          {`"heading": "More"`, `"heading": "More "`, `pages[1].heading: has spaces`},
		"unknown licence":              {`"status": "test"`, `"status": "test", "licence": {"kind": "public"}`, `licence.kind: "public" must be one of`},
		"licence at no address":        {`"status": "test"`, `"status": "test", "licence": {"kind": "ask", "url": "javascript:x"}`, `licence.url: "javascript:x" must be a web address`},
		"empty caution":                {`"status": "test"`, `"status": "test", "cautions": [""]`, `cautions[0]: is missing`},
	} {
		damaged := strings.Replace(branching, c.old, c.new, 1)
		if damaged == branching {
			t.Fatalf("%s: nothing to replace", name)
		}
		got := faultsOf(t, damaged)
		found := false
		for _, fault := range got {
			found = found || strings.HasPrefix(fault, c.want)
		}
		if !found {
			t.Errorf("%s: faults %q, want %q", name, got, c.want)
		}
	}
}
