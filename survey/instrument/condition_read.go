package instrument

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/expr-lang/expr/ast"
)

// reading walks what was written in a condition. Whatever it does not know is
// refused, so a new release of the expression language adds nothing unseen.
type reading struct {
	types  map[string]ItemType
	items  []string
	faults []string
}

func (r *reading) fault(format string, args ...any) {
	r.faults = append(r.faults, fmt.Sprintf(format, args...))
}

func (r *reading) kindOf(node ast.Node) kind {
	switch n := node.(type) {
	case *ast.BoolNode:
		return kindOfTruth
	case *ast.IntegerNode, *ast.FloatNode:
		return kindOfNumber
	case *ast.StringNode:
		if n.Value == "" {
			r.fault(`compares with an empty text; write "not answered(x)"`)
			return kindUnknown
		}
		return kindOfText
	case *ast.IdentifierNode:
		return r.item(n.Value)
	case *ast.UnaryNode:
		return r.unary(n)
	case *ast.BinaryNode:
		return r.binary(n)
	case *ast.CallNode:
		return r.call(n)
	case *ast.ArrayNode:
		r.fault("has a list where none can be; lists stand behind \"in\"")
	default:
		r.fault("has %q, which conditions do not know", shorten(node.String()))
	}
	return kindUnknown
}

func (r *reading) item(code string) kind {
	if _, isFunction := functions[code]; isFunction {
		r.fault("uses %s without ( ) behind it", code)
		return kindUnknown
	}
	t, known := r.types[code]
	if !known {
		r.fault("%q is not an item%s", code, r.nearTo(code))
		return kindUnknown
	}
	k, answered := kindOfAnswer(t)
	if !answered {
		r.fault("%q is only read and has no answer", code)
		return kindUnknown
	}
	if !slices.Contains(r.items, code) {
		r.items = append(r.items, code)
	}
	return k
}

// nearTo proposes the item that was meant, when one differs in letter case or in
// one character.
func (r *reading) nearTo(code string) string {
	meant := ""
	for _, known := range slices.Sorted(maps.Keys(r.types)) {
		switch {
		case strings.EqualFold(known, code):
			return fmt.Sprintf("; is %q meant?", known)
		case len(code) > 2 && meant == "" && nearly(known, code):
			meant = fmt.Sprintf("; is %q meant?", known)
		}
	}
	return meant
}

// nearly reports whether two texts differ by one character changed, added or left
// out.
func nearly(a, b string) bool {
	if len(a) > len(b) {
		a, b = b, a
	}
	if len(b)-len(a) > 1 {
		return false
	}
	i := 0
	for i < len(a) && a[i] == b[i] {
		i++
	}
	if len(a) == len(b) {
		return i < len(a) && a[i+1:] == b[i+1:]
	}
	return a[i:] == b[i+1:]
}

func (r *reading) unary(n *ast.UnaryNode) kind {
	k := r.kindOf(n.Node)
	switch n.Operator {
	case "not", "!":
		r.want(k, kindOfTruth, n.Operator)
		return kindOfTruth
	case "-", "+":
		r.want(k, kindOfNumber, n.Operator)
		return kindOfNumber
	}
	r.fault("has %q, which conditions do not know", n.Operator)
	return kindUnknown
}

func (r *reading) want(got, want kind, operator string) {
	if got != want && got != kindUnknown {
		r.fault("%q needs %s, and stands beside %s", operator, want, got)
	}
}

// compares reports whether an operator compares two values.
func compares(operator string) bool {
	switch operator {
	case "==", "!=", "<", "<=", ">", ">=", "contains", "startsWith", "endsWith":
		return true
	}
	return false
}

