package paper_test

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
	"time"

	"tidemark/analysis"
	"tidemark/survey/report"
	"tidemark/survey/report/paper"
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
	t        *testing.T
	packages map[string]*described
	names    []string
	defs     map[string]object
}

// described is what the source of a package says.
type described struct {
	types  map[string]string
	fields map[string]string   // "Type.Field"
	values map[string][]string // of types with named values
}

// makeSchema is the schema of a paper.
func makeSchema(t *testing.T) []byte {
	t.Helper()
	m := &schemaMaker{t: t, packages: map[string]*described{}, defs: map[string]object{}}
	root := m.of(reflect.TypeFor[paper.Paper]())
	defs := object{}
	for _, name := range m.names {
		defs = append(defs, member{name, m.defs[name]})
	}
	schema := object{
		{"$schema", "https://json-schema.org/draft/2020-12/schema"},
		{"$id", "urn:tidemark:schema:paper:1"},
		{"title", "A Tidemark report (" + paper.Schema + ")"},
	}
	schema = append(append(schema, root...), member{"$defs", defs})
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	if err := e.Encode(schema); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// of is the schema of a type; named ones are described once and referred to.
func (m *schemaMaker) of(t reflect.Type) object {
	if s, ok := m.special(t); ok {
		return s
	}
	switch t.Kind() {
	case reflect.Pointer:
		return m.of(t.Elem())
	case reflect.Slice:
		return object{{"type", []string{"array", "null"}}, {"items", m.of(t.Elem())}}
	case reflect.Struct:
		return m.refer(t, m.structure)
	case reflect.String:
		if t.PkgPath() == "" || len(m.source(t).values[t.Name()]) == 0 {
			return object{{"type", "string"}}
		}
		return m.refer(t, m.enumeration)
	case reflect.Float64:
		return object{{"type", "number"}}
	case reflect.Int, reflect.Int64:
		return object{{"type", "integer"}}
	case reflect.Bool:
		return object{{"type", "boolean"}}
	}
	m.t.Fatalf("no schema for %s", t)
	return nil
}

// special are the types that write themselves.
func (m *schemaMaker) special(t reflect.Type) (object, bool) {
	number := object{{"type", "number"}}
	null := object{{"type", "null"}}
	text := object{{"type", "string"}, {"minLength", 1}}
	level := object{{"type", []string{"number", "null"}}}
	either := func(known, unknown object, required ...string) func(reflect.Type) object {
		form := func(properties object, required []string) object {
			return object{{"type", "object"}, {"properties", properties}, {"required", required}, {"additionalProperties", false}}
		}
		return func(t reflect.Type) object {
			return m.describe(t, object{{"oneOf", []object{form(known, required), form(unknown, names(unknown))}}})
		}
	}
	switch t {
	case reflect.TypeFor[time.Time]():
		return object{{"type", "string"}, {"format", "date-time"}}, true
	case reflect.TypeFor[analysis.Reason]():
		return object{{"type", "string"}}, true
	case reflect.TypeFor[analysis.Estimate]():
		return m.refer(t, either(object{{"value", number}}, object{{"value", null}, {"reason", text}}, "value")), true
	case reflect.TypeFor[analysis.Interval]():
		return m.refer(t, either(object{{"low", number}, {"high", number}, {"level", level}},
			object{{"low", null}, {"high", null}, {"level", level}, {"reason", text}}, "low", "high", "level")), true
	case reflect.TypeFor[report.Count]():
		count := object{{"type", "integer"}, {"minimum", 0}}
		return m.refer(t, either(object{{"n", count}}, object{{"n", null}, {"hidden", object{{"const", true}}}}, "n")), true
	}
	return nil, false
}

func names(o object) []string {
	var out []string
	for _, m := range o {
		out = append(out, m.name)
	}
	return out
}

func (m *schemaMaker) refer(t reflect.Type, describe func(reflect.Type) object) object {
	name := pathBase(t.PkgPath()) + "." + t.Name()
	if _, known := m.defs[name]; !known {
		m.names = append(m.names, name)
		m.defs[name] = nil // for types that hold themselves
		m.defs[name] = describe(t)
	}
	return object{{"$ref", "#/$defs/" + name}}
}

func pathBase(path string) string { return path[strings.LastIndexByte(path, '/')+1:] }

func (m *schemaMaker) describe(t reflect.Type, s object) object {
	if doc := m.source(t).types[t.Name()]; doc != "" {
		return append(object{{"description", doc}}, s...)
	}
	return s
}

// structure has the exported fields; those that may be left out are not
// required.
func (m *schemaMaker) structure(t reflect.Type) object {
	properties, required := object{}, []string{}
	for f := range t.Fields() {
		if !f.IsExported() {
			continue
		}
		name, options, _ := strings.Cut(f.Tag.Get("json"), ",")
		if name == "" {
			m.t.Errorf("%s.%s has no name in JSON", t, f.Name)
		}
		s := m.of(f.Type)
		switch optional := strings.Contains(options, "omit"); {
		case !optional && f.Type.Kind() == reflect.Pointer:
			s = object{{"anyOf", []object{s, {{"type", "null"}}}}}
			required = append(required, name)
		case !optional:
			required = append(required, name)
		case f.Type.Kind() == reflect.Slice: // empty ones are left out
			s[0] = member{"type", "array"}
		}
		if t == reflect.TypeFor[paper.Paper]() && f.Name == "Schema" {
			s = object{{"const", paper.Schema}}
		}
		if doc := m.source(t).fields[t.Name()+"."+f.Name]; doc != "" {
			s = append(object{{"description", doc}}, s...)
		}
		properties = append(properties, member{name, s})
	}
	return m.describe(t, object{{"type", "object"}, {"properties", properties}, {"required", required}, {"additionalProperties", false}})
}

// enumeration has the values of the type's constants; none has been chosen where
// it is empty.
func (m *schemaMaker) enumeration(t reflect.Type) object {
	return m.describe(t, object{{"type", "string"}, {"enum", append(m.source(t).values[t.Name()], "")}})
}

// source reads the comments of a type's package.
func (m *schemaMaker) source(t reflect.Type) *described {
	path := t.PkgPath()
	if d := m.packages[path]; d != nil {
		return d
	}
	d := &described{map[string]string{}, map[string]string{}, map[string][]string{}}
	m.packages[path] = d
	dir := filepath.Join("..", "..", "..", strings.TrimPrefix(path, "tidemark/"))
	names, err := filepath.Glob(filepath.Join(dir, "*.go"))
	if err != nil {
		m.t.Fatal(err)
	}
	for _, name := range names {
		if strings.HasSuffix(name, "_test.go") {
			continue
		}
		f, err := parser.ParseFile(token.NewFileSet(), name, nil, parser.ParseComments|parser.SkipObjectResolution)
		if err != nil {
			m.t.Fatal(err)
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
					if text, err := strconv.Unquote(lit.Value); err == nil && text != "" {
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
