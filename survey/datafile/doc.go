// Package datafile reads tables that other programs wrote: CSV, whatever its
// separator and encoding, and SPSS system files (.sav and .zsav) with their labels
// of variables and values and their user-missing values.
//
// [Read] finds out by itself which of them a file is. Every cell comes as text: a
// number with a point and every digit it has, a day as 2026-03-02, an instant as
// 2026-03-02T18:30:00.000Z; what is missing, for the system or by the user's
// declaration, is empty. Nothing is judged: whether a cell is an answer is decided
// elsewhere.
//
// A file may be anybody's: what is read is bounded by [Limits] whatever the file
// says of its own size, and every fault is an [Error] that says what to do.
//
// The layout of SPSS files is the one that the PSPP project documents in its
// developer's guide, "System File Format". The package imports the standard library,
// tables of letters, and how lists of people are decoded.
package datafile
