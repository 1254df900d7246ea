package auth

import (
	"crypto/cipher"
	"encoding/hex"
	"fmt"
	"strconv"

	"tidemark/survey"
)

// The seed of a study's allocation is sealed as notes are, under keys of its own.

const seedPurpose = "tidemark allocation seed, AES-256-GCM, 1"

// SealSeed encrypts the seed of a study's allocation.
func (k *Keys) SealSeed(study survey.StudyID, seed []byte) (keyID string, sealed []byte) {
	keyID = k.seedKeyID()
	//nolint:gosec // the cipher draws its own nonce and takes none
	return keyID, k.seedCipher(study).Seal(nil, nil, seed, seedLabel(study, keyID))
}

// OpenSeed decrypts it; survey.ErrSealed and nothing else unless it was sealed for
// this study under this secret, and is unaltered.
func (k *Keys) OpenSeed(study survey.StudyID, keyID string, sealed []byte) ([]byte, error) {
	if keyID != k.seedKeyID() {
		return nil, fmt.Errorf("open the seed of study %s: key %s: %w", study, keyID, survey.ErrSealed)
	}
	seed, err := k.seedCipher(study).Open(nil, nil, sealed, seedLabel(study, keyID))
	if err != nil {
		return nil, fmt.Errorf("open the seed of study %s: %w", study, survey.ErrSealed)
	}
	return seed, nil
}

// seedKeyID names the secret that a seed was sealed under, and tells nothing of it.
func (k *Keys) seedKeyID() string { return "1-" + hex.EncodeToString(k.mac("allocation seed key")[:6]) }

func seedLabel(study survey.StudyID, keyID string) []byte {
	return []byte(strconv.Itoa(len(keyID)) + ":" + keyID + string(study))
}

func (k *Keys) seedCipher(study survey.StudyID) cipher.AEAD {
	return k.cipherFor(seedPurpose + ":" + string(study))
}
