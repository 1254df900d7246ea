package drafting_test

import (
	"errors"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"tidemark/survey/instrument"
	"tidemark/survey/instrument/drafting"
)

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func refused(t *testing.T, err error, message string) {
	t.Helper()
	refusal, ok := errors.AsType[*drafting.Refusal](err)
	if !ok || refusal.Message != message {
		t.Errorf("%v, want %s", err, message)
	}
}

func builtin(t *testing.T, key string) *instrument.Definition {
	t.Helper()
	d, err := instrument.BuiltinByKey(key)
	must(t, err)
	c, err := drafting.From(d)
	must(t, err)
	return c
}

// layout is the codes by page.
func layout(d *instrument.Definition) string {
	var pages []string
	for _, p := range d.Layout {
		pages = append(pages, strings.Join(p.Items, " "))
	}
	return strings.Join(pages, " | ")
}

// small has two pages of items, a scale, a condition, a translation and an example.
func small(t *testing.T) *instrument.Definition {
	t.Helper()
	d := drafting.New("Evening log", "en")
	d.Heading, d.Intro, d.Terms, d.Citation = "Your day", "Think of today.", "Free.", "Ours."
	must(t, drafting.AddPage(d))
	for i, code := range []string{"a_01", "a_02", "a_03", "a_04"} {
		item := instrument.Item{Code: code, Text: "Item " + code, Options: []instrument.Option{{Value: 0, Label: "No"}, {Value: 1, Label: "Yes"}, {Value: 2, Label: "Very"}}}
		must(t, drafting.AddItem(d, i/2, item))
	}
	d.Items[3].ShowIf = `a_01 == 1 and answered(a_02) or a_03 != 2`
	must(t, drafting.PutScale(d, "", instrument.Scale{
		Key: "a_total", Name: "All", Label: "All", Items: []string{"a_01", "a_02", "a_03"}, Reversed: []string{"a_02"},
		Method: instrument.MethodMean, MinAnswered: 3, Direction: instrument.HigherBetter,
	}))
	must(t, drafting.AddLanguage(d, "de"))
	must(t, drafting.Translate(d, "de", map[string]string{
		"items.a_01.text": "Erstes", "items.a_01.options[0]": "Nein", "items.a_01.options[1]": "Ja", "items.a_01.options[2]": "Sehr",
	}))
	two := 2.0 / 3
	d.Vectors = []instrument.Vector{{
		Name: "one", Answers: instrument.Numbers{"a_01": 0, "a_02": 1, "a_03": 1}, Expected: map[string]instrument.Expected{"a_total": {Value: &two}},
	}}
	if faults := d.Faults(); len(faults) > 0 {
		t.Fatal(faults)
	}
	return d
}

func TestItemsMoveWithinAndBetweenPages(t *testing.T) {
	t.Parallel()
	d := small(t)
	for _, c := range []struct {
		code string
		by   int
		want string
	}{
		{"a_01", 1, "a_02 a_01 | a_03 a_04"},
		{"a_01", 1, "a_02 | a_01 a_03 a_04"},
		{"a_01", -1, "a_02 a_01 | a_03 a_04"},
		{"a_02", -1, "a_02 a_01 | a_03 a_04"}, // the first stays
		{"a_04", 3, "a_02 a_01 | a_03 a_04"},
		{"a_04", -3, "a_02 a_04 a_01 | a_03"},
	} {
		must(t, drafting.MoveItem(d, c.code, c.by))
		if got := layout(d); got != c.want {
			t.Errorf("%s by %d: %s, want %s", c.code, c.by, got, c.want)
		}
	}
	must(t, drafting.ItemTo(d, "a_03", 0, 0))
	if got := layout(d); got != "a_03 a_02 a_04 a_01 | " {
		t.Error(got)
	}
	if d.Items[0].Code != "a_03" {
		t.Error("the items do not stand in the order of the pages")
	}
	if err := drafting.MoveItem(d, "nothing", 1); !errors.Is(err, drafting.ErrGone) {
		t.Error(err)
	}
}

