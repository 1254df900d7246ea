package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"math/rand/v2"
	"reflect"
	"runtime"
	"sync/atomic"
	"time"

	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/stdlib"
	"gorm.io/gorm"

	"tidemark/survey"
)

// reader answers questions, from the pool or from within a transaction.
type reader struct {
	run         runner
	db          *gorm.DB // on the same connections
	definitions *definitionCache
	safe        *safe
	within      *within  // nil: outside of a transaction that writes
	reading     *reading // nil: outside of one that reads
}

// within is what a transaction adds to a reader. A transaction belongs to one
// goroutine; only its end may be seen from others.
type within struct {
	ended  atomic.Bool
	failed error // of the first statement that failed
}

// failed notes that a statement failed, and returns its error. The transaction
// can then no longer succeed: PostgreSQL refuses it, and on SQLite half of what
// was meant would be kept.
func (r reader) failed(err error) error {
	if err != nil && r.within != nil && r.within.failed == nil {
		r.within.failed = err
	}
	return err
}

// begin readies the context of a statement. Within a transaction it no longer
// listens to the caller: a statement cut off in the middle would take the
// transactions that share its commit with it.
func (r reader) begin(ctx context.Context) (context.Context, error) {
	countQuery(ctx)
	if r.within == nil {
		return ctx, nil
	}
	if r.within.ended.Load() {
		return ctx, errEnded
	}
	return context.WithoutCancel(ctx), nil
}

// q begins a statement of GORM's.
func (r reader) q(ctx context.Context) *gorm.DB {
	ctx, err := r.begin(ctx)
	if err == nil {
		err = r.failed(r.run.flush(ctx))
	}
	db := r.db.WithContext(ctx)
	if err != nil {
		db.AddError(err) //nolint:errcheck // kept in db and returned by its statements
	}
	return db
}

// transaction is a [survey.Tx].
type transaction struct{ reader }

// newTransaction is one on a connection that is spoken to through run, and by
// GORM through conn.
func newTransaction(run runner, db *gorm.DB, conn gorm.ConnPool, definitions *definitionCache, safe *safe) *transaction {
	return &transaction{reader{run: run, db: onConnection(db, conn), definitions: definitions, safe: safe, within: &within{}}}
}

// onConnection is GORM on one connection. Without a context of its own a session
// would share its statement, and the connection, with db.
func onConnection(db *gorm.DB, conn gorm.ConnPool) *gorm.DB {
	db = db.Session(&gorm.Session{NewDB: true, Context: db.Statement.Context})
	db.Statement.ConnPool = conn
	return db
}

// Settle waits for the writes so far.
func (t *transaction) Settle(ctx context.Context) error {
	if t.within.ended.Load() {
		return errEnded
	}
	return wrap(t.failed(t.run.flush(context.WithoutCancel(ctx))), "settle")
}

func (t *transaction) end() { t.within.ended.Store(true) }

// InTx runs fn in one transaction, as [survey.Store] says.
//
// A caller whose context has ended before its turn is refused; once begun, a
// transaction is carried to its end whether or not the caller still waits, so
// that a telephone that loses its network does not lose its answers.
func (s *Store) InTx(ctx context.Context, fn func(survey.Tx) error) error {
	if s.closed.Load() {
		return ErrClosed
	}
	if err := ctx.Err(); err != nil {
		return err
	}
	if err := s.refuseNesting(); err != nil {
		return err
	}
	s.running.Add(1)
	defer s.running.Add(-1)
	if s.commits != nil {
		return s.commits.do(ctx, fn)
	}
	return s.inOwnTransaction(ctx, fn)
}

const (
	// maxTries bounds the attempts at a transaction that the server ends
	// because of others.
	maxTries = 8
	// maxTransaction bounds a transaction against a server that no longer
	// answers; the largest, an enrolment of thousands, takes seconds.
	maxTransaction = 5 * time.Minute
)

func (s *Store) inOwnTransaction(ctx context.Context, fn func(survey.Tx) error) error {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), maxTransaction)
	defer cancel()
	for try := 1; ; try++ {
		err := s.attempt(ctx, fn)
		if err == nil || try == maxTries || !unserialisable(err) && !neverSent(ctx, err) {
			return err
		}
		// Wait a little and differently each time, so that the same two do
		// not meet again. The wait decides nothing that is kept.
		longest := time.Millisecond << try
		time.Sleep(rand.N(longest)) //nolint:gosec // not a secret
	}
}

func (s *Store) attempt(ctx context.Context, fn func(survey.Tx) error) (err error) {
	conn, p, err := s.pipeline(ctx)
	if err != nil {
		return fmt.Errorf("begin transaction: %w", err)
	}
	tx := newTransaction(p, s.db, conn, s.definitions, s.safe)
	defer func() {
		tx.end()
		p.rollback(ctx) // unless it was committed
		err = errors.Join(err, conn.Close())
	}()
	if err := runTransaction(fn, tx); err != nil {
		return err
	}
	if err := p.commit(ctx); err != nil {
		return fmt.Errorf("commit transaction: %w", inDomain(err))
	}
	return nil
}

// pipeline takes a connection to PostgreSQL for a transaction. Until the
// connection is closed nobody else uses it, so what lies beneath may be spoken to.
func (s *Store) pipeline(ctx context.Context) (*sql.Conn, *pipeline, error) {
	conn, err := s.writePool.Conn(ctx)
	if err != nil {
		return nil, nil, err
	}
	var p *pipeline
	err = conn.Raw(func(driverConn any) error {
		c, ok := driverConn.(*stdlib.Conn)
		if !ok {
			return fmt.Errorf("%T is not a connection to PostgreSQL", driverConn)
		}
		p = newPipeline(c.Conn())
		return nil
	})
	if err != nil {
		return nil, nil, errors.Join(err, conn.Close())
	}
	return conn, p, nil
}

// neverSent reports whether a transaction met a connection that was found dead
// before its last statements, COMMIT perhaps among them, were sent.
func neverSent(ctx context.Context, err error) bool {
	return ctx.Err() == nil && pgconn.SafeToRetry(err)
}

// unserialisable reports whether the server ended a transaction because of
// others: a serialisation failure or a deadlock.
func unserialisable(err error) bool {
	var fault *pgconn.PgError
	return errors.As(err, &fault) && (fault.Code == "40001" || fault.Code == "40P01")
}

// runTransaction is the frame by which refuseNesting knows a transaction.
//
//go:noinline
func runTransaction(fn func(survey.Tx) error, tx *transaction) error {
	if err := fn(tx); err != nil {
		return err
	}
	return wrap(tx.within.failed, "a statement failed and its error was passed over")
}

// refuseNesting finds out whether the caller is itself inside a transaction,
// which would wait for itself for ever. The function given to InTx is handed no
// context that could tell, so the call stack is asked; and only when some
// transaction is under way.
func (s *Store) refuseNesting() error {
	if s.running.Load() == 0 {
		return nil
	}
	marker := reflect.ValueOf(runTransaction).Pointer()
	callers := make([]uintptr, 64)
	for skip := 2; ; skip += len(callers) {
		n := runtime.Callers(skip, callers)
		for _, pc := range callers[:n] {
			if f := runtime.FuncForPC(pc - 1); f != nil && f.Entry() == marker {
				return ErrNested
			}
		}
		if n < len(callers) {
			return nil
		}
	}
}
