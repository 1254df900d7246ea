package exchange

import (
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"unicode"
)

// meaning turns the names in a foreign condition into ours: the item's code, and
// the value behind the name of an answer.
type meaning struct {
	code func(name string) (string, error)
	// value is the number behind an answer's name in the item; false: the item's
	// answers are texts.
	value func(code, literal string) (number float64, isNumber bool, err error)
}

// parseLogic reads a condition as REDCap ([a] = '1' and [b(2)] = '1') or XLSForm
// (${a} = '1' and selected(${b}, '2')) writes it.
func parseLogic(text string, m meaning) (condition, error) {
	if len(text) > maxText {
		return condition{}, errors.New("the condition is too long")
	}
	tokens, err := tokenise(text)
	if err != nil {
		return condition{}, err
	}
	p := &logicParser{tokens: tokens, meaning: m}
	c, err := p.either(0)
	if err == nil && p.at < len(p.tokens) {
		err = fmt.Errorf("%q is not expected here", p.tokens[p.at].text)
	}
	return c, err
}

type tokenKind int

const (
	tokenEnd    tokenKind = iota
	tokenItem             // [name] or ${name}; choice is what stood in brackets
	tokenText             // 'x'
	tokenNumber           // 3
	tokenWord             // and or not selected
	tokenSign             // ( ) , = <> ...
)

type token struct {
	kind         tokenKind
	text, choice string
	hasChoice    bool
}

var errUnended = errors.New("a bracket or quotation mark is not closed")

func tokenise(s string) ([]token, error) {
	var tokens []token
	for len(s) > 0 {
		r := rune(s[0])
		switch {
		case unicode.IsSpace(r):
			s = s[1:]
			continue
		case r == '[' || strings.HasPrefix(s, "${"):
			t, rest, err := itemToken(s)
			if err != nil {
				return nil, err
			}
			tokens, s = append(tokens, t), rest
		case r == '\'' || r == '"':
			text, rest, found := strings.Cut(s[1:], s[:1])
			if !found {
				return nil, errUnended
			}
			tokens, s = append(tokens, token{kind: tokenText, text: text}), rest
		case r >= '0' && r <= '9' || r == '-':
			n := 1 + len(s[1:]) - len(strings.TrimLeft(s[1:], "0123456789."))
			if _, err := strconv.ParseFloat(s[:n], 64); err != nil {
				return nil, fmt.Errorf("%q is not a number", s[:n])
			}
			tokens, s = append(tokens, token{kind: tokenNumber, text: s[:n]}), s[n:]
		case unicode.IsLetter(r) || r == '_':
			n := strings.IndexFunc(s, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) && r != '_' && r != '-' })
			if n < 0 {
				n = len(s)
			}
			tokens, s = append(tokens, token{kind: tokenWord, text: strings.ToLower(s[:n])}), s[n:]
		default:
			n := 1
			for _, two := range []string{"<>", "!=", "<=", ">=", "==", "&&", "||"} {
				if strings.HasPrefix(s, two) {
					n = 2
				}
			}
			if n == 1 && !strings.ContainsAny(s[:1], "()=<>,!") {
				return nil, fmt.Errorf("%q is not understood", firstRune(s))
			}
			tokens, s = append(tokens, token{kind: tokenSign, text: s[:n]}), s[n:]
		}
	}
	return tokens, nil
}

func firstRune(s string) string {
	for _, r := range s {
		return string(r)
	}
	return ""
}

func itemToken(s string) (token, string, error) {
	open, shut := s[:1], "]"
	if s[0] == '$' {
		open, shut = "${", "}"
	}
	name, rest, found := strings.Cut(s[len(open):], shut)
	if !found {
		return token{}, "", errUnended
	}
	t := token{kind: tokenItem, text: strings.TrimSpace(name)}
	if before, choice, has := strings.Cut(t.text, "("); has {
		t.text, t.choice, t.hasChoice = before, strings.TrimSuffix(choice, ")"), true
	}
	if open == "[" && strings.HasPrefix(rest, "[") {
		return token{}, "", fmt.Errorf("[%s] names another event", name)
	}
	return t, rest, nil
}

type logicParser struct {
	tokens []token
	at     int
	meaning
}

const maxDepth = 40

func (p *logicParser) next() token {
	if p.at >= len(p.tokens) {
		return token{}
	}
	p.at++
	return p.tokens[p.at-1]
}

