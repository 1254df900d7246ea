// Package course holds templates of courses: weekly meetings with an aim, a plan
// in minutes, one practice, one question for private reflection, and a note for
// the facilitator.
//
// A template is a file. [Parse] reads one and reports every mistake with its
// place; [Builtin] reads those that come with the program, which were written
// for it. Participants see the Practice and the Reflection of a meeting;
// facilitators see everything. [Course.In] gives a course in
// the language of a participant. A course is not a treatment: Notice says so and
// must be shown to participants before they start.
//
// The package is pure. It imports the standard library and the strict reader of
// definition files; it knows nothing of course runs, dates or people.
package course
