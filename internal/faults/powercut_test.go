package faults

import (
	"bytes"
	"database/sql"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"tidemark/internal/program"
	"tidemark/internal/stage"
	"tidemark/internal/trials"
)

// The power goes at a moment of a tape: what the process had been promised is on the
// disk, of the rest a part. Then the database is opened as after a restart of the
// machine, and held against what had been acknowledged by then.

// cutResult counts over all cuts.
type cutResult struct {
	cuts, acked, lost, altered, doubled int
	broken                              int // a database that cannot be read
	lossy                               int // cuts after which something was lost
	most                                int // lost by one cut
}

// play cuts the power at points of a tape, in each way, and asks judge what is wrong.
// told is called with everything that happens on the tape, in order.
func play(t *testing.T, tape []op, folder *disk, points int, told func(op), judge func(folder string) (acked, lost, altered, doubled int, err error)) cutResult {
	t.Helper()
	random := rand.New(rand.NewPCG(uint64(points), uint64(len(tape))))
	first := slices.IndexFunc(tape, func(o op) bool { return o.kind == opSaid })
	if first < 0 {
		t.Fatal("nothing was ever acknowledged")
	}
	at := make([]int, points)
	for i := range at {
		at[i] = first + random.IntN(len(tape)-first)
	}
	slices.Sort(at)
	var r cutResult
	all := t.TempDir()
	for i, o := range tape {
		for len(at) > 0 && at[0] == i {
			at = at[1:]
			for _, l := range losses() {
				left := filepath.Join(all, strconv.Itoa(r.cuts))
				if err := os.Mkdir(left, 0o700); err != nil {
					t.Fatal(err)
				}
				if err := folder.cut(l, random, left); err != nil {
					t.Fatal(err)
				}
				acked, lost, altered, doubled, err := judge(left)
				if err != nil {
					if r.broken == 0 {
						t.Logf("cut at %d, %s: %v", i, l, err)
					}
					r.broken++
				}
				r.cuts, r.acked = r.cuts+1, r.acked+acked
				r.lost, r.altered, r.doubled, r.most = r.lost+lost, r.altered+altered, r.doubled+doubled, max(r.most, lost)
				if lost+altered+doubled > 0 || err != nil {
					r.lossy++
				}
				if err := os.RemoveAll(left); err != nil {
					t.Fatal(err)
				}
			}
		}
		folder.do(o)
		told(o)
	}
	return r
}

// keep writes the result down.
func (r cutResult) keep(t *testing.T, row, database string, passed bool, began time.Time, more ...trials.Figure) {
	t.Helper()
	result := trials.Result{
		Row: row, Test: t.Name(), Database: database, Trials: r.cuts, Acked: r.acked, Lost: r.lost, Altered: r.altered, Doubled: r.doubled,
		Figures: append(more, trials.Count("cuts after which something was lost", r.lossy), trials.Count("lost by one cut at most", r.most), trials.Count("databases that could not be read", r.broken)),
		Passed:  passed, Seconds: time.Since(began).Seconds(),
	}
	t.Log(result)
	if err := trials.Keep(result); err != nil {
		t.Error(err)
	}
}

