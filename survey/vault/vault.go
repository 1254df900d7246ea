package vault

import (
	"bytes"
	"context"
	"crypto/aes"
	"crypto/cipher"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"strconv"
)

var (
	// ErrSealed reports what does not open: it was altered, moved from its place,
	// or sealed under another key. The error says nothing of the content.
	ErrSealed = errors.New("what is sealed does not open: it was altered, moved, or sealed under another key")
	// ErrNoKey reports a vault key that the ring does not have.
	ErrNoKey = errors.New("a key of the vault is not at hand")
)

const (
	keyBytes = 32
	// block rounds up the length of what is sealed, so that the length of a name
	// does not tell one from another.
	block = 32
)

// Key is a vault key as the database holds it.
type Key struct {
	ID       string
	MasterID string // by which it is wrapped
	Wrapped  []byte
}

// Wrapped is a person's key as the database holds it.
type Wrapped struct {
	KeyID string // of the vault key that it is wrapped by
	Bytes []byte
}

// Ring is the vault keys of an installation, open. It may be used concurrently.
type Ring struct {
	keys  map[string]cipher.AEAD
	index []byte // the same under every vault key
}

// New makes the first vault key of an installation.
func New(ctx context.Context, master Master) (Key, error) {
	return wrapNew(ctx, master, random(keyBytes))
}

// Next makes a vault key that takes the place of those of the ring. What is found by
// an index is still found.
func (r *Ring) Next(ctx context.Context, master Master) (Key, error) {
	return wrapNew(ctx, master, r.index)
}

func wrapNew(ctx context.Context, master Master, index []byte) (Key, error) {
	k := Key{ID: hex.EncodeToString(random(8)), MasterID: master.ID()}
	var err error
	k.Wrapped, err = master.Wrap(ctx, append(random(keyBytes), index...), keyLabel(k.ID))
	return k, err
}

// Open opens vault keys, each by the master that wrapped it.
func Open(ctx context.Context, keys []Key, masters []Master) (*Ring, error) {
	r := &Ring{keys: map[string]cipher.AEAD{}}
	for _, k := range keys {
		plain, err := unwrap(ctx, k, masters)
		if err != nil {
			return nil, err
		}
		if len(plain) != 2*keyBytes {
			return nil, fmt.Errorf("vault key %s: %w", k.ID, ErrSealed)
		}
		r.keys[k.ID] = gcm(plain[:keyBytes])
		r.index = plain[keyBytes:]
	}
	return r, nil
}

func unwrap(ctx context.Context, k Key, masters []Master) ([]byte, error) {
	for _, m := range masters {
		if m.ID() == k.MasterID {
			plain, err := m.Unwrap(ctx, k.Wrapped, keyLabel(k.ID))
			if err != nil {
				return nil, fmt.Errorf("vault key %s: %w", k.ID, err)
			}
			return plain, nil
		}
	}
	return nil, &WrongMasterError{Want: k.MasterID}
}

// WrongMasterError reports that the master key at hand is not that of the database.
type WrongMasterError struct{ Want string }

// Error names the key by its ID, which tells nothing of it.
func (e *WrongMasterError) Error() string {
	return "the names and addresses in this database are sealed under master key " + e.Want + ", which was not given"
}

// Has reports whether a vault key is in the ring.
func (r *Ring) Has(id string) bool { return r.keys[id] != nil }

// Index is a keyed hash of a value, by which equal values in a column of a study are
// found without opening any. The same value in another study has another.
func (r *Ring) Index(study, column, value string) []byte {
	m := hmac.New(sha256.New, r.index)
	m.Write(label("index", study, column, value))
	return m.Sum(nil)
}

// Person is one person's key, open.
type Person struct {
	aead cipher.AEAD
	whom []string
}

