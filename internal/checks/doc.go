// Command checks runs every check of the project, as make test does: the form of
// the sources, go vet, and all tests, on both databases and in a browser.
//
//	go run ./internal/checks [flags] [packages]
//
// It finds PostgreSQL and Chromium, starts a throw-away PostgreSQL, and hands
// both to the tests by the environment. What is missing it names, with the way
// to install it; the tests that need it then skip, visibly. With -require
// nothing may be missing and nothing may skip.
//
// It imports the standard library and packages that do the same, so that it
// starts within a second.
package main
