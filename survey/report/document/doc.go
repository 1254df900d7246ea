// Package document lays a report out to be read: the answer first, then section
// by section texts, figures and tables.
//
// A [Document] is a paper, the data its figures are drawn from, and what a reader
// has chosen: a language, and the outcome in front. [Document.Sections] is what a
// page of the program shows, [WriteHTML] a file that needs nothing but itself.
//
// The package computes nothing: whatever may not be shown was hidden in the paper.
// It knows no page, no database and no statistics.
package document
