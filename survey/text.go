package survey

import (
	"strings"
	"unicode/utf8"
)

// textFault is what is wrong with a text of at most so many bytes, as a message
// key; empty when nothing is. A text must be one that every database keeps.
func textFault(text string, most int) string {
	switch {
	case len(text) > most:
		return "text.too_long"
	case !utf8.ValidString(text) || strings.ContainsRune(text, 0):
		return "text.unreadable"
	}
	return ""
}

// checkText notes a fault of a text in a field.
func checkText(faults FieldErrors, field, text string, most int) {
	if fault := textFault(text, most); fault != "" {
		faults[field] = fault
	}
}
