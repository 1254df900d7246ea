package main

import (
	"context"
	"fmt"
	"runtime"
	"runtime/metrics"
	"strconv"
	"strings"
	"time"

	"tidemark/survey"
	"tidemark/survey/plan"
	"tidemark/survey/report"
	"tidemark/survey/report/paper"
)

// whole is a report made from everything a study has.
type whole struct {
	name string
	make func(context.Context, *crowd) error
}

func wholes() []whole {
	return []whole{
		{"the page of a study: two waves, every outcome", func(ctx context.Context, c *crowd) error {
			r, err := report.Build(ctx, c, survey.SystemActor("bench"), c.design.Study.ID, report.Spec{Now: crowdNow()})
			if err == nil && len(r.Outcomes) != crowdOutcomes {
				err = fmt.Errorf("%d outcomes", len(r.Outcomes))
			}
			return err
		}},
		{"the paper by the default plan: every wave and outcome", func(ctx context.Context, c *crowd) error {
			d, err := paper.Read(ctx, c, survey.SystemActor("bench"), c.design.Study.ID, crowdNow())
			if err != nil {
				return err
			}
			used := paper.PlanUsed{Content: plan.Default(d.Design()), Version: 1, LockedAt: crowdNow().AddDate(-2, 0, 0)}
			p, err := paper.Build(ctx, d, paper.Options{Plan: used, Now: crowdNow()})
			if err == nil && len(p.Outcomes) == 0 {
				err = fmt.Errorf("no outcome")
			}
			return err
		}},
	}
}

// reports times whole reports of studies of several sizes, the data in memory, to
// show that time and memory grow with the rows.
func (b *bench) reports(ctx context.Context, sizes string) error {
	for _, w := range wholes() {
		b.say("report  %s; %d waves × %d outcomes × %d items\n", w.name, crowdWaves, crowdOutcomes, crowdItems)
		t := newTable(b.out, "people", "answers", "seconds", "processor", "most memory, MB", "bytes an answer")
		for text := range strings.SplitSeq(sizes, ",") {
			people, err := strconv.Atoi(text)
			if err != nil || people < 1 {
				return fmt.Errorf("-people %q: write numbers, as 1000,10000", sizes)
			}
			c := newCrowd(people)
			runtime.GC()
			stop := watchMemory()
			before, began := processorTime(), time.Now()
			if err := w.make(ctx, c); err != nil {
				return fmt.Errorf("%s, %d people: %w", w.name, people, err)
			}
			wall, used := time.Since(began), processorTime()-before
			most := float64(stop())
			t.row(text, strconv.Itoa(c.rows()), seconds(wall.Seconds()), seconds(used.Seconds()),
				fmt.Sprintf("%.0f", most/1e6), fmt.Sprintf("%.0f", most/float64(c.rows())))
		}
		if err := t.flush(); err != nil {
			return err
		}
		b.say("\n")
	}
	return nil
}

// watchMemory watches the heap, garbage included. The function it returns ends
// that and says by how much it has grown at most.
func watchMemory() func() uint64 {
	begin := heap()
	done, most := make(chan struct{}), make(chan uint64)
	go func() {
		tick := time.NewTicker(5 * time.Millisecond)
		defer tick.Stop()
		top := begin
		for {
			select {
			case <-done:
				most <- max(top, heap()) - begin
				return
			case <-tick.C:
				top = max(top, heap())
			}
		}
	}()
	return func() uint64 {
		close(done)
		return <-most
	}
}

// heap is how many bytes objects take up.
func heap() uint64 {
	sample := []metrics.Sample{{Name: "/memory/classes/heap/objects:bytes"}}
	metrics.Read(sample)
	return sample[0].Value.Uint64()
}
