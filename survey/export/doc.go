// Package export writes a study's data as CSV: [Long] with one row an answer,
// [Wide] with one row a person, [Scores] with one row a score, [Texts] with one row
// an answer in a person's own words, [Practice] with one
// row for each time somebody practised, [Reflections] with what people wrote for
// themselves and share, and [Codebook], which says what every column means.
//
// People appear under their codes. The package reads no contact data and holds
// no way to ask for any. Whoever may analyse the study may export it; anybody
// else gets survey.ErrForbidden before a byte is written.
//
// # Form
//
// UTF-8 without a byte order mark, RFC 4180 with one departure: lines end in
// "\n" alone, which every reader of CSV takes and which leaves no stray carriage
// return in the last column of line-based tools. The first row names the
// columns. It follows from the protocol alone, so that it is the same before the
// first answer and after the last. Times are UTC with milliseconds, numbers have
// a decimal point and every digit they were stored with.
//
// # Own words
//
// What people answer in their own words can tell who they are. It stands in the
// file of [Texts] alone, which is asked for by itself; the long file says where
// there is such an answer, and the wide file has no column for it.
//
// # Missing
//
// What is missing is an empty cell and never a number. In the long file the
// column "missing" says why. In the wide file it stays empty whether the
// questionnaire was not for that person, not yet due, not answered, or the
// question was left out; the long file and the time of submission tell these
// apart.
//
// Answers that were saved and never submitted are included, with an empty time
// of submission; scores exist for submitted questionnaires only. People who left
// the study are included with what they gave until then. A file shows one state
// of the data: what happens while it is being written is not in it.
//
// # Spreadsheets
//
// A spreadsheet runs a cell that begins with "=", "+", "-" or "@". In columns of
// text such a cell begins with "'" instead. Columns of numbers are never touched:
// -3 stays -3.
//
// # Memory
//
// Rows are written as they are read. What is held is the list of people and, for
// Wide and Scores, sixteen bytes for each score a person can have.
//
// The package imports survey and its definitions only.
package export
