package storetest

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"tidemark/migrations"
	"tidemark/survey/store"
)

// Applying every migration takes longer than most tests, so it is done once: each
// test begins with a copy of the database that came of it.

// once is what one test makes for all that come after it.
type once[T any] struct {
	sync.Mutex

	made  bool
	value T
	err   error
}

// get makes the value if nobody has yet. It outlives the test that makes it.
func (o *once[T]) get(t testing.TB, make func(context.Context) (T, error)) T {
	t.Helper()
	o.Lock()
	defer o.Unlock()
	if !o.made {
		o.value, o.err = make(context.WithoutCancel(t.Context()))
		o.made = true
	}
	if o.err != nil {
		t.Fatalf("make the database that tests begin with: %v", o.err)
	}
	return o.value
}

var (
	sqliteTemplate   once[[]byte]
	postgresTemplate once[string]
)

// migratedFile is a migrated SQLite database, as bytes.
func migratedFile(ctx context.Context) (content []byte, err error) {
	dir, err := os.MkdirTemp("", "tidemark-template-")
	if err != nil {
		return nil, err
	}
	defer func() {
		if removed := os.RemoveAll(dir); err == nil {
			err = removed
		}
	}()
	path := filepath.Join(dir, "template.db")
	if err := migrate(ctx, "sqlite:"+path); err != nil {
		return nil, err
	}
	return os.ReadFile(path)
}

// migrate makes the schema in an empty database.
func migrate(ctx context.Context, dsn string) error {
	s, err := store.Open(ctx, dsn, Vault())
	if err != nil {
		return err
	}
	if err := s.Migrate(ctx); err != nil {
		return errors.Join(err, s.Close())
	}
	return s.Close()
}

// migratedSQLite names a migrated database of the test's own.
func migratedSQLite(t testing.TB) string {
	t.Helper()
	content := sqliteTemplate.get(t, migratedFile)
	path := filepath.Join(t.TempDir(), "test.db")
	if err := os.WriteFile(path, content, 0o600); err != nil {
		t.Fatal(err)
	}
	return "sqlite:" + path
}

const (
	templatePrefix = "tidemark_template_"
	// templateDays is how long a template is kept on a server that outlives the
	// tests: whoever uses one began on the day in its name.
	templateDays = 2
	// templateLock is whose turn it is to make one, of all processes that test.
	templateLock = 0x7469_6465
)

// migratedPostgres is the name of the migrated database that others are copied
// from, made by whichever process comes first. Its name holds the day and the
// migrations, so that neither another day nor another branch uses it.
func migratedPostgres(ctx context.Context) (string, error) {
	sum, err := migrationsSum()
	if err != nil {
		return "", err
	}
	server := os.Getenv(postgresVariable)
	name := fmt.Sprintf("%s%d_%s", templatePrefix, today(), sum)
	conn, err := pgx.Connect(ctx, server)
	if err != nil {
		return "", err
	}
	defer func() { _ = conn.Close(ctx) }() // which ends the lock too
	if _, err := conn.Exec(ctx, "SELECT pg_advisory_lock($1)", templateLock); err != nil {
		return "", err
	}
	if err := tidy(ctx, conn); err != nil {
		return "", err
	}
	var made bool
	err = conn.QueryRow(ctx, "SELECT EXISTS (SELECT FROM pg_database WHERE datname = $1)", name).Scan(&made)
	if err != nil || made {
		return name, err
	}
	// Until it is whole it has another name.
	half := name + "_half"
	if err := drop(ctx, conn, half); err != nil {
		return "", err
	}
	if _, err := conn.Exec(ctx, "CREATE DATABASE "+half); err != nil {
		return "", err
	}
	dsn, err := at(server, half)
	if err != nil {
		return "", err
	}
	if err := migrate(ctx, dsn); err != nil {
		return "", err
	}
	_, err = conn.Exec(ctx, "ALTER DATABASE "+half+" RENAME TO "+name)
	return name, err
}

func today() int64 { return time.Now().Unix() / (24 * 60 * 60) }

// migrationsSum tells one set of migrations from another.
func migrationsSum() (string, error) {
	sum := sha256.New()
	files := migrations.Files()
	err := fs.WalkDir(files, string(migrations.Postgres), func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		content, err := fs.ReadFile(files, path)
		if err != nil {
			return err
		}
		_, err = fmt.Fprintf(sum, "%s %d\n%s", path, len(content), content)
		return err
	})
	return hex.EncodeToString(sum.Sum(nil)[:8]), err
}

// outlived reports whether a database was left behind: by a test that was killed, or
// as the template of another day.
func outlived(name string) bool {
	if rest, template := strings.CutPrefix(name, templatePrefix); template {
		day, _, _ := strings.Cut(rest, "_")
		n, err := strconv.ParseInt(day, 10, 64)
		return err == nil && n < today()-templateDays
	}
	made, _, _ := strings.Cut(strings.TrimPrefix(name, namePrefix), "_")
	seconds, err := strconv.ParseInt(made, 10, 64)
	return err == nil && time.Since(time.Unix(seconds, 0)) >= staleAfter
}
