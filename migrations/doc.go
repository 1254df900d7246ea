// Package migrations holds the database schema and brings databases to it.
//
// There is one folder of SQL files per engine, with equal numbers and names: a
// schema change is written twice, once for each, and a test of package store
// compares what they make. Files are never edited once released. Goose records
// each file in the transaction that applies it.
//
// [Apply] migrates; [Check] refuses a database that is older or newer than the
// program, and says what to run. The package imports nothing of Tidemark.
package migrations
