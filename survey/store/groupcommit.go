package store

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"
	"sync"

	"gorm.io/gorm"

	"tidemark/survey"
)

// A commit on SQLite waits for the disk, and there is one writer. So while one
// commit waits, the transactions that arrive queue up, and the next commit
// carries them all: many people saving at once share the wait instead of
// standing in line for it. Someone alone waits for nothing but the disk.
//
// Each transaction keeps what it was promised. The first in a group has the
// database transaction to itself until others join; each further one runs in a
// savepoint, which is rolled back if it fails, so that it neither harms nor is
// harmed by the others. No one is told "saved" before the commit they share is
// on disk.

// maxGroup bounds how many transactions share a commit, and with it how long
// the first of them waits for the others.
const maxGroup = 64

// errAbandoned is what a function that panicked, or ended its goroutine,
// leaves for its turn; its caller never sees it.
var errAbandoned = errors.New("the function did not return")

// turn is one transaction in the queue. Its function runs in the caller's own
// goroutine, so that a panic is the caller's, stack and all.
type turn struct {
	ctx  context.Context
	tx   chan *transaction // writer → caller: begin; nil: you will not
	ran  chan error        // caller → writer: what the function returned
	err  error             // that, kept until the others are committed
	done chan error        // writer → caller: what became of it
}

// groupCommit is the one writer.
type groupCommit struct {
	pool        *sql.DB // of one connection
	db          *gorm.DB
	definitions *definitionCache
	safe        *safe
	queue       chan *turn
	closing     chan struct{}
	stopped     chan struct{}
	closeOnce   sync.Once
	commits     func()                 // called before each commit; for tests
	groups      func(transactions int) // if not nil, told of each commit
}

// newGroupCommit starts the writer; close ends it. The context gives the
// writer's own statements (begin, savepoints, commit) their values.
func newGroupCommit(ctx context.Context, pool *sql.DB, db *gorm.DB, definitions *definitionCache, safe *safe, groups func(int)) *groupCommit {
	g := &groupCommit{
		pool: pool, db: db, definitions: definitions, safe: safe, groups: groups,
		queue:   make(chan *turn, maxGroup),
		closing: make(chan struct{}), stopped: make(chan struct{}),
	}
	go g.serve(ctx)
	return g
}

// do waits for a turn, runs fn and returns once its writes are on disk.
func (g *groupCommit) do(ctx context.Context, fn func(survey.Tx) error) error {
	t := &turn{ctx: ctx, tx: make(chan *transaction), ran: make(chan error), done: make(chan error, 1)}
	select {
	case g.queue <- t:
	case <-ctx.Done():
		return ctx.Err()
	case <-g.closing:
		return ErrClosed
	}
	var tx *transaction
	select {
	case tx = <-t.tx:
	case <-g.stopped: // the writer left before this turn came
		return ErrClosed
	}
	if tx == nil {
		return <-t.done
	}
	returned := false
	defer func() {
		if !returned {
			t.ran <- errAbandoned
			<-t.done //nolint:errcheck // nobody is left to be told
		}
	}()
	err := runTransaction(fn, tx)
	returned = true
	t.ran <- err
	return <-t.done
}

// close finishes what is queued and stops the writer.
func (g *groupCommit) close() {
	g.closeOnce.Do(func() { close(g.closing) })
	<-g.stopped
}

func (g *groupCommit) serve(ctx context.Context) {
	defer close(g.stopped)
	for {
		select {
		case t := <-g.queue:
			g.group(ctx, t)
		case <-g.closing:
			for {
				select {
				case t := <-g.queue:
					g.group(ctx, t)
				default:
					return
				}
			}
		}
	}
}

// group runs the first turn and those that wait meanwhile, and commits them
// together.
func (g *groupCommit) group(ctx context.Context, first *turn) {
	var open *sharedTransaction // if any
	var together []*turn
	for t, n := first, 1; ; n++ {
		open, together = g.turn(ctx, open, together, t)
		if n == maxGroup {
			break
		}
		select {
		case t = <-g.queue:
			continue
		default:
		}
		break
	}
	if open == nil {
		return
	}
	if g.commits != nil {
		g.commits()
	}
	err := open.exec(ctx, "COMMIT")
	if err != nil {
		err = fmt.Errorf("commit transaction: %w", inDomain(err))
		// A commit that failed may have left the transaction open.
		open.rollback(ctx)
	} else {
		open.close()
		if g.groups != nil {
			g.groups(len(together))
		}
	}
	for _, t := range together {
		if err == nil {
			t.done <- t.err
		} else {
			t.done <- err
		}
	}
}

