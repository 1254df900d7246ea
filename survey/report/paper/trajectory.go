package paper

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"tidemark/analysis"
	"tidemark/analysis/design"
	"tidemark/analysis/mixed"
	"tidemark/survey/plan"
	"tidemark/survey/report"
)

// Trajectory is the model of one scale over all waves at which it is asked: a
// mean for every arm and wave, with what people differ in by themselves.
type Trajectory struct {
	Scale report.Scale `json:"scale"`
	// Formula is the model in the notation of lme4.
	Formula   string         `json:"formula"`
	Structure plan.Structure `json:"structure"`
	DF        plan.DF        `json:"df_method"`
	// Fallback says why another structure than the plan's was fitted.
	Fallback string          `json:"fallback,omitempty"`
	People   int             `json:"people"` // with at least one score
	Scores   int             `json:"scores"`
	Excluded int             `json:"scores_excluded"` // for a missing covariate
	Arms     []TrajectoryArm `json:"arms"`
	// Variances are those of the random effects, Residual that within people,
	// ICC the share between people when only the level differs.
	Variances []Variance        `json:"variances"`
	Residual  analysis.Estimate `json:"residual_variance"`
	ICC       analysis.Estimate `json:"icc"`
	// Singular: the model asks for more variances than the data show. Its means
	// are valid nevertheless.
	Singular bool            `json:"singular"`
	Reason   analysis.Reason `json:"reason,omitempty"`

	model  model
	design *design.Design
	cells  []cell
	inArm  []int // people whose scores entered, by arm
	// perProtocol is the same of those who came to enough meetings; nil when the
	// plan does not ask for it.
	perProtocol *Trajectory
	// imputed are the scores completed; nil when the plan does not ask for it.
	imputed *imputed
}

// Variance is that of a random effect.
type Variance struct {
	Name  string            `json:"name"`
	Value analysis.Estimate `json:"value"`
}

// TrajectoryArm is one arm over the waves.
type TrajectoryArm struct {
	Arm    string            `json:"arm"`
	Points []TrajectoryPoint `json:"points"`
}

// TrajectoryPoint is an arm at a wave: the model's mean, and the observed one.
type TrajectoryPoint struct {
	Wave  string            `json:"wave"`
	N     int               `json:"n"`
	Model analysis.Estimate `json:"model_mean"`
	CI    analysis.Interval `json:"model_ci"`
	Mean  analysis.Estimate `json:"observed_mean"`
	SD    analysis.Estimate `json:"observed_sd"`
}

// model is a fitted mixed model of either kind.
type model interface {
	Contrast(name string, weights []float64) mixed.Coefficient
}

// fit fits the model that the plan asks for. The model has a mean for each arm
// and wave, which is "wave × arm" in other coordinates.
func (x *modelled) fit(ctx context.Context, p plan.Plan) (Trajectory, error) {
	t := Trajectory{Scale: x.m.Scale, Structure: p.Model.Structure, DF: p.Model.DF}
	columns, cells := x.columns()
	t.cells = cells
	fixed := []string{"y ~ 0 + cell"}
	for k := range x.predictors() {
		fixed = append(fixed, covariateColumn(k))
	}
	t.Formula = x.formula(t.Structure, cells)
	if len(cells) == 0 {
		t.Reason = analysis.ReasonNoData
		return t, nil
	}
	if err := t.fitStructure(ctx, strings.Join(fixed, " + "), columns, p.Level()); err != nil {
		return Trajectory{}, err
	}
	if t.Structure == plan.Unstructured {
		for i := range t.Variances {
			wave, err := strconv.Atoi(t.Variances[i].Name)
			if err != nil {
				return Trajectory{}, err
			}
			t.Variances[i].Name = x.d.Waves[wave].Short
		}
	}
	t.inArm = x.entering()
	t.describe(x)
	return t, nil
}

// entering counts by arm the people with a score and all covariates.
func (x *modelled) entering() []int {
	n := make([]int, len(x.d.Arms))
	for i, p := range x.d.People {
		enters := x.keep == nil || x.keep[i]
		for _, c := range x.covariates {
			enters = enters && !isMissing(c.Values[i])
		}
		scored := slices.ContainsFunc(x.m.Values, func(v []float64) bool { return v != nil && !isMissing(v[i]) })
		if enters && scored {
			n[p.Arm]++
		}
	}
	return n
}

// fitStructure fits the structure asked for, or one that asks less of the data
// when they do not allow it; Fallback then says so.
func (t *Trajectory) fitStructure(ctx context.Context, fixed string, columns []design.Column, level float64) error {
	t.model, t.Variances = nil, nil
	if t.Structure == plan.Unstructured {
		return t.fitMarginal(ctx, fixed, columns, level)
	}
	random := "(1 | id)"
	if t.Structure == plan.RandomSlope {
		random = "(weeks | id)"
	}
	d, err := design.Build(fixed+" + "+random, columns)
	if err != nil {
		return err
	}
	r, err := mixed.LMM(ctx, d, mixed.LMMOptions{Level: level})
	if err != nil {
		return err
	}
	if t.Structure == plan.RandomSlope && r.Reason != "" && d.Reason == "" {
		t.Structure, t.Fallback = plan.RandomIntercept, "random slopes: "+report.Explain(r.Reason)
		return t.fitStructure(ctx, fixed, columns, level)
	}
	d.Release()
	t.model, t.design = &r, d
	t.People, t.Scores, t.Excluded = r.Groups, r.Rows, r.Excluded
	t.Residual, t.ICC, t.Singular, t.Reason = r.Residual, r.ICC, r.Singular, r.Reason
	for _, term := range r.Random {
		for i, name := range term.Names {
			t.Variances = append(t.Variances, Variance{name, term.Variance[i]})
		}
	}
	return nil
}

