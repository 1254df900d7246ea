package main

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"tidemark/internal/postoffice"
	"tidemark/survey"
	"tidemark/survey/storetest"
)

// examined is what the doctor finds, by the name of each check.
func examined(t *testing.T, wantCode int, args ...string) map[string]survey.Check {
	t.Helper()
	r := tidemark(t, "", append([]string{"doctor", "--json"}, args...)...)
	if r.code != wantCode {
		t.Fatalf("doctor %v: exit %d, want %d\n%s%s", args, r.code, wantCode, r.stdout, r.stderr)
	}
	var said struct {
		Sound  bool
		Checks []survey.Check
	}
	if err := json.Unmarshal([]byte(r.stdout), &said); err != nil {
		t.Fatal(err)
	}
	if said.Sound != (wantCode == exitOK) {
		t.Errorf("sound: %v with exit %d", said.Sound, wantCode)
	}
	found := map[string]survey.Check{}
	for _, c := range said.Checks {
		if c.Says == "" || c.State != survey.CheckOK && c.Do == "" {
			t.Errorf("%s explains nothing: %+v", c.Name, c)
		}
		found[c.Name] = c
	}
	return found
}

func wantState(t *testing.T, found map[string]survey.Check, name string, want survey.CheckState, says string) {
	t.Helper()
	if c := found[name]; c.State != want || !strings.Contains(c.Says+" "+c.Do, says) {
		t.Errorf("%s: %+v, want %s that says %q", name, c, want, says)
	}
}

func TestTheDoctorFindsNoFaultInANewInstallation(t *testing.T) {
	t.Parallel()
	db := newDatabase(t)
	must(t, "", "admin", "study", "create", "--key", "first", "--database", db)
	found := examined(t, exitOK, "--database", db, "--base-url", "https://study.example.org", "--mail-dir", filepath.Join(t.TempDir(), "mail"), "--mail-from", "study@example.org")
	for _, name := range []string{
		"configuration", "permissions", "secret", "address", "trusted proxies", "database", "schema", "database settings", "clock", "disk", "mail",
		"messages", "background work", "alerts", "changes", "responders", "integrity",
	} {
		wantState(t, found, name, survey.CheckOK, "")
	}
	wantState(t, found, "backups", survey.CheckWarning, "No backup is configured")
	wantState(t, found, "servers", survey.CheckWarning, "No server runs")
	wantState(t, found, "audit trail", survey.CheckWarning, "are as they were written")
	table := must(t, "", "doctor", "--quick", "--database", db)
	if !strings.Contains(table.stdout, "ok       schema") || !strings.Contains(table.stdout, "→ ") || strings.Contains(table.stdout, "integrity") {
		t.Errorf("the table:\n%s", table.stdout)
	}
}

func TestTheDoctorFindsFaults(t *testing.T) {
	t.Parallel()
	office, err := postoffice.Open(t.Context())
	do(t, err)
	t.Cleanup(func() { _ = office.Close() }) // it is only asked
	for name, c := range map[string]struct {
		spoil func(t *testing.T, db string)
		args  []string
		check string
		says  string
	}{
		"no database":        {spoil: func(t *testing.T, db string) { do(t, os.Remove(db)) }, check: "database", says: "tidemark migrate"},
		"everybody reads it": {spoil: func(t *testing.T, db string) { do(t, os.Chmod(db+".secret", 0o644)) }, check: "permissions", says: "chmod 600"},
		"no secret":          {spoil: func(t *testing.T, db string) { do(t, os.WriteFile(db+".secret", []byte("short"), 0o600)) }, check: "secret", says: "--secret-file"},
		"another schema":     {spoil: func(t *testing.T, db string) { tamper(t, db, `DELETE FROM goose_db_version WHERE version_id > 3`) }, check: "schema", says: "tidemark migrate"},
		"no HTTPS":           {args: []string{"--base-url", "http://study.example.org"}, check: "address", says: "HTTPS"},
		"everybody a proxy":  {args: []string{"--trusted-proxies", "0.0.0.0/0"}, check: "trusted proxies", says: "--trusted-proxies"},
		"no network":         {args: []string{"--trusted-proxies", "canary"}, check: "configuration", says: "no network"},
		"mail is away":       {args: []string{"--mail-smtp", "127.0.0.1:1", "--mail-from", "study@example.org", "--mail-tls", "none"}, check: "mail", says: "cannot be reached"},
		"mail without TLS":   {args: []string{"--mail-smtp", office.Addr, "--mail-from", "study@example.org"}, check: "mail", says: "does not protect the line"},
		"mail half set":      {args: []string{"--mail-smtp", office.Addr}, check: "configuration", says: "--mail-from"},
		"a changed line": {
			spoil: func(t *testing.T, db string) {
				tamper(t, db, `DROP TRIGGER audit_event_no_update`, `UPDATE audit_event SET actor_id = 'nobody' WHERE action = 'study.created'`)
			},
			check: "audit trail", says: "not as they were written",
		},
		"a broken reference": {
			spoil: func(t *testing.T, db string) {
				tamper(t, db, `INSERT INTO safety_wording (study_id, language, body) VALUES ('nowhere', 'en', 'canary')`)
			},
			check: "integrity", says: "refers to one of study",
		},
		"an old message": {
			spoil: func(t *testing.T, db string) {
				tamper(t, db, `INSERT INTO outbox_message (study_id, key, kind, to_kind, to_id, about, number, created_at, send_at, attempts, outcome, last_error)
					SELECT id, 'k', 'alert', 'user', 'u', 'a', 0, 1000, 1000, 0, '', '' FROM study`)
			},
			check: "messages", says: "1 messages wait",
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			db := newDatabase(t)
			must(t, "", "admin", "study", "create", "--key", "first", "--database", db)
			if c.spoil != nil {
				c.spoil(t, db)
			}
			found := examined(t, exitFailure, append([]string{"--database", db}, c.args...)...)
			wantState(t, found, c.check, survey.CheckFault, c.says)
			for _, one := range found {
				if strings.Contains(one.Says+one.Do, "canary") && name != "no network" {
					t.Errorf("%s tells a value: %+v", one.Name, one)
				}
			}
		})
	}
}

func TestTheDoctorLooksAtPostgreSQL(t *testing.T) {
	t.Parallel()
	dsn := storetest.PostgresDSN(t)
	secret := write(t, filepath.Join(t.TempDir(), "secret"), strings.Repeat("ab", 32)+"\n")
	do(t, os.Chmod(secret, 0o600))
	must(t, "", "migrate", "--database", dsn)
	r := tidemark(t, "", "doctor", "--json", "--database", dsn, "--secret-file", secret)
	for _, want := range []string{`"check": "database settings"`, "PostgreSQL 1", "This machine and the database agree", "texts are UTF-8"} {
		if !strings.Contains(r.stdout, want) && !strings.Contains(r.stdout, "fsync is off") {
			t.Errorf("says nothing of %s:\n%s", want, r.stdout)
		}
	}
}
