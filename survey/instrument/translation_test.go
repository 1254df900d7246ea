package instrument_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"tidemark/survey/instrument"
)

// translated is branching with a scale less German and a whole Finnish
// translation.
func translated(t *testing.T) *instrument.Definition {
	t.Helper()
	t.Helper()
	return parsed(t, withTranslations(german+`, `+finnish))
}

func withTranslations(translations string) string {
	return strings.Replace(branching, `"pages": [`, `"translations": {`+translations+`},
  "pages": [`, 1)
}

const german = `"de": {"title": "Weg", "heading": "Dein Weg", "pages": [{}, {"heading": "Mehr"}, {}],
    "sets": {"things": ["Rot", "Blau", "Nichts"]},
    "items": {"smokes": {"text": "Tust du es?"}, "a_day": {"text": "Wie viele?", "unit": "am Tag"}, "colours": {"text": "Welche?"}}}`

const finnish = `"fi": {"title": "Tie", "heading": "Tiesi", "intro": "Vastaa.", "pages": [{}, {"heading": "Lisää"}, {}],
    "sets": {"things": ["Punainen", "Sininen", "Ei mitään"]},
    "items": {"smokes": {"text": "Teetkö?", "options": ["Kyllä", "Ei"]}, "a_day": {"text": "Montako?", "unit": "päivässä"},
      "many": {"text": "Miksi?"}, "hint": {"text": "Ajattele."}, "colours": {"text": "Mitkä?"}, "name": {"text": "Nimi?"},
      "born": {"text": "Milloin?"}, "mood": {"text": "Miten?"}}}`

func TestALanguageIsMatchedByItsTag(t *testing.T) {
	t.Parallel()
	d := translated(t)
	for asked, want := range map[string]string{
		"en": "en", "EN": "en", "en-GB": "en", "de": "de", "de-AT": "de", "de-AT-1996": "de", "fi": "fi", "fr": "en", "": "en", "d": "en",
	} {
		if got, _ := d.In(asked); got.Language != want {
			t.Errorf("asked for %q: %s, want %s", asked, got.Language, want)
		}
	}
	swiss := parsed(t, withTranslations(strings.Replace(german, `"de"`, `"de-CH"`, 1)))
	if got, _ := swiss.In("de"); got.Language != "de-CH" {
		t.Errorf("German asked for, Swiss German there: %s", got.Language)
	}
	if got := d.Languages(); !slices.Equal(got, []string{"en", "de", "fi"}) {
		t.Errorf("languages %v", got)
	}
}

func TestATranslationFallsBackTextByTextAndMarksIt(t *testing.T) {
	t.Parallel()
	de, complete := translated(t).In("de-AT")
	if complete {
		t.Error("a translation with gaps is complete")
	}
	if de.Heading != "Dein Weg" || de.HeadingLang != "" || de.Intro != "Answer what fits." || de.IntroLang != "en" || de.Title != "Weg" {
		t.Errorf("head %q %q, %q %q, %q", de.Heading, de.HeadingLang, de.Intro, de.IntroLang, de.Title)
	}
	pages := de.PageList()
	if pages[1].Heading != "Mehr" || pages[1].HeadingLang != "" {
		t.Errorf("page %q %q", pages[1].Heading, pages[1].HeadingLang)
	}
	if item := pages[0].Items[1]; item.Text != "Wie viele?" || item.TextLang != "" || item.Range.Unit != "am Tag" || item.RangeLang != "" || item.Range.Max != 100 {
		t.Errorf("translated item %+v", item)
	}
	if item := pages[0].Items[2]; item.Text != "Why so many?" || item.TextLang != "en" {
		t.Errorf("item that is missing %+v", item)
	}
	for code, want := range map[string]string{"smokes": "Ja Nein", "colours": "Rot Blau Nichts"} {
		options, _ := de.ItemOptions(code)
		var labels []string
		for _, o := range options {
			if o.Lang != "" {
				t.Errorf("%s: %q is marked as %q", code, o.Label, o.Lang)
			}
			labels = append(labels, o.Label)
		}
		if got := strings.Join(labels, " "); got != want {
			t.Errorf("%s offers %q, want %q", code, got, want)
		}
	}
}

func TestAWholeTranslationIsCompleteAndAsksTheSame(t *testing.T) {
	t.Parallel()
	d := translated(t)
	fi, complete := d.In("fi")
	if gaps := d.Gaps("fi"); !complete || len(gaps) > 0 {
		t.Errorf("complete %v, gaps %v", complete, gaps)
	}
	options, _ := fi.ItemOptions("smokes")
	if options[0].Label != "Kyllä" || options[0].Value != 1 || options[1].Value != 0 {
		t.Errorf("yes and no are %+v", options)
	}
	answers := instrument.Answers{"smokes": num(1), "a_day": num(30), "colours": instrument.ChoicesValue(1, 2), "name": text("Bo")}
	if diff := cmp.Diff(fi.Shown(answers), d.Shown(answers)); diff != "" {
		t.Errorf("other questions are shown, Finnish -, English +:\n%s", diff)
	}
	if err := fi.Check(answers); err != nil {
		t.Error(err)
	}
	if again, complete := d.In("en"); again != d || !complete {
		t.Error("its own language is not the definition itself, or not complete")
	}
	if _, complete := d.In("fr"); complete {
		t.Error("a language that is missing is complete")
	}
	if original := parsed(t, withTranslations(german+`, `+finnish)); original.Hash() != d.Hash() {
		t.Error("showing it in another language changed the definition")
	}
}

