package instrument_test

import (
	"encoding/json"
	"os"
	"strings"
	"testing"

	"tidemark/survey/instrument"
)

const formatDoc = "../../docs/instrument-format.md"

func TestTheExampleInTheDocumentationIsSound(t *testing.T) {
	t.Parallel()
	data, err := os.ReadFile(formatDoc)
	if err != nil {
		t.Fatal(err)
	}
	_, rest, found := strings.Cut(string(data), "```yaml\n")
	example, _, ended := strings.Cut(rest, "```")
	if !found || !ended {
		t.Fatalf("%s has no example", formatDoc)
	}
	d, err := instrument.ParseYAML([]byte(example))
	if err != nil {
		t.Fatal(err)
	}
	if gaps := d.Gaps("de"); len(gaps) > 0 {
		t.Errorf("its translation leaves out %v", gaps)
	}
	if err := compiled(t).Validate(written(t, d)); err != nil {
		t.Errorf("it is not what the schema says: %v", err)
	}
}

func TestTheDocumentationNamesEveryField(t *testing.T) {
	t.Parallel()
	data, err := os.ReadFile(formatDoc)
	if err != nil {
		t.Fatal(err)
	}
	var schema struct {
		Defs map[string]struct {
			Properties map[string]any `json:"properties"`
			Enum       []string       `json:"enum"`
		} `json:"$defs"`
	}
	if err := json.Unmarshal(instrument.JSONSchema(), &schema); err != nil {
		t.Fatal(err)
	}
	for name, def := range schema.Defs {
		for field := range def.Properties {
			if !strings.Contains(string(data), "`"+field+"`") {
				t.Errorf("%s does not name the field %s of %s", formatDoc, field, name)
			}
		}
		for _, value := range def.Enum {
			if value != "" && !strings.Contains(string(data), "`"+value+"`") {
				t.Errorf("%s does not name the value %s of %s", formatDoc, value, name)
			}
		}
	}
	for _, function := range instrument.Functions() {
		if !strings.Contains(string(data), function) {
			t.Errorf("%s does not name the function %s", formatDoc, function)
		}
	}
}
