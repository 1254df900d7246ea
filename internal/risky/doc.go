// Package risky has a questionnaire with a rule about risk, for tests and for
// looking at pages: AddTo puts it into a study, and Linked is a declaration that
// lets such a study open. Its words are placeholders.
package risky
