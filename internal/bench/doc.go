// Command bench measures what a user waits for and what a server costs, on
// SQLite and on PostgreSQL:
//
//	go run ./internal/bench [flags]
//
// Participations: people complete a 12-item questionnaire by HTTP, every request
// from the personal link to the thanks counted, against the program in a process
// of its own, with commits that are on disk before they are acknowledged. Beside
// it, on the same database and with as many writers, the same rows are written
// by a use case, and by plain SQL.
//
// Data: exports of ten thousand, a hundred thousand and a million answers by the
// program in a process of its own, with its peak memory, beside what the database
// needs to hand the same rows out by itself; how long submissions take beside a
// running export; and the report of a study with ten thousand people.
//
// Data are made from a seed, so that a run can be repeated.
package main
