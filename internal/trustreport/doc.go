// Command trustreport writes docs/trust-report.md: each promise with the tests that
// hold it, and what their last run found.
//
//	go run ./internal/trustreport            after make soak, make load or the tests of faults
//
// The promises are a table in this package. A promise has tests by name, of which a
// test sees that they exist; or says why there is none yet. Figures come from lines of
// JSON in docs/trust-results, which suites write when TIDEMARK_RESULTS names that
// folder; what has no line is said not to have been counted.
package main
