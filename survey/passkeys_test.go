package survey_test

import (
	"strings"
	"testing"
	"time"

	"tidemark/survey"
)

// anyAsker stands for devices: an answer names the account and the passkey.
type anyAsker struct{}

func (anyAsker) AskNew(survey.User, []survey.Passkey) (question, state []byte, err error) {
	return []byte(`{}`), []byte("state"), nil
}

func (anyAsker) CheckNew(_ survey.User, state, answer []byte) (string, []byte, error) {
	if string(state) != "state" || len(answer) == 0 {
		return "", nil, survey.ErrPasskey
	}
	return string(answer), []byte(`{}`), nil
}

func (anyAsker) AskAny() (question, state []byte, err error) { return []byte(`{}`), []byte("any"), nil }

func (anyAsker) CheckAny(_, answer []byte, find func(survey.UserID) (survey.User, []survey.Passkey, error)) (survey.User, survey.Passkey, error) {
	id, key, _ := strings.Cut(string(answer), " ")
	user, keys, err := find(survey.UserID(id))
	if err != nil {
		return user, survey.Passkey{}, survey.ErrPasskey
	}
	for _, k := range keys {
		if k.CredentialID == key {
			k.Credential = []byte(`{"n":1}`)
			return user, k, nil
		}
	}
	return user, survey.Passkey{}, survey.ErrPasskey
}

func TestAPasskeySignsInOnceForEachQuestion(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, s *stage) {
		cases, ctx := s.strict(), t.Context()
		u := s.withPassword(t, "owner@example.org")
		noError(t, s.cases.Users.Grant(ctx, s.admin, u.ID, survey.Grant{Role: survey.RoleResearcher, StudyID: s.study.ID}))
		a, err := enters(t, cases, u.Email, "")
		noError(t, err)
		elsewhere, err := enters(t, cases, u.Email, "")
		noError(t, err)
		same(t, a.Held, true)
		_, token, err := cases.Passkeys.Begin(ctx, a, anyAsker{})
		noError(t, err)
		wantError(t, cases.Passkeys.Add(ctx, s.leader, anyAsker{}, "n", token, []byte("key-1")), survey.ErrPasskey) // asked of somebody else
		noError(t, cases.Passkeys.Add(ctx, a, anyAsker{}, "Office computer", token, []byte("key-1")))
		wantError(t, cases.Passkeys.Add(ctx, a, anyAsker{}, "Again", token, []byte("key-2")), survey.ErrPasskey)
		own, err := cases.SignIns.Own(ctx, a)
		noError(t, err)
		if len(own) != 1 || own[0].ID == elsewhere.SignIn.ID {
			t.Errorf("what was begun without a second factor goes on: %v", own)
		}

		_, token, err = cases.SignIns.Ask(anyAsker{})
		noError(t, err)
		answer := []byte(string(u.ID) + " key-1")
		for _, wrong := range []string{"", string(u.ID) + " key-2", string(s.leader.User.ID) + " key-1", "x key-1"} {
			_, _, err := cases.SignIns.ByPasskey(ctx, survey.Client{}, anyAsker{}, token, []byte(wrong))
			wantError(t, err, survey.ErrPasskey)
		}
		cookie, _, err := cases.SignIns.ByPasskey(ctx, survey.Client{}, anyAsker{}, token, answer)
		noError(t, err)
		b, err := cases.SignIns.Staff(ctx, cookie)
		noError(t, err)
		same(t, []any{b.Held, b.User.HasPasskey, b.SignIn.Way}, []any{false, true, survey.ByWayOfPasskey})
		for _, used := range []string{token, token + "x", "", "a.b"} {
			_, _, err = cases.SignIns.ByPasskey(ctx, survey.Client{}, anyAsker{}, used, answer)
			wantError(t, err, survey.ErrPasskey)
		}
		_, late, err := cases.SignIns.Ask(anyAsker{})
		noError(t, err)
		s.later(10 * time.Minute)
		_, _, err = cases.SignIns.ByPasskey(ctx, survey.Client{}, anyAsker{}, late, answer)
		wantError(t, err, survey.ErrPasskey)

		// The password alone no longer opens the account.
		_, err = enters(t, cases, u.Email, "000000")
		wantFaults(t, err, survey.FieldErrors{"code": "factor.wrong"})
		keys, err := cases.Passkeys.List(ctx, b)
		noError(t, err)
		same(t, []any{len(keys), keys[0].Name, string(keys[0].Credential)}, []any{1, "Office computer", `{"n":1}`})
		wantError(t, cases.Passkeys.Remove(ctx, b, keys[0].ID), survey.ErrProveAgain)
		wantError(t, s.cases.Passkeys.Remove(ctx, s.leader, keys[0].ID), survey.ErrNotFound)
		noError(t, s.cases.Factors.Reset(ctx, s.admin, u.ID))
		_, err = cases.SignIns.Staff(ctx, cookie)
		wantError(t, err, survey.ErrNotSignedIn)
	})
}
