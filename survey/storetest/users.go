package storetest

import (
	"context"
	"errors"
	"testing"
	"time"

	"tidemark/survey"
)

func newUser(t testing.TB, s survey.Store, grants ...survey.Grant) survey.User {
	t.Helper()
	u := survey.User{
		ID: newID[survey.UserID](), Email: newKey() + "@example.org", Name: "Noor Vale", PasswordHash: "$argon2id$…",
		CreatedAt: noon, Grants: grants,
	}
	must(t, s, func(ctx context.Context, tx survey.Tx) error {
		if err := tx.CreateUser(ctx, u); err != nil {
			return err
		}
		for _, g := range grants {
			if err := tx.GrantRole(ctx, u.ID, g); err != nil {
				return err
			}
		}
		return nil
	})
	return u
}

func testUsers(t *testing.T, s survey.Store) {
	w := newWorld(t, s, 0)
	grants := []survey.Grant{
		{Role: survey.RoleAdministrator},
		{Role: survey.RoleFacilitator, StudyID: w.study.ID},
		{Role: survey.RoleFacilitator, StudyID: w.study.ID, RunID: w.run.ID},
		{Role: survey.RoleResearcher, StudyID: w.study.ID},
	}
	t.Run("an account is read as it was written, with its grants", func(t *testing.T) {
		t.Parallel()
		for _, want := range []survey.User{newUser(t, s), newUser(t, s, grants...)} {
			got, err := s.User(t.Context(), want.ID)
			noError(t, err)
			same(t, got, want)
			got, err = s.UserByEmail(t.Context(), want.Email)
			noError(t, err)
			same(t, got, want)
		}
	})
	t.Run("an account that is not there is not found", func(t *testing.T) {
		t.Parallel()
		_, err := s.User(t.Context(), "nobody")
		wantError(t, err, survey.ErrNotFound)
		_, err = s.UserByEmail(t.Context(), "nobody@example.org")
		wantError(t, err, survey.ErrNotFound)
		wantError(t, do(t, s, func(ctx context.Context, tx survey.Tx) error {
			return tx.SetPassword(ctx, "nobody", "x")
		}), survey.ErrNotFound)
		for _, nobody := range []survey.UserID{"nobody", "\xff", "no\x00body"} {
			wantError(t, do(t, s, func(ctx context.Context, tx survey.Tx) error {
				return tx.DisableUser(ctx, nobody, noon)
			}), survey.ErrNotFound)
		}
	})
	t.Run("staff are listed by e-mail with their grants", func(t *testing.T) {
		t.Parallel()
		a, b := newUser(t, s, grants[1], grants[2]), newUser(t, s)
		all, err := s.Users(t.Context())
		noError(t, err)
		found := 0
		for i, u := range all {
			if i > 0 && all[i-1].Email >= u.Email {
				t.Errorf("%s comes before %s", all[i-1].Email, u.Email)
			}
			for _, want := range []survey.User{a, b} {
				if u.ID == want.ID {
					found++
					same(t, u, want)
				}
			}
		}
		same(t, found, 2)
	})
	t.Run("an address and a grant are had once", func(t *testing.T) {
		t.Parallel()
		u := newUser(t, s, grants...)
		other := survey.User{ID: newID[survey.UserID](), Email: u.Email, CreatedAt: noon}
		wantError(t, do(t, s, func(ctx context.Context, tx survey.Tx) error { return tx.CreateUser(ctx, other) }), survey.ErrDuplicate)
		for _, g := range grants {
			wantError(t, do(t, s, func(ctx context.Context, tx survey.Tx) error { return tx.GrantRole(ctx, u.ID, g) }), survey.ErrDuplicate)
		}
	})
	t.Run("grants refer to what is there", func(t *testing.T) {
		t.Parallel()
		u, elsewhere := newUser(t, s), newWorld(t, s, 0)
		give := func(id survey.UserID, g survey.Grant) error {
			return do(t, s, func(ctx context.Context, tx survey.Tx) error { return tx.GrantRole(ctx, id, g) })
		}
		wantError(t, give("nobody", grants[0]), survey.ErrReference)
		wantError(t, give(u.ID, survey.Grant{Role: survey.RoleResearcher, StudyID: "nobody"}), survey.ErrReference)
		wantError(t, give(u.ID, survey.Grant{Role: survey.RoleFacilitator, StudyID: w.study.ID, RunID: elsewhere.run.ID}), survey.ErrReference)
		if err := give(u.ID, survey.Grant{Role: survey.RoleAdministrator, StudyID: w.study.ID}); err == nil {
			t.Error("an administrator of one study was made")
		}
	})
	t.Run("a password is changed, and what was begun without it ends", func(t *testing.T) {
		t.Parallel()
		u, other := newUser(t, s), newUser(t, s)
		link := func(u survey.User, reusable bool) survey.StaffLink {
			return survey.StaffLink{TokenHash: newKey(), UserID: u.ID, Reusable: reusable, ExpiresAt: noon.Add(time.Hour)}
		}
		links := []survey.StaffLink{link(u, false), link(u, true), link(other, false)}
		ins := []string{newKey(), newKey()}
		must(t, s, func(ctx context.Context, tx survey.Tx) error {
			for i, owner := range []survey.User{u, other} {
				in := survey.SignIn{TokenHash: ins[i], Kind: survey.SignInUser, UserID: owner.ID, CreatedAt: noon, ExpiresAt: noon.Add(time.Hour)}
				noError(t, tx.CreateSignIn(ctx, in))
			}
			for _, l := range links {
				noError(t, tx.CreateStaffLink(ctx, l))
			}
			return nil
		})
		must(t, s, func(ctx context.Context, tx survey.Tx) error { return tx.SetPassword(ctx, u.ID, "new") })
		u.PasswordHash = "new"
		got, err := s.User(t.Context(), u.ID)
		noError(t, err)
		same(t, got, u)
		_, _, err = s.UserBySignIn(t.Context(), ins[0], noon)
		wantError(t, err, survey.ErrNotSignedIn)
		_, _, err = s.UserBySignIn(t.Context(), ins[1], noon)
		noError(t, err)
		for i, want := range []error{survey.ErrNotFound, nil, nil} {
			if _, err := s.StaffLink(t.Context(), links[i].TokenHash); !errors.Is(err, want) {
				t.Errorf("link %d: got %v, want %v", i, err, want)
			}
		}
	})
}

