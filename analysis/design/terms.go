package design

import (
	"fmt"
	"math/bits"
	"slices"
)

// term is a set of variables, one bit each; the empty set is the intercept.
type term uint64

// maxVariables is how many variables a formula may have.
const maxVariables = 64

// maxTerms bounds what "*" and "^" expand to.
const maxTerms = 1000

// vocabulary numbers the variables of a formula in the order in which they
// first appear, which is the order of their names within an interaction.
type vocabulary struct {
	nodes []*node
	names []string
}

// number returns the bit of a variable.
func (v *vocabulary) number(n *node) (term, error) {
	name := n.String()
	i := slices.Index(v.names, name)
	if i < 0 {
		if i = len(v.names); i == maxVariables {
			return 0, fmt.Errorf("more than %d variables", maxVariables)
		}
		v.names, v.nodes = append(v.names, name), append(v.nodes, n)
	}
	return 1 << i, nil
}

// expand adds the terms of an expression to a list, in the order in which they
// are written.
func (v *vocabulary) expand(list []term, n *node) ([]term, error) {
	if n.kind == nodeBinary && (n.text == "+" || n.text == "-") {
		left, err := v.expand(list, n.args[0])
		if err != nil {
			return nil, err
		}
		if n.text == "+" {
			return v.expand(left, n.args[1])
		}
		return v.remove(left, n.args[1])
	}
	if n.kind == nodeMinus {
		return v.remove(list, n.args[0])
	}
	if n.kind == nodeNumber && n.value == 0 {
		return without(list, 0), nil
	}
	more, err := v.product(n)
	if err != nil {
		return nil, err
	}
	return union(list, more)
}

// remove takes the terms of an expression out of a list; "- 0" puts the
// intercept in.
func (v *vocabulary) remove(list []term, n *node) ([]term, error) {
	if n.kind == nodeNumber && n.value == 0 {
		return union(list, []term{0})
	}
	gone, err := v.expand(nil, n)
	return without(list, gone...), err
}

// product returns the terms of an expression that is not a sum.
func (v *vocabulary) product(n *node) ([]term, error) {
	switch n.kind {
	case nodeParens:
		return v.expand(nil, n.args[0])
	case nodeName, nodeCall:
		t, err := v.number(n)
		return []term{t}, err
	case nodeNumber:
		if n.value != 1 {
			return nil, fmt.Errorf("the number %s is not a term; 1 and 0 stand for the intercept", n.text)
		}
		return []term{0}, nil
	case nodeBinary:
		if n.text == "^" {
			return v.powers(n)
		}
	case nodeMinus:
	}
	if n.kind != nodeBinary || (n.text != "*" && n.text != ":" && n.text != "/") {
		return nil, fmt.Errorf("%s is not a term", n)
	}
	a, err := v.expand(nil, n.args[0])
	if err != nil {
		return nil, err
	}
	b, err := v.expand(nil, n.args[1])
	if err != nil {
		return nil, err
	}
	switch n.text {
	case ":":
		return cross(a, b)
	case "/":
		var all term
		for _, t := range a {
			all |= t
		}
		nested, err := cross([]term{all}, b)
		if err != nil {
			return nil, err
		}
		return union(a, nested)
	}
	return times(a, b)
}

// powers expands (a + b)^n.
func (v *vocabulary) powers(n *node) ([]term, error) {
	exponent := n.args[1]
	if exponent.kind != nodeNumber || exponent.value < 1 || exponent.value != float64(int(exponent.value)) {
		return nil, fmt.Errorf("%s: the power of terms is a whole number from 1; arithmetic stands in I()", n)
	}
	base, err := v.expand(nil, n.args[0])
	if err != nil {
		return nil, err
	}
	out := base
	for range min(int(exponent.value), maxVariables) - 1 {
		if out, err = times(out, base); err != nil {
			return nil, err
		}
	}
	return out, nil
}

// times is a*b: both and their interactions.
func times(a, b []term) ([]term, error) {
	both, err := union(a, b)
	if err != nil {
		return nil, err
	}
	inner, err := cross(a, b)
	if err != nil {
		return nil, err
	}
	return union(both, inner)
}

// cross is a:b.
func cross(a, b []term) ([]term, error) {
	var out []term
	for _, s := range a {
		for _, t := range b {
			var err error
			if out, err = union(out, []term{s | t}); err != nil {
				return nil, err
			}
		}
	}
	return out, nil
}

// union appends what is not yet in a list.
func union(list, more []term) ([]term, error) {
	out := slices.Clone(list)
	for _, t := range more {
		if !slices.Contains(out, t) {
			out = append(out, t)
		}
	}
	if len(out) > maxTerms {
		return nil, fmt.Errorf("more than %d terms", maxTerms)
	}
	return out, nil
}

// without returns a list without some terms.
func without(list []term, gone ...term) []term {
	return slices.DeleteFunc(slices.Clone(list), func(t term) bool { return slices.Contains(gone, t) })
}

// byOrder sorts terms by the number of their variables, and keeps the order
// among equals.
func byOrder(list []term) []term {
	slices.SortStableFunc(list, func(a, b term) int {
		return bits.OnesCount64(uint64(a)) - bits.OnesCount64(uint64(b))
	})
	return list
}

// wholeFactor reports whether a factor enters a term by all its levels rather
// than by contrasts: where no earlier term has the rest of this one within it,
// so that the contrasts would miss the reference level. A factor that stands
// alone is taken as if the intercept were there; firstFactor corrects that.
func wholeFactor(terms []term, at int, variable int) bool {
	rest := terms[at] &^ (1 << variable)
	if rest == 0 {
		return false
	}
	for _, t := range terms[:at] {
		if rest&^t == 0 {
			return false
		}
	}
	return true
}
