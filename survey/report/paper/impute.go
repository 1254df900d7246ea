package paper

import (
	"context"
	"fmt"
	"slices"

	"tidemark/analysis"
	"tidemark/analysis/missing"
	"tidemark/survey"
	"tidemark/survey/instrument"
	"tidemark/survey/plan"
)

// imputed are the completed scores of one scale, made once and used by every
// comparison of it.
type imputed struct {
	imputations missing.Imputations
	people      []int // rows of the dataset, in the order of the columns
	columns     map[int]int
	withinArms  bool
}

// mostImputed is how many waves enter an imputation at most: weekly ones are left
// out first.
const mostImputed = 12

// perColumn is how many people of an arm there must be for each column before
// arms are imputed by themselves.
const perColumn = 10

// wantsImputation reports whether the plan asks for completed scores.
func wantsImputation(p plan.Plan) bool {
	if slices.Contains(p.Estimators, plan.MultipleImputation) {
		return true
	}
	return slices.Contains(p.Sensitivity, plan.DeltaAdjusted)
}

// impute completes the scores of a scale by chained equations, from all its waves
// and the covariates of the plan, of the people for whom these waves are over: an
// answer still to come is not missing. Waves that are over for nobody are left
// out.
func (d *Dataset) impute(ctx context.Context, m *Measure, covariates []Covariate, p plan.Plan) (*imputed, error) {
	waves, people := d.untilOver(d.imputedWaves(m))
	out := &imputed{people: people, columns: map[int]int{}}
	columns := make([][]float64, 0, len(waves)+len(covariates))
	for _, w := range waves {
		out.columns[w] = len(columns)
		columns = append(columns, d.of(out.people, m.Values[w]))
	}
	for _, c := range covariates {
		for _, x := range c.predictors() {
			columns = append(columns, d.of(out.people, x.Values))
		}
	}
	arms := make([]string, len(out.people))
	count := map[string]int{}
	for k, i := range out.people {
		arms[k] = d.Arms[d.People[i].Arm].Key
		count[arms[k]]++
	}
	// An arm that is not asked at a wave has nobody to take its scores from.
	out.withinArms = len(count) > 1 && !slices.ContainsFunc(waves, func(w int) bool { return !d.everyArm(w) })
	for _, n := range count {
		out.withinArms = out.withinArms && n >= perColumn*len(columns)
	}
	if len(count) < 2 {
		arms = nil
	}
	var err error
	out.imputations, err = missing.Impute(ctx, columns, missing.ImputeOptions{
		M: p.Missing.Imputations, Seed: uint64(p.Missing.Seed), Arms: arms, WithinArms: out.withinArms,
	})
	return out, err
}

// imputedWaves are the waves that enter: those before and after the course, and
// the weekly ones while there is room, if both arms answer them.
func (d *Dataset) imputedWaves(m *Measure) []int {
	var waves []int
	weekly := 0
	for w, wave := range d.Waves {
		if !m.Asked(w) {
			continue
		}
		if wave.Kind != survey.WaveDuring {
			waves = append(waves, w)
		} else if d.everyArm(w) {
			weekly++
		}
	}
	if weekly == 0 || len(waves)+weekly > mostImputed {
		return waves
	}
	waves = waves[:0]
	for w, wave := range d.Waves {
		if m.Asked(w) && (wave.Kind != survey.WaveDuring || d.everyArm(w)) {
			waves = append(waves, w)
		}
	}
	return waves
}

// everyArm reports whether people of all arms are asked at a wave.
func (d *Dataset) everyArm(wave int) bool {
	for i := range d.People {
		if d.States[wave][i] == NotAsked {
			return false
		}
	}
	return true
}

// of takes the people's entries of a column.
func (d *Dataset) of(people []int, values []float64) []float64 {
	out := make([]float64, len(people))
	for k, i := range people {
		out[k] = values[i]
	}
	return out
}

// byImputation pools the change, or the difference in change, over the completed
// data by Rubin's rules.
func byImputation(ctx context.Context, a *asked) (Estimate, error) {
	i := a.t.imputed
	return a.pool(ctx, &i.imputations, fmt.Sprintf("%d imputations, seed %d", a.p.Missing.Imputations, a.p.Missing.Seed))
}

