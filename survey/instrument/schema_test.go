package instrument_test

import (
	"bytes"
	"encoding/json"
	"flag"
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/santhosh-tekuri/jsonschema/v6"

	"tidemark/survey/instrument"
)

var update = flag.Bool("update", false, "rewrite the published schema")

func TestThePublishedSchemaIsThatOfTheTypes(t *testing.T) {
	t.Parallel()
	made := makeSchema(t)
	if *update {
		if err := os.WriteFile("schema.json", made, 0o600); err != nil {
			t.Fatal(err)
		}
		return
	}
	if diff := cmp.Diff(strings.Split(string(instrument.JSONSchema()), "\n"), strings.Split(string(made), "\n")); diff != "" {
		t.Errorf("schema.json (-published +types; -update rewrites it):\n%s", diff)
	}
}

// compiled is the published schema in a validator that is not ours, which holds it
// to the rules for schemas too.
func compiled(t *testing.T) *jsonschema.Schema {
	t.Helper()
	doc, err := jsonschema.UnmarshalJSON(bytes.NewReader(instrument.JSONSchema()))
	if err != nil {
		t.Fatal(err)
	}
	c := jsonschema.NewCompiler()
	c.AssertFormat()
	if err := c.AddResource("schema.json", doc); err != nil {
		t.Fatal(err)
	}
	s, err := c.Compile("schema.json")
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func written(t *testing.T, d *instrument.Definition) map[string]any {
	t.Helper()
	canonical, err := d.Canonical()
	if err != nil {
		t.Fatal(err)
	}
	doc, err := jsonschema.UnmarshalJSON(bytes.NewReader(canonical))
	if err != nil {
		t.Fatal(err)
	}
	return doc.(map[string]any)
}

func TestDefinitionsAreWhatTheSchemaSays(t *testing.T) {
	t.Parallel()
	s := compiled(t)
	for _, d := range append(builtin(t), parseSmall(t), parsed(t, scales), parsed(t, branching), translated(t)) {
		if err := s.Validate(written(t, d)); err != nil {
			t.Errorf("%s: %v", d.Key, err)
		}
	}
	for name, source := range map[string]string{"small": small, "scales": scales, "branching": branching} {
		doc, err := jsonschema.UnmarshalJSON(strings.NewReader(source))
		if err != nil {
			t.Fatal(err)
		}
		if err := s.Validate(doc); err != nil {
			t.Errorf("%s as written: %v", name, err)
		}
	}
}

// A schema that lets everything pass would be of no use.
func TestTheSchemaFindsWhatIsWrong(t *testing.T) {
	t.Parallel()
	s := compiled(t)
	first := func(doc map[string]any, list string) map[string]any { return doc[list].([]any)[0].(map[string]any) }
	for name, change := range map[string]func(doc map[string]any){
		"a field more":           func(doc map[string]any) { doc["titel"] = "x" },
		"a field less":           func(doc map[string]any) { delete(doc, "intro") },
		"no items":               func(doc map[string]any) { doc["items"] = []any{} },
		"a text for a number":    func(doc map[string]any) { doc["minutes"] = "1" },
		"an unknown type":        func(doc map[string]any) { first(doc, "items")["type"] = "likert" },
		"a bad code":             func(doc map[string]any) { first(doc, "items")["code"] = "Item 1" },
		"a bad version":          func(doc map[string]any) { doc["version"] = "1" },
		"an item without text":   func(doc map[string]any) { delete(first(doc, "items"), "text") },
		"an unknown method":      func(doc map[string]any) { first(doc, "scales")["method"] = "median" },
		"an unknown purpose":     func(doc map[string]any) { doc["purpose"] = "fun" },
		"null where none can be": func(doc map[string]any) { doc["title"] = nil },
		"a norm without spread": func(doc map[string]any) {
			first(doc, "scales")["norms"] = []any{map[string]any{"sample": "A", "mean": json.Number("1"), "sd": json.Number("0"), "source": "B"}}
		},
		"a licence of its own": func(doc map[string]any) { doc["licence"] = map[string]any{"kind": "mine"} },
		"labels that are no list": func(doc map[string]any) {
			doc["translations"] = map[string]any{"de": map[string]any{"options": "Ja, Nein"}}
		},
	} {
		doc := written(t, parsed(t, scales))
		if err := s.Validate(doc); err != nil {
			t.Fatal(err)
		}
		change(doc)
		if err := s.Validate(doc); err == nil {
			t.Errorf("%s passes", name)
		}
	}
}
