package main

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"time"

	"tidemark/internal/program"
)

// process is what one run of the program cost.
type process struct {
	took time.Duration
	peak int64 // bytes resident at most; 0: not measured
	own  int64 // bytes at most without the program file, as far as was seen
	size int64 // of what it wrote
}

func (p process) print(w table, what, of string) {
	w.row(what, of, fmt.Sprintf("%.3f s", p.took.Seconds()), "–", megabytes(p.peak), megabytes(p.own), megabytes(p.size))
}

func megabytes(bytes int64) string {
	if bytes == 0 {
		return "–"
	}
	return fmt.Sprintf("%.1f MB", float64(bytes)/1e6)
}

// process runs a command of the program, the output of which goes to out unless
// its flags say so, and watches its memory.
func (b *bench) process(ctx context.Context, out string, args ...string) (p process, err error) {
	said, err := os.Create(out + ".log")
	if err != nil {
		return process{}, err
	}
	defer func() { err = errors.Join(err, said.Close()) }()
	cmd := exec.CommandContext(ctx, b.binary, args...)
	cmd.Stdout, cmd.Stderr = said, said
	began := time.Now()
	if err := cmd.Start(); err != nil {
		return process{}, err
	}
	ended := make(chan error, 1)
	go func() { ended <- cmd.Wait() }()
	for running := true; running; {
		// The peak only grows, so the last look is the one that counts.
		if m, err := program.MemoryOf(cmd.Process.Pid); err == nil {
			p.peak, p.own = max(p.peak, m.Peak), max(p.own, m.Own)
		}
		select {
		case err := <-ended:
			if err != nil {
				text, unread := os.ReadFile(said.Name())
				return process{}, errors.Join(fmt.Errorf("tidemark %v: %w\n%s", args, err, text), unread)
			}
			running = false
		case <-time.After(time.Millisecond):
		}
	}
	p.took = time.Since(began)
	if info, err := os.Stat(out); err == nil {
		p.size = info.Size()
	}
	return p, nil
}

// fresh is an empty database of a name, and a folder to go with it.
func (b *bench) fresh(ctx context.Context, e engine, name string) (database, dir string, err error) {
	dir = filepath.Join(b.dir, name)
	if e.postgres {
		dir += "_postgres"
	}
	if err := os.Mkdir(dir, 0o700); err != nil {
		return "", "", err
	}
	if !e.postgres {
		return filepath.Join(dir, "tidemark.db"), dir, nil
	}
	db, err := sql.Open("pgx", e.database)
	if err != nil {
		return "", "", err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	if _, err := db.ExecContext(ctx, "CREATE DATABASE "+name); err != nil {
		return "", "", err
	}
	u, err := url.Parse(e.database)
	if err != nil {
		return "", "", err
	}
	u.Path = "/" + name
	return u.String(), dir, nil
}
