package main

import (
	"database/sql"
	"fmt"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"tidemark/migrations"
	"tidemark/survey/store"
	"tidemark/survey/storetest"
)

// older is a database as an older program left it: at a version, with a study, people
// and a line of the trail.
func older(t *testing.T, dsn string, version int64) {
	t.Helper()
	s, err := store.Open(t.Context(), dsn)
	do(t, err)
	do(t, s.MigrateTo(t.Context(), version), s.Close())
	driver, now, truth := "sqlite", "1767225600000", "1"
	if strings.Contains(dsn, "://") {
		driver, now, truth = "pgx", "'2026-01-01T00:00:00Z'", "true"
	}
	db, err := sql.Open(driver, dsn)
	do(t, err)
	for _, statement := range []string{
		`INSERT INTO study (id, key, title, state, simulated, language, time_zone, consent_version, trend_minimum, primary_scale, created_at)
			VALUES ('s', 's', 'Ä study', 'draft', ` + truth + `, 'en', 'UTC', 0, 5, '', ` + now + `)`,
		`INSERT INTO instrument_version (id, key, version, hash, definition, created_at) VALUES ('i', 'k', '1.0.0', 'h', '{}', ` + now + `)`,
		`INSERT INTO audit_event (study_id, id, at, actor_kind, actor_id, action, object_kind, object_id, detail)
			VALUES ('s', 'e', ` + now + `, 'system', '', 'a', '', '', 'first')`,
		`INSERT INTO participant (study_id, id, code, created_at) VALUES ('s', 'p', 'P-1', ` + now + `)`,
		`INSERT INTO contact (study_id, participant_id, name, email, phone) VALUES ('s', 'p', 'Ada', 'ada@example.org', '')`,
	} {
		_, err := db.ExecContext(t.Context(), statement)
		do(t, err)
	}
	do(t, db.Close())
}

// counts are the rows of each table that has any.
func counts(t *testing.T, dsn string) map[string]int64 {
	t.Helper()
	s, err := store.Open(t.Context(), dsn)
	do(t, err)
	all, err := s.RowCounts(t.Context())
	do(t, err, s.Close())
	for name, n := range all {
		if n == 0 {
			delete(all, name)
		}
	}
	return all
}

func TestAnUpgradeKeepsWhatThereWasWhereverItWasStopped(t *testing.T) {
	t.Parallel()
	latest, err := migrations.Latest(migrations.SQLite)
	do(t, err)
	const from = 27
	for _, version := range []int64{from, 30, 34, latest - 1, latest} {
		t.Run(fmt.Sprint(version), func(t *testing.T) {
			t.Parallel()
			dsn := filepath.Join(t.TempDir(), "tidemark.db")
			older(t, dsn, from)
			// Killed between two steps, each of which is one transaction.
			s, err := store.Open(t.Context(), dsn)
			do(t, err)
			do(t, s.MigrateTo(t.Context(), version), s.Close())
			r := must(t, "", "migrate", "--database", dsn)
			found := counts(t, dsn)
			for _, table := range []string{"study", "instrument_version", "audit_event", "participant", "contact"} {
				if found[table] != 1 {
					t.Errorf("%s has %d rows", table, found[table])
				}
			}
			copies, err := filepath.Glob(dsn + ".before-schema-*")
			do(t, err)
			if version == latest {
				if len(copies) != 0 {
					t.Errorf("there was nothing to do, and there are copies: %v", copies)
				}
				return
			}
			if len(copies) != 1 || !strings.Contains(r.stdout, copies[0]) {
				t.Fatalf("the copies are %v; it says %s", copies, r.stdout)
			}
			if rest, err := filepath.Glob(dsn + ".rehearsal*"); err != nil || len(rest) > 0 {
				t.Errorf("left behind: %v (%v)", rest, err)
			}
			if kept := counts(t, copies[0]); kept["study"] != 1 || kept["contact"]+kept["unsealed_contact"] != 1 {
				t.Errorf("the copy has %v", kept)
			}
			fresh := filepath.Join(t.TempDir(), "fresh.db")
			must(t, "", "migrate", "--database", fresh)
			if diff := cmp.Diff(schemaOf(t, dsn), schemaOf(t, fresh)); diff != "" {
				t.Errorf("upgraded (-), fresh (+):\n%s", diff)
			}
		})
	}
}

// schemaOf is the text of everything in a SQLite database.
func schemaOf(t *testing.T, dsn string) (all []string) {
	t.Helper()
	db, err := sql.Open("sqlite", dsn)
	do(t, err)
	rows, err := db.QueryContext(t.Context(), `SELECT type || ' ' || name || ': ' || coalesce(sql, '') FROM sqlite_master ORDER BY 1`)
	do(t, err)
	defer func() { do(t, rows.Close(), db.Close()) }()
	for rows.Next() {
		var text string
		do(t, rows.Scan(&text))
		all = append(all, text)
	}
	do(t, rows.Err())
	return all
}

func TestPostgresIsNotUpgradedWithoutABackup(t *testing.T) {
	t.Parallel()
	dsn, dir := storetest.PostgresDSN(t), t.TempDir()
	older(t, dsn, 30)
	secret := write(t, filepath.Join(dir, "secret"), must(t, "", "secret").stdout)
	key := filepath.Join(dir, "key")
	public := strings.TrimSpace(must(t, "", "backup", "key", "--out", key).stdout)
	migrate := []string{"migrate", "--database", dsn, "--secret-file", secret}
	r := tidemark(t, "", migrate...)
	if r.code != exitWrongUse || !strings.Contains(r.stderr, "--backup-to") || !strings.Contains(r.stderr, "--no-backup") {
		t.Errorf("%d: %s", r.code, r.stderr)
	}
	if found := counts(t, dsn); found["contact"] != 1 {
		t.Errorf("it was changed: %v", found)
	}
	place := filepath.Join(dir, "backups")
	r = must(t, "", append(migrate, "--backup-to", place, "--backup-recipient", public)...)
	if !strings.Contains(r.stdout, "made a backup first: ") || !strings.Contains(r.stdout, "(proved)") {
		t.Errorf("it says %s", r.stdout)
	}
	if found := counts(t, dsn); found["study"] != 1 || found["contact"] != 1 {
		t.Errorf("it has %v", found)
	}
	// The backup is of the older form, and comes back in the newer.
	again := storetest.PostgresDSN(t)
	must(t, "", "restore", "--from", place, "--identity-file", key, "--database", again, "--secret-file", secret)
	if found := counts(t, again); found["study"] != 1 || found["contact"] != 1 {
		t.Errorf("what was restored has %v", found)
	}
}

func TestFewerRowsAreFound(t *testing.T) {
	t.Parallel()
	before := map[string]int64{"study": 2, "contact": 3, "sign_in": 9, "response": 5}
	if lost := fallen(before, map[string]int64{"study": 2, "unsealed_contact": 3, "response": 6}); len(lost) > 0 {
		t.Errorf("found %v", lost)
	}
	lost := fallen(before, map[string]int64{"study": 2, "contact": 1, "unsealed_contact": 1})
	if diff := cmp.Diff(lost, []string{"contact had 3 and has 2", "response had 5 and has 0"}); diff != "" {
		t.Error(diff)
	}
}
