package rest

import (
	"reflect"
	"strings"
)

// Described is an operation in words, for a page.
type Described struct {
	ID, Method, Path, Summary, About string
	Scope                            string // empty: any token, or none where Open
	Open                             bool
	Parameters                       []DescribedParameter
	Gives                            string // name of the answer's schema, or media types
}

// DescribedParameter is a parameter in words.
type DescribedParameter struct{ Name, About string }

// Operations are all there are, in the order of the table.
func Operations() []Described {
	var all []Described
	for _, o := range operations() {
		d := Described{
			ID: o.id, Method: o.verb(), Path: Prefix + o.path, Summary: o.summary, About: o.about, Scope: string(o.scope), Open: o.open,
			Gives: strings.Join(o.media, ", "),
		}
		if o.gives != nil {
			d.Gives = nameOf(reflect.TypeOf(o.gives))
		}
		for part := range strings.SplitSeq(o.path, "/") {
			if name, named := strings.CutPrefix(part, "{"); named {
				name = strings.TrimSuffix(name, "}")
				d.Parameters = append(d.Parameters, DescribedParameter{name, pathParameters()[name]})
			}
		}
		for _, p := range o.params {
			about := p.about
			if len(p.values) > 0 {
				about += " One of " + strings.Join(p.values, ", ") + "."
			}
			d.Parameters = append(d.Parameters, DescribedParameter{p.name, about})
		}
		all = append(all, d)
	}
	return all
}
