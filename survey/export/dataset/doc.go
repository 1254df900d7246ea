// Package dataset says what a table of data is, in terms that every file format
// can be written from: variables with labels, measures and reasons for missing
// values, and cells that hold a value or the reason why there is none.
//
// A [Table] is the description; a [Writer] of some format takes the rows. Formats
// differ in how they tell a reason from a value: [Table.Codes] finds numbers that
// no variable of the table can hold, for those that need some.
//
// The package is pure and imports only the standard library.
package dataset
