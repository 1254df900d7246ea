package paper

import (
	"context"
	"fmt"
	"runtime"
	"slices"
	"sync"

	"tidemark/analysis"
	"tidemark/survey/plan"
)

// Build analyses a dataset by a plan. The result depends on both alone, not on
// the number of processors. The error is that of the context, or says that the
// plan names nothing that the data have.
func Build(ctx context.Context, d *Dataset, opt Options) (*Paper, error) {
	b := &building{d: d, opt: opt, minimum: opt.minimum(), level: opt.Plan.Content.Level()}
	if err := b.build(ctx); err != nil {
		return nil, fmt.Errorf("report on %s: %w", d.Source.Key, err)
	}
	return b.paper, nil
}

// building is a paper in the making.
type building struct {
	d       *Dataset
	opt     Options
	minimum int
	level   float64
	paper   *Paper
}

func (b *building) build(ctx context.Context) error {
	d, p := b.d, b.opt.Plan
	if !analysis.ValidLevel(b.level) {
		return fmt.Errorf("the plan's alpha %v is not between 0 and 1", p.Content.Alpha)
	}
	b.paper = &Paper{
		Schema: Schema, Source: d.Source, Plan: p, Arms: d.Arms, Waves: d.Waves, Runs: d.Runs,
		Level: b.level, Minimum: b.minimum, Version: b.opt.Version, At: b.opt.Now,
		Outcomes: d.outcomes(p),
	}
	if err := b.work(ctx, b.models()); err != nil {
		return err
	}
	if err := b.work(ctx, b.comparisons()); err != nil {
		return err
	}
	if err := b.work(ctx, b.sections()); err != nil {
		return err
	}
	adjust(b.paper.Outcomes, p)
	for i := range b.paper.Outcomes {
		b.paper.Outcomes[i].hideSmall(d, p.Content, b.minimum)
	}
	for i := range b.paper.Trajectories {
		b.paper.Trajectories[i].hideSmall(b.minimum)
	}
	return nil
}

// task is a piece of work that writes to a place of its own.
type task func(context.Context) error

// work does tasks on all processors and returns the first error in their order.
func (b *building) work(ctx context.Context, tasks []task) error {
	errs := make([]error, len(tasks))
	next := make(chan int)
	var wg sync.WaitGroup
	var told sync.Mutex
	done := 0
	for range min(runtime.GOMAXPROCS(0), len(tasks)) {
		wg.Go(func() {
			for i := range next {
				errs[i] = tasks[i](ctx)
				told.Lock()
				done++
				if b.opt.Progress != nil {
					b.opt.Progress(done, len(tasks))
				}
				told.Unlock()
			}
		})
	}
	for i := range tasks {
		if ctx.Err() != nil {
			break
		}
		next <- i
	}
	close(next)
	wg.Wait()
	if err := context.Cause(ctx); err != nil {
		return err
	}
	for _, err := range errs {
		if err != nil {
			return err
		}
	}
	return nil
}

// models fits every main scale that is asked more than once, and every other
// that an outcome is about.
func (b *building) models() []task {
	var scales []string
	for i := range b.d.Measures {
		if m := &b.d.Measures[i]; m.Scale.Parent == "" && m.waves() > 1 {
			scales = append(scales, m.Scale.Key)
		}
	}
	for _, o := range b.paper.Outcomes {
		if !slices.Contains(scales, o.Scale.Key) {
			scales = append(scales, o.Scale.Key)
		}
	}
	b.paper.Trajectories = make([]Trajectory, len(scales))
	protocol := slices.ContainsFunc(b.opt.Plan.Content.Populations, func(p plan.Population) bool { return p.Kind == plan.PerProtocol })
	var tasks []task
	for i, key := range scales {
		t := &b.paper.Trajectories[i]
		t.Scale.Key = key
		tasks = append(tasks, func(ctx context.Context) error { return b.model(ctx, t, key, protocol) })
	}
	return tasks
}

// announced reports whether the plan names a scale.
func (b *building) announced(scale string) bool {
	return slices.ContainsFunc(b.paper.Outcomes, func(o Outcome) bool {
		return o.Scale.Key == scale && o.named
	})
}