// is takes the next token when it is one of the texts, as a word or sign.
func (p *logicParser) is(texts ...string) bool {
	if p.at >= len(p.tokens) {
		return false
	}
	t := p.tokens[p.at]
	if t.kind != tokenWord && t.kind != tokenSign {
		return false
	}
	if slices.Contains(texts, t.text) {
		p.at++
		return true
	}
	return false
}

func (p *logicParser) either(depth int) (condition, error) {
	return p.series(depth, false, p.both, "or", "||")
}

func (p *logicParser) both(depth int) (condition, error) {
	return p.series(depth, true, p.single, "and", "&&")
}

func (p *logicParser) series(depth int, all bool, part func(int) (condition, error), words ...string) (condition, error) {
	if depth > maxDepth {
		return condition{}, errors.New("the brackets go too deep")
	}
	var terms []condition
	for {
		c, err := part(depth)
		if err != nil {
			return condition{}, err
		}
		terms = append(terms, c)
		if !p.is(words...) {
			return join(terms, all), nil
		}
	}
}

func (p *logicParser) single(depth int) (condition, error) {
	switch {
	case p.is("not", "!"):
		c, err := p.single(depth + 1)
		if err == nil && depth > maxDepth {
			err = errors.New("the brackets go too deep")
		}
		return c.negated(), err
	case p.is("("):
		c, err := p.either(depth + 1)
		if err == nil && !p.is(")") {
			err = errUnended
		}
		return c, err
	case p.is("selected"):
		return p.selected()
	default:
		return p.comparison()
	}
}

func (p *logicParser) selected() (condition, error) {
	opened := p.is("(")
	item := p.next()
	comma := p.is(",")
	choice := p.next()
	if !opened || item.kind != tokenItem || !comma || choice.kind != tokenText && choice.kind != tokenNumber || !p.is(")") {
		return condition{}, errors.New("selected needs an item and an answer")
	}
	return p.choice(item.text, choice.text)
}

func (p *logicParser) choice(item, literal string) (condition, error) {
	code, err := p.code(item)
	if err != nil {
		return condition{}, err
	}
	number, isNumber, err := p.value(code, literal)
	if err == nil && !isNumber {
		err = fmt.Errorf("%s has no answer %q", item, literal)
	}
	return condition{item: code, selected: true, number: number}, err
}

// comparison reads [a] = '1', and also 1 = [a].
func (p *logicParser) comparison() (condition, error) {
	left, sign, right := p.next(), p.next(), p.next()
	op := map[string]string{"=": "==", "==": "==", "<>": "!=", "!=": "!=", "<": "<", ">": ">", "<=": "<=", ">=": ">="}[sign.text]
	if op == "" || sign.kind != tokenSign {
		return condition{}, errors.New("an item and its answer are not compared here")
	}
	if left.kind != tokenItem {
		left, right = right, left
		op = map[string]string{"<": ">", ">": "<", "<=": ">=", ">=": "<="}[op] + map[string]string{"==": "==", "!=": "!="}[op]
	}
	if left.kind != tokenItem || right.kind != tokenText && right.kind != tokenNumber {
		return condition{}, errors.New("only comparisons of an item with a fixed answer can be carried over")
	}
	if left.hasChoice {
		c, err := p.choice(left.text, left.choice)
		if err != nil || op != "==" && op != "!=" || right.text != "0" && right.text != "1" {
			return condition{}, errors.Join(err, orElse(err, "a choice is compared with 1 or 0"))
		}
		if (right.text == "1") != (op == "==") {
			c = c.negated()
		}
		return c, nil
	}
	code, err := p.code(left.text)
	if err != nil {
		return condition{}, err
	}
	if right.kind == tokenText && right.text == "" {
		c := condition{item: code, answered: true}
		switch op {
		case "!=":
			return c, nil
		case "==":
			return c.negated(), nil
		}
		return condition{}, errors.New("an empty answer can only be compared by = and <>")
	}
	number, isNumber, err := p.value(code, right.text)
	c := condition{item: code, op: op, number: number, isText: !isNumber}
	if c.isText {
		c.number, c.text = 0, right.text
	}
	if op == "!=" { // which holds elsewhere of an item without an answer, and not here
		c.op = "=="
		c = c.negated()
	}
	return c, err
}

// orElse is an error with the text, unless there is one.
func orElse(err error, text string) error {
	if err != nil {
		return nil
	}
	return errors.New(text)
}