// turn lets one caller run, in the open transaction or a new one, and returns
// the transaction that is open now and those who wait for its commit. Whoever
// fails among others waits as well: they may have failed on account of what
// another has written, and must find it when they look.
func (g *groupCommit) turn(ctx context.Context, open *sharedTransaction, together []*turn, t *turn) (*sharedTransaction, []*turn) {
	if err := t.ctx.Err(); err != nil {
		t.refuse(err)
		return open, together
	}
	own := open == nil // this turn begins the transaction, and needs no savepoint
	if own {
		var err error
		if open, err = g.begin(ctx); err != nil {
			t.refuse(fmt.Errorf("begin transaction: %w", err))
			return nil, nil
		}
	} else if err := open.exec(ctx, "SAVEPOINT turn"); err != nil {
		t.refuse(fmt.Errorf("begin transaction: %w", err))
		return open.abort(ctx, together, err)
	}
	tx := newTransaction(open.run, g.db, open.conn, g.definitions, g.safe)
	t.tx <- tx
	err := <-t.ran
	tx.end()
	switch {
	case err == nil && own:
		return open, append(together, t)
	case err == nil:
		if release := open.exec(ctx, "RELEASE turn"); release != nil {
			return open.abort(ctx, append(together, t), release)
		}
		return open, append(together, t)
	case own:
		open.rollback(ctx) // the function's own error is what matters
		t.done <- err
		return nil, nil
	default:
		t.err = err
		undo := errors.Join(open.exec(ctx, "ROLLBACK TO turn"), open.exec(ctx, "RELEASE turn"))
		if undo != nil {
			// SQLite has ended the whole transaction, as it does when the
			// disk is full.
			return open.abort(ctx, append(together, t), err)
		}
		return open, append(together, t)
	}
}

// sharedTransaction is an open transaction on the writing connection. Until the
// connection is closed nobody else uses it, so what lies beneath may be spoken to.
type sharedTransaction struct {
	conn *sql.Conn
	run  *keepingConn
}

func (g *groupCommit) begin(ctx context.Context) (*sharedTransaction, error) {
	conn, err := g.pool.Conn(ctx)
	if err != nil {
		return nil, err
	}
	s := &sharedTransaction{conn: conn}
	err = conn.Raw(func(driverConn any) error {
		var ok bool
		if s.run, ok = driverConn.(*keepingConn); !ok {
			return fmt.Errorf("%T is not a connection to SQLite", driverConn)
		}
		// Immediate: a transaction that reads first and writes later would
		// otherwise fail when another process has written in between,
		// without waiting.
		return s.exec(ctx, "BEGIN IMMEDIATE")
	})
	if err != nil {
		return nil, errors.Join(err, conn.Close())
	}
	return s, nil
}

func (s *sharedTransaction) exec(ctx context.Context, statement string) error {
	_, err := s.run.exec(ctx, statement, nil)
	return err
}

// rollback ends the transaction and gives the connection back. One on which that
// fails is dropped, since SQLite may have ended the transaction already or not.
func (s *sharedTransaction) rollback(ctx context.Context) {
	_ = s.conn.Raw(func(any) error { // an error closes the connection, as is meant
		if s.exec(ctx, "ROLLBACK") != nil {
			return driver.ErrBadConn
		}
		return nil
	})
	s.close()
}

// close gives the connection back.
func (s *sharedTransaction) close() { _ = s.conn.Close() } // it fails only when given back already

// abort gives up the transaction and tells all who wait for it.
func (s *sharedTransaction) abort(ctx context.Context, together []*turn, cause error) (*sharedTransaction, []*turn) {
	s.rollback(ctx)
	for _, t := range together {
		t.done <- fmt.Errorf("transaction rolled back: %w", cause)
	}
	return nil, nil
}

// refuse answers a turn that will not run.
func (t *turn) refuse(err error) {
	t.done <- err
	t.tx <- nil
}
