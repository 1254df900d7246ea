package main

import (
	"errors"
	"io"
	"os"
	"path/filepath"
)

// into gives standard output or, for a file, another one beside it that takes
// its name when everything is written and is removed when something fails.
func (p *program) into(out string, write func(io.Writer) error) (err error) {
	if out == "" || out == "-" {
		return write(p.stdout)
	}
	f, err := os.CreateTemp(filepath.Dir(out), "."+filepath.Base(out)+"-*")
	if err != nil {
		return err
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, os.Remove(f.Name()))
		}
	}()
	err = write(f)
	if err == nil {
		err = f.Sync()
	}
	if err = errors.Join(err, f.Close()); err != nil {
		return err
	}
	return os.Rename(f.Name(), out)
}
