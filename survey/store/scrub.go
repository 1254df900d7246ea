package store

import (
	"context"
	"errors"
	"fmt"
	"time"

	"tidemark/migrations"
)

// errLogInUse: somebody still reads an older state from the log, so it could not
// be emptied.
var errLogInUse = errors.New("the log is in use")

// Scrub overwrites what removed rows leave behind.
//
// SQLite overwrites removed content itself (secure_delete), but the log beside the
// file holds it until it is emptied, which waits for readers of older states.
// PostgreSQL keeps removed rows until it tidies up; VACUUM of the tables does so
// now. The space they took is free then, and its bytes are gone when it is used
// again; archived logs and backups keep them for as long as they are kept.
func (s *Store) Scrub(ctx context.Context) error {
	if s.dialect == migrations.Postgres {
		return s.vacuum(ctx)
	}
	const tries = 20
	for try := range tries {
		err := s.emptyLog(ctx)
		if err == nil || !errors.Is(err, errLogInUse) {
			return err
		}
		if try == tries-1 {
			return fmt.Errorf("scrub: %w", err)
		}
		select {
		case <-time.After(50 * time.Millisecond):
		case <-ctx.Done():
			return ctx.Err()
		}
	}
	return nil
}

func (s *Store) emptyLog(ctx context.Context) error {
	var busy, pages, moved int
	err := s.writePool.QueryRowContext(ctx, `PRAGMA wal_checkpoint(TRUNCATE)`).Scan(&busy, &pages, &moved)
	switch {
	case err != nil:
		return fmt.Errorf("empty the log: %w", err)
	case busy != 0:
		return errLogInUse
	}
	return nil
}

// vacuum tidies every table that rows of people were removed from. A user who
// does not own a table is told by the server and passed over, as it has always
// done for VACUUM; then the server's own tidying does it later.
func (s *Store) vacuum(ctx context.Context) error {
	for _, t := range personTables() {
		if t.kept != "" {
			continue
		}
		if _, err := s.writePool.ExecContext(ctx, `VACUUM (SKIP_LOCKED) `+t.name); err != nil {
			return fmt.Errorf("tidy %s: %w", t.name, err)
		}
	}
	return nil
}
