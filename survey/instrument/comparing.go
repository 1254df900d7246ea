package instrument

import (
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strings"
)

// comparing collects differences.
type comparing struct {
	old, new *Definition
	found    []Difference
}

func (c *comparing) differ(kind DifferenceKind, place, format string, args ...any) {
	c.found = append(c.found, Difference{Kind: kind, Place: place, Text: fmt.Sprintf(format, args...)})
}

// text notes a text that changed, came or went.
func (c *comparing) text(kind DifferenceKind, place, before, after string) {
	switch {
	case before == after:
	case before == "":
		c.differ(kind, place, "%q is new", after)
	case after == "":
		c.differ(kind, place, "%q is gone", before)
	default:
		c.differ(kind, place, "%q became %q", before, after)
	}
}

func (c *comparing) head() {
	o, n := c.old, c.new
	if o.Key != n.Key {
		c.differ(DifferentKey, "key", "%q is another questionnaire than %q", n.Key, o.Key)
	}
	c.text(DifferentWording, "heading", o.Heading, n.Heading)
	c.text(DifferentWording, "intro", o.Intro, n.Intro)
	c.text(DifferentWording, "language", o.Language, n.Language)
	c.text(DifferentFacts, "title", o.Title, n.Title)
	c.text(DifferentFacts, "status", o.Status, n.Status)
	c.text(DifferentFacts, "terms", o.Terms, n.Terms)
	c.text(DifferentFacts, "citation", o.Citation, n.Citation)
	c.text(DifferentFacts, "purpose", string(o.Purpose), string(n.Purpose))
	c.text(DifferentFacts, "cautions", strings.Join(o.Cautions, " "), strings.Join(n.Cautions, " "))
	if o.Minutes != n.Minutes {
		c.differ(DifferentFacts, "minutes", "%v became %v", o.Minutes, n.Minutes)
	}
	if !reflect.DeepEqual(o.Licence, n.Licence) {
		c.differ(DifferentFacts, "licence", "changed")
	}
	if o.RandomOrder != n.RandomOrder {
		c.differ(DifferentItems, "random_order", "%v became %v", o.RandomOrder, n.RandomOrder)
	}
	c.layout()
}

// layout compares pages, their texts apart from what is on them.
func (c *comparing) layout() {
	before, after := c.old.PageList(), c.new.PageList()
	if len(before) != len(after) {
		c.differ(DifferentItems, "pages", "%d became %d", len(before), len(after))
		return
	}
	for i := range before {
		place := fmt.Sprintf("page %d", i+1)
		c.text(DifferentWording, place+", heading", before[i].Heading, after[i].Heading)
		c.text(DifferentWording, place+", intro", before[i].Intro, after[i].Intro)
		c.text(DifferentItems, place+", show_if", before[i].ShowIf, after[i].ShowIf)
		c.text(DifferentItems, place+", items", listed(before[i].Items), listed(after[i].Items))
	}
}

func listed(items []Item) string {
	codes := make([]string, len(items))
	for i, item := range items {
		codes[i] = item.Code
	}
	return strings.Join(codes, ", ")
}

func (c *comparing) items() {
	for _, old := range c.old.Items {
		item := c.new.item(old.Code)
		if item == nil {
			c.differ(DifferentItems, "item "+old.Code, "is gone")
			continue
		}
		c.item("item "+old.Code, old, *item)
	}
	for _, item := range c.new.Items {
		if c.old.item(item.Code) == nil {
			c.differ(DifferentItems, "item "+item.Code, "is new: %q", item.Text)
		}
	}
}

