// Package web serves the pages of Tidemark: participants, facilitators,
// researchers and administrators, as HTML rendered on the server.
//
// A handler binds the request, calls one use case and answers; it decides
// nothing. [New] wires the pages; routes.go shows every route on one screen;
// errors.go holds the only table from errors to statuses. Every page works
// without JavaScript; static/participant.js makes answering better.
//
// A GET or HEAD changes nothing. Every POST redirects or shows its page again
// with what was given. The package never imports the store, GORM or gonum.
package web