func TestPagesMoveWithTheirTranslations(t *testing.T) {
	t.Parallel()
	d := small(t)
	must(t, drafting.SetPage(d, 0, "First", "", ""))
	must(t, drafting.SetPage(d, 1, "Second", "Words", ""))
	must(t, drafting.Translate(d, "de", map[string]string{"pages[0].heading": "Erste", "pages[1].heading": "Zweite"}))
	must(t, drafting.MovePage(d, 1, -1))
	if got := d.Translations["de"].Pages[0].Heading + layout(d); got != "Zweitea_03 a_04 | a_01 a_02" {
		t.Error(got)
	}
	must(t, drafting.RemovePage(d, 0))
	if got := d.Translations["de"].Pages[0].Heading + layout(d); got != "Erstea_03 a_04 a_01 a_02" {
		t.Error(got)
	}
	refused(t, drafting.RemovePage(d, 0), drafting.MessageLast)
}

func TestAnotherCodeGoesWithTheItemEverywhere(t *testing.T) {
	t.Parallel()
	d := small(t)
	d.Items[3].ShowIf = `a_01 == 1 and answered(a_01) or a_03 != 2`
	item := d.Items[0]
	item.Code = "mood"
	must(t, drafting.PutItem(d, "a_01", item))
	if faults := d.Faults(); len(faults) > 0 {
		t.Error(faults)
	}
	if got := d.Items[3].ShowIf; got != "mood == 1 and answered(mood) or a_03 != 2" {
		t.Error(got)
	}
	if d.Translations["de"].Items["mood"].Text != "Erstes" || d.Scales[0].Items[0] != "mood" || d.Vectors[0].Answers["mood"] != 0 || layout(d) != "mood a_02 | a_03 a_04" {
		t.Errorf("%+v", d)
	}
	item.Code = "a_02"
	refused(t, drafting.PutItem(d, "mood", item), drafting.MessageCodeTaken)
	item.Code = "Mood!"
	refused(t, drafting.PutItem(d, "mood", item), drafting.MessageCode)
}

func TestATextInAConditionIsNotACode(t *testing.T) {
	t.Parallel()
	d := small(t)
	d.Items[2].Type, d.Items[2].Options = instrument.TypeText, nil
	d.Items[3].ShowIf = `a_03 == "a_01" and a_01 == 1`
	item := d.Items[0]
	item.Code = "mood"
	must(t, drafting.PutItem(d, "a_01", item))
	if got := d.Items[3].ShowIf; got != `a_03 == "a_01" and mood == 1` {
		t.Error(got)
	}
}

func TestTranslatedAnswersFollowTheirValues(t *testing.T) {
	t.Parallel()
	d := small(t)
	item := d.Items[0]
	item.Options = []instrument.Option{{Value: 2, Label: "Very"}, {Value: 1, Label: "Yes"}, {Value: 3, Label: "Always"}}
	must(t, drafting.PutItem(d, "a_01", item))
	if got := d.Translations["de"].Items["a_01"].Options; !slices.Equal(got, []string{"Sehr", "Ja", ""}) {
		t.Errorf("%q", got)
	}
	lines, err := drafting.Lines(d, "de")
	must(t, err)
	missing := 0
	for _, l := range lines {
		if l.Words == "" && !l.Optional {
			missing++
		}
	}
	if missing != 15 { // heading, instruction, an answer of a_01, three items with three answers each
		t.Errorf("%d are missing: %+v", missing, lines)
	}
}

func TestAnItemTakenOutLeavesNothingBehind(t *testing.T) {
	t.Parallel()
	d := small(t)
	d.Scales[0].Norms = []instrument.Norm{{Sample: "x", Mean: 1, SD: 1, Source: "x"}}
	must(t, drafting.RemoveItem(d, "a_02"))
	s := d.Scales[0]
	if !slices.Equal(s.Items, []string{"a_01", "a_03"}) || len(s.Reversed) > 0 || s.MinAnswered != 2 || s.Norms != nil || layout(d) != "a_01 | a_03 a_04" {
		t.Errorf("%+v, %s", s, layout(d))
	}
	// The condition that named it is a fault, with its place.
	if faults := d.Faults(); len(faults) == 0 || faults[0].Place != "items[2].show_if" {
		t.Error(faults)
	}
}

