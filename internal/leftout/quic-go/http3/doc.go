// Package http3 stands in for the HTTP/3 server that Gin can be started with and
// that Tidemark never starts: a proxy in front of it speaks HTTP/3 where somebody
// wants it. Gin names the real one in a single method, and because templates find
// methods by name, the linker would have to keep all of it: 2 MB of a program that
// has a bound of 60, and an implementation of QUIC to watch over for nothing.
package http3
