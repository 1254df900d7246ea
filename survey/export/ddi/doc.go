// Package ddi has the parts of a DDI Codebook, version 2.5, that describe a study's
// files and variables (https://ddialliance.org/Specification/DDI-Codebook/2.5), in
// the order that the standard gives them, and writes it as XML.
//
// Entry point: [CodeBook.Write]. The package is pure and imports only the standard
// library.
package ddi
