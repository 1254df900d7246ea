// Package spss writes tables as SPSS system files (.sav), which SPSS, PSPP, jamovi,
// JASP, Stata and R (package haven) read: with labels of variables and values,
// levels of measurement, and user-missing values for each reason why an answer is
// missing; of days and instants, the reason is left out.
//
// The layout is the one that the PSPP project documents in its developer's guide,
// "System File Format": little endian, UTF-8, numbers packed by bytecode. A file is
// written in one pass and depends on its table and rows alone.
package spss
