// Package validator stands in for the checks by struct tags that Gin's binding makes.
// Tidemark reads forms itself and checks in the use cases, so that a page, a program
// and the command line are told the same; nothing here binds by tags. The real module
// brings tables of languages, media types and names of resources with it.
package validator
