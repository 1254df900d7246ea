package storetest

import (
	"context"
	"testing"
	"time"

	"tidemark/survey"
)

// testAccounts is what accounts need besides being there: roles that are taken, tokens
// that rotate, letters that belong to no study.
func testAccounts(t *testing.T, s survey.Store) {
	w := newWorld(t, s, 0)
	t.Run("every role is kept, and taken once", func(t *testing.T) {
		t.Parallel()
		u := newUser(t, s)
		for _, g := range []survey.Grant{
			{Role: survey.RoleLead, StudyID: w.study.ID}, {Role: survey.RoleDataManager, StudyID: w.study.ID}, {Role: survey.RoleAuditor, StudyID: w.study.ID},
			{Role: survey.RoleAuditor}, {Role: survey.RoleFacilitator, StudyID: w.study.ID, RunID: w.run.ID}, {Role: survey.RoleFacilitator, StudyID: w.study.ID},
		} {
			must(t, s, func(ctx context.Context, tx survey.Tx) error { return tx.GrantRole(ctx, u.ID, g) })
			got, err := s.User(t.Context(), u.ID)
			noError(t, err)
			same(t, got.Grants, []survey.Grant{g})
			for _, want := range []bool{true, false} {
				must(t, s, func(ctx context.Context, tx survey.Tx) error {
					taken, err := tx.TakeRole(ctx, u.ID, g)
					same(t, taken, want)
					return err
				})
			}
		}
		for _, g := range []survey.Grant{{Role: survey.RoleLead}, {Role: survey.RoleDataManager}, {Role: survey.RoleAdministrator, StudyID: w.study.ID}} {
			if err := do(t, s, func(ctx context.Context, tx survey.Tx) error { return tx.GrantRole(ctx, u.ID, g) }); err == nil {
				t.Errorf("%v was given", g)
			}
		}
	})
	t.Run("a token that was renewed is worth nothing, and is renewed once", func(t *testing.T) {
		t.Parallel()
		u := newUser(t, s)
		old, fresh := newKey(), newKey()
		in := survey.SignIn{
			TokenHash: old, Kind: survey.SignInUser, UserID: u.ID, CreatedAt: noon, ExpiresAt: noon.Add(time.Hour), ID: newID[survey.SignInID](),
			Way: survey.ByWayOfProvider, SeenAt: noon, ProvedAt: noon, Vouched: true,
		}
		must(t, s, func(ctx context.Context, tx survey.Tx) error {
			if err := tx.CreateSignIn(ctx, in); err != nil {
				return err
			}
			return tx.RenewSignIns(ctx, u.ID)
		})
		_, got, err := s.UserBySignIn(t.Context(), old, noon)
		noError(t, err)
		in.Renew = true
		same(t, got, in)
		for _, want := range []bool{true, false} {
			must(t, s, func(ctx context.Context, tx survey.Tx) error {
				renewed, err := tx.RenewSignIn(ctx, old, fresh)
				same(t, renewed, want)
				return err
			})
		}
		_, _, err = s.UserBySignIn(t.Context(), old, noon)
		wantError(t, err, survey.ErrNotSignedIn)
		_, got, err = s.UserBySignIn(t.Context(), fresh, noon)
		noError(t, err)
		in.Renew, in.TokenHash = false, fresh
		same(t, got, in)
	})
	t.Run("a letter about an account is kept once, leased once, and ends", func(t *testing.T) {
		t.Parallel()
		u, early := newUser(t, s), noon.AddDate(-20, 0, 0) // before all others here
		m := survey.Message{Key: newKey(), Kind: survey.MessageNotice, ToKind: survey.ActorUser, ToID: string(u.ID), About: "x y", CreatedAt: early, NotBefore: early}
		for _, want := range []bool{true, false} {
			must(t, s, func(ctx context.Context, tx survey.Tx) error {
				put, err := tx.PutMessage(ctx, m)
				same(t, put, want)
				return err
			})
		}
		due, err := s.DueMessages(t.Context(), early, 5)
		noError(t, err)
		same(t, due, []survey.Message{m})
		lease := func(m survey.Message, now time.Time) (mine bool) {
			must(t, s, func(ctx context.Context, tx survey.Tx) (err error) {
				mine, err = tx.LeaseMessage(ctx, m, now, now.Add(time.Minute))
				return err
			})
			return mine
		}
		same(t, []bool{lease(m, early), lease(m, early)}, []bool{true, false})
		m.Attempts++
		m.NotBefore, m.LastError = early.Add(time.Hour), "no line"
		must(t, s, func(ctx context.Context, tx survey.Tx) error { _, err := tx.PostponeMessage(ctx, m); return err })
		due, err = s.DueMessages(t.Context(), early.Add(time.Minute), 5)
		noError(t, err)
		same(t, len(due), 0)
		same(t, lease(m, m.NotBefore), true)
		m.Attempts++
		m.EndedAt, m.Outcome = m.NotBefore, survey.OutcomeSent
		for _, want := range []bool{true, false} {
			must(t, s, func(ctx context.Context, tx survey.Tx) error {
				ended, err := tx.EndMessage(ctx, m)
				same(t, ended, want)
				return err
			})
		}
		// It goes once it has ended long ago, and what is still to be sent does not.
		again := m
		again.NotBefore, again.Attempts = noon.AddDate(100, 0, 0), 0
		for _, c := range []struct {
			before time.Time
			gone   bool
		}{{m.EndedAt.Add(-time.Millisecond), false}, {m.EndedAt, true}, {m.EndedAt, false}} {
			must(t, s, func(ctx context.Context, tx survey.Tx) error {
				if err := tx.DeleteStaffMessagesBefore(ctx, c.before); err != nil {
					return err
				}
				gone, err := tx.PutMessage(ctx, again)
				same(t, gone, c.gone)
				return err
			})
		}
	})
	t.Run("it is known when something was tried last", func(t *testing.T) {
		t.Parallel()
		c := survey.AttemptCounter{KeyHash: newKey(), ExpiresAt: noon, At: noon.Add(-time.Hour)}
		for _, at := range []time.Time{noon.Add(-time.Hour), noon.Add(-time.Minute)} {
			c.At = at
			must(t, s, func(ctx context.Context, tx survey.Tx) error { _, err := tx.CountAttempt(ctx, c); return err })
			last, err := s.LastAttempt(t.Context(), c.KeyHash)
			noError(t, err)
			same(t, last, at)
		}
		last, err := s.LastAttempt(t.Context(), newKey())
		noError(t, err)
		same(t, last.IsZero(), true)
	})
	t.Run("one person at a provider is one account, and the reverse", func(t *testing.T) {
		t.Parallel()
		one, two := newUser(t, s), newUser(t, s)
		issuer := "https://" + newKey() + ".example"
		i := survey.Identity{UserID: one.ID, Issuer: issuer, Subject: "subject", LinkedAt: noon}
		link := func(i survey.Identity) error {
			return do(t, s, func(ctx context.Context, tx survey.Tx) error { return tx.CreateIdentity(ctx, i) })
		}
		noError(t, link(i))
		got, err := s.IdentityBySubject(t.Context(), issuer, "subject")
		noError(t, err)
		same(t, got, i)
		all, err := s.Identities(t.Context(), one.ID)
		noError(t, err)
		same(t, all, []survey.Identity{i})
		for _, second := range []survey.Identity{
			{UserID: two.ID, Issuer: issuer, Subject: "subject", LinkedAt: noon}, // another account
			{UserID: one.ID, Issuer: issuer, Subject: "another", LinkedAt: noon}, // another person there
		} {
			wantError(t, link(second), survey.ErrDuplicate)
		}
		_, err = s.IdentityBySubject(t.Context(), issuer+"x", "subject")
		wantError(t, err, survey.ErrNotFound)
		for _, want := range []bool{true, false} {
			must(t, s, func(ctx context.Context, tx survey.Tx) error {
				gone, err := tx.DeleteIdentities(ctx, one.ID)
				same(t, gone, want)
				return err
			})
		}
		_, err = s.IdentityBySubject(t.Context(), issuer, "subject")
		wantError(t, err, survey.ErrNotFound)
	})
}