// model fits one scale for everybody, and for those who kept to the course.
func (b *building) model(ctx context.Context, t *Trajectory, key string, protocol bool) error {
	p := b.opt.Plan.Content
	m, _ := b.d.Measure(key)
	covariates, _ := b.d.covariates(p, key)
	x := modelled{d: b.d, m: m, covariates: covariates}
	fitted, err := x.fit(ctx, p)
	if err != nil {
		return err
	}
	*t = fitted
	if b.announced(key) && wantsImputation(p) {
		if t.imputed, err = b.d.impute(ctx, m, covariates, p); err != nil {
			return err
		}
	}
	if !protocol {
		return nil
	}
	x.keep = b.d.perProtocol(p)
	kept, err := x.fit(ctx, p)
	t.perProtocol = &kept
	return err
}

// waves counts those at which anybody has a score.
func (m *Measure) waves() int {
	n := 0
	for _, values := range m.Values {
		if slices.ContainsFunc(values, func(v float64) bool { return !isMissing(v) }) {
			n++
		}
	}
	return n
}

func (b *building) comparisons() []task {
	tasks := make([]task, len(b.paper.Outcomes))
	for i := range tasks {
		o := &b.paper.Outcomes[i]
		tasks[i] = func(ctx context.Context) error { return b.compare(ctx, o) }
	}
	return tasks
}

// compare says everything about one outcome.
func (b *building) compare(ctx context.Context, o *Outcome) error {
	d, p := b.d, b.opt.Plan
	t, ok := b.paper.Trajectory(o.Scale.Key)
	if !ok {
		return fmt.Errorf("outcome %s: no model", o.Key)
	}
	covariates, absent := d.covariates(p.Content, o.Scale.Key)
	if err := d.estimates(ctx, o, p, t, covariates); err != nil {
		return err
	}
	if len(absent) > 0 {
		o.Primary().Note = fmt.Sprintf("%s Covariates of the plan that the data do not have: %v.", o.Primary().Note, absent)
	}
	o.Change = d.change(o, p.Content, b.minimum)
	o.Responders = d.responders(o, p.Content, b.minimum)
	o.Items = d.itemChanges(o, b.level, b.minimum)
	var err error
	if o.named {
		o.Subgroups, err = d.subgroups(ctx, o, p)
	}
	return err
}

// sections are the parts that do not belong to one outcome.
func (b *building) sections() []task {
	d := b.d
	post := d.Post()
	main, hasMain := b.paper.Main()
	if hasMain {
		post = main.post
	}
	return []task{
		func(context.Context) error { b.paper.Flow = d.flow(main); return nil },
		func(context.Context) error {
			b.paper.Baseline = d.baseline(post, b.level, b.minimum)
			return nil
		},
		func(ctx context.Context) (err error) {
			if !hasMain {
				none := analysis.Unknown(analysis.ReasonNoData)
				b.paper.Missing = Missingness{ChiSquare: none, DF: none, P: none}
				return nil
			}
			m, _ := d.Measure(main.Scale.Key)
			b.paper.Missing, err = d.missingness(ctx, m, b.minimum)
			return err
		},
		func(ctx context.Context) (err error) {
			b.paper.Reliability, err = d.reliability(ctx, b.level, b.minimum)
			return err
		},
		func(ctx context.Context) error {
			for i := range d.Measures {
				v, ok, err := d.invariance(ctx, &d.Measures[i], b.level, b.minimum)
				if err != nil {
					return err
				}
				if ok {
					b.paper.Invariance = append(b.paper.Invariance, v)
				}
			}
			return nil
		},
		func(context.Context) error {
			if hasMain {
				b.paper.Doses = d.doses(main, b.level, b.minimum)
				if x, ok := d.pooled(main, b.level, b.minimum); ok {
					b.paper.Pooled = append(b.paper.Pooled, x)
				}
			}
			return nil
		},
		func(context.Context) error {
			if hasMain {
				p := d.power(main, b.level, b.minimum)
				b.paper.Power = &p
			}
			return nil
		},
		func(context.Context) error { b.paper.Unwanted = d.unwanted(b.level, b.minimum); return nil },
	}
}
