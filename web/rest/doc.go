// Package rest is the API for programs, under /api/v1: a study's protocol, its people by
// pseudonym, their answers and scores, and its snapshots, as JSON.
//
// One table ([operations] in operations.go) says of each operation its address,
// parameters, scope, answer and handler. The routes, what is refused before a handler
// runs, and the OpenAPI 3.1 description are all made from it, so that they cannot
// disagree; a test asks every operation of a running server and holds what comes back to
// the description.
//
// A program shows a token (Authorization: Bearer tmk_…). Cookies are never looked at, so
// that no page of another site can ask in somebody's name. Rights are decided in the use
// cases, for the actor behind the token. Every error is a problem of RFC 9457.
//
// The package knows no database. Begin with [New].
package rest
