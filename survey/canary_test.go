package survey_test

import (
	"bytes"
	"database/sql"
	"os"
	"strings"
	"testing"

	"tidemark/survey"
	"tidemark/survey/store"
	"tidemark/survey/storetest"
)

// canaries are planted in everything a person can write or is known by. The first two,
// name and address, are sealed and never to be seen.
var canaries = []string{"Canary-Nightingale", "canary.nightingale@example.org", "canary-own-words"}

// plant enrols a person with canaries, who answers, practises and writes.
func (s *stage) plant(t *testing.T) survey.Actor {
	t.Helper()
	ctx := t.Context()
	added, err := s.byHand(t, "course", []survey.Person{{Name: canaries[0], Email: canaries[1]}}...)
	noError(t, err)
	id := added[0].ID
	noError(t, s.cases.Enrolments.Consent(ctx, s.again(t, id), s.study.ConsentVersion))
	a := s.again(t, id)
	it := s.due(t, a, "pre", "resilience")
	noError(t, s.cases.Assessments.Submit(ctx, a, it.Assessment.ID, answers(it.Definition, 3, 2)))
	// An answer in words, as a questionnaire may ask for one.
	noError(t, s.store.InTx(ctx, func(tx survey.Tx) error {
		open := s.due(t, a, "pre", "motivation").Assessment
		if _, err := tx.MarkSaved(ctx, s.study.ID, id, open.ID, s.clock()); err != nil {
			return err
		}
		return tx.PutResponses(ctx, s.study.ID, open.ID, []survey.Response{{Item: "words", Text: canaries[2], AnsweredAt: s.clock()}})
	}))
	noError(t, s.cases.OwnData.RememberDevice(ctx, a, s.cases.OwnData.NewDevice()))
	noError(t, s.cases.OwnData.SendCode(ctx, a))
	return a
}

func TestNothingOfAnErasedPersonIsLeftInTheFilesOfSQLite(t *testing.T) {
	t.Parallel()
	dsn := storetest.SQLiteDSN(t)
	path := strings.TrimPrefix(dsn, "sqlite:")
	s := newStage(t, func(t testing.TB, o ...store.Option) *store.Store { return storetest.Open(t, dsn, o...) })
	s.answered(t)
	a := s.plant(t)
	secrets := append([]string{a.Participation.Enrolment.Code, string(a.Participation.Enrolment.ParticipantID)}, canaries...)
	find := func() (found []string) {
		for _, file := range []string{path, path + "-wal"} {
			data, err := os.ReadFile(file)
			noError(t, err)
			for _, secret := range secrets {
				if bytes.Contains(data, []byte(secret)) {
					found = append(found, secret)
				}
			}
		}
		return found
	}
	if got := find(); len(got) < len(secrets)-2 || strings.Contains(strings.ToLower(strings.Join(got, " ")), "nightingale") {
		t.Fatalf("%v were there to begin with, want all but name and address", got)
	}
	s.erase(t, a)
	if got := find(); len(got) > 0 {
		t.Errorf("%v are left", got)
	}
}

// TestNothingOfAnErasedPersonIsInADumpOfPostgres reads every row of every table, as
// a dump does.
func TestNothingOfAnErasedPersonIsInADumpOfPostgres(t *testing.T) {
	t.Parallel()
	dsn := storetest.PostgresDSN(t)
	s := newStage(t, func(t testing.TB, o ...store.Option) *store.Store { return storetest.Open(t, dsn, o...) })
	s.answered(t)
	a := s.plant(t)
	secrets := append([]string{a.Participation.Enrolment.Code, string(a.Participation.Enrolment.ParticipantID)}, canaries...)
	db, err := sql.Open("pgx", dsn) // past the store, which has brought the driver
	noError(t, err)
	defer func() { noError(t, db.Close()) }()
	find := func() (found []string) {
		t.Helper()
		var tables []string
		rows, err := db.QueryContext(t.Context(), `SELECT tablename FROM pg_tables WHERE schemaname = 'public'`)
		noError(t, err)
		defer func() { noError(t, rows.Close()) }()
		for rows.Next() {
			var name string
			noError(t, rows.Scan(&name))
			tables = append(tables, name)
		}
		noError(t, rows.Err())
		for _, name := range tables {
			for _, secret := range secrets {
				n := 0
				noError(t, db.QueryRowContext(t.Context(), `SELECT count(*) FROM `+name+` t WHERE position($1 IN t::text) > 0`, secret).Scan(&n))
				if n > 0 {
					found = append(found, name+": "+secret)
				}
			}
		}
		return found
	}
	if got := find(); len(got) < len(secrets)-2 || strings.Contains(strings.ToLower(strings.Join(got, " ")), "nightingale") {
		t.Fatalf("%v were there to begin with, want all but name and address", got)
	}
	s.erase(t, a)
	if got := find(); len(got) > 0 {
		t.Errorf("%v are left", got)
	}
}
