package operate

import (
	"context"
	"fmt"
	"strings"
	"time"

	"tidemark/survey"
)

// databaseChecks are about the engine, its settings and its schema.
func databaseChecks(d survey.Database) []survey.Check {
	checks := []survey.Check{ok("database", fmt.Sprintf("%s %s answers.", d.Engine, d.Version))}
	if d.ReadOnly {
		checks[0] = fault("database", "The database takes no writes: it is a standby, or set so.", "Name the primary with --database, or start the server with --read-only.")
	}
	switch {
	case d.Schema < d.Wanted:
		checks = append(checks, fault("schema", fmt.Sprintf("The schema is version %d and this program needs %d.", d.Schema, d.Wanted), "Make a backup and run: tidemark migrate."))
	case d.Schema > d.Wanted:
		checks = append(checks, fault("schema", fmt.Sprintf("The schema is version %d and this program knows %d.", d.Schema, d.Wanted), "Install the version of tidemark that migrated the database, or a newer one."))
	default:
		checks = append(checks, ok("schema", fmt.Sprintf("The schema is version %d, as this program needs it.", d.Schema)))
	}
	return append(checks, settingsCheck(d))
}

// wantedSettings are what settings of the engines must be; a few may be one of several.
var wantedSettings = map[string]map[string]string{
	"SQLite":     {"journal_mode": "wal", "synchronous": "2", "foreign_keys": "1", "secure_delete": "1", "recursive_triggers": "1"},
	"PostgreSQL": {"synchronous_commit": "on remote_write remote_apply local", "server_encoding": "UTF8", "fsync": "on", "full_page_writes": "on"},
}

func settingsCheck(d survey.Database) survey.Check {
	const name = "database settings"
	var wrong []string
	zone, checksums := "", "on"
	for _, s := range d.Settings {
		if s.Name == "timezone" {
			zone = s.Value
		}
		if s.Name == "data_checksums" {
			checksums = s.Value
		}
		if want, told := wantedSettings[d.Engine][s.Name]; told && !strings.Contains(" "+want+" ", " "+s.Value+" ") {
			wrong = append(wrong, fmt.Sprintf("%s is %s", s.Name, s.Value))
		}
	}
	if len(wrong) > 0 {
		return fault(name, "An answer could be lost, or spoiled: "+strings.Join(wrong, ", ")+".", "Set them back to what they are by default, and restart the database.")
	}
	if checksums != "on" {
		return warning(name, "Pages bear no checksums, so that a failing disk is not noticed.", "Turn them on with pg_checksums --enable while the database is stopped.")
	}
	if zone != "" {
		return ok(name, "What is acknowledged is on disk; texts are UTF-8; times are kept with their zone (the server's is "+zone+").")
	}
	return ok(name, "What is acknowledged is on disk, nothing refers to what is not there, and what is removed is overwritten.")
}

// Bounds on how far clocks may be apart.
const (
	clockOdd   = 5 * time.Second
	clockWrong = time.Minute
)

// clock compares this machine's with the database's and, if one is named, a page's.
func (d Doctor) clock(ctx context.Context, db survey.Database) survey.Check {
	const name = "clock"
	const do = "Let a service as chrony or systemd-timesyncd set the clocks of all machines: windows, reminders and one-time codes go by them."
	said := "This machine is the only clock there is"
	apart := time.Duration(0)
	if !db.Clock.IsZero() {
		said, apart = "This machine and the database agree", db.Clock.Sub(d.Now()).Abs()
	}
	if d.ClockURL != "" {
		there, err := askClock(ctx, d.ClockURL)
		if err != nil {
			return warning(name, "The clock that was named could not be asked.", "Look at --clock-url and at the network.")
		}
		// A Date has whole seconds.
		if by := there.Sub(d.Now()).Abs() - time.Second; by > apart {
			apart = by
		}
		said += ", and so does " + hostOf(d.ClockURL)
	}
	switch {
	case apart > clockWrong:
		return fault(name, "Clocks are "+span(apart)+" apart.", do)
	case apart > clockOdd:
		return warning(name, "Clocks are "+span(apart)+" apart.", do)
	}
	return ok(name, said+".")
}

func (d Doctor) integrity(ctx context.Context) survey.Check {
	const name = "integrity"
	faults, err := d.Cases.Operations.Unsound(ctx, d.Actor)
	if err != nil {
		return fault(name, "The database could not be looked through.", "Look at its log and at the disk.")
	}
	if len(faults) > 0 {
		return fault(name, fmt.Sprintf("The database is damaged in %d places or more: %s.", len(faults), faults[0]), "Stop the servers, keep a copy as it is, and restore the last backup.")
	}
	return ok(name, "The whole database was looked through and is sound.")
}

func (d Doctor) trail(ctx context.Context, heads []survey.AuditHead) survey.Check {
	const name = "audit trail"
	reports, err := d.Cases.Audits.Verify(ctx, d.Actor, survey.AuditVerification{Heads: heads})
	if err != nil {
		return fault(name, "The audit trail could not be checked.", "Run: tidemark audit verify.")
	}
	lines, broken := int64(0), 0
	for _, r := range reports {
		lines += r.Lines
		if !r.Whole() {
			broken++
		}
	}
	if broken > 0 {
		return fault(name, fmt.Sprintf("%d of %d chains are not as they were written.", broken, len(reports)), "Run: tidemark audit verify. Somebody had their hands in the database, or an older copy was put back.")
	}
	if len(heads) == 0 && lines > 0 {
		return warning(name, fmt.Sprintf("All %d lines are as they were written; that some were cut off at the end would not show.", lines), "Keep signed heads outside of the database, with --audit-heads.")
	}
	return ok(name, fmt.Sprintf("All %d lines are as they were written.", lines))
}
