package store

import (
	"context"
	"time"

	"tidemark/survey"
)

// TOTP reads the sealed key of an account's codes.
func (r reader) TOTP(ctx context.Context, id survey.UserID) (survey.TOTP, error) {
	var all []survey.TOTP
	var keyID string
	var sealed []byte
	var created, confirmed instant
	var step int
	err := r.each(ctx, []any{&keyID, &sealed, &created, &confirmed, &step}, func() error {
		all = append(all, survey.TOTP{
			UserID: id, KeyID: keyID, Sealed: append([]byte(nil), sealed...), CreatedAt: created.time(), ConfirmedAt: confirmed.time(), LastStep: int64(step),
		})
		return nil
	}, `SELECT key_id, sealed, created_at, confirmed_at, last_step FROM user_totp WHERE user_id = ?`, string(id))
	if err == nil && len(all) == 0 {
		err = survey.ErrNotFound
	}
	if err != nil {
		return survey.TOTP{}, wrap(err, "second factor of user %s", id)
	}
	return all[0], nil
}

// RecoveryCodesLeft counts the codes that nobody has used.
func (r reader) RecoveryCodesLeft(ctx context.Context, id survey.UserID) (int, error) {
	n := 0
	err := r.each(ctx, []any{&n}, func() error { return nil },
		`SELECT count(*) FROM recovery_code WHERE user_id = ? AND used_at IS NULL`, string(id))
	return n, wrap(err, "count the recovery codes of user %s", id)
}

// PutTOTP writes a key that is yet to be confirmed, in place of another such.
func (t *transaction) PutTOTP(ctx context.Context, k survey.TOTP) (bool, error) {
	n, err := t.change(ctx, `INSERT INTO user_totp (user_id, key_id, sealed, created_at, last_step) VALUES (?, ?, ?, ?, 0)
		ON CONFLICT (user_id) DO UPDATE SET key_id = excluded.key_id, sealed = excluded.sealed, created_at = excluded.created_at, last_step = 0
		WHERE user_totp.confirmed_at IS NULL`, string(k.UserID), k.KeyID, k.Sealed, t.at(k.CreatedAt))
	return n > 0, wrap(err, "keep the second factor of user %s", k.UserID)
}

// ConfirmTOTP lets a key count.
func (t *transaction) ConfirmTOTP(ctx context.Context, id survey.UserID, step int64, at time.Time) (bool, error) {
	n, err := t.change(ctx, `UPDATE user_totp SET confirmed_at = ?, last_step = ? WHERE user_id = ? AND confirmed_at IS NULL AND last_step < ?`,
		t.at(at), step, string(id), step)
	return n > 0, wrap(err, "confirm the second factor of user %s", id)
}

// UseTOTP uses the code of a step of time up.
func (t *transaction) UseTOTP(ctx context.Context, id survey.UserID, step int64) (bool, error) {
	n, err := t.change(ctx, `UPDATE user_totp SET last_step = ? WHERE user_id = ? AND confirmed_at IS NOT NULL AND last_step < ?`, step, string(id), step)
	return n > 0, wrap(err, "use a code of user %s", id)
}

// DeleteTOTP ends the codes of an account.
func (t *transaction) DeleteTOTP(ctx context.Context, id survey.UserID) error {
	_, err := t.change(ctx, `DELETE FROM user_totp WHERE user_id = ?`, string(id))
	return wrap(err, "end the second factor of user %s", id)
}

// PutRecoveryCodes replaces the recovery codes of an account.
func (t *transaction) PutRecoveryCodes(ctx context.Context, id survey.UserID, hashes []string) error {
	_, err := t.change(ctx, `DELETE FROM recovery_code WHERE user_id = ?`, string(id))
	for _, h := range hashes {
		if err == nil {
			_, err = t.change(ctx, `INSERT INTO recovery_code (user_id, code_hash) VALUES (?, ?)`, string(id), h)
		}
	}
	return wrap(err, "keep the recovery codes of user %s", id)
}

// UseRecoveryCode uses one up.
func (t *transaction) UseRecoveryCode(ctx context.Context, id survey.UserID, hash string, at time.Time) (bool, error) {
	n, err := t.change(ctx, `UPDATE recovery_code SET used_at = ? WHERE user_id = ? AND code_hash = ? AND used_at IS NULL`, t.at(at), string(id), hash)
	return n > 0, wrap(err, "use a recovery code of user %s", id)
}
