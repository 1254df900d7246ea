// Package mixed fits models of repeated measurements by likelihood: linear mixed
// models (LMM), in which every person has their own level and course, and
// marginal models (MMRM), in which the visits of a person have a covariance
// matrix of their own.
//
// Both use every row that has an outcome, so that people who missed a visit
// still count; what they assume is that being missing depends on what was
// observed.
package mixed
