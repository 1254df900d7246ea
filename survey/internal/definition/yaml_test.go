package definition_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"tidemark/survey/internal/definition"
)

func TestYAMLBecomesJSONWithTheSameValues(t *testing.T) {
	t.Parallel()
	source := `# A comment.
---
name: No            # not false
version: 1.0.0
day: 2026-03-02
'quoted': "a \"b\" ü"
numbers: [1, -2.5, 0, 0.10, 1000000]
truth: [true, False]
nothing: null
also nothing:
list:
  - code: a
    text: >-
      one
      two
  - code: b
    text: |
      three
      four
1: key
`
	got, lines, faults := definition.FromYAML([]byte(source))
	if err := faults.Err(); err != nil {
		t.Fatal(err)
	}
	want := `{"name":"No","version":"1.0.0","day":"2026-03-02","quoted":"a \"b\" ü","numbers":[1,-2.5,0,0.1,1e+06],"truth":[true,false],` +
		`"nothing":null,"also nothing":null,"list":[{"code":"a","text":"one two"},{"code":"b","text":"three\nfour"}],"1":"key"}`
	if diff := cmp.Diff(string(got), want); diff != "" {
		t.Errorf("got -, want +:\n%s", diff)
	}
	for place, want := range map[string]int{"": 1, "name": 3, "numbers[1]": 7, "list": 11, "list[0].text": 13, "list[1].code": 16} {
		if lines[place] != want && place != "" {
			t.Errorf("%s is on line %d, want %d", place, lines[place], want)
		}
	}
}

func TestAFaultOfYAMLHasItsLine(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct{ source, want string }{
		"twice":             {"a: 1\nb: 2\na: 3", `line 3: the file is not valid YAML: mapping key "a" already defined at [1:1]`},
		"tab":               {"a: 1\n\tb: 2", `line 2: the file is not valid YAML: found character`},
		"open list":         {"a:\n  [1", `line 2: the file is not valid YAML`},
		"anchor":            {"a: &x 1\nb: *x", `line 1: anchors (&) and aliases (*) are not taken`},
		"tag":               {"a: 1\nb: !!str 3", `line 2: tags (!) are not taken`},
		"merge":             {"a: 1\n<<: {b: 2}", `line 2: merged mappings (<<) are not taken`},
		"explicit key":      {"? a\n: 1", `line 1: keys with ? are not taken`},
		"directive":         {"%YAML 1.2\n---\na: 1", `line 1: directives (%) are not taken`},
		"two documents":     {"a: 1\n---\nb: 2", `line 2: a second document begins here`},
		"infinite":          {"a: 1\nb: .inf", `line 2: b: is no finite number`},
		"octal":             {"a: 010", `line 1: a: "010" must be written as a plain number`},
		"hexadecimal":       {"a: 0x1f", `line 1: a: "0x1f" must be written as a plain number`},
		"empty":             {"", `the file is empty`},
		"only a comment":    {"# nothing", `the file is empty`},
		"not text":          {"a: \xff", `the file is not valid UTF-8 text`},
		"nul":               {"a: \x00", `the file is not valid UTF-8 text`},
		"large":             {"a: " + strings.Repeat("x", definition.MaxYAMLBytes), `the file has 524291 bytes, more than the 524288 that are read`},
		"deep":              {strings.Repeat("[", 40), `line 1: is nested too deeply`},
		"deep lists":        {strings.Repeat("- ", 40) + "a", `line 1: is nested too deeply`},
		"a crowded line":    {"a: [" + strings.Repeat("1,", 2000) + "1]", `line 1: the line has more parts than are read`},
		"too many entries":  {keys(1001), `line 1001: the mapping has more than 1000 entries`},
		"too many of parts": {"a:\n" + strings.Repeat("  - 1\n", 40_000), `line 30001: the file has more parts than are read`},
	} {
		asJSON, _, faults := definition.FromYAML([]byte(c.source))
		if len(faults) == 0 || asJSON != nil || !strings.HasPrefix(faults[0].String(), c.want) {
			t.Errorf("%s: %v, want %s", name, faults, c.want)
		}
	}
}

func keys(n int) string {
	var b strings.Builder
	for i := range n {
		fmt.Fprintf(&b, "k%d: 1\n", i)
	}
	return b.String()
}

func TestAFaultInsideIsMarkedWithTheLineOfWhatIsAroundIt(t *testing.T) {
	t.Parallel()
	_, lines, faults := definition.FromYAML([]byte("a: 1\nlist:\n  - code: x\n  - code: y\n    text: z"))
	if err := faults.Err(); err != nil {
		t.Fatal(err)
	}
	var got definition.Faults
	for _, place := range []string{"list[1].text", "list[1].missing", "list[0].options[3].label", "missing", ""} {
		got.Add(place, "x")
	}
	var at []int
	for _, fault := range lines.Mark(got) {
		at = append(at, fault.Line)
	}
	if diff := cmp.Diff(at, []int{5, 4, 3, 1, 1}); diff != "" {
		t.Errorf("got -, want +:\n%s", diff)
	}
}

func FuzzFromYAML(f *testing.F) {
	for _, s := range []string{"a: 1", "- a\n- b: [1, {c: d}]", "a: |\n  x\n", "? a", "a: *b", "'", "[[[", "a:\n- b\n -c", "--- \n...", "\"\\u", "a: >\n\n\n", "{a: 1, b}", "<<: 1", "a: 1e3", "%a"} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		start := time.Now()
		asJSON, _, faults := definition.FromYAML(data)
		if took := time.Since(start); took > 10*time.Second {
			t.Fatalf("%d bytes took %v", len(data), took)
		}
		if (asJSON == nil) != (len(faults) > 0) {
			t.Fatalf("JSON %q and faults %v", asJSON, faults)
		}
		if asJSON != nil && !json.Valid(asJSON) {
			t.Fatalf("not JSON: %s", asJSON)
		}
	})
}
