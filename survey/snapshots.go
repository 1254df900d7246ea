package survey

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
	"time"
)

// Snapshots are the use cases of freezing a study's data. Whoever may analyse a
// study may; anybody else is ErrForbidden.
type Snapshots struct{ env Env }

// NewSnapshot is what is said of a snapshot when it is taken.
type NewSnapshot struct {
	Name string // as "Primary analysis"
	Note string // may be empty
	Once Once
}

const (
	// chunkSize is how much of a snapshot one transaction writes: little
	// enough that whoever saves an answer meanwhile does not notice.
	chunkSize = 256 << 10
	// unfinishedFor is after how long a snapshot that was begun and not sealed
	// counts as left behind.
	unfinishedFor = time.Hour
)

// Freeze keeps a study's data as they are at one moment. They are read in one
// transaction, so that everything in a snapshot belongs together, and written in
// many small ones; nobody sees the snapshot before the last.
func (u *Snapshots) Freeze(ctx context.Context, a Actor, id StudyID, n NewSnapshot) (Snapshot, error) {
	if !a.MayAnalyse(id) {
		return Snapshot{}, ErrForbidden
	}
	n.Name, n.Note = strings.TrimSpace(n.Name), strings.TrimSpace(n.Note)
	faults := FieldErrors{}
	if n.Name == "" {
		faults["name"] = "snapshot.name_missing"
	}
	checkText(faults, "name", n.Name, 200)
	checkText(faults, "note", n.Note, 2000)
	if err := faults.OrNil(); err != nil {
		return Snapshot{}, err
	}
	s := Snapshot{
		ID: SnapshotID(u.env.NewID()), StudyID: id, Name: n.Name, Note: n.Note, TakenAt: u.env.now(), TakenBy: a.author(),
		Program: u.env.Version, Schema: SnapshotSchema,
	}
	var packed bytes.Buffer
	erased := 0 // by then
	err := u.env.Store.InReadTx(ctx, func(r Reader) error {
		known, err := r.Erasures(ctx, id)
		if err != nil {
			return err
		}
		erased = len(known)
		versions, err := r.Plans(ctx, id)
		if err != nil {
			return err
		}
		if p, ok := lockedPlan(versions); ok {
			s.PlanVersion, s.PlanHash = p.Version, p.Lock.Hash
		}
		return packSnapshot(ctx, r, &s, &packed)
	})
	if err == nil {
		err = u.keep(ctx, a, &s, packed.Bytes(), n.Once, func(tx Tx) error { return noneErasedSince(ctx, tx, id, erased) })
	}
	if err != nil {
		return Snapshot{}, fmt.Errorf("freeze study %s: %w", id, err)
	}
	return s, nil
}

// noneErasedSince refuses to seal data that hold somebody who was erased while
// they were written. The study is held, so that an erasure comes before or after.
func noneErasedSince(ctx context.Context, tx Tx, id StudyID, known int) error {
	if err := tx.HoldStudy(ctx, id); err != nil {
		return err
	}
	erased, err := tx.Erasures(ctx, id)
	if err == nil && len(erased) != known {
		err = ErrConflict
	}
	return err
}

// keep writes a packed snapshot. What must hold when it is sealed is asked last.
func (u *Snapshots) keep(ctx context.Context, a Actor, s *Snapshot, packed []byte, once Once, holds func(Tx) error) error {
	if err := u.begin(ctx, s); err != nil {
		return err
	}
	for from := 0; from < len(packed); from += chunkSize {
		piece := packed[from:min(from+chunkSize, len(packed))]
		n := s.Chunks
		err := u.env.Store.InTx(ctx, func(tx Tx) error { return tx.AddSnapshotChunk(ctx, s.StudyID, s.ID, n, piece) })
		if err != nil {
			return err
		}
		s.Chunks++
	}
	e := u.event(a, *s, s.TakenAt, ActionSnapshotTaken)
	return u.env.Store.InTx(ctx, func(tx Tx) error {
		if err := noteOnce(ctx, tx, once, e); err != nil {
			return err
		}
		if err := holds(tx); err != nil {
			return err
		}
		ok, err := tx.SealSnapshot(ctx, *s)
		if err == nil && !ok {
			err = ErrConflict // it took so long that another took it for left behind
		}
		return err
	})
}

// begin takes a number for the snapshot. Two that take the same at once are one
// after the other when they try again.
func (u *Snapshots) begin(ctx context.Context, s *Snapshot) error {
	const tries = 5
	for try := 1; ; try++ {
		err := u.env.Store.InTx(ctx, func(tx Tx) error {
			if err := tx.DropUnsealed(ctx, s.StudyID, s.TakenAt.Add(-unfinishedFor)); err != nil {
				return err
			}
			var err error
			s.Number, err = tx.BeginSnapshot(ctx, *s)
			return err
		})
		if err == nil || !errors.Is(err, ErrDuplicate) || try == tries {
			return err
		}
	}
}

