// Package filedata makes the dataset of a report from a researcher's own file,
// and describes what the file holds.
//
// A [Spec] says what the columns are: scores or items at one wave or several,
// in one row a person or in one row a person and wave. [Read] scores the items,
// and warns of what is likely to be wrong: codes for missing answers among the
// answers, keys that turn an item twice or not at all, scores coded in opposite
// directions. [File.Describe] adds what a report on a study need not say, and a
// reader of a file wants to check: every scale at every wave with its items,
// every standardised effect by its name.
//
// The package reads no files itself; package sheet does, and package paper makes
// the report.
package filedata
