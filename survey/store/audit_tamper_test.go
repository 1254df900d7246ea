package store_test

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"

	"tidemark/migrations"
	"tidemark/survey"
	"tidemark/survey/auth"
	"tidemark/survey/store"
	"tidemark/survey/storetest"
)

var trailKeeper = survey.SystemActor("audit trail")

// trail is a store with the use cases of its audit trail, on a clock of its own.
type trail struct {
	*store.Store

	t     *testing.T
	cases *survey.UseCases
	now   *time.Time
}

func newTrail(t *testing.T, s *store.Store, now *time.Time) *trail {
	t.Helper()
	keys, err := auth.New(strings.Repeat("5a", 32))
	if err != nil {
		t.Fatal(err)
	}
	env := survey.Env{Store: s, Now: func() time.Time { return *now }, NewID: uuid.NewString, Random: rand.Reader, Keys: keys}
	return &trail{s, t, survey.NewUseCases(env), now}
}

// add writes lines of a chain, every third with a text.
func (x *trail) add(chain survey.StudyID, n int) {
	x.t.Helper()
	err := x.InTx(x.t.Context(), func(tx survey.Tx) error { return tx.AppendAudit(x.t.Context(), x.lines(chain, n)...) })
	if err != nil {
		x.t.Fatal(err)
	}
}

func (x *trail) lines(chain survey.StudyID, n int) []survey.AuditEvent {
	events := make([]survey.AuditEvent, n)
	for i := range events {
		events[i] = survey.AuditEvent{
			ID: survey.AuditID(uuid.NewString()), StudyID: chain, At: x.now.Add(time.Duration(i) * time.Millisecond), ActorKind: survey.ActorUser,
			ActorID: "u", Action: survey.ActionExported, ObjectKind: "study", ObjectID: "o", Detail: fmt.Sprint("d", i),
		}
		if i%3 == 0 {
			events[i].Tell(survey.AuditText{Salt: strings.Repeat("0f", 32), Old: "before", New: "after", Reason: "why"})
		}
	}
	return events
}

func (x *trail) seal() int {
	x.t.Helper()
	n, err := x.cases.Audits.Seal(x.t.Context(), trailKeeper)
	if err != nil {
		x.t.Fatal(err)
	}
	return n
}

// verify gives the faults of all chains, and the reports.
func (x *trail) verify(heads ...survey.AuditHead) (faults []string, reports []survey.AuditReport) {
	x.t.Helper()
	reports, err := x.cases.Audits.Verify(x.t.Context(), trailKeeper, survey.AuditVerification{Heads: heads})
	if err != nil {
		x.t.Fatal(err)
	}
	for _, r := range reports {
		for _, f := range r.Faults {
			faults = append(faults, f.Words)
		}
	}
	return faults, reports
}

// unguarded lets a test change the trail as somebody would who rules the database.
func (x *trail) unguarded(f func(exec func(statement string, args ...any))) {
	x.t.Helper()
	tx, err := x.WritePool().BeginTx(x.t.Context(), nil)
	if err != nil {
		x.t.Fatal(err)
	}
	exec := func(statement string, args ...any) {
		x.t.Helper()
		if x.Dialect() == migrations.Postgres {
			for n := 1; strings.Contains(statement, "?"); n++ {
				statement = strings.Replace(statement, "?", fmt.Sprint("$", n), 1)
			}
		}
		if _, err := tx.ExecContext(x.t.Context(), statement, args...); err != nil {
			x.t.Fatalf("%s: %v", statement, errors.Join(err, tx.Rollback()))
		}
	}
	f(exec)
	if err := tx.Commit(); err != nil {
		x.t.Fatal(err)
	}
}

// disarm takes the triggers and the unique index away.
func (x *trail) disarm() {
	x.t.Helper()
	x.unguarded(func(exec func(string, ...any)) {
		exec(`DROP INDEX audit_event_place`)
		if x.Dialect() == migrations.Postgres {
			for _, table := range []string{"audit_event", "audit_text", "audit_chain", "audit_head"} {
				exec(`ALTER TABLE ` + table + ` DISABLE TRIGGER USER`)
			}
			return
		}
		for _, r := range query(x.t, x.Store, `SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name LIKE 'audit_%'`) {
			exec(`DROP TRIGGER ` + r[0])
		}
	})
}

