// Package readers reads files back with other people's programs, for tests of what
// we write: R with haven, PSPP, Python with pandas, and JavaScript with hyparquet
// and a validator of FHIR. Where they are not installed a test is skipped, unless
// REQUIRE_READERS is set, as it is where every check must run.
package readers
