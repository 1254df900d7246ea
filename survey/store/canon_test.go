package store_test

import (
	"bytes"
	"context"
	"errors"
	"io"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"tidemark/migrations"
	"tidemark/survey"
	"tidemark/survey/auth"
	"tidemark/survey/rehearsal"
	"tidemark/survey/store"
	"tidemark/survey/storetest"
)

// played is a database with a study of several months in it, whose audit trail is
// sealed, and with values that are kept differently by the engines.
func played(t *testing.T, s *store.Store) {
	t.Helper()
	keys, err := auth.New("00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff")
	if err != nil {
		t.Fatal(err)
	}
	now := time.Date(2026, 11, 2, 12, 0, 0, 0, time.UTC)
	r, err := rehearsal.Play(t.Context(), rehearsal.Options{Store: s, Keys: keys, Seed: 5, Now: now, People: rehearsal.MinPeople})
	if err != nil {
		t.Fatal(err)
	}
	study := string(r.Study.ID)
	one, truth, instant := "x'00ff'", "1", "-62135596800000"
	if s.Dialect() == migrations.Postgres {
		one, truth, instant = `'\x00ff'`, "true", "'0001-01-01T00:00:00Z'"
	}
	for _, statement := range []string{
		// A snapshot that is sealed, whose pieces no statement may add.
		`INSERT INTO snapshot VALUES ('` + study + `', 'z', 99, 'a "name" \ with ü and ' || '` + "\t\n" + `', '', ` + instant +
			`, 'user', '', '', '', '', '', 0, 0, 1, 0, 0, 0, 0, 0, 0, '', NULL, NULL, NULL, '', '', '')`,
		`INSERT INTO snapshot_chunk VALUES ('` + study + `', 'z', 0, ` + one + `)`,
		`UPDATE snapshot SET hash = 'h', sealed_at = ` + instant + ` WHERE id = 'z'`,
		// A line of the audit trail that has its place, as none has that is added.
		`UPDATE audit_event SET seq = 1, sealed_at = at, prev_hash = 'p', hash = 'h' WHERE id = (SELECT min(id) FROM audit_event)`,
		`UPDATE response SET value = 0.1 WHERE (assessment_id, item) = (SELECT assessment_id, item FROM response WHERE value IS NOT NULL ORDER BY 1, 2 LIMIT 1)`,
		`UPDATE study SET simulated = simulated, title = '' WHERE simulated = ` + truth,
	} {
		if _, err := s.WritePool().ExecContext(t.Context(), statement); err != nil {
			t.Fatalf("%s: %v", statement, err)
		}
	}
}

// unfilled is a database with the schema and nothing in it, not even a key.
func unfilled(t *testing.T, dsn string) *store.Store {
	t.Helper()
	s, err := store.Open(t.Context(), dsn)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	if err := s.MigrateSchema(t.Context()); err != nil {
		t.Fatal(err)
	}
	return s
}

// moved loads what one database holds into another and compares.
func moved(t *testing.T, from, to *store.Store) survey.Inventory {
	t.Helper()
	var export bytes.Buffer
	wrote, err := from.Export(t.Context(), &export)
	if err != nil {
		t.Fatal(err)
	}
	read, err := to.Load(t.Context(), bytes.NewReader(export.Bytes()))
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(read, wrote); diff != "" {
		t.Errorf("what was read is not what was written:\n%s", diff)
	}
	var again bytes.Buffer
	found, err := to.Export(t.Context(), &again)
	if err != nil {
		t.Fatal(err)
	}
	if d := wrote.Differences(found); len(d) > 0 || !bytes.Equal(export.Bytes(), again.Bytes()) {
		t.Errorf("the databases differ: %v", d)
	}
	return wrote
}

func TestADatabaseMovedThroughBothEnginesIsTheSame(t *testing.T) {
	t.Parallel()
	first, second, third := storetest.SQLite(t), unfilled(t, storetest.PostgresDSN(t)), unfilled(t, storetest.SQLiteDSN(t))
	schema := postgresSchema(t, second)
	triggers := query(t, first, `SELECT name, sql FROM sqlite_master WHERE type = 'trigger' ORDER BY name`)
	played(t, first)
	there := moved(t, first, second)
	back := moved(t, second, third)
	if there.SHA256 != back.SHA256 || there.Rows() < 1000 {
		t.Errorf("%d rows went there as %s and came back as %s", there.Rows(), there.SHA256, back.SHA256)
	}
	// What guards the rows is in its place again.
	if diff := cmp.Diff(postgresSchema(t, second), schema); diff != "" {
		t.Errorf("the schema is another one:\n%s", diff)
	}
	if diff := cmp.Diff(query(t, third, `SELECT name, sql FROM sqlite_master WHERE type = 'trigger' ORDER BY name`), triggers); diff != "" {
		t.Errorf("the triggers are others:\n%s", diff)
	}
	for _, s := range []*store.Store{second, third} {
		if _, err := s.WritePool().ExecContext(t.Context(), `DELETE FROM snapshot_chunk`); err == nil {
			t.Errorf("%s: a sealed snapshot can be changed", s.Dialect())
		}
		if err := s.InTx(t.Context(), func(tx survey.Tx) error { return tx.CreateStudy(t.Context(), survey.Study{ID: "x"}) }); err == nil {
			t.Errorf("%s: a study without anything can be made", s.Dialect())
		}
	}
}

