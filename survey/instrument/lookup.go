package instrument

import (
	"slices"
	"strings"
)

// item is the item with the code, in place; nil for an unknown code.
func (d *Definition) item(code string) *Item {
	for i := range d.Items {
		if d.Items[i].Code == code {
			return &d.Items[i]
		}
	}
	return nil
}

// Item returns the item with the code.
func (d *Definition) Item(code string) (Item, bool) {
	item := d.item(code)
	if item == nil {
		return Item{}, false
	}
	return *item, true
}

// ItemOptions returns the answers offered for an item: its own, those of its set,
// or else the definition's; yes and no where these are asked for; none for an item
// that is not answered by choosing. It reports false for an unknown code.
func (d *Definition) ItemOptions(code string) ([]Option, bool) {
	item := d.item(code)
	if item == nil {
		return nil, false
	}
	return d.optionsOf(item), true
}

func (d *Definition) optionsOf(item *Item) []Option {
	switch {
	case !item.Type.Chosen():
		return nil
	case len(item.Options) > 0:
		return item.Options
	case item.Set != "":
		return d.Sets[item.Set]
	case item.Type == TypeYesNo:
		return yesNo(d.Language)
	default:
		return d.Options
	}
}

// yesNoWords are the labels of yes and no by language.
var yesNoWords = map[string][2]string{"en": {"Yes", "No"}, "de": {"Ja", "Nein"}, "es": {"Sí", "No"}}

// yesNo are the options of a yes/no question, in the language or else in English.
func yesNo(language string) []Option {
	base, _, _ := strings.Cut(language, "-")
	labels, known := yesNoWords[base]
	lang := ""
	if !known {
		labels, lang = yesNoWords["en"], "en"
	}
	return []Option{{Value: 1, Label: labels[0], Lang: lang}, {Value: 0, Label: labels[1], Lang: lang}}
}

// ItemBounds returns the least and greatest number that an item can be answered
// with; false for an unknown item, for one whose answer is no number, and for a
// number without a range.
func (d *Definition) ItemBounds(code string) (low, high float64, ok bool) {
	item := d.item(code)
	if item == nil {
		return 0, 0, false
	}
	return d.boundsOf(item)
}

func (d *Definition) boundsOf(item *Item) (low, high float64, ok bool) {
	switch {
	case item.Type == TypeYesNo:
		return 0, 1, true
	case item.Type == TypeSingle:
		options := d.optionsOf(item)
		if len(options) == 0 {
			return 0, 0, false
		}
		low, high = bounds(options)
		return low, high, true
	case item.Type.Numeric() && item.Range != nil:
		return item.Range.Min, item.Range.Max, true
	}
	return 0, 0, false
}

// offersNumber reports whether an item can be answered with the number.
func (d *Definition) offersNumber(item *Item, v float64) bool {
	switch {
	case item.Type == TypeYesNo:
		return v == 0 || v == 1
	case item.Type == TypeSingle:
		return offers(d.optionsOf(item), v)
	case item.Type.Numeric():
		return item.Range.holds(v)
	}
	return false
}

// MaxText is the greatest length of a text answer in characters.
func (i Item) MaxText() int {
	switch {
	case i.MaxLength > 0:
		return i.MaxLength
	case i.Type == TypeLongText:
		return longLength
	default:
		return lineLength
	}
}

// Scale returns the scale with the key.
func (d *Definition) Scale(key string) (Scale, bool) {
	i := slices.IndexFunc(d.Scales, func(s Scale) bool { return s.Key == key })
	if i < 0 {
		return Scale{}, false
	}
	return d.Scales[i], true
}

// Primary returns the scale that stands for the instrument; false when the
// definition has no scales.
func (d *Definition) Primary() (Scale, bool) {
	i := slices.IndexFunc(d.Scales, func(s Scale) bool { return s.Primary })
	if i < 0 {
		return Scale{}, false
	}
	return d.Scales[i], true
}
