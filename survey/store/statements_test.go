package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"testing"
)

// oneConn is the writing connection by itself, and what it keeps.
func oneConn(t *testing.T) (*sql.Conn, *keepingConn) {
	t.Helper()
	s, _ := openCounting(t)
	conn, err := s.writePool.Conn(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := conn.Close(); err != nil {
			t.Error(err)
		}
	})
	var kept *keepingConn
	err = conn.Raw(func(driverConn any) error { kept = driverConn.(*keepingConn); return nil })
	if err != nil {
		t.Fatal(err)
	}
	return conn, kept
}

func askInt(ctx context.Context, t *testing.T, conn *sql.Conn, query string, args ...any) (n int) {
	t.Helper()
	if err := conn.QueryRowContext(ctx, query, args...).Scan(&n); err != nil {
		t.Fatalf("%s: %v", query, err)
	}
	return n
}

func TestStatementsAreCompiledOnceAndNotWithoutBound(t *testing.T) {
	t.Parallel()
	conn, kept := oneConn(t)
	askInt(t.Context(), t, conn, "SELECT 1 + ?", 1)
	first := kept.kept["SELECT 1 + ?"]
	for round := range 3 {
		for i := range 2 * maxStatements {
			if n := askInt(t.Context(), t, conn, fmt.Sprintf("SELECT %d + ?", i+10), round); n != i+10+round {
				t.Errorf("got %d, want %d", n, i+10+round)
			}
			if n := askInt(t.Context(), t, conn, "SELECT 1 + ?", round); n != 1+round {
				t.Errorf("got %d, want %d", n, 1+round)
			}
		}
	}
	if len(kept.kept) != maxStatements {
		t.Errorf("%d statements are kept, want %d", len(kept.kept), maxStatements)
	}
	if first == nil || kept.kept["SELECT 1 + ?"] != first {
		t.Error("the statement in use all the time was compiled again")
	}
}

func TestTheSameStatementCanBeReadTwiceAtOnce(t *testing.T) {
	t.Parallel()
	conn, _ := oneConn(t)
	const query = "SELECT value FROM json_each('[1,2,3]') WHERE value >= ?"
	read := func(from int, f func(int)) {
		rows, err := conn.QueryContext(t.Context(), query, from)
		if err != nil {
			t.Fatal(err)
		}
		for rows.Next() {
			var n int
			if err := rows.Scan(&n); err != nil {
				t.Fatal(err)
			}
			f(n)
		}
		if err := errors.Join(rows.Err(), rows.Close()); err != nil {
			t.Fatal(err)
		}
	}
	sum := 0
	read(1, func(outer int) { read(outer, func(inner int) { sum += 10*outer + inner }) })
	if want := 3*10 + 6 + 2*20 + 5 + 30 + 3; sum != want {
		t.Errorf("got %d, want %d", sum, want)
	}
}

func TestAStatementFollowsAChangeOfTheSchema(t *testing.T) {
	t.Parallel()
	conn, _ := oneConn(t)
	exec := func(statement string) {
		if _, err := conn.ExecContext(t.Context(), statement); err != nil {
			t.Fatal(err)
		}
	}
	exec("CREATE TABLE a (n INTEGER)")
	exec("INSERT INTO a VALUES (1)")
	askInt(t.Context(), t, conn, "SELECT max(n) FROM a")
	exec("DROP TABLE a")
	exec("CREATE TABLE a (x TEXT, n INTEGER)")
	exec("INSERT INTO a (n) VALUES (2)")
	if n := askInt(t.Context(), t, conn, "SELECT max(n) FROM a"); n != 2 {
		t.Errorf("got %d, want 2", n)
	}
}

func TestAStatementThatFailedCanBeUsedAgain(t *testing.T) {
	t.Parallel()
	conn, _ := oneConn(t)
	if _, err := conn.ExecContext(t.Context(), "CREATE TABLE a (n INTEGER PRIMARY KEY)"); err != nil {
		t.Fatal(err)
	}
	for i, want := range []bool{true, false, true} {
		_, err := conn.ExecContext(t.Context(), "INSERT INTO a VALUES (?)", i/2) // 0, 0, 1
		if (err == nil) != want {
			t.Errorf("insert %d: %v", i, err)
		}
	}
	if _, err := conn.ExecContext(t.Context(), "SELECT nothing FROM nowhere"); err == nil {
		t.Error("a query of nowhere was answered")
	}
	if n := askInt(t.Context(), t, conn, "SELECT count(*) FROM a"); n != 2 {
		t.Errorf("%d rows, want 2", n)
	}
}

func TestAPragmaActsEveryTime(t *testing.T) {
	t.Parallel()
	conn, _ := oneConn(t)
	for range 2 {
		for _, value := range []int{1, 0} {
			if _, err := conn.ExecContext(t.Context(), fmt.Sprintf("PRAGMA defer_foreign_keys = %d", value)); err != nil {
				t.Fatal(err)
			}
			if n := askInt(t.Context(), t, conn, "PRAGMA defer_foreign_keys"); n != value {
				t.Errorf("got %d, want %d", n, value)
			}
		}
	}
}
