package allocation

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"
	"time"
)

// Record is an assignment as it is kept: with its place among all of the study, its
// time, and the hash that covers everything up to it.
type Record struct {
	Seq     int      `json:"seq"`  // from 1, without gaps
	At      string   `json:"at"`   // UTC, as 2026-03-02T17:05:00.000Z
	Kind    Kind     `json:"kind"` // lot, hand, before
	Stratum string   `json:"stratum"`
	Number  int      `json:"number"`
	Levels  []string `json:"levels"`
	Arm     string   `json:"arm"`
	Chain   string   `json:"chain"`
}

// timeForm is how instants are written: UTC, to the millisecond, as both databases
// keep them.
const timeForm = "2006-01-02T15:04:05.000Z"

// Instant is an instant as records have it.
func Instant(t time.Time) string { return t.UTC().Format(timeForm) }

func instantFault(text string) error {
	t, err := time.Parse(timeForm, text)
	if err != nil || Instant(t) != text {
		return fmt.Errorf("%q is no time as %s", text, timeForm)
	}
	return nil
}

// Opening is what a study publishes before the first draw, and its chain begins
// with.
type Opening struct {
	Study      string // key
	SealedAt   string
	Commitment string
	Scheme     Scheme
}

// Chain is the first link, which the first record is chained to.
func (o Opening) Chain() string {
	return digest(Format, o.Study, o.SealedAt, o.Commitment, o.Scheme.Text())
}

// Link is the hash that a record has, after the one before it.
func (r Record) Link(before string) string {
	parts := append([]string{before, strconv.Itoa(r.Seq), r.At, string(r.Kind), r.Stratum, strconv.Itoa(r.Number), r.Arm}, r.Levels...)
	return digest(parts...)
}

// digest is the SHA-256 of lines, in hexadecimal digits.
func digest(lines ...string) string {
	sum := sha256.Sum256([]byte(strings.Join(lines, "\n")))
	return hex.EncodeToString(sum[:])
}

// Assignment is what the record says of the arm.
func (r Record) Assignment() Assignment {
	return Assignment{Kind: r.Kind, Stratum: r.Stratum, Number: r.Number, Levels: r.Levels, Arm: r.Arm}
}

// File is everything that is needed to recompute the allocation of a study that is
// over.
type File struct {
	Format     string   `json:"format"`
	Study      string   `json:"study"`
	SealedAt   string   `json:"sealed_at"`
	Commitment string   `json:"commitment"`
	Seed       string   `json:"seed"`
	Scheme     Scheme   `json:"scheme"`
	Draws      []Record `json:"draws"`
	// Head is the chain of the last record, or of the opening without any.
	Head string `json:"head"`
}

// NewFile puts a file together.
func NewFile(o Opening, seed Seed, records []Record) File {
	f := File{
		Format: Format, Study: o.Study, SealedAt: o.SealedAt, Commitment: o.Commitment, Seed: seed.Reveal(),
		Scheme: o.Scheme, Draws: records, Head: o.Chain(),
	}
	if n := len(records); n > 0 {
		f.Head = records[n-1].Chain
	}
	if f.Draws == nil {
		f.Draws = []Record{}
	}
	return f
}

// Opening is what the file says was published.
func (f File) Opening() Opening {
	return Opening{Study: f.Study, SealedAt: f.SealedAt, Commitment: f.Commitment, Scheme: f.Scheme}
}

// Write writes the file as JSON.
func (f File) Write(w io.Writer) error {
	e := json.NewEncoder(w)
	e.SetIndent("", "  ")
	e.SetEscapeHTML(false)
	return e.Encode(f)
}

// MaxFile bounds a file that is read, in bytes.
const MaxFile = 64 << 20

// ErrFile: what was read is no verification file.
var ErrFile = errors.New("this is not a verification file")

// Read reads a file. What is no such file, has a field that none has, or one twice,
// is [ErrFile] with the reason. It does not verify it.
func Read(r io.Reader) (File, error) {
	data, err := io.ReadAll(io.LimitReader(r, MaxFile+1))
	if err != nil {
		return File{}, fmt.Errorf("read the file: %w", err)
	}
	if len(data) > MaxFile {
		return File{}, fmt.Errorf("%w: more than %d MB", ErrFile, MaxFile>>20)
	}
	if err := fieldsOnce(data); err != nil {
		return File{}, fmt.Errorf("%w: %w", ErrFile, err)
	}
	d := json.NewDecoder(bytes.NewReader(data))
	d.DisallowUnknownFields()
	var f File
	if err := d.Decode(&f); err != nil {
		return File{}, fmt.Errorf("%w: %w", ErrFile, err)
	}
	if f.Format != Format {
		return File{}, fmt.Errorf("%w: its format is %q, not %s", ErrFile, f.Format, Format)
	}
	return f, nil
}

