package main

import (
	"bytes"
	"database/sql"
	"net"
	"os"
	"path/filepath"
	"strings"
	"testing"

	_ "modernc.org/sqlite"

	"tidemark/migrations"
)

// result is what a run of the program left behind.
type result struct {
	code           int
	stdout, stderr string
}

// tidemark runs the program as the shell would.
func tidemark(t *testing.T, stdin string, args ...string) result {
	t.Helper()
	var out, errs bytes.Buffer
	code := run(t.Context(), args, strings.NewReader(stdin), &out, &errs)
	return result{code, out.String(), errs.String()}
}

// must runs the program and fails the test unless it succeeds.
func must(t *testing.T, stdin string, args ...string) result {
	t.Helper()
	r := tidemark(t, stdin, args...)
	if r.code != exitOK {
		t.Fatalf("tidemark %s: exit %d\n%s", strings.Join(args, " "), r.code, r.stderr)
	}
	return r
}

// newDatabase is a migrated SQLite installation.
func newDatabase(t *testing.T) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "tidemark.db")
	must(t, "", "migrate", "--database", path)
	return path
}

func write(t *testing.T, path, text string) string {
	t.Helper()
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func TestWrongUseSaysWhatToDo(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	db := newDatabase(t)
	notADatabase := write(t, filepath.Join(dir, "notes.txt"), strings.Repeat("These are my notes. ", 200))
	newer := newDatabase(t)
	setSchema(t, newer, 999)
	empty := write(t, filepath.Join(dir, "empty.db"), "")
	badSecret := write(t, filepath.Join(dir, "bad.secret"), "not hexadecimal\n")

	for _, c := range []struct {
		name  string
		stdin string
		args  []string
		code  int
		want  string // in what is said
	}{
		{"no command", "", nil, exitWrongUse, "tidemark --help"},
		{"unknown command", "", []string{"fly"}, exitWrongUse, "fly"},
		{"unknown flag", "", []string{"serve", "--colour"}, exitWrongUse, "tidemark serve --help"},
		{"flag without value", "", []string{"demo", "--dir"}, exitWrongUse, "--dir"},
		{"number that is none", "", []string{"demo", "--seed", "many"}, exitWrongUse, "--seed"},
		{"unknown log format", "", []string{"serve", "--log-format", "xml"}, exitWrongUse, "text"},
		{"too few people", "", []string{"demo", "--people", "3", "--addr", "127.0.0.1:0", "--dir", filepath.Join(dir, "few")}, exitFailure, "between 20 and 5,000"},
		{"address that is none", "", []string{"demo", "--addr", "nowhere"}, exitFailure, "--addr 127.0.0.1:8080"},
		{"no database", "", []string{"serve", "--database", filepath.Join(dir, "none.db")}, exitFailure, "tidemark migrate --database"},
		{"folder as database", "", []string{"serve", "--database", dir}, exitFailure, "is a folder"},
		{"folder to migrate", "", []string{"migrate", "--database", dir}, exitFailure, "directory"},
		{"no folder for a database", "", []string{"migrate", "--database", filepath.Join(dir, "none", "x.db")}, exitFailure, "no such file"},
		{"empty name", "", []string{"migrate", "--database="}, exitWrongUse, "--database is empty"},
		{"other file as database", "", []string{"serve", "--database", notADatabase}, exitFailure, "not a database"},
		{"other file to migrate", "", []string{"migrate", "--database", notADatabase}, exitFailure, "not a database"},
		{"empty database", "", []string{"serve", "--database", empty}, exitFailure, "run: tidemark migrate"},
		{"newer schema", "", []string{"serve", "--database", newer}, exitFailure, "older than the database"},
		{"newer schema to migrate", "", []string{"migrate", "--database", newer}, exitFailure, "older than the database"},
		{"unknown engine", "", []string{"serve", "--database", "mysql://localhost/x", "--secret-file", db + ".secret"}, exitFailure, "postgres://"},
		{"PostgreSQL without a secret", "", []string{"serve", "--database", "postgres://127.0.0.1:1/x"}, exitWrongUse, "tidemark secret"},
		{"PostgreSQL that is not there", "", []string{"migrate", "--database", "postgres://u:hunter2@127.0.0.1:1/x"}, exitFailure, "database server running"},
		{"PostgreSQL by keywords", "", []string{"migrate", "--database", "host=localhost user=u password=hunter2"}, exitWrongUse, "postgres://user@host/name"},
		{"PostgreSQL misspelt", "", []string{"serve", "--database", "postgres:/u:hunter2@host/x"}, exitWrongUse, "postgres://user@host/name"},
		{"PostgreSQL without a port", "", []string{"migrate", "--database", "postgres://u:p@hunter2@host:port/x"}, exitFailure, "invalid port"},
		{"PostgreSQL without an address", "", []string{"migrate", "--database", "postgres://u:p@hunter2 x@host/x"}, exitFailure, "%40"},
		{"secret that is none", "", []string{"serve", "--database", db, "--secret-file", badSecret}, exitFailure, "64 hexadecimal digits"},
		{"no secret file", "", []string{"serve", "--database", db, "--secret-file", filepath.Join(dir, "none.secret")}, exitFailure, "none.secret"},
		{"base URL with a path", "", []string{"serve", "--database", db, "--addr", "127.0.0.1:0", "--base-url", "https://example.org/app"}, exitFailure, "without a path"},
		{"password as a flag", "", []string{"admin", "create", "a@example.org", "--password", "x"}, exitWrongUse, "--password"},
		{"no terminal for a password", "", []string{"admin", "create", "a@example.org", "--database", db}, exitWrongUse, "--password-stdin"},
		{"short password", "secret\n", []string{"admin", "create", "a@example.org", "--database", db, "--password-stdin"}, exitFailure, "15 characters"},
		{"no address", "a long enough password\n", []string{"admin", "create", "ana", "--database", db, "--password-stdin"}, exitFailure, "not an e-mail address"},
		{"unknown role", "", []string{"admin", "create", "a@example.org", "--role", "king"}, exitWrongUse, "king"},
		{"password as a flag, where to read on", "", []string{"admin", "create", "a@example.org", "--password", "x"}, exitWrongUse, "tidemark admin create --help"},
		{"researcher of nothing", "", []string{"admin", "create", "a@example.org", "--role", "researcher", "--database", db}, exitWrongUse, "needs --study"},
		{"administrator of a study", "", []string{"admin", "create", "a@example.org", "--study", "x", "--database", db}, exitWrongUse, "leave --study"},
		{"unknown study", "", []string{"admin", "create", "a@example.org", "--role", "researcher", "--study", "x", "--database", db}, exitFailure, "admin study list"},
		{"unknown account", "", []string{"admin", "disable", "a@example.org", "--database", db}, exitFailure, "admin list"},
		{"mail without a sender", "", []string{"serve", "--mail-dir", "x", "--database", db}, exitWrongUse, "--mail-from"},
		{"a sender without mail", "", []string{"serve", "--mail-from", "a@example.org", "--database", db}, exitWrongUse, "--mail-smtp"},
		{"a mail server without a port", "", []string{"serve", "--mail-smtp", "mail", "--mail-from", "a@example.org", "--database", db}, exitWrongUse, "host:port"},
		{"a password in clear", "", []string{"serve", "--mail-smtp", "m:25", "--mail-from", "a@example.org", "--mail-tls", "none", "--mail-user", "u", "--database", db}, exitWrongUse, "without TLS"},
		{"safety without a shape", "", []string{"admin", "study", "safety", "x", "--database", db}, exitWrongUse, "linked"},
		{"unknown template", "", []string{"admin", "study", "create", "--template", "x", "--database", db}, exitFailure, "no such template"},
		{"unknown zone", "", []string{"admin", "study", "create", "--time-zone", "Europe/Atlantis", "--database", db}, exitFailure, "Europe/London"},
		{"study to open that is not there", "", []string{"admin", "study", "open", "x", "--database", db}, exitFailure, "admin study list"},
		{"export of no study", "", []string{"export", "--database", db}, exitWrongUse, "--study"},
		{"export of an unknown study", "", []string{"export", "--study", "x", "--database", db}, exitFailure, "admin study list"},
		{"export of an unknown kind", "", []string{"export", "--study", "x", "--what", "all"}, exitWrongUse, "all"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			r := tidemark(t, c.stdin, c.args...)
			if r.code != c.code {
				t.Errorf("exit %d, want %d", r.code, c.code)
			}
			if !strings.Contains(r.stderr, c.want) {
				t.Errorf("says %q, want something with %q", r.stderr, c.want)
			}
			if strings.Contains(r.stderr, "hunter2") {
				t.Errorf("the password of the database is printed: %q", r.stderr)
			}
			if strings.Contains(r.stderr, "fault in the program") {
				t.Errorf("panicked: %q", r.stderr)
			}
			if r.stdout != "" {
				t.Errorf("standard output has %q, want nothing", r.stdout)
			}
		})
	}
	if got, err := os.ReadFile(notADatabase); err != nil || !strings.HasPrefix(string(got), "These are my notes.") {
		t.Errorf("the file that is not a database was changed (%v)", err)
	}
}

