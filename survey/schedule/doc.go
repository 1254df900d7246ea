// Package schedule turns a course run's start date into the days of its meetings
// and the windows in which each wave of questionnaires can be answered.
//
// It is pure: dates in, instants out. A [Date] is a civil day without a zone. A
// [Calendar] says when a run meets: from one start date, passing over breaks, with
// single meetings on another day. A [Rule] says when a wave is open, relative to
// the start, a meeting, a person's enrolment, or the completion of an earlier
// wave. [Calendar.Window] puts both together for one [Person], on the clock of the
// run's time zone, so that a day of 23 or 25 hours is still one day. Windows are
// computed whenever they are needed and never stored: moving the start of a run
// moves everything.
//
// [Calendar.Outline] lists a whole run in order of time, with what clashes.
//
// The package imports only the standard library.
package schedule