func testSignIns(t *testing.T, s survey.Store) {
	signIn := func(t *testing.T, u survey.User, expires time.Time) string {
		t.Helper()
		in := survey.SignIn{TokenHash: newKey(), Kind: survey.SignInUser, UserID: u.ID, CreatedAt: noon, ExpiresAt: expires}
		must(t, s, func(ctx context.Context, tx survey.Tx) error { return tx.CreateSignIn(ctx, in) })
		return in.TokenHash
	}
	works := func(t *testing.T, token string, at time.Time, want bool) {
		t.Helper()
		_, _, err := s.UserBySignIn(t.Context(), token, at)
		if want {
			noError(t, err)
			return
		}
		wantError(t, err, survey.ErrNotSignedIn)
	}
	w := newWorld(t, s, 1)
	t.Run("a cookie works until the instant it expires", func(t *testing.T) {
		t.Parallel()
		u := newUser(t, s, survey.Grant{Role: survey.RoleResearcher, StudyID: w.study.ID})
		token := signIn(t, u, noon.Add(time.Hour))
		got, _, err := s.UserBySignIn(t.Context(), token, noon)
		noError(t, err)
		same(t, got, u)
		works(t, token, noon.Add(time.Hour-time.Millisecond), true)
		works(t, token, noon.Add(time.Hour), false)
		works(t, newKey(), noon, false)
	})
	t.Run("a participant's cookie is no staff cookie, nor the other way round", func(t *testing.T) {
		t.Parallel()
		in := survey.SignIn{
			TokenHash: newKey(), Kind: survey.SignInParticipant, StudyID: w.study.ID,
			EnrolmentID: w.people[0].Enrolment.ID, CreatedAt: noon, ExpiresAt: noon.Add(time.Hour),
		}
		must(t, s, func(ctx context.Context, tx survey.Tx) error { return tx.CreateSignIn(ctx, in) })
		works(t, in.TokenHash, noon, false)
		_, err := s.ParticipationBySignIn(t.Context(), signIn(t, newUser(t, s), noon.Add(time.Hour)), noon)
		wantError(t, err, survey.ErrNotSignedIn)
	})
	t.Run("a cookie ends by signing out, alone", func(t *testing.T) {
		t.Parallel()
		u := newUser(t, s)
		here, there := signIn(t, u, noon.Add(time.Hour)), signIn(t, u, noon.Add(time.Hour))
		for range 2 { // what has ended can be ended again
			must(t, s, func(ctx context.Context, tx survey.Tx) error { return tx.DeleteSignIn(ctx, here) })
		}
		works(t, here, noon, false)
		works(t, there, noon, true)
	})
	t.Run("disabling an account ends all its cookies and keeps the first time", func(t *testing.T) {
		t.Parallel()
		u, other := newUser(t, s), newUser(t, s)
		mine, another := signIn(t, u, noon.Add(time.Hour)), signIn(t, other, noon.Add(time.Hour))
		for _, at := range []time.Time{noon, noon.Add(time.Minute)} {
			must(t, s, func(ctx context.Context, tx survey.Tx) error { return tx.DisableUser(ctx, u.ID, at) })
		}
		works(t, mine, noon, false)
		works(t, another, noon, true)
		works(t, signIn(t, u, noon.Add(time.Hour)), noon, false) // nor does a later one work
		u.DisabledAt = noon
		got, err := s.User(t.Context(), u.ID)
		noError(t, err)
		same(t, got, u)
	})
	t.Run("a token is nobody else's", func(t *testing.T) {
		t.Parallel()
		token := signIn(t, newUser(t, s), noon.Add(time.Hour))
		u := newUser(t, s)
		in := survey.SignIn{TokenHash: token, Kind: survey.SignInUser, UserID: u.ID, CreatedAt: noon, ExpiresAt: noon}
		wantError(t, do(t, s, func(ctx context.Context, tx survey.Tx) error { return tx.CreateSignIn(ctx, in) }), survey.ErrDuplicate)
		in.TokenHash, in.UserID = newKey(), "nobody"
		wantError(t, do(t, s, func(ctx context.Context, tx survey.Tx) error { return tx.CreateSignIn(ctx, in) }), survey.ErrReference)
	})
	t.Run("expired sign-ins are removed and no others", func(t *testing.T) {
		t.Parallel()
		u := newUser(t, s)
		past := noon.AddDate(-1, 0, 0) // before those of other tests
		old, young := signIn(t, u, past), signIn(t, u, past.Add(time.Millisecond))
		must(t, s, func(ctx context.Context, tx survey.Tx) error { return tx.DeleteSignInsBefore(ctx, past) })
		works(t, old, past.Add(-time.Second), false)
		works(t, young, past.Add(-time.Second), true)
	})
	testStaffLinks(t, s)
}

