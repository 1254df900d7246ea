// Package exchange carries questionnaires between this program and the formats of
// others: a REDCap data dictionary, a FHIR R4 Questionnaire, an XLSForm.
//
// Every reader gives definitions that have passed [instrument.Parse], and a list of
// what could not be carried over, each entry with its place: nothing is dropped
// silently. The writers give the same list for the other way. What one of them
// writes, its reader reads back to the same questions.
//
// The codes of answers stay the values on the page: a format whose answers have
// names instead of numbers gets numbers in the order of the answers, and the list
// says so.
//
// Entry points: [ReadREDCap], [ReadFHIR], [ReadXLSForm], [WriteREDCap],
// [WriteREDCapProject], [WriteFHIR]. The package knows nothing of storage or pages. What it reads is
// bounded ([MaxBytes]), whatever a file claims of itself.
package exchange
