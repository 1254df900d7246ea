// Package trials keeps what the suites of faults and load have found: one line of
// JSON for each row of a table, with the commit, the day and the machine, in the
// folder that TIDEMARK_RESULTS names. The trust report is made from these lines.
//
// It imports the standard library only. Begin with [Keep] and [Read].
package trials
