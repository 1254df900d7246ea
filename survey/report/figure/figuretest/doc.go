// Package figuretest makes one of each figure with plausible numbers, and the
// same figures at their worst: nobody, one person, missing numbers, long names,
// many arms, many people. Tests draw them all, and a person looks at them.
//
// Only tests and tools import it. It imports figure only. Start at Samples.
package figuretest
