package storetest

import (
	"context"
	"testing"

	"tidemark/survey"
)

func testLanguages(t *testing.T, s survey.Store) {
	t.Run("a person's choice comes with whatever finds them", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t, s, 2)
		chooses := func(language string) {
			t.Helper()
			must(t, s, func(ctx context.Context, tx survey.Tx) error {
				return tx.SetLanguage(ctx, w.study.ID, w.people[0].Enrolment.ID, language)
			})
		}
		has := func(person int) string {
			t.Helper()
			p, err := s.Participation(t.Context(), w.study.ID, w.people[person].Enrolment.ID)
			noError(t, err)
			byLink, _, err := s.ParticipationByLink(t.Context(), w.people[person].Link.TokenHash)
			noError(t, err)
			same(t, byLink, p)
			return p.Enrolment.Language
		}
		same(t, has(0), "")
		chooses("de")
		same(t, has(0), "de")
		chooses("pt-BR")
		same(t, has(0), "pt-BR")
		same(t, has(1), "")
	})
	t.Run("nobody can choose for who is not there", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t, s, 1)
		wantError(t, do(t, s, func(ctx context.Context, tx survey.Tx) error {
			return tx.SetLanguage(ctx, w.study.ID, "nobody", "de")
		}), survey.ErrNotFound)
	})
	t.Run("texts are written, replaced, removed and listed by language", func(t *testing.T) {
		t.Parallel()
		w, other := newWorld(t, s, 1), newWorld(t, s, 1)
		text := func(language, key, body string) survey.StudyText {
			return survey.StudyText{StudyID: w.study.ID, Language: language, Key: key, Body: body}
		}
		put := func(texts ...survey.StudyText) {
			t.Helper()
			must(t, s, func(ctx context.Context, tx survey.Tx) error { return tx.PutStudyTexts(ctx, texts) })
		}
		have := func(w *world) []survey.StudyText {
			t.Helper()
			texts, err := s.StudyTexts(t.Context(), w.study.ID)
			noError(t, err)
			return texts
		}
		same(t, have(w), []survey.StudyText{})
		put(text("es", "title", "Aprender"), text("de", "wave.pre", "Vorher"), text("de", "title", "Lernen"), text("de", "welcome", "Hallo,\n\nschön!"))
		put(text("de", "title", "Aus Rückschlägen lernen"), text("de", "wave.pre", ""), text("es", "welcome", ""))
		same(t, have(w), []survey.StudyText{
			text("de", "title", "Aus Rückschlägen lernen"), text("de", "welcome", "Hallo,\n\nschön!"), text("es", "title", "Aprender"),
		})
		same(t, have(other), []survey.StudyText{})
	})
	t.Run("a text of no study is refused", func(t *testing.T) {
		t.Parallel()
		wantError(t, do(t, s, func(ctx context.Context, tx survey.Tx) error {
			return tx.PutStudyTexts(ctx, []survey.StudyText{{StudyID: "none", Language: "de", Key: "title", Body: "x"}})
		}), survey.ErrReference)
	})
}
