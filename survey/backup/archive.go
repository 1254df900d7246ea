package backup

import (
	"archive/tar"
	"bufio"
	"compress/gzip"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"time"

	"filippo.io/age"

	"tidemark/survey"
)

// form is the version of what is in a backup.
const form = 1

// Kind says how the database is kept in a backup.
type Kind string

// The kinds.
const (
	KindSQLite   Kind = "sqlite"   // a database file
	KindPostgres Kind = "postgres" // an archive of pg_dump
	KindRows     Kind = "rows"     // the canonical export, for either engine
)

// Valid reports whether k is one of the kinds.
func (k Kind) Valid() bool { return k == KindSQLite || k == KindPostgres || k == KindRows }

// Manifest says what a backup holds.
type Manifest struct {
	Form      int              `json:"form"`
	Kind      Kind             `json:"kind"`
	TakenAt   time.Time        `json:"taken_at"`
	Program   string           `json:"program"`
	Inventory survey.Inventory `json:"inventory"`
}

// The files in a backup, in this order.
const (
	manifestFile = "manifest.json"
	erasuresFile = "erasures.jsonl"
	databaseFile = "database"
)

// maxHead bounds what is read of a manifest and of erasures.
const maxHead = 256 << 20

// ErrDamaged is what a backup is that cannot be read to its end as it was written.
var ErrDamaged = errors.New("the backup is damaged")

// ErrKey is what a backup gets that none of the keys opens.
var ErrKey = errors.New("none of the keys given opens this backup")

// write writes a backup.
func write(w io.Writer, to []age.Recipient, m Manifest, erasures []byte, database string) (err error) {
	sealed, err := age.Encrypt(w, to...)
	if err != nil {
		return fmt.Errorf("encrypt: %w", err)
	}
	packed, err := gzip.NewWriterLevel(sealed, gzip.BestSpeed)
	if err != nil {
		return err
	}
	t := tar.NewWriter(packed)
	head, err := json.MarshalIndent(m, "", " ")
	if err != nil {
		return err
	}
	if err := errors.Join(add(t, manifestFile, head, m.TakenAt), add(t, erasuresFile, erasures, m.TakenAt)); err != nil {
		return err
	}
	f, err := os.Open(database) //nolint:gosec // made by this package
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	info, err := f.Stat()
	if err == nil {
		err = t.WriteHeader(&tar.Header{Name: databaseFile, Mode: 0o600, Size: info.Size(), ModTime: m.TakenAt})
	}
	if err == nil {
		_, err = io.Copy(t, f)
	}
	if err != nil {
		return err
	}
	// From the inside outwards: each has something to write yet.
	for _, c := range []io.Closer{t, packed, sealed} {
		if err := c.Close(); err != nil {
			return err
		}
	}
	return nil
}

func add(t *tar.Writer, name string, content []byte, at time.Time) error {
	if err := t.WriteHeader(&tar.Header{Name: name, Mode: 0o600, Size: int64(len(content)), ModTime: at}); err != nil {
		return err
	}
	_, err := t.Write(content)
	return err
}

// Archive is a backup that is being read.
type Archive struct {
	Manifest Manifest
	Erasures []byte // a line for each

	packed *gzip.Reader
	tar    *tar.Reader
	size   int64 // of the database
}

// Open reads the head of a backup. ErrKey when no key fits, ErrDamaged when it is not
// what was written.
func Open(r io.Reader, keys ...age.Identity) (*Archive, error) {
	plain, err := age.Decrypt(bufio.NewReaderSize(r, 1<<16), keys...)
	if none, ok := errors.AsType[*age.NoIdentityMatchError](err); ok && len(none.Errors) > 0 {
		return nil, ErrKey
	}
	if err != nil {
		return nil, fmt.Errorf("%w: it cannot be decrypted: %w", ErrDamaged, err)
	}
	a := &Archive{}
	if a.packed, err = gzip.NewReader(plain); err != nil {
		return nil, fmt.Errorf("%w: %w", ErrDamaged, err)
	}
	a.tar = tar.NewReader(a.packed)
	head, err := a.whole(manifestFile)
	if err != nil {
		return nil, err
	}
	if err := json.Unmarshal(head, &a.Manifest); err != nil {
		return nil, fmt.Errorf("%w: its manifest: %w", ErrDamaged, err)
	}
	if a.Manifest.Form != form {
		return nil, fmt.Errorf("the backup has form %d and this program knows %d; use a newer tidemark", a.Manifest.Form, form)
	}
	if a.Erasures, err = a.whole(erasuresFile); err != nil {
		return nil, err
	}
	a.size, err = a.next(databaseFile)
	return a, err
}

func (a *Archive) next(name string) (int64, error) {
	h, err := a.tar.Next()
	if err != nil {
		return 0, fmt.Errorf("%w: %w", ErrDamaged, err)
	}
	if h.Name != name {
		return 0, fmt.Errorf("%w: there is %q in the place of %s", ErrDamaged, h.Name, name)
	}
	return h.Size, nil
}

func (a *Archive) whole(name string) ([]byte, error) {
	size, err := a.next(name)
	if err != nil {
		return nil, err
	}
	if size > maxHead {
		return nil, fmt.Errorf("%w: %s is too large", ErrDamaged, name)
	}
	content, err := io.ReadAll(a.tar)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrDamaged, err)
	}
	return content, nil
}

// database reads the database in the backup, and what follows it to the very end,
// where alone it shows that nothing was cut off.
func (a *Archive) database(w io.Writer) error {
	n, err := io.Copy(w, undamaged{a.tar})
	if err != nil {
		return err
	}
	if n != a.size {
		return fmt.Errorf("%w: it is cut off", ErrDamaged)
	}
	if _, err := a.tar.Next(); !errors.Is(err, io.EOF) {
		return fmt.Errorf("%w: after the database: %w", ErrDamaged, err)
	}
	if _, err := io.Copy(io.Discard, a.packed); err != nil {
		return fmt.Errorf("%w: at its end: %w", ErrDamaged, err)
	}
	return nil
}

// undamaged tells what is wrong with reading from what is wrong with writing.
type undamaged struct{ io.Reader }

func (u undamaged) Read(b []byte) (int, error) {
	n, err := u.Reader.Read(b)
	if err != nil && !errors.Is(err, io.EOF) {
		err = fmt.Errorf("%w: %w", ErrDamaged, err)
	}
	return n, err
}
