// Package consent holds what people are told before they agree to take part in a
// study. A [Text] is a plain value in one language: a title, a short summary,
// and a section for each [Element] that must be told. [Text.Check] names what is
// missing, [Text.Hash] names exactly this text, and [Text.Plain] writes it
// without layout. [Template] is a text written by us, with blanks for what only
// those who run a study can know.
//
// The elements are those that guidance for research on the internet and
// university practice agree on (British Psychological Society, Ethics
// guidelines for internet-mediated research, 2021).
//
// The package imports the standard library alone. It knows no database, no page
// and no person.
package consent
