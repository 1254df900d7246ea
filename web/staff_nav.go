package web

import (
	"slices"
	"strings"

	"github.com/gin-gonic/gin"

	"tidemark/survey"
)

// section is the part of the staff pages that a page belongs to.
type section string

// The sections, as the navigation shows them.
const (
	sectionStudies   section = "studies"
	sectionLibrary   section = "library"
	sectionCourses   section = "courses"
	sectionStudy     section = "study"
	sectionRuns      section = "runs"
	sectionConsent   section = "consent"
	sectionMessages  section = "messages"
	sectionMembers   section = "members"
	sectionAudit     section = "audit"
	sectionPlan      section = "plan"
	sectionResults   section = "results"
	sectionReport    section = "report"
	sectionSnapshots section = "snapshots"
	sectionData      section = "data"
	sectionSafety    section = "safety"
	sectionAlerts    section = "alerts"
	sectionAdmin     section = "admin"
	sectionAccount   section = "account" // in no navigation entry
)

// staffPage begins a page of a member of staff. The zero Study stands for a page
// about no study in particular.
func (s *Server) staffPage(c *gin.Context, a survey.Actor, study survey.Study, on section, title string) Page {
	p := s.page(c, title)
	p.Simulated = p.Simulated || study.Simulated
	p.Nav = &Nav{Items: navItems(a, study, on), Who: whoText(a, study)}
	if item, named := s.alertItem(c, a, study, on); named {
		p.Nav.Items = slices.Insert(p.Nav.Items, 1, item)
	}
	return p
}

// navItems are the sections the actor can go to. Use cases decide again.
func navItems(a survey.Actor, study survey.Study, on section) []NavItem {
	items := []NavItem{{Label: "Studies", Path: "/studies", On: on == sectionStudies}}
	if study.ID != "" {
		base := studyPath(study)
		items = append(items, NavItem{Label: "Study", Path: base, On: on == sectionStudy})
		if a.MayRunAny(study.ID) || a.MayReachAll(study.ID) {
			items = append(items, NavItem{Label: "Course runs", Path: base + "/runs", On: on == sectionRuns})
		}
		if a.MayWriteConsent(study.ID) {
			items = append(items, NavItem{Label: "Consent", Path: base + "/consent", On: on == sectionConsent})
		}
		if a.MayKnowStudy(study.ID) {
			items = append(items, NavItem{Label: "Messages", Path: base + "/messages", On: on == sectionMessages})
		}
		if a.MayAnalyse(study.ID) {
			items = append(items,
				NavItem{Label: "Plan", Path: base + "/plan", On: on == sectionPlan},
				NavItem{Label: "Results", Path: base + "/results", On: on == sectionResults},
				NavItem{Label: "Report", Path: base + "/report", On: on == sectionReport},
				NavItem{Label: "Snapshots", Path: base + "/snapshots", On: on == sectionSnapshots},
				NavItem{Label: "Data", Path: base + "/data", On: on == sectionData})
		}
		if a.MayAnalyse(study.ID) || a.IsAdministrator() {
			items = append(items, NavItem{Label: "Safety", Path: base + "/safety", On: on == sectionSafety})
		}
		if a.MayGiveRoles(study.ID) {
			items = append(items, NavItem{Label: "Roles", Path: base + "/members", On: on == sectionMembers})
		}
	}
	if a.MayKeepLibrary() && study.ID == "" {
		items = append(items, NavItem{Label: "Questionnaires", Path: "/instruments", On: on == sectionLibrary})
	}
	if a.MayKeepCourses() && study.ID == "" {
		items = append(items, NavItem{Label: "Courses", Path: "/courses", On: on == sectionCourses})
	}
	if !a.IsAdministrator() && (a.MayAudit() || len(a.Audited()) > 0) {
		items = append(items, NavItem{Label: "Audit trail", Path: auditPath, On: on == sectionAudit})
	}
	if a.IsAdministrator() {
		items = append(items, NavItem{Label: "Administration", Path: "/admin", On: on == sectionAdmin})
	}
	return items
}

// whoText says as what somebody is signed in: "Facilitator · Learning from
// setbacks", or their name where no study is meant.
func whoText(a survey.Actor, study survey.Study) string {
	var roles []string
	for _, g := range a.User.Grants {
		word := roleWord(g.Role)
		if (g.Role == survey.RoleAdministrator || g.StudyID == study.ID) && !slices.Contains(roles, word) {
			roles = append(roles, word)
		}
	}
	who := strings.Join(roles, ", ")
	switch {
	case study.ID != "" && who != "":
		return who + " · " + study.Title
	case a.User.Name != "":
		return a.User.Name
	default:
		return a.User.Email
	}
}

func roleWord(r survey.Role) string {
	switch r {
	case survey.RoleAdministrator:
		return "Administrator"
	case survey.RoleAuditor:
		return "Auditor"
	case survey.RoleLead:
		return "Study lead"
	case survey.RoleDataManager:
		return "Data manager"
	case survey.RoleResearcher:
		return "Researcher"
	case survey.RoleFacilitator:
		return "Facilitator"
	}
	return string(r)
}

// study finds the study of a page's address.
func (s *Server) study(c *gin.Context, a survey.Actor) (survey.Study, error) {
	return s.use.Studies.ByKey(c.Request.Context(), a, c.Param("study"))
}

func studyPath(s survey.Study) string { return "/studies/" + s.Key }

func runPath(s survey.Study, run survey.RunID) string { return studyPath(s) + "/runs/" + string(run) }
