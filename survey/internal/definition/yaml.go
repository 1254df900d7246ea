package definition

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/lexer"
	"github.com/goccy/go-yaml/parser"
	"github.com/goccy/go-yaml/token"
)

// Bounds of a YAML file. Its grammar is large and reading it takes time that grows
// faster than the file, so what no definition needs is refused before it is read.
const (
	MaxYAMLBytes  = 512 << 10
	maxTokens     = 60_000
	maxLineTokens = 2000
	maxDepth      = 30
	maxEntries    = 1000
)

// Lines are the lines of a YAML file that values stand on, by place.
type Lines map[string]int

// FromYAML turns YAML into JSON with the same values. Of YAML it takes mappings,
// lists and plain values in one document: no anchors, tags or merged mappings. The
// JSON is nil when there are faults.
func FromYAML(data []byte) (asJSON []byte, lines Lines, faults Faults) {
	if len(data) > MaxYAMLBytes {
		faults.Add("", "the file has %d bytes, more than the %d that are read", len(data), MaxYAMLBytes)
		return nil, nil, faults
	}
	if !utf8.Valid(data) || bytes.ContainsRune(data, 0) {
		faults.Add("", "the file is not valid UTF-8 text")
		return nil, nil, faults
	}
	if fault := refuse(lexer.Tokenize(string(data))); fault != nil {
		return nil, nil, Faults{*fault}
	}
	body, faults := document(data)
	if len(faults) > 0 {
		return nil, nil, faults
	}
	w := &yamlWriter{lines: Lines{"": 1}}
	w.value(body, "")
	if len(w.faults) > 0 {
		return nil, nil, w.faults
	}
	return w.out.Bytes(), w.lines, nil
}

// refuse looks at the tokens of a file for what is not taken.
func refuse(tokens token.Tokens) *Fault {
	at := func(t *token.Token, format string, args ...any) *Fault {
		return &Fault{Line: t.Position.Line, Problem: fmt.Sprintf(format, args...)}
	}
	if len(tokens) > maxTokens {
		return at(tokens[maxTokens], "the file has more parts than are read")
	}
	line, inLine, depth, content := 0, 0, 0, false
	var entries []int // by column, of the mappings that are open
	for i, t := range tokens {
		if t.Position.Line != line {
			line, inLine = t.Position.Line, 0
		}
		if inLine++; inLine > maxLineTokens {
			return at(t, "the line has more parts than are read")
		}
		switch t.Type {
		case token.AnchorType, token.AliasType:
			return at(t, "anchors (&) and aliases (*) are not taken; write the value out, or put quotes around the text")
		case token.TagType:
			return at(t, "tags (!) are not taken; put quotes around the text")
		case token.MergeKeyType:
			return at(t, "merged mappings (<<) are not taken; write the fields out")
		case token.DirectiveType:
			return at(t, "directives (%%) are not taken")
		case token.MappingKeyType:
			return at(t, "keys with ? are not taken; put quotes around the text")
		case token.DocumentHeaderType:
			if content {
				return at(t, "a second document begins here; a file is one definition")
			}
		case token.MappingStartType, token.SequenceStartType:
			depth++
		case token.MappingEndType, token.SequenceEndType:
			depth--
		case token.MappingValueType:
			if t.Prev == nil || depth > 0 {
				break
			}
			column := min(t.Prev.Position.Column, 500)
			for len(entries) <= column {
				entries = append(entries, 0)
			}
			clear(entries[column+1:])
			if entries[column]++; entries[column] > maxEntries {
				return at(t, "the mapping has more than %d entries", maxEntries)
			}
		default:
		}
		content = content || t.Type != token.CommentType && t.Type != token.DocumentHeaderType
		if depth > maxDepth || inLine > maxDepth && nested(tokens, i) {
			return at(t, "is nested too deeply")
		}
	}
	return nil
}

// nested reports whether the last tokens all begin a list within a list.
func nested(tokens token.Tokens, i int) bool {
	for _, t := range tokens[i-maxDepth+1 : i+1] {
		if t.Type != token.SequenceEntryType {
			return false
		}
	}
	return true
}

// document parses the file and gives the value in it. The parser is not ours: what
// it panics of is a fault of the file.
func document(data []byte) (body ast.Node, faults Faults) {
	defer func() {
		if r := recover(); r != nil {
			faults.Add("", "the file is not valid YAML")
		}
	}()
	file, err := parser.ParseBytes(data, 0)
	if err != nil {
		return nil, Faults{syntaxFault(err)}
	}
	for _, doc := range file.Docs {
		if doc.Body == nil || doc.Body.Type() == ast.CommentType {
			continue
		}
		if body != nil {
			faults.Add("", "the file has more than one document; a file is one definition")
			return nil, faults
		}
		body = doc.Body
	}
	if body == nil {
		faults.Add("", "the file is empty")
	}
	return body, faults
}

