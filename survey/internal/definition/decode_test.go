package definition_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"tidemark/survey/internal/definition"
)

type kind string

type part struct {
	Code   string   `json:"code"`
	Weight *float64 `json:"weight"`
}

type sheet struct {
	Name    string             `json:"name"`
	Kind    kind               `json:"kind,omitempty"`
	Count   int                `json:"count"`
	Open    bool               `json:"open"`
	Parts   []part             `json:"parts"`
	Values  map[string]float64 `json:"values"`
	Private string             `json:"-"`
}

func TestDecodeReadsEveryKindOfField(t *testing.T) {
	t.Parallel()
	var got sheet
	faults := definition.Decode([]byte(` {"name": "a", "kind": "k", "count": 3, "open": true,
		"parts": [{"code": "x", "weight": 0.5}, {"code": "y", "weight": null}], "values": {"v": 2}} `), &got)
	if err := faults.Err(); err != nil {
		t.Fatal(err)
	}
	half := 0.5
	want := sheet{Name: "a", Kind: "k", Count: 3, Open: true,
		Parts: []part{{"x", &half}, {"y", nil}}, Values: map[string]float64{"v": 2}}
	if diff := cmp.Diff(got, want); diff != "" {
		t.Errorf("got -, want +:\n%s", diff)
	}
}

func TestDecodeReportsEveryFaultWithItsPlace(t *testing.T) {
	t.Parallel()
	var target sheet
	faults := definition.Decode([]byte(`{
		"name": 7, "nane": "typo", "Name": "case", "Private": "x", "count": 1.5, "open": "yes",
		"parts": [{"code": "x", "code": "y"}, 3, {"weight": [], "code": null, "extra": {}}],
		"values": {"a": "b", "c": 1}, "values": {}, "kind": {}}`), &target)
	var got []string
	for _, fault := range faults {
		got = append(got, fault.String())
	}
	want := []string{
		"values: is given twice",
		"name: must be text, is the number 7",
		"nane: is not a known field",
		"Name: is not a known field",
		"Private: is not a known field",
		"count: must be a whole number, is the number 1.5",
		"open: must be true or false, is text",
		"parts[0].code: is given twice",
		"parts[1]: must be an object, is the number 3",
		"parts[2].weight: must be a number, is a list",
		"parts[2].code: is null; give a value or leave the field out",
		"parts[2].extra: is not a known field",
		"values.a: must be a number, is text",
		"kind: must be text, is an object",
	}
	if diff := cmp.Diff(got, want); diff != "" {
		t.Errorf("got -, want +:\n%s", diff)
	}
}

func TestDecodeRefusesWhatIsNoDefinitionFile(t *testing.T) {
	t.Parallel()
	cases := map[string]struct{ data, want string }{
		"empty":       {"", "not valid JSON"},
		"syntax":      {"{\n  \"name\": \"a\",\n  oops\n}", "line 3, column 3"},
		"trailing":    {`{"name": "a"} {}`, "not valid JSON"},
		"null":        {"null", "is null"},
		"a list":      {"[]", "must be an object, is a list"},
		"not UTF-8":   {"{\"name\": \"\xff\"}", "not valid UTF-8"},
		"huge":        {strings.Repeat(" ", definition.MaxBytes) + "{}", "more than the"},
		"huge number": {`{"values": {"a": 1e999}}`, "values.a: must be a number"},
		"deep":        {`{"parts": ` + strings.Repeat("[", 20000) + strings.Repeat("]", 20000) + "}", "not valid JSON"},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var target sheet
			err := definition.Decode([]byte(c.data), &target).Err()
			if err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("error %v, want one that says %q", err, c.want)
			}
		})
	}
}

func TestFaultsWithoutFaultsAreNoError(t *testing.T) {
	t.Parallel()
	var faults definition.Faults
	if err := faults.Err(); err != nil {
		t.Errorf("no faults gave the error %v", err)
	}
	faults.Add("items[3].code", "%q is odd", "X")
	if got, want := faults.Err().Error(), `1 fault in the definition: items[3].code: "X" is odd`; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
	faults.Add("", "is too long")
	if got, want := faults.Err().Error(), "2 faults in the definition:\n  items[3].code: \"X\" is odd\n  is too long"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}
