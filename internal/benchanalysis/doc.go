// Command benchanalysis times package analysis, and R beside it when it is
// installed:
//
//	go run ./internal/benchanalysis [flags]
//
// Every row of its table is one piece of work on fixed data. The data come from a
// portable stream of random numbers, so that they are the same in any language,
// to the byte. Before a row is timed its result is compared with values that are
// known; a row whose numbers differ is not timed, and the command fails.
//
// Go, Go on one processor, and each way to do the work in R take turns in one
// sitting, in warm processes with the data in memory, so that whatever else
// happens on the machine happens to all of them. Medians are printed, with the
// ratio to the fastest way in R and to the usual one.
//
// A row is an entry in rows.go and one of the same name in routes.R.
package main
