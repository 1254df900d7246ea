// Package prose puts a paper into words: the answer in one plain sentence with
// its uncertainty, how it stands to the analysis plan, the paragraphs on methods
// and results in the style of the American Psychological Association (7th
// edition), and the references of the methods that were used.
//
// [Write] does all of it in one [Language], [Of] the sentences of a single
// outcome. A language is a voice of its own that writes whole sentences; nothing
// is put together from translated pieces. Names that a study gave to its arms,
// waves and scales stay as they are.
//
// A clause is written only when the paper has its number. What is hidden or not
// estimable is said in words.
//
// The package imports the paper and what it is made of. It knows no page, no
// database and no statistics.
package prose
