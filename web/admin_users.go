package web

import (
	"slices"

	"github.com/gin-gonic/gin"

	"tidemark/survey"
)

type adminPage struct {
	Page
	Studies   []survey.Study
	Users     []userLine
	Protocols []survey.Protocol
	NewUser   staffForm
	NewStudy  staffForm
	Grant     staffForm
	// GrantFor is the account whose grant was faulty.
	GrantFor survey.UserID
	Minimum  int  // of a trend's people, as a study starts with
	Mail     bool // letters leave the installation
	Outgoing survey.Outgoing
	Roles    []roleChoice
	Backups  backupCard
	Provider string // by which people can sign in; empty: there is none
}

// userLine is one account with its roles in words.
type userLine struct {
	survey.User
	Roles []roleLine
	Self  bool
}

// Takeable are the roles that can be taken from somebody: not one's own as an
// administrator.
func (l userLine) Takeable() []roleLine {
	own := grantText(survey.Grant{Role: survey.RoleAdministrator})
	return slices.DeleteFunc(slices.Clone(l.Roles), func(r roleLine) bool { return l.Self && r.Grant == own })
}

func (s *Server) showAdmin(c *gin.Context, a survey.Actor) error {
	return s.adminForm(c, a, 200, adminPage{})
}

// adminForm shows the page of accounts and studies; p brings the form that could
// not be used.
func (s *Server) adminForm(c *gin.Context, a survey.Actor, status int, p adminPage) error {
	ctx := c.Request.Context()
	users, err := s.use.Users.List(ctx, a)
	if err != nil {
		return err
	}
	if p.Studies, err = s.use.Studies.List(ctx, a); err != nil {
		return err
	}
	if p.Outgoing, err = s.use.Outbox.Standing(ctx, a); err != nil {
		return err
	}
	backups, err := s.use.Backups.Latest(ctx, a)
	if err != nil {
		return err
	}
	p.Backups = newBackupCard(backups, s.cfg.Now())
	p.Page, p.Mail = s.staffPage(c, a, survey.Study{}, sectionAdmin, "Administration"), s.cfg.Mail
	p.Roles = append(roleChoices(), roleChoice{survey.RoleAdministrator, roleWord(survey.RoleAdministrator) + ": " + roleMeans(survey.RoleAdministrator)})
	p.Provider = s.provider()
	p.Protocols, p.Minimum = survey.Protocols(), survey.DefaultTrendMinimum
	for _, u := range users {
		p.Users = append(p.Users, userLine{User: u, Roles: roleLines(u, p.Studies), Self: u.ID == a.User.ID})
	}
	if status != 200 {
		erring(&p.Page)
	}
	return s.render(c, status, "admin", p)
}

func (s *Server) createUser(c *gin.Context, a survey.Actor) error {
	values, err := readForm(c)
	if err != nil {
		return err
	}
	grant, err := s.grantOf(c, a, values.Get("role"), values.Get("study"))
	if err != nil {
		return err
	}
	_, err = s.use.Users.Create(c.Request.Context(), a, survey.NewUser{
		Email: values.Get("email"), Name: values.Get("name"), Grants: []survey.Grant{grant},
	})
	if err != nil {
		f, status, err := again(values, err, "email")
		if err != nil {
			return err
		}
		return s.adminForm(c, a, status, adminPage{NewUser: f})
	}
	return redirect(c, "/admin")
}

// grantOf makes a grant of what a form says. A study that is not there leaves
// its place empty, which no role but the administrator's may have.
func (s *Server) grantOf(c *gin.Context, a survey.Actor, role, studyKey string) (survey.Grant, error) {
	g := survey.Grant{Role: survey.Role(role)}
	if g.Role == survey.RoleAdministrator || g.Role == survey.RoleAuditor && studyKey == "" {
		return g, nil
	}
	studies, err := s.use.Studies.List(c.Request.Context(), a)
	if err != nil {
		return g, err
	}
	for _, st := range studies {
		if st.Key == studyKey {
			g.StudyID = st.ID
		}
	}
	return g, nil
}

func (s *Server) grantRole(c *gin.Context, a survey.Actor) error {
	values, err := readForm(c)
	if err != nil {
		return err
	}
	id := survey.UserID(c.Param("user"))
	grant, err := s.grantOf(c, a, values.Get("role"), values.Get("study"))
	if err != nil {
		return err
	}
	if err := s.use.Users.Grant(c.Request.Context(), a, id, grant); err != nil {
		f, status, err := again(values, err, "role")
		if err != nil {
			return err
		}
		return s.adminForm(c, a, status, adminPage{Grant: f, GrantFor: id})
	}
	return redirect(c, "/admin")
}

func (s *Server) disableUser(c *gin.Context, a survey.Actor) error {
	if err := s.use.Users.Disable(c.Request.Context(), a, survey.UserID(c.Param("user"))); err != nil {
		return err
	}
	return redirect(c, "/admin")
}

type invitePage struct {
	Page
	Name, Email, Link string
	Days              int
}

// inviteUser makes a sign-in link and shows it, once: only a hash of it is kept.
func (s *Server) inviteUser(c *gin.Context, a survey.Actor) error {
	ctx, id := c.Request.Context(), survey.UserID(c.Param("user"))
	users, err := s.use.Users.List(ctx, a)
	if err != nil {
		return err
	}
	for _, u := range users {
		if u.ID != id || !u.DisabledAt.IsZero() {
			continue
		}
		token, err := s.use.Users.Invite(ctx, a, id, false)
		if err != nil {
			return err
		}
		return s.render(c, 200, "admin_invite", invitePage{
			Page: s.staffPage(c, a, survey.Study{}, sectionAdmin, "Sign-in link"),
			Name: u.Name, Email: u.Email, Link: s.link("/sign-in/link/" + token),
			Days: int(survey.InvitationLifetime.Hours() / 24),
		})
	}
	return survey.ErrNotFound
}
