package survey

import (
	"context"
	"sync/atomic"
	"time"
)

// ReadOnly says that an installation takes no changes for a while, or does again.
type ReadOnly struct {
	On bool
	At time.Time // zero: nobody has ever said anything
	By Author
}

// Mode is whether the use cases of a server take changes. What an administrator has
// said stands in the database, and each server asks for it every second: see
// Operations.Refresh. A server may also have been started so.
type Mode struct {
	held, said atomic.Bool
}

// NewMode is the mode of a server that takes changes until something else is said.
func NewMode() *Mode { return &Mode{} }

// Hold has the server take no changes from now on, whatever is said.
func (m *Mode) Hold() { m.held.Store(true) }

// ReadOnly reports whether no changes are taken now.
func (m *Mode) ReadOnly() bool { return m.held.Load() || m.said.Load() }

// Held reports whether the server was started so: no switch ends it.
func (m *Mode) Held() bool { return m.held.Load() }

// guarded is a store that takes no changes while the mode says so. What signs people in,
// and what notes who has read what, goes past it: see Env.noting.
type guarded struct {
	Store
	mode *Mode
}

// InTx refuses with ErrReadOnly, or does what the store does.
func (g guarded) InTx(ctx context.Context, fn func(Tx) error) error {
	if g.mode.ReadOnly() {
		return ErrReadOnly
	}
	return g.Store.InTx(ctx, fn)
}

// Scrub refuses with ErrReadOnly, or does what the store does.
func (g guarded) Scrub(ctx context.Context) error {
	if g.mode.ReadOnly() {
		return ErrReadOnly
	}
	return g.Store.Scrub(ctx)
}

// noting is the store for what must be written even when no changes are taken: that
// somebody signed in, and that somebody looked at data. The audit trail is never off.
func (e Env) noting() Store {
	if g, ok := e.Store.(guarded); ok {
		return g.Store
	}
	return e.Store
}

// unguarded is the environment of use cases that go on when no changes are taken.
func (e Env) unguarded() Env {
	e.Store = e.noting()
	return e
}
