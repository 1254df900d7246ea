package definition

import (
	"encoding/json"
	"reflect"
	"testing"
)

func TestWhatIsWrittenAsYAMLIsReadBack(t *testing.T) {
	t.Parallel()
	for _, text := range []string{
		`{}`, `{"a": {}}`, `{"a": []}`, `{"a": [{"b": 1, "c": "x"}, {"b": -2.5, "c": "x: y"}]}`,
		`{"a": "No", "b": "yes", "c": "1.0", "d": "1e3", "e": "null", "f": "~", "g": "- x", "h": "#x", "i": "a # b", "j": "@x", "k": "%x"}`,
		`{"a": "two\nlines\n", "b": " ends ", "c": "tab\there", "d": "\"quoted\" 'too'", "e": "{x}", "f": "[x]", "g": "a, b", "h": "x:"}`,
		`{"a": "ä ö “so” – ’ja’", "b": "日本", "c": "\u2028", "d": "back\\slash", "e": "", "f": "<b>&amp;</b>", "g": "😀"}`,
		`{"answers": {"y": 1, "no": 2, "é": 3}, "list": [[1, 2], [3]], "deep": {"a": {"b": {"c": ["x", {"d": null, "e": true, "f": false}]}}}}`,
		`{"long": ["` + longText + `", "` + longText + `"], "n": 1e-7, "m": 123456789, "o": 0.30000000000000004}`,
	} {
		written, err := ToYAML([]byte(text))
		if err != nil {
			t.Fatal(err)
		}
		back, _, faults := FromYAML(written)
		if len(faults) > 0 {
			t.Errorf("%s is written as\n%s, in which are faults: %v", text, written, faults)
			continue
		}
		var got, want any
		if json.Unmarshal(back, &got) != nil || json.Unmarshal([]byte(text), &want) != nil || !reflect.DeepEqual(got, want) {
			t.Errorf("%s is written as\n%s, and read as\n%s", text, written, back)
		}
	}
	if _, err := ToYAML([]byte(`{"a": `)); err == nil {
		t.Error("half a file was written")
	}
}

const longText = "a text that is longer than what stands on a line beside another one of the same length"

func FuzzToYAML(f *testing.F) {
	f.Add(`{"a": ["x", {"b": "y: z"}]}`)
	f.Fuzz(func(t *testing.T, s string) {
		data, err := json.Marshal(map[string]any{"text": s, "list": []string{s, s}, "map": map[string]string{"k": s}})
		if err != nil {
			return
		}
		written, err := ToYAML(data)
		if err != nil {
			t.Fatal(err)
		}
		back, _, faults := FromYAML(written)
		if len(faults) > 0 { // what the reader refuses, such as lines too long and characters that are not text
			return
		}
		var got, want any
		if json.Unmarshal(back, &got) != nil || json.Unmarshal(data, &want) != nil || !reflect.DeepEqual(got, want) {
			t.Errorf("%q became %s", s, back)
		}
	})
}
