package survey

import (
	"bytes"
	"compress/flate"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"hash"
	"io"
	"time"
)

// MakeFile writes the content of a file that was asked for, and gives the number of
// its rows; -1: it has none.
type MakeFile func(ctx context.Context, f PreparedFile, w io.Writer) (rows int, err error)

// ErrNoFile is what a maker says of a file that will never be made.
var ErrNoFile = errors.New("this file cannot be made")

const (
	// fileLease is after how long without a sign of life somebody else begins anew.
	fileLease = 90 * time.Second
	fileSign  = 20 * time.Second
	// maxFile bounds a file.
	maxFile      = 2 << 30
	maxFileTries = 5
	fileAgain    = 20 * time.Second // doubles with each try
)

var (
	errFileLost  = fmt.Errorf("another makes this file: %w", ErrConflict)
	errFileLarge = fmt.Errorf("more than %d bytes", maxFile)
)

// Work makes the file that has waited longest, and clears away what has expired. Only
// the program may. Any number of servers share the work: whoever takes a file holds it
// while there are signs of life, and what is left of one that died is made anew. That
// a file cannot be made is no error; it is noted with it.
func (u *Files) Work(ctx context.Context, a Actor, make MakeFile) (made bool, err error) {
	if a.Kind != ActorSystem {
		return false, ErrForbidden
	}
	now := u.env.now()
	if err := u.expire(ctx, now); err != nil {
		return false, fmt.Errorf("expired files: %w", err)
	}
	due, err := u.env.Store.DueFiles(ctx, now, 4)
	if err != nil {
		return false, fmt.Errorf("files that are due: %w", err)
	}
	for _, f := range due {
		var mine bool
		err := u.env.Store.InTx(ctx, func(tx Tx) (err error) {
			mine, err = tx.LeaseFile(ctx, f, now, now.Add(fileLease))
			return err
		})
		if err != nil {
			return false, fmt.Errorf("take file %s: %w", f.ID, err)
		}
		if mine {
			f.Tries++
			return true, u.makeFile(ctx, f, make)
		}
	}
	return false, nil
}

func (u *Files) expire(ctx context.Context, now time.Time) error {
	old, err := u.env.Store.ExpiredFiles(ctx, now.Add(-FileKeptFor), 4)
	for _, f := range old {
		if err == nil {
			err = u.env.Store.InTx(ctx, func(tx Tx) error {
				_, err := tx.DropFile(ctx, f.StudyID, f.ID, now, FileGoneExpired)
				return err
			})
		}
	}
	return err
}

// makeFile makes a file that is held, and notes what became of it.
func (u *Files) makeFile(ctx context.Context, f PreparedFile, make MakeFile) error {
	held, lost := context.WithCancelCause(ctx)
	defer lost(nil)
	signs := u.signs(held, f, lost)
	err := u.write(held, &f, make)
	lost(nil)
	<-signs
	f.EndedAt = u.env.now()
	kept := context.WithoutCancel(ctx) // noted even if the server is stopping
	switch {
	case err == nil, errors.Is(err, errFileLost):
		return nil
	case ctx.Err() != nil: // the server stops; another goes on at once
		f.StartAt = f.EndedAt
	case errors.Is(err, ErrNoFile), errors.Is(err, ErrForbidden), errors.Is(err, ErrNotFound):
		f.Reason = FileCannotBe
	case errors.Is(err, ErrRemoved):
		f.Reason = FileGoneRemoved
	case errors.Is(err, errFileLarge):
		f.Reason = FileTooLarge
	case f.Tries >= maxFileTries:
		f.Reason = FileCannotBe
	default:
		f.StartAt = f.EndedAt.Add(fileAgain << f.Tries)
	}
	note := u.env.Store.InTx(kept, func(tx Tx) error {
		if f.Reason == "" {
			_, err := tx.PostponeFile(kept, f)
			return err
		}
		_, err := tx.DropFile(kept, f.StudyID, f.ID, f.EndedAt, f.Reason)
		return err
	})
	return errors.Join(fmt.Errorf("make file %s of study %s: %w", f.ID, f.StudyID, err), note)
}