func TestAPowerCutLosesNothingAcknowledgedBySQLite(t *testing.T) {
	t.Parallel()
	began := time.Now()
	under, tapePath := tracer(t)
	dir := t.TempDir()
	database := filepath.Join(dir, "tidemark.db")
	s, err := stage.Set(t.Context(), database, t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	const clients = 4
	people, err := s.Add(t.Context(), clients*4)
	if err != nil {
		t.Fatal(err)
	}
	saves := often(t, 12, 200) // of each client
	book, sheets := newLedger(), []*client{}
	o := program.Options{Binary: binary, Database: database, SecretFile: s.SecretFile, Dir: t.TempDir()}
	server := serve(t, o)
	for i := range clients {
		sheets = append(sheets, newClient(t, s, server.URL(), people[i*4:(i+1)*4], book, uint64(i)))
	}
	// From here on only the traced server has the file, and all of it is on the disk.
	o.Addr = server.Addr
	stop(t, server)
	if err := s.Store.Close(); err != nil {
		t.Fatal(err)
	}
	folder, err := newDisk(dir)
	if err != nil {
		t.Fatal(err)
	}
	o.Under = under
	server = serve(t, o)
	var answering sync.WaitGroup
	for _, c := range sheets {
		answering.Go(func() {
			for range saves {
				if err := c.save(t.Context(), c.sheets[c.random.IntN(len(c.sheets))]); err != nil {
					t.Error(err)
				}
			}
		})
	}
	answering.Wait()
	stop(t, server)
	awaitTape(t, tapePath)
	tape, err := readTape(tapePath, dir)
	if err != nil {
		t.Fatal(err)
	}
	onTape := newLedger() // the ledger, as the tape tells it
	lines := lines{book: onTape, heard: map[string][]byte{}}
	r := play(t, tape, folder, often(t, 12, 1000), lines.told, func(left string) (int, int, int, int, error) {
		return onTape.compare(t, filepath.Join(left, "tidemark.db"))
	})
	if got, want := onTape.count(), book.count(); got != want {
		t.Errorf("the tape tells of %d acknowledged answers, the clients of %d", got, want)
	}
	passed := r.lossy == 0 && r.acked > 0
	if !passed {
		t.Errorf("after %d of %d cuts something was lost or changed", r.lossy, r.cuts)
	}
	r.keep(t, "power-cut", "SQLite", passed, began, trials.Count("answers on the tape", onTape.count()))
}

func stop(t *testing.T, s *program.Server) {
	t.Helper()
	if err := s.Stop(); err != nil {
		t.Fatal(err)
	}
}

// lines follows what is said on the lines of a server.
type lines struct {
	book  *ledger
	heard map[string][]byte // by line: a request that has no answer yet
}

// told notes a save that was asked for, and its acknowledgement.
func (l *lines) told(o op) {
	switch o.kind {
	case opHeard:
		before := l.heard[o.file]
		l.heard[o.file] = append(before, o.data...)
		if _, _, was := readSave(before); was {
			return
		}
		if assessment, answers, is := readSave(l.heard[o.file]); is {
			for item, value := range answers {
				l.book.sending(place{assessment, item}, value)
			}
		}
	case opSaid:
		if !bytes.HasPrefix(o.data, []byte("HTTP/1.1 ")) {
			return
		}
		assessment, answers, is := readSave(l.heard[o.file])
		delete(l.heard, o.file)
		if is && bytes.HasPrefix(o.data, []byte("HTTP/1.1 200")) {
			for item, value := range answers {
				l.book.saved(place{assessment, item}, value)
			}
		}
	default: // of files
	}
}

// readSave reads a whole request that saves answers.
func readSave(request []byte) (assessment string, answers map[string]float64, is bool) {
	head, body, whole := bytes.Cut(request, []byte("\r\n\r\n"))
	first, _, _ := bytes.Cut(head, []byte("\r\n"))
	path, isSave := strings.CutSuffix(string(first), "/save HTTP/1.1")
	if !whole || !isSave {
		return "", nil, false
	}
	var said struct{ Answers map[string]float64 }
	if json.Unmarshal(body, &said) != nil {
		return "", nil, false // not all of it has come
	}
	return strings.TrimPrefix(path, "POST /me/a/"), said.Answers, true
}

// compare holds a database file against the ledger, item by item.
func (l *ledger) compare(t *testing.T, path string) (acked, lost, altered, doubled int, err error) {
	t.Helper()
	db, err := sql.Open("sqlite", path)
	if err != nil {
		return 0, 0, 0, 0, err
	}
	defer db.Close()
	var sound string
	if err := db.QueryRowContext(t.Context(), "SELECT group_concat(integrity_check, '; ') FROM pragma_integrity_check").Scan(&sound); err != nil || sound != "ok" {
		return 0, 0, 0, 0, fmt.Errorf("integrity: %s (%w)", sound, err)
	}
	rows, err := db.QueryContext(t.Context(), "SELECT assessment_id, item, value FROM response WHERE value IS NOT NULL")
	if err != nil {
		return 0, 0, 0, 0, err
	}
	defer rows.Close()
	stored := map[place][]float64{}
	for rows.Next() {
		var p place
		var value float64
		if err := rows.Scan(&p.assessment, &p.item, &value); err != nil {
			return 0, 0, 0, 0, err
		}
		stored[p] = append(stored[p], value)
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	for p, e := range l.answers {
		if !e.isset {
			continue
		}
		acked++
		switch got := stored[p]; {
		case len(got) == 0:
			lost++
		case len(got) > 1:
			doubled++
		case got[0] != e.acked && !slices.Contains(e.unsure, got[0]):
			altered++
		}
	}
	return acked, lost, altered, doubled, rows.Err()
}

// writerFlag makes the test's own program write to a database by the bare driver.
const writerFlag = "-write-plainly"

// plainWriter writes a row in each transaction, and says so on the terminal.
func plainWriter(path, synchronous, rows string) error {
	n, err := strconv.Atoi(rows)
	if err != nil {
		return err
	}
	db, err := sql.Open("sqlite", "file:"+path+"?_pragma=journal_mode(WAL)&_pragma=synchronous("+synchronous+")")
	if err != nil {
		return err
	}
	db.SetMaxOpenConns(1)
	if _, err := db.Exec("CREATE TABLE answer (id INTEGER PRIMARY KEY, value TEXT) STRICT"); err != nil { //nolint:noctx // a process of its own
		return err
	}
	if _, err := db.Exec("PRAGMA wal_checkpoint(TRUNCATE)"); err != nil { //nolint:noctx // a process of its own
		return err
	}
	for i := 1; i <= n; i++ {
		if _, err := db.Exec("INSERT INTO answer VALUES (?, ?)", i, strings.Repeat("x", 200)); err != nil { //nolint:noctx // a process of its own
			return err
		}
		fmt.Printf("saved %d\n", i)
	}
	return nil // and ends without closing
}

// The same cuts must find what is known to be lost: a log that is not flushed before
// a commit is acknowledged. And a log that is must lose nothing.
func TestPowerCutsAreSeenWhereCommitsAreNotFlushed(t *testing.T) {
	t.Parallel()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	rows := strconv.Itoa(often(t, 150, 2000))
	for _, mode := range []string{"NORMAL", "FULL"} {
		t.Run(mode, func(t *testing.T) {
			t.Parallel()
			began := time.Now()
			under, tapePath := tracer(t)
			dir := t.TempDir()
			folder, err := newDisk(dir)
			if err != nil {
				t.Fatal(err)
			}
			path := filepath.Join(dir, "plain.db")
			command := append(slices.Clone(under), self, writerFlag, path, mode, rows)
			if out, err := exec.CommandContext(t.Context(), command[0], command[1:]...).CombinedOutput(); !strings.Contains(string(out), "saved "+rows+"\n") {
				t.Fatalf("%v\n%s", err, out)
			}
			awaitTape(t, tapePath)
			tape, err := readTape(tapePath, dir)
			if err != nil {
				t.Fatal(err)
			}
			acked := 0
			r := play(t, tape, folder, often(t, 12, 1000), func(o op) {
				if text, ok := strings.CutPrefix(string(o.data), "saved "); ok && o.kind == opSaid {
					if acked, err = strconv.Atoi(strings.TrimSpace(text)); err != nil {
						t.Error(err)
					}
				}
			}, func(left string) (int, int, int, int, error) {
				db, err := sql.Open("sqlite", filepath.Join(left, "plain.db"))
				if err != nil {
					return 0, 0, 0, 0, err
				}
				defer db.Close()
				var there int
				err = db.QueryRowContext(t.Context(), "SELECT count(*) FROM answer WHERE id <= ?", acked).Scan(&there)
				return acked, acked - there, 0, 0, err
			})
			passed := r.lossy == 0
			if mode == "NORMAL" {
				passed = r.lossy*2 > r.cuts
			}
			if !passed {
				t.Errorf("after %d of %d cuts something was lost", r.lossy, r.cuts)
			}
			r.keep(t, "power-cut-control", "SQLite, plain driver, synchronous="+mode, passed, began)
		})
	}
}
