// Package storetest holds a [survey.Store] to its contract, and opens fresh
// stores for tests.
//
// [Run] is the contract: every promise of survey/store.go as a test, run by
// package store over both engines. [Each] runs any test on both engines;
// [SQLite] and [Postgres] open one. The PostgreSQL server for tests is named by
// the environment variable TIDEMARK_TEST_POSTGRES; where there is none, its tests
// are skipped, unless REQUIRE_POSTGRES=1 forbids that.
//
// The package is for tests only: nothing that runs imports it.
package storetest
