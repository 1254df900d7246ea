package survey_test

import (
	"context"
	"errors"
	"maps"
	"reflect"
	"slices"
	"testing"

	"tidemark/survey"
)

// verdict is what becomes of a use case that an actor asks for.
type verdict string

const (
	yes       verdict = "yes"
	forbidden verdict = "forbidden"
	unknown   verdict = "unknown" // as if it were not there
)

func verdictOf(err error) verdict {
	switch {
	case errors.Is(err, survey.ErrForbidden):
		return forbidden
	case errors.Is(err, survey.ErrNotFound):
		return unknown
	}
	return yes
}

// The people of the table of rights.
const (
	administrator   = "administrator"
	facilitator     = "facilitator of the study"
	runFacilitator  = "facilitator of the run"
	otherRun        = "facilitator of another run"
	researcher      = "researcher"
	otherStudy      = "researcher and facilitator of another study"
	noRole          = "without a role"
	disabled        = "disabled, with every role"
	participant     = "participant"
	nobody          = "nobody"
	theProgram      = "the program"
	everyoneElse    = "everyone else"
	lead            = "lead of the study"
	dataManager     = "data manager of the study"
	auditor         = "auditor of the study"
	trailAuditor    = "auditor of the installation"
	numberOfParties = 15
)

func (s *stage) parties(t *testing.T) map[string]survey.Actor {
	t.Helper()
	other := s.newStudy(t, "other")
	second := newRun()
	second.Name = "Second"
	run, err := s.cases.Runs.Create(t.Context(), s.leader, s.study.ID, second)
	noError(t, err)
	gone := s.user(t, survey.Grant{Role: survey.RoleAdministrator}, survey.Grant{Role: survey.RoleResearcher, StudyID: s.study.ID},
		survey.Grant{Role: survey.RoleFacilitator, StudyID: s.study.ID})
	noError(t, s.cases.Users.Disable(t.Context(), s.admin, gone.User.ID))
	gone.User, err = s.store.User(t.Context(), gone.User.ID)
	noError(t, err)
	return map[string]survey.Actor{
		administrator:  s.admin,
		facilitator:    s.leader,
		runFacilitator: s.user(t, survey.Grant{Role: survey.RoleFacilitator, StudyID: s.study.ID, RunID: s.run.ID}),
		otherRun:       s.user(t, survey.Grant{Role: survey.RoleFacilitator, StudyID: s.study.ID, RunID: run.ID}),
		researcher:     s.researcher,
		otherStudy: s.user(t, survey.Grant{Role: survey.RoleResearcher, StudyID: other.ID},
			survey.Grant{Role: survey.RoleFacilitator, StudyID: other.ID}),
		lead:         s.user(t, survey.Grant{Role: survey.RoleLead, StudyID: s.study.ID}),
		dataManager:  s.user(t, survey.Grant{Role: survey.RoleDataManager, StudyID: s.study.ID}),
		auditor:      s.user(t, survey.Grant{Role: survey.RoleAuditor, StudyID: s.study.ID}),
		trailAuditor: s.user(t, survey.Grant{Role: survey.RoleAuditor}),
		noRole:       s.user(t),
		disabled:     gone,
		participant:  s.enrol(t, "course", 1)[0],
		nobody:       {},
		theProgram:   system(),
	}
}

// likeWhom says as whom somebody may where a line does not name them: a lead what a
// researcher may, a data manager what anybody may who knows the study, and an auditor
// nothing that is not said.
var likeWhom = map[string]string{lead: researcher, dataManager: otherRun, auditor: noRole, trailAuditor: noRole}

// verdict is what a line says of somebody.
func (r right) verdict(who string) verdict {
	for name := who; name != ""; name = likeWhom[name] {
		if v, said := r.may[name]; said {
			return v
		}
	}
	if v, said := r.may[everyoneElse]; said && who != theProgram {
		return v
	}
	return yes
}

