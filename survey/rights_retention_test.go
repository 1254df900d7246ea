package survey_test

import (
	"context"

	"tidemark/survey"
)

// rightsOfRetention are the rights to how long things are kept.
func (s *stage) rightsOfRetention() map[string]right {
	u, study := s.cases.Retentions, s.study.ID
	reading := map[string]verdict{
		administrator: yes, researcher: yes, facilitator: forbidden, runFacilitator: forbidden, otherRun: forbidden, everyoneElse: unknown,
	}
	deciding := map[string]verdict{
		administrator: yes, researcher: forbidden, facilitator: forbidden, runFacilitator: forbidden, otherRun: forbidden, everyoneElse: unknown,
	}
	return map[string]right{
		"Retentions.Book": {func(ctx context.Context, a survey.Actor) error { return second(u.Book(ctx, a, study)) }, reading},
		"Retentions.Set":  {func(ctx context.Context, a survey.Actor) error { return u.Set(ctx, a, study, nil, 99) }, deciding},
		"Retentions.Hold": {func(ctx context.Context, a survey.Actor) error { return u.Hold(ctx, a, study, true, "") }, deciding},
		"Retentions.Promised": {func(ctx context.Context, a survey.Actor) error { return second(u.Promised(ctx, a)) },
			map[string]verdict{participant: yes, theProgram: forbidden, everyoneElse: forbidden}},
		"Retentions.Sweep": {func(ctx context.Context, a survey.Actor) error {
			none := survey.StudyID("none")
			return second(u.Sweep(ctx, a, &none))
		}, map[string]verdict{everyoneElse: forbidden}},
	}
}
