package instrument

import (
	"fmt"
	"maps"
	"slices"
	"strings"
)

// translating makes a definition in another language, and notes what is missing.
type translating struct {
	d     *Definition
	to    string
	words Translation
	gaps  []Gap
}

// text is the translated text, or else the original with its language. A text that
// the original does not have is not missing.
func (t *translating) text(place, original, translated string) (text, lang string) {
	switch {
	case original == "":
		return "", ""
	case translated != "":
		return translated, ""
	}
	t.gaps = append(t.gaps, Gap{Place: place, Text: original})
	return original, t.d.Language
}

func (t *translating) definition() *Definition {
	out := *t.d
	out.Language, out.Translations = t.to, nil
	if t.words.Title != "" { // for staff, so not missing
		out.Title = t.words.Title
	} else {
		out.TitleLang = t.d.Language
	}
	out.Heading, out.HeadingLang = t.text("heading", t.d.Heading, t.words.Heading)
	out.Intro, out.IntroLang = t.text("intro", t.d.Intro, t.words.Intro)
	out.Layout = t.pages()
	out.Options = t.options("options", t.d.Options, t.words.Options)
	if len(t.d.Sets) > 0 {
		out.Sets = make(map[string][]Option, len(t.d.Sets))
		for _, name := range slices.Sorted(maps.Keys(t.d.Sets)) {
			out.Sets[name] = t.options("sets."+name, t.d.Sets[name], t.words.Sets[name])
		}
	}
	out.Items = make([]Item, len(t.d.Items))
	for i := range t.d.Items {
		out.Items[i] = t.item(fmt.Sprintf("items[%d]", i), t.d.Items[i])
	}
	out.Scales = slices.Clone(t.d.Scales)
	for i := range out.Scales {
		t.scale(fmt.Sprintf("scales[%d]", i), &out.Scales[i])
	}
	return &out
}

func (t *translating) pages() []PagePlan {
	pages := slices.Clone(t.d.Layout)
	for i := range pages {
		words := PageTranslation{}
		if i < len(t.words.Pages) {
			words = t.words.Pages[i]
		}
		p := &pages[i]
		p.Heading, p.HeadingLang = t.text(fmt.Sprintf("pages[%d].heading", i), p.Heading, words.Heading)
		p.Intro, p.IntroLang = t.text(fmt.Sprintf("pages[%d].intro", i), p.Intro, words.Intro)
	}
	return pages
}

func (t *translating) options(place string, options []Option, labels []string) []Option {
	out := slices.Clone(options)
	for i := range out {
		label := ""
		if i < len(labels) {
			label = labels[i]
		}
		out[i].Label, out[i].Lang = t.text(fmt.Sprintf("%s[%d].label", place, i), out[i].Label, label)
	}
	return out
}

func (t *translating) item(place string, item Item) Item {
	words := t.words.Items[item.Code]
	item.Text, item.TextLang = t.text(place+".text", item.Text, words.Text)
	item.Note, item.NoteLang = t.text(place+".note", item.Note, words.Note)
	switch {
	case len(item.Options) > 0:
		item.Options = t.options(place+".options", item.Options, words.Options)
	case item.Type == TypeYesNo && item.Set == "":
		t.yesNo(place+".options", &item, words.Options)
	}
	if item.Range == nil {
		return item
	}
	r := *item.Range
	var langs [3]string
	r.Unit, langs[0] = t.text(place+".range.unit", r.Unit, words.Unit)
	r.LowLabel, langs[1] = t.text(place+".range.low_label", r.LowLabel, words.LowLabel)
	r.HighLabel, langs[2] = t.text(place+".range.high_label", r.HighLabel, words.HighLabel)
	item.Range, item.RangeLang = &r, langs[0]+langs[1]+langs[2]
	if item.RangeLang != "" {
		// One mark for all three: whole in the original rather than in pieces.
		item.RangeLang = t.d.Language
		original := t.d.item(item.Code).Range
		r.Unit, r.LowLabel, r.HighLabel = original.Unit, original.LowLabel, original.HighLabel
	}
	return item
}

// yesNo gives a yes/no question its labels: those of the translation, or those
// that we know.
func (t *translating) yesNo(place string, item *Item, labels []string) {
	if len(labels) == 2 {
		item.Options = []Option{{Value: 1, Label: labels[0]}, {Value: 0, Label: labels[1]}}
		return
	}
	if base, _, _ := strings.Cut(t.to, "-"); len(yesNoWords[base][0]) > 0 {
		return // known
	}
	for i, option := range yesNo(t.to) {
		t.gaps = append(t.gaps, Gap{Place: fmt.Sprintf("%s[%d].label", place, i), Text: option.Label})
	}
}

func (t *translating) scale(place string, s *Scale) {
	words := t.words.Scales[s.Key]
	s.Name, s.NameLang = t.text(place+".name", s.Name, words.Name)
	s.Label, s.LabelLang = t.text(place+".label", s.Label, words.Label)
	s.BandsWarning, s.BandsLang = t.text(place+".bands_warning", s.BandsWarning, words.BandsWarning)
	s.Bands = slices.Clone(s.Bands)
	for i := range s.Bands {
		label := ""
		if i < len(words.Bands) {
			label = words.Bands[i]
		}
		s.Bands[i].Label, s.Bands[i].Lang = t.text(fmt.Sprintf("%s.bands[%d].label", place, i), s.Bands[i].Label, label)
	}
}
