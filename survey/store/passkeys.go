package store

import (
	"context"
	"time"

	"tidemark/survey"
)

// Passkeys lists the passkeys of an account.
func (r reader) Passkeys(ctx context.Context, id survey.UserID) ([]survey.Passkey, error) {
	all := []survey.Passkey{}
	var key, name, credentialID, credential string
	var created, used instant
	err := r.each(ctx, []any{&key, &name, &credentialID, &credential, &created, &used}, func() error {
		all = append(all, survey.Passkey{
			UserID: id, ID: survey.PasskeyID(key), Name: name, CredentialID: credentialID, Credential: []byte(credential),
			CreatedAt: created.time(), UsedAt: used.time(),
		})
		return nil
	}, `SELECT id, name, credential_id, credential, created_at, used_at FROM passkey WHERE user_id = ? ORDER BY created_at, id`, string(id))
	return all, wrap(err, "passkeys of user %s", id)
}

// CreatePasskey writes a passkey.
func (t *transaction) CreatePasskey(ctx context.Context, k survey.Passkey) error {
	_, err := t.change(ctx, `INSERT INTO passkey (user_id, id, name, credential_id, credential, created_at) VALUES (?, ?, ?, ?, ?, ?)`,
		string(k.UserID), string(k.ID), k.Name, k.CredentialID, string(k.Credential), t.at(k.CreatedAt))
	return wrap(err, "create a passkey of user %s", k.UserID)
}

// MarkPasskeyUsed writes what a device has shown of a passkey now.
func (t *transaction) MarkPasskeyUsed(ctx context.Context, k survey.Passkey, at time.Time) (bool, error) {
	n, err := t.change(ctx, `UPDATE passkey SET credential = ?, used_at = ? WHERE user_id = ? AND id = ?`,
		string(k.Credential), t.at(at), string(k.UserID), string(k.ID))
	return n > 0, wrap(err, "mark a passkey of user %s", k.UserID)
}

// DeletePasskey removes a passkey.
func (t *transaction) DeletePasskey(ctx context.Context, user survey.UserID, id survey.PasskeyID) (bool, error) {
	n, err := t.change(ctx, `DELETE FROM passkey WHERE user_id = ? AND id = ?`, string(user), string(id))
	return n > 0, wrap(err, "delete a passkey of user %s", user)
}

// DeletePasskeys removes all passkeys of an account.
func (t *transaction) DeletePasskeys(ctx context.Context, user survey.UserID) error {
	_, err := t.change(ctx, `DELETE FROM passkey WHERE user_id = ?`, string(user))
	return wrap(err, "delete the passkeys of user %s", user)
}

// AnswerChallenge notes that a question was answered.
func (t *transaction) AnswerChallenge(ctx context.Context, hash string, expires, now time.Time) (bool, error) {
	_, err := t.change(ctx, `DELETE FROM passkey_challenge WHERE expires_at <= ?`, t.at(now))
	var n int64
	if err == nil {
		n, err = t.change(ctx, `INSERT INTO passkey_challenge (hash, expires_at) VALUES (?, ?) ON CONFLICT (hash) DO NOTHING`, hash, t.at(expires))
	}
	return n > 0, wrap(err, "answer a challenge")
}
