package course_test

import (
	"bytes"
	"encoding/json"
	"flag"
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/santhosh-tekuri/jsonschema/v6"

	"tidemark/survey/course"
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
	if diff := cmp.Diff(strings.Split(string(course.JSONSchema()), "\n"), strings.Split(string(made), "\n")); diff != "" {
		t.Errorf("schema.json (-published +types; -update rewrites it):\n%s", diff)
	}
}

// compiled is the published schema in a validator that is not ours.
func compiled(t *testing.T) *jsonschema.Schema {
	t.Helper()
	doc, err := jsonschema.UnmarshalJSON(bytes.NewReader(course.JSONSchema()))
	if err != nil {
		t.Fatal(err)
	}
	c := jsonschema.NewCompiler()
	if err := c.AddResource("schema.json", doc); err != nil {
		t.Fatal(err)
	}
	s, err := c.Compile("schema.json")
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func read(t *testing.T, data []byte) map[string]any {
	t.Helper()
	doc, err := jsonschema.UnmarshalJSON(bytes.NewReader(data))
	if err != nil {
		t.Fatal(err)
	}
	return doc.(map[string]any)
}

func TestCoursesAreWhatTheSchemaSays(t *testing.T) {
	t.Parallel()
	s := compiled(t)
	former, err := course.BuiltinFormer()
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range append(both(t), former...) {
		if err := s.Validate(read(t, c.JSON())); err != nil {
			t.Errorf("%s %s: %v", c.Key, c.Version, err)
		}
	}
	if err := s.Validate(read(t, []byte(small))); err != nil {
		t.Errorf("small: %v", err)
	}
}

// A schema that lets everything pass would be of no use.
func TestTheSchemaFindsWhatIsWrong(t *testing.T) {
	t.Parallel()
	s := compiled(t)
	week := func(doc map[string]any) map[string]any { return doc["weeks"].([]any)[0].(map[string]any) }
	for name, change := range map[string]func(doc map[string]any){
		"a field more":           func(doc map[string]any) { doc["titel"] = "x" },
		"a field less":           func(doc map[string]any) { delete(doc, "notice") },
		"no weeks":               func(doc map[string]any) { doc["weeks"] = []any{} },
		"no plan":                func(doc map[string]any) { week(doc)["plan"] = []any{} },
		"a text for a number":    func(doc map[string]any) { doc["meeting_minutes"] = "90" },
		"an endless meeting":     func(doc map[string]any) { doc["meeting_minutes"] = json.Number("481") },
		"a bad key":              func(doc map[string]any) { doc["key"] = "My course" },
		"a bad version":          func(doc map[string]any) { doc["version"] = "1" },
		"a practice of no time":  func(doc map[string]any) { week(doc)["practice"].(map[string]any)["minutes"] = json.Number("0") },
		"an empty aim":           func(doc map[string]any) { week(doc)["aim"] = "" },
		"null where none can be": func(doc map[string]any) { doc["title"] = nil },
	} {
		doc := read(t, []byte(small))
		change(doc)
		if err := s.Validate(doc); err == nil {
			t.Errorf("%s passes", name)
		}
	}
}
