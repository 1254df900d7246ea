package catalogue

import (
	"slices"

	"tidemark/survey/instrument"
)

// Scores reports whether a definition scores exactly like the entry: the same items,
// values and scales, whatever the wording. False for an entry that is not ready.
// Where the key is on the form, any items may be turned.
func (e *Entry) Scores(d *instrument.Definition) bool {
	if !e.Ready || len(d.Items) != e.Items || len(d.Scales) != len(e.Scales) {
		return false
	}
	for i, item := range d.Items {
		if item.Code != e.Code(i+1) || !e.answers(d, item) {
			return false
		}
	}
	for i, s := range e.Scales {
		want, have := e.scale(s), d.Scales[i]
		if e.KeyOnForm {
			want.Reversed = have.Reversed
		}
		if want.Key != have.Key || want.Method != have.Method || want.MinAnswered != have.MinAnswered ||
			want.Factor != have.Factor || !slices.Equal(want.Items, have.Items) || !slices.Equal(want.Reversed, have.Reversed) ||
			!slices.Equal(want.Parts, have.Parts) || !slices.Equal(want.Lookup, have.Lookup) {
			return false
		}
	}
	return true
}

// answers reports whether an item offers the values of the entry.
func (e *Entry) answers(d *instrument.Definition, item instrument.Item) bool {
	if e.Slider() {
		return item.Range != nil && item.Range.Min == e.Response.Low && item.Range.Max == e.Response.High
	}
	options, _ := d.ItemOptions(item.Code) // the item is the definition's
	var values []float64
	for _, o := range options {
		values = append(values, o.Value)
	}
	slices.Sort(values)
	return slices.Equal(values, e.values())
}
