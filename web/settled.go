package web

import (
	"html/template"
	"strings"
	"text/template/parse"
)

// settled are what templates call that gives the same on every page of a language.
// A call of them with nothing but texts is worked out when the templates are read:
// a page of questions has thirty such, and each would cost a call by reflection and
// another to escape it.
type settled struct {
	words map[string]func(string) (string, error) // escaped by us
	html  map[string]func(string) string          // escaped already
	attrs map[string]string                       // whole attributes, without arguments
}

// settle replaces the settled calls of a template, and of all it has with it, by
// what they give.
func (s settled) settle(t *template.Template) {
	for _, one := range t.Templates() {
		if one.Tree != nil {
			s.list(one.Tree.Root)
		}
	}
}

func (s settled) list(list *parse.ListNode) {
	if list == nil {
		return
	}
	for i, node := range list.Nodes {
		switch n := node.(type) {
		case *parse.ActionNode:
			if text, ok := s.call(n.Pipe); ok {
				list.Nodes[i] = &parse.TextNode{NodeType: parse.NodeText, Pos: n.Pos, Text: []byte(text)}
			}
		case *parse.IfNode:
			s.list(n.List)
			s.list(n.ElseList)
		case *parse.WithNode:
			s.list(n.List)
			s.list(n.ElseList)
		case *parse.RangeNode:
			s.list(n.List)
			s.list(n.ElseList)
		}
	}
}

// call is what a pipeline gives when it is one settled call.
func (s settled) call(pipe *parse.PipeNode) (string, bool) {
	if pipe == nil || len(pipe.Decl) > 0 || len(pipe.Cmds) != 1 {
		return "", false
	}
	args := pipe.Cmds[0].Args
	name, ok := args[0].(*parse.IdentifierNode)
	if !ok {
		return "", false
	}
	if len(args) == 1 {
		text, ok := s.attrs[name.Ident]
		return text, ok
	}
	arg, ok := args[1].(*parse.StringNode)
	if !ok || len(args) > 2 {
		return "", false
	}
	if words, ok := s.words[name.Ident]; ok {
		text, err := words(arg.Text) // a fault is told by the page itself
		return escapeAsTemplate(text), err == nil
	}
	if html, ok := s.html[name.Ident]; ok {
		return html(arg.Text), true
	}
	return "", false
}

// templateEscapes are what html/template writes for characters in text and in
// quoted attributes.
var templateEscapes = strings.NewReplacer("\x00", "\uFFFD", `"`, "&#34;", "&", "&amp;", "'", "&#39;", "+", "&#43;", "<", "&lt;", ">", "&gt;")

// escapeAsTemplate escapes a text to the letter as html/template does.
func escapeAsTemplate(s string) string { return templateEscapes.Replace(s) }
