package survey_test

import (
	"context"

	"tidemark/survey"
)

// importRights are those of bringing answers in.
func (s *stage) importRights() map[string]right {
	u, study := s.cases, s.study.ID
	researchers := map[string]verdict{researcher: yes, everyoneElse: forbidden}
	return map[string]right{
		"Imports.List": {func(ctx context.Context, a survey.Actor) error {
			return second(u.Imports.List(ctx, a, study))
		}, researchers},
		"Imports.Sources": {func(ctx context.Context, a survey.Actor) error {
			return second(u.Imports.Sources(ctx, a, study))
		}, researchers},
		"Imports.Upload": {func(ctx context.Context, a survey.Actor) error {
			return second(u.Imports.Upload(ctx, a, study, importFile()))
		}, researchers},
		"Imports.Look": {func(ctx context.Context, a survey.Actor) error {
			return second(u.Imports.Look(ctx, a, study, importFile(), survey.ImportSettings{}))
		}, researchers},
		"Imports.Bring": {func(ctx context.Context, a survey.Actor) error {
			return second(u.Imports.Bring(ctx, a, study, importFile(), survey.ImportSettings{Existing: survey.ExistingKeep}, survey.ApplyImport{}))
		}, researchers},
		"Imports.Preview": {func(ctx context.Context, a survey.Actor) error {
			return second(u.Imports.Preview(ctx, a, study, s.importDraft(ctx)))
		}, researchers},
		"Imports.Set": {func(ctx context.Context, a survey.Actor) error {
			return u.Imports.Set(ctx, a, study, s.importDraft(ctx), survey.ImportSettings{Existing: survey.ExistingKeep})
		}, researchers},
		"Imports.Apply": {func(ctx context.Context, a survey.Actor) error {
			return second(u.Imports.Apply(ctx, a, study, s.importDraft(ctx), survey.ApplyImport{}))
		}, researchers},
		"Imports.Undo": {func(ctx context.Context, a survey.Actor) error {
			return second(u.Imports.Undo(ctx, a, study, s.importDraft(ctx), ""))
		}, researchers},
		"Imports.Discard": {func(ctx context.Context, a survey.Actor) error {
			return u.Imports.Discard(ctx, a, study, s.importDraft(ctx))
		}, researchers},
		"Imports.Desk": {func(ctx context.Context, a survey.Actor) error {
			return second(u.Imports.Desk(ctx, a, study))
		}, researchers},
		"Imports.Paper": {func(ctx context.Context, a survey.Actor) error {
			return second(u.Imports.Paper(ctx, a, study, "nobody", "pre", "self_compassion"))
		}, researchers},
		"Imports.EnterPaper": {func(ctx context.Context, a survey.Actor) error {
			return second(u.Imports.EnterPaper(ctx, a, study, survey.PaperEntry{Code: "nobody"}))
		}, researchers},
	}
}
