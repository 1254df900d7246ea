package instrument_test

import (
	"testing"

	"tidemark/survey/instrument"
)

func TestEveryBuiltInQuestionnaireComesBackFromItsYAML(t *testing.T) {
	t.Parallel()
	all, err := instrument.Builtin()
	if err != nil {
		t.Fatal(err)
	}
	for _, d := range append(all, parsed(t, scales)) {
		data, err := d.YAML()
		if err != nil {
			t.Fatal(err)
		}
		back, err := instrument.ParseYAML(data)
		if err != nil {
			t.Errorf("%s: %v\n%s", d.Key, err, data)
			continue
		}
		if back.Hash() != d.Hash() {
			t.Errorf("%s is another questionnaire:\n%s", d.Key, data)
		}
	}
}
