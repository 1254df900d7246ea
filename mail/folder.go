package mail

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"tidemark/survey"
)

// Folder puts letters in a folder, one file each, for those who work on the
// program: nobody receives them.
type Folder struct {
	path string
	from letterhead
}

// NewFolder makes the folder if it is not there. An empty back is no return address of
// its own.
func NewFolder(path, from, back string) (*Folder, error) {
	h, err := newLetterhead(from, back)
	if err != nil {
		return nil, err
	}
	if err := os.MkdirAll(path, 0o700); err != nil {
		return nil, fmt.Errorf("folder for mail: %w", err)
	}
	return &Folder{path: path, from: h}, nil
}

// Harmless: nobody receives the letters.
func (*Folder) Harmless() bool { return true }

// Send writes the file whole or not at all. The same letter is the same file.
func (f *Folder) Send(_ context.Context, l survey.Letter) error {
	m, err := f.from.message(l)
	if err != nil {
		return err
	}
	if err := f.write(l.ID, func(file *os.File) error { _, err := m.WriteTo(file); return err }); err != nil {
		return &survey.SendError{Reason: "the folder for mail cannot be written", Down: true, Err: err}
	}
	return nil
}

func (f *Folder) write(id string, write func(*os.File) error) error {
	file, err := os.CreateTemp(f.path, ".letter-*")
	if err != nil {
		return err
	}
	if err = errors.Join(write(file), file.Close()); err != nil {
		return errors.Join(err, os.Remove(file.Name()))
	}
	return os.Rename(file.Name(), filepath.Join(f.path, id+".eml"))
}

// Probe finds out whether the folder takes letters, by a file that is removed again.
func (f *Folder) Probe(context.Context) error {
	probe, err := os.CreateTemp(f.path, ".probe-*")
	if err != nil {
		return &survey.SendError{Reason: "the folder cannot be written to", Down: true, Err: err}
	}
	if err := errors.Join(probe.Close(), os.Remove(probe.Name())); err != nil {
		return &survey.SendError{Reason: "the folder cannot be written to", Down: true, Err: err}
	}
	return nil
}
