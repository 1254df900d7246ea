package auth

import (
	"crypto/cipher"
	"encoding/hex"
	"fmt"
	"strconv"

	"tidemark/survey"
)

// What belongs to a member of staff is sealed as notes are, under a key of its own.

const secretPurpose = "tidemark secret of staff, AES-256-GCM, 1"

// SealSecret encrypts what belongs to one place.
func (k *Keys) SealSecret(place string, plain []byte) (keyID string, sealed []byte) {
	keyID = k.secretKeyID()
	//nolint:gosec // the cipher draws its own nonce and takes none
	return keyID, k.secretCipher().Seal(nil, nil, plain, secretLabel(place, keyID))
}

// OpenSecret decrypts it; survey.ErrSealed and nothing else unless it was sealed for
// this place under this secret, and is unaltered.
func (k *Keys) OpenSecret(place, keyID string, sealed []byte) ([]byte, error) {
	if keyID != k.secretKeyID() {
		return nil, fmt.Errorf("open a secret: key %s: %w", keyID, survey.ErrSealed)
	}
	plain, err := k.secretCipher().Open(nil, nil, sealed, secretLabel(place, keyID))
	if err != nil {
		return nil, fmt.Errorf("open a secret: %w", survey.ErrSealed)
	}
	return plain, nil
}

// secretKeyID names the installation's secret that something was sealed under, and
// tells nothing of it.
func (k *Keys) secretKeyID() string { return "1-" + hex.EncodeToString(k.mac("staff secret key")[:6]) }

func secretLabel(place, keyID string) []byte {
	return []byte(strconv.Itoa(len(keyID)) + ":" + keyID + place)
}

func (k *Keys) secretCipher() cipher.AEAD { return k.cipherFor(secretPurpose) }
