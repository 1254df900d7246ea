package auth

import (
	"bytes"
	"crypto/aes"
	"crypto/cipher"
	"crypto/hkdf"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"strconv"

	"tidemark/survey"
)

// Private notes are sealed with AES-256-GCM and a random nonce, under a key for
// each study that HKDF-SHA-256 (RFC 5869) derives from the installation's secret.
// What is sealed names its place, so that it opens nowhere else. A random nonce of
// 96 bits serves some four thousand million notes of one study (NIST SP 800-38D).

const (
	sealPurpose = "tidemark private note, AES-256-GCM, 1"
	sealKey     = 32 // bytes
	// sealBlock rounds up the length of what is sealed, so that the length of a
	// note does not tell one from another.
	sealBlock = 256
)

// SealNote encrypts a private note for the place where it belongs.
func (k *Keys) SealNote(at survey.NotePlace, plain []byte) (keyID string, sealed []byte) {
	keyID = k.noteKeyID()
	padded := make([]byte, (len(plain)+1+sealBlock-1)/sealBlock*sealBlock)
	copy(padded, plain)
	padded[len(plain)] = 1 // then zeros
	//nolint:gosec // the cipher draws its own nonce and takes none
	return keyID, k.noteCipher(at.StudyID).Seal(nil, nil, padded, noteLabel(at, keyID))
}

// OpenNote decrypts a private note; survey.ErrSealed and nothing else unless it was
// sealed for this place under this secret, and is unaltered.
func (k *Keys) OpenNote(at survey.NotePlace, keyID string, sealed []byte) ([]byte, error) {
	if keyID != k.noteKeyID() {
		return nil, fmt.Errorf("open note %s: key %s: %w", at.ID, keyID, survey.ErrSealed)
	}
	padded, err := k.noteCipher(at.StudyID).Open(nil, nil, sealed, noteLabel(at, keyID))
	if err != nil {
		return nil, fmt.Errorf("open note %s: %w", at.ID, survey.ErrSealed)
	}
	end := bytes.LastIndexByte(padded, 1)
	if end < 0 {
		return nil, fmt.Errorf("open note %s: %w", at.ID, survey.ErrSealed)
	}
	return padded[:end], nil
}

// noteKeyID names the secret that a note was sealed under, and tells nothing of it.
func (k *Keys) noteKeyID() string {
	return "1-" + hex.EncodeToString(k.mac("private note key")[:6])
}

// noteLabel is the place and the key as associated data. Lengths go first, so that
// no two places have the same.
func noteLabel(at survey.NotePlace, keyID string) []byte {
	var b []byte
	for _, part := range []string{keyID, string(at.StudyID), string(at.EnrolmentID), string(at.ID), string(at.Kind)} {
		b = append(b, strconv.Itoa(len(part))+":"+part...)
	}
	return b
}

// noteCipher is the cipher of a study's notes.
func (k *Keys) noteCipher(study survey.StudyID) cipher.AEAD {
	return k.cipherFor(sealPurpose + ":" + string(study))
}

// cipherFor is the cipher whose key follows from the secret and a purpose. Making one
// fails only for a key of the wrong length, which it never has.
func (k *Keys) cipherFor(purpose string) cipher.AEAD {
	key, err := hkdf.Key(sha256.New, k.secret, nil, purpose, sealKey)
	if err != nil {
		panic(fmt.Sprintf("auth: key: %v", err))
	}
	block, err := aes.NewCipher(key)
	if err != nil {
		panic(fmt.Sprintf("auth: cipher: %v", err))
	}
	aead, err := cipher.NewGCMWithRandomNonce(block)
	if err != nil {
		panic(fmt.Sprintf("auth: cipher: %v", err))
	}
	return aead
}
