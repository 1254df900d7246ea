package exchange

import (
	"errors"
	"fmt"

	"github.com/expr-lang/expr/ast"
	"github.com/expr-lang/expr/parser"
)

// errOnlyHere is why a condition of a definition has no form elsewhere.
var errOnlyHere = errors.New("other programs cannot say it")

// readExpression reads a condition of a definition, known to be sound. What goes
// beyond comparisons of one item with a literal is errOnlyHere.
func readExpression(text string) (condition, error) {
	tree, err := parser.Parse(text)
	if err != nil {
		return condition{}, fmt.Errorf("%w: %w", errOnlyHere, err)
	}
	return readNode(tree.Node)
}

func readNode(node ast.Node) (condition, error) {
	switch n := node.(type) {
	case *ast.BinaryNode:
		return readBinary(n)
	case *ast.UnaryNode:
		if n.Operator == "not" || n.Operator == "!" {
			c, err := readNode(n.Node)
			return c.negated(), err
		}
	case *ast.CallNode:
		if callee, ok := n.Callee.(*ast.IdentifierNode); ok {
			return readCall(callee.Value, n.Arguments)
		}
	case *ast.BuiltinNode:
		return readCall(n.Name, n.Arguments)
	}
	return condition{}, errOnlyHere
}

func readCall(name string, arguments []ast.Node) (condition, error) {
	if len(arguments) == 0 {
		return condition{}, errOnlyHere
	}
	item, ok := arguments[0].(*ast.IdentifierNode)
	switch {
	case !ok:
	case name == "answered" && len(arguments) == 1:
		return condition{item: item.Value, answered: true}, nil
	case name == "selected" && len(arguments) == 2:
		if number, ok := literal(arguments[1]).(float64); ok {
			return condition{item: item.Value, selected: true, number: number}, nil
		}
	}
	return condition{}, errOnlyHere
}

func readBinary(n *ast.BinaryNode) (condition, error) {
	switch n.Operator {
	case "and", "&&", "or", "||":
		all := n.Operator == "and" || n.Operator == "&&"
		left, err := readNode(n.Left)
		if err != nil {
			return left, err
		}
		right, err := readNode(n.Right)
		if err != nil {
			return right, err
		}
		return join(append(same(left, all), same(right, all)...), all), nil
	case "==", "!=", "<", "<=", ">", ">=":
	default:
		return condition{}, errOnlyHere
	}
	item, ok := n.Left.(*ast.IdentifierNode)
	value, op := literal(n.Right), n.Operator
	if !ok {
		item, ok = n.Right.(*ast.IdentifierNode)
		value = literal(n.Left)
		if turned, known := map[string]string{"<": ">", ">": "<", "<=": ">=", ">=": "<="}[op]; known {
			op = turned
		}
	}
	if !ok {
		return condition{}, errOnlyHere
	}
	switch v := value.(type) {
	case float64:
		return condition{item: item.Value, op: op, number: v}, nil
	case string:
		return condition{item: item.Value, op: op, text: v, isText: true}, nil
	}
	return condition{}, errOnlyHere
}

// same are the terms of c when it joins them the same way, so that a and b and c is
// one list.
func same(c condition, all bool) []condition {
	switch {
	case all && c.all != nil:
		return c.all
	case !all && c.any != nil:
		return c.any
	}
	return []condition{c}
}

func literal(node ast.Node) any {
	switch n := node.(type) {
	case *ast.IntegerNode:
		return float64(n.Value)
	case *ast.FloatNode:
		return n.Value
	case *ast.StringNode:
		return n.Value
	case *ast.UnaryNode:
		if v, ok := literal(n.Node).(float64); ok && n.Operator == "-" {
			return -v
		}
	}
	return nil
}
