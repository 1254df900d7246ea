package web

import (
	"fmt"
	"strings"

	"tidemark/survey/instrument"
)

// itemTypeWords names a type of item.
func itemTypeWords(t instrument.ItemType) string {
	switch t {
	case instrument.TypeSingle:
		return "one choice"
	case instrument.TypeMultiple:
		return "several choices"
	case instrument.TypeNumber:
		return "a number"
	case instrument.TypeSlider:
		return "a slider"
	case instrument.TypeText:
		return "a short text"
	case instrument.TypeLongText:
		return "a long text"
	case instrument.TypeDate:
		return "a date"
	case instrument.TypeYesNo:
		return "yes or no"
	case instrument.TypeInformation:
		return "something to read"
	}
	return string(t)
}

// scoredBy says in a line how a scale is scored.
func scoredBy(s instrument.Scale) string {
	var b strings.Builder
	switch s.Method {
	case instrument.MethodSum:
		b.WriteString("sum")
	case instrument.MethodMean:
		b.WriteString("mean")
	case instrument.MethodMeanOfScales:
		b.WriteString("mean of scales")
	default:
		b.WriteString("no method yet")
	}
	fmt.Fprintf(&b, " of %d %s", len(s.Items), plural(len(s.Items), "item", "items"))
	if s.Factor != 0 {
		b.WriteString(" times " + numberText(s.Factor))
	}
	if len(s.Lookup) > 0 {
		b.WriteString(", by a table")
	}
	if len(s.Reversed) > 0 {
		fmt.Fprintf(&b, ", %d turned", len(s.Reversed))
	}
	fmt.Fprintf(&b, ", at least %d answered", s.MinAnswered)
	return b.String()
}

// offeredBy are the options that an item offers; none for one that is not answered
// by choosing.
func offeredBy(d *instrument.Definition, code string) []instrument.Option {
	item, known := d.Item(code)
	if !known || !item.Type.Chosen() || item.Type == instrument.TypeYesNo && len(item.Options) == 0 && item.Set == "" {
		return nil
	}
	options, _ := d.ItemOptions(code)
	return options
}
