// Command screenshots takes a picture of every page of a fresh demo, on a phone
// and at a desk, into docs/screenshots. It is run by "make screenshots".
package main
