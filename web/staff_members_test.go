package web

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"tidemark/survey"
)

func (w *world) inStudy(role survey.Role) survey.Grant {
	return survey.Grant{Role: role, StudyID: w.study.ID}
}

// memberScreens shows the pages of roles and of the narrow roles.
func (w *world) memberScreens(t *testing.T, s shownTo) {
	t.Helper()
	into := s.admin // they see neither answers nor people
	lead := w.signedIn(t, "lead@example.org", w.inStudy(survey.RoleLead))
	into["staff_members"] = lead.get(w.path("/members")).want(200, "Data manager: who takes part")
	into["staff_members fault"] = lead.post(w.path("/members"), url.Values{"email": {`"><script>x`}, "name": {"<b>"}, "role": {"<i>"}}).want(422)
	into["staff_members link"] = lead.post(w.path("/members"), url.Values{"email": {"new@example.org"}, "name": {"<b>New"}, "role": {"data_manager"}}).want(200, "A link for")
	manager := w.signedIn(t, "manager@example.org", w.inStudy(survey.RoleDataManager))
	into["admin_audit auditor"] = w.signedIn(t, "auditor@example.org", w.inStudy(survey.RoleAuditor)).get(auditPath).want(200)
	into = s.facilitator // sees people, and no answers
	into["facilitator_contacts"] = manager.get(w.runPath("/contacts")).want(200)
	into["facilitator_runs manager"] = manager.get(w.path("/runs")).want(200)
}

// shownLink is the address of a sign-in link on a page.
func shownLink(s screen) string {
	text := s.text()
	return strings.Fields(text[strings.Index(text, "/sign-in/link/"):])[0]
}

func TestALeadGivesAndTakesRolesOfTheirStudy(t *testing.T) {
	t.Parallel()
	w := newWorld(t, 1)
	base := w.strict(t)
	boss := w.account("lead@example.org", w.inStudy(survey.RoleLead))
	w.password(boss, goodPassword)
	lead := at(t, base)
	lead.post("/sign-in", url.Values{"email": {boss.Email}, "password": {goodPassword}})
	w.setUp(t, lead)
	members := w.path("/members")
	give := func(email, role string) screen {
		return lead.post(members, url.Values{"email": {email}, "name": {"Ines"}, "role": {role}})
	}
	// Somebody new is made an account, and a link that is shown once.
	link := shownLink(give("Ines@Example.org", "data_manager").want(200, "There was no account"))
	if strings.Contains(lead.get(members).want(200, "ines@example.org").body, "/sign-in/link/") {
		t.Error("the link is shown a second time")
	}
	ines := w.device(t)
	ines.post(link, url.Values{}).want(200, "Set a password")
	ines.get(w.runPath("/contacts")).want(200)
	ines.get(w.path("/results")).want(403)
	ines.get(w.runPath("")).want(404)
	ines.get(members).want(404)
	// Whoever has an account gets the role, and no link: it may open more.
	w.account("root@example.org", administrator())
	if s := give("root@example.org", "auditor").want(200, "The role is given"); strings.Contains(s.body, "/sign-in/link/") {
		t.Error("a lead is given a link to sign in as an administrator")
	}
	give("root@example.org", "auditor").want(422, "has that role already")
	give("root@example.org", "administrator").want(422, "Choose a role")
	give(boss.Email, "facilitator").want(200, "The role is given")

	// A role that is taken is gone with the next request, and its token is worth no more.
	before := ines.cookie("tidemark_user")
	users, err := w.cases.Members.List(t.Context(), survey.SystemActor("test"), w.study.ID)
	w.must(err)
	var id survey.UserID
	for _, m := range users {
		if m.Email == "ines@example.org" {
			id = m.ID
		}
	}
	take := func(id survey.UserID, role survey.Role) screen {
		return lead.post(members+"/"+string(id)+"/take", url.Values{"role": {string(role)}})
	}
	take(id, survey.RoleDataManager).want(200, "The role is taken")
	take(id, survey.RoleDataManager).want(404)
	ines.get(w.runPath("/contacts")).want(404)
	ines.get("/account").want(200)
	if after := ines.cookie("tidemark_user"); after == before || after == "" {
		t.Error("the token is the same after the role was taken")
	}
	if _, err := w.cases.SignIns.Staff(t.Context(), before); err == nil {
		t.Error("the token of before is still good")
	}
	take(boss.ID, survey.RoleLead).want(422, "Nobody takes this role from themselves")
	// Giving asks for a proof when the last is old, and the sign-in rotates by it.
	w.setClock(w.now().Add(11 * time.Minute))
	before = lead.cookie("tidemark_user")
	form := give("late@example.org", "researcher").want(403, "Is it you?").form("It is me: go on")
	form.fields.Set(provePassword, goodPassword)
	form.press("It is me: go on").want(200, "There was no account")
	if after := lead.cookie("tidemark_user"); after == before {
		t.Error("the token is the same after a proof")
	}
	trail := w.signedIn(t, "auditor@example.org", w.inStudy(survey.RoleAuditor))
	trail.get(auditPath).want(200, "gave a role: Data manager", "took a role: Data manager")
}

func TestAnAuditorReadsTheTrailOfTheirStudyAndNothingElse(t *testing.T) {
	t.Parallel()
	w := newWorld(t, 1)
	other, _ := w.secondStudy()
	auditor := w.signedIn(t, "auditor@example.org", w.inStudy(survey.RoleAuditor))
	s := auditor.get(auditPath).want(200)
	if strings.Contains(s.body, other.Title) || strings.Contains(s.text(), "The installation") {
		t.Error("the page tells of another study, or of the installation")
	}
	for _, path := range []string{auditPath + "?study=" + other.Key, auditPath + "?study=" + onInstallation} {
		if s := auditor.get(path); s.status != http.StatusNotFound && s.status != http.StatusForbidden {
			t.Errorf("%s: %d", path, s.status)
		}
	}
	rows := auditor.post(auditPath+"/export", url.Values{"format": {"jsonl"}}).want(200).body
	if !strings.Contains(rows, string(w.study.ID)) || strings.Contains(rows, string(other.ID)) {
		t.Error("the copy is not of the auditor's study alone")
	}
	for _, path := range []string{w.path(""), w.path("/messages"), w.runPath(""), w.path("/members")} {
		auditor.get(path).want(404)
	}
	auditor.get("/admin").want(403)
	auditor.get("/studies").want(200, "Audit trail")
}
