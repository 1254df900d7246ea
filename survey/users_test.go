package survey_test

import (
	"strings"
	"testing"

	"tidemark/survey"
)

func TestAnAccountWithFaultsIsNotCreated(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, s *stage) {
		for _, c := range []struct {
			user survey.NewUser
			want survey.FieldErrors
		}{
			{survey.NewUser{Email: "nobody"}, survey.FieldErrors{"email": "user.bad_email"}},
			{survey.NewUser{Email: "Ada <ada@example.org>"}, survey.FieldErrors{"email": "user.bad_email"}},
			{survey.NewUser{Email: strings.Repeat("x", 250) + "@example.org"}, survey.FieldErrors{"email": "user.bad_email"}},
			{survey.NewUser{Email: "a@example.org", Name: strings.Repeat("x", 121)}, survey.FieldErrors{"name": "text.too_long"}},
			{survey.NewUser{Email: "a@example.org", Name: "\xff"}, survey.FieldErrors{"name": "text.unreadable"}},
			{survey.NewUser{Email: "a@example.org", Password: strings.Repeat("é", 14)}, survey.FieldErrors{"password": "user.password_short"}},
			{survey.NewUser{Email: "a@example.org", Password: strings.Repeat("x", 257)}, survey.FieldErrors{"password": "user.password_long"}},
			{survey.NewUser{Email: "a@example.org", Grants: []survey.Grant{{Role: "owner"}}}, survey.FieldErrors{"role": "user.bad_role"}},
			{survey.NewUser{Email: "a@example.org", Grants: []survey.Grant{{Role: survey.RoleResearcher}}}, survey.FieldErrors{"role": "user.bad_role"}},
		} {
			s.unchanged(t, func() {
				_, err := s.cases.Users.Create(t.Context(), s.admin, c.user)
				wantFaults(t, err, c.want)
			})
		}
	})
}

func TestAnAddressHasOneAccount(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, s *stage) {
		_, err := s.cases.Users.Create(t.Context(), s.admin, survey.NewUser{Email: "ada@example.org"})
		noError(t, err)
		s.unchanged(t, func() {
			_, err := s.cases.Users.Create(t.Context(), s.admin, survey.NewUser{Email: "ADA@example.org "})
			wantError(t, err, survey.ErrDuplicate)
		})
	})
}

func TestAGrantMustNameWhatItsRoleNeeds(t *testing.T) {
	t.Parallel()
	for g, want := range map[survey.Grant]bool{
		{Role: survey.RoleAdministrator}:                         true,
		{Role: survey.RoleAdministrator, StudyID: "s"}:           false,
		{Role: survey.RoleResearcher}:                            false,
		{Role: survey.RoleResearcher, StudyID: "s"}:              true,
		{Role: survey.RoleResearcher, StudyID: "s", RunID: "r"}:  false,
		{Role: survey.RoleFacilitator}:                           false,
		{Role: survey.RoleFacilitator, RunID: "r"}:               false,
		{Role: survey.RoleFacilitator, StudyID: "s"}:             true,
		{Role: survey.RoleFacilitator, StudyID: "s", RunID: "r"}: true,
		{Role: "owner", StudyID: "s"}:                            false,
		{}:                                                       false,
	} {
		if g.Valid() != want {
			t.Errorf("%+v: got %v, want %v", g, g.Valid(), want)
		}
	}
}

func TestARoleIsGrantedOnce(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, s *stage) {
		u := s.user(t).User
		g := survey.Grant{Role: survey.RoleResearcher, StudyID: s.study.ID}
		noError(t, s.cases.Users.Grant(t.Context(), s.admin, u.ID, g))
		s.unchanged(t, func() {
			wantError(t, s.cases.Users.Grant(t.Context(), s.admin, u.ID, g), survey.ErrDuplicate)
			g.StudyID = "nowhere"
			wantError(t, s.cases.Users.Grant(t.Context(), s.admin, u.ID, g), survey.ErrReference)
		})
		got, err := s.cases.Users.ByEmail(t.Context(), s.admin, strings.ToUpper(u.Email))
		noError(t, err)
		same(t, survey.UserActor(got).MayAnalyse(s.study.ID), true)
	})
}

func TestAnAdministratorCannotLockThemselvesOut(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, s *stage) {
		s.unchanged(t, func() {
			wantFaults(t, s.cases.Users.Disable(t.Context(), s.admin, s.admin.User.ID), survey.FieldErrors{"user": "user.not_yourself"})
			wantError(t, s.cases.Users.Disable(t.Context(), s.admin, "nobody"), survey.ErrNotFound)
		})
	})
}

func TestADisabledAccountIsOutAtOnce(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, s *stage) {
		token, err := s.cases.Users.Invite(t.Context(), s.admin, s.leader.User.ID, true)
		noError(t, err)
		cookie, _, err := s.cases.SignIns.ByStaffLink(t.Context(), survey.Client{}, token)
		noError(t, err)
		noError(t, s.cases.Users.Disable(t.Context(), s.admin, s.leader.User.ID))
		_, err = s.cases.SignIns.Staff(t.Context(), cookie)
		wantError(t, err, survey.ErrNotSignedIn)
		_, _, err = s.cases.SignIns.ByStaffLink(t.Context(), survey.Client{}, token)
		wantError(t, err, survey.ErrNotFound)
	})
}
