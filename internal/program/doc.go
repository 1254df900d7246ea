// Package program runs tidemark as processes of their own, so that a test or a
// benchmark can kill them, count their processor time, or put several behind a
// proxy. It imports the standard library only. Begin with [Build] and [Serve].
package program
