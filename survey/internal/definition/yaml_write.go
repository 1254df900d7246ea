package definition

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"regexp"
	"strconv"
	"strings"
)

// ToYAML turns JSON into YAML with the same values, fields in the same order.
// FromYAML reads it back. Lists of plain values and short objects of them stand on
// one line; every text that could be taken for something else has quotation marks,
// as JSON writes them, which YAML takes too.
func ToYAML(data []byte) ([]byte, error) {
	reader := json.NewDecoder(bytes.NewReader(data))
	reader.UseNumber()
	whole, err := readNode(reader)
	if err != nil {
		return nil, fmt.Errorf("write YAML: %w", err)
	}
	var out bytes.Buffer
	whole.block(&out, 0, false)
	return out.Bytes(), nil
}

// A node is one JSON value, with the order of an object's fields.
type node struct {
	plain  string // of a scalar, as it is written
	names  []string
	values []*node
	list   bool
}

func (n *node) scalar() bool { return n.plain != "" }

// readNode reads one value.
func readNode(reader *json.Decoder) (*node, error) {
	token, err := reader.Token()
	if err != nil {
		return nil, err
	}
	switch t := token.(type) {
	case json.Delim:
		return readNested(reader, t)
	case string:
		return &node{plain: yamlText(t)}, nil
	case json.Number:
		return &node{plain: decimal(t)}, nil
	case bool:
		return &node{plain: fmt.Sprint(t)}, nil
	case nil:
		return &node{plain: "null"}, nil
	}
	return nil, errors.New("unknown token")
}

func readNested(reader *json.Decoder, opening json.Delim) (*node, error) {
	n := &node{list: opening == '['}
	for reader.More() {
		if !n.list {
			token, err := reader.Token()
			name, ok := token.(string)
			if err != nil || !ok {
				return nil, errors.Join(err, errors.New("a field without a name"))
			}
			n.names = append(n.names, yamlText(name))
		}
		value, err := readNode(reader)
		if err != nil {
			return nil, err
		}
		n.values = append(n.values, value)
	}
	_, err := reader.Token() // the closing bracket
	return n, err
}

// decimal writes a number without an exponent, which not every reader of YAML takes
// for a number.
func decimal(n json.Number) string {
	v, err := n.Float64()
	if err != nil || !strings.ContainsAny(n.String(), "eE") {
		return n.String()
	}
	return strconv.FormatFloat(v, 'f', -1, 64)
}

// shortest is the length up to which a value is written on one line.
const shortest = 100

// line is the value on one line; false when it is too long or has objects within.
func (n *node) line() (string, bool) {
	if n.scalar() {
		return n.plain, true
	}
	parts := make([]string, len(n.values))
	for i, v := range n.values {
		if !v.scalar() && len(v.values) > 0 {
			return "", false
		}
		parts[i], _ = v.line()
		if !n.list {
			parts[i] = n.names[i] + ": " + parts[i]
		}
	}
	text := "{" + strings.Join(parts, ", ") + "}"
	if n.list {
		text = "[" + strings.Join(parts, ", ") + "]"
	}
	return text, len(text) <= shortest || len(n.values) == 0
}

// block writes the value over several lines. continued: the first line has begun
// already, behind the dash of a list.
func (n *node) block(out *bytes.Buffer, depth int, continued bool) {
	indent := strings.Repeat("  ", depth)
	for i, v := range n.values {
		if i > 0 || !continued {
			out.WriteString(indent)
		}
		if n.list {
			out.WriteString("-")
		} else {
			out.WriteString(n.names[i] + ":")
		}
		if text, ok := v.line(); ok && (v.scalar() || v.list || n.list || len(v.values) == 0) {
			out.WriteString(" " + text + "\n")
			continue
		}
		if n.list {
			out.WriteString(" ")
			v.block(out, depth+1, true)
			continue
		}
		out.WriteString("\n")
		v.block(out, depth+1, false)
	}
	if len(n.values) == 0 {
		text, _ := n.line()
		out.WriteString(indent + text + "\n")
	}
}

// bare are texts that nobody takes for anything else, inside brackets too.
var bare = regexp.MustCompile(`^[A-Za-z\p{Latin}][\p{Latin}0-9_ .()’“”–-]*$`)

// reservedWords are texts that some readers of YAML take for something else.
var reservedWords = map[string]bool{
	"true": true, "false": true, "null": true, "yes": true, "no": true, "on": true, "off": true, "y": true, "n": true,
}

// yamlText writes a text, with quotation marks where they are needed.
func yamlText(s string) string {
	if bare.MatchString(s) && strings.TrimSpace(s) == s && !reservedWords[strings.ToLower(s)] {
		return s
	}
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if err := e.Encode(s); err != nil { // a string always encodes
		return `""`
	}
	return strings.TrimSuffix(b.String(), "\n")
}
