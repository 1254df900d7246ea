package design

import (
	"errors"
	"fmt"
)

// formula is what a model formula says.
type formula struct {
	response *node
	words    *vocabulary // of the fixed effects
	terms    []term      // of the fixed effects, by order
	random   []randomTerm
}

// randomTerm is (effects | group).
type randomTerm struct {
	words *vocabulary
	terms []term
	group *node
}

// parseFormula reads a model formula.
func parseFormula(s string) (*formula, error) {
	n, err := parse(s)
	if err != nil {
		return nil, err
	}
	if n.kind != nodeBinary || n.text != "~" {
		return nil, fmt.Errorf("%q is not of the form response ~ terms", s)
	}
	f := &formula{response: n.args[0], words: &vocabulary{}}
	fixed, err := f.takeRandom(n.args[1])
	if err != nil {
		return nil, err
	}
	f.terms = []term{0}
	if fixed != nil {
		if f.terms, err = f.words.expand(f.terms, fixed); err != nil {
			return nil, err
		}
	}
	f.terms = byOrder(f.terms)
	return f, nil
}

// takeRandom collects the random terms of a sum and returns what else it adds
// up, or nil if that is nothing.
func (f *formula) takeRandom(n *node) (*node, error) {
	if isRandom(n) {
		return nil, f.addRandom(n.args[0])
	}
	if n.kind != nodeBinary || (n.text != "+" && n.text != "-") {
		return n, nil
	}
	if n.text == "-" && isRandom(n.args[1]) {
		return nil, errors.New("random effects cannot be subtracted")
	}
	left, err := f.takeRandom(n.args[0])
	if err != nil {
		return nil, err
	}
	right := n.args[1]
	if n.text == "+" {
		if right, err = f.takeRandom(right); err != nil {
			return nil, err
		}
	}
	switch {
	case right == nil:
		return left, nil
	case left == nil && n.text == "+":
		return right, nil
	case left == nil:
		return &node{kind: nodeMinus, args: []*node{right}}, nil
	}
	return &node{kind: nodeBinary, text: n.text, args: []*node{left, right}}, nil
}

// isRandom reports whether a node is (effects | group).
func isRandom(n *node) bool {
	if n.kind != nodeParens {
		return false
	}
	inner := n.args[0]
	return inner.kind == nodeBinary && (inner.text == "|" || inner.text == "||")
}

// addRandom reads effects | group, or effects || group, which makes one
// independent term of each effect.
func (f *formula) addRandom(bar *node) error {
	group := bar.args[1]
	for group.kind == nodeParens {
		group = group.args[0]
	}
	words := &vocabulary{}
	terms, err := words.expand([]term{0}, bar.args[0])
	if err != nil {
		return fmt.Errorf("random effects %s: %w", bar, err)
	}
	if len(terms) == 0 {
		return fmt.Errorf("random effects %s: there are none", bar)
	}
	terms = byOrder(terms)
	if bar.text == "|" {
		f.random = append(f.random, randomTerm{words: words, terms: terms, group: group})
		return nil
	}
	for _, t := range terms {
		f.random = append(f.random, randomTerm{words: words, terms: []term{t}, group: group})
	}
	return nil
}