func TestGapsNameWhatIsMissingWithItsPlace(t *testing.T) {
	t.Parallel()
	d := translated(t)
	want := []instrument.Gap{
		{Place: "intro", Text: "Answer what fits."}, {Place: "items[2].text", Text: "Why so many?"}, {Place: "items[3].text", Text: "Think of today."},
		{Place: "items[5].text", Text: "Its name?"}, {Place: "items[6].text", Text: "When?"}, {Place: "items[7].text", Text: "How?"},
	}
	if diff := cmp.Diff(d.Gaps("de"), want); diff != "" {
		t.Errorf("got -, want +:\n%s", diff)
	}
	if got := d.Gaps("en"); len(got) > 0 {
		t.Errorf("gaps in its own language: %v", got)
	}
	french := d.Gaps("fr")
	places := map[string]bool{}
	for _, gap := range french {
		places[gap.Place] = true
	}
	for _, place := range []string{"heading", "intro", "pages[1].heading", "sets.things[0].label", "items[0].text", "items[0].options[0].label", "items[1].range.unit"} {
		if !places[place] {
			t.Errorf("no gap at %s in a language that is missing: %v", place, french)
		}
	}
}

func TestUnitsAndLabelsOfARangeFallBackTogether(t *testing.T) {
	t.Parallel()
	source := strings.Replace(withTranslations(`"de": {"items": {"a_day": {"text": "Wie viele?", "unit": "am Tag"}}}`),
		`"unit": "a day"`, `"unit": "a day", "low_label": "few", "high_label": "many"`, 1)
	de, _ := parsed(t, source).In("de")
	item, _ := de.Item("a_day")
	if item.RangeLang != "en" || item.Range.Unit != "a day" || item.Range.LowLabel != "few" {
		t.Errorf("half a translation: %q %+v", item.RangeLang, item.Range)
	}
}

func TestNamesOfScalesAreTranslated(t *testing.T) {
	t.Parallel()
	d := parsed(t, strings.Replace(scales, `"items": [
    {"code"`, `"translations": {"de": {"scales": {"fours": {"name": "Mal vier", "label": "Vieren", "bands": ["Niedrig", "Hoch"], "bands_warning": "Keine Diagnose."}}}}, "items": [
    {"code"`, 1))
	de, _ := d.In("de")
	fours, _ := de.Scale("fours")
	if fours.Name != "Mal vier" || fours.NameLang != "" || fours.Bands[1].Label != "Hoch" || fours.BandsWarning != "Keine Diagnose." || fours.BandsLang != "" {
		t.Errorf("%+v", fours)
	}
	if whole, _ := de.Scale("whole"); whole.Name != "Whole" || whole.NameLang != "en" {
		t.Errorf("%+v", whole)
	}
	if original, _ := d.Scale("fours"); original.Bands[1].Label != "High" {
		t.Error("the original was changed")
	}
	answers := instrument.Numbers{"a1": 1, "a2": 2}
	if diff := cmp.Diff(de.Score(answers), d.Score(answers)); diff != "" {
		t.Errorf("German scores -, English +:\n%s", diff)
	}
}

func TestParseNamesThePlaceOfEachFaultOfATranslation(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct{ translations, want string }{
		"no tag":                {`"German": {}`, `translations.German: "German" must be a language tag`},
		"its own language":      {`"en": {}`, `translations.en: is the definition's own language`},
		"twice":                 {`"de-AT": {}, "de-at": {}`, `translations.de-at: is the definition's own language, or is given twice`},
		"spaces":                {`"de": {"heading": "Weg "}`, `translations.de.heading: has spaces`},
		"unknown item":          {`"de": {"items": {"smoke": {"text": "Hm"}}}`, `translations.de.items.smoke: is not an item`},
		"a note that is not":    {`"de": {"items": {"smokes": {"note": "Hm"}}}`, `translations.de.items.smokes.note: translates a text that is not there`},
		"a unit that is not":    {`"de": {"items": {"mood": {"unit": "Hm"}}}`, `translations.de.items.mood.unit: translates a text`},
		"options of a set":      {`"de": {"items": {"colours": {"options": ["A", "B", "C"]}}}`, `translations.de.items.colours.options: are labels for an item without options`},
		"too few labels":        {`"de": {"sets": {"things": ["Rot"]}}`, `translations.de.sets.things: has 1 labels for 3 options`},
		"too many for yes/no":   {`"de": {"items": {"smokes": {"options": ["A", "B", "C"]}}}`, `translations.de.items.smokes.options: has 3 labels for 2 options`},
		"a label twice":         {`"de": {"sets": {"things": ["Rot", "Rot", "Blau"]}}`, `translations.de.sets.things[1]: "Rot" is used twice`},
		"an empty label":        {`"de": {"sets": {"things": ["Rot", "", "Blau"]}}`, `translations.de.sets.things[1]: is missing`},
		"unknown set":           {`"de": {"sets": {"thing": ["Rot"]}}`, `translations.de.sets.thing: is not among the sets`},
		"shared options":        {`"de": {"options": ["Rot"]}`, `translations.de.options: has 1 labels for 0 options`},
		"too few pages":         {`"de": {"pages": [{}]}`, `translations.de.pages: has 1 pages, the definition 3`},
		"a heading that is not": {`"de": {"pages": [{"heading": "A"}, {}, {}]}`, `translations.de.pages[0].heading: translates a text`},
		"unknown scale":         {`"de": {"scales": {"total": {"name": "Hm"}}}`, `translations.de.scales.total: is not a scale`},
		"unknown field":         {`"de": {"texts": {}}`, `translations.de.texts: is not a known field`},
	} {
		if got := faultsOf(t, withTranslations(c.translations)); !slices.ContainsFunc(got, func(s string) bool { return strings.HasPrefix(s, c.want) }) {
			t.Errorf("%s: faults %q, want %q", name, got, c.want)
		}
	}
}
