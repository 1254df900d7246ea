package paper

import (
	"context"
	"slices"

	"tidemark/analysis"
	"tidemark/survey/plan"
)

// way is one way to an estimate.
type way struct {
	estimator   plan.Estimator
	population  plan.PopulationKind
	sensitivity plan.Sensitivity
	delta       float64
	// announced is the population the plan names for it, where the estimator
	// implies another.
	announced plan.PopulationKind
	estimate  func(context.Context, *asked) (Estimate, error)
}

func (w way) same(v way) bool {
	return w.estimator == v.estimator && w.population == v.population && w.sensitivity == v.sensitivity && w.delta == v.delta
}

// result is the way as a plan announces it: a varied assumption brings its own
// estimator and population along.
func (w way) result(o *Outcome) plan.Result {
	if w.sensitivity != "" {
		return plan.Result{Outcome: o.Planned, Sensitivity: w.sensitivity}
	}
	return plan.Result{Outcome: o.Planned, Estimator: w.estimator, Population: w.announced}
}

// asked is what an estimate is asked of.
type asked struct {
	d *Dataset
	o *Outcome
	m *Measure
	p plan.Plan
	// population is whose scores may enter, keep the same by person; nil:
	// everyone's.
	population plan.PopulationKind
	keep       []bool
	t          *Trajectory
	// covariates of the plan, found in the data.
	covariates []Covariate
}

// estimates answers an outcome in every way the plan names: the primary one
// first, then the other estimators, populations and varied assumptions.
func (d *Dataset) estimates(ctx context.Context, o *Outcome, p PlanUsed, t *Trajectory, covariates []Covariate) error {
	m, _ := d.Measure(o.Scale.Key)
	for i, w := range ways(o, p.Content) {
		if !o.named && (i > 0 && w.estimator != plan.PairedChange || w.estimator == plan.MultipleImputation) {
			continue // what the plan does not name needs no sensitivity analysis
		}
		keep := d.population(w.population, o, p.Content)
		e, err := w.estimate(ctx, &asked{d: d, o: o, m: m, p: p.Content, population: w.population, keep: keep, t: t, covariates: covariates})
		if err != nil {
			return err
		}
		e.Estimator, e.Population, e.Sensitivity, e.Delta = w.estimator, w.population, w.sensitivity, w.delta
		e.As = p.standing(w.result(o))
		e.PAdjusted = e.P
		o.Estimates = append(o.Estimates, e)
	}
	o.G, o.GCI = d.standardisedBy(o, m, p.Content.Level())
	return nil
}

// ways lists how the plan estimates an outcome. An estimator that only makes
// sense between arms is left out within one, and the populations it implies are
// not repeated.
func ways(o *Outcome, p plan.Plan) []way {
	var out []way
	add := func(w way) {
		if w.estimate != nil && !slices.ContainsFunc(out, w.same) {
			out = append(out, w)
		}
	}
	for i, population := range p.Populations {
		for k, e := range p.Estimators {
			if i > 0 && k > 0 {
				continue // other populations by the primary estimator only
			}
			add(way{estimator: e, population: implied(e, population.Kind), announced: population.Kind, estimate: estimator(e, o)})
		}
	}
	for _, s := range p.Sensitivity {
		for _, w := range varied(s, o, p) {
			add(w)
		}
	}
	return out
}

// implied is the population an estimator really uses: a paired change and an
// ANCOVA need both scores, and imputation is for everybody.
func implied(e plan.Estimator, k plan.PopulationKind) plan.PopulationKind {
	switch {
	case e == plan.MultipleImputation:
		return plan.Everybody
	case k == plan.Everybody && (e == plan.PairedChange || e == plan.ANCOVA):
		return plan.Completers
	}
	return k
}

func estimator(e plan.Estimator, o *Outcome) func(context.Context, *asked) (Estimate, error) {
	switch e {
	case plan.MixedModel:
		return byMixedModel
	case plan.PairedChange:
		return byChange
	case plan.ANCOVA:
		if o.Between() {
			return byANCOVA
		}
	case plan.MultipleImputation:
		return byImputation
	}
	return nil
}