func TestEveryUseCaseKnowsWhoMay(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, s *stage) {
		parties := s.parties(t)
		same(t, len(parties), numberOfParties)
		code := s.enrol(t, "course", 1)[0].Participation.Enrolment.Code
		s.token(t, s.researcher, survey.ScopeAnswers)
		rights := s.rights(s.user(t).User.ID, code)
		maps.Copy(rights, s.importRights())
		for _, method := range methods(s.cases) {
			if _, said := rights[method]; !said {
				t.Errorf("the table does not say who may %s", method)
			}
		}
		for name, c := range rights {
			for who, actor := range parties {
				want := c.verdict(who)
				if got := verdictOf(c.do(t.Context(), actor)); got != want {
					t.Errorf("%s, %s: got %q, want %q", name, who, got, want)
				}
			}
		}
	})
}

// methods are all use cases that ask who acts, but for those of answering, which
// TestAnAssessmentIsNobodyElses tries with everybody.
func methods(u *survey.UseCases) []string {
	var names []string
	for _, cases := range []any{u.Studies, u.Runs, u.Enrolments, u.Consents, u.Users, u.Assessments, u.Plans, u.Snapshots, u.Practices, u.Notes,
		u.Safeties, u.Alerts, u.Outbox, u.OwnData, u.Erasures, u.Languages, u.Library, u.Drafts, u.Messages, u.Allocations, u.Courses, u.Entries, u.Releases, u.Calendars, u.Tokens, u.SelfCodes, u.Programs, u.Factors, u.Passkeys, u.Webhooks,
		u.Members, u.Operations} {
		of := reflect.TypeOf(cases)
		for method := range of.Methods() {
			names = append(names, of.Elem().Name()+"."+method.Name)
		}
	}
	return slices.DeleteFunc(names, func(name string) bool {
		return name == "Assessments.Sheet" || name == "Assessments.Save" || name == "Assessments.SaveAsked" || name == "Assessments.SaveGiven" || name == "Assessments.Submit" ||
			name == "Tokens.Use" || name == "Calendars.Follow" // whoever knows the token or the address
	})
}

// somebody is a person of the run; "" when there is none.
func (s *stage) somebody(ctx context.Context) survey.EnrolmentID {
	roster, err := s.store.Roster(ctx, s.study.ID, s.run.ID)
	if err != nil || len(roster) == 0 {
		return ""
	}
	return roster[0].ID
}

// second is the error of a use case that gives something.
func second[T any](_ T, err error) error { return err }

// there passes over that a thing of the study is not there, which only those who
// may ask are told.
func there(err error) error {
	if errors.Is(err, survey.ErrNotFound) {
		return nil
	}
	return err
}

func TestStudiesAndRunsOfOthersAreNotListed(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, s *stage) {
		parties := s.parties(t)
		for who, want := range map[string]int{
			administrator: 2, theProgram: 2, facilitator: 1, otherRun: 1, researcher: 1, otherStudy: 1, lead: 1, dataManager: 1, auditor: 0, trailAuditor: 0, noRole: 0, disabled: 0, participant: 0, nobody: 0,
		} {
			studies, err := s.cases.Studies.List(t.Context(), parties[who])
			noError(t, err)
			if len(studies) != want {
				t.Errorf("%s sees %d studies, want %d", who, len(studies), want)
			}
		}
		for who, want := range map[string]int{facilitator: 2, runFacilitator: 1, otherRun: 1, dataManager: 2, theProgram: 2} {
			runs, err := s.cases.Runs.List(t.Context(), parties[who], s.study.ID)
			noError(t, err)
			if len(runs) != want {
				t.Errorf("%s sees %d runs, want %d", who, len(runs), want)
			}
		}
		// A run of one study is not reached through the rights of another.
		other, err := s.cases.Studies.ByKey(t.Context(), parties[otherStudy], "other")
		noError(t, err)
		_, err = s.cases.Runs.Board(t.Context(), parties[otherStudy], other.ID, s.run.ID)
		wantError(t, err, survey.ErrNotFound)
		_, err = s.cases.Studies.ByKey(t.Context(), s.leader, "other")
		wantError(t, err, survey.ErrNotFound)
	})
}
