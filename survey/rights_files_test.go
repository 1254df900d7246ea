package survey_test

import (
	"context"
	"io"

	"tidemark/survey"
)

// rightsOfFiles is who may freeze data, and have files prepared and made for others.
func (s *stage) rightsOfFiles() map[string]right {
	u, study := s.cases, s.study.ID
	researchers := map[string]verdict{researcher: yes, everyoneElse: forbidden}
	programs := map[string]verdict{everyoneElse: forbidden}
	return map[string]right{
		"Files.Ask": {func(ctx context.Context, a survey.Actor) error {
			return second(u.Files.Ask(ctx, a, survey.PreparedFile{StudyID: study, What: "long", Format: "csv"}, ""))
		}, researchers},
		"Files.List": {func(ctx context.Context, a survey.Actor) error { return second(u.Files.List(ctx, a, study)) }, researchers},
		"Files.Get": {func(ctx context.Context, a survey.Actor) error {
			return there(second(u.Files.Get(ctx, a, study, "none")))
		}, researchers},
		"Files.Open": {func(ctx context.Context, a survey.Actor) error {
			_, _, err := u.Files.Open(ctx, a, study, "none", true)
			return there(err)
		}, researchers},
		"Files.Remove": {func(ctx context.Context, a survey.Actor) error { return there(u.Files.Remove(ctx, a, study, "none")) }, researchers},
		"Files.Work": {func(ctx context.Context, a survey.Actor) error {
			return second(u.Files.Work(ctx, a, func(context.Context, survey.PreparedFile, io.Writer) (int, error) { return 0, nil }))
		}, programs},
		"Snapshots.ProfileKey": {func(_ context.Context, a survey.Actor) error { return second(u.Snapshots.ProfileKey(a, study)) }, researchers},
		"Snapshots.Freeze": {func(ctx context.Context, a survey.Actor) error {
			return second(u.Snapshots.Freeze(ctx, a, study, survey.NewSnapshot{Name: "n"}))
		}, researchers},
		"Snapshots.Get": {func(ctx context.Context, a survey.Actor) error {
			return there(second(u.Snapshots.Get(ctx, a, study, 1)))
		}, researchers},
		"Snapshots.Open": {func(ctx context.Context, a survey.Actor) error {
			return there(second(u.Snapshots.Open(ctx, a, study, 1)))
		}, researchers},
		"Snapshots.Download": {func(ctx context.Context, a survey.Actor) error {
			return there(u.Snapshots.Download(ctx, a, study, 1, io.Discard))
		}, researchers},
		"Snapshots.Remove": {func(ctx context.Context, a survey.Actor) error {
			return there(u.Snapshots.Remove(ctx, a, study, 1, "why"))
		}, researchers},

		"Snapshots.List": {func(ctx context.Context, a survey.Actor) error { return second(u.Snapshots.List(ctx, a, study)) }, researchers},
	}
}