// maxDepth is deeper than any verification file nests.
const maxDepth = 8

// fieldsOnce makes sure that data is one JSON value, of which no object has a field
// twice: programs differ in which of the two they take. Names that differ in case
// only are the same field to encoding/json, and refused too.
func fieldsOnce(data []byte) error {
	d := json.NewDecoder(bytes.NewReader(data))
	if err := oneValue(d, maxDepth); err != nil {
		return err
	}
	if _, err := d.Token(); !errors.Is(err, io.EOF) {
		return errors.New("something follows the end")
	}
	return nil
}

func oneValue(d *json.Decoder, depth int) error {
	if depth == 0 {
		return errors.New("it nests too deep")
	}
	token, err := d.Token()
	if err != nil {
		return err
	}
	switch token {
	case json.Delim('['):
		for d.More() {
			if err := oneValue(d, depth-1); err != nil {
				return err
			}
		}
	case json.Delim('{'):
		seen := map[string]bool{}
		for d.More() {
			name, err := d.Token()
			if err != nil {
				return err
			}
			key, _ := name.(string)
			if seen[strings.ToLower(key)] || strings.ToLower(key) != key {
				return fmt.Errorf("the field %q stands twice, or in capitals", key)
			}
			seen[key] = true
			if err := oneValue(d, depth-1); err != nil {
				return err
			}
		}
	default:
		return nil
	}
	_, err = d.Token() // the end of it
	return err
}

// Verdict is what came of recomputing a file that stands.
type Verdict struct {
	ByLot, ByHand, Before int
}

// A Deviation is where a file is not what the seed, the scheme and the records
// before give.
type Deviation struct { //nolint:errname // the word of whoever verifies a sequence
	Seq int // of the record; 0: of the file
	Why string
}

// Error says where and what.
func (d *Deviation) Error() string {
	if d.Seq == 0 {
		return d.Why
	}
	return fmt.Sprintf("record %d: %s", d.Seq, d.Why)
}

// Verify recomputes every draw of the file and every link of its chain. The first
// [Deviation] is returned. The chain says what came first, not the times: the clocks
// of several servers differ.
func (f File) Verify() (Verdict, error) {
	var v Verdict
	q, err := f.begin()
	if err != nil {
		return v, &Deviation{Why: err.Error()}
	}
	chain := f.Opening().Chain()
	for i, r := range f.Draws {
		if err := q.verify(r, i+1, chain); err != nil {
			return v, &Deviation{Seq: i + 1, Why: err.Error()}
		}
		switch r.Kind {
		case ByLot:
			v.ByLot++
		case ByHand:
			v.ByHand++
		case Before:
			v.Before++
		}
		chain = r.Chain
	}
	if f.Head != chain {
		return v, &Deviation{Why: "the head is not the hash of the last record"}
	}
	return v, nil
}

func (f File) begin() (*Sequence, error) {
	seed, err := ParseSeed(f.Seed)
	switch {
	case f.Format != Format:
		return nil, fmt.Errorf("format %q, want %s", f.Format, Format)
	case err != nil:
		return nil, err
	case seed.Reveal() != f.Seed:
		return nil, ErrSeed
	case !seed.Fits(f.Commitment):
		return nil, errors.New("the seed is not the one that was committed to: its SHA-256 is " + seed.Commitment())
	case !Plain(f.Study):
		return nil, fmt.Errorf("no study is called %q", f.Study)
	}
	if err := instantFault(f.SealedAt); err != nil {
		return nil, err
	}
	return NewSequence(f.Scheme, seed)
}

// verify compares one record with what follows from those before.
func (q *Sequence) verify(r Record, seq int, chain string) error {
	if r.Seq != seq {
		return fmt.Errorf("it has the number %d", r.Seq)
	}
	if err := instantFault(r.At); err != nil {
		return err
	}
	if r.Kind == ByLot {
		got, err := q.Next(r.Levels)
		if err != nil {
			return err
		}
		if got.Stratum != r.Stratum || got.Number != r.Number {
			return fmt.Errorf("it is draw %d of %q, want %d of %q", r.Number, r.Stratum, got.Number, got.Stratum)
		}
		if got.Arm != r.Arm {
			return fmt.Errorf("the arm is %q, the seed gives %q", r.Arm, got.Arm)
		}
	} else {
		if r.Number != 0 || r.Stratum != "" {
			return errors.New("it is not by lot, and has a stratum or a number")
		}
		if err := q.Note(r.Assignment()); err != nil {
			return err
		}
	}
	if slices.ContainsFunc(r.Levels, func(l string) bool { return !Plain(l) }) {
		return errors.New("a level has signs that none has")
	}
	if want := r.Link(chain); r.Chain != want {
		return fmt.Errorf("its hash is %s, want %s: it, or a record before it, was changed", r.Chain, want)
	}
	return nil
}
