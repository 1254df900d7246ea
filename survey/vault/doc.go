// Package vault seals what tells who somebody is, under three keys, one inside
// the other:
//
//	master key   outside the database: a file, or a service for keys ([Master])
//	vault key    in the database, wrapped by the master key ([Ring])
//	person key   in the database, one for each person, wrapped by the vault key
//
// A field is sealed under its person's key together with where it belongs (study,
// person, column), so that it opens nowhere else. Without the master key nothing
// opens; without a person's key, nothing of that person. Another master key means
// wrapping short keys again and leaves what is sealed as it is.
//
// Ciphers are AES-256-GCM of the standard library with random nonces, as NIST
// SP 800-38D has it; indexes are HMAC-SHA-256. The package knows no database.
package vault
