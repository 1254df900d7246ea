package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"

	"tidemark/migrations"
	"tidemark/operate"
	"tidemark/survey"
	"tidemark/survey/auth"
	"tidemark/survey/backup"
	"tidemark/survey/store"
)

type doctorCmd struct {
	Config
	BaseURL  string    `env:"TIDEMARK_BASE_URL" placeholder:"URL" help:"Address people use, as the server is given it."`
	Proxies  []string  `name:"trusted-proxies" env:"TIDEMARK_TRUSTED_PROXIES" default:"127.0.0.0/8,::1/128" placeholder:"NETWORKS" help:"Networks of the proxies in front, as the server is given them."`
	ClockURL string    `env:"TIDEMARK_CLOCK_URL" placeholder:"URL" help:"Page whose Date the clock is compared with, as https://www.example.org (default: none, and nothing outside is asked)."`
	BackupTo string    `env:"TIDEMARK_BACKUP_TO" placeholder:"PLACE" help:"Where backups are kept, to see how old the newest is."`
	Quick    bool      `help:"Leave out what reads the whole database."`
	JSON     bool      `name:"json" help:"Write JSON instead of a table."`
	Mail     mailFlags `embed:"" prefix:"mail-"`
}

// Help is shown under the command's flags.
func (doctorCmd) Help() string {
	return `Looks an installation through: configuration and secret, permissions of files,
database, schema and settings, clocks, disk, mail, backups, the audit trail, what
waits, and open studies in which nobody would look at an alert. Each check is ok, a
warning or a fault, with what to do. Give it the same settings as the server. It
sends no letter and changes no data. It ends with 1 if there is a fault.

Examples:
  tidemark doctor
  tidemark doctor --quick --json
  tidemark doctor --database postgres://tidemark@db/tidemark --clock-url https://www.example.org`
}

// Run makes all checks and tells what they found.
func (c doctorCmd) Run(ctx context.Context, p *program) error {
	checks := c.examine(ctx, p)
	if err := c.tell(p, checks); err != nil {
		return err
	}
	faults := 0
	for _, one := range checks {
		if one.State == survey.CheckFault {
			faults++
		}
	}
	switch faults {
	case 0:
		return nil
	case 1:
		return errors.New("1 check found a fault")
	}
	return fmt.Errorf("%d checks found a fault", faults)
}

func (c doctorCmd) tell(p *program, checks []survey.Check) error {
	if c.JSON {
		e := json.NewEncoder(p.stdout)
		e.SetIndent("", "  ")
		return e.Encode(struct {
			Sound  bool           `json:"sound"`
			Checks []survey.Check `json:"checks"`
		}{survey.Sound(checks), checks})
	}
	var b strings.Builder
	for _, one := range checks {
		fmt.Fprintf(&b, "%-8s %-18s %s\n", one.State, one.Name, one.Says)
		if one.Do != "" {
			fmt.Fprintf(&b, "%-8s %-18s → %s\n", "", "", one.Do)
		}
	}
	_, err := fmt.Fprint(p.stdout, b.String())
	return err
}