func TestATakenPortIsNamedWithAnother(t *testing.T) {
	t.Parallel()
	l, err := net.Listen("tcp", "127.0.0.1:0") //nolint:noctx // a plain listener to be in the way
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	r := tidemark(t, "", "demo", "--addr", l.Addr().String())
	if r.code != exitFailure || !strings.Contains(r.stderr, "in use") || !strings.Contains(r.stderr, "--addr 127.0.0.1:") {
		t.Errorf("exit %d, says %q", r.code, r.stderr)
	}
}

func TestHelpTeaches(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		args []string
		want []string
	}{
		{[]string{"--help"}, []string{"demo", "serve", "migrate", "admin", "export", "analyze", "version", "tidemark demo"}},
		{[]string{"demo", "--help"}, []string{"--dir", "--seed", "Examples:"}},
		{[]string{"serve", "--help"}, []string{"TIDEMARK_DATABASE", "TIDEMARK_BASE_URL", "Examples:"}},
		{[]string{"migrate", "--help"}, []string{"--database", "Examples:"}},
		{[]string{"admin", "--help"}, []string{"create", "Setting up"}},
		{[]string{"admin", "create", "--help"}, []string{"--password-stdin", "Examples:"}},
		{[]string{"admin", "study", "create", "--help"}, []string{"learning_from_setbacks_8", "Example:"}},
		{[]string{"export", "--help"}, []string{"--what", "Examples:"}},
		{[]string{"analyze", "--help"}, []string{"--wave", "--control", "Examples:"}},
		{[]string{"secret", "--help"}, []string{"Example:"}},
	} {
		r := tidemark(t, "", c.args...)
		if r.code != exitOK {
			t.Errorf("%v: exit %d: %s", c.args, r.code, r.stderr)
		}
		for _, w := range c.want {
			if !strings.Contains(r.stdout, w) {
				t.Errorf("%v: help has no %q:\n%s", c.args, w, r.stdout)
			}
		}
	}
}

