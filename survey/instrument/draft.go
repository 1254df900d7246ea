package instrument

import (
	"slices"

	"tidemark/survey/internal/definition"
)

// ReadDraft reads the JSON of a questionnaire that is being written. Fields must be
// known and of the right kind; what they say is not checked, so that one can be kept
// half done. The error is of type Faults.
func ReadDraft(data []byte) (*Definition, error) {
	d := &Definition{}
	if faults := definition.Decode(data, d); len(faults) > 0 {
		return nil, faults
	}
	return d, nil
}

// DraftJSON is the definition as ReadDraft reads it, however unfinished: lists that
// are empty are written as such.
func (d *Definition) DraftJSON() ([]byte, error) {
	c := *d
	c.Items = orEmpty(c.Items)
	c.Layout = slices.Clone(c.Layout)
	for i := range c.Layout {
		c.Layout[i].Items = orEmpty(c.Layout[i].Items)
	}
	c.Scales = slices.Clone(c.Scales)
	for i := range c.Scales {
		c.Scales[i].Items = orEmpty(c.Scales[i].Items)
	}
	c.Vectors = slices.Clone(c.Vectors)
	for i := range c.Vectors {
		if c.Vectors[i].Expected == nil {
			c.Vectors[i].Expected = map[string]Expected{}
		}
	}
	return c.Canonical()
}

func orEmpty[T any](list []T) []T {
	if list == nil {
		return []T{}
	}
	return list
}

// Faults are all mistakes of the definition, as Parse would find them; none when it
// can be used. It makes the conditions ready for use.
func (d *Definition) Faults() Faults { return d.check() }

// OptionsOf are the options that an item of the definition offers, its own, those of
// its set or those for all items; of yes and no, those that the program knows.
func (d *Definition) OptionsOf(item Item) []Option { return d.optionsOf(&item) }