func TestAnExportIsOfOneState(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, open storetest.Opener) {
		s := open(t)
		before, err := s.Inventory(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		addStudy := func(ctx context.Context) error {
			return s.InTx(ctx, func(tx survey.Tx) error {
				return tx.CreateStudy(ctx, survey.Study{ID: "s", Key: "k", State: survey.StudyDraft, Language: "en", TimeZone: "UTC", TrendMinimum: 5, CreatedAt: time.Now()})
			})
		}
		err = s.Hold(t.Context(), func(still *store.Still) error {
			if err := addStudy(t.Context()); err != nil { // nobody is kept waiting
				return err
			}
			held, err := still.Export(t.Context(), io.Discard)
			if d := before.Differences(held); len(d) > 0 {
				t.Errorf("what was written meanwhile is in it: %v", d)
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		after, err := s.Inventory(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(before.Differences(after), []string{"study has 0 rows and 1"}); diff != "" {
			t.Error(diff)
		}
	})
}

func TestOnlyAWholeExportFillsADatabase(t *testing.T) {
	t.Parallel()
	from := storetest.SQLite(t)
	played(t, from)
	var export bytes.Buffer
	if _, err := from.Export(t.Context(), &export); err != nil {
		t.Fatal(err)
	}
	text := export.String()
	middle := strings.LastIndex(text, `{"end":"response",`)
	storetest.Each(t, func(t *testing.T, open storetest.Opener) {
		dsn := storetest.SQLiteDSN
		if open(t).Dialect() == migrations.Postgres {
			dsn = storetest.PostgresDSN
		}
		s := unfilled(t, dsn(t))
		none, err := s.Inventory(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		for name, bad := range map[string]string{
			"cut in a row":         text[:middle-10],
			"cut between tables":   text[:middle],
			"without its end":      strings.TrimSuffix(text, text[strings.LastIndex(text, `{"tables"`):]),
			"with more":            text + "x",
			"with another value":   text[:middle-60] + strings.Replace(text[middle-60:], "0", "1", 1),
			"of another schema":    strings.Replace(text, `"schema":`, `"schema":9`, 1),
			"of another form":      strings.Replace(text, `"form":1`, `"form":2`, 1),
			"that is no export":    "PGDMP\n",
			"with nothing in it":   "",
			"with another column":  strings.Replace(text, `"study_id text"`, `"study_ix text"`, 1),
			"with a table less":    withoutTable(text, "arm"),
			"without what is used": withoutRows(text, "study"),
		} {
			if _, err := s.Load(t.Context(), strings.NewReader(bad)); err == nil {
				t.Errorf("an export %s was taken", name)
			}
			found, err := s.Inventory(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			if d := none.Differences(found); len(d) > 0 {
				t.Errorf("an export %s left something: %v", name, d)
			}
		}
		if _, err := s.Load(t.Context(), strings.NewReader(text)); err != nil {
			t.Fatal(err)
		}
		if _, err := s.Load(t.Context(), strings.NewReader(text)); !errors.Is(err, store.ErrNotEmpty) {
			t.Errorf("a database that has rows was filled: %v", err)
		}
	})
}

// withoutTable leaves a table out of an export, end and all.
func withoutTable(text, name string) string {
	from := strings.Index(text, `{"table":"`+name+`"`)
	return text[:from] + text[from+strings.Index(text[from:], `{"table":"a`)+1:]
}

// withoutRows leaves out the rows of a table, and says so where they end.
func withoutRows(text, name string) string {
	from := strings.Index(text, `{"table":"`+name+`"`)
	from += strings.Index(text[from:], "\n") + 1
	to := from + strings.Index(text[from:], `{"end"`)
	after := to + strings.Index(text[to:], "\n") + 1
	const none = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
	return text[:from] + `{"end":"` + name + `","rows":0,"sha256":"` + none + `"}` + "\n" + text[after:]
}
