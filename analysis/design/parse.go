package design

import (
	"fmt"
	"strings"
)

// nodeKind says what a node of a parsed formula is.
type nodeKind string

const (
	nodeName   nodeKind = "name"
	nodeNumber nodeKind = "number"
	nodeCall   nodeKind = "call"
	nodeParens nodeKind = "parentheses"
	nodeMinus  nodeKind = "minus" // of one argument
	nodeBinary nodeKind = "binary"
)

// node is an expression: text is a name, a function or an operator.
type node struct {
	kind  nodeKind
	text  string
	value float64
	args  []*node
}

// maxDepth bounds the nesting of parentheses, so that no input exhausts the
// stack.
const maxDepth = 200

// binding gives the strength of the operators, in R's order.
func binding(sign string) int {
	switch sign {
	case "~":
		return 1
	case "|", "||":
		return 2
	case "+", "-":
		return 3
	case "*", "/":
		return 4
	case ":":
		return 5
	case "^":
		return 7
	}
	return 0
}

// bindingMinus is the strength of a leading minus: −x^2 is −(x^2).
const bindingMinus = 6

// parser reads tokens by precedence climbing.
type parser struct {
	source string
	tokens []token
	depth  int
}

// parse reads a whole expression.
func parse(s string) (*node, error) {
	tokens, err := scan(s)
	if err != nil {
		return nil, err
	}
	p := &parser{source: s, tokens: tokens}
	n, err := p.expression(1)
	if err != nil {
		return nil, err
	}
	if p.tokens[0].kind != tokenEnd {
		return nil, p.unexpected()
	}
	return n, nil
}

func (p *parser) unexpected() error {
	t := p.tokens[0]
	return fmt.Errorf("unexpected %s at position %d of %q", t.text, t.at+1, p.source)
}

func (p *parser) next() token {
	t := p.tokens[0]
	p.tokens = p.tokens[1:]
	return t
}

// take consumes a sign if it comes next.
func (p *parser) take(sign string) bool {
	if p.tokens[0].kind != tokenSign || p.tokens[0].text != sign {
		return false
	}
	p.next()
	return true
}

// expression reads operators that bind at least as strongly as weakest.
func (p *parser) expression(weakest int) (*node, error) {
	if p.depth++; p.depth > maxDepth {
		return nil, fmt.Errorf("more than %d levels of nesting in %q", maxDepth, p.source)
	}
	defer func() { p.depth-- }()
	left, err := p.operand()
	if err != nil {
		return nil, err
	}
	for p.tokens[0].kind == tokenSign {
		strength := binding(p.tokens[0].text)
		if strength == 0 || strength < weakest {
			break
		}
		sign := p.next().text
		above := strength + 1
		if sign == "^" {
			above = strength // 2^3^2 is 2^(3^2)
		}
		right, err := p.expression(above)
		if err != nil {
			return nil, err
		}
		left = &node{kind: nodeBinary, text: sign, args: []*node{left, right}}
	}
	return left, nil
}

// operand reads a name, a number, a call, a group in parentheses, or one of
// these with a sign before it.
func (p *parser) operand() (*node, error) {
	switch t := p.tokens[0]; {
	case t.kind == tokenNumber:
		p.next()
		return &node{kind: nodeNumber, text: t.text, value: t.value}, nil
	case t.kind == tokenName:
		p.next()
		if p.take("(") {
			arg, err := p.closed()
			return &node{kind: nodeCall, text: t.text, args: []*node{arg}}, err
		}
		return &node{kind: nodeName, text: t.text}, nil
	case p.take("("):
		inner, err := p.closed()
		return &node{kind: nodeParens, args: []*node{inner}}, err
	case p.take("-"):
		arg, err := p.expression(bindingMinus)
		return &node{kind: nodeMinus, args: []*node{arg}}, err
	case p.take("+"):
		return p.expression(bindingMinus)
	}
	return nil, p.unexpected()
}

// closed reads an expression and the parenthesis that closes it.
func (p *parser) closed() (*node, error) {
	n, err := p.expression(1)
	if err == nil && !p.take(")") {
		err = p.unexpected()
	}
	return n, err
}

// String writes an expression with R's spaces, as R names columns by it.
func (n *node) String() string {
	var b strings.Builder
	n.write(&b)
	return b.String()
}

func (n *node) write(b *strings.Builder) {
	open, between := "", ""
	switch n.kind {
	case nodeCall:
		open = n.text + "("
	case nodeParens:
		open = "("
	case nodeMinus:
		open = "-"
	case nodeBinary:
		between = n.text
		if n.text != "^" && n.text != ":" && n.text != "/" {
			between = " " + n.text + " "
		}
	case nodeName, nodeNumber:
		open = n.text
	}
	b.WriteString(open)
	for i, a := range n.args {
		if i > 0 {
			b.WriteString(between)
		}
		a.write(b)
	}
	if n.kind == nodeCall || n.kind == nodeParens {
		b.WriteString(")")
	}
}