// attack is one change of the trail of study "s", which has nine lines, of which the
// fifth is changed where nothing else is said.
type attack struct {
	name string
	do   []string
	// headOnly: nothing in the database tells it, but a signed head does.
	headOnly bool
}

func attacks(postgres bool) []attack {
	later := `at + 1`
	if postgres {
		later = `at + interval '1 millisecond'`
	}
	var all []attack
	set := func(table, column, value, where string) {
		all = append(all, attack{name: table + "." + column, do: []string{`UPDATE ` + table + ` SET ` + column + ` = ` + value + ` WHERE ` + where}})
	}
	for _, c := range []string{"id", "actor_id", "action", "object_kind", "object_id", "detail", "subject_id", "text_hash", "prev_hash", "hash"} {
		set("audit_event", c, c+` || 'x'`, `study_id = 's' AND seq = 5`)
	}
	set("audit_event", "at", later, `study_id = 's' AND seq = 5`)
	set("audit_event", "sealed_at", strings.Replace(later, "at ", "sealed_at ", 1), `study_id = 's' AND seq = 5`)
	set("audit_event", "actor_kind", `'system'`, `study_id = 's' AND seq = 5`)
	set("audit_event", "study_id", `'other'`, `study_id = 's' AND seq = 5`)
	set("audit_event", "seq", `NULL`, `study_id = 's' AND seq = 9`)
	set("audit_event", "seq", `10`, `study_id = 's' AND seq = 5`)
	set("audit_event", "seq", `4`, `study_id = 's' AND seq = 5`)
	for _, c := range []string{"salt", "old_value", "new_value", "reason"} {
		value := c + ` || 'x'`
		if c == "salt" {
			value = `'` + strings.Repeat("1", 64) + `'`
		}
		set("audit_text", c, value, `event_id = (SELECT id FROM audit_event WHERE study_id = 's' AND seq = 4)`)
	}
	set("audit_chain", "seq", `8`, `study_id = 's'`)
	set("audit_chain", "hash", `'x'`, `study_id = 's'`)
	const noText = `DELETE FROM audit_text WHERE study_id = 's' AND event_id IN (SELECT id FROM audit_event WHERE study_id = 's' AND seq > 5)`
	copied := `INSERT INTO audit_event (study_id, id, at, actor_kind, actor_id, action, object_kind, object_id, detail, seq, sealed_at, prev_hash, hash)
		SELECT study_id, 'copy', at, actor_kind, actor_id, action, object_kind, object_id, detail, `
	from := ` FROM audit_event WHERE study_id = 's' AND seq = `
	return append(all,
		attack{name: "a text is removed", do: []string{`DELETE FROM audit_text WHERE event_id = (SELECT id FROM audit_event WHERE study_id = 's' AND seq = 4)`}},
		attack{name: "a text is put in", do: []string{`INSERT INTO audit_text (study_id, event_id, salt, old_value, new_value, reason)
			SELECT study_id, id, '` + strings.Repeat("0", 64) + `', '', '', 'r' FROM audit_event WHERE study_id = 's' AND seq = 5`}},
		attack{name: "the first line is removed", do: []string{
			`DELETE FROM audit_text WHERE event_id = (SELECT id FROM audit_event WHERE study_id = 's' AND seq = 1)`, `DELETE FROM audit_event WHERE study_id = 's' AND seq = 1`,
		}},
		attack{name: "a line is removed", do: []string{`DELETE FROM audit_event WHERE study_id = 's' AND seq = 5`}},
		attack{name: "a line is removed and the gap closed", do: []string{
			`DELETE FROM audit_event WHERE study_id = 's' AND seq = 5`, `UPDATE audit_event SET seq = seq - 1 WHERE study_id = 's' AND seq > 5`,
			`UPDATE audit_chain SET seq = 8 WHERE study_id = 's'`,
		}},
		attack{name: "two lines change places", do: []string{
			`UPDATE audit_event SET seq = CASE seq WHEN 5 THEN 6 ELSE 5 END WHERE study_id = 's' AND seq IN (5, 6)`,
		}},
		attack{name: "two lines change places with their links", do: []string{
			`UPDATE audit_event SET seq = CASE seq WHEN 5 THEN 6 ELSE 5 END,
			prev_hash = (SELECT x.prev_hash FROM kept_audit_event x WHERE x.study_id = 's' AND x.seq = 11 - audit_event.seq),
			hash = (SELECT x.hash FROM kept_audit_event x WHERE x.study_id = 's' AND x.seq = 11 - audit_event.seq) WHERE study_id = 's' AND seq IN (5, 6)`,
		}},
		attack{name: "a line is put in", do: []string{copied + `5, sealed_at, prev_hash, hash` + from + `5`}},
		attack{name: "a line is put in and the rest moved", do: []string{
			`UPDATE audit_event SET seq = seq + 1 WHERE study_id = 's' AND seq > 5`, copied + `6, sealed_at, hash, hash` + from + `5`,
			`UPDATE audit_chain SET seq = 10 WHERE study_id = 's'`,
		}},
		attack{name: "a line is put at the end", do: []string{copied + `10, sealed_at, hash, hash` + from + `9`}},
		attack{name: "the end is cut off", do: []string{noText, `DELETE FROM audit_event WHERE study_id = 's' AND seq > 7`}},
		attack{name: "everything is removed", do: []string{`DELETE FROM audit_text WHERE study_id = 's'`, `DELETE FROM audit_event WHERE study_id = 's'`}},
		attack{name: "the end is cut off, and where it ended", headOnly: true, do: []string{
			noText, `DELETE FROM audit_event WHERE study_id = 's' AND seq > 5`,
			`UPDATE audit_chain SET seq = 5, hash = (SELECT hash FROM audit_event WHERE study_id = 's' AND seq = 5) WHERE study_id = 's'`,
		}},
		attack{name: "everything is removed, and that it was there", headOnly: true, do: []string{
			`DELETE FROM audit_text WHERE study_id = 's'`, `DELETE FROM audit_event WHERE study_id = 's'`, `DELETE FROM audit_chain WHERE study_id = 's'`, `DELETE FROM audit_head`,
		}},
	)
}

