// Package codec stands in for MessagePack, which Gin can read and write and Tidemark
// does not. The real one is mostly generated: 38 seconds of computing on the machine
// of everybody who builds the program for the first time, an eighth of the whole.
package codec
