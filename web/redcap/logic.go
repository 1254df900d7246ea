package redcap

import (
	"regexp"
	"slices"
	"strconv"
	"strings"

	"tidemark/survey/export"
)

// condition decides on row i of a person's rows.
type condition func(rows []export.ProjectRow, i int) bool

// operand is one side of a comparison.
type operand struct {
	column *column // nil: a literal
	event  string  // of another row of the person; empty: this one
	text   string  // of a literal
}

func (o operand) in(rows []export.ProjectRow, i int) string {
	if o.column == nil {
		return o.text
	}
	if o.event != "" {
		if i = slices.IndexFunc(rows, func(r export.ProjectRow) bool { return r.Event == o.event }); i < 0 {
			return ""
		}
	}
	return valueOf(&rows[i], *o.column)
}

// logic reads a filterLogic: comparisons of fields with values, joined by and and or,
// within parentheses. What else REDCap knows is refused: passed over, it would give
// other records than were asked for.
type logic struct {
	tokens []string
	fields map[string]*column
	events map[string]bool
	depth  int
}

var logicToken = regexp.MustCompile(`^\s*(\[[a-z0-9_]+(?:\(-?[0-9.]+\))?\]|"[^"]*"|'[^']*'|-?[0-9]+(?:\.[0-9]+)?|<>|!=|<=|>=|[=<>()]|(?i:and|or)\b)`)

const (
	longestLogic = 2000
	deepestLogic = 20
)

func (k *call) readLogic(text string) (condition, error) {
	if len(text) > longestLogic {
		return nil, bad("The filterLogic is too long.")
	}
	columns, err := k.columns()
	if err != nil {
		return nil, err
	}
	rows, err := k.project.Events()
	if err != nil {
		return nil, err
	}
	events := map[string]bool{}
	for _, row := range rows[1:] {
		events[row[2]] = true
	}
	return parseLogic(text, columns, events)
}

// parseLogic reads a logic over the columns and events of a project.
func parseLogic(text string, columns []column, events map[string]bool) (condition, error) {
	l := &logic{fields: map[string]*column{}, events: events}
	for i := range columns {
		l.fields[columns[i].name] = &columns[i]
	}
	for rest := text; strings.TrimSpace(rest) != ""; {
		m := logicToken.FindStringSubmatch(rest)
		if m == nil {
			return nil, bad("The filterLogic cannot be read at “" + shorten(rest) + "”. Comparisons of fields with values, and, or and parentheses are supported.")
		}
		l.tokens, rest = append(l.tokens, m[1]), rest[len(m[0]):]
	}
	c, err := l.either()
	if err == nil && len(l.tokens) > 0 {
		err = bad("The filterLogic has too much at “" + shorten(strings.Join(l.tokens, " ")) + "”.")
	}
	return c, err
}

func shorten(text string) string {
	if runes := []rune(strings.TrimSpace(text)); len(runes) > 30 {
		return string(runes[:30]) + "…"
	}
	return strings.TrimSpace(text)
}

func (l *logic) next() string {
	if len(l.tokens) == 0 {
		return ""
	}
	t := l.tokens[0]
	l.tokens = l.tokens[1:]
	return t
}

// take takes the next token if it is this word.
func (l *logic) take(word string) bool {
	if len(l.tokens) > 0 && strings.EqualFold(l.tokens[0], word) {
		l.next()
		return true
	}
	return false
}

func (l *logic) either() (condition, error) {
	left, err := l.both()
	for err == nil && l.take("or") {
		var right condition
		a := left
		right, err = l.both()
		left = func(rows []export.ProjectRow, i int) bool { return a(rows, i) || right(rows, i) }
	}
	return left, err
}

func (l *logic) both() (condition, error) {
	left, err := l.one()
	for err == nil && l.take("and") {
		var right condition
		a := left
		right, err = l.one()
		left = func(rows []export.ProjectRow, i int) bool { return a(rows, i) && right(rows, i) }
	}
	return left, err
}

func (l *logic) one() (condition, error) {
	if l.take("(") {
		if l.depth++; l.depth > deepestLogic {
			return nil, bad("The filterLogic has too many parentheses.")
		}
		c, err := l.either()
		if err == nil && !l.take(")") {
			err = bad("The filterLogic lacks a closing parenthesis.")
		}
		l.depth--
		return c, err
	}
	left, err := l.operand()
	if err != nil {
		return nil, err
	}
	sign := l.next()
	if !slices.Contains([]string{"=", "<>", "!=", "<", ">", "<=", ">="}, sign) {
		return nil, bad("The filterLogic lacks a comparison.")
	}
	right, err := l.operand()
	if err != nil {
		return nil, err
	}
	numbers := left.column != nil && left.column.number || right.column != nil && right.column.number
	return func(rows []export.ProjectRow, i int) bool {
		return compare(left.in(rows, i), sign, right.in(rows, i), numbers)
	}, nil
}

func (l *logic) operand() (operand, error) {
	t := l.next()
	switch {
	case t == "":
		return operand{}, bad("The filterLogic ends too early.")
	case t[0] == '\'' || t[0] == '"':
		return operand{text: t[1 : len(t)-1]}, nil
	case t[0] != '[':
		if _, err := strconv.ParseFloat(t, 64); err != nil {
			return operand{}, bad("The filterLogic cannot be read at “" + t + "”.")
		}
		return operand{text: t}, nil
	}
	var o operand
	if name := t[1 : len(t)-1]; l.events[name] && len(l.tokens) > 0 && l.tokens[0][0] == '[' {
		o.event, t = name, l.next()
	}
	name := t[1 : len(t)-1]
	if field, choice, is := strings.Cut(strings.TrimSuffix(name, ")"), "("); is {
		name = ""
		for column, c := range l.fields {
			if c.field == field && c.choice == choice {
				name = column
			}
		}
	}
	o.column = l.fields[name]
	if o.column == nil {
		return o, bad("The filterLogic has a field that is not there: " + t)
	}
	if o.column.withheld {
		return o, bad("The filterLogic has a field of people's own words, which are not given: " + t)
	}
	return o, nil
}

// compare compares numbers as numbers; with a value that is missing only = and <> can
// hold, so that nobody is counted below a threshold who was never asked.
func compare(a, sign, b string, numbers bool) bool {
	x, errA := strconv.ParseFloat(a, 64)
	y, errB := strconv.ParseFloat(b, 64)
	order := strings.Compare(a, b)
	if numbers && errA == nil && errB == nil {
		switch {
		case x < y:
			order = -1
		case x > y:
			order = 1
		default:
			order = 0
		}
	}
	switch sign {
	case "=":
		return order == 0
	case "<>", "!=":
		return order != 0
	}
	if a == "" || b == "" || numbers && (errA != nil || errB != nil) {
		return false
	}
	switch sign {
	case "<":
		return order < 0
	case ">":
		return order > 0
	case "<=":
		return order <= 0
	}
	return order >= 0
}