func testStaffLinks(t *testing.T, s survey.Store) {
	link := func(t *testing.T, reusable bool) survey.StaffLink {
		t.Helper()
		l := survey.StaffLink{TokenHash: newKey(), UserID: newUser(t, s).ID, Reusable: reusable, ExpiresAt: noon.Add(time.Hour)}
		must(t, s, func(ctx context.Context, tx survey.Tx) error { return tx.CreateStaffLink(ctx, l) })
		return l
	}
	use := func(t *testing.T, hash string, at time.Time) bool {
		t.Helper()
		var used bool
		must(t, s, func(ctx context.Context, tx survey.Tx) (err error) {
			used, err = tx.UseStaffLink(ctx, hash, at)
			return err
		})
		return used
	}
	t.Run("a link is used once", func(t *testing.T) {
		t.Parallel()
		l := link(t, false)
		got, err := s.StaffLink(t.Context(), l.TokenHash)
		noError(t, err)
		same(t, got, l)
		if !use(t, l.TokenHash, noon) || use(t, l.TokenHash, noon.Add(time.Minute)) {
			t.Error("want the first use to count and the second not to")
		}
		l.UsedAt = noon
		got, err = s.StaffLink(t.Context(), l.TokenHash)
		noError(t, err)
		same(t, got, l)
	})
	t.Run("a reusable link works until it expires", func(t *testing.T) {
		t.Parallel()
		l := link(t, true)
		if !use(t, l.TokenHash, noon) || !use(t, l.TokenHash, l.ExpiresAt.Add(-time.Millisecond)) || use(t, l.TokenHash, l.ExpiresAt) {
			t.Error("want it to work twice, and not when it has expired")
		}
	})
	t.Run("an expired and an unknown link do not work", func(t *testing.T) {
		t.Parallel()
		l := link(t, false)
		if use(t, l.TokenHash, l.ExpiresAt) || use(t, newKey(), noon) {
			t.Error("one of them worked")
		}
		_, err := s.StaffLink(t.Context(), newKey())
		wantError(t, err, survey.ErrNotFound)
		wantError(t, do(t, s, func(ctx context.Context, tx survey.Tx) error { return tx.CreateStaffLink(ctx, l) }), survey.ErrDuplicate)
	})
}