func TestWhatWasFoundAboutAScaleHoldsForItsItemsAlone(t *testing.T) {
	t.Parallel()
	known := []instrument.Norm{{Sample: "x", Mean: 1, SD: 1, Source: "x"}}
	d := small(t)
	d.Scales[0].Norms = known
	item := d.Items[0]
	item.Note = "A note changes nothing"
	must(t, drafting.PutItem(d, "a_01", item))
	s := d.Scales[0]
	s.Name = "Nor does a name"
	must(t, drafting.PutScale(d, "a_total", s))
	if d.Scales[0].Norms == nil {
		t.Error("forgotten for nothing")
	}
	item.Text = "Another question"
	must(t, drafting.PutItem(d, "a_01", item))
	if d.Scales[0].Norms != nil {
		t.Error("kept for other items")
	}
	d.Scales[0].Norms = known
	s = d.Scales[0]
	s.Reversed = nil
	must(t, drafting.PutScale(d, "a_total", s))
	if d.Scales[0].Norms != nil {
		t.Error("kept for another key")
	}
}

func TestAnswersAreSharedUnderAName(t *testing.T) {
	t.Parallel()
	d := small(t)
	options, err := drafting.ReadOptions("0 = Not at all\r\n1 = Somewhat\n\n 2 = Very \n9 = None of them | alone")
	must(t, err)
	if diff := cmp.Diff(options, []instrument.Option{{Value: 0, Label: "Not at all"}, {Value: 1, Label: "Somewhat"}, {Value: 2, Label: "Very"}, {Value: 9, Label: "None of them", Exclusive: true}}); diff != "" {
		t.Error(diff)
	}
	if got := drafting.WriteOptions(options); got != "0 = Not at all\n1 = Somewhat\n2 = Very\n9 = None of them | alone" {
		t.Error(got)
	}
	plain, err := drafting.ReadOptions("Never\nOften")
	if err != nil || plain[1].Value != 2 || plain[1].Label != "Often" {
		t.Error(plain, err)
	}
	_, err = drafting.ReadOptions("x = Never")
	refused(t, err, drafting.MessageOptions)
	must(t, drafting.PutSet(d, "much", "much", options[:3]))
	for i := range d.Items {
		d.Items[i].Set, d.Items[i].Options = "much", nil
	}
	must(t, drafting.Translate(d, "de", map[string]string{"sets.much[0]": "Gar nicht", "sets.much[1]": "Etwas", "sets.much[2]": "Sehr"}))
	must(t, drafting.PutSet(d, "much", "how_much", options[:2]))
	if d.Items[0].Set != "how_much" || !slices.Equal(d.Translations["de"].Sets["how_much"], []string{"Gar nicht", "Etwas"}) {
		t.Errorf("%+v", d.Translations["de"])
	}
	for _, code := range []string{"a_01", "a_02", "a_03", "a_04"} {
		must(t, drafting.RemoveItem(d, code))
	}
	if len(d.Sets) > 0 {
		t.Error("a list of answers stays without items")
	}
}

