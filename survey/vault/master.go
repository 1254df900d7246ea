package vault

import (
	"bytes"
	"context"
	"crypto/cipher"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"
	"os/exec"
	"strings"
	"time"
)

// Master wraps the vault keys. It is asked once when a program starts, not for each
// person, so a service far away will do.
type Master interface {
	// ID names the key and tells nothing of it.
	ID() string
	// Wrap seals a vault key together with a label.
	Wrap(ctx context.Context, plain, label []byte) ([]byte, error)
	// Unwrap gives it back; ErrSealed unless key and label are those it was wrapped
	// with.
	Unwrap(ctx context.Context, wrapped, label []byte) ([]byte, error)
}

// ErrKey reports a master key that is too short or not hexadecimal.
var ErrKey = errors.New("the master key must be at least 64 hexadecimal digits (32 bytes)")

type local struct {
	id   string
	aead cipher.AEAD
}

// NewKey makes a master key, in hexadecimal.
func NewKey() string { return hex.EncodeToString(random(keyBytes)) }

// Local is a master key written in hexadecimal, from a file or the environment.
func Local(text string) (Master, error) {
	secret, err := hex.DecodeString(strings.TrimSpace(text))
	if err != nil || len(secret) < keyBytes {
		return nil, ErrKey
	}
	return Secret(secret), nil
}

// Secret is a master key derived from a secret of at least 32 random bytes.
func Secret(secret []byte) Master {
	derive := func(purpose string) []byte {
		m := hmac.New(sha256.New, secret)
		m.Write(label("master", purpose))
		return m.Sum(nil)
	}
	return local{id: hex.EncodeToString(derive("id")[:6]), aead: gcm(derive("key"))}
}

func (l local) ID() string { return l.id }

func (l local) Wrap(_ context.Context, plain, label []byte) ([]byte, error) {
	//nolint:gosec // the cipher draws its own nonce and takes none
	return l.aead.Seal(nil, nil, plain, label), nil
}

func (l local) Unwrap(_ context.Context, wrapped, label []byte) ([]byte, error) {
	plain, err := l.aead.Open(nil, nil, wrapped, label)
	if err != nil {
		return nil, ErrSealed
	}
	return plain, nil
}

// command is a master key behind a program.
type command struct {
	path, id string
}

// commandTime bounds how long the program may take.
const commandTime = 30 * time.Second

// Command is a master key that a program of the administrator's has, as one that
// speaks to a service for keys. It is run with one word, and says what it has to say
// on its standard output:
//
//	PROGRAM id       prints a name of the key
//	PROGRAM wrap     reads a vault key in base64 and prints it wrapped, on one line
//	PROGRAM unwrap   reads that line and prints the vault key in base64
//
// For the last two the label stands in the environment variable TIDEMARK_VAULT_LABEL,
// in base64, for services that seal one along.
func Command(ctx context.Context, path string) (Master, error) {
	c := command{path: path}
	id, err := c.run(ctx, "id", nil, "")
	if err != nil {
		return nil, err
	}
	if c.id = string(id); c.id == "" || len(c.id) > 64 {
		return nil, fmt.Errorf("%s id: wants to print a name of 1 to 64 characters", path)
	}
	return c, nil
}

func (c command) ID() string { return c.id }

func (c command) Wrap(ctx context.Context, plain, label []byte) ([]byte, error) {
	return c.run(ctx, "wrap", label, base64.StdEncoding.EncodeToString(plain))
}

func (c command) Unwrap(ctx context.Context, wrapped, label []byte) ([]byte, error) {
	out, err := c.run(ctx, "unwrap", label, string(wrapped))
	if err != nil {
		return nil, err
	}
	plain, err := base64.StdEncoding.DecodeString(string(out))
	if err != nil {
		return nil, fmt.Errorf("%s unwrap: what it printed is not base64", c.path) // and is not repeated
	}
	return plain, nil
}

// run runs the program. What it prints on its standard error is for people; what it
// prints on its standard output is a key and in no error.
func (c command) run(ctx context.Context, verb string, label []byte, input string) ([]byte, error) {
	ctx, cancel := context.WithTimeout(ctx, commandTime)
	defer cancel()
	cmd := exec.CommandContext(ctx, c.path, verb) //nolint:gosec // the administrator's own program
	cmd.Env = append(cmd.Environ(), "TIDEMARK_VAULT_LABEL="+base64.StdEncoding.EncodeToString(label))
	cmd.Stdin = strings.NewReader(input + "\n")
	var faults bytes.Buffer
	cmd.Stderr = &faults
	out, err := cmd.Output()
	if err != nil {
		return nil, fmt.Errorf("%s %s: %w: %s", c.path, verb, err, firstLine(faults.String()))
	}
	return bytes.TrimSpace(out), nil
}

func firstLine(s string) string {
	s, _, _ = strings.Cut(strings.TrimSpace(s), "\n")
	return s[:min(len(s), 200)]
}
