package main

import (
	"context"
	"math/rand/v2"
	"path/filepath"
	"slices"
	"time"

	"tidemark/internal/stage"
	"tidemark/survey"
)

// data measures what is made of a study's data: exports, and the report.
func (b *bench) data(ctx context.Context, e engine) error {
	b.say("\nExports by the program in a process of its own:\n")
	w := newTable(b.out, "what", "of", "time", "÷ copy-out", "peak memory", "without program file", "size")
	idle, err := b.process(ctx, filepath.Join(b.dir, "version.txt"), "version")
	if err != nil {
		return err
	}
	idle.print(w, "nothing (version)", "–")
	for _, answers := range b.answers {
		if err := b.exports(ctx, e, answers, w); err != nil {
			return err
		}
	}
	if err := w.flush(); err != nil {
		return err
	}
	return b.report(ctx, e)
}

// lot is how many people are written in one transaction.
const lot = 500

// fill enrols people and lets each answer everything they are ever asked, until
// there are so many answers. A quarter of the people stop after the first wave.
func (b *bench) fill(ctx context.Context, s *stage.Stage, answers int) error {
	f := filler{Stage: s, random: rand.New(rand.NewPCG(b.seed, uint64(answers))), left: answers}
	for f.left > 0 {
		people, err := s.Add(ctx, lot)
		if err != nil {
			return err
		}
		if err := f.answer(ctx, people); err != nil {
			return err
		}
	}
	return nil
}

type filler struct {
	*stage.Stage
	random *rand.Rand
	left   int // answers still to be written; negative: no bound
}

func (f *filler) answer(ctx context.Context, people []stage.Person) error {
	study, now := f.Design.Study.ID, time.Now().UTC().Truncate(time.Millisecond)
	first := f.Design.Waves[0].ID
	var due [][]survey.DueItem
	for _, p := range people {
		items, err := f.Store.Due(ctx, study, p.Enrolment.ID)
		if err != nil {
			return err
		}
		if f.random.IntN(4) == 0 {
			items = slices.DeleteFunc(items, func(it survey.DueItem) bool { return it.Wave.ID != first })
		}
		due = append(due, items)
	}
	definitions := map[survey.InstrumentID]survey.InstrumentVersion{}
	return f.Store.InTx(ctx, func(tx survey.Tx) error {
		for i, items := range due {
			level := f.random.NormFloat64() * 0.8
			for _, it := range items {
				if f.left == 0 {
					return nil
				}
				v, known := definitions[it.Instrument]
				if !known {
					var err error
					if v, err = f.Store.InstrumentVersion(ctx, it.Instrument); err != nil {
						return err
					}
					definitions[it.Instrument] = v
				}
				if err := f.submit(ctx, tx, people[i], it, v, level, now); err != nil {
					return err
				}
			}
		}
		return nil
	})
}
