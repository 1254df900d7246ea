package instrument

import (
	"fmt"
	"maps"
	"slices"
	"strings"
)

// Message keys in FieldErrors.
const (
	// MessageUnknownItem: the instrument has no such item.
	MessageUnknownItem = "answer.unknown_item"
	// MessageNotAnOption: the answer is not one of those offered.
	MessageNotAnOption = "answer.not_an_option"
)

// FieldErrors are refused answers: item code to message key.
type FieldErrors map[string]string

// Error lists the refused items in the order of their codes. It never holds an
// answer.
func (f FieldErrors) Error() string {
	parts := make([]string, 0, len(f))
	for _, code := range slices.Sorted(maps.Keys(f)) {
		parts = append(parts, fmt.Sprintf("%q: %s", code, f[code]))
	}
	return "answers refused: " + strings.Join(parts, ", ")
}

// Check says whether all answers are to known items and among what they offer.
// Unanswered items, and answers taken back, are no fault. The error is of type
// FieldErrors.
func (d *Definition) Check(answers Answers) error {
	refused := FieldErrors{}
	for code, answer := range answers {
		item, known := d.Item(code)
		switch {
		case !known || !item.Type.Asked():
			refused[code] = MessageUnknownItem
		case !answer.IsZero() && !d.takes(item, answer):
			refused[code] = MessageNotAnOption
		}
	}
	if len(refused) == 0 {
		return nil
	}
	return refused
}

// takes reports whether an item takes an answer.
func (d *Definition) takes(item Item, answer Value) bool {
	number, ok := answer.Number()
	options, _ := d.ItemOptions(item.Code)
	return ok && offers(options, number)
}
