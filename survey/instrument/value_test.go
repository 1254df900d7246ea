package instrument_test

import (
	"encoding/json"
	"math"
	"testing"

	"github.com/google/go-cmp/cmp"

	"tidemark/survey/instrument"
)

func TestAnAnswerSurvivesStorageAndJSON(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		kind  instrument.ItemType
		value instrument.Value
		json  string
	}{
		{instrument.TypeSingle, instrument.NumberValue(0), `0`},
		{instrument.TypeSlider, instrument.NumberValue(-2.5), `-2.5`},
		{instrument.TypeText, instrument.TextValue("1,3"), `"1,3"`},
		{instrument.TypeDate, instrument.TextValue("2026-03-02"), `"2026-03-02"`},
		{instrument.TypeMultiple, instrument.ChoicesValue(3, 1, 3), `[1,3]`},
		{instrument.TypeMultiple, instrument.ChoicesValue(0), `[0]`},
	} {
		number, text := c.value.Stored()
		if got := instrument.ValueOf(c.kind, number, text); got != c.value {
			t.Errorf("%q kept as %v, %q comes back as %q", c.value, number, text, got)
		}
		data, err := json.Marshal(c.value)
		if err != nil || string(data) != c.json {
			t.Errorf("%q is written %s, %v; want %s", c.value, data, err, c.json)
		}
		var read instrument.Value
		if err := json.Unmarshal(data, &read); err != nil || read != c.value {
			t.Errorf("%s is read as %q, %v", data, read, err)
		}
	}
}

func TestNothingGivenIsNoAnswerAndNeverZero(t *testing.T) {
	t.Parallel()
	for name, v := range map[string]instrument.Value{
		"no value": {}, "empty text": instrument.TextValue(""), "no choice": instrument.ChoicesValue(),
	} {
		_, number := v.Number()
		_, text := v.Text()
		if !v.IsZero() || number || text || v.Choices() != nil {
			t.Errorf("%s is an answer", name)
		}
		if data, err := json.Marshal(v); err != nil || string(data) != "null" {
			t.Errorf("%s is written %s, %v", name, data, err)
		}
	}
	if instrument.NumberValue(math.NaN()).IsZero() {
		t.Error("a number that is none takes an answer back")
	}
	for _, bad := range []string{`true`, `{}`, `["a"]`, `[1,null]`} {
		var v instrument.Value
		if err := json.Unmarshal([]byte(bad), &v); err == nil {
			t.Errorf("%s is read as %q", bad, v)
		}
	}
}

func TestOnlyNumbersAreScored(t *testing.T) {
	t.Parallel()
	answers := instrument.Answers{
		"a": instrument.NumberValue(2), "b": instrument.TextValue("3"), "c": instrument.ChoicesValue(4), "d": {},
	}
	if diff := cmp.Diff(answers.Numbers(), instrument.Numbers{"a": 2}); diff != "" {
		t.Errorf("got -, want +:\n%s", diff)
	}
}
