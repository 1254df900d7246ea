// Package rehearsal plays a study through with simulated people, before anyone
// real is asked.
//
// It writes nothing itself: simulated facilitators and participants go through
// the same use cases as real ones, on a simulated clock, so that every row came
// about the way real rows do. The study is marked as simulated when it is made.
//
// The people have a level of self-compassion, resilience and motivation that
// differs from person to person and from week to week, answer each question
// with some noise, skip some, come late, and leave. The course moves them by a
// known amount, so a report on a rehearsal can be held against the truth.
//
// The package imports survey and the pure packages beneath it; it knows no
// database and no page. Begin with [Play].
package rehearsal
