package survey

import (
	"context"
	"errors"
	"fmt"
	"time"
)

// Operations are the use cases of looking after an installation: its servers, whether
// it takes changes, and how it does. None of them tells of people or answers.
type Operations struct {
	env  Env
	mode *Mode
}

// How often a server tells that it runs, after how long it is missed, and when it is
// forgotten.
const (
	BeatEvery   = 10 * time.Second
	MissedAfter = 3 * BeatEvery
	forgetAfter = 24 * time.Hour
)

// Standing is how an installation stands.
type Standing struct {
	At       time.Time
	Mode     ReadOnly // as an administrator said
	Started  bool     // this server was started read-only
	Replicas []Replica
	Backlog  Backlog
	Database Database
}

// Missed reports whether a server has not been heard of for too long.
func (s Standing) Missed(r Replica) bool { return s.At.Sub(r.SeenAt) > MissedAfter }

// ReadOnly reports whether no changes are taken.
func (s Standing) ReadOnly() bool { return s.Started || s.Mode.On }

// operates reports whether the actor looks after the installation: an administrator, or
// the program.
func operates(a Actor) error {
	if !a.IsAdministrator() {
		return ErrForbidden
	}
	return nil
}

// Refresh takes over what was said about changes. Only the program may.
func (u *Operations) Refresh(ctx context.Context, a Actor) (ReadOnly, error) {
	if a.Kind != ActorSystem {
		return ReadOnly{}, ErrForbidden
	}
	m, err := u.env.Store.ReadOnlyMode(ctx)
	if err != nil {
		return m, fmt.Errorf("whether changes are taken: %w", err)
	}
	u.mode.said.Store(m.On)
	return m, nil
}

// SetReadOnly says for all servers whether changes are taken. They follow within a
// second or two; this one at once. Administrators may. Saying the same again is no fault.
func (u *Operations) SetReadOnly(ctx context.Context, a Actor, on bool) error {
	if err := operates(a); err != nil {
		return err
	}
	now := u.env.now()
	by := a.author()
	event := u.env.event(a, "", now, ActionReadOnlyEnded, "installation", "")
	if on {
		event = u.env.event(a, "", now, ActionReadOnlyBegun, "installation", "")
	}
	err := u.env.Store.InTx(ctx, func(tx Tx) error {
		m, err := tx.ReadOnlyMode(ctx)
		if err != nil || m.On == on {
			return err
		}
		if err := tx.SetReadOnlyMode(ctx, ReadOnly{On: on, At: now, By: by}); err != nil {
			return err
		}
		return tx.AppendAudit(ctx, event)
	})
	if err != nil {
		return fmt.Errorf("set whether changes are taken: %w", err)
	}
	u.mode.said.Store(on)
	return nil
}

// Beat tells that a server runs, and forgets those that have not for a day. Only the
// program may.
func (u *Operations) Beat(ctx context.Context, a Actor, r Replica) error {
	if a.Kind != ActorSystem {
		return ErrForbidden
	}
	r.SeenAt = u.env.now()
	err := u.env.Store.InTx(ctx, func(tx Tx) error {
		if err := tx.PutReplica(ctx, r); err != nil {
			return err
		}
		return tx.RemoveReplicasBefore(ctx, r.SeenAt.Add(-forgetAfter))
	})
	if err != nil {
		return fmt.Errorf("tell that this server runs: %w", err)
	}
	return nil
}

// Leave tells that a server has ended. Only the program may.
func (u *Operations) Leave(ctx context.Context, a Actor, id string) error {
	if a.Kind != ActorSystem {
		return ErrForbidden
	}
	if err := u.env.Store.InTx(ctx, func(tx Tx) error { return tx.RemoveReplica(ctx, id) }); err != nil {
		return fmt.Errorf("tell that this server ends: %w", err)
	}
	return nil
}

// errProbed undoes the write by which it is found that there can be one.
var errProbed = errors.New("a probe, undone")

// Probe finds out whether the database takes writes, by one that is undone: no commit,
// and nothing for a disk to do. A database that takes none by intent, with a server that
// was started so, is only asked a question. Only the program may.
func (u *Operations) Probe(ctx context.Context, a Actor) error {
	if a.Kind != ActorSystem {
		return ErrForbidden
	}
	if u.mode.Held() {
		_, err := u.env.Store.ReadOnlyMode(ctx)
		return err
	}
	err := u.env.Store.InTx(ctx, func(tx Tx) error {
		if err := tx.RemoveReplica(ctx, "probe"); err != nil {
			return err
		}
		if err := tx.Settle(ctx); err != nil {
			return err
		}
		return errProbed
	})
	if errors.Is(err, errProbed) {
		return nil
	}
	return fmt.Errorf("probe the database: %w", err)
}

// Backlog counts what waits. Administrators and the program may ask.
func (u *Operations) Backlog(ctx context.Context, a Actor) (Backlog, error) {
	if err := operates(a); err != nil {
		return Backlog{}, err
	}
	b, err := u.env.Store.Backlog(ctx)
	if err == nil {
		b.Messages, err = u.env.Store.Outgoing(ctx)
	}
	if err != nil {
		return b, fmt.Errorf("what waits: %w", err)
	}
	return b, nil
}

// Standing is how the installation stands. Administrators and the program may ask.
func (u *Operations) Standing(ctx context.Context, a Actor) (Standing, error) {
	s := Standing{At: u.env.now(), Started: u.mode.Held()}
	var err error
	if s.Backlog, err = u.Backlog(ctx, a); err != nil {
		return s, err
	}
	if s.Mode, err = u.env.Store.ReadOnlyMode(ctx); err == nil {
		s.Replicas, err = u.env.Store.Replicas(ctx)
	}
	if err == nil {
		s.Database, err = u.env.Store.Database(ctx)
	}
	if err != nil {
		return s, fmt.Errorf("how the installation stands: %w", err)
	}
	return s, nil
}

// Unsound looks through the whole database, which may take minutes. Only the program may.
func (u *Operations) Unsound(ctx context.Context, a Actor) ([]string, error) {
	if a.Kind != ActorSystem {
		return nil, ErrForbidden
	}
	faults, err := u.env.Store.Unsound(ctx)
	if err != nil {
		return nil, fmt.Errorf("look through the database: %w", err)
	}
	return faults, nil
}

// Unanswered lists the open studies in which an answer can raise an alert and nobody is
// named to look at it, by their short names. Administrators and the program may ask.
func (u *Operations) Unanswered(ctx context.Context, a Actor) ([]string, error) {
	if err := operates(a); err != nil {
		return nil, err
	}
	studies, err := u.env.Store.Studies(ctx)
	if err != nil {
		return nil, fmt.Errorf("studies without a responder: %w", err)
	}
	var keys []string
	for _, s := range studies {
		if s.State != StudyOpen || s.Simulated {
			continue
		}
		safety, err := u.env.Store.Safety(ctx, s.ID)
		if err != nil && !errors.Is(err, ErrNotFound) {
			return nil, fmt.Errorf("studies without a responder: %w", err)
		}
		if safety.Shape == SafetyAnonymous || safety.Responder != "" {
			continue
		}
		keys = append(keys, s.Key)
	}
	return keys, nil
}
