package store

import (
	"context"
	"time"

	"tidemark/survey"
)

// users reads accounts by e-mail, with their grants: one row for each grant.
func (r reader) users(ctx context.Context, rest string, args ...any) ([]survey.User, error) {
	return r.usersWith(ctx, "", nil, rest, args...)
}

// usersWith also reads other columns of what the accounts are joined with.
func (r reader) usersWith(ctx context.Context, columns string, into []any, rest string, args ...any) ([]survey.User, error) {
	users := []survey.User{}
	var row userAccountRow
	var role, study, run optional
	var totp, passkey bool
	targets := []any{&row.ID, &row.Email, &row.Name, &row.PasswordHash, &row.Created, &row.DisabledAt, &totp, &passkey, &role, &study, &run}
	err := r.each(ctx, append(targets, into...), func() error {
		if n := len(users); n == 0 || users[n-1].ID != survey.UserID(row.ID) {
			u := row.user()
			u.HasTOTP, u.HasPasskey = totp, passkey
			users = append(users, u)
		}
		if role != "" {
			u := &users[len(users)-1]
			u.Grants = append(u.Grants, survey.Grant{
				Role: survey.Role(role), StudyID: survey.StudyID(study), RunID: survey.RunID(run),
			})
		}
		return nil
	}, `SELECT u.id, u.email, u.name, u.password_hash, u.created_at, u.disabled_at,
		EXISTS (SELECT 1 FROM user_totp t WHERE t.user_id = u.id AND t.confirmed_at IS NOT NULL),
		EXISTS (SELECT 1 FROM passkey p WHERE p.user_id = u.id), g.role, g.study_id, g.run_id`+columns+`
		FROM user_account u LEFT JOIN role_grant g ON g.user_id = u.id `+rest+`
		ORDER BY u.email, g.role, coalesce(g.study_id, ''), coalesce(g.run_id, '')`, args...)
	return users, err
}

func (r reader) user(ctx context.Context, rest string, args ...any) (survey.User, error) {
	users, err := r.users(ctx, rest, args...)
	if err == nil && len(users) == 0 {
		err = survey.ErrNotFound
	}
	if err != nil {
		return survey.User{}, err
	}
	return users[0], nil
}

// UserByEmail reads an account by its address, in lower case.
func (r reader) UserByEmail(ctx context.Context, email string) (survey.User, error) {
	u, err := r.user(ctx, `WHERE u.email = ?`, email)
	return u, wrap(err, "user by e-mail")
}

// User reads an account.
func (r reader) User(ctx context.Context, id survey.UserID) (survey.User, error) {
	u, err := r.user(ctx, `WHERE u.id = ?`, string(id))
	return u, wrap(err, "user %s", id)
}

// Users lists all staff.
func (r reader) Users(ctx context.Context) ([]survey.User, error) {
	users, err := r.users(ctx, ``)
	return users, wrap(err, "list users")
}

// StaffLink reads a link.
func (r reader) StaffLink(ctx context.Context, tokenHash string) (survey.StaffLink, error) {
	l, err := oneOf(ctx, r, staffLinkRow.link, `SELECT token_hash, user_id, reusable, expires_at, used_at
		FROM staff_link WHERE token_hash = ?`, tokenHash)
	return l, wrap(err, "staff link")
}

// CreateUser writes an account, without its grants.
func (t *transaction) CreateUser(ctx context.Context, u survey.User) error {
	return wrap(t.create(ctx, "user_account", userToRow(u)), "create user %s", u.ID)
}

// GrantRole gives a role.
func (t *transaction) GrantRole(ctx context.Context, id survey.UserID, g survey.Grant) error {
	err := t.create(ctx, "role_grant", &roleGrantRow{
		UserID: string(id), Role: string(g.Role), StudyID: optional(g.StudyID), RunID: optional(g.RunID),
	})
	return wrap(err, "grant %s to user %s", g.Role, id)
}

// TakeRole takes a role away.
func (t *transaction) TakeRole(ctx context.Context, id survey.UserID, g survey.Grant) (bool, error) {
	n, err := t.change(ctx, `DELETE FROM role_grant WHERE user_id = ? AND role = ? AND coalesce(study_id, '') = ? AND coalesce(run_id, '') = ?`,
		string(id), string(g.Role), string(g.StudyID), string(g.RunID))
	return n > 0, wrap(err, "take %s from user %s", g.Role, id)
}

// SetPassword changes the hash of an account's password, and ends what was
// begun without it.
func (t *transaction) SetPassword(ctx context.Context, id survey.UserID, hash string) error {
	err := t.changeOne(ctx, `UPDATE user_account SET password_hash = ? WHERE id = ?`, hash, string(id))
	if err == nil {
		_, err = t.change(ctx, `DELETE FROM sign_in WHERE user_id = ?`, string(id))
	}
	if err == nil {
		err = t.DropStaffLinks(ctx, id)
	}
	return wrap(err, "set the password of user %s", id)
}

// DisableUser ends an account, its sign-ins and its links; one disabled before keeps
// the time at which it was.
func (t *transaction) DisableUser(ctx context.Context, id survey.UserID, at time.Time) error {
	err := t.changeOne(ctx, `UPDATE user_account SET disabled_at = coalesce(disabled_at, ?) WHERE id = ?`, t.at(at), string(id))
	if err == nil {
		_, err = t.change(ctx, `DELETE FROM sign_in WHERE user_id = ?`, string(id))
	}
	if err == nil {
		_, err = t.change(ctx, `DELETE FROM staff_link WHERE user_id = ?`, string(id))
	}
	return wrap(err, "disable user %s", id)
}

// ReopenUser lets a disabled account work again.
func (t *transaction) ReopenUser(ctx context.Context, id survey.UserID) (bool, error) {
	n, err := t.change(ctx, `UPDATE user_account SET disabled_at = NULL WHERE id = ? AND disabled_at IS NOT NULL`, string(id))
	return n > 0, wrap(err, "open user %s again", id)
}

// CreateStaffLink writes a link.
func (t *transaction) CreateStaffLink(ctx context.Context, l survey.StaffLink) error {
	return wrap(t.create(ctx, "staff_link", staffLinkToRow(l)), "create a staff link for user %s", l.UserID)
}

// DropStaffLinks ends the links of an account that work once and were not used.
func (t *transaction) DropStaffLinks(ctx context.Context, id survey.UserID) error {
	_, err := t.change(ctx, `DELETE FROM staff_link WHERE user_id = ? AND used_at IS NULL AND NOT reusable`, string(id))
	return wrap(err, "drop the links of user %s", id)
}

// UseStaffLink marks a link used, if it can be.
func (t *transaction) UseStaffLink(ctx context.Context, tokenHash string, at time.Time) (bool, error) {
	n, err := t.change(ctx, `UPDATE staff_link SET used_at = ?
		WHERE token_hash = ? AND expires_at > ? AND (reusable OR used_at IS NULL)`, t.at(at), tokenHash, t.at(at))
	return n > 0, wrap(err, "use staff link")
}
