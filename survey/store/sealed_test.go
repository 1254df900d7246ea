package store_test

import (
	"bytes"
	"context"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"tidemark/survey"
	"tidemark/survey/auth"
	"tidemark/survey/store"
	"tidemark/survey/storetest"
)

// secretWords stand nowhere else.
const secretWords = "Zimtsterne, and one slow breath"

// writers are two people of one study who may write notes.
type writers struct {
	store *store.Store
	env   survey.Env
	cases *survey.UseCases
	study survey.StudyID
	pair  [2]survey.Actor
}

func newWriters(t *testing.T, s *store.Store) *writers {
	t.Helper()
	w := &writers{store: s}
	w.env = survey.Env{
		Store: s, Now: func() time.Time { return time.Date(2026, 3, 3, 12, 0, 0, 0, time.UTC) },
		NewID: func() string { return uuid.Must(uuid.NewV7()).String() }, Random: rand.NewChaCha8([32]byte{1}), Keys: newKeys(t),
	}
	w.cases = survey.NewUseCases(w.env)
	ctx, system := t.Context(), survey.SystemActor("test")
	study, err := w.cases.Studies.Create(ctx, system, survey.NewStudy{
		Protocol: "learning_from_setbacks_8", Team: "The Harbour Institute", Contact: "ines@example.org", Ethics: "Board of Harbour, 12/2026",
	})
	must(t, err)
	_, err = w.cases.Safeties.Declare(ctx, system, survey.Safety{StudyID: study.ID, Shape: survey.SafetyAnonymous, TimeZone: "UTC"})
	must(t, err)
	must(t, w.cases.Studies.Open(ctx, system, study.ID))
	w.study = study.ID
	run, err := w.cases.Runs.Create(ctx, system, study.ID, survey.NewRun{
		Name: "Spring", CourseKey: "learning_from_setbacks_8", StartsOn: "2026-03-02", MeetingTime: "18:00",
	})
	must(t, err)
	design, err := w.cases.Studies.Design(ctx, system, study.ID)
	must(t, err)
	people, err := w.cases.Runs.AddPeople(ctx, system, study.ID, run.ID, []survey.Person{{Name: "Ana"}, {Name: "Bo"}}, design.Arms[0].ID)
	must(t, err)
	for i, e := range people {
		for range 2 { // before and after consent
			p, err := s.Participation(ctx, study.ID, e.ID)
			must(t, err)
			w.pair[i] = survey.ParticipantActor(p)
			must(t, w.cases.Enrolments.Consent(ctx, w.pair[i], 1))
		}
	}
	return w
}

func newKeys(t *testing.T) *auth.Keys {
	t.Helper()
	secret, err := auth.NewSecret()
	must(t, err)
	keys, err := auth.New(secret)
	must(t, err)
	return keys
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// dump is every row of every table, as a dump of the database would have it.
func dump(t *testing.T, s *store.Store) string {
	t.Helper()
	tables := query(t, s, map[bool]string{
		true:  `SELECT name FROM sqlite_master WHERE type = 'table'`,
		false: `SELECT tablename FROM pg_tables WHERE schemaname = 'public'`,
	}[isSQLite(s)])
	if len(tables) < 15 {
		t.Fatalf("only %d tables were found", len(tables))
	}
	var b strings.Builder
	for _, table := range tables {
		for _, row := range query(t, s, fmt.Sprintf(`SELECT * FROM %q`, table[0])) {
			b.WriteString(strings.Join(row, "\x1f") + "\n")
		}
	}
	return b.String()
}

func isSQLite(s *store.Store) bool { return s.Dialect() == "sqlite" }

func TestTheWordsOfANoteAreInNoTable(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, open storetest.Opener) {
		w := newWriters(t, open(t))
		for _, kind := range []survey.NoteKind{survey.NoteOwnWords, survey.NoteReflection} {
			texts := []string{secretWords, secretWords, secretWords}[:kind.Texts()]
			must(t, w.cases.Notes.Write(t.Context(), w.pair[0], kind, texts, ""))
			notes, err := w.cases.Notes.List(t.Context(), w.pair[0], kind)
			must(t, err)
			must(t, w.cases.Notes.Share(t.Context(), w.pair[0], kind, notes[0].ID, true))
			must(t, w.cases.Notes.Change(t.Context(), w.pair[0], kind, notes[0].ID, texts))
		}
		all := dump(t, w.store)
		if !strings.Contains(all, "Spring") {
			t.Fatal("the dump does not hold what is in the tables")
		}
		for _, form := range []string{
			secretWords, "Zimtsterne", hex.EncodeToString([]byte("Zimtsterne")),
			base64.StdEncoding.EncodeToString([]byte(secretWords))[:20],
		} {
			if strings.Contains(all, form) {
				t.Errorf("the dump holds %q", form)
			}
		}
	})
}

func TestANoteMovedToSomebodyElseDoesNotOpen(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, open storetest.Opener) {
		w := newWriters(t, open(t))
		must(t, w.cases.Notes.Write(t.Context(), w.pair[0], survey.NoteOwnWords, []string{secretWords}, ""))
		must(t, w.cases.Notes.Write(t.Context(), w.pair[1], survey.NoteOwnWords, []string{"my own"}, ""))
		_, err := w.store.WritePool().ExecContext(t.Context(), fmt.Sprintf(
			`UPDATE private_note SET enrolment_id = '%s', shared_at = written_at WHERE enrolment_id = '%s'`,
			w.pair[1].Participation.Enrolment.ID, w.pair[0].Participation.Enrolment.ID))
		must(t, err)
		notes, err := w.cases.Notes.List(t.Context(), w.pair[1], survey.NoteOwnWords)
		must(t, err)
		closed, opened := 0, 0
		for _, n := range notes {
			if n.Closed && n.Texts == nil {
				closed++
			}
			if n.Text(0) == "my own" {
				opened++
			}
		}
		if len(notes) != 2 || closed != 1 || opened != 1 {
			t.Errorf("%d notes, %d closed, %d of their own; want 2, 1, 1", len(notes), closed, opened)
		}
		err = w.cases.Notes.EachShared(t.Context(), w.store, survey.SystemActor("test"), w.study, func(*survey.SharedNote) error {
			t.Error("the researchers got the note")
			return nil
		})
		if !errors.Is(err, survey.ErrSealed) {
			t.Errorf("got %v, want ErrSealed", err)
		}
	})
}

func TestAnotherSecretOpensNoNote(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, open storetest.Opener) {
		w := newWriters(t, open(t))
		must(t, w.cases.Notes.Write(t.Context(), w.pair[0], survey.NoteOwnWords, []string{secretWords}, ""))
		env := w.env
		env.Keys = newKeys(t)
		notes, err := survey.NewUseCases(env).Notes.List(t.Context(), w.pair[0], survey.NoteOwnWords)
		must(t, err)
		if len(notes) != 1 || !notes[0].Closed || notes[0].Texts != nil {
			t.Errorf("got %+v, want one note that stays closed", notes)
		}
		stored, err := w.store.Notes(context.WithoutCancel(t.Context()), w.study, w.pair[0].Participation.Enrolment.ID, survey.NoteOwnWords)
		must(t, err)
		plain, err := env.Keys.OpenNote(stored[0].NotePlace, stored[0].KeyID, stored[0].Sealed)
		if !errors.Is(err, survey.ErrSealed) || plain != nil || bytes.Contains([]byte(err.Error()), []byte("Zimt")) {
			t.Errorf("got %q and %v, want ErrSealed and nothing else", plain, err)
		}
	})
}
