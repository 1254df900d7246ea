// Package instrument holds questionnaires as versioned definitions and scores
// the answers to them.
//
// A [Definition] carries everything that must stay the same for two measurements
// to be comparable: wording, answer options, scales with their reversed items,
// the rule for missing answers. [Parse] reads one from JSON and reports every
// mistake with its place. A definition in use never changes; [Definition.Hash]
// proves it.
//
// The way of an answer: [Definition.Check] refuses what the form did not offer,
// [Definition.Score] turns the rest into scores. Both are pure. A missing answer
// is absent from [Answers] and is never zero.
//
// The instruments that come with the program ([Builtin]) were written for it.
// They are free to use and not yet validated, and say so in their Status.
//
// [Definition.In] is a definition in another language; texts that its translation
// leaves out stay in the definition's own and say so, and [Definition.Gaps] lists
// them.
//
// What is asked can depend on answers: [Definition.Shown] works the conditions out,
// which [Definition.Compile] checks, and [Definition.Order] shuffles.
//
// It imports the standard library, the strict reader of definition files beside it,
// and expr-lang for conditions; it knows nothing of people, studies, storage or
// pages.
package instrument
