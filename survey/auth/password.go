package auth

import (
	"context"
	"crypto/subtle"
	"encoding/base64"
	"fmt"
	"io"
	"runtime"
	"strings"

	"golang.org/x/crypto/argon2"

	"tidemark/survey"
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

// hasher bounds how many hashes are computed at once, and how many are asked
// for: each takes 19 MiB and some 40 ms of a processor, and anybody may ask for
// one by trying to sign in. Beyond, people who answer questions would wait too.
type hasher struct {
	slots   chan struct{}
	waiting chan struct{} // those who have a slot included
	// known is a line of its own for people on a device that signed in before: a
	// flood from elsewhere fills the other one and never keeps them out.
	known *hasher
}

// maxWaiting is how many may stand in line: one or two seconds' work.
const maxWaiting = 64

// newHasher takes half of the processors at most, and one more for known devices.
func newHasher() *hasher {
	h := newLine(max(1, runtime.GOMAXPROCS(0)/2))
	h.known = newLine(1)
	return h
}

func newLine(slots int) *hasher {
	return &hasher{slots: make(chan struct{}, slots), waiting: make(chan struct{}, maxWaiting)}
}

func (h *hasher) key(ctx context.Context, password string, salt []byte, p params, length uint32) ([]byte, error) {
	if h.known != nil && survey.OnKnownDevice(ctx) {
		h = h.known
	}
	select {
	case h.waiting <- struct{}{}:
		defer func() { <-h.waiting }()
	default:
		return nil, survey.ErrBusy
	}
	select {
	case h.slots <- struct{}{}:
		defer func() { <-h.slots }()
	case <-ctx.Done():
		return nil, ctx.Err()
	}
	return argon2.IDKey([]byte(password), salt, p.time, p.memory, p.lanes, length), nil
}

// hash gives the PHC text of a password: algorithm, parameters, salt and key.
func (h *hasher) hash(ctx context.Context, password string, random io.Reader) (string, error) {
	salt := make([]byte, saltBytes)
	if _, err := io.ReadFull(random, salt); err != nil {
		return "", fmt.Errorf("hash password: %w", err)
	}
	key, err := h.key(ctx, password, salt, params{time: argonTime, memory: argonMemory, lanes: argonLanes}, keyBytes)
	if err != nil {
		return "", fmt.Errorf("hash password: %w", err)
	}
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

func (h *hasher) verify(ctx context.Context, hash, password string) (bool, error) {
	known := hash != ""
	if !known {
		hash = nobody
	}
	salt, want, p, ok := parsePHC(hash)
	if !ok {
		return false, nil
	}
	got, err := h.key(ctx, password, salt, p, uint32(len(want)))
	if err != nil {
		return false, fmt.Errorf("verify password: %w", err)
	}
	return subtle.ConstantTimeCompare(got, want) == 1 && known, nil
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