func TestConditionsArePutTogetherAndTakenApart(t *testing.T) {
	t.Parallel()
	d := small(t)
	d.Items[1].Type = instrument.TypeMultiple
	d.Items[2].Type, d.Items[2].Options = instrument.TypeText, nil
	for text, want := range map[string]drafting.Condition{
		"":                                {},
		"a_01 == 1":                       {Terms: []drafting.Term{{Item: "a_01", Is: drafting.Equal, Value: "1"}}},
		"a_01 >= 1 and answered(a_03)":    {Terms: []drafting.Term{{Item: "a_01", Is: drafting.AtLeast, Value: "1"}, {Item: "a_03", Is: drafting.Answered}}},
		"not answered(a_01) or a_01 != 2": {Any: true, Terms: []drafting.Term{{Item: "a_01", Is: drafting.Unanswered}, {Item: "a_01", Is: drafting.Unequal, Value: "2"}}},
		"selected(a_02, 1) and not selected(a_02, 2)": {Terms: []drafting.Term{{Item: "a_02", Is: drafting.Chosen, Value: "1"}, {Item: "a_02", Is: drafting.NotChosen, Value: "2"}}},
		`a_03 == "so"`: {Terms: []drafting.Term{{Item: "a_03", Is: drafting.Equal, Value: "so"}}},
	} {
		got, ok := drafting.ReadCondition(text)
		if diff := cmp.Diff(got, want); !ok || diff != "" {
			t.Errorf("%s: %v %s", text, ok, diff)
		}
		written, err := want.Write(d)
		if err != nil || written != text {
			t.Errorf("written as %q, want %q (%v)", written, text, err)
		}
		d.Items[3].ShowIf = text
		if faults := d.Faults(); strings.Contains(faults.Error(), "show_if") {
			t.Errorf("%s: %v", text, faults)
		}
	}
	for _, text := range []string{"a_01 == 1 and a_02 == 1 or a_03 == 1", "not (a_01 == 1)", "sum(a_01, a_02) > 1", "(a_01 == 1)", "a_01 in [1, 2]", `a_03 == "x and y"`} {
		if _, ok := drafting.ReadCondition(text); ok {
			t.Errorf("%s is taken for a simple one", text)
		}
	}
	_, err := drafting.Condition{Terms: []drafting.Term{{Item: "a_01", Is: drafting.Equal, Value: "x"}}}.Write(d)
	refused(t, err, drafting.MessageNumber)
}

func TestAWholeBlockKeepsItsKeyScoringAndTerms(t *testing.T) {
	t.Parallel()
	for _, first := range []bool{true, false} {
		from, err := instrument.BuiltinByKey("self_compassion")
		must(t, err)
		d := drafting.New("Evening log", "en")
		if !first {
			d = small(t)
		}
		d.Heading, d.Intro, d.Citation = "Your day", "Think of today.", "Ours."
		must(t, drafting.AddBlock(d, from))
		d.Vectors = nil
		if faults := d.Faults(); len(faults) > 0 {
			t.Fatal(faults)
		}
		for _, s := range from.Scales {
			if d.ScaleHash(s.Key) != from.ScaleHash(s.Key) {
				t.Errorf("%s scores otherwise", s.Key)
			}
		}
		if !strings.Contains(d.Terms, from.Terms) || !strings.Contains(d.Citation, from.Citation) {
			t.Errorf("terms %q, citation %q", d.Terms, d.Citation)
		}
		if got := d.Translations["de"].Items[from.Items[0].Code].Text; got != from.Translations["de"].Items[from.Items[0].Code].Text {
			t.Errorf("in German: %q", got)
		}
		refused(t, drafting.AddBlock(d, from), drafting.MessageBlockTwice)
	}
}

func TestSingleItemsComeWithTheirAnswersAlone(t *testing.T) {
	t.Parallel()
	d, from := small(t), builtin(t, "self_compassion")
	code := from.Items[2].Code
	must(t, drafting.AddItems(d, from, []string{code}, 1))
	item, _ := d.Item(code)
	if !slices.Equal(d.OptionsOf(item), from.OptionsOf(from.Items[2])) || len(d.Scales) != 1 || layout(d) != "a_01 a_02 | a_03 a_04 "+code {
		t.Errorf("%+v, %s", item, layout(d))
	}
	if d.Translations["de"].Items[code].Text == "" {
		t.Error("its German words are lost")
	}
	refused(t, drafting.AddItems(d, from, nil, 1), drafting.MessageSeveral)
	refused(t, drafting.AddItems(d, from, []string{code}, 1), drafting.MessageBlockTwice)
	if faults := d.Faults(); len(faults) > 0 {
		t.Error(faults)
	}
}

func TestALicenceOfABlockCountsForTheWhole(t *testing.T) {
	t.Parallel()
	from := small(t)
	for i := range from.Items {
		from.Items[i].Code = "b" + from.Items[i].Code
	}
	from.Layout, from.Scales, from.Vectors, from.Translations, from.Items[3].ShowIf = nil, nil, nil, nil, ""
	from.PageSize, from.Licence = 5, &instrument.Licence{Kind: "ask", Reference: true}
	d := small(t)
	d.Licence = &instrument.Licence{Kind: "free"}
	must(t, drafting.AddBlock(d, from))
	if d.Licence.Kind != "ask" || !d.Licence.Reference {
		t.Errorf("%+v", d.Licence)
	}
}

