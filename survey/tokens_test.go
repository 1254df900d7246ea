package survey_test

import (
	"encoding/json"
	"net/netip"
	"slices"
	"strings"
	"testing"
	"time"

	"tidemark/survey"
)

// token makes a token of somebody for the first study, and gives it.
func (s *stage) token(t *testing.T, a survey.Actor, scopes ...survey.Scope) (string, survey.APIToken) {
	t.Helper()
	secret, made, err := s.cases.Tokens.Create(t.Context(), a, s.study.ID, survey.NewToken{
		Name: "A script", Shape: survey.TokenBearer, Scopes: scopes, Expires: s.clock().Add(30 * 24 * time.Hour),
	})
	noError(t, err)
	return secret, made
}

func (s *stage) use(t *testing.T, secret string) (survey.Actor, error) {
	t.Helper()
	return s.cases.Tokens.Use(t.Context(), survey.Client{Address: netip.MustParseAddr("192.0.2.1")}, secret)
}

func TestATokenMayWhatItsPersonMayNowWithinItsScopes(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, s *stage) {
		study := s.study.ID
		both := s.user(t, survey.Grant{Role: survey.RoleAdministrator}, survey.Grant{Role: survey.RoleResearcher, StudyID: study},
			survey.Grant{Role: survey.RoleFacilitator, StudyID: study})
		other := s.newStudy(t, "other")
		for _, c := range []struct {
			scopes              []survey.Scope
			people, answer, run bool
		}{
			{nil, false, false, false},
			{[]survey.Scope{survey.ScopePeople}, true, false, false},
			{[]survey.Scope{survey.ScopeAnswers}, false, true, false},
			{[]survey.Scope{survey.ScopeWritePeople}, false, false, true},
			{[]survey.Scope{survey.ScopeWriteAnswers}, false, false, false},
			{survey.Scopes(), true, true, true},
		} {
			secret, _ := s.token(t, both, c.scopes...)
			a, err := s.use(t, secret)
			noError(t, err)
			got := []bool{a.MayKnowStudy(study), a.MayKnowPeople(study), a.MayAnalyse(study), a.MayRun(study, s.run.ID), a.MayRunAny(study)}
			same(t, got, []bool{true, c.people, c.answer, c.run, c.run})
			for what, may := range map[string]bool{
				"an administrator": a.IsAdministrator(), "questionnaires": a.MayKeepLibrary(), "courses": a.MayKeepCourses(),
				"new runs": a.MayStartRuns(study), "consent texts": a.MayWriteConsent(study),
				"another study": a.MayKnowStudy(other.ID) || a.MayKnowPeople(other.ID) || a.MayAnalyse(other.ID) || a.MayRun(other.ID, "x"),
			} {
				if may {
					t.Errorf("a token with %v may do what is for a person: %s", c.scopes, what)
				}
			}
			wantError(t, s.cases.Users.SetPassword(t.Context(), a, a.User.ID, "a sentence that is long enough"), survey.ErrForbidden)
			_, _, err = s.cases.Tokens.Create(t.Context(), a, study, survey.NewToken{})
			wantError(t, err, survey.ErrForbidden)
			_, err = s.cases.Tokens.Book(t.Context(), a, study)
			wantError(t, err, survey.ErrNotFound)
			wantError(t, s.cases.Tokens.Revoke(t.Context(), a, study, a.Token.ID), survey.ErrNotFound)
		}
		secret, _ := s.token(t, s.researcher, survey.ScopeAnswers)
		noError(t, s.cases.Users.Disable(t.Context(), s.admin, s.researcher.User.ID))
		_, err := s.use(t, secret)
		wantError(t, err, survey.ErrNotSignedIn)
	})
}

func TestATokenIsItsPersonsAndAdministratorsEnd(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, s *stage) {
		study, colleague := s.study.ID, s.user(t, survey.Grant{Role: survey.RoleResearcher, StudyID: s.study.ID})
		secret, made := s.token(t, s.researcher, survey.ScopeAnswers)
		b, err := s.cases.Tokens.Book(t.Context(), colleague, study)
		noError(t, err)
		same(t, len(b.Lines), 0)
		same(t, b.May, []survey.Scope{survey.ScopeMetadata, survey.ScopePeople, survey.ScopeAnswers, survey.ScopeWriteAnswers})
		wantError(t, s.cases.Tokens.Revoke(t.Context(), colleague, study, made.ID), survey.ErrNotFound)
		_, err = s.use(t, secret)
		noError(t, err)
		b, err = s.cases.Tokens.Book(t.Context(), s.admin, study)
		noError(t, err)
		same(t, len(b.Lines), 1)
		same(t, b.Lines[0].Person, "Somebody")
		same(t, b.Lines[0].Works, true)
		noError(t, s.cases.Tokens.Revoke(t.Context(), s.admin, study, made.ID))
		noError(t, s.cases.Tokens.Revoke(t.Context(), s.researcher, study, made.ID)) // twice is no fault
		_, err = s.use(t, secret)
		wantError(t, err, survey.ErrNotSignedIn)
		b, err = s.cases.Tokens.Book(t.Context(), s.researcher, study)
		noError(t, err)
		same(t, b.Lines[0].Works, false)

		// Of the token itself nothing is stored or noted.
		events, err := s.store.AuditEvents(t.Context(), study, 100)
		noError(t, err)
		var actions []survey.Action
		for _, e := range events {
			if e.ObjectKind == "token" {
				actions = append(actions, e.Action)
			}
		}
		slices.Reverse(actions)
		same(t, actions, []survey.Action{survey.ActionTokenMade, survey.ActionTokenUsed, survey.ActionTokenRevoked})
		all, err := s.store.Tokens(t.Context(), study)
		noError(t, err)
		told, err := json.Marshal([]any{events, all})
		noError(t, err)
		if strings.Contains(string(told), secret[len(made.Prefix):]) {
			t.Error("a token can be read from what is stored")
		}
	})
}

