package survey_test

import (
	"context"

	"tidemark/survey"
)

// rightsOfBackups is who may know how it stands with backups, and note them.
func (s *stage) rightsOfBackups() map[string]right {
	u := s.cases.Backups
	administrators := map[string]verdict{administrator: yes, everyoneElse: forbidden}
	programs := map[string]verdict{everyoneElse: forbidden}
	return map[string]right{
		"Backups.Latest": {func(ctx context.Context, a survey.Actor) error { return second(u.Latest(ctx, a)) }, administrators},
		"Backups.Due":    {func(ctx context.Context, a survey.Actor) error { return second(u.Due(ctx, a, 0)) }, programs},
		"Backups.Run": {func(ctx context.Context, a survey.Actor) error {
			_, _, err := u.Run(ctx, a, survey.Backup{Why: survey.BackupAsked, Place: "here"}, func(context.Context, *survey.Backup) error { return nil })
			return err
		}, programs},
	}
}
