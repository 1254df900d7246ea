package survey_test

import (
	"context"

	"github.com/google/uuid"

	"tidemark/survey"
)

// rightsOfMembers are the rights to give and take roles, and to what the narrow roles
// are for.
func (s *stage) rightsOfMembers(target survey.UserID, code string) map[string]right {
	u, study, run := s.cases, s.study, s.run.ID
	givers := map[string]verdict{administrator: yes, lead: yes, everyoneElse: unknown}
	reachers := map[string]verdict{facilitator: yes, runFacilitator: yes, otherRun: unknown, dataManager: yes, everyoneElse: unknown}
	return map[string]right{
		"Members.List": {func(ctx context.Context, a survey.Actor) error { return second(u.Members.List(ctx, a, study.ID)) }, givers},
		"Members.Runs": {func(ctx context.Context, a survey.Actor) error { return second(u.Members.Runs(ctx, a, study.ID)) }, givers},
		"Members.Give": {func(ctx context.Context, a survey.Actor) error {
			return second(u.Members.Give(ctx, a, study.ID, survey.NewMember{Email: uuid.NewString() + "@example.org", Role: survey.RoleResearcher}))
		}, givers},
		"Members.Take": {func(ctx context.Context, a survey.Actor) error {
			return u.Members.Take(ctx, a, study.ID, target, survey.Grant{Role: "nothing"})
		}, givers},
		"Users.Take": {func(ctx context.Context, a survey.Actor) error {
			return there(u.Users.Take(ctx, a, target, survey.Grant{Role: survey.RoleAuditor}))
		}, map[string]verdict{administrator: yes, everyoneElse: forbidden}},
		"SignIns.Unlink": {func(ctx context.Context, a survey.Actor) error {
			return there(u.SignIns.Unlink(ctx, a, target))
		}, map[string]verdict{administrator: yes, everyoneElse: forbidden}},
		"Runs.Contacts": {func(ctx context.Context, a survey.Actor) error {
			_, _, err := u.Runs.Contacts(ctx, a, study, run)
			return err
		}, reachers},
		"Runs.Contact": {func(ctx context.Context, a survey.Actor) error {
			return second(u.Runs.Contact(ctx, a, study, run, code))
		}, reachers},
		"Runs.CorrectContact": {func(ctx context.Context, a survey.Actor) error {
			return u.Runs.CorrectContact(ctx, a, study, run, code, "Ana", "", "")
		}, reachers},
	}
}
