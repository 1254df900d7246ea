package store_test

import (
	"bytes"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"tidemark/survey"
	"tidemark/survey/store"
	"tidemark/survey/storetest"
	"tidemark/survey/vault"
)

// crowd is how many identities the dump is searched for.
const crowd = 1000

// identity is somebody of whom every part has a mark that stands nowhere else.
func identity(i int) survey.Person {
	return survey.Person{
		Name: fmt.Sprintf("Cnry%04d Fairweather", i), Email: fmt.Sprintf("cnry%04d@example.org", i), Phone: fmt.Sprintf("+49155508%04d", i),
	}
}

// marks are what a search finds any of them by, in the open, in hexadecimal and in
// each of the three ways in which base64 may cut it.
func marks() [][]byte {
	var all [][]byte
	for _, mark := range []string{"cnry", "Cnry", "49155508", "Fairweather"} {
		all = append(all, []byte(mark), []byte(hex.EncodeToString([]byte(mark))))
		for shift := range 3 {
			text := base64.StdEncoding.EncodeToString([]byte(strings.Repeat("?", shift) + mark))
			from, to := []int{0, 2, 3}[shift], (shift+len(mark))*8/6
			all = append(all, []byte(text[from:to]))
		}
	}
	return all
}

// found lists the marks in some bytes.
func found(content []byte) (all []string) {
	for _, m := range marks() {
		if bytes.Contains(content, m) {
			all = append(all, string(m))
		}
	}
	return all
}

// bytesOf is all that somebody has who copied the database: the files of SQLite, or a
// dump of PostgreSQL.
func bytesOf(t *testing.T, s *store.Store, dsn string) []byte {
	t.Helper()
	if !isSQLite(s) {
		return []byte(dump(t, s))
	}
	var all []byte
	for _, end := range []string{"", "-wal", "-shm"} {
		content, err := os.ReadFile(strings.TrimPrefix(dsn, "sqlite:") + end)
		if err != nil && !os.IsNotExist(err) {
			t.Fatal(err)
		}
		all = append(all, content...)
	}
	return all
}

// eachDSN runs a test on an empty database of each engine, which it may open again.
func eachDSN(t *testing.T, test func(t *testing.T, dsn string)) {
	t.Helper()
	for name, dsn := range map[string]func(testing.TB) string{"sqlite": storetest.SQLiteDSN, "postgres": storetest.PostgresDSN} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			test(t, dsn(t))
		})
	}
}

// reopened opens a database once more with other keys.
func reopened(t *testing.T, dsn string, masters ...vault.Master) *store.Store {
	t.Helper()
	s, err := store.Open(t.Context(), dsn, store.WithVault(masters...), store.WithPoolSize(2))
	must(t, err)
	t.Cleanup(func() { must(t, s.Close()) })
	return s
}

// crowded is a study with a thousand people of whom everything is known.
func crowded(t *testing.T, s *store.Store) (w *writers, run survey.RunID, enrolled []survey.Enrolment) {
	t.Helper()
	ctx := t.Context()
	w = newWriters(t, s)
	run = w.pair[0].Participation.Enrolment.RunID
	var people []survey.Person
	for i := range crowd {
		people = append(people, identity(i))
	}
	enrolled, err := w.cases.Runs.AddPeople(ctx, survey.SystemActor("test"), w.study, run, people, w.pair[0].Participation.Enrolment.ArmID)
	must(t, err)
	must(t, s.InTx(ctx, func(tx survey.Tx) error {
		for i, e := range enrolled {
			text := fmt.Sprintf("cnry%04d breathes", i)
			n := survey.SealedNote{
				NotePlace: survey.NotePlace{StudyID: w.study, EnrolmentID: e.ID, ID: survey.NoteID(w.env.NewID()), Kind: survey.NoteReflection},
				WrittenAt: time.Unix(1, 0),
			}
			n.KeyID, n.Sealed = w.env.Keys.SealNote(n.NotePlace, []byte(text))
			about := survey.PersonNote{ID: w.env.NewID(), RunID: run, AuthorID: "f", AuthorName: "Ines", WrittenAt: time.Unix(1, 0), Text: text}
			waits := survey.Ticket{
				StudyID: w.study, ID: w.env.NewID(), RunID: run, TokenHash: w.env.NewID(), Name: identity(i).Name, Email: identity(i).Email, AskedAt: time.Unix(1, 0),
			}
			if err := errors.Join(tx.CreateNote(ctx, n), tx.AddPersonNote(ctx, w.study, e.ID, about), tx.CreateTicket(ctx, waits)); err != nil {
				return err
			}
		}
		return nil
	}))
	return w, run, enrolled
}

