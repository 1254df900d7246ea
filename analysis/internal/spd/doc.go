// Package spd factorises and inverts small symmetric positive definite matrices
// without allocating: the inner loops of EM, imputation and factor models.
//
// Matrices are row-major slices of n·n numbers. A matrix that is singular up to
// a relative tolerance is refused, never inverted into noise.
//
// It imports the standard library only.
package spd