// TestEveryChangeOfTheTrailIsFound changes one thing at a time in a database of its own
// and asks. The signed head is from when seven of the nine lines were there.
func TestEveryChangeOfTheTrailIsFound(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, open storetest.Opener) {
		s := open(t)
		now := time.Date(2026, 3, 1, 9, 0, 0, 0, time.UTC)
		x := newTrail(t, s, &now)
		x.add("other", 2)
		x.add("s", 7)
		x.seal()
		heads, err := x.cases.Audits.Heads(t.Context(), trailKeeper, nil)
		if err != nil || len(heads) != 2 {
			t.Fatalf("heads %+v, %v", heads, err)
		}
		x.add("s", 2)
		if n := x.seal(); n != 2 {
			t.Fatalf("%d lines were sealed", n)
		}
		if faults, reports := x.verify(heads...); len(faults) > 0 || reports[1].Lines != 9 || reports[1].Heads != 1 {
			t.Fatalf("an untouched trail: %v, %+v", faults, reports)
		}
		x.disarm()
		kept := x.photograph()
		for _, a := range attacks(s.Dialect() == migrations.Postgres) {
			x.unguarded(func(exec func(string, ...any)) {
				for _, statement := range a.do {
					exec(statement)
				}
			})
			alone, _ := x.verify()
			with, _ := x.verify(heads...)
			if a.headOnly != (len(alone) == 0) {
				t.Errorf("%s: without a head: %v", a.name, alone)
			}
			if len(with) == 0 {
				t.Errorf("%s is not found", a.name)
			}
			x.restore(kept)
			if faults, _ := x.verify(heads...); len(faults) > 0 {
				t.Fatalf("after %s was put right: %v", a.name, faults)
			}
		}
	})
}

