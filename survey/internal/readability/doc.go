// Package readability estimates how many years of schooling an English text asks
// of its reader. Tests use it to keep questions and course texts at a reading
// age of about eleven, which is grade six.
//
// It is an estimate from word and sentence length. It cannot tell whether a text
// is good, only that it has become too hard. It imports the standard library
// only; the entry point is [Grade].
package readability
