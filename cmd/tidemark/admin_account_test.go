package main

import (
	"strings"
	"testing"
	"time"

	"github.com/pquerna/otp/totp"

	"tidemark/survey"
)

// The only administrator who has lost the device is let in by whoever runs the server.
func TestASecondFactorIsResetAndAnAccountOpenedAgainAtTheCommandLine(t *testing.T) {
	t.Parallel()
	db := newDatabase(t)
	must(t, password, "admin", "create", "ana@example.org", "--password-stdin", "--database", db)
	if r := tidemark(t, "", "admin", "reset-factor", "ana@example.org", "--database", db); r.code != exitFailure || !strings.Contains(r.stderr, "has no second factor") {
		t.Errorf("an account without one: exit %d, %q", r.code, r.stderr)
	}
	if r := tidemark(t, "", "admin", "enable", "ana@example.org", "--database", db); r.code != exitFailure || !strings.Contains(r.stderr, "is not closed") {
		t.Errorf("an account that is open: exit %d, %q", r.code, r.stderr)
	}
	in, ctx := openAt(t, db), t.Context()
	enter := func() survey.User {
		t.Helper()
		_, user, err := in.cases.SignIns.ByPassword(ctx, survey.Client{}, "ana@example.org", password)
		do(t, err)
		return user
	}
	a := survey.UserActor(enter())
	do(t, in.cases.Factors.Begin(ctx, a))
	state, err := in.cases.Factors.State(ctx, a)
	do(t, err)
	code, err := totp.GenerateCode(state.Setup, time.Now())
	do(t, err)
	_, err = in.cases.Factors.Confirm(ctx, a, code)
	do(t, err)
	if !enter().HasSecondFactor() {
		t.Error("the second factor is not asked for")
	}
	must(t, "", "admin", "disable", "ana@example.org", "--database", db)
	must(t, "", "admin", "enable", "ana@example.org", "--database", db)
	must(t, "", "admin", "reset-factor", "ana@example.org", "--database", db)
	if enter().HasSecondFactor() {
		t.Error("the second factor is asked for after it was reset")
	}
}
