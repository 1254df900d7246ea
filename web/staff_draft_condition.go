package web

import (
	"net/url"
	"strconv"
	"strings"

	"tidemark/survey/instrument"
	"tidemark/survey/instrument/drafting"
)

// conditionRows is how many parts a condition can be put together of; longer ones are
// written out.
const conditionRows = 4

// conditionField is the choice of when something is shown or needed.
type conditionField struct {
	Name, Legend, None, Always string // Always: empty, not offered
	How                        string
	Any                        bool
	Rows                       []conditionRow
	Text, Fault                string
	Items                      []conditionItem
}

type conditionRow struct {
	Number          int
	Item, Is, Value string
}

// conditionItem is an item that a condition can ask for.
type conditionItem struct{ Code, Label string }

// comparisonWords name a comparison.
func comparisonWords(c drafting.Comparison) string {
	switch c {
	case drafting.Equal:
		return "is"
	case drafting.Unequal:
		return "is not"
	case drafting.Below:
		return "is below"
	case drafting.AtMost:
		return "is at most"
	case drafting.Above:
		return "is above"
	case drafting.AtLeast:
		return "is at least"
	case drafting.Answered:
		return "is answered"
	case drafting.Unanswered:
		return "is not answered"
	case drafting.Chosen:
		return "has chosen"
	case drafting.NotChosen:
		return "has not chosen"
	}
	return string(c)
}

// setCondition fills the fields of a condition.
func setCondition(values url.Values, name, text string) {
	switch {
	case text == "":
		values.Set(name+"_how", "none")
	case text == "true":
		values.Set(name+"_how", "always")
	default:
		c, simple := drafting.ReadCondition(text)
		if !simple || len(c.Terms) > conditionRows {
			values.Set(name+"_how", "written")
			values.Set(name, text)
			return
		}
		values.Set(name+"_how", "parts")
		if c.Any {
			values.Set(name+"_any", "1")
		}
		for i, t := range c.Terms {
			n := strconv.Itoa(i + 1)
			values.Set(name+"_item_"+n, t.Item)
			values.Set(name+"_is_"+n, string(t.Is))
			values.Set(name+"_value_"+n, t.Value)
		}
	}
}

// readCondition is the condition of a form. A *Refusal is of the field named.
func readCondition(values url.Values, name string, d *instrument.Definition) (string, error) {
	switch values.Get(name + "_how") {
	case "always":
		return "true", nil
	case "written":
		return strings.TrimSpace(values.Get(name)), nil
	case "parts":
		c := drafting.Condition{Any: values.Get(name+"_any") == "1"}
		for n := 1; n <= conditionRows; n++ {
			number := strconv.Itoa(n)
			if item := values.Get(name + "_item_" + number); item != "" {
				c.Terms = append(c.Terms, drafting.Term{
					Item: item, Is: drafting.Comparison(values.Get(name + "_is_" + number)), Value: values.Get(name + "_value_" + number),
				})
			}
		}
		if len(c.Terms) == 0 {
			return "", &drafting.Refusal{Field: name, Message: "draft.condition_empty"}
		}
		text, err := c.Write(d)
		if err != nil {
			return "", &drafting.Refusal{Field: name, Message: "draft.condition_value"}
		}
		return text, nil
	}
	return "", nil
}

// newConditionField shows the fields of a condition. but is the item that it is about,
// which it cannot ask for.
func newConditionField(f draftForm, d *instrument.Definition, name, legend, none, always, but string) conditionField {
	field := conditionField{
		Name: name, Legend: legend, None: none, Always: always, How: f.Value(name + "_how"), Any: f.Is(name+"_any", "1"),
		Text: f.Value(name), Fault: f.Fault(name),
	}
	if field.How == "" {
		field.How = "none"
	}
	for n := 1; n <= conditionRows; n++ {
		number := strconv.Itoa(n)
		field.Rows = append(field.Rows, conditionRow{n, f.Value(name + "_item_" + number), f.Value(name + "_is_" + number), f.Value(name + "_value_" + number)})
	}
	for _, item := range d.Items {
		if item.Type.Asked() && item.Code != but {
			field.Items = append(field.Items, conditionItem{item.Code, item.Code + " – " + shortened(item.Text, 40) + answersIn(d, item)})
		}
	}
	return field
}

// answersIn says which values an item is answered with.
func answersIn(d *instrument.Definition, item instrument.Item) string {
	options := d.OptionsOf(item)
	switch {
	case !item.Type.Chosen() || len(options) == 0:
		return ""
	case item.Type == instrument.TypeYesNo:
		return " (1 yes, 0 no)"
	}
	values := make([]string, len(options))
	for i, o := range options {
		values[i] = drafting.Show(o.Value)
	}
	return " (" + strings.Join(values, ", ") + ")"
}

// shortened is a text of at most so many letters.
func shortened(text string, most int) string {
	r := []rune(text)
	if len(r) <= most {
		return text
	}
	return string(r[:most-1]) + "…"
}
