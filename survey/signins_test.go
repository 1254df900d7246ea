package survey_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"tidemark/survey"
	"tidemark/survey/auth"
	"tidemark/survey/storetest"
)

func TestACookieLastsAsLongAsItSays(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, s *stage) {
		a := s.enrol(t, "course", 1)[0]
		e := a.Participation.Enrolment
		cookie, _, err := s.cases.SignIns.ByPersonalLink(t.Context(), s.keys.PersonalToken(s.study.ID, e.ID, 1))
		noError(t, err)
		begun := s.clock()
		got, err := s.cases.SignIns.Participant(t.Context(), cookie)
		noError(t, err)
		same(t, got, a)
		s.at(begun.Add(survey.ParticipantSignInLifetime - time.Millisecond))
		_, err = s.cases.SignIns.Participant(t.Context(), cookie)
		noError(t, err)
		s.at(begun.Add(survey.ParticipantSignInLifetime))
		_, err = s.cases.SignIns.Participant(t.Context(), cookie)
		wantError(t, err, survey.ErrNotSignedIn)
	})
}

func TestSigningOutEndsThisDeviceAlone(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, s *stage) {
		e := s.enrol(t, "course", 1)[0].Participation.Enrolment
		token := s.keys.PersonalToken(s.study.ID, e.ID, 1)
		telephone, _, err := s.cases.SignIns.ByPersonalLink(t.Context(), token)
		noError(t, err)
		laptop, _, err := s.cases.SignIns.ByPersonalLink(t.Context(), token)
		noError(t, err)
		a, err := s.cases.SignIns.Participant(t.Context(), telephone)
		noError(t, err)
		noError(t, s.cases.SignIns.SignOut(t.Context(), a, telephone))
		_, err = s.cases.SignIns.Participant(t.Context(), telephone)
		wantError(t, err, survey.ErrNotSignedIn)
		_, err = s.cases.SignIns.Participant(t.Context(), laptop)
		noError(t, err)
		_, err = s.cases.SignIns.Staff(t.Context(), laptop)
		wantError(t, err, survey.ErrNotSignedIn)
	})
}

func TestDeadLinksAreAllAlike(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, s *stage) {
		people := s.enrol(t, "course", 3)
		token := func(i int) string {
			return s.keys.PersonalToken(s.study.ID, people[i].Participation.Enrolment.ID, 1)
		}
		// The first is replaced, the second will have expired, the third works.
		id := people[0].Participation.Enrolment.ID
		noError(t, s.store.InTx(t.Context(), func(tx survey.Tx) error {
			return tx.ReplaceLink(t.Context(), survey.PersonalLink{
				StudyID: s.study.ID, EnrolmentID: id, Generation: 2, ExpiresAt: s.clock().AddDate(2, 0, 0),
				TokenHash: s.keys.HashToken(s.keys.PersonalToken(s.study.ID, id, 2)),
			}, s.clock())
		}))
		_, _, err := s.cases.SignIns.ByPersonalLink(t.Context(), token(2))
		noError(t, err)
		_, link, err := s.store.ParticipationByLink(t.Context(), s.keys.HashToken(token(1)))
		noError(t, err)
		s.at(link.ExpiresAt)
		dead := []string{token(0), token(1), s.keys.PersonalToken(s.study.ID, id, 3), "", "x", strings.Repeat("y", 5000), "\xff\x00"}
		s.unchanged(t, func() {
			for i, token := range dead {
				_, err := s.cases.SignIns.PersonalLink(t.Context(), token)
				wantError(t, err, survey.ErrNotFound)
				cookie, _, err := s.cases.SignIns.ByPersonalLink(t.Context(), token)
				wantError(t, err, survey.ErrNotFound)
				if cookie != "" {
					t.Errorf("dead link %d gave a cookie", i)
				}
			}
		})
		_, _, err = s.cases.SignIns.ByPersonalLink(t.Context(), s.keys.PersonalToken(s.study.ID, id, 2))
		noError(t, err)
	})
}

func TestLookingAtALinkChangesNothing(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, s *stage) {
		e := s.enrol(t, "course", 1)[0].Participation.Enrolment
		invitation, err := s.cases.Users.Invite(t.Context(), s.admin, s.leader.User.ID, false)
		noError(t, err)
		s.unchanged(t, func() {
			for range 3 {
				p, err := s.cases.SignIns.PersonalLink(t.Context(), s.keys.PersonalToken(s.study.ID, e.ID, 1))
				noError(t, err)
				same(t, p.Enrolment, e)
				u, err := s.cases.SignIns.StaffLink(t.Context(), invitation)
				noError(t, err)
				same(t, u.ID, s.leader.User.ID)
			}
		})
		_, _, err = s.cases.SignIns.ByStaffLink(t.Context(), survey.Client{}, invitation)
		noError(t, err) // it is still unused
	})
}

