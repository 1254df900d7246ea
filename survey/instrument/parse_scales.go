package instrument

import (
	"fmt"
	"slices"
)

func (c *checker) scales() {
	primary := 0
	for i, scale := range c.d.Scales {
		place := fmt.Sprintf("scales[%d]", i)
		c.name(place+".key", scale.Key)
		c.text(place+".name", scale.Name)
		c.text(place+".label", scale.Label)
		if !scale.Method.Valid() {
			c.faults.Add(place+".method", "%q must be %q or %q", scale.Method, MethodMean, MethodSum)
		}
		if !scale.Direction.Valid() {
			c.faults.Add(place+".direction", "%q must be %q, %q or %q", scale.Direction, HigherBetter, LowerBetter, Neutral)
		}
		if len(scale.Items) == 0 {
			c.faults.Add(place+".items", "is missing or empty")
		}
		if scale.MinAnswered < 1 || scale.MinAnswered > len(scale.Items) {
			c.faults.Add(place+".min_answered", "%d must be between 1 and the number of items, %d", scale.MinAnswered, len(scale.Items))
		}
		if scale.Primary {
			primary++
		}
		c.scaleItems(place, scale)
		c.parent(place+".parent", scale)
	}
	if len(c.d.Scales) > 0 && primary != 1 {
		c.faults.Add("scales", "%d scales are primary; exactly one must be", primary)
	}
}

func (c *checker) scaleItems(place string, scale Scale) {
	type span struct{ low, high float64 }
	var first *span
	for j, code := range scale.Items {
		here := fmt.Sprintf("%s.items[%d]", place, j)
		item := c.d.item(code)
		switch {
		case item == nil:
			c.faults.Add(here, "%q is not an item", code)
			continue
		case !item.Type.Numeric():
			c.faults.Add(here, "%q is not answered with a number", code)
			continue
		case slices.Index(scale.Items, code) < j:
			c.faults.Add(here, "%q is listed twice", code)
		}
		low, high, bounded := c.d.boundsOf(item)
		switch {
		case !bounded && item.Type == TypeNumber:
			c.faults.Add(here, "%q has no range, which a scale needs", code)
		case !bounded: // already a fault of the item
		case first == nil:
			first = &span{low, high}
		case scale.Method == MethodSum && scale.MinAnswered == len(scale.Items): // nothing is filled in
		case first.low != low || first.high != high:
			c.faults.Add(here, "%q runs from %v to %v, the items before it from %v to %v; one scale needs one range",
				code, low, high, first.low, first.high)
		}
	}
	for j, code := range scale.Reversed {
		here := fmt.Sprintf("%s.reversed[%d]", place, j)
		if !slices.Contains(scale.Items, code) {
			c.faults.Add(here, "%q is not an item of the scale", code)
		}
		if slices.Index(scale.Reversed, code) < j {
			c.faults.Add(here, "%q is listed twice", code)
		}
	}
}

// parent checks that the parent is a scale of its own that contains the part.
// Parents therefore stand at the top, and there are no circles.
func (c *checker) parent(place string, scale Scale) {
	if scale.Parent == "" {
		return
	}
	whole, known := c.d.Scale(scale.Parent)
	switch {
	case !known:
		c.faults.Add(place, "%q is not a scale", scale.Parent)
	case whole.Key == scale.Key:
		c.faults.Add(place, "a scale cannot be its own parent")
	case whole.Parent != "":
		c.faults.Add(place, "%q has a parent itself; only two levels are possible", scale.Parent)
	}
	if !known || whole.Key == scale.Key {
		return
	}
	for _, code := range scale.Items {
		if !slices.Contains(whole.Items, code) {
			c.faults.Add(place, "%q does not contain the item %q", scale.Parent, code)
		}
	}
}
