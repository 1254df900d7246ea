package auth

import (
	"crypto/subtle"
	"encoding/base64"
	"fmt"
	"io"
	"strings"

	"golang.org/x/crypto/argon2"
)

// Argon2id at the floor of the OWASP password storage advice: 19 MiB of memory,
// two passes, one lane.
const (
	argonMemory = 19 * 1024 // KiB
	argonTime   = 2
	argonLanes  = 1
	saltBytes   = 16
	keyBytes    = 32
)

// hasher bounds how many hashes are computed at once: each takes 19 MiB, and
// anybody may ask for one by trying to sign in.
type hasher struct{ slots chan struct{} }

func newHasher() *hasher { return &hasher{slots: make(chan struct{}, 4)} }

func (h *hasher) key(password string, salt []byte, time, memory uint32, lanes uint8, length uint32) []byte {
	h.slots <- struct{}{}
	defer func() { <-h.slots }()
	return argon2.IDKey([]byte(password), salt, time, memory, lanes, length)
}

// hash gives the PHC text of a password: algorithm, parameters, salt and key.
func (h *hasher) hash(password string, random io.Reader) (string, error) {
	salt := make([]byte, saltBytes)
	if _, err := io.ReadFull(random, salt); err != nil {
		return "", fmt.Errorf("hash password: %w", err)
	}
	key := h.key(password, salt, argonTime, argonMemory, argonLanes, keyBytes)
	return phc(salt, key), nil
}

func phc(salt, key []byte) string {
	b64 := base64.RawStdEncoding.EncodeToString
	return fmt.Sprintf("$argon2id$v=%d$m=%d,t=%d,p=%d$%s$%s",
		argon2.Version, argonMemory, argonTime, argonLanes, b64(salt), b64(key))
}

// nobody is compared with when there is no hash, so that an unknown address
// takes as long as a wrong password.
var nobody = phc(make([]byte, saltBytes), make([]byte, keyBytes))

func (h *hasher) verify(hash, password string) bool {
	known := hash != ""
	if !known {
		hash = nobody
	}
	salt, want, p, ok := parsePHC(hash)
	if !ok {
		return false
	}
	got := h.key(password, salt, p.time, p.memory, p.lanes, uint32(len(want)))
	return subtle.ConstantTimeCompare(got, want) == 1 && known
}

type params struct {
	time, memory uint32
	lanes        uint8
}

func parsePHC(hash string) (salt, key []byte, p params, ok bool) {
	parts := strings.Split(hash, "$")
	if len(parts) != 6 || parts[0] != "" || parts[1] != "argon2id" {
		return nil, nil, p, false
	}
	var version int
	if _, err := fmt.Sscanf(parts[2], "v=%d", &version); err != nil || version != argon2.Version {
		return nil, nil, p, false
	}
	if _, err := fmt.Sscanf(parts[3], "m=%d,t=%d,p=%d", &p.memory, &p.time, &p.lanes); err != nil {
		return nil, nil, p, false
	}
	salt, err := base64.RawStdEncoding.DecodeString(parts[4])
	if err != nil {
		return nil, nil, p, false
	}
	key, err = base64.RawStdEncoding.DecodeString(parts[5])
	if err != nil || len(key) < 16 || p.time == 0 || p.lanes == 0 || p.memory > 1<<21 {
		return nil, nil, p, false
	}
	return salt, key, p, true
}
