// Package visitor is a participant at a browser, played by a program: it opens a
// personal link, agrees, answers and submits by the same requests that a browser
// makes, with the page's script or without. It knows the application by its
// pages alone and imports the standard library only.
//
// Begin with [New] and [Visitor.Complete].
package visitor
