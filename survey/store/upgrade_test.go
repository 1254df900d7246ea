package store_test

import (
	"maps"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"tidemark/migrations"
	"tidemark/survey/store"
	"tidemark/survey/storetest"
)

// first are rows of the first schema: somebody who was invited, agreed, came and answered,
// and somebody of staff.
const first = `
INSERT INTO study (id, key, title, state, simulated, language, time_zone, consent_version, trend_minimum, primary_scale, created_at)
	VALUES ('s', 's', 'Ä study', 'open', NO, 'en', 'UTC', 1, 5, '', NOW);
INSERT INTO arm (study_id, id, key, name, position, control, share) VALUES ('s', 'a', 'a', 'A', 0, NO, 1);
INSERT INTO instrument_version (id, key, version, hash, definition, created_at) VALUES ('i', 'k', '1.0.0', 'h', '{}', NOW);
INSERT INTO wave (study_id, id, key, name, short_name, kind, position, opens_day, closes_day) VALUES ('s', 'w', 'pre', 'Before', 'pre', 'pre', 0, 0, 7);
INSERT INTO wave_set (study_id, wave_id, position, instrument_id) VALUES ('s', 'w', 0, 'i');
INSERT INTO consent_text (study_id, version, language, title, body, created_at) VALUES ('s', 1, 'en', 'T', 'B', NOW);
INSERT INTO course_run (study_id, id, name, course_key, course_version, starts_on, meeting_time, time_zone, location, created_at)
	VALUES ('s', 'r', 'Spring', 'c', '1', '2026-03-02', '18:00', 'UTC', '', NOW);
INSERT INTO participant (study_id, id, code, created_at) VALUES ('s', 'p', 'P-1', NOW);
INSERT INTO contact (study_id, participant_id, name, email) VALUES ('s', 'p', 'Ada', 'ada@example.org');
INSERT INTO enrolment (study_id, id, participant_id, run_id, arm_id, assigned, enrolled_at) VALUES ('s', 'e', 'p', 'r', 'a', NO, NOW);
INSERT INTO personal_link (study_id, enrolment_id, generation, token_hash, expires_at) VALUES ('s', 'e', 0, 'h1', NOW);
INSERT INTO consent (study_id, id, enrolment_id, version, language, given_at) VALUES ('s', 'c', 'e', 1, 'en', NOW);
INSERT INTO assessment (study_id, id, enrolment_id, wave_id, instrument_id, position, saved_at) VALUES ('s', 'x', 'e', 'w', 'i', 0, NOW);
INSERT INTO response (study_id, assessment_id, item, value, answered_at) VALUES ('s', 'x', 'q1', 0, NOW);
INSERT INTO response (study_id, assessment_id, item, missing, answered_at) VALUES ('s', 'x', 'q2', 'skipped', NOW);
INSERT INTO score (study_id, assessment_id, scale, value, reason, answered, items, rule, scored_at) VALUES ('s', 'x', 'sum', 0.1, '', 1, 2, 'r', NOW);
INSERT INTO attendance (study_id, run_id, enrolment_id, meeting, present) VALUES ('s', 'r', 'e', 1, YES);
INSERT INTO user_account (id, email, name, password_hash, created_at) VALUES ('u', 'ines@example.org', 'Ines', 'x', NOW);
INSERT INTO role_grant (user_id, role, study_id) VALUES ('u', 'researcher', 's');
INSERT INTO sign_in (token_hash, kind, user_id, created_at, expires_at) VALUES ('h2', 'user', 'u', NOW, NOW);
INSERT INTO staff_link (token_hash, user_id, reusable, expires_at) VALUES ('h3', 'u', NO, NOW)`

// TestDataOfEverySchemaAreCarriedToTheNewest takes data of the first schema through every
// one since, each of which a program that is upgraded may find: no table has fewer rows
// than before, what was answered is what it was, and in the end the schema is that of a
// fresh database.
func TestDataOfEverySchemaAreCarriedToTheNewest(t *testing.T) {
	t.Parallel()
	eachDSN(t, func(t *testing.T, dsn string) {
		s, err := store.Open(t.Context(), dsn)
		must(t, err)
		t.Cleanup(func() { must(t, s.Close()) })
		must(t, s.MigrateTo(t.Context(), 1))
		words := strings.NewReplacer("NOW", "timestamptz '2026-03-03 12:00:00+00'", "NO,", "false,", "YES", "true")
		if isSQLite(s) {
			words = strings.NewReplacer("NOW", "1772539200000", "NO,", "0,", "YES", "1")
		}
		for statement := range strings.SplitSeq(first, ";\n") {
			_, err := s.WritePool().ExecContext(t.Context(), words.Replace(statement))
			must(t, err)
		}
		rows := func() map[string]int64 {
			all, err := s.RowCounts(t.Context())
			must(t, err)
			maps.DeleteFunc(all, func(name string, n int64) bool { return n == 0 || name == "goose_db_version" })
			// Names wait here until they are sealed.
			if n, waits := all["unsealed_contact"]; waits {
				delete(all, "unsealed_contact")
				all["contact"] += n
			}
			return all
		}
		was := rows()
		if len(was) != 20 {
			t.Fatalf("rows in %d tables: %v", len(was), was)
		}
		latest, err := migrations.Latest(s.Engine())
		must(t, err)
		for version := int64(2); version <= latest; version++ {
			must(t, s.MigrateTo(t.Context(), version))
			is := rows()
			for name, n := range was {
				if name == "sign_in" && version == 32 {
					continue // from then on it is kept how staff showed who they are: they sign in once more
				}
				if is[name] < n {
					t.Errorf("schema %d leaves %d rows of the %d in %s", version, is[name], n, name)
				}
			}
			was = is
			got := query(t, s, `SELECT item, value, missing FROM response ORDER BY item`)
			if diff := cmp.Diff(got, [][]string{{"q1", "0", ""}, {"q2", "", "skipped"}}); diff != "" {
				t.Fatalf("schema %d changes answers:\n%s", version, diff)
			}
		}
		must(t, s.CheckSchema(t.Context()))
		fresh, schema := storetest.Postgres, postgresSchema
		if isSQLite(s) {
			fresh, schema = storetest.SQLite, sqliteSchema
		}
		if diff := cmp.Diff(schema(t, s), schema(t, fresh(t))); diff != "" {
			t.Errorf("carried (-), fresh (+):\n%s", diff)
		}
	})
}
