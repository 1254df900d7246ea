// Package pgserver runs a throw-away PostgreSQL: a data folder of its own, in memory or
// under the system's temporary folder, reached by a Unix socket that nobody else uses,
// gone when it is stopped. Tests and benchmarks use it; the program never does.
//
// It imports the standard library only, so that the test runner starts at once.
// Begin with [Find] and [Start].
package pgserver
