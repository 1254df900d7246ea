// Package auth makes and checks everything secret: tokens of personal links and
// cookies, their keyed hashes, passwords, and private notes sealed for one place.
//
// [Keys] implements survey.Keys over the installation's secret, which lives
// outside the database: a copy of the database alone opens nothing. Tokens are
// 128 bits or more from the system's generator or from HMAC-SHA-256; passwords
// are hashed with Argon2id (RFC 9106).
//
// The package never imports a store or anything of HTTP.
package auth