// byDelta does the same with the later scores imputed in the arm the outcome is
// about made worse.
func byDelta(delta float64) func(context.Context, *asked) (Estimate, error) {
	return func(ctx context.Context, a *asked) (Estimate, error) {
		i := a.t.imputed
		sd := analysis.Describe(a.m.Values[a.o.pre], a.p.Level()).SD
		if !sd.OK() {
			return a.nothing(sd.Reason), nil
		}
		worse := -delta * sd.Value
		if a.o.Scale.Direction == instrument.LowerBetter {
			worse = -worse
		}
		arm, who := analysis.EveryArm, "everyone"
		if a.o.arm >= 0 && len(a.d.Arms) > 1 {
			arm, who = a.d.Arms[a.o.arm].Key, a.o.Arm
		}
		column, ok := i.columns[a.o.post]
		if !ok {
			return a.nothing(analysis.ReasonNoData), nil
		}
		shifted := i.imputations.Shift(column, arm, worse)
		return a.pool(ctx, &shifted, fmt.Sprintf("later scores imputed for %s made worse by %.3g points", who, delta*sd.Value))
	}
}

// nothing is an estimate that does not exist.
func (a *asked) nothing(why analysis.Reason) Estimate {
	none := analysis.Unknown(why)
	return Estimate{Value: none, SE: none, T: none, DF: none, P: none, CI: analysis.NoInterval(why, a.p.Level())}
}

// pool analyses every completed data set.
func (a *asked) pool(ctx context.Context, r *missing.Imputations, note string) (Estimate, error) {
	i := a.t.imputed
	pre, before := i.columns[a.o.pre]
	post, after := i.columns[a.o.post]
	if !before || !after {
		return a.nothing(analysis.ReasonNoData), nil
	}
	n := 0
	for _, row := range i.people {
		if arm := a.d.People[row].Arm; a.o.arm < 0 || arm == a.o.arm || arm == a.o.against {
			n++
		}
	}
	pooled, err := missing.Pool(ctx, r, missing.PoolOptions{Level: a.p.Level()}, func(columns [][]float64) (missing.Fit, error) {
		return a.changeOf(columns[pre], columns[post]), nil
	})
	if err != nil {
		return Estimate{}, err
	}
	if len(pooled) == 0 {
		return a.nothing(analysis.FirstReason(r.Reason, analysis.ReasonNoData)), nil
	}
	q := pooled[0]
	return Estimate{N: n, Value: q.Estimate, CI: q.CI, SE: q.SE, T: q.T, DF: q.DF, P: q.P, Note: note}, nil
}

// changeOf is the mean change, or its difference between arms, of a completed
// data set, with its variance.
func (a *asked) changeOf(pre, post []float64) missing.Fit {
	var course, control moment
	for k, row := range a.t.imputed.people {
		switch arm := a.d.People[row].Arm; {
		case a.o.arm < 0 || arm == a.o.arm:
			course.add(post[k] - pre[k])
		case arm == a.o.against:
			control.add(post[k] - pre[k])
		}
	}
	f := missing.Fit{Names: []string{"change"}}
	if course.n < 2 || a.o.Between() && control.n < 2 {
		f.Reason = analysis.ReasonGroupTooFew2
		return f
	}
	f.Estimates, f.Variances, f.DF = []float64{course.mean}, []float64{course.squareOfSE()}, course.n-1
	if a.o.Between() {
		f.Estimates[0] -= control.mean
		f.Variances[0] += control.squareOfSE()
		f.DF += control.n - 1
	}
	return f
}

// moment is a running mean and variance (Welford 1962).
type moment struct{ n, mean, squares float64 }

func (m *moment) add(v float64) {
	m.n++
	step := v - m.mean
	m.mean += step / m.n
	m.squares += step * (v - m.mean)
}

func (m *moment) squareOfSE() float64 { return m.squares / (m.n - 1) / m.n }
