package rest

import (
	"reflect"
	"strconv"
	"strings"
	"time"
)

// schemas makes JSON schemas from Go types, and collects those that have a name.
type schemas struct{ named map[string]any }

// of is the schema of a type: a reference where the type has a name.
func (s *schemas) of(t reflect.Type) map[string]any {
	switch {
	case t == reflect.TypeFor[time.Time]():
		return map[string]any{"type": "string", "format": "date-time"}
	case t.Kind() == reflect.Pointer:
		return nullable(s.of(t.Elem()))
	case t.Kind() == reflect.Slice:
		return map[string]any{"type": "array", "items": s.of(t.Elem())}
	case t.Kind() == reflect.Map:
		m := map[string]any{"type": "object"}
		if t.Elem().Kind() != reflect.Interface {
			m["additionalProperties"] = s.of(t.Elem())
		}
		return m
	case t.Kind() == reflect.Struct:
		return s.object(t)
	case t.Kind() == reflect.String:
		return map[string]any{"type": "string"}
	case t.Kind() == reflect.Bool:
		return map[string]any{"type": "boolean"}
	case t.Kind() == reflect.Int:
		return map[string]any{"type": "integer"}
	}
	return map[string]any{"type": "number"}
}

// nullable is a schema that null satisfies too.
func nullable(m map[string]any) map[string]any {
	if kind, plain := m["type"].(string); plain {
		m["type"] = []any{kind, "null"}
		return m
	}
	return map[string]any{"anyOf": []any{m, map[string]any{"type": "null"}}}
}

// nameOf is the name of a type in the description: "Page[…/rest.Run]" is RunPage.
func nameOf(t reflect.Type) string {
	name := t.Name()
	if outer, inner, generic := strings.Cut(strings.TrimSuffix(name, "]"), "["); generic {
		return inner[strings.LastIndex(inner, ".")+1:] + outer
	}
	return name
}

func (s *schemas) object(t reflect.Type) map[string]any {
	name := nameOf(t)
	ref := map[string]any{"$ref": "#/components/schemas/" + name}
	if _, known := s.named[name]; known {
		return ref
	}
	properties, required := map[string]any{}, []string{}
	s.named[name] = nil // a type that holds itself would not end
	for field := range t.Fields() {
		key, optional, _ := strings.Cut(field.Tag.Get("json"), ",")
		properties[key] = describe(s.of(field.Type), field.Tag)
		if optional != "omitempty" {
			required = append(required, key)
		}
	}
	o := map[string]any{"type": "object", "properties": properties, "additionalProperties": false}
	if len(required) > 0 {
		o["required"] = required
	}
	s.named[name] = o
	return ref
}

// describe adds what the tag of a field says.
func describe(m map[string]any, tag reflect.StructTag) map[string]any {
	if doc := tag.Get("doc"); doc != "" {
		m["description"] = doc
	}
	if format := tag.Get("format"); format != "" {
		m["format"] = format
	}
	for _, bound := range []string{"minItems", "maxItems"} {
		if n, err := strconv.Atoi(tag.Get(bound)); err == nil {
			m[bound] = n
		}
	}
	words := tag.Get("enum")
	if words == "" {
		return m
	}
	var values []any
	for word := range strings.SplitSeq(words, ",") {
		values = append(values, word)
	}
	if items, list := m["items"].(map[string]any); list {
		items["enum"] = values
		return m
	}
	if _, orNull := m["type"].([]any); orNull {
		values = append(values, nil)
	}
	m["enum"] = values
	return m
}
