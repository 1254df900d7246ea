// Package jamovi writes tables as jamovi files (.omv): with labels of variables and
// values, levels of measurement (ID is one), and missing values for each reason why
// an answer is missing.
//
// An .omv file is a ZIP archive of a manifest, metadata.json (variables), xdata.json
// (levels), data.bin (column after column, four or eight bytes a value) and
// strings.bin (texts). jamovi's own reader and writer, and those of the R package
// jmvReadWrite, are what the layout was learned from; it is that of archive version
// 11. jamovi knows no days and times: they are days since 1970, as jmvReadWrite
// writes them.
package jamovi
