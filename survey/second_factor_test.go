package survey_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/pquerna/otp/totp"

	"tidemark/survey"
)

// strict is the stage's use cases as a server has them that asks for all it can, with
// quick passwords.
func (s *stage) strict() *survey.UseCases {
	return survey.NewUseCases(survey.Env{
		Store: s.store, Now: s.clock, Keys: quickKeys{s.keys}, NewID: func() string { return uuid.Must(uuid.NewV7()).String() },
		Random: &chance{}, Rules: survey.StaffRules{SecondFactor: survey.FactorAnswers, ProveAgain: 10 * time.Minute},
	})
}

// later moves the clock.
func (s *stage) later(d time.Duration) { s.at(s.clock().Add(d)) }

// enters signs somebody in by password and, when that is asked, a code.
func enters(t *testing.T, cases *survey.UseCases, email, code string) (survey.Actor, error) {
	t.Helper()
	cookie, user, err := cases.SignIns.ByPassword(t.Context(), survey.Client{Browser: "Firefox on Linux"}, email, password)
	noError(t, err)
	if user.HasSecondFactor() {
		_, err := cases.SignIns.Staff(t.Context(), cookie)
		wantError(t, err, survey.ErrNotSignedIn) // the password alone opens nothing
		if cookie, _, err = cases.SignIns.BySecondFactor(t.Context(), survey.Client{}, cookie, code); err != nil {
			return survey.Actor{}, err
		}
	}
	return cases.SignIns.Staff(t.Context(), cookie)
}

// sets sets up a second factor and gives its key and the recovery codes.
func (s *stage) sets(t *testing.T, cases *survey.UseCases, a survey.Actor) (key string, codes []string) {
	t.Helper()
	noError(t, cases.Factors.Begin(t.Context(), a))
	state, err := cases.Factors.State(t.Context(), a)
	noError(t, err)
	codes, err = cases.Factors.Confirm(t.Context(), a, s.codeAt(t, state.Setup, 0))
	noError(t, err)
	return state.Setup, codes
}

// codeAt is what a program shows whose clock is wrong by some steps.
func (s *stage) codeAt(t *testing.T, key string, steps int) string {
	t.Helper()
	code, err := totp.GenerateCode(key, s.clock().Add(time.Duration(steps)*30*time.Second))
	noError(t, err)
	return code
}

func TestASecondFactorIsAskedForAndEachCodeWorksOnce(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, s *stage) {
		cases := s.strict()
		u := s.withPassword(t, "owner@example.org")
		a, err := enters(t, cases, u.Email, "")
		noError(t, err)
		elsewhere, err := enters(t, cases, u.Email, "")
		noError(t, err)
		key, recovery := s.sets(t, cases, a)
		same(t, len(recovery), survey.RecoveryCodes)
		own, err := cases.SignIns.Own(t.Context(), a)
		noError(t, err)
		same(t, len(own), 1) // what was begun without it has ended
		if own[0].ID == elsewhere.SignIn.ID || !own[0].This || own[0].Browser != "Firefox on Linux" {
			t.Errorf("what is left is %+v", own[0])
		}
		wrong := survey.FieldErrors{"code": "factor.wrong"}
		enter := func(code string) error { _, err := enters(t, cases, u.Email, code); return err }
		wantFaults(t, enter(s.codeAt(t, key, 0)), wrong) // it was shown to set it up
		s.later(30 * time.Second)
		right := s.codeAt(t, key, 0)
		noError(t, enter(" "+right[:3]+" "+right[3:]))
		wantFaults(t, enter(right), wrong)
		wantFaults(t, enter(s.codeAt(t, key, -1)), wrong) // older than one that was used
		noError(t, enter(s.codeAt(t, key, 1)))            // a clock that is half a minute fast
		s.later(10 * time.Minute)
		noError(t, enter(s.codeAt(t, key, -1))) // and one that is slow
		s.later(10 * time.Minute)
		for _, steps := range []int{-2, 2, 100} {
			wantFaults(t, enter(s.codeAt(t, key, steps)), wrong)
		}
		for _, code := range []string{"", "000", "abcd-efgh-jkmn", key} {
			wantFaults(t, enter(code), wrong)
		}
		s.later(20 * time.Minute)
		noError(t, enter(strings.ReplaceAll(strings.ToUpper(recovery[3]), "0", "O")))
		wantFaults(t, enter(recovery[3]), wrong)
		noError(t, enter(recovery[9]))
		state, err := cases.Factors.State(t.Context(), a)
		noError(t, err)
		same(t, []any{state.Left, state.Setup}, []any{survey.RecoveryCodes - 2, ""})
	})
}

func TestWhoSeesAnswersSetsUpASecondFactorFirst(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, s *stage) {
		cases := s.strict()
		for email, c := range map[string]struct {
			grant survey.Grant
			held  bool
		}{
			"researcher@example.org":  {survey.Grant{Role: survey.RoleResearcher, StudyID: s.study.ID}, true},
			"boss@example.org":        {survey.Grant{Role: survey.RoleAdministrator}, true},
			"facilitator@example.org": {survey.Grant{Role: survey.RoleFacilitator, StudyID: s.study.ID}, false},
		} {
			u := s.withPassword(t, email)
			noError(t, s.cases.Users.Grant(t.Context(), s.admin, u.ID, c.grant))
			a, err := enters(t, cases, email, "")
			noError(t, err)
			same(t, a.Held, c.held)
			may := []bool{a.MayAnalyse(s.study.ID), a.IsAdministrator(), a.MayRunAny(s.study.ID)}
			same(t, slices.Contains(may, true), !c.held)
			if !c.held {
				continue
			}
			key, _ := s.sets(t, cases, a)
			s.later(time.Minute)
			a, err = enters(t, cases, email, s.codeAt(t, key, 0))
			noError(t, err)
			same(t, []bool{a.Held, a.MayAnalyse(s.study.ID) || a.IsAdministrator()}, []bool{false, true})
		}
	})
}

