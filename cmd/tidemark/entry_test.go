package main

import (
	"strings"
	"testing"

	"tidemark/internal/browser"
	"tidemark/internal/stage"
	"tidemark/survey"
)

// TestPeopleComeInByKeyboardAlone goes through the pages by which people come in, in
// every state, at three widths: the code of a slip, a run's poster with and without a
// place, the link to keep, the waiting list; and where a facilitator sees to it.
func TestPeopleComeInByKeyboardAlone(t *testing.T) {
	t.Parallel()
	s, ways := watchedStudy(t)
	base, _, _ := strings.Cut(ways.Participant, "/p/")
	ctx := t.Context()
	leader, err := s.Cases.Users.Create(ctx, stage.Actor(), survey.NewUser{
		Email: "leader@example.org", Name: "Lea", Grants: []survey.Grant{{Role: survey.RoleFacilitator, StudyID: s.Design.Study.ID}},
	})
	do(t, err)
	token, err := s.Cases.Users.Invite(ctx, stage.Actor(), leader.ID, false)
	do(t, err)
	b := chrome(t)
	staff := open(t, b, browser.Desk)
	run := ways.Study + "/runs/" + string(s.Run.ID)
	do(t, staff.Visit(base+"/sign-in/link/"+token), staff.Follow("main form button"), staff.Visit(base+run+"/entry"))
	wellMade(t, staff)
	do(t, staff.Click("input[name=allowed]"), staff.Type("#capacity", "x"), staff.Follow("main form .btn"))
	wellMade(t, staff) // with a fault
	do(t, staff.Visit(base+run+"/entry"), staff.Click("input[name=allowed]"), staff.Type("#capacity", "2"), staff.Follow("main form .btn"))
	poster, err := staff.Text(".copy-me")
	do(t, err)

	tab := open(t, b, browser.Phone)
	do(t, tab.Visit(base+"/"), tab.TabTo("a[href='/code']"), tab.Enter())
	wellMade(t, tab)
	do(t, tab.Type("#code", "7kmqx 4tnrw"), tab.TabTo("main form button"), tab.Enter())
	if said, err := tab.Text("main [role=alert]"); err != nil || !strings.Contains(said, "typing mistake") {
		t.Errorf("of a wrong code the page says %q (%v)", said, err)
	}
	wellMade(t, tab)

	do(t, tab.Visit(poster))
	wellMade(t, tab)
	do(t, tab.Type("#name", "Ana Ruiz"), tab.TabTo("main form button"), tab.Enter())
	if said, err := tab.Text("h1"); err != nil || said != "Your own way back" {
		t.Errorf("who has enrolled is told %q (%v)", said, err)
	}
	wellMade(t, tab)

	other := open(t, b, browser.Phone)
	do(t, other.Visit(poster))
	wellMade(t, other) // full
	do(t, other.Type("#name", "Berta Sol"), other.TabTo("main form button"), other.Enter())
	if said, err := other.Text("h1"); err != nil || said != "The waiting list" {
		t.Errorf("who comes too late is told %q (%v)", said, err)
	}
	wellMade(t, other)

	do(t, staff.Visit(base+run+"/entry"))
	wellMade(t, staff)
	do(t, staff.Follow("button[value=invite]"))
	wellMade(t, staff)
	do(t, staff.Visit(base+run+"/entry/poster?language=de"))
	wellMade(t, staff)
	do(t, staff.Visit(base+run+"/people/list"))
	wellMade(t, staff)
	do(t, staff.Type("#list", "Name;Mail;Sprache\nAna Ruiz;ana@example.org;Deutsch\nBo;bo@;\nCy;ANA@example.org;"),
		staff.Follow("form:last-of-type button"))
	wellMade(t, staff)

	path, err := other.Path()
	do(t, err)
	do(t, other.Visit(base+path))
	wellMade(t, other) // there is a place
	do(t, other.TabTo("main form button"), other.Enter())
	if said, err := other.Text("h1"); err != nil || said != "Your own way back" {
		t.Errorf("who was let in is told %q (%v)", said, err)
	}
}
