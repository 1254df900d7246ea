// Command tidemark runs outcome studies of courses in self-compassion: one
// binary that shows a rehearsal (demo), serves an installation (serve), looks
// after its database and accounts (migrate, admin), writes its data out
// (export) and computes the same statistics for any CSV file (analyze).
//
// Everything that can be set is a flag or an environment variable and is read
// once, here. The package wires the others together and decides nothing about
// studies: begin with cli.go, then wire.go.
package main
