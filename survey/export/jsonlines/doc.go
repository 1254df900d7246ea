// Package jsonlines writes tables as JSON Lines: an object a row, whose names are
// those of the variables. What is missing is null, and its reason stands under
// "_missing" by the name of the variable. Nothing is lost, shortened or escaped for
// a spreadsheet.
package jsonlines
