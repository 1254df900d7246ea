package web

import (
	"errors"
	"net/http"
	"slices"
	"strconv"
	"time"

	"github.com/gin-gonic/gin"

	"tidemark/survey"
)

// tokenDays are for how many days a token can be made.
func tokenDays() []int { return []int{30, 90, 180, 365} }

// tokensPage lets programs act for whoever is signed in.
type tokensPage struct {
	Page
	Study  survey.Study
	Path   string
	Form   staffForm
	Always string        // what every token may
	Scopes []scopeChoice // what it may besides
	Days   []int
	Book   survey.TokenBook
	Admin  bool   // sees everybody's
	Hooks  bool   // may see webhooks
	Paused int    // of them
	Secret string // just made: it is shown this once
	Made   survey.APIToken
	API    string // the address of the API
	REDCap string // of the REDCap-shaped one
}

// scopeChoice is a scope with what it opens, in words.
type scopeChoice struct {
	Scope survey.Scope
	Words string
	On    bool
}

// scopeWords says what a scope opens.
func scopeWords(s survey.Scope) string {
	switch s {
	case survey.ScopeMetadata:
		return "read what is asked and when: occasions, arms, questionnaires, variables, course runs"
	case survey.ScopePeople:
		return "read who takes part, by pseudonym, and how far they have come"
	case survey.ScopeAnswers:
		return "read answers, scores and snapshots"
	case survey.ScopeWritePeople:
		return "enrol people in the course runs that you manage"
	case survey.ScopeWriteAnswers:
		return "bring in what people have answered on paper (for scripts written for REDCap)"
	}
	return string(s)
}

func (s *Server) showTokens(c *gin.Context, a survey.Actor) error {
	study, err := s.study(c, a)
	if err != nil {
		return err
	}
	return s.tokensPage(c, a, http.StatusOK, tokensPage{Study: study, Form: given("days", "90", "shape", string(survey.TokenBearer))})
}

// tokensPage shows the page; what is given of it is filled up.
func (s *Server) tokensPage(c *gin.Context, a survey.Actor, status int, p tokensPage) error {
	var err error
	if p.Book, err = s.use.Tokens.Book(c.Request.Context(), a, p.Study.ID); err != nil {
		return err
	}
	p.Page = s.staffPage(c, a, p.Study, sectionStudy, "Access for programs")
	p.Path, p.Days, p.Admin = studyPath(p.Study)+"/tokens", tokenDays(), a.IsAdministrator()
	p.API, p.REDCap = s.link("/api/v1"), s.link("/api/")
	p.Always = scopeWords(survey.ScopeMetadata)
	for _, scope := range p.Book.May {
		if scope == survey.ScopeMetadata {
			continue
		}
		p.Scopes = append(p.Scopes, scopeChoice{scope, scopeWords(scope), slices.Contains(p.Form.Values["scopes"], string(scope))})
	}
	hooks, err := s.use.Webhooks.Book(c.Request.Context(), a, p.Study.ID)
	if err != nil && !errors.Is(err, survey.ErrNotFound) {
		return err
	}
	p.Hooks, p.Paused = err == nil, hooks.Paused()
	if len(p.Form.Faults) > 0 {
		erring(&p.Page)
	}
	return s.render(c, status, "staff_tokens", p)
}

// makeToken makes a token and shows it this once.
func (s *Server) makeToken(c *gin.Context, a survey.Actor) error {
	study, values, err := s.studyForm(c, a)
	if err != nil {
		return err
	}
	n := survey.NewToken{Name: values.Get("name"), Shape: survey.TokenShape(values.Get("shape"))}
	for _, scope := range values["scopes"] {
		n.Scopes = append(n.Scopes, survey.Scope(scope))
	}
	if days, err := strconv.Atoi(values.Get("days")); err == nil && slices.Contains(tokenDays(), days) {
		n.Expires = s.cfg.Now().Add(time.Duration(days) * 24 * time.Hour)
	}
	secret, made, err := s.use.Tokens.Create(c.Request.Context(), a, study.ID, n)
	if err != nil {
		f, status, err := again(values, err, "")
		if err != nil {
			return err
		}
		return s.tokensPage(c, a, status, tokensPage{Study: study, Form: f})
	}
	return s.tokensPage(c, a, http.StatusOK, tokensPage{
		Study: study, Form: given("days", "90", "shape", string(survey.TokenBearer)), Secret: secret, Made: made,
	})
}

func (s *Server) revokeToken(c *gin.Context, a survey.Actor) error {
	study, err := s.study(c, a)
	if err != nil {
		return err
	}
	if err := s.use.Tokens.Revoke(c.Request.Context(), a, study.ID, survey.TokenID(c.Param("token"))); err != nil {
		return err
	}
	return redirect(c, studyPath(study)+"/tokens")
}
