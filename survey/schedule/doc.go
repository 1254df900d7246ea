// Package schedule turns a course run's start date into the windows in which
// each wave of questionnaires is open.
//
// It is pure: dates in, instants out. A [Date] is a civil day without a zone; a
// [Rule] says how many days after the start a wave opens and closes; and
// [Rule.Window] places it on the clock of the run's time zone, so that a day of
// 23 or 25 hours is still one day. Windows are computed whenever they are
// needed and never stored: moving the start of a run moves everything.
//
// The package imports only the standard library.
package schedule
