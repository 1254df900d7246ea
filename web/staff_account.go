package web

import (
	"github.com/gin-gonic/gin"

	"tidemark/survey"
)

type accountPage struct {
	Page
	User        survey.User
	Roles       []roleLine
	Form        staffForm
	Changed     bool
	MinPassword int
}

// roleLine is one role in words, with the study it is for.
type roleLine struct {
	Role  string
	Study string // title; empty for the installation
	Path  string // of the study
	Run   bool   // one course run only
}

func (s *Server) showAccount(c *gin.Context, a survey.Actor) error {
	return s.accountForm(c, a, 200, staffForm{})
}

func (s *Server) accountForm(c *gin.Context, a survey.Actor, status int, f staffForm) error {
	studies, err := s.use.Studies.List(c.Request.Context(), a)
	if err != nil {
		return err
	}
	p := accountPage{
		Page: s.staffPage(c, a, survey.Study{}, sectionAccount, "Your account"),
		User: a.User, Roles: roleLines(a.User, studies), Form: f,
		Changed: status == 200 && c.Query("changed") == "yes", MinPassword: survey.MinPassword,
	}
	if len(f.Faults) > 0 {
		erring(&p.Page)
	}
	return s.render(c, status, "staff_account", p)
}

// changePassword sets one's own password. It is typed twice, since it is not
// seen. All devices are signed out by it; this one is signed in anew.
func (s *Server) changePassword(c *gin.Context, a survey.Actor) error {
	values, err := readForm(c)
	if err != nil {
		return err
	}
	if values.Get("password") != values.Get("repeat") {
		err = survey.FieldErrors{"repeat": "user.password_differs"}
	} else {
		err = s.use.Users.SetPassword(c.Request.Context(), a, a.User.ID, values.Get("password"))
	}
	if err != nil {
		f, status, err := again(nil, err, "") // a password is not shown again
		if err != nil {
			return err
		}
		return s.accountForm(c, a, status, f)
	}
	cookie, _, err := s.use.SignIns.ByPassword(c.Request.Context(), a.User.Email, values.Get("password"))
	if err != nil {
		return s.needSignIn(c, err)
	}
	s.setCookie(c, survey.SignInUser, cookie, survey.StaffSignInLifetime)
	return redirect(c, "/account?changed=yes")
}

// roleLines says what somebody may do, in the order it was granted.
func roleLines(u survey.User, studies []survey.Study) []roleLine {
	var lines []roleLine
	for _, g := range u.Grants {
		l := roleLine{Role: roleWord(g.Role), Run: g.RunID != ""}
		for _, st := range studies {
			if st.ID == g.StudyID {
				l.Study, l.Path = st.Title, studyPath(st)
			}
		}
		lines = append(lines, l)
	}
	return lines
}
