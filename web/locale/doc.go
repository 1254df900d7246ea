// Package locale is what the program says to participants, in each language: the
// texts, the forms of plurals, and how days and numbers are written.
//
// A text stands in the file of its area, as en/home.json, and is asked for by
// area and name:
//
//	de := catalogue.In("de")
//	de.Say("home.due", "Count", 3)
//
// Values stand in braces, as {Name}. A text that depends on a number has a form
// for each of the language's plural categories and takes the number as Count.
// A text with markup is asked for by [Language.HTML]; what is put into it is
// escaped.
//
// Everything is read and taken apart once, by [Load]. The package knows neither
// pages nor studies.
package locale
