// Package dist holds the probability distributions that outcome statistics
// need: normal and the product of two normals, χ² and Student's t central and
// noncentral, F and beta, with their quantiles.
//
// Tails are returned from both sides and computed without taking one from 1, so
// that p-values keep their relative accuracy down to 1e-300. Arguments are
// taken to be in range (0 < p < 1, degrees of freedom above 0); a quantile that
// no search finds is NaN, which callers turn into a reason.
//
// # Entry points
//
// StudentTwoSided and StudentCritical for t tests, FisherTails for F,
// ChiSquareTail for χ², NormalCDF for z; Noncentrality for the interval of a
// standardised effect.
//
// # What it never imports
//
// Only the standard library, gonum and packages beneath analysis.
package dist