func (r *reading) binary(n *ast.BinaryNode) kind {
	switch n.Operator {
	case "and", "or", "&&", "||":
		r.want(r.kindOf(n.Left), kindOfTruth, n.Operator)
		r.want(r.kindOf(n.Right), kindOfTruth, n.Operator)
		return kindOfTruth
	case "+", "-", "*", "/":
		r.want(r.kindOf(n.Left), kindOfNumber, n.Operator)
		r.want(r.kindOf(n.Right), kindOfNumber, n.Operator)
		return kindOfNumber
	case "contains", "startsWith", "endsWith":
		r.want(r.kindOf(n.Left), kindOfText, n.Operator)
		r.want(r.kindOf(n.Right), kindOfText, n.Operator)
		return kindOfTruth
	case "in":
		r.within(n)
		return kindOfTruth
	}
	if !compares(n.Operator) {
		r.fault("has %q, which conditions do not know", n.Operator)
		return kindUnknown
	}
	left, right := r.kindOf(n.Left), r.kindOf(n.Right)
	r.day(left, n.Right)
	r.day(right, n.Left)
	switch {
	case left == kindUnknown || right == kindUnknown:
	case left == kindOfSeveral || right == kindOfSeveral:
		r.fault("compares several choices by %q; write selected(x, 3) or chosen(x) > 1", n.Operator)
	case left == kindOfTruth || right == kindOfTruth:
		r.fault("compares what is true or false by %q; use and, or, not", n.Operator)
	case (left == kindOfNumber) != (right == kindOfNumber):
		r.fault("compares %s with %s by %q", left, right, n.Operator)
	}
	return kindOfTruth
}

// day checks the text that a day is compared with.
func (r *reading) day(k kind, beside ast.Node) {
	if s, ok := beside.(*ast.StringNode); ok && k == kindOfDay && !validDay(s.Value) {
		r.fault(`compares a day with %q; write it as "2026-03-02"`, shorten(s.Value))
	}
}

// within checks "x in [1, 2]" and "3 in several".
func (r *reading) within(n *ast.BinaryNode) {
	left := r.kindOf(n.Left)
	if left == kindOfSeveral || left == kindOfTruth {
		r.fault("has %s before \"in\"", left)
	}
	list, isList := n.Right.(*ast.ArrayNode)
	if !isList {
		if k := r.kindOf(n.Right); k != kindOfSeveral && k != kindUnknown {
			r.fault("has %s behind \"in\"; write a list such as [1, 2], or an item with several choices", k)
		} else if k == kindOfSeveral && left != kindOfNumber && left != kindUnknown {
			r.fault("looks for %s among choices, which are numbers", left)
		}
		return
	}
	for _, element := range list.Nodes {
		k := r.kindOf(element)
		r.day(left, element)
		if k != kindUnknown && left != kindUnknown && (k == kindOfNumber) != (left == kindOfNumber) {
			r.fault("looks for %s in a list with %s", left, k)
		}
	}
}

func (r *reading) call(n *ast.CallNode) kind {
	callee, ok := n.Callee.(*ast.IdentifierNode)
	if !ok {
		r.fault("has %q, which conditions do not know", shorten(n.String()))
		return kindUnknown
	}
	f, known := functions[callee.Value]
	if !known {
		r.fault("%s() is no function; there are %s", shorten(callee.Value), strings.Join(slices.Sorted(maps.Keys(functions)), ", "))
		return kindUnknown
	}
	if len(n.Arguments) < f.least || f.most > 0 && len(n.Arguments) > f.most {
		r.fault("%s is called with %d values; it is written %s", callee.Value, len(n.Arguments), f.form)
	}
	for i, argument := range n.Arguments {
		_, isItem := argument.(*ast.IdentifierNode)
		k := r.kindOf(argument)
		if wanted := f.takes[min(i, len(f.takes)-1)]; k != kindUnknown && (!slices.Contains(wanted.kinds, k) || wanted.item && !isItem) {
			r.fault("%s does not take %s there; it is written %s", callee.Value, k, f.form)
		}
	}
	return f.gives
}

// shorten keeps what a message quotes readable.
func shorten(s string) string {
	if runes := []rune(s); len(runes) > 40 {
		return string(runes[:39]) + "…"
	}
	return s
}
