package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"tidemark/internal/postoffice"
	"tidemark/survey"
)

// TestAnExportedTrailIsVerifiedByItself: a file is checked without the database that it
// is from, in both formats, with the heads of the installation; what was changed in it is
// found.
func TestAnExportedTrailIsVerifiedByItself(t *testing.T) {
	t.Parallel()
	db := newDatabase(t)
	must(t, "", "admin", "study", "create", "--key", "first", "--database", db)
	must(t, password, "admin", "create", "ana@example.org", "--password-stdin", "--database", db)
	in := openAt(t, db)
	do(t, in.store.InTx(t.Context(), func(tx survey.Tx) error { // as a spreadsheet would take for formulas
		e := survey.AuditEvent{ID: "formula", At: time.Now().UTC().Truncate(time.Millisecond), ActorKind: survey.ActorSystem, ActorID: "=1+1", Action: survey.ActionExported, ObjectKind: "study", Detail: "'=apostrophe, \"quoted\"\nbroken"}
		e.Tell(survey.AuditText{Salt: strings.Repeat("1", 64), Old: "-2", New: "'-2", Reason: "@x"})
		return tx.AppendAudit(t.Context(), e)
	}))
	key := strings.TrimSpace(must(t, "", "audit", "key", "--database", db).stdout)
	for _, format := range []string{"csv", "jsonl"} {
		file := filepath.Join(t.TempDir(), "trail")
		heads := must(t, "", "audit", "head", "--database", db).stdout
		must(t, "", "audit", "export", "--format", format, "-o", file, "--database", db)
		r := must(t, heads, "audit", "verify", "--file", file, "--heads", "-", "--key", key)
		if !strings.Contains(r.stdout, "the installation: ") || strings.Count(r.stdout, ", whole; 1 signed head fits") != 2 {
			t.Errorf("%s: %s", format, r.stdout)
		}
		whole, err := os.ReadFile(file)
		do(t, err)
		text := string(whole)
		lines := strings.SplitAfter(text, "\n")
		changed := map[string]string{
			"edited":          strings.Replace(text, "study.created", "study.deleted", 1),
			"a text altered":  strings.Replace(text, `-2`, `-3`, 1),
			"removed":         strings.Replace(text, lines[2], "", 1),
			"cut off":         strings.Join(lines[:len(lines)-3], ""),
			"another formula": strings.Replace(text, `=1+1`, `=1+2`, 1),
		}
		for what, with := range changed {
			r := tidemark(t, with, "audit", "verify", "--file", "-", "--heads", headsIn(t, heads), "--key", key)
			if r.code != exitFailure || !strings.Contains(r.stdout, "NOT AS IT WAS WRITTEN") && !strings.Contains(r.stderr, "no file of the audit trail") {
				t.Errorf("%s, %s: exit %d, %s%s", format, what, r.code, r.stdout, r.stderr)
			}
		}
	}
	heads := headsIn(t, must(t, "", "audit", "head", "--database", db).stdout)
	one := must(t, "", "audit", "export", "first", "--database", db).stdout
	r := must(t, one, "audit", "verify", "--file", "-", "--heads", heads, "--key", key)
	if !strings.Contains(r.stdout, " 1 line, whole; 1 signed head fits\nNo line of the installation is in the file; a signed head says that there were ") {
		t.Errorf("one study: %s", r.stdout)
	}
	if r := tidemark(t, "a,b\n1,2\n", "audit", "verify", "--file", "-"); r.code != exitFailure || !strings.Contains(r.stderr, "no file of the audit trail") {
		t.Errorf("another file: exit %d, %s", r.code, r.stderr)
	}
	if r := tidemark(t, "", "audit", "verify", "--file", "-", "--heads", "x"); r.code != exitWrongUse || !strings.Contains(r.stderr, "--key") {
		t.Errorf("heads without a key: exit %d, %s", r.code, r.stderr)
	}
}

func headsIn(t *testing.T, heads string) string {
	t.Helper()
	file := filepath.Join(t.TempDir(), "heads")
	do(t, os.WriteFile(file, []byte(heads), 0o600))
	return file
}

// TestTheDaysHeadsAreMailedOnce: every address gets a letter, which as it came can be
// given to the check, and no server sends the same heads again.
func TestTheDaysHeadsAreMailedOnce(t *testing.T) {
	t.Parallel()
	office, err := postoffice.Open(t.Context())
	do(t, err)
	t.Cleanup(func() { do(t, office.Close()) })
	db := newDatabase(t)
	must(t, "", "admin", "study", "create", "--key", "first", "--database", db)
	must(t, password, "admin", "create", "ana@example.org", "--password-stdin", "--database", db)
	serving := func() *service {
		return start(t, "serve", "--database", db, "--addr", "127.0.0.1:0", "--mail-smtp", office.Addr, "--mail-from", "study@example.org", "--mail-tls", "none",
			"--audit-mail", "notary@example.org, Board <board@example.net>")
	}
	server := serving()
	for begun := time.Now(); len(office.Taken()) < 2 && time.Since(begun) < time.Minute; {
		time.Sleep(20 * time.Millisecond)
	}
	server.stop(t)
	letters := office.Taken()
	if len(letters) != 2 || letters[0].To == letters[1].To {
		t.Fatalf("%d letters were sent, want 2", len(letters))
	}
	for _, l := range letters {
		r := must(t, "", "audit", "verify", "--heads", headsIn(t, l.Text), "--database", db)
		if strings.Count(r.stdout, "whole; 1 signed head fits") != 2 {
			t.Errorf("the letter to %s: %s", l.To, r.stdout)
		}
	}
	in := openAt(t, db)
	heads, err := in.store.AuditHeads(t.Context())
	do(t, err)
	for _, h := range heads {
		if h.MailedAt.IsZero() {
			t.Errorf("the head of %q of %s is not noted as sent", h.StudyID, h.Day)
		}
	}
	in = openWith(t, Config{Database: db, headsTo: []string{"notary@example.org"}})
	for range 2 {
		n, err := in.cases.Audits.MailHeads(t.Context(), trailKeeper())
		do(t, err)
		if n != 0 {
			t.Errorf("%d heads are to be sent again", n)
		}
	}
	if r := tidemark(t, "", "serve", "--database", db, "--audit-mail", "a@example.org"); r.code != exitWrongUse || !strings.Contains(r.stderr, "--mail-smtp") {
		t.Errorf("without a mail server: exit %d, %s", r.code, r.stderr)
	}
}

// openWith opens an installation as serve does.
func openWith(t *testing.T, c Config) *installation {
	t.Helper()
	in, err := (&program{now: time.Now}).open(t.Context(), c)
	do(t, err)
	t.Cleanup(func() { do(t, in.store.Close()) })
	return in
}