func (c *comparing) item(place string, old, item Item) {
	c.text(DifferentWording, place, old.Text, item.Text)
	c.text(DifferentWording, place+", note", old.Note, item.Note)
	if old.Type != item.Type {
		c.differ(DifferentOptions, place, "is of type %q instead of %q", named(item.Type), named(old.Type))
	}
	c.text(DifferentItems, place+", show_if", old.ShowIf, item.ShowIf)
	c.text(DifferentItems, place+", required_if", old.RequiredIf, item.RequiredIf)
	if old.Fixed != item.Fixed {
		c.differ(DifferentItems, place+", fixed", "%v became %v", old.Fixed, item.Fixed)
	}
	if !reflect.DeepEqual(old.Risk, item.Risk) {
		c.differ(DifferentFacts, place+", risk", "changed")
	}
	if old.Unwanted != item.Unwanted {
		c.differ(DifferentFacts, place+", unwanted", "%v became %v", old.Unwanted, item.Unwanted)
	}
	if old.Identifying != item.Identifying {
		c.differ(DifferentFacts, place+", identifying", "is %q instead of %q", item.Identifying, old.Identifying)
	}
	if old.MaxText() != item.MaxText() {
		c.differ(DifferentOptions, place+", max_length", "%d became %d", old.MaxText(), item.MaxText())
	}
	a, b := Range{}, Range{}
	if old.Range != nil {
		a = *old.Range
	}
	if item.Range != nil {
		b = *item.Range
	}
	if a.Min != b.Min || a.Max != b.Max || a.Step != b.Step {
		c.differ(DifferentOptions, place, "runs from %v to %v by %v instead of %v to %v by %v", b.Min, b.Max, b.Step, a.Min, a.Max, a.Step)
	}
	c.text(DifferentWording, place+", unit", a.Unit, b.Unit)
	c.text(DifferentWording, place+", low_label", a.LowLabel, b.LowLabel)
	c.text(DifferentWording, place+", high_label", a.HighLabel, b.HighLabel)
}

func named(t ItemType) string {
	if t == TypeSingle {
		return "one choice"
	}
	return string(t)
}

func (c *comparing) scales() {
	for _, old := range c.old.Scales {
		scale, known := c.new.Scale(old.Key)
		if !known {
			c.differ(DifferentKey, "scale "+old.Key, "is gone")
			continue
		}
		c.scale("scale "+old.Key, old, scale)
	}
	for _, scale := range c.new.Scales {
		if _, known := c.old.Scale(scale.Key); !known {
			c.differ(DifferentKey, "scale "+scale.Key, "is new")
		}
	}
}

func (c *comparing) scale(place string, old, scale Scale) {
	sorted := func(codes []string) string { return strings.Join(slices.Sorted(slices.Values(codes)), ", ") }
	c.text(DifferentKey, place+", items", sorted(old.Items), sorted(scale.Items))
	c.text(DifferentKey, place+", reversed", sorted(old.Reversed), sorted(scale.Reversed))
	c.text(DifferentKey, place+", method", string(old.Method), string(scale.Method))
	c.text(DifferentKey, place+", parts", sorted(old.Parts), sorted(scale.Parts))
	if old.MinAnswered != scale.MinAnswered {
		c.differ(DifferentKey, place, "needs %d answers instead of %d", scale.MinAnswered, old.MinAnswered)
	}
	if old.Factor != scale.Factor {
		c.differ(DifferentKey, place+", factor", "%v became %v", old.Factor, scale.Factor)
	}
	if !slices.Equal(old.Lookup, scale.Lookup) {
		c.differ(DifferentKey, place+", lookup", "the table changed")
	}
	c.text(DifferentFacts, place+", name", old.Name, scale.Name)
	c.text(DifferentFacts, place+", label", old.Label, scale.Label)
	c.text(DifferentFacts, place+", direction", string(old.Direction), string(scale.Direction))
	c.text(DifferentFacts, place+", parent", old.Parent, scale.Parent)
	if old.Primary != scale.Primary {
		c.differ(DifferentFacts, place+", primary", "%v became %v", old.Primary, scale.Primary)
	}
	known := func(name string, same bool) {
		if !same {
			c.differ(DifferentFacts, place+", "+name, "changed")
		}
	}
	known("norms", slices.Equal(old.Norms, scale.Norms))
	known("reliability", slices.Equal(old.Reliability, scale.Reliability))
	known("bands", slices.Equal(old.Bands, scale.Bands) && old.BandsWarning == scale.BandsWarning)
	known("changes", slices.Equal(old.Changes, scale.Changes))
}

func (c *comparing) translations() {
	before, after := c.old.Translations, c.new.Translations
	for _, tag := range slices.Sorted(maps.Keys(before)) {
		now, there := after[tag]
		switch {
		case !there:
			c.differ(DifferentTranslation, "translation "+tag, "is gone")
		case !reflect.DeepEqual(before[tag], now):
			c.differ(DifferentTranslation, "translation "+tag, "changed")
		}
	}
	for _, tag := range slices.Sorted(maps.Keys(after)) {
		if _, there := before[tag]; !there {
			c.differ(DifferentTranslation, "translation "+tag, "is new")
		}
	}
}
