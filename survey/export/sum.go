package export

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"hash"
	"io"
)

// Sum checks a file while it is written: how long it is, how many rows of CSV it
// has, and its SHA-256, by which whoever gets it can tell that it is whole.
type Sum struct {
	w     io.Writer
	hash  hash.Hash
	bytes int64
	count rowCounter
	// Tell, if not nil, is told after every write.
	Tell func(*Sum)
}

// NewSum passes on to w what is written to it.
func NewSum(w io.Writer) *Sum { return &Sum{w: w, hash: sha256.New()} }

// Write passes on and counts what was taken.
func (s *Sum) Write(b []byte) (int, error) {
	n, err := s.w.Write(b)
	b = b[:n]
	s.bytes += int64(n)
	s.hash.Write(b)
	_, _ = s.count.Write(b) // never fails
	if s.Tell != nil {
		s.Tell(s)
	}
	if err != nil {
		return n, fmt.Errorf("write: %w", err)
	}
	return n, nil
}

// Rows is the number of records of CSV so far, without the header.
func (s *Sum) Rows() int { return s.count.rows() }

// Bytes is the length so far.
func (s *Sum) Bytes() int64 { return s.bytes }

// Digest is the SHA-256 so far, and SHA256 the same in hexadecimal.
func (s *Sum) Digest() []byte { return s.hash.Sum(nil) }

// SHA256 is the SHA-256 so far, in hexadecimal.
func (s *Sum) SHA256() string { return hex.EncodeToString(s.Digest()) }

// rowCounter counts the records of CSV that passes by: line ends outside of quotes.
type rowCounter struct {
	ends   int
	quoted bool
}

// Write never fails.
func (r *rowCounter) Write(b []byte) (int, error) {
	n := len(b)
	for {
		part, rest, quote := bytes.Cut(b, []byte{'"'})
		if !r.quoted {
			r.ends += bytes.Count(part, []byte{'\n'})
		}
		if !quote {
			return n, nil
		}
		r.quoted, b = !r.quoted, rest
	}
}

func (r *rowCounter) rows() int { return max(r.ends-1, 0) }
