package instrument

import (
	"fmt"
	"maps"
	"math"
	"slices"
)

func (c *checker) vectors() {
	for i, vector := range c.d.Vectors {
		place := fmt.Sprintf("vectors[%d]", i)
		c.text(place+".name", vector.Name)
		for _, code := range slices.Sorted(maps.Keys(vector.Answers)) {
			here := place + ".answers." + code
			item := c.d.item(code)
			if item == nil {
				c.faults.Add(here, "is not an item")
			} else if !c.d.offersNumber(item, vector.Answers[code]) {
				c.faults.Add(here, "%v is not among the item's options", vector.Answers[code])
			}
		}
		for _, scale := range c.d.Scales {
			if _, given := vector.Expected[scale.Key]; !given {
				c.faults.Add(place+".expected", "has no entry for the scale %q", scale.Key)
			}
		}
		for _, key := range slices.Sorted(maps.Keys(vector.Expected)) {
			here := place + ".expected." + key
			expected := vector.Expected[key]
			if _, known := c.d.Scale(key); !known {
				c.faults.Add(here, "is not a scale")
			}
			if (expected.Value == nil) == (expected.Reason == "") {
				c.faults.Add(here, "needs either a value, or null with a reason")
			}
		}
	}
}

// scoring runs the vectors.
func (c *checker) scoring() {
	for i, vector := range c.d.Vectors {
		for _, score := range c.d.Score(vector.Answers) {
			place := fmt.Sprintf("vectors[%d].expected.%s", i, score.Scale)
			expected := vector.Expected[score.Scale]
			switch {
			case expected.Value == nil && score.Valid:
				c.faults.Add(place, "scoring gives %v, not null", score.Value)
			case expected.Value == nil && score.Reason != expected.Reason:
				c.faults.Add(place, "scoring gives the reason %q, not %q", score.Reason, expected.Reason)
			case expected.Value != nil && !score.Valid:
				c.faults.Add(place, "scoring gives null (%s), not %v", score.Reason, *expected.Value)
			case expected.Value != nil && math.Abs(score.Value-*expected.Value) > scoreTolerance:
				c.faults.Add(place, "scoring gives %v, not %v", score.Value, *expected.Value)
			}
		}
	}
}
