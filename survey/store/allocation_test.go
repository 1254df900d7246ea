package store_test

import (
	"fmt"
	"strings"
	"testing"

	"tidemark/migrations"
	"tidemark/survey"
	"tidemark/survey/storetest"
)

// Whoever reaches into the database is found out: rows of draws refuse, and an arm
// that is changed beside them is counted when the seed is revealed.
func TestDrawsAndSeedsCannotBeChanged(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, open storetest.Opener) {
		w := newWriters(t, open(t))
		exec := func(statement string) error {
			_, err := w.store.WritePool().ExecContext(t.Context(), statement)
			return err
		}
		rows := func() string {
			return fmt.Sprint(query(t, w.store, `SELECT seq, arm_id, number, reason, chain FROM allocation_draw ORDER BY seq`),
				query(t, w.store, `SELECT commitment, key_id FROM allocation_seal`))
		}
		before := rows()
		statements := []string{
			`UPDATE allocation_draw SET drawn_at = drawn_at, enrolment_id = NULL, reason = '', chain = 'x'`,
			`UPDATE allocation_draw SET seq = seq + 7, enrolment_id = NULL, reason = ''`, `UPDATE allocation_draw SET reason = 'another'`,
			`DELETE FROM allocation_draw`, `UPDATE allocation_seal SET key_id = 'x'`, `DELETE FROM allocation_seal`,
		}
		if w.store.Dialect() == migrations.Postgres {
			statements = append(statements, `TRUNCATE allocation_draw`, `TRUNCATE allocation_seal`)
		}
		for _, statement := range statements {
			if err := exec(statement); err == nil {
				t.Errorf("%s was allowed", statement)
			}
		}
		if got := rows(); got != before || !strings.Contains(before, "test") {
			t.Errorf("%s became %s", before, got)
		}
		ctx, system := t.Context(), survey.SystemActor("test")
		must(t, exec(`UPDATE enrolment SET arm_id = (SELECT a.id FROM arm a WHERE a.study_id = enrolment.study_id AND a.id <> enrolment.arm_id)
			WHERE id = '`+string(w.pair[0].Participation.Enrolment.ID)+`'`))
		must(t, w.cases.Studies.Close(ctx, system, w.study, true))
		b, err := w.cases.Allocations.Book(ctx, system, w.study)
		must(t, err)
		if b.Revealed == nil || b.Revealed.Moved != 1 || b.Revealed.Deviation != "" || b.Revealed.Verdict.ByHand != 2 {
			t.Errorf("%+v", b.Revealed)
		}
	})
}