func TestADumpWithoutTheKeyIdentifiesNobody(t *testing.T) {
	t.Parallel()
	eachDSN(t, func(t *testing.T, dsn string) {
		ctx := t.Context()
		s := storetest.Open(t, dsn)
		w, run, enrolled := crowded(t, s)
		all := bytesOf(t, s, dsn)
		if got := found(all); len(got) > 0 {
			t.Errorf("the dump holds %q", got)
		}
		if !bytes.Contains(all, []byte("Spring")) || len(found(append([]byte("..."), identity(7).Email...))) == 0 {
			t.Fatal("the search would have found nothing in the open either")
		}
		// Who has the key sees everybody, on the person's page and elsewhere.
		contacts, err := s.Contacts(ctx, w.study, run)
		must(t, err)
		waiting, err := s.Waiting(ctx, w.study, run)
		must(t, err)
		for i, e := range enrolled {
			c, want := contacts[e.ParticipantID], identity(i)
			if c.Name != want.Name || c.Email != want.Email || c.Phone != want.Phone {
				t.Fatalf("person %d is %+v", i, c)
			}
		}
		if len(waiting) != crowd || !strings.HasPrefix(waiting[0].Name, "Cnry") {
			t.Errorf("%d wait, the first %+v", len(waiting), waiting[0])
		}
		// The index finds exactly whoever has the address.
		for _, i := range []int{0, 500, crowd - 1} {
			places, err := s.EnrolmentsByEmail(ctx, identity(i).Email)
			must(t, err)
			if !slices.Equal(places, []survey.EnrolmentPlace{{StudyID: w.study, ID: enrolled[i].ID}}) {
				t.Errorf("%d is found as %v", i, places)
			}
		}
		places, err := s.EnrolmentsByEmail(ctx, "cnry@example.org")
		if err != nil || len(places) != 0 {
			t.Errorf("nobody is found as %v, %v", places, err)
		}
		wrongKey(t, dsn, w, enrolled[0])
		t.Run("another master key", func(t *testing.T) { rotates(t, s, dsn, w, enrolled) })
	})
}

// wrongKey looks at the database with a key that is not its own, and with none.
func wrongKey(t *testing.T, dsn string, w *writers, e survey.Enrolment) {
	t.Helper()
	for name, masters := range map[string][]vault.Master{"another": {vault.Secret([]byte("another key that has 32 bytes too"))}, "none": nil} {
		s := reopened(t, dsn, masters...)
		_, err := s.Contact(t.Context(), w.study, e.ParticipantID)
		if err == nil || len(found([]byte(err.Error()))) > 0 {
			t.Errorf("%s key: a contact was read with %v", name, err)
		}
		err = s.CheckVault(t.Context())
		if fault, ok := errors.AsType[*vault.WrongMasterError](err); name == "another" && (!ok || fault.Want != storetest.Master().ID()) {
			t.Errorf("another key: %v", err)
		}
		if name == "none" && !errors.Is(err, store.ErrNoMaster) {
			t.Errorf("no key: %v", err)
		}
		// What identifies nobody is read all the same.
		if roster, err := s.Roster(t.Context(), w.study, e.RunID); err != nil || len(roster) < crowd {
			t.Errorf("%s key: a roster of %d, %v", name, len(roster), err)
		}
	}
}

var errKilled = errors.New("killed")

