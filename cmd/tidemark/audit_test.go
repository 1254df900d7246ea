package main

import (
	"bytes"
	"database/sql"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// TestTheTrailIsVerifiedAtTheCommandLine: what commands write has its place, heads are
// kept in a file, and a change past all guards is found, with exit code 1.
func TestTheTrailIsVerifiedAtTheCommandLine(t *testing.T) {
	t.Parallel()
	db := newDatabase(t)
	must(t, "", "admin", "study", "create", "--key", "first", "--database", db)
	must(t, password, "admin", "create", "ana@example.org", "--password-stdin", "--database", db)
	r := must(t, "", "audit", "verify", "--database", db)
	for _, want := range []string{" lines, whole\n", "study first: 1 line, whole", "No signed head"} {
		if !strings.Contains(r.stdout, want) {
			t.Errorf("verify says %q, want %q in it", r.stdout, want)
		}
	}
	// A day later, as the server does.
	in := openAt(t, db)
	log := slog.New(slog.DiscardHandler)
	file := filepath.Join(t.TempDir(), "heads")
	for range 2 { // the second time there is nothing to add
		if err := in.signAndCheck(t.Context(), file, log); err != nil {
			t.Fatal(err)
		}
	}
	kept, err := os.ReadFile(file)
	if err != nil || bytes.Count(kept, []byte("\n")) != 2 || !strings.Contains(string(kept), time.Now().UTC().AddDate(0, 0, -1).Format(time.DateOnly)) {
		t.Fatalf("the file of heads: %s (%v)", kept, err)
	}
	if err := os.Remove(file); err != nil { // a new file is made whole
		t.Fatal(err)
	}
	if err := in.signAndCheck(t.Context(), file, log); err != nil {
		t.Fatal(err)
	}
	if again, err := os.ReadFile(file); err != nil || !bytes.Equal(again, kept) {
		t.Errorf("made anew: %s (%v)", again, err)
	}
	if r := must(t, "", "audit", "verify", "first", "--heads", file, "--database", db); !strings.Contains(r.stdout, "1 signed head fits") {
		t.Errorf("with heads: %s", r.stdout)
	}
	letter := "Subject: heads\n\n" + string(kept) + "\nRegards\n"
	must(t, letter, "audit", "verify", "--heads", "-", "--database", db)
	if key := strings.TrimSpace(must(t, "", "audit", "key", "--database", db).stdout); len(key) != 64 || !bytes.Contains(kept, []byte(key)) {
		t.Errorf("the key is %q", key)
	}
	if head := must(t, "", "audit", "head", "first", "--database", db).stdout; strings.Count(head, "\n") != 1 || !strings.Contains(head, `"lines":1`) {
		t.Errorf("audit head: %s", head)
	}
	tamper(t, db, `DROP TRIGGER audit_event_no_update`, `UPDATE audit_event SET actor_id = 'nobody' WHERE action = 'study.created'`)
	bad := tidemark(t, "", "audit", "verify", "--database", db)
	if bad.code != exitFailure || !strings.Contains(bad.stdout, "study first: 1 line, NOT AS IT WAS WRITTEN, 1 fault") ||
		!strings.Contains(bad.stdout, "line 1 (") || !strings.Contains(bad.stdout, " lines, whole; 1 signed head fits") {
		t.Errorf("after a change: exit %d, %s%s", bad.code, bad.stdout, bad.stderr)
	}
	forged := strings.Replace(string(kept), `"lines":1`, `"lines":2`, 1)
	if r := tidemark(t, forged, "audit", "verify", "--heads", "-", "--database", db); r.code != exitFailure || !strings.Contains(r.stdout, "not signed") {
		t.Errorf("a forged head: exit %d, %s%s", r.code, r.stdout, r.stderr)
	}
	for _, junk := range []string{"", "{}\n", "{\"day\"\n"} {
		if r := tidemark(t, junk, "audit", "verify", "--heads", "-", "--database", db); r.code != exitFailure || !strings.Contains(r.stderr, "no head") {
			t.Errorf("heads %q: exit %d, %s", junk, r.code, r.stderr)
		}
	}
}

// tamper changes a SQLite database past the program.
func tamper(t *testing.T, path string, statements ...string) {
	t.Helper()
	db, err := sql.Open("sqlite", path)
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range statements {
		if _, err := db.ExecContext(t.Context(), s); err != nil {
			t.Fatalf("%s: %v", s, err)
		}
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
}
