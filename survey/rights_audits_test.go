package survey_test

import (
	"context"

	"tidemark/survey"
)

// rightsOfAudits are the rights to the audit trail.
func (s *stage) rightsOfAudits() map[string]right {
	u := s.cases.Audits
	administrators := map[string]verdict{administrator: yes, everyoneElse: forbidden}
	readers := map[string]verdict{administrator: yes, auditor: yes, trailAuditor: yes, everyoneElse: forbidden}
	checkers := map[string]verdict{administrator: yes, trailAuditor: yes, everyoneElse: forbidden}
	programs := map[string]verdict{everyoneElse: forbidden}
	researchers := map[string]verdict{researcher: yes, everyoneElse: forbidden}
	c := s.cases.Corrections
	return map[string]right{
		"Corrections.Find": {func(ctx context.Context, a survey.Actor) error {
			return there(second(c.Find(ctx, a, s.study.ID, "P-NOBODY")))
		}, researchers},
		"Corrections.Sheet": {func(ctx context.Context, a survey.Actor) error {
			return there(second(c.Sheet(ctx, a, s.study.ID, "nothing")))
		}, researchers},
		"Corrections.Make": {func(ctx context.Context, a survey.Actor) error {
			return there(c.Make(ctx, a, s.study.ID, "nothing", survey.NewCorrection{Reason: "a slip"}))
		}, researchers},
		"Corrections.List": {func(ctx context.Context, a survey.Actor) error { return second(c.List(ctx, a, s.study.ID, 1)) }, researchers},
		"Audits.Seal":      {func(ctx context.Context, a survey.Actor) error { return second(u.Seal(ctx, a)) }, programs},
		"Audits.SignDay":   {func(ctx context.Context, a survey.Actor) error { return second(u.SignDay(ctx, a)) }, programs},
		"Audits.CheckDue":  {func(ctx context.Context, a survey.Actor) error { return second(u.CheckDue(ctx, a, 0)) }, programs},
		"Audits.Heads":     {func(ctx context.Context, a survey.Actor) error { return second(u.Heads(ctx, a, nil)) }, administrators},
		"Audits.Page": {func(ctx context.Context, a survey.Actor) error {
			return second(u.Page(ctx, a, survey.AuditFilter{Limit: 1}))
		}, readers},
		"Audits.Index":  {func(ctx context.Context, a survey.Actor) error { return second(u.Index(ctx, a)) }, readers},
		"Audits.Chains": {func(ctx context.Context, a survey.Actor) error { return second(u.Chains(ctx, a)) }, readers},
		"Audits.Check":  {func(ctx context.Context, a survey.Actor) error { return second(u.Check(ctx, a)) }, checkers},
		"Audits.Export": {func(ctx context.Context, a survey.Actor) error {
			return u.Export(ctx, a, survey.AuditFilter{Limit: 1}, func(*survey.ChainedEvent) error { return nil })
		}, readers},
		"Audits.ExportChains": {func(ctx context.Context, a survey.Actor) error {
			return u.ExportChains(ctx, a, &s.study.ID, func(*survey.ChainedEvent) error { return nil })
		}, administrators},
		"Audits.MailHeads": {func(ctx context.Context, a survey.Actor) error { return second(u.MailHeads(ctx, a)) }, programs},
		"Audits.Verify": {func(ctx context.Context, a survey.Actor) error {
			return second(u.Verify(ctx, a, survey.AuditVerification{}))
		}, checkers},
	}
}
