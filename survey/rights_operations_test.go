package survey_test

import (
	"context"

	"tidemark/survey"
)

// rightsOfOperations are the rights to look after the installation.
func (s *stage) rightsOfOperations() map[string]right {
	u := s.cases.Operations
	administrators := map[string]verdict{administrator: yes, everyoneElse: forbidden}
	programs := map[string]verdict{everyoneElse: forbidden}
	return map[string]right{
		"Operations.Refresh":     {func(ctx context.Context, a survey.Actor) error { return second(u.Refresh(ctx, a)) }, programs},
		"Operations.SetReadOnly": {func(ctx context.Context, a survey.Actor) error { return u.SetReadOnly(ctx, a, false) }, administrators},
		"Operations.Beat": {func(ctx context.Context, a survey.Actor) error {
			return u.Beat(ctx, a, survey.Replica{ID: "r", StartedAt: s.clock()})
		}, programs},
		"Operations.Leave":      {func(ctx context.Context, a survey.Actor) error { return u.Leave(ctx, a, "r") }, programs},
		"Operations.Probe":      {func(ctx context.Context, a survey.Actor) error { return u.Probe(ctx, a) }, programs},
		"Operations.Unsound":    {func(ctx context.Context, a survey.Actor) error { return second(u.Unsound(ctx, a)) }, programs},
		"Operations.Backlog":    {func(ctx context.Context, a survey.Actor) error { return second(u.Backlog(ctx, a)) }, administrators},
		"Operations.Standing":   {func(ctx context.Context, a survey.Actor) error { return second(u.Standing(ctx, a)) }, administrators},
		"Operations.Unanswered": {func(ctx context.Context, a survey.Actor) error { return second(u.Unanswered(ctx, a)) }, administrators},
	}
}