func TestEveryBuiltInBecomesADraftWithoutFaults(t *testing.T) {
	t.Parallel()
	all, err := instrument.Builtin()
	must(t, err)
	for _, d := range all {
		c, err := drafting.From(d)
		must(t, err)
		if faults := c.Faults(); len(faults) > 0 || c.ScoringHash() != d.ScoringHash() {
			t.Errorf("%s: %v", d.Key, faults)
		}
		if drafting.NextCode(c) == "" {
			t.Error("no next code")
		}
	}
}

func TestScalesChangeTheirKeyAndLeave(t *testing.T) {
	t.Parallel()
	d := small(t)
	refused(t, drafting.PutScale(d, "", instrument.Scale{Key: "a_01"}), drafting.MessageCodeTaken)
	second := d.Scales[0]
	second.Key, second.Primary, second.Parent = "a_part", true, "a_total"
	must(t, drafting.PutScale(d, "", second))
	if d.Scales[0].Primary || !d.Scales[1].Primary {
		t.Error("two scales stand for the questionnaire")
	}
	first := d.Scales[0]
	first.Key = "whole"
	must(t, drafting.PutScale(d, "a_total", first))
	if d.Scales[1].Parent != "whole" || d.Vectors[0].Expected["whole"].Value == nil {
		t.Errorf("%+v", d)
	}
	must(t, drafting.RemoveScale(d, "a_part"))
	must(t, drafting.RemoveScale(d, "whole"))
	if len(d.Scales) != 0 || len(d.Vectors[0].Expected) != 0 {
		t.Errorf("%+v", d)
	}
	bands, err := drafting.ReadBands("0 to 4.5 = Low\n5–10 = High")
	if err != nil || drafting.WriteBands(bands) != "0 to 4.5 = Low\n5 to 10 = High" {
		t.Error(bands, err)
	}
	steps, err := drafting.ReadLookup("0 = 10\n1=17,5")
	if err != nil || drafting.WriteLookup(steps) != "0 = 10\n1 = 17.5" {
		t.Error(steps, err)
	}
}

// Whatever is done in whatever order, every item is on one page and nothing names
// what is not there but conditions.
func TestADraftStaysConsistentWhateverIsDone(t *testing.T) {
	t.Parallel()
	random := rand.New(rand.NewPCG(7, 18))
	for range 300 {
		d := small(t)
		for range 40 {
			code := "a_01"
			if len(d.Items) > 0 {
				code = d.Items[random.IntN(len(d.Items))].Code
			}
			page := random.IntN(len(d.Layout))
			item, _ := d.Item(code)
			var err error
			switch random.IntN(10) {
			case 0:
				err = drafting.AddPage(d)
			case 1:
				err = drafting.RemovePage(d, page)
			case 2:
				err = drafting.MovePage(d, page, random.IntN(5)-2)
			case 3:
				err = drafting.MoveItem(d, code, random.IntN(7)-3)
			case 4:
				err = drafting.ItemTo(d, code, page, random.IntN(4))
			case 5:
				err = drafting.RemoveItem(d, code)
			case 6:
				_, err = drafting.CopyItem(d, code)
			case 7:
				item.Code = drafting.NextCode(d)
				err = drafting.PutItem(d, code, item)
			case 8:
				err = drafting.AddItem(d, page, instrument.Item{Code: drafting.NextCode(d), Text: "New", Type: instrument.TypeYesNo})
			case 9:
				err = drafting.SetPage(d, page, "Heading", "", "")
			}
			if _, ok := errors.AsType[*drafting.Refusal](err); err != nil && !ok && !errors.Is(err, drafting.ErrGone) {
				t.Fatal(err)
			}
		}
		for _, fault := range d.Faults() {
			empty := strings.HasPrefix(fault.Place, "pages[") || fault.Place == "items" || strings.HasPrefix(fault.Place, "scales[0]") || strings.HasPrefix(fault.Place, "vectors")
			if !empty && !strings.HasSuffix(fault.Place, "show_if") {
				t.Fatalf("%v in %s", fault, layout(d))
			}
		}
	}
}