// photograph keeps the trail in tables beside it, and restore puts it back.
func (x *trail) photograph() []string {
	tables := []string{"audit_chain", "audit_head", "audit_event", "audit_text"}
	x.unguarded(func(exec func(string, ...any)) {
		for _, table := range tables {
			exec(`CREATE TABLE kept_` + table + ` AS SELECT * FROM ` + table)
		}
	})
	return tables
}

func (x *trail) restore(tables []string) {
	x.unguarded(func(exec func(string, ...any)) {
		exec(`DELETE FROM audit_text`)
		for _, table := range tables {
			exec(`DELETE FROM ` + table)
			exec(`INSERT INTO ` + table + ` SELECT * FROM kept_` + table)
		}
	})
}

// TestATrailWrittenAnewIsFoundByItsHead has somebody who rules the database, and knows
// how hashes are worked out, write another history with the program itself.
func TestATrailWrittenAnewIsFoundByItsHead(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 3, 1, 9, 0, 0, 0, time.UTC)
	x := newTrail(t, storetest.SQLite(t), &now)
	x.add("s", 5)
	x.seal()
	heads, err := x.cases.Audits.Heads(t.Context(), trailKeeper, nil)
	if err != nil {
		t.Fatal(err)
	}
	x.disarm()
	x.unguarded(func(exec func(string, ...any)) {
		exec(`UPDATE audit_event SET detail = 'another', seq = NULL, prev_hash = '', hash = '', sealed_at = NULL`)
		exec(`DELETE FROM audit_chain`)
	})
	x.seal()
	if faults, _ := x.verify(); len(faults) > 0 {
		t.Errorf("without a head it cannot be known, but: %v", faults)
	}
	if faults, _ := x.verify(heads...); len(faults) != 1 || !strings.Contains(faults[0], "written anew") {
		t.Errorf("with the head: %v", faults)
	}
	forged := heads[0]
	forged.Hash = strings.Repeat("0", 64)
	if faults, _ := x.verify(forged); len(faults) != 1 || !strings.Contains(faults[0], "not signed") {
		t.Errorf("a forged head: %v", faults)
	}
}

// TestReplicasKeepOneChain has two servers write and seal at once, some of it cut off in
// the middle.
func TestReplicasKeepOneChain(t *testing.T) {
	t.Parallel()
	for engine, dsn := range map[string]func(testing.TB) string{"sqlite": storetest.SQLiteDSN, "postgres": storetest.PostgresDSN} {
		t.Run(engine, func(t *testing.T) {
			t.Parallel()
			address, now := dsn(t), time.Date(2026, 3, 1, 9, 0, 0, 0, time.UTC)
			replicas := []*trail{newTrail(t, storetest.Open(t, address), &now), newTrail(t, storetest.Open(t, address), &now)}
			const writers, rounds = 4, 12
			var wait sync.WaitGroup
			for w := range writers {
				wait.Go(func() {
					x := replicas[w%2]
					for i := range rounds {
						err := x.InTx(context.WithoutCancel(t.Context()), func(tx survey.Tx) error {
							err := tx.AppendAudit(t.Context(), x.lines("s", 2)...)
							if i%4 == 3 { // nothing of this one stays
								return errors.Join(err, errOnPurposeTrail)
							}
							return err
						})
						if err != nil && !errors.Is(err, errOnPurposeTrail) {
							t.Error(err)
						}
						if _, err := x.cases.Audits.Seal(t.Context(), trailKeeper); err != nil {
							t.Error(err)
						}
					}
				})
			}
			wait.Wait()
			replicas[0].seal()
			faults, reports := replicas[1].verify()
			if want := int64(writers * rounds * 2 * 3 / 4); len(faults) > 0 || len(reports) != 1 || reports[0].Lines != want || reports[0].Waiting != 0 {
				t.Errorf("%v, %+v, want %d lines", faults, reports, want)
			}
		})
	}
}

var errOnPurposeTrail = errors.New("on purpose")
