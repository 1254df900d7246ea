// Package root finds where a function of one variable crosses zero.
package root
