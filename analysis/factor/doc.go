// Package factor asks whether the items of a scale measure one thing, how
// reliably, and whether they measure the same thing in every group and at every
// wave: McDonald's omega, confirmatory factor analysis of one factor, and
// measurement invariance.
//
// Items are as in analysis.Alpha: items[i][p] is person p's answer to item i, NaN
// if missing; people with a missing answer are excluded and counted. Estimation
// is by normal-theory maximum likelihood on moments with divisor n, as lavaan
// does by default, at a minimum that is verified by gradient and curvature. A
// minimum with a negative variance (a Heywood case) is improper: it is named,
// and what rests on the variance is not estimable.
//
// # Entry points
//
//   - Omega for the reliability of a sum or mean score, to stand beside alpha;
//     OmegaHierarchical where a general factor stands above several.
//   - CFA for fit and loadings of one factor.
//   - GroupInvariance and WaveInvariance for configural, metric and scalar
//     invariance over groups and over time.
//
// # What it never imports
//
// Only the standard library, gonum and package analysis.
package factor
