package kinds

import "testing"

func TestTheQuestionnaireHasAQuestionOfEveryKind(t *testing.T) {
	t.Parallel()
	d, err := Definition()
	if err != nil {
		t.Fatal(err)
	}
	kinds := map[string]bool{}
	for _, item := range d.Items {
		kinds[string(item.Type)] = true
	}
	for _, kind := range []string{"", "multiple", "number", "slider", "text", "long_text", "date", "yes_no", "information"} {
		if !kinds[kind] {
			t.Errorf("no item of type %q", kind)
		}
	}
}
