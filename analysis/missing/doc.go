// Package missing deals with what people did not answer: patterns of missing
// values over waves, how drop-outs differ from completers, Little's test,
// maximum-likelihood moments by EM, multiple imputation by chained equations
// with predictive mean matching, and pooling by Rubin's rules.
//
// Columns are as in package analysis: one slice per variable, one value per
// person, NaN where missing. Results carry reasons instead of NaN, and random
// work takes a seed and gives the same numbers on any number of processors.
//
// # Entry points
//
//   - Patterns and Attrition describe.
//   - Little tests "missing completely at random"; Moments are the EM estimates
//     beneath it. No test can show that values are missing at random.
//   - Impute completes the columns m times; Imputations.Shift changes what was
//     imputed for a sensitivity analysis; Pool runs an analysis on each
//     completed data set and pools; PoolScalar pools given estimates.
//
// # What it never imports
//
// Only the standard library, gonum and package analysis.
package missing
