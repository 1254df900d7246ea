package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net/url"

	"modernc.org/sqlite"
)

// CopyTo writes a SQLite database of the state that is held, which must not be there
// yet. Its pages are copied from within the transaction that holds the state, so that
// it is the state the canonical export tells, whatever is written meanwhile.
func (s *Still) CopyTo(ctx context.Context, path string) error {
	if s.copyTo == nil {
		return errors.New("only SQLite is copied by pages")
	}
	if err := ctx.Err(); err != nil {
		return err
	}
	if err := makeFile(path); err != nil {
		return err
	}
	if err := s.copyTo(path); err != nil {
		return fmt.Errorf("copy the database: %w", err)
	}
	return nil
}

// backingConn is what the driver's connections to SQLite can do besides.
type backingConn interface {
	NewBackup(uri string) (*sqlite.Backup, error)
}

func copyPages(conn *sql.Conn, path string) error {
	return conn.Raw(func(driverConn any) error {
		kept, ok := driverConn.(*keepingConn)
		if !ok {
			return fmt.Errorf("%T is not a connection to SQLite", driverConn)
		}
		from, ok := kept.sqliteConn.(backingConn)
		if !ok {
			return fmt.Errorf("%T makes no copies", kept.sqliteConn)
		}
		b, err := from.NewBackup("file:" + (&url.URL{Path: path}).EscapedPath() + "?_pragma=synchronous(FULL)")
		if err != nil {
			return err
		}
		_, err = b.Step(-1)
		return errors.Join(err, b.Finish())
	})
}
