// Package design turns named columns and a model formula into what a linear
// model is fitted to: the response, the matrix of fixed effects, the groups of
// random effects, and the rows that entered.
//
// # Formulas
//
// The notation is that of Wilkinson & Rogers (1973, Applied Statistics 22,
// 392–399) as R writes it, with random effects as in Bates, Mächler, Bolker &
// Walker (2015, Journal of Statistical Software 67(1)):
//
//		y ~ week * arm + (week | id)
//
//	  - "+" joins terms, "a:b" is an interaction, "a*b" is a + b + a:b, "a/b" is
//	    a + a:b, "(a + b)^2" all terms up to that order, "-" removes terms, and
//	    "0" or "-1" removes the intercept.
//	  - factor(x) treats numbers as labels; I(x^2), log(x), exp(x), sqrt(x) and
//	    abs(x) compute a numeric column. The response may be any arithmetic
//	    expression.
//	  - (terms | group) gives each level of group its own effects, correlated
//	    with each other; several such terms are independent of each other, and
//	    (a + b || group) is (1 | group) + (0 + a | group) + (0 + b | group).
//
// Columns stand in the order and under the names that R gives them: terms by
// order of interaction, then as written; factors by treatment contrasts against
// their first level, by all levels where marginality asks for it.
//
// # Missing and impossible
//
// A row in which anything the formula names is missing is left out and counted.
// A column that is a linear combination of earlier ones is aliased: it is named
// and does not enter the matrix, so the matrix always has full rank. A formula
// that cannot be read, or that names what is not there, is an error that says
// where.
//
// # Entry points
//
// Numeric, Factor and Coded make columns and Derive computes one; Build makes the
// design of a formula, and At codes other points like its rows.
//
// # What it never imports
//
// Only the standard library, gonum, and package analysis for its reasons.
package design
