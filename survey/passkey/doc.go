// Package passkey asks browsers for passkeys and checks what they answer, by the rules of
// WebAuthn level 3: [New] gives a survey.PasskeyVerifier for the address at which people
// reach an installation. User verification is required, so that a passkey is two factors
// in one; attestation is not asked for.
//
// The package keeps nothing and imports no store and nothing of HTTP.
package passkey
