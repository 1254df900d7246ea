// Package schemamake makes JSON schemas from Go types and their comments, for tests
// that hold a published schema to the types that read its files.
package schemamake
