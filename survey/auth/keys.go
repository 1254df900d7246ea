package auth

import (
	"context"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base32"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"

	"tidemark/survey"
)

// SecretBytes is the least length of an installation's secret.
const SecretBytes = 32

// ErrSecret reports a secret that is too short or not hexadecimal.
var ErrSecret = errors.New("the secret must be at least 64 hexadecimal digits (32 bytes)")

// Keys makes and checks tokens and passwords under one installation's secret.
// Its methods may be called concurrently.
type Keys struct {
	secret []byte
	random io.Reader
	hasher *hasher
}

var _ survey.Keys = (*Keys)(nil)

// New uses a secret written in hexadecimal. Every replica of an installation
// must have the same one: with another secret no link and no sign-in works.
func New(secretHex string) (*Keys, error) {
	secret, err := hex.DecodeString(strings.TrimSpace(secretHex))
	if err != nil || len(secret) < SecretBytes {
		return nil, ErrSecret
	}
	return &Keys{secret: secret, random: rand.Reader, hasher: newHasher()}, nil
}

// Seeded makes keys that repeat, for rehearsals and tests: randomness comes from
// random instead of the system's generator.
func Seeded(secretHex string, random io.Reader) (*Keys, error) {
	k, err := New(secretHex)
	if err != nil {
		return nil, err
	}
	k.random = random
	return k, nil
}

// NewSecret makes a secret for a new installation, in hexadecimal.
func NewSecret() (string, error) {
	b := make([]byte, SecretBytes)
	if _, err := rand.Read(b); err != nil {
		return "", fmt.Errorf("make a secret: %w", err)
	}
	return hex.EncodeToString(b), nil
}

// tokenText writes tokens in lower-case base32: no character that a mail
// program breaks, none that is easily misread aloud.
var tokenText = base32.NewEncoding("abcdefghjkmnpqrstuvwxyz234567890").WithPadding(base32.NoPadding)

// tokenBytes is the entropy of a token: 160 bits, above the 128 that OWASP ASVS
// 5.0 asks for, and 32 characters without a remainder.
const tokenBytes = 20

// PersonalToken derives the token of a personal link: the first 160 bits of
// HMAC-SHA-256 under the secret.
func (k *Keys) PersonalToken(study survey.StudyID, enrolment survey.EnrolmentID, generation int) string {
	sum := k.mac("personal link", string(study), string(enrolment), strconv.Itoa(generation))
	return tokenText.EncodeToString(sum[:tokenBytes])
}

// CodeNumber derives the number of a code to type: the first 64 bits of HMAC-SHA-256
// under the secret. A remainder of it is as good as even: 64 bits are a million times
// as many as there are codes.
func (k *Keys) CodeNumber(study survey.StudyID, enrolment survey.EnrolmentID, generation int) uint64 {
	return binary.BigEndian.Uint64(k.mac("short code", string(study), string(enrolment), strconv.Itoa(generation)))
}

// NewToken makes a token of 160 random bits. It does not fail: the system's
// generator ends the program when it cannot deliver.
func (k *Keys) NewToken() string {
	b := make([]byte, tokenBytes)
	if _, err := io.ReadFull(k.random, b); err != nil {
		panic(fmt.Sprintf("auth: random source failed: %v", err))
	}
	return tokenText.EncodeToString(b)
}

// HashToken is HMAC-SHA-256 of the token under the secret, in hexadecimal.
func (k *Keys) HashToken(token string) string {
	return hex.EncodeToString(k.mac("token", token))
}

// Derive gives a key for another purpose, as signing a form.
func (k *Keys) Derive(purpose string) []byte { return k.mac("derive", purpose) }

// VaultSecret derives the master key of the vault, for installations that have no key
// of its own for it.
func (k *Keys) VaultSecret() []byte { return k.mac("vault") }

// ProfileKey derives the key of a study's files for others.
func (k *Keys) ProfileKey(study survey.StudyID) []byte { return k.mac("profile", string(study)) }

func (k *Keys) mac(parts ...string) []byte {
	m := hmac.New(sha256.New, k.secret)
	for _, p := range parts {
		// The length goes first, so that ("a", "bc") and ("ab", "c") differ.
		m.Write([]byte(strconv.Itoa(len(p)) + ":" + p))
	}
	return m.Sum(nil)
}

// HashPassword hashes a password for storage. See [Keys.VerifyPassword] about
// errors.
func (k *Keys) HashPassword(ctx context.Context, password string) (string, error) {
	return k.hasher.hash(ctx, password, k.random)
}

// VerifyPassword reports whether the password matches the stored hash. When too
// many ask at once it is survey.ErrBusy, or the error of ctx for one who waited.
func (k *Keys) VerifyPassword(ctx context.Context, hash, password string) (bool, error) {
	return k.hasher.verify(ctx, hash, password)
}