// rotates changes the master key, is cut off in the midst of it, and goes on.
func rotates(t *testing.T, running *store.Store, dsn string, w *writers, enrolled []survey.Enrolment) {
	t.Helper()
	ctx := t.Context()
	fresh := vault.Secret([]byte("the next master key, with 32 bytes"))
	sealedName := func(s *store.Store) string {
		return query(t, s, `SELECT name FROM contact WHERE participant_id = '`+string(enrolled[0].ParticipantID)+`'`)[0][0]
	}
	before := sealedName(running)
	readsAll := func(s *store.Store, when string) {
		t.Helper()
		contacts, err := s.Contacts(ctx, w.study, enrolled[0].RunID)
		if err != nil || contacts[enrolled[0].ParticipantID].Name != identity(0).Name || contacts[enrolled[crowd-1].ParticipantID].Name != identity(crowd-1).Name {
			t.Errorf("%s: %d contacts, %v", when, len(contacts), err)
		}
	}
	s := reopened(t, dsn, fresh, storetest.Master())
	err := s.RotateVault(ctx, func(done int) error {
		if done >= 400 {
			return errKilled
		}
		return nil
	})
	state, stateErr := s.VaultState(ctx)
	if !errors.Is(err, errKilled) || stateErr != nil || state.Former == 0 || state.Former >= state.People || len(state.MasterIDs) != 2 {
		t.Fatalf("cut off: %+v, %v, %v", state, err, stateErr)
	}
	readsAll(s, "midway, with both keys")
	// Somebody who is added midway gets a key of the new kind.
	_, err = newOn(s, w).Runs.AddPeople(ctx, survey.SystemActor("test"), w.study, enrolled[0].RunID, []survey.Person{{Name: "Late"}}, enrolled[0].ArmID)
	must(t, err)
	again := reopened(t, dsn, fresh, storetest.Master())
	must(t, again.RotateVault(ctx, func(int) error { return nil }))
	must(t, again.RotateVault(ctx, func(int) error { t.Error("there was still something to do"); return nil }))
	only := reopened(t, dsn, fresh)
	must(t, only.Unlock(ctx))
	readsAll(only, "with the new key alone")
	readsAll(again, "with both keys")
	state, err = only.VaultState(ctx)
	if err != nil || state.Former != 0 || !slices.Equal(state.MasterIDs, []string{fresh.ID()}) {
		t.Errorf("in the end: %+v, %v", state, err)
	}
	if sealedName(only) != before {
		t.Error("what is sealed was touched")
	}
	if _, err := running.Contact(ctx, w.study, enrolled[0].ParticipantID); err == nil {
		t.Error("the former key still opens")
	}
	if places, err := only.EnrolmentsByEmail(ctx, identity(9).Email); err != nil || len(places) != 1 {
		t.Errorf("the index finds %v, %v", places, err)
	}
}

// newOn is the use cases on another opening of the same database.
func newOn(s *store.Store, w *writers) *survey.UseCases {
	env := w.env
	env.Store = s
	return survey.NewUseCases(env)
}

func TestWhatIsMovedToSomebodyElseDoesNotOpen(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, open storetest.Opener) {
		w := newWriters(t, open(t))
		ctx := t.Context()
		a, b := w.pair[0].Participation.Enrolment, w.pair[1].Participation.Enrolment
		put := func(id survey.ParticipantID, name string) {
			t.Helper()
			must(t, w.store.InTx(ctx, func(tx survey.Tx) error {
				return tx.PutContact(ctx, survey.Contact{StudyID: w.study, ParticipantID: id, Name: name, Email: strings.ToLower(name) + "@example.org", Phone: "+4915550"})
			}))
		}
		for name, move := range map[string]string{
			"a name to another person":      `UPDATE contact SET name = (SELECT o.name FROM contact o WHERE o.participant_id = '%[2]s') WHERE participant_id = '%[1]s'`,
			"a name to the address":         `UPDATE contact SET email = name WHERE participant_id = '%[1]s'`,
			"a telephone number to a name":  `UPDATE contact SET name = phone WHERE participant_id = '%[1]s'`,
			"a key to another person":       `UPDATE person_key SET wrapped = (SELECT o.wrapped FROM person_key o WHERE o.participant_id = '%[2]s') WHERE participant_id = '%[1]s'`,
			"a key and all that it sealed":  `UPDATE person_key SET participant_id = CASE participant_id WHEN '%[1]s' THEN 'x' ELSE participant_id END`,
			"a name under somebody's index": `UPDATE contact SET name = email_index WHERE participant_id = '%[1]s'`,
		} {
			put(a.ParticipantID, "Ana")
			put(b.ParticipantID, "Bo")
			_, err := w.store.WritePool().ExecContext(ctx, fmt.Sprintf(move, a.ParticipantID, b.ParticipantID))
			if name == "a key and all that it sealed" { // which the references refuse
				if err == nil {
					t.Errorf("%s: it was moved", name)
				}
				continue
			}
			must(t, err)
			c, err := w.store.Contact(ctx, w.study, a.ParticipantID)
			if !errors.Is(err, survey.ErrSealed) || c != (survey.Contact{}) || strings.Contains(strings.ToLower(err.Error()), "ana") {
				t.Errorf("%s: %+v, %v", name, c, err)
			}
			if other, err := w.store.Contact(ctx, w.study, b.ParticipantID); err != nil || other.Name != "Bo" {
				t.Errorf("%s: the other is %+v, %v", name, other, err)
			}
			for _, statement := range []string{`DELETE FROM contact WHERE participant_id = '%s'`, `DELETE FROM person_key WHERE participant_id = '%s'`} {
				_, err := w.store.WritePool().ExecContext(ctx, fmt.Sprintf(statement, a.ParticipantID))
				must(t, err)
			}
		}
	})
}