// examine goes on as far as there is something to look at: what is wrong at the
// beginning hides the rest.
func (c doctorCmd) examine(ctx context.Context, p *program) []survey.Check {
	fault := func(name, says, do string) survey.Check {
		return survey.Check{Name: name, State: survey.CheckFault, Says: says, Do: do}
	}
	var checks []survey.Check
	d := operate.Doctor{Now: p.now, Actor: operator(), BaseURL: c.BaseURL, ClockURL: c.ClockURL}
	var settings []string
	var err error
	if d.Proxies, err = networks(c.Proxies); err != nil {
		settings = append(settings, err.Error())
	}
	sender, _, err := c.Mail.sender()
	if err != nil {
		settings = append(settings, err.Error())
	}
	if probe, can := sender.(interface{ Probe(context.Context) error }); can {
		d.Mail = probe.Probe
	}
	if c.BackupTo != "" {
		if place, err := placeOf(c.BackupTo); err != nil {
			settings = append(settings, err.Error())
		} else {
			d.LastBackup = newest(place)
		}
	}
	if len(settings) > 0 {
		checks = append(checks, fault("configuration", strings.Join(settings, "; ")+".", "Put it right as it says; tidemark serve --help lists all settings."))
	} else {
		checks = append(checks, survey.Check{Name: "configuration", State: survey.CheckOK, Says: "The settings can be read and fit each other."})
	}
	if err := c.present(); err != nil {
		return append(checks, fault("database", sentence(err), "Name the database with --database, or make it as it says."))
	}
	checks = append(checks, c.permissions())
	if folder := c.folder(); folder != "" {
		d.Disk = func() (uint64, uint64, error) { return operate.Disk(folder) }
	}
	s, err := c.readSecret(p.secret)
	if err != nil {
		return append(checks, fault("secret", sentence(err), "Restore it from the backup, or name it with --secret-file."))
	}
	keys, err := auth.New(s.hex)
	if err != nil {
		return append(checks, fault("secret", s.from+": "+sentence(err), "Restore it from the backup, or name it with --secret-file."))
	}
	masters, err := c.masters(ctx, keys)
	if err != nil {
		return append(checks, fault("vault", sentence(err), "Restore the key of the vault, or name it with --vault-key-file."))
	}
	db, err := openStore(ctx, c.Config, masters...)
	if err != nil {
		return append(checks, fault("database", sentence(err), "Start it, or look at its log and at the address."))
	}
	defer func() { _ = db.Close() }() // nothing was written that matters
	if err := db.CheckSchema(ctx); err != nil {
		if _, other := errors.AsType[*migrations.SchemaError](err); other {
			return append(checks, fault("schema", sentence(err), "Make a backup first."))
		}
		return append(checks, fault("database", sentence(err), "Look at its log."))
	}
	in := p.wire(db, keys, c.Config)
	if err := in.checkSecret(ctx, s); err != nil {
		checks = append(checks, fault("secret", sentence(err), "Without the right one no personal link works and no note can be read."))
	} else {
		checks = append(checks, survey.Check{Name: "secret", State: survey.CheckOK, Says: "The secret is the one of this database."})
	}
	checks = append(checks, vaultCheck(ctx, db))
	d.Cases = in.cases
	checks = append(checks, d.Running(ctx)...)
	if c.Quick {
		return checks
	}
	heads, missing := c.heads()
	if missing != nil {
		checks = append(checks, *missing)
	}
	return append(checks, d.Deep(ctx, heads)...)
}

// newest is when the newest backup of a place was made; the zero time: there is none.
func newest(place backup.Place) func(context.Context) (time.Time, error) {
	return func(ctx context.Context) (last time.Time, err error) {
		all, err := place.List(ctx)
		for _, one := range all {
			if one.TakenAt.After(last) {
				last = one.TakenAt
			}
		}
		return last, err
	}
}

// vaultCheck finds out whether names, addresses and notes can be opened.
func vaultCheck(ctx context.Context, db *store.Store) survey.Check {
	if err := db.CheckVault(ctx); err != nil {
		return survey.Check{
			Name: "vault", State: survey.CheckFault, Says: sentence(explainVault(err)), Do: "Restore the key of the vault, or name it with --vault-key-file.",
		}
	}
	return survey.Check{Name: "vault", State: survey.CheckOK, Says: "The key of the vault is the one that names, addresses and notes are sealed under."}
}

// heads are those kept outside of the database, if there are any.
func (c doctorCmd) heads() ([]survey.AuditHead, *survey.Check) {
	if c.headsFile() == "" {
		return nil, nil
	}
	heads, err := (headsFile{c.headsFile()}).read()
	if err != nil {
		return nil, &survey.Check{
			Name: "audit heads", State: survey.CheckFault, Says: "The file of signed heads cannot be read.", Do: "Look at the file and its permissions.",
		}
	}
	return heads, nil
}

// sentence is an error as one.
func sentence(err error) string { return strings.TrimSuffix(explain(err), ".") + "." }