// NewPerson makes a key for somebody, wrapped by the vault key of that ID.
func (r *Ring) NewPerson(keyID, study, owner string) (Wrapped, *Person, error) {
	aead := r.keys[keyID]
	if aead == nil {
		return Wrapped{}, nil, ErrNoKey
	}
	plain := random(keyBytes)
	//nolint:gosec // the cipher draws its own nonce and takes none
	w := Wrapped{KeyID: keyID, Bytes: aead.Seal(nil, nil, plain, personLabel(keyID, study, owner))}
	return w, &Person{gcm(plain), []string{study, owner}}, nil
}

// Person opens somebody's key.
func (r *Ring) Person(w Wrapped, study, owner string) (*Person, error) {
	plain, err := r.unwrapPerson(w, study, owner)
	if err != nil {
		return nil, err
	}
	return &Person{gcm(plain), []string{study, owner}}, nil
}

// Rewrap wraps somebody's key by another vault key of the ring.
func (r *Ring) Rewrap(w Wrapped, keyID, study, owner string) (Wrapped, error) {
	aead := r.keys[keyID]
	if aead == nil {
		return Wrapped{}, ErrNoKey
	}
	plain, err := r.unwrapPerson(w, study, owner)
	if err != nil {
		return Wrapped{}, err
	}
	//nolint:gosec // the cipher draws its own nonce and takes none
	return Wrapped{KeyID: keyID, Bytes: aead.Seal(nil, nil, plain, personLabel(keyID, study, owner))}, nil
}

func (r *Ring) unwrapPerson(w Wrapped, study, owner string) ([]byte, error) {
	aead := r.keys[w.KeyID]
	if aead == nil {
		return nil, ErrNoKey
	}
	plain, err := aead.Open(nil, nil, w.Bytes, personLabel(w.KeyID, study, owner))
	if err != nil || len(plain) != keyBytes {
		return nil, ErrSealed
	}
	return plain, nil
}

// Seal seals a value for a column of the person's; nothing gives nil.
func (p *Person) Seal(column, plain string) []byte {
	if plain == "" {
		return nil
	}
	padded := make([]byte, (len(plain)+1+block-1)/block*block)
	copy(padded, plain)
	padded[len(plain)] = 1                                // then zeros
	return p.aead.Seal(nil, nil, padded, p.label(column)) //nolint:gosec // the cipher makes a nonce of its own
}

// Open opens what was sealed for a column of the person's; nil gives nothing.
func (p *Person) Open(column string, sealed []byte) (string, error) {
	if len(sealed) == 0 {
		return "", nil
	}
	padded, err := p.aead.Open(nil, nil, sealed, p.label(column))
	if err != nil {
		return "", ErrSealed
	}
	end := bytes.LastIndexByte(padded, 1)
	if end < 0 {
		return "", ErrSealed
	}
	return string(padded[:end]), nil
}

func (p *Person) label(column string) []byte { return label("field", p.whom[0], p.whom[1], column) }

func keyLabel(id string) []byte { return label("vault key", id) }

func personLabel(keyID, study, owner string) []byte { return label("person", keyID, study, owner) }

// label is what is sealed along with a value without being hidden. Lengths go first,
// so that no two places have the same.
func label(parts ...string) []byte {
	b := append(make([]byte, 0, 192), "tidemark vault 1"...) // as long as most
	for _, p := range parts {
		b = strconv.AppendInt(append(b, ' '), int64(len(p)), 10)
		b = append(append(b, ':'), p...)
	}
	return b
}

// random draws bytes; crypto/rand ends the program where the system has none.
func random(n int) []byte {
	b := make([]byte, n)
	_, _ = rand.Read(b)
	return b
}

// gcm is the cipher of a key. Making one fails only for a key of the wrong length,
// which none is.
func gcm(key []byte) cipher.AEAD {
	block, err := aes.NewCipher(key)
	if err == nil {
		var aead cipher.AEAD
		if aead, err = cipher.NewGCMWithRandomNonce(block); err == nil {
			return aead
		}
	}
	panic(fmt.Sprintf("vault: cipher: %v", err))
}
