package report_test

import (
	"math/rand/v2"
	"testing"
	"time"

	"github.com/google/uuid"

	"tidemark/survey"
	"tidemark/survey/report"
)

// BenchmarkFrozen is the same report read from a snapshot, opening included, and
// beside it what freezing takes.
func BenchmarkFrozen(b *testing.B) {
	const people = 10_000
	db, study := crowd(b, people)
	cases := survey.NewUseCases(survey.Env{
		Store: db, Now: func() time.Time { return storyEnds }, Random: rand.NewChaCha8([32]byte{}),
		NewID: func() string { return uuid.Must(uuid.NewV7()).String() },
	})
	actor := survey.SystemActor("bench")
	b.Run("freeze", func(b *testing.B) {
		for b.Loop() {
			s, err := cases.Snapshots.Freeze(b.Context(), actor, study, survey.NewSnapshot{Name: "bench"})
			if err != nil {
				b.Fatal(err)
			}
			b.ReportMetric(float64(s.Bytes)/1e6, "MB")
			b.ReportMetric(float64(s.Packed)/1e6, "MB-packed")
		}
	})
	b.Run("report", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			f, err := cases.Snapshots.Open(b.Context(), actor, study, 1)
			if err != nil {
				b.Fatal(err)
			}
			if _, err := report.Build(b.Context(), f, actor, study, report.Spec{Now: storyEnds}); err != nil {
				b.Fatal(err)
			}
		}
	})
}
