package allocation

import (
	"crypto/sha256"
	"crypto/subtle"
	"encoding/hex"
	"errors"
	"fmt"
	"hash"
	"strconv"
)

// Format names this way of drawing; another way would have another name.
const Format = "tidemark-allocation-1"

// SeedSize is the length of a seed in bytes.
const SeedSize = 32

// Seed decides every draw of a study. It prints as nothing, so that it is in no log
// by mistake; [Seed.Reveal] gives it.
type Seed [SeedSize]byte

// ErrSeed: a text or a slice is no seed.
var ErrSeed = errors.New("a seed has 32 bytes, 64 hexadecimal digits")

// SeedOf is a seed from its bytes.
func SeedOf(b []byte) (Seed, error) {
	var s Seed
	if len(b) != SeedSize {
		return s, ErrSeed
	}
	copy(s[:], b)
	return s, nil
}

// ParseSeed is a seed from its 64 hexadecimal digits.
func ParseSeed(text string) (Seed, error) {
	b, err := hex.DecodeString(text)
	if err != nil {
		return Seed{}, ErrSeed
	}
	return SeedOf(b)
}

// Reveal is the seed in hexadecimal digits.
func (s Seed) Reveal() string { return hex.EncodeToString(s[:]) }

// String hides the seed.
func (Seed) String() string { return "sealed seed" }

// GoString hides the seed.
func (Seed) GoString() string { return "sealed seed" }

// Format hides the seed from every verb.
func (Seed) Format(f fmt.State, _ rune) { _, _ = f.Write([]byte("sealed seed")) }

// MarshalText refuses: a seed is written out on purpose only.
func (Seed) MarshalText() ([]byte, error) { return nil, errors.New("a seed is not written by chance") }

// Commitment is the SHA-256 of the seed's bytes in hexadecimal digits. It can be
// published: who has it learns nothing of the seed, and knows it again.
func (s Seed) Commitment() string {
	sum := sha256.Sum256(s[:])
	return hex.EncodeToString(sum[:])
}

// Fits reports whether a commitment was made with this seed.
func (s Seed) Fits(commitment string) bool {
	return subtle.ConstantTimeCompare([]byte(s.Commitment()), []byte(commitment)) == 1
}

// What a stream of numbers is for.
const (
	forDraw  = "draw"
	forBlock = "block"
)

// stream is a sequence of numbers that only its seed and its place decide.
type stream struct {
	mac   hash.Hash // under the seed; begun anew for each number
	place []byte
	next  int
}

func newStream(mac hash.Hash, purpose, stratum string, number int) *stream {
	return &stream{mac: mac, place: []byte(Format + "\n" + purpose + "\n" + stratum + "\n" + strconv.Itoa(number) + "\n")}
}

// span is the number of values that a stream can have.
const span = 1 << 48

func (s *stream) value() int64 {
	s.mac.Reset()
	s.mac.Write(strconv.AppendInt(s.place, int64(s.next), 10))
	s.next++
	var v int64
	for _, b := range s.mac.Sum(nil)[:6] {
		v = v<<8 | int64(b)
	}
	return v
}

// below is a number from 0 to n−1, each as likely as any other; n from 1.
func (s *stream) below(n int) int {
	limit := span - span%int64(n)
	for {
		if v := s.value(); v < limit {
			return int(v % int64(n))
		}
	}
}

// lot is the place of an arm, drawn in the ratio of the shares; a share of 0 is
// never drawn.
func (s *stream) lot(shares []int) int {
	sum := 0
	for _, n := range shares {
		sum += n
	}
	at := s.below(sum)
	for i, n := range shares {
		if at < n {
			return i
		}
		at -= n
	}
	panic("allocation: a number below the sum of the shares lies beyond them")
}
