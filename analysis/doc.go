// Package analysis computes the statistics of pre/post outcome evaluation:
// descriptives, paired and two-sample tests, effect sizes with intervals,
// reliability and reliable change. It works on plain columns of numbers and
// knows nothing about studies, instruments or people.
//
// # Conventions
//
//   - Change is always post − pre; a difference between arms is x − y, so pass
//     the course as x and the control as y.
//   - NaN means "missing". This is the only package boundary where NaN has a
//     meaning: results never contain NaN or an infinity. Pairs with a missing
//     half are dropped and counted.
//   - An infinite input value is a fault upstream, not a missing value: every
//     estimate of the call is then not estimable with ReasonInfiniteInput.
//   - A number that cannot be had is an Estimate whose Reason says why; nothing
//     panics and nothing is silently zero.
//   - Intervals are two-sided at the level given (0 < level < 1).
//   - Constant means range ≤ 8ε × the largest magnitude that entered
//     (ε = 2⁻⁵²). Zeros and ties in rank methods use the same tolerance, so
//     that 1.1 − (−0.2) ties with 0.1 − (−1.2).
//   - p-values are computed from survival functions and keep their relative
//     accuracy far into the tails.
//
// # Entry points
//
// Describe, PairedT, Wilcoxon and PairedEffects take one or two columns and a
// level. Alpha, ICC and ReliableChange take columns and options. WelchT and
// IndependentEffects compare two groups, for instance the changes of two arms
// that Panel.Changes returns, MannWhitney by their ranks. PermutePairs and
// PermuteGroups rearrange the data themselves; Bootstrap and its quick forms
// resample them. EquivalencePairs and BayesFactorPairs say what a difference too
// small to see may mean. TwoByTwo and McNemar compare shares, and
// CompareResponders those who got better. ScoreScale turns answers into scores.
//
// Correlate relates two columns; OneWay, RepeatedAnova and Friedman compare
// several; LinearModel fits any. PrePostControl gives the effects of a course
// beside a control, and Ancova its effect adjusted for the score before.
// DoseResponse relates change to practice, Mediate looks for a way from one to
// the other, and CombineRuns pools several course runs. AdjustP corrects a family
// of p-values, and Wilson gives the interval of a share.
//
// Each method stands in its own file together with its result type. README.md
// lists them by question. Beside this package stand dist (distributions), design
// (formulas), mixed (repeated measurements), factor (reliability and invariance),
// missing (imputation) and power.
//
// # What it never imports
//
// Only the standard library and gonum: no other package of this module, no
// I/O, no clock. Random numbers come from a seed that the caller gives and the
// result repeats.
package analysis
