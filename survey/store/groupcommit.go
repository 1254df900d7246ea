package store

import (
	"context"
	"database/sql"
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
	done chan error        // writer → caller: what became of it
}

// groupCommit is the one writer.
type groupCommit struct {
	db          *gorm.DB
	definitions *definitionCache
	queue       chan *turn
	closing     chan struct{}
	stopped     chan struct{}
	closeOnce   sync.Once
	commits     func() // called before each commit; for tests
}

// newGroupCommit starts the writer; close ends it. The context gives the
// writer's own statements (begin, savepoints, commit) their values.
func newGroupCommit(ctx context.Context, db *gorm.DB, definitions *definitionCache) *groupCommit {
	g := &groupCommit{
		db: db, definitions: definitions,
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
	var db *gorm.DB // the open transaction, if any
	var together []*turn
	for t, n := first, 1; ; n++ {
		db, together = g.turn(ctx, db, together, t)
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
	if db == nil {
		return
	}
	if g.commits != nil {
		g.commits()
	}
	err := db.Commit().Error
	if err != nil {
		err = fmt.Errorf("commit transaction: %w", inDomain(err))
		// A commit that failed may have left the transaction open.
		db.Rollback()
	}
	for _, t := range together {
		t.done <- err
	}
}

// turn lets one caller run, in the open transaction or a new one, and returns
// the transaction that is open now and those who wait for its commit.
func (g *groupCommit) turn(ctx context.Context, db *gorm.DB, together []*turn, t *turn) (*gorm.DB, []*turn) {
	if err := t.ctx.Err(); err != nil {
		t.refuse(err)
		return db, together
	}
	own := db == nil // this turn begins the transaction, and needs no savepoint
	if own {
		db = g.db.WithContext(ctx).Begin(&sql.TxOptions{})
		if db.Error != nil {
			t.refuse(fmt.Errorf("begin transaction: %w", db.Error))
			return nil, nil
		}
	} else if err := db.Exec("SAVEPOINT turn").Error; err != nil {
		t.refuse(fmt.Errorf("begin transaction: %w", err))
		return g.abort(db, together, err)
	}
	tx := newTransaction(db, g.definitions)
	t.tx <- tx
	err := <-t.ran
	tx.end()
	switch {
	case err == nil && own:
		return db, append(together, t)
	case err == nil:
		if release := db.Exec("RELEASE turn").Error; release != nil {
			return g.abort(db, append(together, t), release)
		}
		return db, append(together, t)
	case own:
		db.Rollback() // the function's own error is what matters
		t.done <- err
		return nil, nil
	default:
		t.done <- err
		undo := errors.Join(db.Exec("ROLLBACK TO turn").Error, db.Exec("RELEASE turn").Error)
		if undo != nil {
			// SQLite has ended the whole transaction, as it does when the
			// disk is full.
			return g.abort(db, together, err)
		}
		return db, together
	}
}

// abort gives up the open transaction and tells all who wait for it.
func (g *groupCommit) abort(db *gorm.DB, together []*turn, cause error) (*gorm.DB, []*turn) {
	db.Rollback()
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
