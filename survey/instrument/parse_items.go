package instrument

import (
	"fmt"
	"maps"
	"math"
	"slices"
)

// options checks one list of answers. An empty list is a fault of the items that
// would need it, not of the list.
func (c *checker) options(place string, options []Option) {
	if len(options) > maxOptions {
		c.faults.Add(place, "has %d options; %d are possible", len(options), maxOptions)
		return
	}
	if len(options) == 1 {
		c.faults.Add(place, "has a single option; give at least two")
	}
	labels := map[string]bool{}
	for i, option := range options {
		here := fmt.Sprintf("%s[%d]", place, i)
		c.text(here+".label", option.Label)
		if labels[option.Label] {
			c.faults.Add(here+".label", "%q is used twice", option.Label)
		}
		labels[option.Label] = true
		if math.Abs(option.Value) > 1e6 {
			c.faults.Add(here+".value", "%v is too large", option.Value)
		}
		if offers(options[:i], option.Value) {
			c.faults.Add(here+".value", "%v is used twice", option.Value)
		}
	}
}

func (c *checker) sets() {
	for _, name := range slices.Sorted(maps.Keys(c.d.Sets)) {
		place := "sets." + name
		if !codePattern.MatchString(name) {
			c.faults.Add(place, "%q must match %s", name, codePattern)
		}
		if len(c.d.Sets[name]) == 0 {
			c.faults.Add(place, "is empty")
		}
		c.options(place, c.d.Sets[name])
		if !slices.ContainsFunc(c.d.Items, func(item Item) bool { return item.Set == name }) {
			c.faults.Add(place, "is used by no item")
		}
	}
}

func (c *checker) items() {
	if len(c.d.Items) == 0 {
		c.faults.Add("items", "has 0 items; between 1 and %d are possible", maxItems)
	}
	for i := range c.d.Items {
		item := &c.d.Items[i]
		place := fmt.Sprintf("items[%d]", i)
		c.name(place+".code", item.Code)
		c.text(place+".text", item.Text)
		c.mayText(place+".note", item.Note)
		if !item.Type.Valid() {
			c.faults.Add(place+".type", "%q is no type of item; leave it out for one choice, or write one of %s", item.Type, typeNames)
			continue
		}
		c.choice(place, item)
		c.span(place+".range", item)
		c.length(place+".max_length", item)
		c.risk(place+".risk", item)
		if item.Unwanted && !item.Type.Numeric() {
			c.faults.Add(place+".unwanted", "is for items that are answered with one number")
		}
		if !item.Identifying.Valid() {
			c.faults.Add(place+".identifying", "%q must be direct or quasi, or be left out", item.Identifying)
		} else if item.Identifying != IdentifyingNot && !item.Type.Asked() {
			c.faults.Add(place+".identifying", "is for items that are answered")
		}
	}
}

const typeNames = "multiple, number, slider, text, long_text, date, yes_no, information"

// choice checks the options of one item.
func (c *checker) choice(place string, item *Item) {
	_, known := c.d.Sets[item.Set]
	switch {
	case !item.Type.Chosen() && len(item.Options) > 0:
		c.faults.Add(place+".options", "are for items that are answered by choosing")
	case !item.Type.Chosen() && item.Set != "":
		c.faults.Add(place+".set", "is for items that are answered by choosing")
	case len(item.Options) > 0 && item.Set != "":
		c.faults.Add(place+".set", "stands beside options; one of them is enough")
	case item.Set != "" && !known:
		c.faults.Add(place+".set", "%q is not among the sets", item.Set)
	case item.Type.Chosen() && len(c.d.optionsOf(item)) == 0:
		c.faults.Add(place+".options", "is missing, and the definition has no options for all items")
	}
	c.options(place+".options", item.Options)
	for j, option := range item.Options {
		if option.Exclusive && item.Type != TypeMultiple {
			c.faults.Add(fmt.Sprintf("%s.options[%d].exclusive", place, j), "is for items with several choices")
		}
	}
	if item.Type != TypeYesNo {
		return
	}
	values := c.d.optionsOf(item)
	if len(values) > 0 && (len(values) != 2 || !offers(values, 0) || !offers(values, 1)) {
		c.faults.Add(place+".options", "of a yes/no question have the values 1 and 0")
	}
}

