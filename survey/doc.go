// Package survey is the heart of Tidemark: the words of the domain and the use
// cases of the three kinds of people who meet here.
//
// The words are plain types: a [Study] with its [Arm]s and [Wave]s, a
// [CourseRun] with its [Enrolment]s, an [Assessment] with its [Response]s. The
// use cases are named by plural nouns with verbs: [Studies], [Runs],
// [Enrolments], [Assessments], [Users]. A use case checks its [Actor], decides,
// and writes in one transaction of a [Store]; it is the only place where a
// transaction begins.
//
// Time, identifiers and randomness come in through [Env]. Nothing here knows of
// SQL, HTTP or files: the package imports the standard library and the pure
// packages instrument, schedule and course beneath it.
//
// Read [Assessments.Submit] first: it is the way of one answer.
package survey
