package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"time"

	"tidemark/survey"
	"tidemark/survey/backup"
)

// backupCmd holds what is done with backups; alone it makes one.
type backupCmd struct {
	Make   backupMakeCmd   `cmd:"" default:"withargs" help:"Make a backup, and prove it."`
	List   backupListCmd   `cmd:"" help:"List the backups in a place."`
	Verify backupVerifyCmd `cmd:"" help:"Prove a backup: restore it into a database made for that, and compare."`
	Prune  backupPruneCmd  `cmd:"" help:"Remove backups that a rule does not keep."`
	Key    backupKeyCmd    `cmd:"" help:"Make a key that backups are encrypted to."`
}

// placeFlag says where backups are.
type placeFlag struct {
	To string `env:"TIDEMARK_BACKUP_TO" required:"" placeholder:"PLACE" help:"Where backups are kept: a folder, or s3://BUCKET/PREFIX?endpoint=https://HOST&region=REGION."`
}

func (f placeFlag) where() (backup.Place, error) { return placeOf(f.To) }

func placeOf(text string) (backup.Place, error) {
	place, err := backup.OpenPlace(text, os.Getenv)
	if err != nil {
		return nil, usageError{err}
	}
	return place, nil
}

// openFlags say by what backups are opened.
type openFlags struct {
	IdentityFile   string `env:"TIDEMARK_BACKUP_IDENTITY_FILE" placeholder:"FILE" help:"File with the secret key, as tidemark backup key makes one."`
	PassphraseFile string `env:"TIDEMARK_BACKUP_PASSPHRASE_FILE" placeholder:"FILE" help:"File with the passphrase, where backups are encrypted by one."`
}

func (f openFlags) keys() (backup.Keys, error) {
	k, err := backup.KeyFiles{IdentityFile: f.IdentityFile, PassphraseFile: f.PassphraseFile}.Read()
	if err != nil {
		return k, usageError{err}
	}
	if len(k.Identities) == 0 {
		return k, misuse("the backup is encrypted: give --identity-file or --passphrase-file. " +
			"Without the key, nobody can open it, not even who made it")
	}
	return k, nil
}

// sealFlags say how backups are made.
type sealFlags struct {
	Recipient      []string `env:"TIDEMARK_BACKUP_RECIPIENT" placeholder:"KEY" help:"Public key that backups are encrypted to, as age1…; any number. Whoever holds one of the secret keys can open them, and nobody else."`
	RecipientsFile string   `env:"TIDEMARK_BACKUP_RECIPIENTS_FILE" placeholder:"FILE" help:"File with such keys, one on each line."`
	PassphraseFile string   `env:"TIDEMARK_BACKUP_PASSPHRASE_FILE" placeholder:"FILE" help:"File with a passphrase instead of keys."`
	Kind           string   `env:"TIDEMARK_BACKUP_KIND" enum:",sqlite,postgres,rows" default:"" help:"What is in a backup: sqlite (a database file), postgres (an archive of pg_dump) or rows (for either engine, without pg_dump); default: that of the database."`
	Scratch        string   `env:"TIDEMARK_BACKUP_SCRATCH" placeholder:"FOLDER" help:"Folder for what is needed on the way, with room for the database twice; not encrypted (default: beside a SQLite file, else the system's)."`
}

// maker is what makes backups of an installation.
func (f sealFlags) maker(p *program, in *installation, c Config, place backup.Place) (backup.Maker, error) {
	keys, err := backup.KeyFiles{Recipients: f.Recipient, RecipientsFile: f.RecipientsFile, PassphraseFile: f.PassphraseFile}.Read()
	if err != nil {
		return backup.Maker{}, usageError{err}
	}
	if len(keys.Recipients) == 0 {
		return backup.Maker{}, misuse("a backup is always encrypted: give --recipient with a public key, or --passphrase-file.\n" +
			"Make a key:  tidemark backup key --out tidemark.key   (and keep it away from the backups and from this machine)")
	}
	return backup.Maker{
		Store: in.store, DSN: c.Database, Place: place, Keys: keys, Kind: backup.Kind(f.Kind), Scratch: c.scratch(f.Scratch),
		Program: readBuild().short(), Now: p.now, Erasures: tombstoneLines,
	}, nil
}

// scratch is a folder for what is needed on the way.
func (c Config) scratch(given string) string {
	if path, ok := c.file(); ok && given == "" {
		return filepath.Dir(path)
	}
	return given
}

type backupMakeCmd struct {
	Config
	placeFlag
	sealFlags
	Keep string `env:"TIDEMARK_BACKUP_KEEP" placeholder:"RULE" help:"Afterwards remove the backups that a rule as 7d,4w does not keep (default: remove none)."`
}

// Help is shown under the command's flags.
func (backupMakeCmd) Help() string {
	return `Copies the database as it is at one moment while the server runs and people save,
encrypts the copy, keeps it under a temporary name until it is on disk, reads it back,
restores it into a database made for that and compares every row. Only then it says
"proved". It holds no secret: keep the installation's secret and the key of these
backups apart from them. Without the key nobody can open a backup, for ever.

Examples:
  tidemark backup key --out tidemark.key
  tidemark backup --to /mnt/backups --recipient age1...
  tidemark backup list --to /mnt/backups`
}

