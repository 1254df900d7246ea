// Package stage sets an installation up for tests and benchmarks of the whole
// program: a migrated database with an open study, a course run that begins in a
// week, and people with personal links whose first questionnaires are open now.
//
// Everything is made by the use cases, as it would be in service. Begin with
// [Set].
package stage
