// Package parallel spreads independent pieces of work over the cores and gives
// each piece its own random numbers, so that results do not depend on how many
// cores there are.
//
// It imports the standard library only.
package parallel