// fitMarginal fits a covariance of the waves without restrictions (MMRM), or the
// next simpler one that the data allow.
func (t *Trajectory) fitMarginal(ctx context.Context, fixed string, columns []design.Column, level float64) error {
	d, err := design.Build(fixed, columns, "id", "visit")
	if err != nil {
		return err
	}
	r, err := mixed.MMRM(ctx, d, mixed.MMRMOptions{Fallback: mixed.Ladder(), Level: level})
	if err != nil {
		return err
	}
	none := analysis.Unknown(analysis.FirstReason(r.Reason, analysis.ReasonNotApplicable))
	d.Release()
	t.model, t.design = &r, d
	t.People, t.Scores, t.Excluded = r.People, r.Rows, r.Excluded
	t.Residual, t.ICC, t.Reason = none, none, r.Reason
	if n := len(r.Attempts); n > 1 {
		t.Fallback = fmt.Sprintf("%s: %s; %s was used", r.Attempts[0].Covariance, report.Explain(r.Attempts[0].Reason), r.Covariance)
	}
	for i, visit := range r.Visits {
		if i < len(r.Covariances) {
			t.Variances = append(t.Variances, Variance{visit, r.Covariances[i][i]})
		}
	}
	return nil
}

// formula is the model in words of the study.
func (x *modelled) formula(s plan.Structure, cells []cell) string {
	var text strings.Builder
	text.WriteString("score ~ wave")
	arms := map[int]bool{}
	for _, c := range cells {
		arms[c.arm] = true
	}
	if len(arms) > 1 {
		text.WriteString(" * arm")
	}
	for _, c := range x.covariates {
		text.WriteString(" + " + c.Key)
	}
	switch s {
	case plan.RandomSlope:
		return text.String() + " + (weeks | person)"
	case plan.Unstructured:
		return text.String() + " + us(wave | person)"
	case plan.RandomIntercept:
	}
	return text.String() + " + (1 | person)"
}

// describe reads the means of every arm and wave off the model.
func (t *Trajectory) describe(x *modelled) {
	for a, arm := range x.d.Arms {
		row := TrajectoryArm{Arm: arm.Name}
		for w, wave := range x.d.Waves {
			if !x.m.Asked(w) {
				continue
			}
			var seen []float64
			for i, p := range x.d.People {
				if v := x.m.Values[w][i]; p.Arm == a && !isMissing(v) && (x.keep == nil || x.keep[i]) {
					seen = append(seen, v)
				}
			}
			if len(seen) == 0 {
				continue
			}
			s := analysis.Describe(seen, t.level())
			c := t.contrast(wave.Key, map[cell]float64{{a, w}: 1})
			row.Points = append(row.Points, TrajectoryPoint{
				Wave: wave.Short, N: s.N, Mean: s.Mean, SD: s.SD, Model: c.value, CI: c.test.CI,
			})
		}
		if len(row.Points) > 0 {
			t.Arms = append(t.Arms, row)
		}
	}
}

func (t *Trajectory) level() float64 { return analysis.DefaultLevel }

// contrasted is a combination of the means of a model.
type contrasted struct {
	value analysis.Estimate
	test  mixed.Test
}

// contrast estimates a combination of the means of cells.
func (t *Trajectory) contrast(name string, weights map[cell]float64) contrasted {
	if t.model == nil {
		why := analysis.FirstReason(t.Reason, analysis.ReasonNoData)
		none := analysis.Unknown(why)
		return contrasted{none, mixed.Test{SE: none, DF: none, T: none, P: none, CI: analysis.NoInterval(why, analysis.DefaultLevel)}}
	}
	row := make([]float64, len(t.design.X))
	used := 0
	for i, c := range t.cells {
		weight, named := weights[c]
		if !named {
			continue
		}
		used++
		// The cells come first, one column each.
		if e := t.design.Effects[i]; e.Column >= 0 {
			row[e.Column] = weight
		}
	}
	if used < len(weights) {
		none := analysis.Unknown(analysis.ReasonNoData)
		return contrasted{none, mixed.Test{SE: none, DF: none, T: none, P: none, CI: analysis.NoInterval(analysis.ReasonNoData, analysis.DefaultLevel)}}
	}
	c := t.model.Contrast(name, row)
	if t.DF == plan.KenwardRoger {
		return contrasted{c.Estimate, c.KenwardRoger}
	}
	return contrasted{c.Estimate, c.Satterthwaite}
}

// hideSmall takes out the means of few people.
func (t *Trajectory) hideSmall(minimum int) {
	for a := range t.Arms {
		for i := range t.Arms[a].Points {
			p := &t.Arms[a].Points[i]
			if why := tooFew(p.N, minimum); why != "" {
				p.Model, p.Mean, p.SD = analysis.Unknown(why), analysis.Unknown(why), analysis.Unknown(why)
				p.CI = analysis.NoInterval(why, p.CI.Level)
			}
		}
	}
}
