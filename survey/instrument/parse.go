package instrument

import (
	"fmt"
	"maps"
	"math"
	"regexp"
	"slices"
	"strings"

	"tidemark/survey/internal/definition"
)

var (
	// codePattern is what R, SPSS and SQL all accept as a column name.
	codePattern     = regexp.MustCompile(`^[a-z][a-z0-9_]{0,25}$`)
	versionPattern  = regexp.MustCompile(`^(0|[1-9][0-9]{0,5})\.(0|[1-9][0-9]{0,5})\.(0|[1-9][0-9]{0,5})$`)
	languagePattern = regexp.MustCompile(`^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$`)
)

const (
	maxItems    = 300
	maxPageSize = 50
	maxMinutes  = 240
	// scoreTolerance is the greatest difference between a vector's score and
	// the computed one; vectors are written with at least nine decimals.
	scoreTolerance = 1e-9
)

// Parse reads a definition from JSON and checks it. The error is of type Faults
// and holds every mistake, with its place; the definition is then nil.
func Parse(data []byte) (*Definition, error) {
	d := &Definition{}
	faults := definition.Decode(data, d)
	if len(faults) > 0 {
		return nil, faults
	}
	c := &checker{d: d, names: map[string]string{}}
	c.head()
	c.options("options", d.Options)
	c.items()
	c.scales()
	c.vectors()
	if len(c.faults) == 0 { // scoring is defined only for a sound definition
		c.scoring()
	}
	if err := c.faults.Err(); err != nil {
		return nil, err
	}
	return d, nil
}

// checker collects faults while it walks a definition.
type checker struct {
	d      *Definition
	faults Faults
	// names are the item codes and scale keys seen so far and their places:
	// both become columns of one table, so no two may be equal.
	names map[string]string
}

func (c *checker) text(place, value string) {
	switch {
	case strings.TrimSpace(value) == "":
		c.faults.Add(place, "is missing or empty")
	case strings.TrimSpace(value) != value:
		c.faults.Add(place, "has spaces or line breaks at its ends")
	}
}

func (c *checker) head() {
	d := c.d
	if !codePattern.MatchString(d.Key) {
		c.faults.Add("key", "%q must match %s", d.Key, codePattern)
	}
	if !versionPattern.MatchString(d.Version) {
		c.faults.Add("version", "%q must be three numbers such as 1.0.0", d.Version)
	}
	c.text("title", d.Title)
	c.text("heading", d.Heading)
	c.text("intro", d.Intro)
	if !languagePattern.MatchString(d.Language) {
		c.faults.Add("language", "%q must be a language tag such as en", d.Language)
	}
	if !d.Purpose.Valid() {
		c.faults.Add("purpose", "%q must be left out, or be %q or %q", d.Purpose, PurposePractice, PurposeExperience)
	}
	if d.Purpose == PurposePractice && len(d.Items) != 2 {
		c.faults.Add("items", "has %d items; a recall of practice has two: days in the week, and minutes on such a day", len(d.Items))
	}
	if d.Purpose != PurposeOutcome && len(d.Scales) > 0 {
		c.faults.Add("scales", "are for outcomes; a questionnaire on practice or experience has none")
	}
	c.text("status", d.Status)
	c.text("terms", d.Terms)
	c.text("citation", d.Citation)
	if !(d.Minutes > 0 && d.Minutes <= maxMinutes) {
		c.faults.Add("minutes", "%v must be above 0 and at most %d", d.Minutes, maxMinutes)
	}
	if d.PageSize < 1 || d.PageSize > maxPageSize {
		c.faults.Add("page_size", "%d must be between 1 and %d", d.PageSize, maxPageSize)
	}
}

// options checks one list of answers. An empty list is a fault of the items that
// would need it, not of the list.
func (c *checker) options(place string, options []Option) {
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

// name checks an item code or scale key and that no other has it.
func (c *checker) name(place, name string) {
	if !codePattern.MatchString(name) {
		c.faults.Add(place, "%q must match %s", name, codePattern)
		return
	}
	if first, taken := c.names[name]; taken {
		c.faults.Add(place, "%q is already used at %s", name, first)
		return
	}
	c.names[name] = place
}

func (c *checker) items() {
	if n := len(c.d.Items); n < 1 || n > maxItems {
		c.faults.Add("items", "has %d items; between 1 and %d are possible", n, maxItems)
	}
	for i, item := range c.d.Items {
		place := fmt.Sprintf("items[%d]", i)
		c.name(place+".code", item.Code)
		c.text(place+".text", item.Text)
		c.options(place+".options", item.Options)
		if len(item.Options) == 0 && len(c.d.Options) == 0 {
			c.faults.Add(place+".options", "is missing, and the definition has no options for all items")
		}
	}
}

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
		options, known := c.d.ItemOptions(code)
		if !known {
			c.faults.Add(here, "%q is not an item", code)
			continue
		}
		if slices.Index(scale.Items, code) < j {
			c.faults.Add(here, "%q is listed twice", code)
		}
		if len(options) == 0 {
			continue // already a fault of the item
		}
		low, high := bounds(options)
		if first == nil {
			first = &span{low, high}
		} else if first.low != low || first.high != high {
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

func (c *checker) vectors() {
	for i, vector := range c.d.Vectors {
		place := fmt.Sprintf("vectors[%d]", i)
		c.text(place+".name", vector.Name)
		for _, code := range slices.Sorted(maps.Keys(vector.Answers)) {
			here := place + ".answers." + code
			options, known := c.d.ItemOptions(code)
			if !known {
				c.faults.Add(here, "is not an item")
			} else if !offers(options, vector.Answers[code]) {
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
