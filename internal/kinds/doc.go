// Package kinds is a questionnaire with a question of every kind, conditions on
// the same page and on a later one, and a translation, for tests of the pages that
// ask it. Its wording is ours and measures nothing.
//
// It imports the domain alone. Begin with [AddTo].
package kinds
