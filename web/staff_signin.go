package web

import (
	"errors"

	"github.com/gin-gonic/gin"

	"tidemark/survey"
)

type signInPage struct {
	Page
	Email, Next string
	Wrong       bool
}

func (s *Server) showSignIn(c *gin.Context) error {
	return s.render(c, 200, "staff_signin", signInPage{
		Page: s.page(c, "Sign in"), Next: localPath(c.Query("next"), ""),
	})
}

// signIn takes an e-mail address and a password. Whatever is wrong with them,
// the answer is the same.
func (s *Server) signIn(c *gin.Context) error {
	values, err := readForm(c)
	if err != nil {
		return err
	}
	ctx, email := c.Request.Context(), values.Get("email")
	next := localPath(values.Get("next"), "")
	cookie, user, err := s.use.SignIns.ByPassword(ctx, email, values.Get("password"))
	if errors.Is(err, survey.ErrNotSignedIn) {
		status, _ := statusOf(err)
		p := signInPage{Page: s.page(c, "Sign in"), Email: email, Next: next, Wrong: true}
		erring(&p.Page)
		return s.render(c, status, "staff_signin", p)
	}
	if err != nil {
		return err
	}
	s.setCookie(c, survey.SignInUser, cookie, survey.StaffSignInLifetime)
	if next != "" {
		return redirect(c, next)
	}
	return s.goHome(c, survey.UserActor(user))
}

type staffLinkPage struct {
	Page
	Name   string
	Action string
}

// showStaffLink greets whoever opens a sign-in link. It changes nothing, so that
// a mail scanner that follows the link does not use it up.
func (s *Server) showStaffLink(c *gin.Context) error {
	user, err := s.use.SignIns.StaffLink(c.Request.Context(), c.Param("token"))
	if err != nil {
		return deadStaffLink(err)
	}
	name := user.Name
	if name == "" {
		name = user.Email
	}
	return s.render(c, 200, "staff_link", staffLinkPage{
		Page: s.page(c, "Sign in"), Name: name, Action: c.Request.URL.Path,
	})
}

// useStaffLink signs in, and leaves the address with the token behind. Whoever
// has no password yet is asked for one first, because the link may not work a
// second time; in a rehearsal it does.
func (s *Server) useStaffLink(c *gin.Context) error {
	cookie, user, err := s.use.SignIns.ByStaffLink(c.Request.Context(), c.Param("token"))
	if err != nil {
		return deadStaffLink(err)
	}
	s.setCookie(c, survey.SignInUser, cookie, survey.StaffSignInLifetime)
	if user.PasswordHash == "" && !s.cfg.Demo {
		return redirect(c, "/account")
	}
	return s.goHome(c, survey.UserActor(user))
}

// deadStaffLink gives every sign-in link that does not work the same page.
func deadStaffLink(err error) error {
	if errors.Is(err, survey.ErrNotFound) {
		return errDeadStaffLink
	}
	return err
}

// signOut ends the sign-in of this device.
func (s *Server) signOut(c *gin.Context, a survey.Actor) error {
	cookie, err := c.Cookie(s.cookieName(survey.SignInUser))
	if err != nil {
		return survey.ErrNotSignedIn
	}
	if err := s.use.SignIns.SignOut(c.Request.Context(), a, cookie); err != nil {
		return err
	}
	s.clearCookie(c, survey.SignInUser)
	return redirect(c, "/sign-in")
}

// goHome sends somebody who has signed in to where their work is.
func (s *Server) goHome(c *gin.Context, a survey.Actor) error {
	home, err := s.homeOf(c, a)
	if err != nil {
		return err
	}
	return redirect(c, home)
}

// homeOf is the page for the one thing somebody does here, or the list of
// studies for whoever does several.
func (s *Server) homeOf(c *gin.Context, a survey.Actor) (string, error) {
	const list = "/studies"
	if len(a.User.Grants) != 1 {
		return list, nil
	}
	g := a.User.Grants[0]
	if g.Role == survey.RoleAdministrator {
		return "/admin", nil
	}
	studies, err := s.use.Studies.List(c.Request.Context(), a)
	if err != nil || len(studies) != 1 {
		return list, err
	}
	if g.Role == survey.RoleResearcher {
		return studyPath(studies[0]) + "/results", nil
	}
	runs, err := s.use.Runs.List(c.Request.Context(), a, g.StudyID)
	if err != nil || len(runs) == 0 {
		return studyPath(studies[0]) + "/runs", err
	}
	return runPath(studies[0], s.currentRun(runs).ID), nil
}

// currentRun is the latest run that has begun and is not over, or else the one
// with the latest start. There is at least one.
func (s *Server) currentRun(runs []survey.RunSummary) survey.CourseRun {
	now := s.cfg.Now()
	for _, r := range runs {
		if week := r.Run.Week(now); week >= 1 && week <= courseWeeks(r.Run) {
			return r.Run
		}
	}
	return runs[0].Run
}
