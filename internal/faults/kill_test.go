package faults

import (
	"database/sql"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strconv"
	"sync"
	"testing"
	"time"

	_ "modernc.org/sqlite"

	"tidemark/internal/program"
	"tidemark/internal/stage"
	"tidemark/survey/storetest"
)

// ordinaryKills is how often the server is killed in an ordinary run. With
// nothing lost in n kills, fewer than about 3/n lose anything (95 %).
const ordinaryKills = 20

// often is how often something is done: as the table of faults says in a long run
// of a thousand, and in proportion to that; else a few times.
func often(t *testing.T, ordinary, table int) int {
	t.Helper()
	if os.Getenv("TIDEMARK_SOAK") == "" {
		return ordinary
	}
	return max(ordinary, table*kills(t)/1000)
}

// atMost is how long something may take: what the table of faults says in a long run,
// which has the machine to itself; in an ordinary one, beside all other tests, ten times
// that.
func atMost(table time.Duration) time.Duration {
	if os.Getenv("TIDEMARK_SOAK") == "" {
		return 10 * table
	}
	return table
}

func kills(t *testing.T) int {
	t.Helper()
	text := os.Getenv("TIDEMARK_SOAK")
	if text == "" {
		return ordinaryKills
	}
	n, err := strconv.Atoi(text)
	if err != nil || n < 1 {
		t.Fatalf("TIDEMARK_SOAK=%q is not a number of kills", text)
	}
	return n
}

func TestKillingTheServerLosesNothingAcknowledgedOnSQLite(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	database := filepath.Join(dir, "tidemark.db")
	survivesKills(t, database, dir, "SQLite")
	checkFile(t, database)
}

func TestKillingTheServerLosesNothingAcknowledgedOnPostgreSQL(t *testing.T) {
	t.Parallel()
	survivesKills(t, storetest.PostgresDSN(t), t.TempDir(), "PostgreSQL")
}

func survivesKills(t *testing.T, database, dir, name string) {
	t.Helper()
	began := time.Now()
	const clients = 8
	n := kills(t)
	each := max(4, n/5) // people in the hands of a client, enough to send in to the end
	s := set(t, database, dir)
	people, err := s.Add(t.Context(), clients*each)
	if err != nil {
		t.Fatal(err)
	}
	o := program.Options{Binary: binary, Database: database, SecretFile: s.SecretFile, Dir: dir}
	server := serve(t, o)
	o.Addr = server.Addr // the same at every start
	book, stop := newLedger(), make(chan struct{})
	var answering sync.WaitGroup
	for i := range clients {
		c := newClient(t, s, server.URL(), people[i*each:(i+1)*each], book, uint64(i))
		answering.Go(func() { c.answer(t, stop) })
	}
	random := rand.New(rand.NewPCG(uint64(n), 1))
	for range n {
		awaitProgress(t, book)
		time.Sleep(time.Duration(random.IntN(250)) * time.Millisecond)
		if err := server.Kill(); err != nil {
			t.Fatal(err)
		}
		server = serve(t, o)
	}
	awaitProgress(t, book)
	close(stop)
	answering.Wait()
	if err := server.Stop(); err != nil {
		t.Error(err)
	}
	keep(t, "kill", name, n, book, judge(t, s, people, book), began)
}

// awaitProgress waits until a few more answers have been acknowledged.
func awaitProgress(t *testing.T, book *ledger) {
	t.Helper()
	enough := book.count() + 10
	for deadline := time.Now().Add(2 * time.Minute); book.count() < enough; time.Sleep(2 * time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatal("no answers are acknowledged any more")
		}
	}
}

// set prepares an installation in a fresh database.
func set(t *testing.T, database, dir string) *stage.Stage {
	t.Helper()
	s, err := stage.Set(t.Context(), database, dir)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Store.Close(); err != nil {
			t.Error(err)
		}
	})
	return s
}

// serve starts a server that is killed, if need be, when the test ends.
func serve(t *testing.T, o program.Options) *program.Server {
	t.Helper()
	server, err := program.Serve(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := server.Kill(); err != nil {
			t.Error(err)
		}
	})
	return server
}

// checkFile has SQLite look through the whole file.
func checkFile(t *testing.T, path string) {
	t.Helper()
	db, err := sql.Open("sqlite", path)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	for check, want := range map[string]string{
		"SELECT group_concat(integrity_check, '; ') FROM pragma_integrity_check":             "ok",
		"SELECT coalesce(group_concat(\"table\", '; '), 'ok') FROM pragma_foreign_key_check": "ok",
	} {
		var got string
		if err := db.QueryRowContext(t.Context(), check).Scan(&got); err != nil || got != want {
			t.Errorf("%s: %q (%v)", check, got, err)
		}
	}
}
