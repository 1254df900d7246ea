package browser

import (
	"encoding/json"
	"fmt"
	"strings"
)

// TourLibrary walks through the pages of the questionnaires: the list, one with and
// one without wording, a pasted sheet with doubts, with faults and as it is added, a
// correction, an edited one, and what a study asks.
func TourLibrary(b *Browser, ways Ways, width int, look func(Stop) error) error {
	base, err := ways.base()
	if err != nil {
		return err
	}
	return walkThrough(b, ways, base, width, look, (*walk).library)
}

func (w *walk) library() error {
	const add = "button[value=add]"
	return w.do(
		signIn(w.ways.Researcher),
		visit("/instruments"), see("instruments"),
		visit("/instruments/self_compassion"), see("instrument-own"),
		visit("/instruments/socs_s"), see("instrument-not-ready"),
		visit("/instruments/scs_26"), see("instrument-wording-missing"),
		follow("a[href='/instruments/add/scs-26']"), see("instrument-add"),
		visit("/instruments/add/brs-6"),
		fill("#pasted", Sheet(5, 6)+"\nA line too many"), follow("button[value=preview]"), see("instrument-add-found"),
		fill("#item_3", ""), follow(add), see("instrument-add-faults"),
		fill("#item_3", "I look at cup number three."), fill("#name", "Ana Ruiz"), click("#accept"), click("#checked"),
		follow(add), see("instrument-added"),
		follow("a[href*='/correct']"), see("instrument-correct"),
		follow("main form .btn"), see("instrument-correct-faults"),
		fill("#item_2", "I look at cup number ii!"), fill("#note", "A mark at the end."), follow("main form .btn"), see("instrument-versions"),
		follow("a[href*='/new?from']"), see("instrument-edit"),
		follow("main form .btn"), see("instrument-edit-faults"),
		visit("/instruments/new"), fill("#file", `{"key": "x"}`), follow("main form .btn"), see("instrument-new-faults"),
		visit(study+"/questionnaires"), see("questionnaires"),
	)
}

// Sheet is a questionnaire of our own as somebody would paste it: answers, then
// numbered items.
func Sheet(answers, items int) string {
	var b strings.Builder
	for i := 1; i <= answers; i++ {
		fmt.Fprintf(&b, "%d = Choice %s\n", i, strings.Repeat("i", i))
	}
	for i := 1; i <= items; i++ {
		fmt.Fprintf(&b, "%d. I look at cup number %s.\n", i, strings.Repeat("i", i))
	}
	return b.String()
}

// fill puts a text with line breaks into a field.
func fill(css, text string) step {
	return func(w *walk) error {
		field, err := json.Marshal(css)
		if err != nil {
			return err
		}
		value, err := json.Marshal(text)
		if err != nil {
			return err
		}
		_, err = Evaluate[bool](w.Tab, fmt.Sprintf("document.querySelector(%s).value = %s, true", field, value))
		return err
	}
}
