// Package odm writes CDISC's Operational Data Model, version 1.3.2 (ODM-XML), as a
// snapshot: what is asked when, and what people answered, person by person, so that
// what is held in memory does not grow with the study. It has the elements that a
// study's data need, in the order that the standard gives them.
//
// Entry point: [New]. The package is pure and imports only the standard library.
package odm
