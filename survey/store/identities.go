package store

import (
	"context"

	"tidemark/survey"
)

func (r reader) identities(ctx context.Context, where string, args ...any) ([]survey.Identity, error) {
	all := []survey.Identity{}
	var user, issuer, subject string
	var linked instant
	err := r.each(ctx, []any{&user, &issuer, &subject, &linked}, func() error {
		all = append(all, survey.Identity{UserID: survey.UserID(user), Issuer: issuer, Subject: subject, LinkedAt: linked.time()})
		return nil
	}, `SELECT user_id, issuer, subject, linked_at FROM user_identity WHERE `+where+` ORDER BY issuer`, args...)
	return all, err
}

// Identities lists who an account is at providers.
func (r reader) Identities(ctx context.Context, id survey.UserID) ([]survey.Identity, error) {
	all, err := r.identities(ctx, `user_id = ?`, string(id))
	return all, wrap(err, "identities of user %s", id)
}

// IdentityBySubject finds who somebody at a provider is here.
func (r reader) IdentityBySubject(ctx context.Context, issuer, subject string) (survey.Identity, error) {
	all, err := r.identities(ctx, `issuer = ? AND subject = ?`, issuer, subject)
	if err == nil && len(all) == 0 {
		err = survey.ErrNotFound
	}
	if err != nil {
		return survey.Identity{}, wrap(err, "identity at a provider")
	}
	return all[0], nil
}

// CreateIdentity links an account.
func (t *transaction) CreateIdentity(ctx context.Context, i survey.Identity) error {
	_, err := t.change(ctx, `INSERT INTO user_identity (user_id, issuer, subject, linked_at) VALUES (?, ?, ?, ?)`,
		string(i.UserID), i.Issuer, i.Subject, t.at(i.LinkedAt))
	return wrap(err, "link user %s", i.UserID)
}

// DeleteIdentities unlinks an account.
func (t *transaction) DeleteIdentities(ctx context.Context, id survey.UserID) (bool, error) {
	n, err := t.change(ctx, `DELETE FROM user_identity WHERE user_id = ?`, string(id))
	return n > 0, wrap(err, "unlink user %s", id)
}
