// Package parquet writes tables as Apache Parquet files, version 1 of the format's
// pages, compressed with gzip; it needs no library, which would make the program larger
// by a tenth.
//
// Numbers are DOUBLE, texts UTF-8 strings, days DATE, and instants TIMESTAMP in
// milliseconds UTC; every column may be null. The format has no place for why a
// value is missing, and a number such as -99 in place of it would be computed with.
// So a variable that has reasons is followed, after all variables, by a column of
// its own, [Variable.MissingName], with the key of the reason where there is one. Columns
// that are not asked for are not read, and cost next to nothing.
//
// Labels, levels of measurement and reasons in words are a JSON text, [Description],
// in the file's key-value metadata under [MetadataKey].
//
// Rows go out in groups of a bounded number of cells, so that what is held in memory
// does not grow with the table.
package parquet