// varied are the ways of a sensitivity analysis.
func varied(s plan.Sensitivity, o *Outcome, p plan.Plan) []way {
	switch s {
	case plan.RankBased:
		return []way{{estimator: plan.PairedChange, population: plan.Completers, sensitivity: s, estimate: byRanks}}
	case plan.Permutation:
		return []way{{estimator: plan.PairedChange, population: plan.Completers, sensitivity: s, estimate: byPermutation}}
	case plan.RobustErrors:
		if o.Between() {
			return []way{{estimator: plan.ANCOVA, population: plan.Completers, sensitivity: s, estimate: byRobustANCOVA}}
		}
	case plan.DeltaAdjusted:
		var out []way
		for _, delta := range p.Missing.Deltas {
			out = append(out, way{
				estimator: plan.MultipleImputation, population: plan.Everybody, sensitivity: s, delta: delta, estimate: byDelta(delta),
			})
		}
		return out
	case plan.MissingNoResponse: // counted among the responders
	}
	return nil
}

// population says whose scores enter; nil: everyone's.
func (d *Dataset) population(k plan.PopulationKind, o *Outcome, p plan.Plan) []bool {
	m, _ := d.Measure(o.Scale.Key)
	switch k {
	case plan.Completers:
		keep := make([]bool, len(d.People))
		for i := range keep {
			keep[i] = !isMissing(m.Values[o.pre][i]) && !isMissing(m.Values[o.post][i])
		}
		return keep
	case plan.PerProtocol:
		return d.perProtocol(p)
	case plan.Everybody:
	}
	return nil
}

// perProtocol keeps people who came to enough meetings, in arms that have any;
// everyone of the others.
func (d *Dataset) perProtocol(p plan.Plan) []bool {
	sessions := 0
	for _, q := range p.Populations {
		if q.Kind == plan.PerProtocol {
			sessions = q.Sessions
		}
	}
	keep := make([]bool, len(d.People))
	for i, person := range d.People {
		keep[i] = d.Arms[person.Arm].Control
	}
	for _, dose := range d.Doses {
		if dose.Key != DoseMeetings {
			continue
		}
		meets := make([]bool, len(d.Arms))
		for i, v := range dose.Values {
			meets[d.People[i].Arm] = meets[d.People[i].Arm] || v > 0
		}
		for i, v := range dose.Values {
			keep[i] = !meets[d.People[i].Arm] || v >= float64(sessions)
		}
	}
	return keep
}

// The keys of the doses that a study itself knows: meetings attended, and minutes
// of practice a week.
const (
	DoseMeetings = "meetings"
	DosePractice = "practice"
)

// byMixedModel reads the comparison off the model of all waves.
func byMixedModel(ctx context.Context, a *asked) (Estimate, error) {
	t := a.t
	switch {
	case a.population == plan.PerProtocol:
		t = a.t.perProtocol
	case a.keep != nil:
		fitted, err := (&modelled{d: a.d, m: a.m, covariates: a.covariates, keep: a.keep}).fit(ctx, a.p)
		if err != nil {
			return Estimate{}, err
		}
		t = &fitted
	}
	c := t.contrast(a.o.Key, a.weights())
	e := Estimate{N: a.people(t), Value: c.value, CI: c.test.CI, SE: c.test.SE, T: c.test.T, DF: c.test.DF, P: c.test.P}
	if t.Singular {
		e.Note = "A variance of the model is 0; the estimate is valid nevertheless."
	}
	return e, nil
}

// people counts those whose scores are in the model, of the arms compared: the
// others help to estimate variances, and no mean.
func (a *asked) people(t *Trajectory) int {
	if a.o.arm < 0 {
		return t.People
	}
	n := 0
	for arm, of := range t.inArm {
		if arm == a.o.arm || arm == a.o.against {
			n += of
		}
	}
	return n
}

// weights of the means that make the comparison.
func (a *asked) weights() map[cell]float64 {
	w := map[cell]float64{}
	add := func(arm int, sign float64) {
		w[cell{arm, a.o.post}] += sign
		w[cell{arm, a.o.pre}] -= sign
	}
	switch {
	case a.o.Between():
		add(a.o.arm, 1)
		add(a.o.against, -1)
	case a.o.arm >= 0:
		add(a.o.arm, 1)
	default: // everyone: arms by their share of people
		shares := make([]float64, len(a.d.Arms))
		for _, p := range a.d.People {
			shares[p.Arm] += 1 / float64(len(a.d.People))
		}
		for arm, share := range shares {
			if share > 0 {
				add(arm, share)
			}
		}
	}
	return w
}

