// Package power says what a design could find and how many people it takes:
// the power of t tests, of ANCOVA and of equivalence tests from their exact
// distributions, sample sizes, smallest detectable effects and the people to
// add for those who will be lost.
//
// # Conventions
//
//   - Effects are standardised differences. Which SD divides them depends on
//     the design and is said there.
//   - n counts people per arm where there are arms, else people.
//   - Power of two-sided tests includes the chance of significance in the wrong
//     direction, as the exact distribution does.
//   - Power is planned for an effect assumed in advance. The power of a finished
//     study for the effect that it observed says nothing beyond its p-value
//     (Hoenig & Heisey 2001).
//
// # Entry points
//
// Test for t tests and ANCOVA, Equivalence for two one-sided tests, Trial for a
// two-arm study with a measurement before and after, Enrol for attrition.
//
// # What it never imports
//
// Only the standard library, gonum and packages beneath analysis.
package power