// signs gives signs of life until ctx ends, and ends it when the file is no longer
// held.
func (u *Files) signs(ctx context.Context, f PreparedFile, lost context.CancelCauseFunc) (ended chan struct{}) {
	ended = make(chan struct{})
	go func() {
		defer close(ended)
		for {
			select {
			case <-ctx.Done():
				return
			case <-time.After(fileSign):
			}
			var mine bool
			err := u.env.Store.InTx(ctx, func(tx Tx) (err error) {
				mine, err = tx.HoldFile(ctx, f, u.env.now().Add(fileLease))
				return err
			})
			if err == nil && !mine {
				lost(errFileLost)
			}
		}
	}()
	return ended
}

// write writes the content and seals it, if nobody was erased meanwhile: their data
// may be in it.
func (u *Files) write(ctx context.Context, f *PreparedFile, make MakeFile) error {
	erased, err := u.env.Store.Erasures(ctx, f.StudyID)
	if err != nil {
		return err
	}
	f.Bytes = 0
	w := &filePieces{ctx: ctx, store: u.env.Store, file: f, sum: sha256.New()}
	if f.Rows, err = make(ctx, *f, w); err == nil {
		err = w.flush()
	}
	if cause := context.Cause(ctx); cause != nil && errors.Is(cause, errFileLost) {
		return cause
	}
	if err != nil {
		return err
	}
	f.SHA256, f.EndedAt = hex.EncodeToString(w.sum.Sum(nil)), u.env.now()
	return u.env.Store.InTx(ctx, func(tx Tx) error {
		if err := noneErasedSince(ctx, tx, f.StudyID, len(erased)); err != nil {
			return err
		}
		ok, err := tx.EndFile(ctx, *f)
		if err == nil && !ok {
			err = errFileLost
		}
		if err != nil {
			return err
		}
		return tx.Announce(ctx, HookNotice{StudyID: f.StudyID, Kind: HookFileReady, About: string(f.ID), At: f.EndedAt})
	})
}

// filePieces writes a file by its pieces, each in a transaction of its own, so that
// whoever saves an answer meanwhile does not notice.
type filePieces struct {
	ctx    context.Context //nolint:containedctx // of the one who makes it
	store  Store
	file   *PreparedFile
	sum    hash.Hash
	buffer []byte
	packed bytes.Buffer
	next   int
}

// Write keeps what is written until a piece is full.
func (w *filePieces) Write(b []byte) (int, error) {
	if w.file.Bytes+int64(len(w.buffer)+len(b)) > maxFile {
		return 0, errFileLarge
	}
	n := len(b)
	w.sum.Write(b)
	for len(b) > 0 {
		part := min(len(b), FilePiece-len(w.buffer))
		w.buffer, b = append(w.buffer, b[:part]...), b[part:]
		if len(w.buffer) == FilePiece {
			if err := w.flush(); err != nil {
				return 0, err
			}
		}
	}
	return n, nil
}

func (w *filePieces) flush() error {
	if len(w.buffer) == 0 {
		return nil
	}
	w.packed.Reset()
	z, err := flate.NewWriter(&w.packed, flate.BestSpeed)
	if err == nil {
		_, err = z.Write(w.buffer)
	}
	if err == nil {
		err = z.Close()
	}
	if err != nil {
		return fmt.Errorf("pack: %w", err)
	}
	w.file.Bytes += int64(len(w.buffer))
	w.buffer = w.buffer[:0]
	err = w.store.InTx(w.ctx, func(tx Tx) error {
		ok, err := tx.AddFilePiece(w.ctx, *w.file, w.next, w.packed.Bytes())
		if err == nil && !ok {
			err = errFileLost
		}
		return err
	})
	w.next++
	return err
}
