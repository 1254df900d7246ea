package store

import (
	"context"
	"time"

	"tidemark/survey"
)

func (r reader) tokens(ctx context.Context, rest string, args ...any) ([]survey.APIToken, error) {
	tokens := []survey.APIToken{}
	var study, id, user, name, shape, prefix, hash, scopes string
	var created, expires, revoked, used instant
	err := r.each(ctx, []any{&study, &id, &user, &name, &shape, &prefix, &hash, &scopes, &created, &expires, &revoked, &used}, func() error {
		tokens = append(tokens, survey.APIToken{
			StudyID: survey.StudyID(study), ID: survey.TokenID(id), UserID: survey.UserID(user), Name: name,
			Shape: survey.TokenShape(shape), Prefix: prefix, Hash: hash, Scopes: survey.ParseScopes(scopes),
			CreatedAt: created.time(), ExpiresAt: expires.time(), RevokedAt: revoked.time(), UsedAt: used.time(),
		})
		return nil
	}, `SELECT study_id, id, user_id, name, shape, prefix, token_hash, scopes, created_at, expires_at, revoked_at, used_at
		FROM api_token `+rest, args...)
	return tokens, err
}

// Tokens lists the tokens of a study.
func (r reader) Tokens(ctx context.Context, study survey.StudyID) ([]survey.APIToken, error) {
	tokens, err := r.tokens(ctx, `WHERE study_id = ? ORDER BY created_at, id`, string(study))
	return tokens, wrap(err, "tokens of study %s", study)
}

// TokenByHash finds a token.
func (r reader) TokenByHash(ctx context.Context, hash string) (survey.APIToken, error) {
	tokens, err := r.tokens(ctx, `WHERE token_hash = ?`, hash)
	if err == nil && len(tokens) == 0 {
		err = survey.ErrNotFound
	}
	if err != nil {
		return survey.APIToken{}, wrap(err, "token by its hash")
	}
	return tokens[0], nil
}

// CreateToken writes a token.
func (t *transaction) CreateToken(ctx context.Context, k survey.APIToken) error {
	_, err := t.change(ctx, `INSERT INTO api_token (study_id, id, user_id, name, shape, prefix, token_hash, scopes, created_at, expires_at)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
		string(k.StudyID), string(k.ID), string(k.UserID), k.Name, string(k.Shape), k.Prefix, k.Hash, survey.ScopesText(k.Scopes),
		t.at(k.CreatedAt), t.at(k.ExpiresAt))
	return wrap(err, "create token %s", k.ID)
}

// RevokeToken ends a token.
func (t *transaction) RevokeToken(ctx context.Context, study survey.StudyID, id survey.TokenID, at time.Time) (bool, error) {
	n, err := t.change(ctx, `UPDATE api_token SET revoked_at = ? WHERE study_id = ? AND id = ? AND revoked_at IS NULL`,
		t.at(at), string(study), string(id))
	return n > 0, wrap(err, "revoke token %s", id)
}

// MarkTokenUsed notes a use, if it is the first since an instant.
func (t *transaction) MarkTokenUsed(ctx context.Context, study survey.StudyID, id survey.TokenID, at, since time.Time) (bool, error) {
	n, err := t.change(ctx, `UPDATE api_token SET used_at = ? WHERE study_id = ? AND id = ? AND (used_at IS NULL OR used_at < ?)`,
		t.at(at), string(study), string(id), t.at(since))
	return n > 0, wrap(err, "note the use of token %s", id)
}
