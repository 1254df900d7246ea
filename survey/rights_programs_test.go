package survey_test

import (
	"context"

	"tidemark/survey"
)

// rightsOfPrograms are the rows about programs that act for members of staff.
func (s *stage) rightsOfPrograms(code string) map[string]right {
	u, study := s.cases, s.study.ID
	researchers := map[string]verdict{researcher: yes, everyoneElse: forbidden}
	knowing := map[string]verdict{
		administrator: yes, facilitator: yes, runFacilitator: yes, otherRun: yes, researcher: yes, everyoneElse: unknown,
	}
	return map[string]right{
		"Programs.NoteRead": {func(ctx context.Context, a survey.Actor) error {
			return u.Programs.NoteRead(ctx, a, study, "records")
		}, researchers},
		"Programs.Runs": {func(ctx context.Context, a survey.Actor) error { return second(u.Programs.Runs(ctx, a, study)) }, knowing},
		"Programs.Enrolments": {func(ctx context.Context, a survey.Actor) error {
			return second(u.Programs.Enrolments(ctx, a, study, "", 1))
		}, researchers},
		"Programs.Enrolment": {func(ctx context.Context, a survey.Actor) error {
			return second(u.Programs.Enrolment(ctx, a, study, code))
		}, researchers},
		"Programs.Assessments": {func(ctx context.Context, a survey.Actor) error {
			return second(u.Programs.Assessments(ctx, a, study, survey.PageFilter{}, "", 1))
		}, researchers},
		"Programs.Responses": {func(ctx context.Context, a survey.Actor) error {
			return second(u.Programs.Responses(ctx, a, study, survey.PageFilter{}, survey.RowKey{}, 1))
		}, researchers},
		"Programs.Scores": {func(ctx context.Context, a survey.Actor) error {
			return second(u.Programs.Scores(ctx, a, study, survey.PageFilter{}, survey.RowKey{}, 1))
		}, researchers},
		"Tokens.Book": {func(ctx context.Context, a survey.Actor) error { return second(u.Tokens.Book(ctx, a, study)) }, knowing},
		"Tokens.Create": {func(ctx context.Context, a survey.Actor) error {
			_, _, err := u.Tokens.Create(ctx, a, study, survey.NewToken{})
			return err
		}, map[string]verdict{
			administrator: yes, facilitator: yes, runFacilitator: yes, otherRun: yes, researcher: yes,
			participant: forbidden, nobody: forbidden, theProgram: forbidden, everyoneElse: unknown,
		}},
		// That of the researcher: see TestATokenIsItsPersonsAndAdministratorsEnd.
		"Tokens.Revoke": {func(ctx context.Context, a survey.Actor) error {
			all, err := s.store.Tokens(ctx, study)
			if err != nil {
				return err
			}
			return u.Tokens.Revoke(ctx, a, study, all[0].ID)
		}, map[string]verdict{administrator: yes, researcher: yes, lead: unknown, everyoneElse: unknown}},
	}
}
