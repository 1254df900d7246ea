package web

import (
	"time"

	"github.com/gin-gonic/gin"

	"tidemark/survey"
)

// passwordPath is where a password is set.
const passwordPath = "/account#pass"

type accountPage struct {
	Page
	User        survey.User
	Roles       []roleLine
	Form        staffForm
	Waiting     waiting
	Did         string // what was done before the page is shown
	AskOld      bool   // the password in force is asked for
	MinPassword int
	Factor      survey.FactorState
	Held        bool // a second factor is to be set up first
	SignIns     []signInLine
	Others      int       // sign-ins elsewhere
	Provider    string    // by which the account is signed in to
	Linked      time.Time // since when; zero: it is not
	Passkeys    []survey.Passkey
	AddPasskey  bool // browsers know passkeys at this address
}

// roleLine is one role in words, with the study it is for.
type roleLine struct {
	Role  string
	Study string // title; empty for the installation
	Path  string // of the study
	Run   bool   // one course run only
	Grant string // as a form sends it
}

func (s *Server) showAccount(c *gin.Context, a survey.Actor) error {
	return s.accountForm(c, a, 200, accountPage{})
}

// accountForm shows one's own account; p brings the form that could not be used.
func (s *Server) accountForm(c *gin.Context, a survey.Actor, status int, p accountPage) error {
	ctx := c.Request.Context()
	studies, err := s.use.Studies.List(ctx, a)
	if err != nil {
		return err
	}
	if p.Factor, err = s.use.Factors.State(ctx, a); err != nil {
		return err
	}
	if p.Passkeys, err = s.use.Passkeys.List(ctx, a); err != nil {
		return err
	}
	p.AddPasskey, p.Provider = s.cfg.Passkeys != nil, s.provider()
	linked, err := s.use.SignIns.Identities(ctx, a)
	if err != nil {
		return err
	}
	for _, i := range linked {
		p.Linked = i.LinkedAt
	}
	own, err := s.use.SignIns.Own(ctx, a)
	if err != nil {
		return err
	}
	p.SignIns = signInLines(own, s.cfg.Now())
	p.Others = len(own) - 1
	p.Page = s.staffPage(c, a, survey.Study{}, sectionAccount, "Your account")
	p.User, p.Roles, p.Held = a.User, roleLines(a.User, studies), a.Held
	p.AskOld, p.MinPassword = s.use.Users.AsksOldPassword(a), survey.MinPassword
	if status == 200 {
		p.Did = c.Query("did")
	} else {
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
	var cookie string
	if values.Get("password") != values.Get("repeat") {
		err = survey.FieldErrors{"repeat": "user.password_differs"}
	} else {
		cookie, err = s.use.Users.ChangePassword(c.Request.Context(), s.client(c), a, survey.NewPassword{
			Old: values.Get("old_password"), New: values.Get("password"),
		})
	}
	if minutes, often := tooMany(c, err); often {
		return s.accountForm(c, a, waiting{minutes}.status(200), accountPage{Waiting: waiting{minutes}})
	}
	if err != nil {
		f, status, err := again(nil, err, "") // a password is not shown again
		if err != nil {
			return err
		}
		return s.accountForm(c, a, status, accountPage{Form: f})
	}
	s.setCookie(c, survey.SignInUser, cookie, survey.StaffSignInLifetime)
	return redirect(c, "/account?did=password")
}

// roleLines says what somebody may do, in the order it was granted.
func roleLines(u survey.User, studies []survey.Study) []roleLine {
	var lines []roleLine
	for _, g := range u.Grants {
		l := roleLine{Role: roleWord(g.Role), Run: g.RunID != "", Grant: grantText(g)}
		for _, st := range studies {
			if st.ID == g.StudyID {
				l.Study, l.Path = st.Title, studyPath(st)
			}
		}
		lines = append(lines, l)
	}
	return lines
}
