package instrument

import (
	"maps"
	"slices"
	"strings"
)

// A Translation is the texts of a definition in another language. What it leaves
// out is shown in the definition's own.
type Translation struct {
	Title   string `json:"title,omitempty"`
	Heading string `json:"heading,omitempty"`
	Intro   string `json:"intro,omitempty"`
	// Source says who translated, and whether the translation is validated.
	Source  string                     `json:"source,omitempty"`
	Pages   []PageTranslation          `json:"pages,omitempty"` // in the order of the layout
	Items   map[string]ItemTranslation `json:"items,omitempty"`
	Options []string                   `json:"options,omitempty"` // labels, in the order of the options
	Sets    map[string][]string        `json:"sets,omitempty"`
	Scales  map[string]ScaleWords      `json:"scales,omitempty"`
}

// A PageTranslation is the texts of a page.
type PageTranslation struct {
	Heading string `json:"heading,omitempty"`
	Intro   string `json:"intro,omitempty"`
}

// An ItemTranslation is the texts of an item.
type ItemTranslation struct {
	Text      string   `json:"text,omitempty"`
	Note      string   `json:"note,omitempty"`
	Options   []string `json:"options,omitempty"` // labels of its own options, in order; of yes and no
	Unit      string   `json:"unit,omitempty"`
	LowLabel  string   `json:"low_label,omitempty"`
	HighLabel string   `json:"high_label,omitempty"`
}

// ScaleWords are the names of a scale.
type ScaleWords struct {
	Name  string   `json:"name,omitempty"`
	Label string   `json:"label,omitempty"`
	Bands []string `json:"bands,omitempty"` // labels, in order
	// BandsWarning is the warning that comes with the bands.
	BandsWarning string `json:"bands_warning,omitempty"`
}

// Languages are the tags of the languages that the definition can be shown in, its
// own first and the others in alphabetical order.
func (d *Definition) Languages() []string {
	return append([]string{d.Language}, slices.Sorted(maps.Keys(d.Translations))...)
}

// match is the language that the definition is shown in when another is asked for:
// the one asked for, or one without its last parts (de for de-AT), or one of the
// same first part (de-CH for de). False when there is none.
func (d *Definition) match(language string) (string, bool) {
	have := d.Languages()
	for asked := strings.ToLower(language); asked != ""; {
		if i := slices.IndexFunc(have, func(tag string) bool { return strings.EqualFold(tag, asked) }); i >= 0 {
			return have[i], true
		}
		cut := strings.LastIndexByte(asked, '-')
		if cut < 0 {
			i := slices.IndexFunc(have, func(tag string) bool { return strings.HasPrefix(strings.ToLower(tag), asked+"-") })
			if i >= 0 {
				return have[i], true
			}
			break
		}
		asked = asked[:cut]
	}
	return d.Language, false
}

// In is the definition in a language, text by text in its own where the
// translation leaves something out; such texts carry their language in fields such
// as Item.TextLang. complete says whether nothing that participants read was left
// out; it is false when there is no translation at all.
//
// What In gives is for showing. It has the key, version and scoring of the
// definition and another hash; it must not be changed or stored.
func (d *Definition) In(language string) (localized *Definition, complete bool) {
	tag, found := d.match(language)
	if tag == d.Language {
		return d, found
	}
	t := translating{d: d, to: tag, words: d.Translations[tag]}
	return t.definition(), len(t.gaps) == 0
}

// A Gap is a text that a translation leaves out.
type Gap struct {
	// Place in the definition, such as "items[3].text".
	Place string
	// Text is what is shown instead.
	Text string
}

// Gaps lists what is missing in a language, in the order of the definition;
// everything when there is no translation into it, and nothing in the definition's
// own language.
func (d *Definition) Gaps(language string) []Gap {
	tag, found := d.match(language)
	if tag == d.Language && found {
		return nil
	}
	t := translating{d: d, to: tag, words: d.Translations[tag]}
	if !found {
		t.to = language
	}
	t.definition()
	return t.gaps
}