func TestVersionNamesItsParts(t *testing.T) {
	t.Parallel()
	r := must(t, "", "version")
	for _, w := range []string{"tidemark ", "commit ", "go       go1.", "sqlite   3."} {
		if !strings.Contains(r.stdout, w) {
			t.Errorf("version has no %q:\n%s", w, r.stdout)
		}
	}
}

func TestAPanicIsAMessageAndAFailure(t *testing.T) {
	t.Parallel()
	var errs bytes.Buffer
	p := &program{stderr: &errs}
	if code := p.guard(func() int { panic("index out of range") }); code != exitFailure {
		t.Errorf("exit %d, want %d", code, exitFailure)
	}
	if !strings.Contains(errs.String(), "index out of range") {
		t.Errorf("says %q", errs.String())
	}
}

func TestMigrateSaysFromWhatToWhat(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "new.db")
	if r := must(t, "", "migrate", "--database", path); !strings.HasPrefix(r.stdout, "schema version 0 → ") {
		t.Errorf("first time: %q", r.stdout)
	}
	if r := must(t, "", "migrate", "--database", path); !strings.Contains(r.stdout, "nothing to do") {
		t.Errorf("second time: %q", r.stdout)
	}
	info, err := os.Stat(path + ".secret")
	if err != nil {
		t.Fatal(err)
	}
	if info.Mode().Perm() != 0o600 {
		t.Errorf("the secret has mode %v, want 0600", info.Mode().Perm())
	}
}

func TestSecretsAreNewEachTime(t *testing.T) {
	t.Parallel()
	a, b := must(t, "", "secret"), must(t, "", "secret")
	if a.stdout == b.stdout || len(strings.TrimSpace(a.stdout)) != 64 {
		t.Errorf("got %q and %q", a.stdout, b.stdout)
	}
}

// setSchema makes a database claim another schema version.
func setSchema(t *testing.T, path string, version int64) {
	t.Helper()
	db, err := sql.Open("sqlite", path)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	_, err = db.ExecContext(t.Context(), "INSERT INTO goose_db_version (version_id, is_applied) VALUES (?, 1)", version)
	if err != nil {
		t.Fatal(err)
	}
	if have, err := migrations.Version(t.Context(), db, migrations.SQLite); err != nil || have != version {
		t.Fatalf("schema version is %d (%v), want %d", have, err, version)
	}
}
