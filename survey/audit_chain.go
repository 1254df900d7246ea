package survey

import (
	"crypto/ed25519"
	"crypto/sha256"
	"encoding/hex"
	"strconv"
	"time"
)

// The trail of each study is a chain, and so is that of the installation: every line
// has a number, from 1 without gaps, the hash of the line before it, and a hash of its
// own over both and all it says. docs/audit.md tells others how to work them out.

const (
	chainEncoding = "tidemark audit line 1"
	textEncoding  = "tidemark audit text 1"
	headEncoding  = "tidemark audit head 1"
	// AuditTime is how instants are written in what is hashed: UTC, milliseconds.
	AuditTime = "2006-01-02T15:04:05.000Z"
)

// ChainedEvent is a line of the audit trail in its place. A line waits for its place
// until a server has put it there: Seq is 0 then.
type ChainedEvent struct {
	AuditEvent

	Seq      int64
	SealedAt time.Time // when it was put in its place
	Prev     string    // hash of the line before; empty: it is the first
	Hash     string    // of this line, see [ChainedEvent.Sum]
	// Withheld: the line has a text, which the reader may not see.
	Withheld bool
}

// Sum is the hash that the line must have: SHA-256, in hexadecimal, over its fields in
// order, each as a netstring (its length in bytes, a colon, the bytes, a comma), so that
// no two lines are written alike.
func (e *ChainedEvent) Sum() string {
	return sumOf(chainEncoding, string(e.StudyID), strconv.FormatInt(e.Seq, 10), e.Prev, e.SealedAt.UTC().Format(AuditTime),
		string(e.ID), e.At.UTC().Format(AuditTime), string(e.ActorKind), e.ActorID, string(e.Action),
		e.ObjectKind, e.ObjectID, e.Detail, string(e.Subject), e.TextHash)
}

// Hash is what a line holds of its text. Without the salt it tells nothing of it.
func (t AuditText) Hash() string { return sumOf(textEncoding, t.Salt, t.Old, t.New, t.Reason) }

// sumOf is SHA-256 over fields as netstrings.
func sumOf(fields ...string) string {
	sum := sha256.Sum256(netstrings(fields...))
	return hex.EncodeToString(sum[:])
}

func netstrings(fields ...string) []byte {
	var b []byte
	for _, f := range fields {
		b = strconv.AppendInt(b, int64(len(f)), 10)
		b = append(b, ':')
		b = append(b, f...)
		b = append(b, ',')
	}
	return b
}

// AuditChain is where a chain ends, and what was found when it was last checked.
type AuditChain struct {
	StudyID StudyID // empty: the installation's
	Seq     int64   // of the last line
	Hash    string
	// CheckedAt is when it was last checked, up to line CheckedSeq, and Faults how many
	// faults were found; zero: not yet.
	CheckedAt  time.Time
	CheckedSeq int64
	Faults     int
}

// follow puts lines at the end of a chain, in their order.
func (c *AuditChain) follow(events []AuditEvent, now time.Time) []ChainedEvent {
	sealed := make([]ChainedEvent, len(events))
	for i, e := range events {
		s := ChainedEvent{AuditEvent: e, Seq: c.Seq + 1, SealedAt: now, Prev: c.Hash}
		s.Hash = s.Sum()
		c.Seq, c.Hash = s.Seq, s.Hash
		sealed[i] = s
	}
	return sealed
}

// AuditHead is the end of a chain on a day, signed by the installation. Kept outside of
// the database it gives away a trail that was cut off, or written anew from its
// beginning.
type AuditHead struct {
	StudyID   StudyID
	Day       string // that ended, as 2006-01-02 (UTC)
	Seq       int64
	Hash      string
	At        time.Time
	Key       string    // by which it was signed, in hexadecimal
	Signature string    // Ed25519, in hexadecimal
	MailedAt  time.Time // when it was put into the outbox; zero: it was not
}

// Message is what is signed.
func (h AuditHead) Message() []byte {
	return netstrings(headEncoding, string(h.StudyID), h.Day, strconv.FormatInt(h.Seq, 10), h.Hash, h.At.UTC().Format(AuditTime))
}

// SignedBy reports whether a head was signed with a key, and is as it was then.
func (h AuditHead) SignedBy(key string) bool {
	public, err := hex.DecodeString(key)
	if err != nil || len(public) != ed25519.PublicKeySize {
		return false
	}
	signature, err := hex.DecodeString(h.Signature)
	return err == nil && ed25519.Verify(public, h.Message(), signature)
}

// AuditFilter says which lines are asked for; what is not set does not matter.
type AuditFilter struct {
	Study     *StudyID // the empty one: lines about the installation
	ActorKind ActorKind
	ActorID   string
	Action    Action
	ObjectID  string
	From      time.Time // included
	Until     time.Time // not included
	// Before is the last line of the page before, to go on from; nil: from the newest.
	Before *AuditPlace
	Limit  int // 0: none
}

// AuditPlace is where a line stands among all, by time.
type AuditPlace struct {
	At time.Time
	ID AuditID
}

// Waiting reports whether the line has no place yet.
func (e *ChainedEvent) Waiting() bool { return e.Seq == 0 }