// TestErasingShredsWhatIsStillSealedElsewhere keeps a copy of somebody's rows, erases
// them and puts the copy back.
func TestErasingShredsWhatIsStillSealedElsewhere(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, open storetest.Opener) {
		w := newWriters(t, open(t))
		ctx := t.Context()
		exec := func(statement string, args ...any) {
			t.Helper()
			_, err := w.store.WritePool().ExecContext(ctx, statement, args...)
			must(t, err)
		}
		e := w.pair[0].Participation.Enrolment
		must(t, w.cases.Notes.Write(ctx, w.pair[0], survey.NoteReflection, []string{secretWords, "", ""}[:survey.NoteReflection.Texts()], ""))
		exec(`CREATE TABLE older AS SELECT c.* FROM contact c WHERE c.participant_id = '` + string(e.ParticipantID) + `'`)
		exec(`CREATE TABLE older_note AS SELECT n.* FROM private_note n WHERE n.enrolment_id = '` + string(e.ID) + `'`)
		must(t, w.store.InTx(ctx, func(tx survey.Tx) error {
			_, err := tx.Erase(ctx, survey.Erasure{StudyID: w.study, EnrolmentID: e.ID, RunID: e.RunID, ArmID: e.ArmID, At: time.Unix(9, 0), By: survey.ActorSystem, ReceiptHash: "r"})
			return err
		}))
		if n := query(t, w.store, `SELECT count(*) FROM person_key WHERE participant_id = '`+string(e.ParticipantID)+`'`)[0][0]; n != "0" {
			t.Fatalf("%s keys are left", n)
		}
		// Under the identifiers that they had, with a key made anew.
		exec(`INSERT INTO participant (study_id, id, code, created_at) SELECT study_id, '` + string(e.ParticipantID) + `', 'BACK', created_at FROM participant LIMIT 1`)
		must(t, w.store.InTx(ctx, func(tx survey.Tx) error {
			return tx.PutContact(ctx, survey.Contact{StudyID: w.study, ParticipantID: e.ParticipantID, Name: "Nobody"})
		}))
		exec(`DELETE FROM contact WHERE participant_id = '` + string(e.ParticipantID) + `'`)
		exec(`INSERT INTO contact SELECT * FROM older`)
		if c, err := w.store.Contact(ctx, w.study, e.ParticipantID); !errors.Is(err, survey.ErrSealed) {
			t.Errorf("an older contact opens: %+v, %v", c, err)
		}
		exec(`INSERT INTO enrolment (study_id, id, participant_id, run_id, arm_id, assigned, enrolled_at)
			SELECT study_id, '` + string(e.ID) + `', '` + string(e.ParticipantID) + `', run_id, arm_id, assigned, enrolled_at FROM enrolment LIMIT 1`)
		exec(`INSERT INTO private_note SELECT * FROM older_note`)
		notes, err := w.store.Notes(ctx, w.study, e.ID, survey.NoteReflection)
		if err != nil || len(notes) != 1 || len(notes[0].Sealed) != 0 {
			t.Errorf("an older note opens: %+v, %v", notes, err)
		}
	})
}
