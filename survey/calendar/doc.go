// Package calendar writes calendars that other programs subscribe to or read in:
// iCalendar, RFC 5545.
//
// Every meeting is one event of its own, at an instant in UTC: that is right on both
// sides of a change of clocks, wherever the reader is, and needs no definition of a time
// zone, which programs read in different ways. A day without a time is a date, which is
// the same day everywhere. An event keeps its UID, and its SEQUENCE rises when it moves,
// so that it moves in the calendar instead of being there twice (RFC 5545, 3.8.7.4).
//
// A library (arran4/golang-ical) was looked at and not taken: what is written here is
// forty lines, it brings no time zones either, and it folds lines by its own rules. Tests
// read what is written here with it.
//
// The package imports only the standard library and package schedule. Begin with
// [Calendar.Bytes].
package calendar