// Run makes a backup.
func (c backupMakeCmd) Run(ctx context.Context, p *program) error {
	place, err := c.where()
	if err != nil {
		return err
	}
	return p.on(ctx, c.Config, func(in *installation) error {
		m, err := c.maker(p, in, c.Config, place)
		if err != nil {
			return err
		}
		plan := backupPlan{maker: m, why: survey.BackupAsked}
		if c.Keep != "" {
			policy, err := backup.ParsePolicy(c.Keep)
			if err != nil {
				return usageError{err}
			}
			plan.keep = &policy
		}
		made, err := in.backUp(ctx, plan)
		if err != nil {
			return err
		}
		proof := "proved: restored and compared row by row"
		if made.Unproved != nil {
			proof = "not proved: " + made.Unproved.Error()
		}
		_, err = fmt.Fprintf(p.stdout, "%s in %s: %s, %d rows of %d tables\n%s\n",
			made.Name, place, size(made.Bytes), made.Inventory.Rows(), len(made.Inventory.Tables), proof)
		return err
	})
}

// size is a number of bytes for people.
func size(n int64) string {
	switch {
	case n >= 10<<30:
		return fmt.Sprintf("%d GB", n>>30)
	case n >= 10<<20:
		return fmt.Sprintf("%d MB", n>>20)
	default:
		return fmt.Sprintf("%d kB", (n+1023)>>10)
	}
}

type backupListCmd struct{ placeFlag }

// Run lists backups.
func (c backupListCmd) Run(ctx context.Context, p *program) error {
	place, err := c.where()
	if err != nil {
		return err
	}
	list, err := place.List(ctx)
	if err != nil {
		return fmt.Errorf("%s: %w", place, err)
	}
	for _, s := range list {
		if _, err := fmt.Fprintf(p.stdout, "%s  %s  %s\n", s.TakenAt.Format(time.RFC3339), s.Name, size(s.Bytes)); err != nil {
			return err
		}
	}
	if len(list) == 0 {
		p.say("there is no backup in %s\n", place)
	}
	return nil
}

type backupPruneCmd struct {
	placeFlag
	Keep string `env:"TIDEMARK_BACKUP_KEEP" default:"7d,4w" placeholder:"RULE" help:"Which backups stay: the newest of each of the last so many days, weeks and months (default: ${default}). The newest of all always stays."`
	Dry  bool   `help:"Only say what would be removed."`
}

// Run removes backups.
func (c backupPruneCmd) Run(ctx context.Context, p *program) error {
	policy, err := backup.ParsePolicy(c.Keep)
	if err != nil {
		return usageError{err}
	}
	place, err := c.where()
	if err != nil {
		return err
	}
	list, err := place.List(ctx)
	if err != nil {
		return fmt.Errorf("%s: %w", place, err)
	}
	_, leave := policy.Keep(list, p.now())
	if !c.Dry {
		if leave, err = policy.Prune(ctx, place, p.now()); err != nil {
			return err
		}
	}
	for _, s := range leave {
		if _, err := fmt.Fprintln(p.stdout, s.Name); err != nil {
			return err
		}
	}
	p.say("%d removed, %d kept\n", len(leave), len(list)-len(leave))
	if policy.Days() > backup.PromisedDays {
		p.say("note: this rule keeps backups for up to %d days; people are promised that what they have erased is in no backup after %d\n", policy.Days(), backup.PromisedDays)
	}
	return nil
}

type backupKeyCmd struct {
	Out string `placeholder:"FILE" help:"File for the secret key (default: standard output). It is never overwritten."`
}

// Help is shown under the command's flags.
func (backupKeyCmd) Help() string {
	return `Prints the public key, which goes into --recipient, and keeps the secret one in a
file. The server does not need the secret key: put the file where neither the backups
nor the server are, twice, and print it. Without it no backup can be opened.

Example:
  tidemark backup key --out tidemark.key`
}

// Run makes a key.
func (c backupKeyCmd) Run(_ context.Context, p *program) error {
	secret, public, err := backup.NewIdentity()
	if err != nil {
		return err
	}
	text := "# public key: " + public + "\n" + secret + "\n"
	if c.Out == "" {
		_, err := io.WriteString(p.stdout, text)
		return err
	}
	f, err := os.OpenFile(c.Out, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	_, err = f.WriteString(text)
	if err := errors.Join(err, f.Sync(), f.Close()); err != nil {
		return err
	}
	_, err = fmt.Fprintln(p.stdout, public)
	return err
}

// inPlace finds a backup by its name; "latest" is the newest.
func inPlace(ctx context.Context, place backup.Place, name string) (backup.Stored, []backup.Stored, error) {
	list, err := place.List(ctx)
	if err != nil {
		return backup.Stored{}, nil, fmt.Errorf("%s: %w", place, err)
	}
	for i, s := range list {
		if s.Name == name || name == latest && i == 0 {
			return s, list[:i], nil
		}
	}
	if len(list) == 0 {
		return backup.Stored{}, nil, fmt.Errorf("there is no backup in %s", place)
	}
	return backup.Stored{}, nil, fmt.Errorf("there is no backup %q in %s; tidemark backup list shows those there are, %s is the newest",
		strings.TrimSpace(name), place, list[0].Name)
}

// latest names the newest backup.
const latest = "latest"