// sides are the pairs of the arm the outcome is about, and of the one it is
// compared with.
func (a *asked) sides() (course, control []float64) {
	course = changes(a.d.pairs(a.m, a.o, a.o.arm, a.keep))
	if a.o.Between() {
		control = changes(a.d.pairs(a.m, a.o, a.o.against, a.keep))
	}
	return course, control
}

// byChange is the paired t test, or Welch's test of the changes.
func byChange(_ context.Context, a *asked) (Estimate, error) {
	course, control := a.sides()
	none := analysis.Unknown(analysis.ReasonNotApplicable)
	if a.o.Between() {
		w := analysis.WelchT(course, control, a.p.Level())
		return Estimate{
			N: len(course) + len(control), Value: w.Difference, CI: w.Welch.CI, SE: none, T: w.Welch.T, DF: w.Welch.DF, P: w.Welch.P,
		}, nil
	}
	pre, post := a.d.pairs(a.m, a.o, a.o.arm, a.keep)
	t := analysis.PairedT(pre, post, a.p.Level())
	return Estimate{N: t.Pairs, Value: t.MeanChange, CI: t.CI, SE: t.SEChange, T: t.T, DF: t.DF, P: t.P}, nil
}

// byRanks is the Hodges–Lehmann estimate with the test of Wilcoxon, or of Mann
// and Whitney.
func byRanks(_ context.Context, a *asked) (Estimate, error) {
	course, control := a.sides()
	none := analysis.Unknown(analysis.ReasonNotApplicable)
	if a.o.Between() {
		r := analysis.MannWhitney(course, control, a.p.Level())
		return Estimate{N: len(course) + len(control), Value: r.HodgesLehmann, CI: r.CI, P: r.P, SE: none, T: none, DF: none, Note: "Hodges–Lehmann shift"}, nil
	}
	pre, post := a.d.pairs(a.m, a.o, a.o.arm, a.keep)
	r := analysis.Wilcoxon(pre, post, a.p.Level())
	return Estimate{N: r.Pairs, Value: r.HodgesLehmann, CI: r.CI, P: r.P, SE: none, T: none, DF: none, Note: "Hodges–Lehmann estimate"}, nil
}

// byPermutation is the mean change, or difference in changes, with the p-value of
// reshuffled signs or arms.
func byPermutation(ctx context.Context, a *asked) (Estimate, error) {
	e, err := byChange(ctx, a)
	if err != nil {
		return Estimate{}, err
	}
	opt := analysis.PermutationOptions{Seed: uint64(a.p.Missing.Seed)}
	var r analysis.PermutationResult
	if a.o.Between() {
		course, control := a.sides()
		r, err = analysis.PermuteGroups(ctx, course, control, opt)
	} else {
		pre, post := a.d.pairs(a.m, a.o, a.o.arm, a.keep)
		r, err = analysis.PermutePairs(ctx, pre, post, opt)
	}
	none := analysis.Unknown(analysis.ReasonNotApplicable)
	e.P, e.T, e.DF, e.SE, e.Note = r.P, none, none, none, "p by permutation ("+string(r.Method)+")"
	return e, err
}

// standardisedBy divides the primary estimate by the SD of all scores before the
// course, with the exact small-sample correction of Hedges (1981); the interval
// is divided alike, as if that SD were known.
func (d *Dataset) standardisedBy(o *Outcome, m *Measure, level float64) (analysis.Estimate, analysis.Interval) {
	e := o.Primary()
	s := analysis.Describe(m.Values[o.pre], level)
	why := analysis.FirstReason(e.Value.Reason, s.SD.Reason)
	if why == "" && s.SD.Value == 0 {
		why = analysis.ReasonZeroVariance
	}
	if why != "" {
		return analysis.Unknown(why), analysis.NoInterval(why, level)
	}
	j := analysis.HedgesCorrection(float64(s.N - 1))
	if e.CI.Reason != "" {
		return analysis.Known(j * e.Value.Value / s.SD.Value), analysis.NoInterval(e.CI.Reason, level)
	}
	return analysis.Known(j * e.Value.Value / s.SD.Value),
		analysis.NewInterval(j*e.CI.Low/s.SD.Value, j*e.CI.High/s.SD.Value, level)
}
