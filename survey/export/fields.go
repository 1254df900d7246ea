package export

import (
	"slices"

	"tidemark/survey"
	"tidemark/survey/export/dataset"
	"tidemark/survey/instrument"
	"tidemark/survey/pastwaves"
)

// field is a place for an answer on a form: a question, or one of the choices of a
// question that takes several. Its variable bears the code of the item.
type field struct {
	dataset.Variable
	item   instrument.Item
	choice float64 // of several
	words  bool    // answered in a person's own words
}

// fields are those of a version of a questionnaire, in its order.
func (f *frame) fields(d *instrument.Definition) []field {
	var all []field
	for _, item := range d.Items {
		options, _ := d.ItemOptions(item.Code)
		v := dataset.Variable{Name: item.Code, Label: item.Text, Kind: dataset.Number, Measure: dataset.Scale, Reasons: f.whyMissing()}
		v.Low, v.High, v.Bounded = d.ItemBounds(item.Code)
		switch item.Type {
		case instrument.TypeInformation:
		case instrument.TypeText, instrument.TypeLongText:
			v.Kind, v.Measure, v.Width, v.Bounded = dataset.Text, dataset.Nominal, max(item.MaxLength, 1), false
			v.Reasons = append(v.Reasons, f.whyNotInLong())
			all = append(all, field{Variable: v, item: item, words: true})
		case instrument.TypeDate:
			v.Kind, v.Bounded = dataset.Day, false
			all = append(all, field{Variable: v, item: item})
		case instrument.TypeMultiple:
			for _, o := range options {
				c := truth(item.Code+"___"+pastwaves.ChoiceName(o.Value), item.Text+": "+o.Label, "not chosen", "chosen")
				c.Reasons = v.Reasons
				all = append(all, field{Variable: c, item: item, choice: o.Value})
			}
		case instrument.TypeSingle, instrument.TypeYesNo, instrument.TypeNumber, instrument.TypeSlider:
			f.shape(item, options, &v)
			all = append(all, field{Variable: v, item: item})
		}
	}
	return all
}

// cell is what a person has answered; there is nothing where nothing is stored.
func (v *visit) cell(f field) (c dataset.Cell, stored bool, err error) {
	row, stored := v.answers[f.item.Code]
	switch {
	case !stored:
	case row.Missing != survey.NotMissing:
		c = dataset.Missing(string(row.Missing))
	case f.words:
		c = dataset.Missing(MissingInTexts)
	case f.Kind == dataset.Day:
		c, err = day(row.Text)
	case f.item.Type == instrument.TypeMultiple:
		c = dataset.Of(0)
		if slices.Contains(instrument.ValueOf(instrument.TypeMultiple, row.Value, row.Text).Choices(), f.choice) {
			c = dataset.Of(1)
		}
	default:
		c = dataset.Of(row.Value)
	}
	return c, stored, err
}
