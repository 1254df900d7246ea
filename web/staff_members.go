package web

import (
	"cmp"
	"slices"
	"strings"

	"github.com/gin-gonic/gin"

	"tidemark/survey"
)

// membersPage is who has which role in a study.
type membersPage struct {
	Page
	Study   survey.Study
	Path    string
	Members []memberLine
	Roles   []roleChoice
	Runs    []survey.CourseRun
	Form    staffForm
	Taking  staffForm
	Link    string // of an account that was just made, shown this once
	For     string // whose
	Days    int
	Did     string
}

// memberLine is one member with the roles in words.
type memberLine struct {
	survey.Member
	Roles []memberRole
	Self  bool
}

// memberRole is one role as it can be taken.
type memberRole struct {
	survey.Grant
	Word string
	Run  string // name, of a facilitator of one run
	Keep bool   // nobody takes their own lead
}

// roleChoice is a role with what it is for.
type roleChoice struct {
	Role survey.Role
	Word string
}

// roleChoices are the roles of a study, each with what whoever has it sees.
func roleChoices() []roleChoice {
	var all []roleChoice
	for _, r := range survey.StudyRoles() {
		all = append(all, roleChoice{r, roleWord(r) + ": " + roleMeans(r)})
	}
	return all
}

func roleMeans(r survey.Role) string {
	switch r {
	case survey.RoleAdministrator:
		return "accounts and studies"
	case survey.RoleLead:
		return "sets the study up, gives its roles, sees results"
	case survey.RoleResearcher:
		return "results and data under codes"
	case survey.RoleFacilitator:
		return "the people and meetings of course runs"
	case survey.RoleDataManager:
		return "who takes part and how they are reached; no answers"
	case survey.RoleAuditor:
		return "the audit trail and nothing else"
	}
	return ""
}

func (s *Server) showMembers(c *gin.Context, a survey.Actor) error {
	study, err := s.study(c, a)
	if err != nil {
		return err
	}
	return s.membersForm(c, a, study, 200, membersPage{})
}

// membersForm shows the page; p brings the form that could not be used, or what was done.
func (s *Server) membersForm(c *gin.Context, a survey.Actor, study survey.Study, status int, p membersPage) error {
	members, err := s.use.Members.List(c.Request.Context(), a, study.ID)
	if err != nil {
		return err
	}
	if p.Runs, err = s.use.Members.Runs(c.Request.Context(), a, study.ID); err != nil {
		return err
	}
	p.Page = s.staffPage(c, a, study, sectionMembers, "People with a role")
	p.Study, p.Path, p.Roles = study, studyPath(study)+"/members", roleChoices()
	p.Days = int(survey.InvitationLifetime.Hours() / 24)
	for _, m := range members {
		l := memberLine{Member: m, Self: m.ID == a.User.ID}
		for _, g := range m.Grants {
			role := memberRole{Grant: g, Word: roleWord(g.Role), Keep: l.Self && g.Role == survey.RoleLead && !a.IsAdministrator()}
			if i := slices.IndexFunc(p.Runs, func(r survey.CourseRun) bool { return r.ID == g.RunID }); i >= 0 {
				role.Run = p.Runs[i].Name
			}
			l.Roles = append(l.Roles, role)
		}
		p.Members = append(p.Members, l)
	}
	if status == 200 {
		p.Did = cmp.Or(p.Did, c.Query("did"))
	} else {
		erring(&p.Page)
	}
	return s.render(c, status, "staff_members", p)
}

// giveRole gives a role in a study, and makes an account where there is none.
func (s *Server) giveRole(c *gin.Context, a survey.Actor) error {
	study, values, err := s.studyForm(c, a)
	if err != nil {
		return err
	}
	n := survey.NewMember{Email: values.Get("email"), Name: values.Get("name"), Role: survey.Role(values.Get("role"))}
	if n.Role == survey.RoleFacilitator {
		n.RunID = survey.RunID(values.Get("run"))
	}
	given, err := s.use.Members.Give(c.Request.Context(), a, study.ID, n)
	if err != nil {
		f, status, err := again(values, err, "email")
		if err != nil {
			return err
		}
		return s.membersForm(c, a, study, status, membersPage{Form: f})
	}
	if given.Token == "" {
		return redirect(c, studyPath(study)+"/members?did=given")
	}
	return s.membersForm(c, a, study, 200, membersPage{Link: s.link("/sign-in/link/" + given.Token), For: nameOf(given.User)})
}

// takeRole takes a role in a study away.
func (s *Server) takeRole(c *gin.Context, a survey.Actor) error {
	study, values, err := s.studyForm(c, a)
	if err != nil {
		return err
	}
	err = s.use.Members.Take(c.Request.Context(), a, study.ID, survey.UserID(c.Param("user")), survey.Grant{
		Role: survey.Role(values.Get("role")), RunID: survey.RunID(values.Get("run")),
	})
	if err != nil {
		f, status, err := again(values, err, "role")
		if err != nil {
			return err
		}
		return s.membersForm(c, a, study, status, membersPage{Taking: f})
	}
	if a.MayGiveRoles(study.ID) {
		return redirect(c, studyPath(study)+"/members?did=taken")
	}
	return redirect(c, "/studies")
}

// takeAnyRole is the same for administrators, who also take roles of the installation.
func (s *Server) takeAnyRole(c *gin.Context, a survey.Actor) error {
	values, err := readForm(c)
	if err != nil {
		return err
	}
	id := survey.UserID(c.Param("user"))
	role, study, run := cutGrant(values.Get("grant"))
	err = s.use.Users.Take(c.Request.Context(), a, id, survey.Grant{Role: role, StudyID: study, RunID: run})
	if err != nil {
		f, status, err := again(values, err, "role")
		if err != nil {
			return err
		}
		return s.adminForm(c, a, status, adminPage{Grant: f, GrantFor: id})
	}
	return redirect(c, "/admin")
}

// grantText writes a grant for a form, and cutGrant reads it.
func grantText(g survey.Grant) string {
	return string(g.Role) + " " + string(g.StudyID) + " " + string(g.RunID)
}

func cutGrant(text string) (survey.Role, survey.StudyID, survey.RunID) {
	parts := append(strings.Split(text, " "), "", "", "")
	return survey.Role(parts[0]), survey.StudyID(parts[1]), survey.RunID(parts[2])
}