func syntaxFault(err error) Fault {
	fault := Fault{Problem: "the file is not valid YAML"}
	var syntax yaml.Error
	if !errors.As(err, &syntax) {
		return fault
	}
	if t := syntax.GetToken(); t != nil && t.Position != nil {
		fault.Line = t.Position.Line
	}
	fault.Problem += ": " + strings.TrimSpace(syntax.GetMessage())
	return fault
}

// Mark gives faults the lines of their places; that of what is around them where
// the place itself is not in the file.
func (l Lines) Mark(faults Faults) Faults {
	for i := range faults {
		if faults[i].Line == 0 {
			faults[i].Line = l.of(faults[i].Place)
		}
	}
	return faults
}

func (l Lines) of(place string) int {
	for {
		if line, known := l[place]; known {
			return line
		}
		cut := strings.LastIndexAny(place, ".[")
		if cut < 0 {
			return l[""]
		}
		place = place[:cut]
	}
}

// yamlWriter writes JSON for YAML.
type yamlWriter struct {
	out    bytes.Buffer
	lines  Lines
	faults Faults
}

func (w *yamlWriter) fault(n ast.Node, place, format string, args ...any) {
	fault := Fault{Place: place, Problem: fmt.Sprintf(format, args...)}
	if t := n.GetToken(); t != nil && t.Position != nil {
		fault.Line = t.Position.Line
	}
	w.faults = append(w.faults, fault)
}

func (w *yamlWriter) value(n ast.Node, place string) {
	if n == nil {
		w.out.WriteString("null")
		return
	}
	if t := n.GetToken(); t != nil && t.Position != nil && w.lines[place] == 0 {
		w.lines[place] = t.Position.Line
	}
	switch v := n.(type) {
	case *ast.MappingNode:
		w.mapping(v.Values, place)
	case *ast.MappingValueNode:
		w.mapping([]*ast.MappingValueNode{v}, place)
	case *ast.SequenceNode:
		w.out.WriteByte('[')
		for i, element := range v.Values {
			if i > 0 {
				w.out.WriteByte(',')
			}
			w.value(element, place+"["+strconv.Itoa(i)+"]")
		}
		w.out.WriteByte(']')
	case *ast.StringNode:
		w.text(v.Value)
	case *ast.LiteralNode: // the line break at the end of a block is of its form
		w.text(strings.TrimRight(v.Value.Value, "\n"))
	case *ast.BoolNode:
		w.out.WriteString(strconv.FormatBool(v.Value))
	case *ast.NullNode:
		w.out.WriteString("null")
	case *ast.IntegerNode, *ast.FloatNode:
		w.number(n, place)
	case *ast.InfinityNode, *ast.NanNode:
		w.fault(n, place, "is no finite number")
	default:
		w.fault(n, place, "cannot be read")
	}
}

func (w *yamlWriter) mapping(values []*ast.MappingValueNode, place string) {
	w.out.WriteByte('{')
	for i, entry := range values {
		if i > 0 {
			w.out.WriteByte(',')
		}
		name := ""
		switch key := entry.Key.(type) {
		case *ast.StringNode:
			name = key.Value
		case *ast.IntegerNode, *ast.FloatNode, *ast.BoolNode, *ast.NullNode:
			name = key.GetToken().Value
		default:
			w.fault(entry, place, "has a key that is no name")
			name = fmt.Sprint("?", i)
		}
		here := at(place, name)
		if t := entry.Key.GetToken(); t != nil && t.Position != nil {
			w.lines[here] = t.Position.Line
		}
		w.text(name)
		w.out.WriteByte(':')
		w.value(entry.Value, here)
	}
	w.out.WriteByte('}')
}

func (w *yamlWriter) text(s string) {
	data, err := json.Marshal(s)
	if err != nil { // texts can always be written
		data = []byte(`""`)
	}
	w.out.Write(data)
}

func (w *yamlWriter) number(n ast.Node, place string) {
	written := n.GetToken().Value
	v, err := strconv.ParseFloat(written, 64)
	if err != nil || math.IsInf(v, 0) || math.IsNaN(v) || strings.HasPrefix(strings.TrimLeft(written, "+-"), "0") && len(strings.TrimLeft(written, "+-0")) > 0 && !strings.ContainsAny(written, ".eE") {
		w.fault(n, place, "%q must be written as a plain number, such as 12 or 0.5, or in quotes as text", written)
		return
	}
	w.out.WriteString(strconv.FormatFloat(v, 'g', -1, 64))
}
