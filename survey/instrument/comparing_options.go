package instrument

import (
	"slices"
	"strings"
)

// options compares the answers that are offered, once for all items that share
// them.
func (c *comparing) options() {
	type shared struct{ old, new string }
	seen := map[shared]bool{}
	for i := range c.old.Items {
		old := &c.old.Items[i]
		item := c.new.item(old.Code)
		if item == nil || !old.Type.Chosen() || !item.Type.Chosen() {
			continue
		}
		place := "item " + old.Code
		if len(old.Options) == 0 && len(item.Options) == 0 {
			both := shared{old.Set, item.Set}
			if seen[both] {
				continue
			}
			seen[both] = true
			place = "options of " + old.Code + " and all like it"
		}
		c.offered(place, c.old.optionsOf(old), c.new.optionsOf(item))
	}
}

func (c *comparing) offered(place string, before, after []Option) {
	for _, old := range before {
		i := slices.IndexFunc(after, func(o Option) bool { return o.Value == old.Value })
		if i < 0 {
			c.differ(DifferentOptions, place, "%q (%v) is gone", old.Label, old.Value)
			continue
		}
		if after[i].Label != old.Label {
			kind := DifferentWording
			if turned(before, after) {
				kind = DifferentOptions
			}
			c.differ(kind, place, "%v is called %q instead of %q", old.Value, after[i].Label, old.Label)
		}
		if after[i].Exclusive != old.Exclusive {
			c.differ(DifferentOptions, place, "%q stands alone: %v became %v", old.Label, old.Exclusive, after[i].Exclusive)
		}
	}
	for _, option := range after {
		if !offers(before, option.Value) {
			c.differ(DifferentOptions, place, "%q (%v) is new", option.Label, option.Value)
		}
	}
	values := func(options []Option) (v []float64) {
		for _, o := range options {
			v = append(v, o.Value)
		}
		return v
	}
	x, y := values(before), values(after)
	inOrder := !slices.Equal(x, y)
	slices.Sort(x)
	slices.Sort(y)
	if inOrder && slices.Equal(x, y) {
		c.differ(DifferentOptions, place, "stand in another order")
	}
}

// turned reports whether an option kept its words and has another's value: then
// the same answer counts differently, although the values are the same.
func turned(before, after []Option) bool {
	return slices.ContainsFunc(before, func(old Option) bool {
		return slices.ContainsFunc(after, func(o Option) bool { return strings.EqualFold(o.Label, old.Label) && o.Value != old.Value })
	})
}

// swapped reports whether the words of an item's options have changed places.
func (c *comparing) swapped(codes []string) bool {
	return slices.ContainsFunc(codes, func(code string) bool {
		old, item := c.old.item(code), c.new.item(code)
		return old != nil && item != nil && turned(c.old.optionsOf(old), c.new.optionsOf(item))
	})
}
