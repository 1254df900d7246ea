package backup

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"time"
)

// Place is where backups are kept.
type Place interface {
	// Put keeps the content of a file under a name, whole or not at all.
	Put(ctx context.Context, name, file string) error
	// Get reads a backup; ErrNoBackup when it is not there.
	Get(ctx context.Context, name string) (io.ReadCloser, error)
	// List gives the backups, the newest first, and nothing else that is there.
	List(ctx context.Context) ([]Stored, error)
	// Remove removes a backup. That it is gone already is no error.
	Remove(ctx context.Context, name string) error
	// String names the place to people, without a password.
	String() string
}

// ErrNoBackup is what is not in a place.
var ErrNoBackup = errors.New("there is no such backup")

// Stored is a backup in a place.
type Stored struct {
	Name    string
	TakenAt time.Time
	Bytes   int64
}

const nameTime = "20060102T150405.000Z"

var nameForm = regexp.MustCompile(`^tidemark-([0-9]{8}T[0-9]{6}\.[0-9]{3}Z)-[a-z0-9]{6}\.tar\.gz\.age$`)

// newName is a name that tells when a backup was made and that no other has.
func newName(at time.Time) string {
	return "tidemark-" + at.UTC().Format(nameTime) + "-" + strings.ToLower(rand.Text()[:6]) + ".tar.gz.age"
}

// stored reads the name of a backup; false for that of anything else.
func stored(name string, size int64) (Stored, bool) {
	m := nameForm.FindStringSubmatch(name)
	if m == nil {
		return Stored{}, false
	}
	at, err := time.Parse(nameTime, m[1])
	return Stored{Name: name, TakenAt: at, Bytes: size}, err == nil
}

func newestFirst(list []Stored) []Stored {
	slices.SortFunc(list, func(a, b Stored) int { return strings.Compare(b.Name, a.Name) })
	return list
}

// Folder is a place on this machine, or one that is mounted.
type Folder struct{ Path string }

// String is the path.
func (f Folder) String() string { return f.Path }

// Put copies the file under a temporary name, and renames it once it is on disk.
func (f Folder) Put(ctx context.Context, name, file string) (err error) {
	if err := os.MkdirAll(f.Path, 0o700); err != nil {
		return err
	}
	from, err := os.Open(file) //nolint:gosec // made by this package
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, from.Close()) }()
	part := filepath.Join(f.Path, "."+name+".part")
	to, err := os.OpenFile(part, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600) //nolint:gosec // of a name of ours
	if err != nil {
		return err
	}
	_, err = io.Copy(to, reading{ctx, from})
	err = errors.Join(err, to.Sync(), to.Close())
	if err == nil {
		err = os.Rename(part, filepath.Join(f.Path, name))
	}
	if err != nil {
		return errors.Join(err, os.Remove(part))
	}
	return syncFolder(f.Path)
}

// reading ends with its context.
type reading struct {
	ctx context.Context //nolint:containedctx // of the one who reads
	io.Reader
}

func (r reading) Read(b []byte) (int, error) {
	if err := r.ctx.Err(); err != nil {
		return 0, err
	}
	return r.Reader.Read(b)
}

// syncFolder makes the names in a folder as lasting as what they name.
func syncFolder(path string) error {
	d, err := os.Open(path) //nolint:gosec // the administrator's own path
	if err != nil {
		return err
	}
	return errors.Join(d.Sync(), d.Close())
}

// Get opens a file.
func (f Folder) Get(_ context.Context, name string) (io.ReadCloser, error) {
	if _, ok := stored(name, 0); !ok {
		return nil, fmt.Errorf("%w: %q is not the name of one", ErrNoBackup, name)
	}
	file, err := os.Open(filepath.Join(f.Path, name)) //nolint:gosec // a name that we give, in the operator's folder
	if errors.Is(err, os.ErrNotExist) {
		return nil, fmt.Errorf("%w: %s", ErrNoBackup, filepath.Join(f.Path, name))
	}
	return file, err
}

// List reads the folder. One that is not there yet has nothing in it.
func (f Folder) List(context.Context) ([]Stored, error) {
	entries, err := os.ReadDir(f.Path)
	if errors.Is(err, os.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	var list []Stored
	for _, e := range entries {
		info, err := e.Info()
		if err != nil {
			continue // it has just gone
		}
		if s, ok := stored(e.Name(), info.Size()); ok && info.Mode().IsRegular() {
			list = append(list, s)
		}
	}
	return newestFirst(list), nil
}

// Remove removes a file.
func (f Folder) Remove(_ context.Context, name string) error {
	if _, ok := stored(name, 0); !ok {
		return fmt.Errorf("%w: %q is not the name of one", ErrNoBackup, name)
	}
	if err := os.Remove(filepath.Join(f.Path, name)); err != nil && !errors.Is(err, os.ErrNotExist) {
		return err
	}
	return syncFolder(f.Path)
}

// OpenPlace finds a place by what people write: a folder, or s3://BUCKET/PREFIX. What
// may not be written down is asked of env.
func OpenPlace(text string, env func(string) string) (Place, error) {
	switch {
	case text == "":
		return nil, errors.New("no place is named for backups")
	case strings.HasPrefix(text, "s3://"):
		return openBucket(text, env)
	case strings.Contains(text, "://"):
		return nil, fmt.Errorf("%q is no place for backups; name a folder, or s3://BUCKET/PREFIX", text)
	}
	return Folder{Path: text}, nil
}
