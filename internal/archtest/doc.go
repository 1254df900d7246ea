// Package archtest holds the tree to its map: which package may import what,
// and the few rules of style that a program can check. It has tests only.
//
// The rules of imports are in imports_test.go. A new package needs a line there
// first: a package that fits nowhere means that the map is wrong.
package archtest
