package web

import "strings"

// fields is a form that knows what was given in a field and what is wrong with it.
type fields interface {
	Value(field string) string
	Fault(field string) string
}

// formField is one field of a form, for templates that write it with its label, its
// hint and its fault.
type formField struct {
	Name, Label, Hint, Value, Fault string
	// Lang is the language of what is written; empty: that of the page.
	Lang string
	// Rows of an area.
	Rows int
}

// newFormField is a field of a form.
func newFormField(f fields, name, label, hint string) formField {
	return formField{Name: name, Label: label, Hint: hint, Value: f.Value(name), Fault: f.Fault(name), Rows: 3}
}

// In is the field for words in a language.
func (f formField) In(language string) formField {
	f.Lang = language
	return f
}

// High is the field with so many rows.
func (f formField) High(rows int) formField {
	f.Rows = rows
	return f
}

// Described are the places that describe the field.
func (f formField) Described() string {
	var ids []string
	if f.Hint != "" {
		ids = append(ids, f.Name+"-hint")
	}
	if f.Fault != "" {
		ids = append(ids, f.Name+"-fault")
	}
	return strings.Join(ids, " ")
}
