package store_test

import (
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"strings"
	"testing"

	"github.com/pressly/goose/v3"

	"tidemark/migrations"
	"tidemark/survey"
	"tidemark/survey/store"
	"tidemark/survey/storetest"
	"tidemark/survey/vault"
)

// formerly is a database as it was before anything was sealed, with n people in it.
func formerly(t *testing.T, dsn string, n int) (note survey.SealedNote) {
	t.Helper()
	s, err := store.Open(t.Context(), dsn)
	must(t, err)
	defer func() { must(t, s.Close()) }()
	folder, err := fs.Sub(migrations.Files(), string(s.Dialect()))
	must(t, err)
	dialect := map[bool]goose.Dialect{true: goose.DialectSQLite3, false: goose.DialectPostgres}[isSQLite(s)]
	provider, err := goose.NewProvider(dialect, s.WritePool(), folder, goose.WithDisableGlobalRegistry(true), goose.WithLogger(goose.NopLogger()))
	must(t, err)
	_, err = provider.UpTo(t.Context(), 34)
	must(t, err)
	tx, err := s.WritePool().BeginTx(t.Context(), nil)
	must(t, err)
	note = plainRows(t, tx, isSQLite(s), n)
	must(t, tx.Commit())
	return note
}

// plainRows writes people, one who waits, and notes, as former versions did.
func plainRows(t *testing.T, tx *sql.Tx, lite bool, n int) survey.SealedNote {
	t.Helper()
	now, no, sealed := "timestamptz '2026-03-03 12:00:00+00'", "false", "$1::bytea"
	if lite {
		now, no, sealed = "1772539200000", "0", "?"
	}
	exec := func(statement string, args ...any) {
		t.Helper()
		_, err := tx.ExecContext(t.Context(), strings.NewReplacer("NOW", now, "NO", no, "SEALED", sealed).Replace(statement), args...)
		must(t, err)
	}
	exec(`INSERT INTO study (id, key, title, state, simulated, language, time_zone, consent_version, trend_minimum, primary_scale, created_at)
		VALUES ('s', 's', 'T', 'open', NO, 'en', 'UTC', 0, 5, '', NOW)`)
	exec(`INSERT INTO arm (study_id, id, key, name, position, control, share) VALUES ('s', 'a', 'a', 'A', 0, NO, 1)`)
	exec(`INSERT INTO course_run (study_id, id, name, course_key, course_version, starts_on, meeting_time, time_zone, location, created_at)
		VALUES ('s', 'r', 'Spring', 'c', '1', '2026-03-02', '18:00', 'UTC', '', NOW)`)
	for i := range n {
		p := identity(i)
		exec(fmt.Sprintf(`INSERT INTO participant (study_id, id, code, created_at) VALUES ('s', 'p%d', 'P%d', NOW)`, i, i))
		exec(fmt.Sprintf(`INSERT INTO contact (study_id, participant_id, name, email, phone, bounced_at) VALUES ('s', 'p%d', '%s', '%s', '%s', NOW)`, i, p.Name, p.Email, p.Phone))
		exec(fmt.Sprintf(`INSERT INTO enrolment (study_id, id, participant_id, run_id, arm_id, assigned, enrolled_at) VALUES ('s', 'e%d', 'p%d', 'r', 'a', NO, NOW)`, i, i))
	}
	exec(`INSERT INTO entry_ticket (study_id, id, run_id, token_hash, name, email, asked_at) VALUES ('s', 't', 'r', 'h', 'Cnry Waits', 'cnry@example.org', NOW)`)
	exec(`INSERT INTO person_note (study_id, enrolment_id, id, run_id, author_id, author_name, written_at, text)
		VALUES ('s', 'e0', 'n', 'r', 'f', 'Ines', NOW, 'Cnry asked for a chair')`)
	note := survey.SealedNote{NotePlace: survey.NotePlace{StudyID: "s", EnrolmentID: "e0", ID: "w", Kind: survey.NoteOwnWords}}
	note.KeyID, note.Sealed = newKeys(t).SealNote(note.NotePlace, []byte("words"))
	exec(`INSERT INTO private_note (study_id, enrolment_id, id, kind, key_id, sealed, written_at) VALUES ('s', 'e0', 'w', 'own_words', 'k', SEALED, NOW)`, note.Sealed)
	return note
}

// TestMigratingSealsWhatWasStoredInTheOpen cuts the sealing off after some people and
// begins it again.
func TestMigratingSealsWhatWasStoredInTheOpen(t *testing.T) {
	t.Parallel()
	eachDSN(t, func(t *testing.T, dsn string) {
		ctx := t.Context()
		const n = store.SealLot + 50
		note := formerly(t, dsn, n)
		s := reopened(t, dsn, storetest.Master())
		if len(found(bytesOf(t, reopened(t, dsn), dsn))) == 0 {
			t.Fatal("the names were not in the open to begin with")
		}
		must(t, s.MigrateSchema(ctx))
		if err := s.Unlock(ctx); !errors.Is(err, store.ErrUnsealed) {
			t.Errorf("a database that is not sealed is opened: %v", err)
		}
		must(t, s.SealSomeContacts(ctx))
		if err := s.CheckVault(ctx); !errors.Is(err, store.ErrUnsealed) {
			t.Errorf("a database that is sealed in part is opened: %v", err)
		}
		// Nobody goes on under another key.
		other := reopened(t, dsn, vault.Secret([]byte("another key that has 32 bytes too")))
		if _, ok := errors.AsType[*vault.WrongMasterError](other.Migrate(ctx)); !ok {
			t.Error("it was sealed under two keys")
		}
		for range 2 {
			must(t, s.Migrate(ctx))
		}
		must(t, s.Unlock(ctx))
		if got := found(bytesOf(t, s, dsn)); len(got) > 0 {
			t.Errorf("%q are left", got)
		}
		contacts, err := s.Contacts(ctx, "s", "r")
		must(t, err)
		for i := range n {
			want, c := identity(i), contacts[survey.ParticipantID(fmt.Sprintf("p%d", i))]
			if c.Name != want.Name || c.Email != want.Email || c.Phone != want.Phone || c.BouncedAt.IsZero() {
				t.Fatalf("person %d is %+v", i, c)
			}
		}
		waiting, err := s.Waiting(ctx, "s", "r")
		if err != nil || len(waiting) != 1 || waiting[0].Name != "Cnry Waits" || waiting[0].Email != "cnry@example.org" {
			t.Errorf("waiting: %+v, %v", waiting, err)
		}
		about, err := s.PersonNotes(ctx, "s", "e0")
		if err != nil || len(about) != 1 || about[0].Text != "Cnry asked for a chair" || about[0].WrittenAt.Year() != 2026 {
			t.Errorf("notes: %+v, %v", about, err)
		}
		own, err := s.Notes(ctx, "s", "e0", survey.NoteOwnWords)
		if err != nil || len(own) != 1 || string(own[0].Sealed) != string(note.Sealed) {
			t.Errorf("own words: %+v, %v", own, err)
		}
	})
}
