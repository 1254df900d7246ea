package exchange

import (
	"strconv"
	"strings"
)

// A condition is what shows an item or page: the part that all formats can say.
// One of its forms is set.
type condition struct {
	all, any []condition // at least two
	not      *condition
	// A comparison of an item's answer with a literal; op is one of == != < <= > >=.
	item, op string
	number   float64
	text     string
	isText   bool
	// selected: the item has the choice number; answered: it has any answer.
	selected, answered bool
}

func (c condition) negated() condition {
	if c.not != nil {
		return *c.not
	}
	return condition{not: &c}
}

// join makes one condition of several: as many as there are.
func join(terms []condition, all bool) condition {
	if len(terms) == 1 {
		return terms[0]
	}
	if all {
		return condition{all: terms}
	}
	return condition{any: terms}
}

func numberText(v float64) string { return strconv.FormatFloat(v, 'g', -1, 64) }

// expression is the condition in the language of definitions.
func (c condition) expression() string {
	switch {
	case c.all != nil:
		return joinTerms(c.all, " and ", condition.expression)
	case c.any != nil:
		return joinTerms(c.any, " or ", condition.expression)
	case c.not != nil:
		return "not (" + c.not.expression() + ")"
	case c.selected:
		return "selected(" + c.item + ", " + numberText(c.number) + ")"
	case c.answered:
		return "answered(" + c.item + ")"
	case c.isText:
		return c.item + " " + c.op + " " + strconv.Quote(c.text)
	default:
		return c.item + " " + c.op + " " + numberText(c.number)
	}
}

func joinTerms(terms []condition, word string, write func(condition) string) string {
	parts := make([]string, len(terms))
	for i, t := range terms {
		parts[i] = write(t)
		if t.all != nil || t.any != nil {
			parts[i] = "(" + parts[i] + ")"
		}
	}
	return strings.Join(parts, word)
}

// redcap is the condition as branching logic.
func (c condition) redcap() string {
	switch {
	case c.all != nil:
		return joinTerms(c.all, " and ", condition.redcap)
	case c.any != nil:
		return joinTerms(c.any, " or ", condition.redcap)
	case c.not != nil && c.not.selected:
		return "[" + c.not.item + "(" + numberText(c.not.number) + ")] = '0'"
	case c.not != nil && c.not.answered:
		return "[" + c.not.item + "] = ''"
	case c.not != nil && c.not.op == "==":
		return strings.Replace(c.not.redcap(), " = ", " <> ", 1)
	case c.not != nil:
		return "not(" + c.not.redcap() + ")"
	case c.selected:
		return "[" + c.item + "(" + numberText(c.number) + ")] = '1'"
	case c.answered:
		return "[" + c.item + "] <> ''"
	}
	op := c.op
	switch op {
	case "==":
		op = "="
	case "!=": // holds elsewhere of an item without an answer, and not here
		c.op = "=="
		return c.negated().redcap() + " and [" + c.item + "] <> ''"
	}
	if c.isText {
		return "[" + c.item + "] " + op + " '" + c.text + "'"
	}
	if c.op == "==" {
		return "[" + c.item + "] " + op + " '" + numberText(c.number) + "'"
	}
	return "[" + c.item + "] " + op + " " + numberText(c.number)
}
