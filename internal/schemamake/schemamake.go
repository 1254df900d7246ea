package schemamake

import (
	"bytes"
	"encoding/json"
	"go/ast"
	"go/parser"
	"go/token"
	"path/filepath"
	"reflect"
	"strconv"
	"strings"
	"testing"
)

// object is a JSON object in the order of its members.
type object []member

type member struct {
	name  string
	value any
}

func (o object) MarshalJSON() ([]byte, error) {
	var b bytes.Buffer
	b.WriteByte('{')
	for i, m := range o {
		if i > 0 {
			b.WriteByte(',')
		}
		name, err := json.Marshal(m.name)
		if err != nil {
			return nil, err
		}
		value, err := json.Marshal(m.value)
		if err != nil {
			return nil, err
		}
		b.Write(name)
		b.WriteByte(':')
		b.Write(value)
	}
	b.WriteByte('}')
	return b.Bytes(), nil
}

// schemaMaker makes a schema from Go types, with their comments as descriptions.
type schemaMaker struct {
	t      *testing.T
	schema Schema
	source *described
	names  []string
	defs   map[string]object
}

// described is what the source of the package says.
type described struct {
	types  map[string]string
	fields map[string]string   // "Type.Field"
	values map[string][]string // of types with named values
}

// Schema is what the schema of a file says beside its types.
type Schema struct {
	ID, Title string
	// Limits are what a schema can say beyond the types, by "Type.Field": names and
	// values in order.
	Limits map[string][][2]any
	// Optional are fields that a file may leave out although its type does not say
	// so, by "Type.Field".
	Optional map[string]bool
}

// Make is the JSON schema of a type of the package in the working directory, with
// the comments of its source as descriptions.
func Make(t *testing.T, root reflect.Type, s Schema) []byte {
	t.Helper()
	m := &schemaMaker{t: t, schema: s, source: readSource(t), defs: map[string]object{}}
	described := m.of(root)
	defs := object{}
	for _, name := range m.names {
		defs = append(defs, member{name, m.defs[name]})
	}
	all := object{{"$schema", "https://json-schema.org/draft/2020-12/schema"}, {"$id", s.ID}, {"title", s.Title}}
	all = append(append(all, described...), member{"$defs", defs})
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	if err := e.Encode(all); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// of is the schema of a type; named ones are described once and referred to.
func (m *schemaMaker) of(t reflect.Type) object {
	switch t.Kind() {
	case reflect.Pointer:
		return m.of(t.Elem())
	case reflect.Slice:
		return object{{"type", "array"}, {"items", m.of(t.Elem())}}
	case reflect.Map:
		return object{{"type", "object"}, {"additionalProperties", m.of(t.Elem())}}
	case reflect.Struct:
		return m.refer(t, m.structure)
	case reflect.String:
		if len(m.source.values[t.Name()]) == 0 {
			return object{{"type", "string"}}
		}
		return m.refer(t, m.enumeration)
	case reflect.Float64:
		return object{{"type", "number"}}
	case reflect.Int:
		return object{{"type", "integer"}}
	case reflect.Bool:
		return object{{"type", "boolean"}}
	}
	m.t.Fatalf("no schema for %s", t)
	return nil
}

func (m *schemaMaker) refer(t reflect.Type, describe func(reflect.Type) object) object {
	name := t.Name()
	if _, known := m.defs[name]; !known {
		m.names = append(m.names, name)
		m.defs[name] = nil // for types that hold themselves
		m.defs[name] = describe(t)
	}
	return object{{"$ref", "#/$defs/" + name}}
}

func (m *schemaMaker) describe(t reflect.Type, s object) object {
	if doc := m.source.types[t.Name()]; doc != "" {
		return append(object{{"description", doc}}, s...)
	}
	return s
}

// structure has the fields that a file has; those that may be left out are not
// required.
func (m *schemaMaker) structure(t reflect.Type) object {
	properties, required := object{}, []string{}
	for f := range t.Fields() {
		name, options, _ := strings.Cut(f.Tag.Get("json"), ",")
		switch {
		case name == "-":
			continue
		case name == "":
			m.t.Errorf("%s.%s has no name in JSON", t, f.Name)
		}
		s := m.of(f.Type)
		if !strings.Contains(options, "omit") && !m.schema.Optional[t.Name()+"."+f.Name] {
			required = append(required, name)
			if f.Type.Kind() == reflect.Pointer {
				s = object{{"anyOf", []object{s, {{"type", "null"}}}}}
			}
		}
		for _, limit := range m.schema.Limits[t.Name()+"."+f.Name] {
			s = append(s, member{limit[0].(string), limit[1]})
		}
		if doc := m.source.fields[t.Name()+"."+f.Name]; doc != "" {
			s = append(object{{"description", doc}}, s...)
		}
		properties = append(properties, member{name, s})
	}
	return m.describe(t, object{{"type", "object"}, {"properties", properties}, {"required", required}, {"additionalProperties", false}})
}

// enumeration has the values of the type's constants.
func (m *schemaMaker) enumeration(t reflect.Type) object {
	return m.describe(t, object{{"type", "string"}, {"enum", m.source.values[t.Name()]}})
}

// readSource reads the comments of the package.
func readSource(t *testing.T) *described {
	t.Helper()
	d := &described{map[string]string{}, map[string]string{}, map[string][]string{}}
	names, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range names {
		if strings.HasSuffix(name, "_test.go") {
			continue
		}
		f, err := parser.ParseFile(token.NewFileSet(), name, nil, parser.ParseComments|parser.SkipObjectResolution)
		if err != nil {
			t.Fatal(err)
		}
		for _, decl := range f.Decls {
			if g, ok := decl.(*ast.GenDecl); ok {
				d.read(g)
			}
		}
	}
	return d
}

func (d *described) read(g *ast.GenDecl) {
	for _, spec := range g.Specs {
		switch s := spec.(type) {
		case *ast.TypeSpec:
			doc := s.Doc
			if doc == nil {
				doc = g.Doc
			}
			d.types[s.Name.Name] = oneLine(doc)
			if body, ok := s.Type.(*ast.StructType); ok {
				d.readFields(s.Name.Name, body)
			}
		case *ast.ValueSpec:
			kind, ok := s.Type.(*ast.Ident)
			if !ok || g.Tok != token.CONST {
				continue
			}
			for _, v := range s.Values {
				if lit, ok := v.(*ast.BasicLit); ok && lit.Kind == token.STRING {
					if text, err := strconv.Unquote(lit.Value); err == nil {
						d.values[kind.Name] = append(d.values[kind.Name], text)
					}
				}
			}
		}
	}
}

func (d *described) readFields(name string, body *ast.StructType) {
	for _, f := range body.Fields.List {
		doc := oneLine(f.Doc)
		if doc == "" {
			doc = oneLine(f.Comment)
		}
		for _, n := range f.Names {
			d.fields[name+"."+n.Name] = doc
		}
	}
}

func oneLine(doc *ast.CommentGroup) string { return strings.Join(strings.Fields(doc.Text()), " ") }
