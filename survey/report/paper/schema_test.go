package paper_test

import (
	"bytes"
	"encoding/json"
	"flag"
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/santhosh-tekuri/jsonschema/v6"

	"tidemark/survey/plan"
	"tidemark/survey/report/paper"
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
	if diff := cmp.Diff(strings.Split(string(paper.JSONSchema()), "\n"), strings.Split(string(made), "\n")); diff != "" {
		t.Errorf("schema.json (-published +types; -update rewrites it):\n%s", diff)
	}
}

// compiled is the published schema in a validator that is not ours, which holds
// it to the rules for schemas too.
func compiled(t *testing.T) *jsonschema.Schema {
	t.Helper()
	doc, err := jsonschema.UnmarshalJSON(bytes.NewReader(paper.JSONSchema()))
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

func written(t *testing.T, p *paper.Paper) any {
	t.Helper()
	var b bytes.Buffer
	if err := p.WriteJSON(&b); err != nil {
		t.Fatal(err)
	}
	doc, err := jsonschema.UnmarshalJSON(&b)
	if err != nil {
		t.Fatal(err)
	}
	return doc
}

func TestPapersAreWhatTheSchemaSays(t *testing.T) {
	t.Parallel()
	s := compiled(t)
	d := rehearsed(t, 1, 122)
	unplanned, marginal := planned(d), thorough(d)
	unplanned.Version = 0
	marginal.Content.Model.Structure = plan.Unstructured
	few := first(rehearsed(t, 4, 60), 14)
	nobody := first(rehearsed(t, 5, 20), 0)
	alone := rehearsed(t, 2, 60)
	alone.Arms, alone.Runs = []paper.Arm{{Key: "all", Name: "All"}}, []string{"First", "Second"}
	for i := range alone.People {
		alone.People[i].Arm, alone.People[i].Run = 0, i%2
	}
	for name, p := range map[string]*paper.Paper{
		"thorough": build(t, d, thorough(d)), "unplanned": build(t, d, unplanned), "marginal": build(t, d, marginal),
		"few": build(t, few, thorough(few)), "nobody": build(t, nobody, planned(nobody)), "one arm": build(t, alone, planned(alone)),
		"nothing": {Schema: paper.Schema},
	} {
		if err := s.Validate(written(t, p)); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// A schema that lets everything pass would be of no use.
func TestTheSchemaFindsWhatIsWrong(t *testing.T) {
	t.Parallel()
	s := compiled(t)
	d := rehearsed(t, 1, 60)
	p := build(t, d, planned(d))
	for name, change := range map[string]func(doc map[string]any){
		"another form":        func(doc map[string]any) { doc["schema"] = "tidemark.paper/2" },
		"a member more":       func(doc map[string]any) { doc["extra"] = 1 },
		"a member less":       func(doc map[string]any) { delete(doc, "flow") },
		"a text for a number": func(doc map[string]any) { doc["level"] = "0.95" },
		"an unknown standing": func(doc map[string]any) { outcome(doc)["standing"] = "certain" },
		"a number and a reason": func(doc map[string]any) {
			outcome(doc)["g"] = map[string]any{"value": json.Number("1"), "reason": "no_data"}
		},
		"no number and no reason": func(doc map[string]any) { outcome(doc)["g"] = map[string]any{"value": nil} },
	} {
		doc, ok := written(t, p).(map[string]any)
		if !ok {
			t.Fatal("a paper is no object")
		}
		change(doc)
		if err := s.Validate(doc); err == nil {
			t.Errorf("%s passes", name)
		}
	}
}

func outcome(doc map[string]any) map[string]any {
	return doc["outcomes"].([]any)[0].(map[string]any)
}
