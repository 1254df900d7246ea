// Package report turns the scores of a study into what a researcher reads: who
// was asked and answered, what changed, for how many, and how surely.
//
// [Build] reads a study in a constant number of queries and makes a [Report].
// [Analyse] is the heart of it: the statistics of one outcome from plain
// columns, the same for a study and for any file of numbers. A Report is data;
// [Report.Tables] are its tables for people, [Report.Frames] the same numbers in
// full for programs, and the methods of [Outcome] give its sentences and
// figures. Rounding happens only in format.go.
//
// A number that cannot be had carries its reason. What could point to single
// people is taken out in small.go, before anything leaves the package.
//
// The package imports survey and analysis, reads through survey.DataReader, and
// knows neither a database nor a page.
package report
