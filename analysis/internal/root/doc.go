// Package root finds where a function of one variable crosses zero: Increasing
// from a guess, Brent between two points.
//
// It imports the standard library only.
package root