func (u *Snapshots) event(a Actor, s Snapshot, at time.Time, action Action) AuditEvent {
	e := u.env.event(a, s.StudyID, at, action, "snapshot", string(s.ID))
	e.Detail = fmt.Sprintf("number %d, SHA-256 %s", s.Number, s.Hash)
	return e
}

// List gives a study's snapshots, the newest first, those without content too.
func (u *Snapshots) List(ctx context.Context, a Actor, id StudyID) ([]Snapshot, error) {
	if !a.MayAnalyse(id) {
		return nil, ErrForbidden
	}
	list, err := u.env.Store.Snapshots(ctx, id)
	if err != nil {
		return nil, fmt.Errorf("snapshots of study %s: %w", id, err)
	}
	return list, nil
}

// Get reads what is known of a snapshot.
func (u *Snapshots) Get(ctx context.Context, a Actor, id StudyID, number int) (Snapshot, error) {
	if !a.MayAnalyse(id) {
		return Snapshot{}, ErrForbidden
	}
	s, err := u.env.Store.Snapshot(ctx, id, number)
	if err != nil {
		return Snapshot{}, fmt.Errorf("snapshot %d of study %s: %w", number, id, err)
	}
	return s, nil
}

// Open reads a snapshot into memory and holds it to its hash. One whose content
// was removed is ErrRemoved; one that is not what was frozen is ErrBroken.
func (u *Snapshots) Open(ctx context.Context, a Actor, id StudyID, number int) (*Frozen, error) {
	s, err := u.Get(ctx, a, id, number)
	if err != nil {
		return nil, err
	}
	f, err := u.open(ctx, s)
	if err != nil {
		return nil, fmt.Errorf("open snapshot %d of study %s: %w", number, id, err)
	}
	return f, nil
}

func (u *Snapshots) open(ctx context.Context, s Snapshot) (*Frozen, error) {
	if s.Removed != nil {
		return nil, ErrRemoved
	}
	r, w := io.Pipe()
	given := make(chan error, 1)
	go func() {
		err := u.env.Store.EachSnapshotChunk(ctx, s.StudyID, s.ID, func(piece []byte) error {
			_, err := w.Write(piece)
			return err
		})
		given <- err
		_ = w.CloseWithError(err) // which for a pipe is nil
	}()
	f, err := unpackSnapshot(ctx, s, r)
	_ = r.CloseWithError(errUnread)
	if fault := <-given; fault != nil && !errors.Is(fault, errUnread) {
		return nil, fault // of the database, and not of what is in it
	}
	return f, err
}

// errUnread: what is left of a content is of no use.
var errUnread = errors.New("the rest is not read")

// Download writes a snapshot as it is stored, a gzip file of JSON lines, and
// notes that first. ErrRemoved when there is no content.
func (u *Snapshots) Download(ctx context.Context, a Actor, id StudyID, number int, w io.Writer) error {
	s, err := u.Get(ctx, a, id, number)
	if err != nil {
		return err
	}
	if s.Removed != nil {
		return fmt.Errorf("download snapshot %d of study %s: %w", number, id, ErrRemoved)
	}
	if err := u.env.proven(a); err != nil {
		return err
	}
	e := u.event(a, s, u.env.now(), ActionExported)
	e.Detail = fmt.Sprintf("snapshot %d", s.Number)
	err = u.env.Store.InTx(ctx, func(tx Tx) error { return tx.AppendAudit(ctx, e) })
	if err == nil {
		err = u.env.Store.EachSnapshotChunk(ctx, id, s.ID, func(piece []byte) error {
			_, err := w.Write(piece)
			return err
		})
	}
	if err != nil {
		return fmt.Errorf("download snapshot %d of study %s: %w", number, id, err)
	}
	return nil
}

// Remove takes the content of a snapshot away for a reason, as when a person in
// it asks for erasure. What is known of it stays, with the reason, so that what
// was reported from it can still be traced. ErrRemoved when it is gone already.
func (u *Snapshots) Remove(ctx context.Context, a Actor, id StudyID, number int, reason string) error {
	if !a.MayAnalyse(id) {
		return ErrForbidden
	}
	reason = strings.TrimSpace(reason)
	faults := FieldErrors{}
	if reason == "" {
		faults["reason"] = "snapshot.reason_missing"
	}
	checkText(faults, "reason", reason, 2000)
	if err := faults.OrNil(); err != nil {
		return err
	}
	if err := u.env.proven(a); err != nil {
		return err
	}
	now := u.env.now()
	err := u.env.Store.InTx(ctx, func(tx Tx) error {
		s, err := tx.Snapshot(ctx, id, number)
		if err != nil {
			return err
		}
		ok, err := tx.RemoveSnapshot(ctx, id, s.ID, SnapshotRemoval{At: now, By: a.author(), Reason: reason})
		if err != nil {
			return err
		}
		if !ok {
			return ErrRemoved
		}
		return tx.AppendAudit(ctx, u.event(a, s, now, ActionSnapshotRemoved))
	})
	if err != nil {
		return fmt.Errorf("remove snapshot %d of study %s: %w", number, id, err)
	}
	return nil
}
