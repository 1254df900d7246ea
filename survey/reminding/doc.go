// Package reminding decides which messages about a wave a person gets, when, and
// why not: an invitation when it opens, reminders on set days, those that somebody
// asks for by hand, thanks afterwards, a word before the first meeting. It also
// knows the places in a message's words that are filled in for each person.
//
// It is pure: rules, a person, a window, what was sent and an instant in, a
// [Decision] with its reason out. Nothing is planned ahead and stored: the same
// question is asked when a message is put in the outbox, when it is sent, and when
// somebody asks why. Begin with [Decide].
//
// The package imports the standard library and survey/schedule.
package reminding
