package auth

import (
	"crypto/ed25519"
	"encoding/hex"
)

// The key that signs the audit trail is derived from the installation's secret, as all
// others are: every replica has it, it is backed up along with it, and the database alone
// is not enough to sign.

func (k *Keys) auditKey() ed25519.PrivateKey {
	return ed25519.NewKeyFromSeed(k.mac("audit trail signing key"))
}

// AuditKey is the public key of the signatures of the audit trail, in hexadecimal.
func (k *Keys) AuditKey() string {
	public, _ := k.auditKey().Public().(ed25519.PublicKey)
	return hex.EncodeToString(public)
}

// SignAudit signs a head of the audit trail with Ed25519, in hexadecimal.
func (k *Keys) SignAudit(message []byte) string {
	return hex.EncodeToString(ed25519.Sign(k.auditKey(), message))
}