func TestAnInvitationWorksOnceAndForAWeek(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, s *stage) {
		invite := func(reusable bool) string {
			token, err := s.cases.Users.Invite(t.Context(), s.admin, s.leader.User.ID, reusable)
			noError(t, err)
			return token
		}
		older := invite(false)
		once, often, disabled := invite(false), invite(true), ""
		_, err := s.cases.SignIns.StaffLink(t.Context(), older)
		wantError(t, err, survey.ErrNotFound) // a newer one takes its place
		cookie, user, err := s.cases.SignIns.ByStaffLink(t.Context(), survey.Client{}, once)
		noError(t, err)
		same(t, user.ID, s.leader.User.ID)
		a, err := s.cases.SignIns.Staff(t.Context(), cookie)
		noError(t, err)
		same(t, a.MayRun(s.study.ID, s.run.ID), true)
		for range 2 {
			_, _, err = s.cases.SignIns.ByStaffLink(t.Context(), survey.Client{}, often)
			noError(t, err)
		}
		other := s.user(t)
		disabled, err = s.cases.Users.Invite(t.Context(), s.admin, other.User.ID, true)
		noError(t, err)
		noError(t, s.cases.Users.Disable(t.Context(), s.admin, other.User.ID))
		begun := s.clock()
		for _, token := range []string{once, disabled, "", "x"} {
			_, err := s.cases.SignIns.StaffLink(t.Context(), token)
			wantError(t, err, survey.ErrNotFound)
			_, _, err = s.cases.SignIns.ByStaffLink(t.Context(), survey.Client{}, token)
			wantError(t, err, survey.ErrNotFound)
		}
		late := invite(false)
		s.at(begun.Add(survey.InvitationLifetime))
		for _, token := range []string{often, late} {
			_, _, err := s.cases.SignIns.ByStaffLink(t.Context(), survey.Client{}, token)
			wantError(t, err, survey.ErrNotFound)
		}
		_, err = s.cases.SignIns.Staff(t.Context(), cookie)
		wantError(t, err, survey.ErrNotSignedIn) // twelve hours have passed
	})
}

const password = "correct horse battery staple"

func TestAPasswordSignsInAndAnythingElseDoesNot(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, s *stage) {
		u, err := s.cases.Users.Create(t.Context(), s.admin, survey.NewUser{Email: " Ada@Example.org ", Password: password})
		noError(t, err)
		same(t, u.Email, "ada@example.org")
		noPassword := s.user(t).User
		gone, err := s.cases.Users.Create(t.Context(), s.admin, survey.NewUser{Email: "gone@example.org", Password: password})
		noError(t, err)
		noError(t, s.cases.Users.Disable(t.Context(), s.admin, gone.ID))

		cookie, got, err := s.cases.SignIns.ByPassword(t.Context(), survey.Client{}, "ADA@example.org", password)
		noError(t, err)
		same(t, got, u)
		a, err := s.cases.SignIns.Staff(t.Context(), cookie)
		noError(t, err)
		same(t, a.User, u)
		for _, c := range [][2]string{
			{"ada@example.org", password + " "}, {"ada@example.org", ""}, {"nobody@example.org", password},
			{noPassword.Email, ""}, {noPassword.Email, password}, {"gone@example.org", password}, {"", ""},
		} {
			cookie, user, err := s.cases.SignIns.ByPassword(t.Context(), survey.Client{}, c[0], c[1])
			wantError(t, err, survey.ErrNotSignedIn)
			same(t, []any{cookie, user}, []any{"", survey.User{}})
		}
		noError(t, s.cases.Users.SetPassword(t.Context(), system(), u.ID, password+"!"))
		_, _, err = s.cases.SignIns.ByPassword(t.Context(), survey.Client{}, "ada@example.org", password)
		wantError(t, err, survey.ErrNotSignedIn)
		_, _, err = s.cases.SignIns.ByPassword(t.Context(), survey.Client{}, "ada@example.org", password+"!")
		noError(t, err)
	})
}

// slowKeys counts how often a password was checked against a hash.
type slowKeys struct {
	*auth.Keys
	hashes []string
}

func (k *slowKeys) VerifyPassword(ctx context.Context, hash, password string) (bool, error) {
	k.hashes = append(k.hashes, hash)
	return k.Keys.VerifyPassword(ctx, hash, password)
}

func TestAnUnknownAddressTakesAsLongAsAWrongPassword(t *testing.T) {
	t.Parallel()
	s := newStage(t, storetest.SQLite)
	_, err := s.cases.Users.Create(t.Context(), s.admin, survey.NewUser{Email: "ada@example.org", Password: password})
	noError(t, err)
	keys := &slowKeys{Keys: s.keys}
	cases := survey.NewUseCases(survey.Env{
		Store: s.store, Now: s.clock, Keys: keys, NewID: func() string { return keys.NewToken() },
	})
	// The least of several, taken by turns: a busy machine makes some slow.
	least := map[string]time.Duration{}
	for range 5 {
		for _, email := range []string{"ada@example.org", "nobody@example.org"} {
			began := time.Now()
			_, _, err := cases.SignIns.ByPassword(t.Context(), survey.Client{}, email, "a wrong password")
			took := time.Since(began)
			wantError(t, err, survey.ErrNotSignedIn)
			if least[email] == 0 || took < least[email] {
				least[email] = took
			}
		}
	}
	if len(keys.hashes) != 10 || keys.hashes[1] != "" {
		t.Errorf("the hashes checked were %q, want one each time", keys.hashes)
	}
	if known, unknown := least["ada@example.org"], least["nobody@example.org"]; unknown < known/5 {
		t.Errorf("an unknown address takes %v and a known one %v", unknown, known)
	}
}

func TestExpiredCookiesAreSweptAway(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, s *stage) {
		token, err := s.cases.Users.Invite(t.Context(), s.admin, s.leader.User.ID, true)
		noError(t, err)
		old, _, err := s.cases.SignIns.ByStaffLink(t.Context(), survey.Client{}, token)
		noError(t, err)
		begun := s.clock()
		s.at(begun.Add(survey.StaffSignInLifetime))
		_, _, err = s.cases.SignIns.ByStaffLink(t.Context(), survey.Client{}, token)
		noError(t, err)
		s.at(begun) // even by a clock set back
		_, err = s.cases.SignIns.Staff(t.Context(), old)
		wantError(t, err, survey.ErrNotSignedIn)
	})
}
