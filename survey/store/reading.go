package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strings"
	"sync"

	"gorm.io/gorm"
)

// reading is what a transaction for reading adds to a reader: its goroutines
// take seats, and wait for one while all are taken. SQLite has one seat. On
// PostgreSQL connections join the state of the first as they are wanted, so that
// a report's queries run side by side and still see one state of the data.
type reading struct {
	store    *Store
	snapshot string // names the state to PostgreSQL; empty: nobody can join

	free chan seat // has room for every seat there can be

	// use is held by whoever reads, and by end alone.
	use   sync.RWMutex
	ended bool

	growing sync.Mutex // guards seats and closed
	seats   []seat
	closed  bool // somebody could not join; nobody tries again
}

// seat is a connection within the transaction.
type seat struct {
	run  runner
	db   *gorm.DB // on the same connection
	conn *sql.Conn
}

// maxSeats bounds the connections of one transaction. The quick report reads in
// four places at once; more than that only share the same processors.
const maxSeats = 4

func newReading(s *Store, first seat) *reading {
	t := &reading{store: s, free: make(chan seat, maxSeats), seats: []seat{first}}
	t.free <- first
	return t
}

// turn gives a reader on a connection that nobody else uses until done. Outside
// of a transaction for reading that is the reader itself.
func (r reader) turn(ctx context.Context) (own reader, done func(), err error) {
	if r.reading == nil {
		return r, func() {}, nil
	}
	t := r.reading
	t.use.RLock()
	if t.ended {
		t.use.RUnlock()
		return r, nil, errEnded
	}
	taken, err := t.take(ctx)
	if err != nil {
		t.use.RUnlock()
		return r, nil, err
	}
	own = r
	own.run, own.db, own.reading = taken.run, taken.db, nil
	return own, func() {
		t.free <- taken
		t.use.RUnlock()
	}, nil
}

// take finds a free seat, adds one, or waits.
func (t *reading) take(ctx context.Context) (seat, error) {
	select {
	case taken := <-t.free:
		return taken, nil
	default:
	}
	if added, ok := t.grow(ctx); ok {
		return added, nil
	}
	select {
	case taken := <-t.free:
		return taken, nil
	case <-ctx.Done():
		return seat{}, context.Cause(ctx)
	}
}

// grow adds a seat if there may be another one. That a connection cannot join is
// no error, since there is one to wait for: behind some proxies another server
// may answer, which does not know the state.
func (t *reading) grow(ctx context.Context) (seat, bool) {
	t.growing.Lock()
	defer t.growing.Unlock()
	if t.closed || t.snapshot == "" || len(t.seats) == maxSeats || !t.store.mayJoin() {
		return seat{}, false
	}
	conn, run, err := t.join(ctx)
	if err != nil {
		t.store.joined.Add(-1)
		t.closed = true
		return seat{}, false
	}
	added := seat{run: run, db: onConnection(t.store.db, conn), conn: conn}
	t.seats = append(t.seats, added)
	return added, true
}

// join begins a transaction that sees what the first one sees.
func (t *reading) join(ctx context.Context) (*sql.Conn, runner, error) {
	if strings.Trim(t.snapshot, "0123456789ABCDEFabcdef-") != "" {
		return nil, nil, fmt.Errorf("%q is not the name of a state", t.snapshot)
	}
	return t.store.beginOn(ctx, beginReadingPostgres+"; SET TRANSACTION SNAPSHOT '"+t.snapshot+"'")
}

// mayJoin counts a connection that joins a transaction for reading, unless a
// quarter of the pool has. Whoever joins waits for the pool while holding on to a
// connection; if all could, they would wait for each other for ever.
func (s *Store) mayJoin() bool {
	limit := int64(s.readPool.Stats().MaxOpenConnections / 4)
	for {
		n := s.joined.Load()
		if n >= limit {
			return false
		}
		if s.joined.CompareAndSwap(n, n+1) {
			return true
		}
	}
}

// end gives the connections back once nobody reads any more. Nothing was written,
// so nothing is committed; a connection on which the transaction cannot be ended
// is not used again.
func (t *reading) end(ctx context.Context) error {
	t.use.Lock()
	defer t.use.Unlock()
	t.ended = true
	var errs []error
	for _, s := range t.seats {
		if _, err := s.run.exec(ctx, "ROLLBACK", nil); err != nil {
			discard(s.conn) // nothing is lost with it
		}
		errs = append(errs, closed(s.conn))
	}
	t.store.joined.Add(1 - int64(len(t.seats)))
	return errors.Join(errs...)
}