func (c *checker) span(place string, item *Item) {
	ranged := item.Type == TypeNumber || item.Type == TypeSlider
	r := item.Range
	switch {
	case r == nil && item.Type == TypeSlider:
		c.faults.Add(place, "is missing; a slider has a least and a greatest value")
		return
	case r == nil:
		return
	case !ranged:
		c.faults.Add(place, "is for numbers and sliders")
		return
	case !(r.Min < r.Max) || math.Abs(r.Min) > greatestNumber || math.Abs(r.Max) > greatestNumber:
		c.faults.Add(place, "runs from %v to %v; the least must be below the greatest", r.Min, r.Max)
		return
	}
	c.mayText(place+".unit", r.Unit)
	c.mayText(place+".low_label", r.LowLabel)
	c.mayText(place+".high_label", r.HighLabel)
	steps := (r.Max - r.Min) / r.Step
	switch {
	case r.Step < 0:
		c.faults.Add(place+".step", "%v must be above 0", r.Step)
	case item.Type == TypeSlider && r.Step == 0:
		c.faults.Add(place+".step", "is missing; a slider is set in steps")
	case item.Type == TypeSlider && steps > maxSteps:
		c.faults.Add(place+".step", "makes %.0f steps; %d are possible", steps, maxSteps)
	case r.Step > 0 && !r.onStep(r.Max):
		c.faults.Add(place+".step", "%v does not lead from %v to %v", r.Step, r.Min, r.Max)
	}
}

func (c *checker) length(place string, item *Item) {
	switch {
	case item.MaxLength == 0:
	case item.Type != TypeText && item.Type != TypeLongText:
		c.faults.Add(place, "is for texts")
	case item.MaxLength < 0 || item.MaxLength > greatestLength:
		c.faults.Add(place, "%d must be between 1 and %d", item.MaxLength, greatestLength)
	}
}

// risk checks that the answer it marks can be given.
func (c *checker) risk(place string, item *Item) {
	r := item.Risk
	if r == nil {
		return
	}
	if !item.Type.Numeric() && item.Type != TypeMultiple {
		c.faults.Add(place, "is for items that are answered with a number or by choosing")
		return
	}
	if r.Above == nil && len(r.Values) == 0 {
		c.faults.Add(place, "says neither above nor values")
	}
	low, high, bounded := c.d.boundsOf(item)
	options := c.d.optionsOf(item)
	if item.Type == TypeMultiple && len(options) > 0 {
		low, high = bounds(options)
		bounded = true
	}
	if r.Above != nil && bounded && (*r.Above >= high || *r.Above < low) {
		c.faults.Add(place+".above", "%v marks all answers or none; they run from %v to %v", *r.Above, low, high)
	}
	for i, v := range r.Values {
		possible := c.d.offersNumber(item, v) || item.Type == TypeMultiple && offers(options, v)
		if !possible && (bounded || item.Type.Chosen()) {
			c.faults.Add(fmt.Sprintf("%s.values[%d]", place, i), "%v cannot be answered", v)
		}
	}
}

// layout checks that the pages have every item once.
func (c *checker) layout() {
	if len(c.d.Layout) == 0 {
		return
	}
	seen := map[string]string{}
	for i, page := range c.d.Layout {
		place := fmt.Sprintf("pages[%d]", i)
		c.mayText(place+".heading", page.Heading)
		c.mayText(place+".intro", page.Intro)
		if len(page.Items) == 0 {
			c.faults.Add(place+".items", "is missing or empty")
		}
		for j, code := range page.Items {
			here := fmt.Sprintf("%s.items[%d]", place, j)
			if c.d.item(code) == nil {
				c.faults.Add(here, "%q is not an item", code)
			} else if first, twice := seen[code]; twice {
				c.faults.Add(here, "%q is already at %s", code, first)
			} else {
				seen[code] = here
			}
		}
	}
	for i, item := range c.d.Items {
		if _, placed := seen[item.Code]; !placed {
			c.faults.Add(fmt.Sprintf("items[%d].code", i), "%q is on no page", item.Code)
		}
	}
}
