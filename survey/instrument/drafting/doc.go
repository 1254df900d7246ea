// Package drafting changes a questionnaire that is being written: pages and items put
// in order, items, answers, scales, languages and worked examples put in, changed and
// taken out, whole blocks of another questionnaire taken over.
//
// Everything keeps together what belongs together: an item that gets another code
// keeps its place in scales, conditions, translations and examples; one that is taken
// out leaves them. A draft may be faulty; [instrument.Definition.Faults] says what is
// missing before it can be used. A draft always has pages, and its items stand in the
// order of the pages.
//
// Functions change the definition they are given. Their errors are of type *Refusal,
// or ErrGone. The package knows nothing of storage or pages.
//
// Entry points: [New], [From], [PutItem], [PutScale], [AddBlock], [Condition].
package drafting
