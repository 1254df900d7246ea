package survey

import (
	"bytes"
	"compress/flate"
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
)

// Files are the use cases of preparing files of a study's data. Whoever may analyse a
// study may; anybody else is ErrForbidden.
type Files struct{ env Env }

// maxFiles is how many files of a study there may be at once.
const maxFiles = 12

// Ask has a file prepared. Name, Media and what it is of must be those of a file that
// can be made. Too many at once are FieldErrors.
func (u *Files) Ask(ctx context.Context, a Actor, f PreparedFile, once Once) (PreparedFile, error) {
	if !a.MayAnalyse(f.StudyID) {
		return f, ErrForbidden
	}
	now := u.env.now()
	f.ID, f.AskedAt, f.AskedBy, f.StartAt, f.Rows = FileID(u.env.NewID()), now, a.author(), now, -1
	e := u.env.event(a, f.StudyID, now, ActionFileAsked, "file", string(f.ID))
	e.Detail = f.Name
	err := u.env.Store.InTx(ctx, func(tx Tx) error {
		if f.Snapshot != 0 {
			s, err := tx.Snapshot(ctx, f.StudyID, f.Snapshot)
			if err != nil {
				return err
			}
			if s.Removed != nil {
				return ErrRemoved
			}
		}
		all, err := tx.Files(ctx, f.StudyID)
		if err != nil {
			return err
		}
		there := slices.DeleteFunc(all, func(f PreparedFile) bool { return f.State(now) == FileFailed })
		if len(there) >= maxFiles {
			return FieldErrors{"file": "file.too_many"}
		}
		if err := noteOnce(ctx, tx, once, e); err != nil {
			return err
		}
		return tx.CreateFile(ctx, f)
	})
	if err != nil {
		return f, fmt.Errorf("ask for a file of study %s: %w", f.StudyID, err)
	}
	return f, nil
}

// List gives the files of a study, the newest first.
func (u *Files) List(ctx context.Context, a Actor, study StudyID) ([]PreparedFile, error) {
	if !a.MayAnalyse(study) {
		return nil, ErrForbidden
	}
	all, err := u.env.Store.Files(ctx, study)
	if err != nil {
		return nil, fmt.Errorf("files of study %s: %w", study, err)
	}
	return all, nil
}

// Get is one file.
func (u *Files) Get(ctx context.Context, a Actor, study StudyID, id FileID) (PreparedFile, error) {
	if !a.MayAnalyse(study) {
		return PreparedFile{}, ErrForbidden
	}
	f, err := u.env.Store.File(ctx, study, id)
	if err != nil {
		return PreparedFile{}, fmt.Errorf("file %s: %w", id, err)
	}
	return f, nil
}

// Open gives the content of a file that is ready, and notes that it is taken if noted.
// Each piece is read from the database when it is asked for, so that whoever reads
// slowly keeps nobody waiting. ErrRemoved when it is not there.
func (u *Files) Open(ctx context.Context, a Actor, study StudyID, id FileID, noted bool) (PreparedFile, io.ReadSeeker, error) {
	f, err := u.Get(ctx, a, study, id)
	if err != nil {
		return f, nil, err
	}
	if f.State(u.env.now()) != FileReady {
		return f, nil, fmt.Errorf("open file %s: %w", id, ErrRemoved)
	}
	if noted {
		e := u.env.event(a, study, u.env.now(), ActionExported, "file", string(id))
		e.Detail = f.Name
		if err := u.env.Store.InTx(ctx, func(tx Tx) error { return tx.AppendAudit(ctx, e) }); err != nil {
			return f, nil, fmt.Errorf("open file %s: %w", id, err)
		}
	}
	return f, &fileContent{ctx: ctx, store: u.env.Store, file: f, have: -1}, nil
}

// Remove takes a file away before its time.
func (u *Files) Remove(ctx context.Context, a Actor, study StudyID, id FileID) error {
	if !a.MayAnalyse(study) {
		return ErrForbidden
	}
	now := u.env.now()
	err := u.env.Store.InTx(ctx, func(tx Tx) error {
		if _, err := tx.File(ctx, study, id); err != nil {
			return err
		}
		_, err := tx.DropFile(ctx, study, id, now, FileGoneRemoved)
		return err
	})
	if err != nil {
		return fmt.Errorf("remove file %s: %w", id, err)
	}
	return nil
}

// fileContent reads a file by its pieces.
type fileContent struct {
	ctx   context.Context //nolint:containedctx // of the one who reads
	store Store
	file  PreparedFile
	at    int64
	have  int // the piece that is held; -1: none
	piece []byte
}

// Seek goes to a place.
func (c *fileContent) Seek(offset int64, whence int) (int64, error) {
	switch whence {
	case io.SeekCurrent:
		offset += c.at
	case io.SeekEnd:
		offset += c.file.Bytes
	}
	if offset < 0 {
		return 0, errors.New("before the beginning of a file")
	}
	c.at = offset
	return offset, nil
}

// Read reads on within a piece.
func (c *fileContent) Read(b []byte) (int, error) {
	if c.at >= c.file.Bytes {
		return 0, io.EOF
	}
	if n := int(c.at / FilePiece); n != c.have {
		packed, err := c.store.FilePiece(c.ctx, c.file.StudyID, c.file.ID, n)
		if err != nil {
			return 0, fmt.Errorf("piece %d of file %s: %w", n, c.file.ID, err)
		}
		if c.piece, err = io.ReadAll(flate.NewReader(bytes.NewReader(packed))); err != nil {
			return 0, fmt.Errorf("piece %d of file %s: %w", n, c.file.ID, err)
		}
		c.have = n
	}
	from := int(c.at % FilePiece)
	if from >= len(c.piece) {
		return 0, fmt.Errorf("file %s is shorter than was noted: %w", c.file.ID, io.ErrUnexpectedEOF)
	}
	n := copy(b, c.piece[from:])
	c.at += int64(n)
	return n, nil
}
