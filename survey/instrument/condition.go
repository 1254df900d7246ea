package instrument

import (
	"errors"
	"fmt"
	"strings"

	"github.com/expr-lang/expr"
	"github.com/expr-lang/expr/ast"
	"github.com/expr-lang/expr/conf"
	"github.com/expr-lang/expr/file"
	"github.com/expr-lang/expr/parser"
	"github.com/expr-lang/expr/vm"
)

// Bounds of one condition. The language has no loops, so that the work of a
// condition grows with its length alone.
const (
	maxConditionLength = 500 // bytes
	maxConditionNodes  = 200
	conditionMemory    = 100_000 // units of the evaluator's budget, about one per element made
)

// A condition is one show_if or required_if, ready to be evaluated.
type condition struct {
	source  string
	items   []string // codes it depends on, each once, in the order of their first use
	program *vm.Program
}

// kind is what an expression of a condition gives.
type kind string

const (
	kindOfTruth   kind = "true or false"
	kindOfNumber  kind = "a number"
	kindOfText    kind = "text"
	kindOfDay     kind = "a day"
	kindOfSeveral kind = "several choices"
	kindUnknown   kind = "" // already a fault
)

// kindOfAnswer is what an item of the type gives a condition; false when it gives
// nothing.
func kindOfAnswer(t ItemType) (kind, bool) {
	switch {
	case t.Numeric():
		return kindOfNumber, true
	case t == TypeMultiple:
		return kindOfSeveral, true
	case t == TypeDate:
		return kindOfDay, true
	case t == TypeText, t == TypeLongText:
		return kindOfText, true
	}
	return kindUnknown, false
}

// language is what conditions on some items can be written in.
type language struct {
	types   map[string]ItemType
	options []expr.Option
	config  *conf.Config
}

func newLanguage(items []Item) *language {
	l := &language{types: make(map[string]ItemType, len(items))}
	env := make(map[string]any, len(items))
	for _, item := range items {
		l.types[item.Code] = item.Type
		env[item.Code] = unanswered(item.Type)
	}
	l.options = append([]expr.Option{
		expr.Env(env), expr.AsBool(), expr.DisableAllBuiltins(), expr.MaxNodes(maxConditionNodes), expr.Patch(unansweredHoldsNothing{}),
	}, functionOptions()...)
	l.config = conf.CreateNew()
	for _, option := range l.options {
		option(l.config)
	}
	for name := range l.config.Disabled {
		delete(l.config.Builtins, name)
	}
	return l
}

// compile makes a condition, or says everything that is wrong with it.
func (l *language) compile(source string) (condition, []string) {
	made := condition{source: source}
	if len(source) > maxConditionLength {
		return made, []string{fmt.Sprintf("is %d bytes long; %d are possible", len(source), maxConditionLength)}
	}
	if strings.TrimSpace(source) == "" {
		return made, []string{"is empty; leave it out"}
	}
	tree, err := parser.ParseWithConfig(source, l.config)
	if err != nil {
		return made, []string{"cannot be read " + whereIn(source, err)}
	}
	r := &reading{types: l.types}
	if k := r.kindOf(tree.Node); k != kindOfTruth && k != kindUnknown {
		r.fault("gives %s; a condition must be true or false, as in answered(x) or x > 2", k)
	}
	made.items = r.items
	if len(r.faults) > 0 {
		return made, r.faults
	}
	made.program, err = expr.Compile(source, l.options...)
	if err != nil {
		return made, []string{"cannot be used " + whereIn(source, err)}
	}
	return made, nil
}

// whereIn tells the place and reason of an error in one line.
func whereIn(source string, err error) string {
	at, ok := errors.AsType[*file.Error](err)
	switch {
	case !ok || at.Line == 0:
		return "at its end: " + firstLine(err.Error())
	case strings.Contains(at.Message, "EOF"):
		return "at its end: something is missing"
	case strings.Contains(at.Message, "exceeds maximum allowed nodes"):
		return fmt.Sprintf("because it is too long: %d parts are possible", maxConditionNodes)
	case strings.Contains(source, "\n"):
		return fmt.Sprintf("at line %d, character %d: %s", at.Line, at.Column+1, at.Message)
	default:
		return fmt.Sprintf("at character %d: %s", at.Column+1, at.Message)
	}
}

func firstLine(s string) string {
	first, _, _ := strings.Cut(s, "\n")
	return first
}

// unansweredHoldsNothing rewrites comparisons so that none holds for an item that
// was not answered. A missing number is NaN, of which only != is true; a missing
// text is "", which is before every text and equal to another missing one.
type unansweredHoldsNothing struct{}

// Visit rewrites one node; those within it have been visited.
func (unansweredHoldsNothing) Visit(node *ast.Node) {
	b, ok := (*node).(*ast.BinaryNode)
	if !ok || !compares(b.Operator) {
		return
	}
	var whole ast.Node = b
	if b.Operator == "!=" {
		whole = &ast.BinaryNode{Operator: "or",
			Left:  &ast.BinaryNode{Operator: "<", Left: b.Left, Right: b.Right},
			Right: &ast.BinaryNode{Operator: ">", Left: b.Left, Right: b.Right}}
	}
	for _, side := range []ast.Node{b.Right, b.Left} {
		if id, ok := side.(*ast.IdentifierNode); ok {
			given := &ast.CallNode{Callee: &ast.IdentifierNode{Value: "answered"}, Arguments: []ast.Node{&ast.IdentifierNode{Value: id.Value}}}
			whole = &ast.BinaryNode{Operator: "and", Left: given, Right: whole}
		}
	}
	if whole != ast.Node(b) {
		ast.Patch(node, whole)
	}
}
