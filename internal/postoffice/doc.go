// Package postoffice is a real mail server for tests: it takes letters over SMTP
// into memory, and can be shut.
//
// It imports nothing of the project. Begin with [Open].
package postoffice
