// Package stata writes tables as Stata data sets (.dta, release 118, which Stata 14
// and later read, and R by package haven): with labels of variables and of whole
// numbers, and the extended missing values .a, .b … for the reasons why an answer
// is missing.
//
// The layout is that of Stata's documentation, "help dta". What Stata has no place
// for stands in the notes of the data set: labels beyond 80 characters, names
// beyond 32, what texts mean.
package stata
