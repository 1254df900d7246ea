// Package mixed fits models of repeated measurements by likelihood: linear mixed
// models (LMM), in which every person has their own level and course, and
// marginal models (MMRM), in which the visits of a person have a covariance
// matrix of their own.
//
// Both use every row that has an outcome, so that people who missed a visit
// still count; what they assume is that being missing depends on what was
// observed.
//
// # Entry points
//
// Package design makes a design from columns and a formula; LMM and MMRM fit it.
// Contrast of a result combines fixed effects, and design.At gives the weights
// that make model means of them. Trial does all of this for arms at visits.
//
// # Conventions
//
//   - Estimates are at the optimum of the likelihood: Newton's method with exact
//     first and second derivatives, stopped at 1e-9 standard errors. Software
//     that stops earlier differs by its slack.
//   - Satterthwaite's degrees of freedom come from the observed information, as in
//     lmerTest and mmrm. Kenward–Roger for LMM takes the expected information, as
//     in pbkrtest, and for MMRM the observed one, as in mmrm ("linear").
//   - A fit whose random effects lack variance in some direction is Singular and
//     still has fixed effects. The variance found to be zero counts as known in
//     Satterthwaite's method.
//   - What cannot be estimated is a Reason: too few people, more random effects
//     than rows can tell apart, a perfect fit, visits that nobody attended both.
//     A marginal model may then fall back along a ladder of simpler covariances;
//     the result lists what was tried.
//
// # What it never imports
//
// Only the standard library, gonum, and packages beneath analysis: no I/O, no
// clock, no random source.
package mixed
