package store

import (
	"context"
	"time"

	"tidemark/survey"
)

const signInColumns = `i.token_hash, i.kind, i.user_id, i.study_id, i.enrolment_id, i.created_at, i.expires_at,
	i.id, i.browser, i.way, i.seen_at, i.proved_at, i.factor_due, i.vouched, i.renew`

// columns are where the columns of a sign-in are read into.
func (r *signInRow) columns() []any {
	return []any{
		&r.TokenHash, &r.Kind, &r.UserID, &r.StudyID, &r.EnrolmentID, &r.Created, &r.ExpiresAt,
		&r.ID, &r.Browser, &r.Way, &r.SeenAt, &r.ProvedAt, &r.FactorDue, &r.Vouched, &r.Renew,
	}
}

// UserBySignIn finds whom a staff cookie belongs to.
func (r reader) UserBySignIn(ctx context.Context, tokenHash string, now time.Time) (survey.User, survey.SignIn, error) {
	var row signInRow
	users, err := r.usersWith(ctx, `, `+signInColumns, row.columns(), `JOIN sign_in i ON i.user_id = u.id
		WHERE i.token_hash = ? AND i.kind = 'user' AND i.expires_at > ? AND u.disabled_at IS NULL`, tokenHash, r.at(now))
	if err == nil && len(users) == 0 {
		return survey.User{}, survey.SignIn{}, survey.ErrNotSignedIn
	}
	if err != nil {
		return survey.User{}, survey.SignIn{}, wrap(err, "user by sign-in")
	}
	return users[0], row.signIn(), nil
}

// StaffSignIns lists the sign-ins of an account.
func (r reader) StaffSignIns(ctx context.Context, id survey.UserID, now time.Time) ([]survey.SignIn, error) {
	all := []survey.SignIn{}
	var row signInRow
	err := r.each(ctx, row.columns(), func() error {
		all = append(all, row.signIn())
		return nil
	}, `SELECT `+signInColumns+` FROM sign_in i WHERE i.user_id = ? AND i.kind = 'user' AND NOT i.factor_due AND i.expires_at > ?
		ORDER BY i.seen_at DESC, i.created_at DESC, i.token_hash`, string(id), r.at(now))
	return all, wrap(err, "sign-ins of user %s", id)
}

// CreateSignIn writes a sign-in.
func (t *transaction) CreateSignIn(ctx context.Context, s survey.SignIn) error {
	return wrap(t.create(ctx, "sign_in", signInToRow(s)), "create sign-in")
}

// DeleteSignIn ends a sign-in; one that is not there has ended.
func (t *transaction) DeleteSignIn(ctx context.Context, tokenHash string) error {
	_, err := t.change(ctx, `DELETE FROM sign_in WHERE token_hash = ?`, tokenHash)
	return wrap(err, "delete sign-in")
}

// EndSignIn ends a sign-in of an account.
func (t *transaction) EndSignIn(ctx context.Context, user survey.UserID, id survey.SignInID) (bool, error) {
	n, err := t.change(ctx, `DELETE FROM sign_in WHERE user_id = ? AND id = ?`, string(user), string(id))
	return n > 0, wrap(err, "end sign-in %s", id)
}

// EndOtherSignIns ends those of an account but one.
func (t *transaction) EndOtherSignIns(ctx context.Context, user survey.UserID, keep survey.SignInID) (int, error) {
	n, err := t.change(ctx, `DELETE FROM sign_in WHERE user_id = ? AND (id IS NULL OR id <> ?)`, string(user), string(keep))
	return int(n), wrap(err, "end the other sign-ins of user %s", user)
}

// MarkSignIn notes that a sign-in was used, and that its person showed who they are.
func (t *transaction) MarkSignIn(ctx context.Context, tokenHash string, seen, proved time.Time) (bool, error) {
	n, err := t.change(ctx, `UPDATE sign_in SET seen_at = ?, proved_at = ? WHERE token_hash = ?`, t.at(seen), t.at(proved), tokenHash)
	return n > 0, wrap(err, "mark a sign-in")
}

// RenewSignIns marks the sign-ins of an account.
func (t *transaction) RenewSignIns(ctx context.Context, id survey.UserID) error {
	_, err := t.change(ctx, `UPDATE sign_in SET renew = ? WHERE user_id = ?`, true, string(id))
	return wrap(err, "mark the sign-ins of user %s", id)
}

// RenewSignIn puts another token in place of one.
func (t *transaction) RenewSignIn(ctx context.Context, oldHash, newHash string) (bool, error) {
	n, err := t.change(ctx, `UPDATE sign_in SET token_hash = ?, renew = ? WHERE token_hash = ?`, newHash, false, oldHash)
	return n > 0, wrap(err, "renew a sign-in")
}

// DeleteSignInsBefore removes sign-ins that expired by an instant.
func (t *transaction) DeleteSignInsBefore(ctx context.Context, before time.Time) error {
	_, err := t.change(ctx, `DELETE FROM sign_in WHERE expires_at <= ?`, t.at(before))
	return wrap(err, "delete expired sign-ins")
}
