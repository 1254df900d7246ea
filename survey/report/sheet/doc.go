// Package sheet reads a researcher's file of numbers: CSV as spreadsheets and
// statistics programs write it, with whatever separator, decimal sign and
// encoding they use.
//
// [Read] takes the file apart and says in Notes what it found; [Sheet.Wide] and
// [Sheet.Long] turn rows into people with two scores each. Nothing is guessed
// silently and no cell is dropped: what cannot be understood is a Fault with its
// line, its column and what to do.
//
// [ReadTable] and [ReadLong] do the same for long files that are in order, many
// times faster; they leave everything else to Read, so that there is one place that
// says what is wrong.
//
// The package imports the standard library only.
package sheet
