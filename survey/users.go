package survey

import (
	"context"
	"fmt"
	"net/mail"
	"strings"
	"time"
	"unicode/utf8"
)

// Users are the use cases of looking after staff accounts.
type Users struct{ env Env }

// NewUser is an account to be made. Password may be empty: the person then
// signs in by the link that CreateInvitation gives.
type NewUser struct {
	Email    string
	Name     string
	Password string
	Grants   []Grant
}

// MinPassword is the least number of characters of a password (NIST SP 800-63B
// asks for 8 with a second factor and 15 without; there is none yet).
const MinPassword = 15

// InvitationLifetime is how long an invitation works.
const InvitationLifetime = 7 * 24 * time.Hour

// Create makes an account. Administrators may. Faults are FieldErrors.
func (u *Users) Create(ctx context.Context, a Actor, n NewUser) (User, error) {
	if !a.IsAdministrator() {
		return User{}, ErrForbidden
	}
	if err := u.env.proven(a); err != nil {
		return User{}, err
	}
	now := u.env.now()
	user := User{
		ID: UserID(u.env.NewID()), Email: strings.ToLower(strings.TrimSpace(n.Email)),
		Name: strings.TrimSpace(n.Name), CreatedAt: now, Grants: n.Grants,
	}
	faults := FieldErrors{}
	if p, err := mail.ParseAddress(user.Email); err != nil || p.Address != user.Email || len(user.Email) > 254 {
		faults["email"] = "user.bad_email"
	}
	checkText(faults, "name", user.Name, 120)
	if n.Password != "" {
		checkPassword(n.Password, faults)
	}
	for _, g := range n.Grants {
		if !g.Valid() {
			faults["role"] = "user.bad_role"
		}
	}
	if err := faults.OrNil(); err != nil {
		return User{}, err
	}
	if n.Password != "" {
		var err error
		if user.PasswordHash, err = u.env.Keys.HashPassword(ctx, n.Password); err != nil {
			return User{}, fmt.Errorf("create user: %w", err)
		}
	}
	err := u.env.Store.InTx(ctx, func(tx Tx) error {
		if err := tx.CreateUser(ctx, user); err != nil {
			return err
		}
		if err := tx.AppendAudit(ctx, u.env.event(a, "", now, ActionUserCreated, "user", string(user.ID))); err != nil {
			return err
		}
		for _, g := range user.Grants {
			if err := u.env.grant(ctx, tx, a, user.ID, g, now); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return User{}, fmt.Errorf("create user: %w", err)
	}
	return user, nil
}

// Valid reports whether the grant names a role and the objects that role needs.
func (g Grant) Valid() bool {
	switch g.Role {
	case RoleAdministrator:
		return g.StudyID == "" && g.RunID == ""
	case RoleAuditor:
		return g.RunID == ""
	case RoleLead, RoleResearcher, RoleDataManager:
		return g.StudyID != "" && g.RunID == ""
	case RoleFacilitator:
		return g.StudyID != ""
	}
	return false
}

func checkPassword(p string, faults FieldErrors) {
	switch n := utf8.RuneCountInString(p); {
	case n < MinPassword:
		faults["password"] = "user.password_short"
	case n > 256 || !utf8.ValidString(p):
		faults["password"] = "user.password_long"
	}
}

// Grant gives a role. Administrators may.
func (u *Users) Grant(ctx context.Context, a Actor, id UserID, g Grant) error {
	if !a.IsAdministrator() {
		return ErrForbidden
	}
	if !g.Valid() {
		return FieldErrors{"role": "user.bad_role"}
	}
	if err := u.env.proven(a); err != nil {
		return err
	}
	now := u.env.now()
	err := u.env.Store.InTx(ctx, func(tx Tx) error { return u.env.grant(ctx, tx, a, id, g, now) })
	if err != nil {
		return fmt.Errorf("grant %s to user %s: %w", g.Role, id, err)
	}
	return nil
}

// Take takes a role away; it counts from the person's next request on. Administrators
// may, but not their own as an administrator, so that one always remains. A role that
// the person does not have is ErrNotFound.
func (u *Users) Take(ctx context.Context, a Actor, id UserID, g Grant) error {
	if !a.IsAdministrator() {
		return ErrForbidden
	}
	if !g.Valid() {
		return FieldErrors{"role": "user.bad_role"}
	}
	if a.Kind == ActorUser && a.User.ID == id && g.Role == RoleAdministrator {
		return FieldErrors{"role": "user.own_role"}
	}
	return u.env.ungrant(ctx, a, id, g)
}

// Disable ends an account and its sign-ins. Administrators may, but not their
// own account, so that one always remains.
func (u *Users) Disable(ctx context.Context, a Actor, id UserID) error {
	if !a.IsAdministrator() {
		return ErrForbidden
	}
	if a.Kind == ActorUser && a.User.ID == id {
		return FieldErrors{"user": "user.not_yourself"}
	}
	if err := u.env.proven(a); err != nil {
		return err
	}
	now := u.env.now()
	err := u.env.Store.InTx(ctx, func(tx Tx) error {
		if err := tx.DisableUser(ctx, id, now); err != nil {
			return err
		}
		return tx.AppendAudit(ctx, u.env.event(a, "", now, ActionUserDisabled, "user", string(id)))
	})
	if err != nil {
		return fmt.Errorf("disable user %s: %w", id, err)
	}
	return nil
}

// Reopen lets a closed account work again, with the roles that it had. Its sign-ins and
// links have ended; its password is the one it had. Administrators may.
func (u *Users) Reopen(ctx context.Context, a Actor, id UserID) error {
	if !a.IsAdministrator() {
		return ErrForbidden
	}
	if err := u.env.proven(a); err != nil {
		return err
	}
	e := u.env.event(a, "", u.env.now(), ActionUserReopened, "user", string(id))
	err := u.env.Store.InTx(ctx, func(tx Tx) error {
		if _, err := tx.User(ctx, id); err != nil {
			return err
		}
		opened, err := tx.ReopenUser(ctx, id)
		if err == nil && !opened {
			err = ErrConflict
		}
		if err != nil {
			return err
		}
		return tx.AppendAudit(ctx, e)
	})
	if err != nil {
		return fmt.Errorf("open user %s again: %w", id, err)
	}
	return nil
}

// Invite makes a link by which a member of staff signs in without a password:
// once within InvitationLifetime, or as often as they like when reusable, which
// only a rehearsal uses. Older links that work once end by it. It is audited, since
// whoever holds the link can act as that person. Administrators may.
func (u *Users) Invite(ctx context.Context, a Actor, id UserID, reusable bool) (token string, err error) {
	if !a.IsAdministrator() {
		return "", ErrForbidden
	}
	if err := u.env.proven(a); err != nil {
		return "", err
	}
	now := u.env.now()
	token = u.env.Keys.NewToken()
	l := StaffLink{
		TokenHash: u.env.Keys.HashToken(token), UserID: id,
		Reusable: reusable, ExpiresAt: now.Add(InvitationLifetime),
	}
	err = u.env.Store.InTx(ctx, func(tx Tx) error {
		if !reusable {
			if err := tx.DropStaffLinks(ctx, id); err != nil {
				return err
			}
		}
		if err := tx.CreateStaffLink(ctx, l); err != nil {
			return err
		}
		if err := u.env.notice(ctx, tx, id, NoticeLink, ""); err != nil {
			return err
		}
		return tx.AppendAudit(ctx, u.env.event(a, "", now, ActionInvited, "user", string(id)))
	})
	if err != nil {
		return "", fmt.Errorf("invite user %s: %w", id, err)
	}
	return token, nil
}

// List gives all staff accounts. Administrators may.
func (u *Users) List(ctx context.Context, a Actor) ([]User, error) {
	if !a.IsAdministrator() {
		return nil, ErrForbidden
	}
	users, err := u.env.Store.Users(ctx)
	if err != nil {
		return nil, fmt.Errorf("list users: %w", err)
	}
	return users, nil
}

// ByEmail finds an account, for the command line.
func (u *Users) ByEmail(ctx context.Context, a Actor, email string) (User, error) {
	if !a.IsAdministrator() {
		return User{}, ErrForbidden
	}
	user, err := u.env.Store.UserByEmail(ctx, strings.ToLower(strings.TrimSpace(email)))
	if err != nil {
		return User{}, fmt.Errorf("user %s: %w", email, err)
	}
	return user, nil
}
