//go:build !linux

package main

// standBack does nothing where threads cannot be told apart.
func standBack() {}
