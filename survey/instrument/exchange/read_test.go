package exchange_test

import (
	"bytes"
	"errors"
	"strings"
	"testing"

	"tidemark/survey/instrument"
	"tidemark/survey/instrument/exchange"
)

func TestAFileIsKnownByItsContent(t *testing.T) {
	t.Parallel()
	questionnaire, _, err := exchange.WriteFHIR(parse(t, sample))
	if err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct {
		file []byte
		keys string
	}{
		"own.json": {[]byte(sample), "evening"}, "q.json": {questionnaire, "evening"}, "dictionary.csv": {[]byte(foreign), "base second"},
		"form.xlsx": {fieldForm(t), "evening"}, "unnamed": {fieldForm(t), "evening"},
	} {
		definitions, _, err := exchange.Read(name, bytes.NewReader(c.file))
		if err != nil {
			t.Errorf("%s: %v", name, err)
		}
		var keys []string
		for _, d := range definitions {
			keys = append(keys, d.Key)
		}
		if got := strings.Join(keys, " "); got != c.keys {
			t.Errorf("%s holds %q, want %q", name, got, c.keys)
		}
	}
	_, _, err = exchange.Read("old.xls", strings.NewReader("\xd0\xcf\x11\xe0"))
	if _, ok := errors.AsType[*exchange.FileError](err); !ok {
		t.Errorf("an old workbook: %v", err)
	}
	_, _, err = exchange.Read("own.json", strings.NewReader(`{"key": "X"}`))
	if _, ok := errors.AsType[instrument.Faults](err); !ok {
		t.Errorf("a faulty file of our own: %v", err)
	}
}
