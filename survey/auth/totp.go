package auth

import (
	"encoding/base32"
	"fmt"
	"io"
	"time"

	"github.com/pquerna/otp"
	"github.com/pquerna/otp/hotp"
)

// Codes by time (RFC 6238) as every program makes them: SHA-1, six digits, a new one
// each thirty seconds.
const (
	totpBytes  = 20 // RFC 4226 asks for 16 and advises 20
	totpPeriod = 30 // seconds
	// totpDrift is by how many steps of time a clock may be wrong.
	totpDrift = 1
)

var totpText = base32.StdEncoding.WithPadding(base32.NoPadding)

// NewTOTPKey makes a key for codes of six digits.
func (k *Keys) NewTOTPKey() []byte {
	b := make([]byte, totpBytes)
	if _, err := io.ReadFull(k.random, b); err != nil {
		panic(fmt.Sprintf("auth: random source failed: %v", err))
	}
	return b
}

// TOTPText is a key as people and their programs are given it, in base32.
func (k *Keys) TOTPText(key []byte) string { return totpText.EncodeToString(key) }

// TOTPStep reports whether a code is right at an instant, or a step of time before or
// after it, and of which step it is.
func (k *Keys) TOTPStep(key []byte, code string, at time.Time) (step int64, right bool) {
	options := hotp.ValidateOpts{Digits: otp.DigitsSix, Algorithm: otp.AlgorithmSHA1}
	now := at.Unix() / totpPeriod
	for s := max(0, now-totpDrift); s <= now+totpDrift; s++ {
		// A fault is a code of another length: as wrong as any.
		if ok, err := hotp.ValidateCustom(code, uint64(s), k.TOTPText(key), options); err == nil && ok {
			return s, true
		}
	}
	return 0, false
}
