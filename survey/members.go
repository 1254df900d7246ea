package survey

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"
)

// Members are the use cases of who has which role in a study. Administrators and the
// study's leads may; to everybody else there is nothing.
type Members struct{ env Env }

// Member is somebody with a role in a study.
type Member struct {
	ID         UserID
	Email      string
	Name       string
	DisabledAt time.Time // zero while the account works
	Grants     []Grant   // in this study alone
}

// NewMember is a role to be given, by the address of whoever gets it.
type NewMember struct {
	Email string
	Name  string // of a new account
	Role  Role
	RunID RunID // of a facilitator of one run; empty: of all
}

// GivenRole is what came of giving a role.
type GivenRole struct {
	User User
	// Token is that of the link by which a new account signs in; empty: there was one
	// already, and whoever has it signs in as ever.
	Token string
}

// List gives the members of a study, by address.
func (u *Members) List(ctx context.Context, a Actor, study StudyID) ([]Member, error) {
	if !a.MayGiveRoles(study) {
		return nil, ErrNotFound
	}
	users, err := u.env.Store.Users(ctx)
	if err != nil {
		return nil, fmt.Errorf("list members: %w", err)
	}
	var all []Member
	for _, user := range users {
		m := Member{ID: user.ID, Email: user.Email, Name: user.Name, DisabledAt: user.DisabledAt}
		for _, g := range user.Grants {
			if g.StudyID == study {
				m.Grants = append(m.Grants, g)
			}
		}
		if len(m.Grants) > 0 {
			all = append(all, m)
		}
	}
	return all, nil
}

// Runs gives the runs of a study that a facilitator's role can be for: their names and
// nothing of their people.
func (u *Members) Runs(ctx context.Context, a Actor, study StudyID) ([]CourseRun, error) {
	if !a.MayGiveRoles(study) {
		return nil, ErrNotFound
	}
	all, err := u.env.Store.Runs(ctx, study)
	if err != nil {
		return nil, fmt.Errorf("list runs: %w", err)
	}
	runs := make([]CourseRun, len(all))
	for i, r := range all {
		runs[i] = r.Run
	}
	return runs, nil
}

// Give gives a role in a study. An address that no account has gets one, with a link to
// sign in by. No link is made for an account that was there: whoever gives roles in a
// study is not to sign in as somebody who may more. Faults are FieldErrors; a role that
// the person has is ErrDuplicate.
func (u *Members) Give(ctx context.Context, a Actor, study StudyID, n NewMember) (GivenRole, error) {
	if !a.MayGiveRoles(study) {
		return GivenRole{}, ErrNotFound
	}
	g := Grant{Role: n.Role, StudyID: study, RunID: n.RunID}
	faults := FieldErrors{}
	email, ok := addressOf(n.Email)
	if email = strings.ToLower(email); !ok || len(email) > 254 {
		faults["email"] = "user.bad_email"
	}
	name := strings.TrimSpace(n.Name)
	checkText(faults, "name", name, 120)
	if !slices.Contains(StudyRoles(), n.Role) || !g.Valid() {
		faults["role"] = "user.bad_role"
	}
	if err := faults.OrNil(); err != nil {
		return GivenRole{}, err
	}
	if err := u.env.proven(a); err != nil {
		return GivenRole{}, err
	}
	now := u.env.now()
	user, err := u.env.Store.UserByEmail(ctx, email)
	if errors.Is(err, ErrNotFound) {
		return u.invite(ctx, a, User{ID: UserID(u.env.NewID()), Email: email, Name: name, CreatedAt: now, Grants: []Grant{g}}, now)
	}
	if err != nil {
		return GivenRole{}, fmt.Errorf("give a role: %w", err)
	}
	if !user.DisabledAt.IsZero() {
		return GivenRole{}, FieldErrors{"email": "user.closed"}
	}
	err = u.env.Store.InTx(ctx, func(tx Tx) error { return u.env.grant(ctx, tx, a, user.ID, g, now) })
	if errors.Is(err, ErrDuplicate) {
		return GivenRole{}, FieldErrors{"role": "user.has_role"}
	}
	if err != nil {
		return GivenRole{}, fmt.Errorf("give a role: %w", err)
	}
	return GivenRole{User: user}, nil
}

// invite makes an account with a role, and a link for it.
func (u *Members) invite(ctx context.Context, a Actor, user User, now time.Time) (GivenRole, error) {
	token := u.env.Keys.NewToken()
	l := StaffLink{TokenHash: u.env.Keys.HashToken(token), UserID: user.ID, ExpiresAt: now.Add(InvitationLifetime)}
	err := u.env.Store.InTx(ctx, func(tx Tx) error {
		if err := tx.CreateUser(ctx, user); err != nil {
			return err
		}
		if err := tx.CreateStaffLink(ctx, l); err != nil {
			return err
		}
		err := tx.AppendAudit(ctx, u.env.event(a, "", now, ActionUserCreated, "user", string(user.ID)),
			u.env.event(a, "", now, ActionInvited, "user", string(user.ID)))
		if err != nil {
			return err
		}
		return u.env.grant(ctx, tx, a, user.ID, user.Grants[0], now)
	})
	if err != nil {
		return GivenRole{}, fmt.Errorf("invite a member: %w", err)
	}
	return GivenRole{user, token}, nil
}

// Take takes a role in a study from somebody. It counts from their next request on.
// Nobody takes their own lead: somebody else is to look after the study first.
func (u *Members) Take(ctx context.Context, a Actor, study StudyID, id UserID, g Grant) error {
	if !a.MayGiveRoles(study) {
		return ErrNotFound
	}
	if g.StudyID = study; !slices.Contains(StudyRoles(), g.Role) || !g.Valid() {
		return FieldErrors{"role": "user.bad_role"}
	}
	if a.Kind == ActorUser && a.User.ID == id && g.Role == RoleLead && !a.IsAdministrator() {
		return FieldErrors{"role": "user.own_role"}
	}
	return u.env.ungrant(ctx, a, id, g)
}

// grant gives a role, in a transaction. Whoever gets it is given another token with
// their next page: what one was good for until now is not to be good for more.
func (e Env) grant(ctx context.Context, tx Tx, a Actor, id UserID, g Grant, now time.Time) error {
	if err := tx.GrantRole(ctx, id, g); err != nil {
		return err
	}
	if err := tx.RenewSignIns(ctx, id); err != nil {
		return err
	}
	event := e.event(a, g.StudyID, now, ActionRoleGranted, "user", string(id))
	event.Detail = string(g.Role)
	return tx.AppendAudit(ctx, event)
}

// ungrant takes a role away; ErrNotFound when there is none.
func (e Env) ungrant(ctx context.Context, a Actor, id UserID, g Grant) error {
	if err := e.proven(a); err != nil {
		return err
	}
	event := e.event(a, g.StudyID, e.now(), ActionRoleTaken, "user", string(id))
	event.Detail = string(g.Role)
	err := e.Store.InTx(ctx, func(tx Tx) error {
		taken, err := tx.TakeRole(ctx, id, g)
		if err == nil && !taken {
			err = ErrNotFound
		}
		if err != nil {
			return err
		}
		if err := tx.RenewSignIns(ctx, id); err != nil {
			return err
		}
		return tx.AppendAudit(ctx, event)
	})
	if err != nil {
		return fmt.Errorf("take %s from user %s: %w", g.Role, id, err)
	}
	return nil
}