func TestALostSecondFactorIsResetByAnotherAdministrator(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, s *stage) {
		cases := s.strict()
		u := s.withPassword(t, "owner@example.org")
		noError(t, s.cases.Users.Grant(t.Context(), s.admin, u.ID, survey.Grant{Role: survey.RoleAdministrator}))
		a, err := enters(t, cases, u.Email, "")
		noError(t, err)
		key, recovery := s.sets(t, cases, a)
		s.later(time.Minute)
		a, err = enters(t, cases, u.Email, s.codeAt(t, key, 0))
		noError(t, err)
		wantFaults(t, cases.Factors.Reset(t.Context(), a, u.ID), survey.FieldErrors{"user": "factor.not_yourself"})
		wantError(t, s.cases.Factors.Reset(t.Context(), s.admin, s.leader.User.ID), survey.ErrConflict) // has none
		noError(t, s.cases.Factors.Reset(t.Context(), s.admin, u.ID))
		own, err := cases.SignIns.Own(t.Context(), a)
		noError(t, err)
		same(t, len(own), 0)
		a, err = enters(t, cases, u.Email, "")
		noError(t, err)
		same(t, a.Held, true)
		s.sets(t, cases, a)
		wantFaults(t, second(enters(t, cases, u.Email, recovery[0])), survey.FieldErrors{"code": "factor.wrong"})
		events, err := s.store.AuditEvents(t.Context(), "", 100)
		noError(t, err)
		same(t, slices.ContainsFunc(events, func(e survey.AuditEvent) bool {
			return e.Action == survey.ActionFactorReset && e.ObjectID == string(u.ID) && e.ActorID == s.admin.ID()
		}), true)
	})
}

func TestWhatIsDangerousAsksAgainWhoIsThere(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, s *stage) {
		cases := s.strict()
		u := s.withPassword(t, "owner@example.org")
		for _, g := range []survey.Grant{{Role: survey.RoleAdministrator}, {Role: survey.RoleResearcher, StudyID: s.study.ID}} {
			noError(t, s.cases.Users.Grant(t.Context(), s.admin, u.ID, g))
		}
		a, err := enters(t, cases, u.Email, "")
		noError(t, err)
		s.sets(t, cases, a)
		a.Held, a.User.HasTOTP = false, true
		frozen, err := s.cases.Snapshots.Freeze(t.Context(), s.researcher, s.study.ID, survey.NewSnapshot{Name: "n"})
		noError(t, err)
		ctx := t.Context()
		dangerous := map[string]func() error{
			"export": func() error { return cases.Studies.NoteUse(ctx, a, s.study.ID, survey.ActionExported, "") },
			"message log": func() error {
				return cases.Messages.EachLogged(ctx, a, s.study.ID, func(*survey.LoggedMessage) error { return nil })
			},
			"snapshot":       func() error { return cases.Snapshots.Download(ctx, a, s.study.ID, frozen.Number, discard{}) },
			"remove":         func() error { return cases.Snapshots.Remove(ctx, a, s.study.ID, frozen.Number, "why") },
			"erasure policy": func() error { return cases.Erasures.SetPolicy(ctx, a, s.study.ID, survey.ErasureAllowed) },
			"clear":          func() error { return cases.Erasures.Clear(ctx, a, s.study.ID, "x") },
			"grant": func() error {
				return cases.Users.Grant(ctx, a, s.leader.User.ID, survey.Grant{Role: survey.RoleAdministrator})
			},
			"new account": func() error { return second(cases.Users.Create(ctx, a, survey.NewUser{Email: "x@example.org"})) },
			"link":        func() error { return second(cases.Users.Invite(ctx, a, s.leader.User.ID, false)) },
			"close":       func() error { return cases.Users.Disable(ctx, a, s.leader.User.ID) },
			"reopen":      func() error { return cases.Users.Reopen(ctx, a, s.leader.User.ID) },
			"reset":       func() error { return cases.Factors.Reset(ctx, a, s.leader.User.ID) },
			"recovery":    func() error { return second(cases.Factors.Renew(ctx, a)) },
			"token": func() error {
				_, _, err := cases.Tokens.Create(ctx, a, s.study.ID, survey.NewToken{Name: "n", Shape: survey.TokenBearer, Expires: s.clock().Add(time.Hour)})
				return err
			},
		}
		s.later(10*time.Minute - time.Millisecond)
		noError(t, dangerous["export"]())
		s.later(time.Millisecond)
		s.unchanged(t, func() {
			for name, do := range dangerous {
				if err := do(); err == nil {
					t.Errorf("%s asks for nothing", name)
				} else {
					wantError(t, err, survey.ErrProveAgain)
				}
			}
		})
		_, err = cases.SignIns.Prove(ctx, survey.Client{}, a, survey.StaffProof{Password: "a wrong password"})
		wantFaults(t, err, survey.FieldErrors{"old_password": "user.password_wrong"})
		proven, err := cases.SignIns.Prove(ctx, survey.Client{}, a, survey.StaffProof{Password: password})
		noError(t, err)
		a = proven
		noError(t, dangerous["export"]())
		// Programs and the command line have nothing to prove.
		noError(t, cases.Studies.NoteUse(ctx, system(), s.study.ID, survey.ActionExported, ""))
	})
}

type discard struct{}

func (discard) Write(p []byte) (int, error) { return len(p), nil }
