package instrument

import (
	"fmt"
	"math"
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
			c.faults.Add(place+".method", "%q must be %q, %q or %q", scale.Method, MethodMean, MethodSum, MethodMeanOfScales)
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
		before := len(c.faults)
		c.scaleItems(place, scale)
		c.parent(place+".parent", scale)
		c.parts(place, scale)
		if len(c.faults) == before { // the range of a scale is that of sound items
			c.lookup(place, scale)
			c.known(place, scale)
		}
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

// parts checks what a mean of scales is made of: scales of its own items, each
// item in one of them.
func (c *checker) parts(place string, scale Scale) {
	if scale.Method != MethodMeanOfScales {
		if len(scale.Parts) > 0 {
			c.faults.Add(place+".parts", "are for the method %q", MethodMeanOfScales)
		}
		return
	}
	if len(scale.Parts) < 2 {
		c.faults.Add(place+".parts", "has %d parts; a mean of scales has at least two", len(scale.Parts))
	}
	within := map[string]string{}
	for i, key := range scale.Parts {
		here := fmt.Sprintf("%s.parts[%d]", place, i)
		part, known := c.d.Scale(key)
		switch {
		case !known:
			c.faults.Add(here, "%q is not a scale", key)
			continue
		case slices.Index(scale.Parts, key) < i:
			c.faults.Add(here, "%q is listed twice", key)
			continue
		case part.Method == MethodMeanOfScales:
			c.faults.Add(here, "%q is itself a mean of scales", key)
			continue
		}
		for _, code := range part.Items {
			if other, twice := within[code]; twice {
				c.faults.Add(here, "%q has the item %q, which %q has too", key, code, other)
			}
			within[code] = key
			if !slices.Contains(scale.Items, code) {
				c.faults.Add(here, "%q has the item %q, which is not among the items of the whole", key, code)
			}
		}
	}
	for i, code := range scale.Items {
		if _, placed := within[code]; !placed && len(scale.Parts) > 0 {
			c.faults.Add(fmt.Sprintf("%s.items[%d]", place, i), "%q is in none of the parts", code)
		}
	}
}

// lookup checks the factor and the table, which must have every raw score that
// can come about.
func (c *checker) lookup(place string, scale Scale) {
	if scale.Factor < 0 || scale.Factor > greatestNumber {
		c.faults.Add(place+".factor", "%v must be above 0", scale.Factor)
	}
	if len(scale.Lookup) == 0 {
		return
	}
	place += ".lookup"
	switch {
	case scale.Factor != 0:
		c.faults.Add(place, "stands beside a factor; one of them is enough")
	case scale.Method != MethodSum:
		c.faults.Add(place, "is for the method %q", MethodSum)
		return
	case scale.MinAnswered != len(scale.Items):
		c.faults.Add(place, "needs all items answered, so min_answered must be %d", len(scale.Items))
	}
	for i, step := range scale.Lookup {
		if i > 0 && step.Raw <= scale.Lookup[i-1].Raw {
			c.faults.Add(fmt.Sprintf("%s[%d].raw", place, i), "%v does not follow %v; raw scores stand in ascending order", step.Raw, scale.Lookup[i-1].Raw)
		}
	}
	for _, raw := range c.d.sums(scale) {
		if _, found := scale.lookUp(raw); !found {
			c.faults.Add(place, "has no score for %v, which can come about", raw)
			return // a table that is cut off lacks many
		}
	}
}

// maxSums bounds how many raw scores a table is checked for.
const maxSums = 2000

// sums are all sums that complete answers can have, in ascending order; none when
// these are too many.
func (d *Definition) sums(scale Scale) []float64 {
	sums := []float64{0}
	for _, code := range scale.Items {
		values := d.valuesOf(d.item(code))
		if len(values) == 0 || len(values)*len(sums) > 20*maxSums {
			return nil
		}
		next := make([]float64, 0, len(sums)*len(values))
		for _, sum := range sums {
			for _, v := range values {
				next = append(next, sum+v)
			}
		}
		slices.Sort(next)
		sums = slices.CompactFunc(next, func(a, b float64) bool { return math.Abs(a-b) < lookupTolerance })
		if len(sums) > maxSums {
			return nil
		}
	}
	return sums
}

// valuesOf are the numbers that an item can be answered with; none when these are
// not steps.
func (d *Definition) valuesOf(item *Item) []float64 {
	var values []float64
	switch {
	case item.Type == TypeYesNo:
		return []float64{0, 1}
	case item.Type == TypeSingle:
		for _, option := range d.optionsOf(item) {
			values = append(values, option.Value)
		}
	case item.Range != nil && item.Range.Step > 0 && (item.Range.Max-item.Range.Min)/item.Range.Step <= maxSteps:
		for i := 0; ; i++ {
			v := item.Range.Min + float64(i)*item.Range.Step
			if v > item.Range.Max+lookupTolerance {
				break
			}
			values = append(values, v)
		}
	}
	return values
}
