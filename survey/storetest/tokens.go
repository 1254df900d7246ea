package storetest

import (
	"context"
	"testing"
	"time"

	"tidemark/survey"
)

func testTokens(t *testing.T, s survey.Store) {
	t.Run("a token is found by its hash, ends once, and notes its first use of a day", func(t *testing.T) {
		t.Parallel()
		w, other := newWorld(t, s, 0), newWorld(t, s, 0)
		u := newUser(t, s)
		token := func(study survey.StudyID, at time.Time) survey.APIToken {
			return survey.APIToken{
				StudyID: study, ID: survey.TokenID(newKey()), UserID: u.ID, Name: "A script", Shape: survey.TokenREDCap, Prefix: "AB12CD",
				Hash: newKey(), Scopes: []survey.Scope{survey.ScopeMetadata, survey.ScopeAnswers}, CreatedAt: at, ExpiresAt: at.Add(time.Hour),
			}
		}
		first, second, elsewhere := token(w.study.ID, noon), token(w.study.ID, noon.Add(time.Minute)), token(other.study.ID, noon)
		must(t, s, func(ctx context.Context, tx survey.Tx) error {
			for _, k := range []survey.APIToken{second, first, elsewhere} {
				if err := tx.CreateToken(ctx, k); err != nil {
					return err
				}
			}
			return nil
		})
		all, err := s.Tokens(t.Context(), w.study.ID)
		noError(t, err)
		same(t, all, []survey.APIToken{first, second})
		_, err = s.TokenByHash(t.Context(), newKey())
		wantError(t, err, survey.ErrNotFound)
		again := token(w.study.ID, noon)
		again.Hash = first.Hash
		wantError(t, s.InTx(t.Context(), func(tx survey.Tx) error { return tx.CreateToken(t.Context(), again) }), survey.ErrDuplicate)

		use := func(at, since time.Time, want bool) {
			t.Helper()
			must(t, s, func(ctx context.Context, tx survey.Tx) error {
				first, err := tx.MarkTokenUsed(ctx, w.study.ID, second.ID, at, since)
				same(t, first, want)
				return err
			})
		}
		use(noon, noon.Add(-12*time.Hour), true)
		use(noon.Add(time.Hour), noon.Add(-12*time.Hour), false)
		use(noon.Add(24*time.Hour), noon.Add(12*time.Hour), true)
		for _, want := range []bool{true, false} {
			must(t, s, func(ctx context.Context, tx survey.Tx) error {
				ended, err := tx.RevokeToken(ctx, w.study.ID, second.ID, noon.Add(48*time.Hour))
				same(t, ended, want)
				return err
			})
		}
		second.UsedAt, second.RevokedAt = noon.Add(24*time.Hour), noon.Add(48*time.Hour)
		got, err := s.TokenByHash(t.Context(), second.Hash)
		noError(t, err)
		same(t, got, second)
	})
}
