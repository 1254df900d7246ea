// Package dist holds the probability distributions that outcome statistics
// need: normal, χ², Student's t central and noncentral, F and beta, with their
// quantiles.
//
// Tails are returned from both sides and computed without taking one from 1, so
// that p-values keep their relative accuracy down to 1e-300. Arguments are
// taken to be in range (0 < p < 1, degrees of freedom above 0); a quantile that
// no search finds is NaN, which callers turn into a reason.
package dist
