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
		events := []AuditEvent{u.env.event(a, "", now, ActionUserCreated, "user", string(user.ID))}
		for _, g := range user.Grants {
			if err := tx.GrantRole(ctx, user.ID, g); err != nil {
				return err
			}
			events = append(events, u.granted(a, user.ID, g, now))
		}
		return tx.AppendAudit(ctx, events...)
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
	case RoleResearcher:
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

func (u *Users) granted(a Actor, id UserID, g Grant, now time.Time) AuditEvent {
	e := u.env.event(a, g.StudyID, now, ActionRoleGranted, "user", string(id))
	e.Detail = string(g.Role)
	return e
}

// Grant gives a role. Administrators may.
func (u *Users) Grant(ctx context.Context, a Actor, id UserID, g Grant) error {
	if !a.IsAdministrator() {
		return ErrForbidden
	}
	if !g.Valid() {
		return FieldErrors{"role": "user.bad_role"}
	}
	now := u.env.now()
	err := u.env.Store.InTx(ctx, func(tx Tx) error {
		if err := tx.GrantRole(ctx, id, g); err != nil {
			return err
		}
		return tx.AppendAudit(ctx, u.granted(a, id, g, now))
	})
	if err != nil {
		return fmt.Errorf("grant %s to user %s: %w", g.Role, id, err)
	}
	return nil
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

// SetPassword changes the actor's own password, or anybody's for an
// administrator at the command line. Every sign-in of the account ends, on this
// device too, and so do invitations not yet used: whoever changes a password
// because somebody else had it wants them out.
func (u *Users) SetPassword(ctx context.Context, a Actor, id UserID, password string) error {
	if a.Kind != ActorSystem && (a.Kind != ActorUser || a.User.ID != id) {
		return ErrForbidden
	}
	faults := FieldErrors{}
	checkPassword(password, faults)
	if err := faults.OrNil(); err != nil {
		return err
	}
	hash, err := u.env.Keys.HashPassword(ctx, password)
	if err != nil {
		return fmt.Errorf("set password: %w", err)
	}
	now := u.env.now()
	err = u.env.Store.InTx(ctx, func(tx Tx) error {
		if err := tx.SetPassword(ctx, id, hash); err != nil {
			return err
		}
		return tx.AppendAudit(ctx, u.env.event(a, "", now, ActionPasswordChanged, "user", string(id)))
	})
	if err != nil {
		return fmt.Errorf("set password: %w", err)
	}
	return nil
}

// Invite makes a link by which a member of staff signs in without a password:
// once within InvitationLifetime, or as often as they like when reusable, which
// only a rehearsal uses. It is audited, since whoever holds the link can act as
// that person. Administrators may.
func (u *Users) Invite(ctx context.Context, a Actor, id UserID, reusable bool) (token string, err error) {
	if !a.IsAdministrator() {
		return "", ErrForbidden
	}
	now := u.env.now()
	token = u.env.Keys.NewToken()
	l := StaffLink{
		TokenHash: u.env.Keys.HashToken(token), UserID: id,
		Reusable: reusable, ExpiresAt: now.Add(InvitationLifetime),
	}
	err = u.env.Store.InTx(ctx, func(tx Tx) error {
		if err := tx.CreateStaffLink(ctx, l); err != nil {
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
