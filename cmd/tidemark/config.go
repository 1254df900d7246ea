package main

import (
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"os"
	"regexp"
	"strings"

	"tidemark/survey"
	"tidemark/survey/auth"
)

// Config says which installation a command works on.
type Config struct {
	Database     string   `env:"TIDEMARK_DATABASE" default:"tidemark.db" placeholder:"WHERE" help:"SQLite file, or postgres://user@host/name (default: ${default})."`
	SecretFile   string   `env:"TIDEMARK_SECRET_FILE" placeholder:"FILE" help:"File with the secret under which links are made (default for SQLite: the database's name with .secret). TIDEMARK_SECRET may hold the secret itself."`
	ErasuresFile string   `env:"TIDEMARK_ERASURES_FILE" placeholder:"FILE" help:"File with a line for each erasure, by which they are done again after an older copy of the database was put back (default for SQLite: the database's name with .erased)."`
	HeadsFile    string   `name:"audit-heads" env:"TIDEMARK_AUDIT_HEADS" placeholder:"FILE" help:"File with a signed line for each day and chain of the audit trail, by which it shows that lines were cut off or written anew; best on another machine (default for SQLite: the database's name with .heads)."`
	VaultKeyFile []string `env:"TIDEMARK_VAULT_KEY_FILE" sep:"," placeholder:"FILE" help:"File with the master key that names, addresses and notes are sealed under; after the first, keys that it had before (default: a key made from the secret)."`
	VaultCommand string   `env:"TIDEMARK_VAULT_COMMAND" placeholder:"PROGRAM" help:"Program that wraps and unwraps keys in place of such a file, as one that asks a service for keys."`
	// frugal: everything is read once and in order, so that nothing need be
	// remembered.
	frugal bool
	// rules are what is asked of staff. Only serve has any: a demo has no passwords,
	// and whoever sits at the command line holds the database.
	rules survey.StaffRules
	// headsTo are the addresses that signed heads of the audit trail are sent to; serve's
	// alone.
	headsTo []string
	// privateHooks lets webhooks be of the installation's own network.
	privateHooks bool
	// What a server counts, and whether it takes changes. Only serve sets them.
	meter  survey.Meter
	groups func(transactions int)
	mode   *survey.Mode
}

// keyword finds the other form in which PostgreSQL's programs take addresses.
var keyword = regexp.MustCompile(`(^|\s)(host|hostaddr|port|dbname|user|password|passfile|service|sslmode)\s*=`)

// Validate refuses an address of PostgreSQL that would be taken for the name of
// a file: made in silence, with the password in its name and in every message
// about it. The address itself is therefore not repeated.
func (c Config) Validate() error {
	if strings.Contains(c.Database, "://") || strings.HasPrefix(c.Database, "sqlite:") {
		return nil
	}
	if keyword.MatchString(c.Database) || strings.HasPrefix(strings.ToLower(strings.TrimSpace(c.Database)), "postgres") {
		return errors.New("--database looks like an address of PostgreSQL; write it as postgres://user@host/name " +
			"(or, if it is a file after all, as sqlite:FILE)")
	}
	return nil
}

// file is the path of a SQLite database; false for PostgreSQL.
func (c Config) file() (string, bool) {
	if strings.Contains(c.Database, "://") {
		return "", false
	}
	return strings.TrimPrefix(c.Database, "sqlite:"), true
}

// erasures is the file of tombstones; empty: there is none.
func (c Config) erasures() string {
	if path, ok := c.file(); ok && c.ErasuresFile == "" {
		return path + ".erased"
	}
	return c.ErasuresFile
}

// headsFile is the file of signed heads of the audit trail; empty: there is none.
func (c Config) headsFile() string {
	if path, ok := c.file(); ok && c.HeadsFile == "" {
		return path + ".heads"
	}
	return c.HeadsFile
}

// place names the database to people, without a password.
func (c Config) place() string {
	if path, ok := c.file(); ok {
		return "SQLite, " + path
	}
	u, err := url.Parse(c.Database)
	if err != nil {
		return "PostgreSQL"
	}
	return "PostgreSQL, " + u.Host + u.Path
}

// present refuses a SQLite database that is not there, which opening would make:
// a mistyped name should not become an empty installation.
func (c Config) present() error {
	path, ok := c.file()
	if !ok {
		return nil
	}
	if path == "" {
		return misuse("--database is empty; name a file or a PostgreSQL address")
	}
	switch info, err := os.Stat(path); {
	case errors.Is(err, fs.ErrNotExist):
		return fmt.Errorf("there is no database %s; make one with: tidemark migrate --database %s", path, path)
	case err != nil:
		return fmt.Errorf("database: %w", err)
	case info.IsDir():
		return fmt.Errorf("database %s is a folder; name a file in it, as %s", path, strings.TrimSuffix(path, "/")+"/tidemark.db")
	}
	return nil
}

// secret is an installation's secret and where it came from.
type secret struct {
	hex  string
	from string // in words
	file string // where a fresh one is to be kept; empty: it was given
}

// readSecret takes the secret from the environment or a file. For SQLite a
// missing default file gives a fresh secret, not yet written: see keep.
func (c Config) readSecret(fromEnvironment string) (secret, error) {
	if fromEnvironment != "" {
		if c.SecretFile != "" {
			return secret{}, misuse("both TIDEMARK_SECRET and a secret file are given; give one")
		}
		return secret{hex: fromEnvironment, from: "TIDEMARK_SECRET"}, nil
	}
	path, isFile := c.file()
	name := c.SecretFile
	if name == "" {
		if !isFile {
			return secret{}, misuse("a PostgreSQL installation needs a secret, the same for every server of it.\n" +
				"Make one:  tidemark secret > tidemark.secret   (and keep it: without it no link works)\n" +
				"Use it:    --secret-file tidemark.secret, or TIDEMARK_SECRET_FILE, or TIDEMARK_SECRET")
		}
		name = path + ".secret"
	}
	data, err := os.ReadFile(name) //nolint:gosec // the administrator's own path
	switch {
	case err == nil:
		return secret{hex: strings.TrimSpace(string(data)), from: name}, nil
	case c.SecretFile == "" && errors.Is(err, fs.ErrNotExist):
		fresh, err := auth.NewSecret()
		return secret{hex: fresh, from: name, file: name}, err
	default:
		return secret{}, fmt.Errorf("read the secret: %w", err)
	}
}

// keep writes a fresh secret where only its owner reads it. Another process may
// have written one at the same moment: then there is nothing to keep, and the
// command is to be run again.
func (s secret) keep() error {
	if s.file == "" {
		return nil
	}
	f, err := os.OpenFile(s.file, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	if err != nil {
		return fmt.Errorf("keep the secret: %w", err)
	}
	_, err = f.WriteString(s.hex + "\n")
	if err = errors.Join(err, f.Sync(), f.Close()); err != nil {
		return errors.Join(fmt.Errorf("keep the secret: %w", err), os.Remove(s.file))
	}
	return nil
}