func TestATokenEndsByItselfAndIsNotedOnceADay(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, s *stage) {
		secret, made := s.token(t, s.researcher, survey.ScopeAnswers)
		same(t, len(secret), len("tmk_")+64)
		same(t, strings.HasPrefix(secret, made.Prefix), true)
		for range 2 {
			for range 3 {
				_, err := s.use(t, secret)
				noError(t, err)
			}
			s.at(s.clock().Add(24 * time.Hour))
		}
		n, err := s.store.CountAudit(t.Context(), s.study.ID, survey.ActionTokenUsed)
		noError(t, err)
		same(t, n, 2)
		s.at(s.clock().Add(28*24*time.Hour - time.Millisecond))
		_, err = s.use(t, secret)
		noError(t, err)
		s.at(s.clock().Add(time.Millisecond))
		_, err = s.use(t, secret)
		wantError(t, err, survey.ErrNotSignedIn)
		for _, bad := range []string{"", "tmk_", secret + "0", secret[:60], strings.Repeat("x", 5000)} {
			_, err = s.use(t, bad)
			wantError(t, err, survey.ErrNotSignedIn)
		}
	})
}

func TestUnknownTokensAreLimitedByNetworkAndOthersByThemselves(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, s *stage) {
		secret, _ := s.token(t, s.researcher)
		for range 60 {
			_, err := s.use(t, "tmk_nobody")
			wantError(t, err, survey.ErrNotSignedIn)
		}
		_, err := s.use(t, "tmk_nobody")
		wantError(t, err, survey.ErrTooMany)
		_, err = s.use(t, secret) // whoever has one is not kept out by others' guesses
		noError(t, err)
	})
}

func TestATokenThatCannotBeMadeSaysWhy(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, s *stage) {
		now := s.clock()
		good := survey.NewToken{Name: "n", Shape: survey.TokenREDCap, Scopes: []survey.Scope{survey.ScopeAnswers}, Expires: now.Add(survey.TokenLifetime)}
		secret, made, err := s.cases.Tokens.Create(t.Context(), s.researcher, s.study.ID, good)
		noError(t, err)
		if len(secret) != 32 || strings.Trim(secret, "0123456789ABCDEF") != "" {
			t.Errorf("%d characters, which clients of REDCap refuse", len(secret))
		}
		same(t, made.Scopes, []survey.Scope{survey.ScopeMetadata, survey.ScopeAnswers})
		for _, c := range []struct {
			change func(*survey.NewToken)
			want   survey.FieldErrors
		}{
			{func(n *survey.NewToken) { n.Name = " " }, survey.FieldErrors{"name": "token.name_missing"}},
			{func(n *survey.NewToken) { n.Shape = "" }, survey.FieldErrors{"shape": "token.shape"}},
			{func(n *survey.NewToken) { n.Scopes = []survey.Scope{"all"} }, survey.FieldErrors{"scopes": "token.scope"}},
			{func(n *survey.NewToken) { n.Scopes = []survey.Scope{survey.ScopeWritePeople} }, survey.FieldErrors{"scopes": "token.scope_not_yours"}},
			{func(n *survey.NewToken) { n.Expires = now }, survey.FieldErrors{"expires": "token.expires_past"}},
			{func(n *survey.NewToken) { n.Expires = now.Add(survey.TokenLifetime + time.Second) }, survey.FieldErrors{"expires": "token.expires_late"}},
		} {
			n := good
			c.change(&n)
			_, _, err := s.cases.Tokens.Create(t.Context(), s.researcher, s.study.ID, n)
			wantFaults(t, err, c.want)
		}
		for range 19 {
			_, _, err := s.cases.Tokens.Create(t.Context(), s.researcher, s.study.ID, good)
			noError(t, err)
		}
		_, _, err = s.cases.Tokens.Create(t.Context(), s.researcher, s.study.ID, good)
		wantFaults(t, err, survey.FieldErrors{"name": "token.too_many"})
	})
}
