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
	Waiting     waiting
	Passkeys    bool   // can be used here
	Resets      bool   // links to a new password are mailed
	Provider    string // by which people can sign in; empty: there is none
	Left        bool   // somebody has just signed out who came by it
}

func (s *Server) showSignIn(c *gin.Context) error {
	return s.render(c, 200, "staff_signin", signInPage{
		Page: s.page(c, "Sign in"), Next: localPath(c.Query("next"), ""), Passkeys: s.cfg.Passkeys != nil, Resets: s.use.SignIns.ResetsByMail(),
		Provider: s.provider(), Left: c.Query("out") == "provider",
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
	cookie, user, err := s.use.SignIns.ByPassword(ctx, s.client(c), email, values.Get("password"))
	minutes, often := tooMany(c, err)
	if often || errors.Is(err, survey.ErrNotSignedIn) {
		status, _ := statusOf(err)
		p := signInPage{Page: s.page(c, "Sign in"), Email: email, Next: next, Wrong: !often, Waiting: waiting{minutes}, Passkeys: s.cfg.Passkeys != nil, Resets: s.use.SignIns.ResetsByMail(), Provider: s.provider()}
		erring(&p.Page)
		return s.render(c, status, "staff_signin", p)
	}
	if err != nil {
		return err
	}
	return s.enter(c, cookie, user, next)
}

// factorStep is what a browser keeps between the password and the second factor.
const factorStep survey.SignInKind = "staff_step"

// enter lets somebody in who has shown a password or a link, or sends them to show their
// second factor. What an older sign-in of this browser was good for ends.
func (s *Server) enter(c *gin.Context, cookie string, user survey.User, next string) error {
	if user.HasSecondFactor() {
		s.setCookie(c, factorStep, cookie, survey.FactorStepLifetime)
		return redirect(c, codeStepPath(next))
	}
	return s.entered(c, cookie, user, next)
}

// entered lets somebody in who has shown all that is asked.
func (s *Server) entered(c *gin.Context, cookie string, user survey.User, next string) error {
	if err := s.admit(c, cookie, user); err != nil {
		return err
	}
	if next != "" {
		return redirect(c, next)
	}
	return s.goHome(c, survey.UserActor(user))
}

// admit gives a browser its sign-in.
func (s *Server) admit(c *gin.Context, cookie string, user survey.User) error {
	if old, err := c.Cookie(s.cookieName(survey.SignInUser)); err == nil && old != "" {
		if err := s.use.SignIns.Forget(c.Request.Context(), old); err != nil {
			return err
		}
	}
	s.setCookie(c, survey.SignInUser, cookie, survey.StaffSignInLifetime)
	s.setCookie(c, staffDevice, s.use.SignIns.NewDevice(user), staffDeviceLife)
	return nil
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

// useStaffLink signs in, and leaves the address with the token behind. Whoever was made a
// link has no password yet, or has forgotten it, and is led to where one is set; in a
// rehearsal nobody has one.
func (s *Server) useStaffLink(c *gin.Context) error {
	cookie, user, err := s.use.SignIns.ByStaffLink(c.Request.Context(), s.client(c), c.Param("token"))
	if err != nil {
		return deadStaffLink(err)
	}
	next := passwordPath
	if s.cfg.Demo {
		next = ""
	}
	return s.enter(c, cookie, user, next)
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
	if s.cfg.Provider != nil && a.SignIn.Way == survey.ByWayOfProvider {
		return redirect(c, "/sign-in?out=provider")
	}
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
	switch g.Role {
	case survey.RoleAdministrator:
		return "/admin", nil
	case survey.RoleAuditor:
		return auditPath, nil
	case survey.RoleLead, survey.RoleResearcher, survey.RoleDataManager, survey.RoleFacilitator:
	}
	studies, err := s.use.Studies.List(c.Request.Context(), a)
	if err != nil || len(studies) != 1 {
		return list, err
	}
	switch g.Role {
	case survey.RoleLead:
		return studyPath(studies[0]), nil
	case survey.RoleResearcher:
		return studyPath(studies[0]) + "/results", nil
	case survey.RoleDataManager:
		return studyPath(studies[0]) + "/runs", nil
	case survey.RoleAdministrator, survey.RoleAuditor, survey.RoleFacilitator:
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
		if week := r.Run.Week(now); week >= 1 && week <= r.Meetings {
			return r.Run
		}
	}
	return runs[0].Run
}
