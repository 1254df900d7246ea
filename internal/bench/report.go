package main

import (
	"context"
	"errors"
	"math/rand/v2"
	"slices"
	"time"

	"tidemark/internal/stage"
	"tidemark/survey/report"
)

// report makes a study with many people and builds its report, in this process.
func (b *bench) report(ctx context.Context, e engine) (err error) {
	database, dir, err := b.fresh(ctx, e, "report")
	if err != nil {
		return err
	}
	s, err := stage.Set(ctx, database, dir)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, s.Store.Close()) }()
	f := filler{Stage: s, random: rand.New(rand.NewPCG(b.seed, 7)), left: -1}
	for n := 0; n < b.people; n += lot {
		people, err := s.Add(ctx, min(lot, b.people-n))
		if err != nil {
			return err
		}
		if err := f.answer(ctx, people); err != nil {
			return err
		}
	}
	var times []time.Duration
	for range 5 {
		began := time.Now()
		if _, err := report.Build(ctx, s.Store, stage.Actor(), s.Design.Study.ID, report.Spec{Now: time.Now()}); err != nil {
			return err
		}
		times = append(times, time.Since(began))
	}
	slices.Sort(times)
	b.say("\nThe report of a study with %d people: %.3f s (median of %d; slowest %.3f s)\n",
		b.people, times[len(times)/2].Seconds(), len(times), times[len(times)-1].Seconds())
	return nil
}
