// Package store keeps everything in SQLite or PostgreSQL: the one
// implementation of [survey.Store], and the only user of GORM and of SQL.
//
// [Open] is the way in. The engines differ in dialect.go (how an instant is
// written, how a row is locked) and in how a transaction is made durable:
// on PostgreSQL each has its own commit; on SQLite a single writer lets
// transactions that wait at the same moment share one commit (see
// groupcommit.go), each in a savepoint of its own. Everything else, one file per
// aggregate, is the same SQL on both.
//
// The schema belongs to package migrations; GORM's own migrations are refused.
// The package never imports a front end.
package store
