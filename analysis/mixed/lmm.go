package mixed

import (
	"context"
	"errors"
	"fmt"

	"tidemark/analysis"
	"tidemark/analysis/design"
)

// Errors of models that this package does not fit.
var (
	// ErrNoRandomEffects: the formula has no term (effects | group).
	ErrNoRandomEffects = errors.New("the formula has no random effects")
	// ErrSeveralGroups: the random terms do not share one grouping.
	ErrSeveralGroups = errors.New("random effects by more than one grouping are not supported")
	// ErrTooManyEffects: a group has more random effects than maxRandom.
	ErrTooManyEffects = errors.New("too many random effects")
)

// maxRandom bounds the random effects of a group: the covariance of that many
// has over 200 parameters.
const maxRandom = 20

// LMMOptions are the choices of a linear mixed model; the zero value is REML
// with 95 % intervals.
type LMMOptions struct {
	// ML asks for maximum likelihood instead of REML, as comparisons of fixed
	// effects by likelihood need it. There is no Kenward–Roger then.
	ML bool
	// Level of the intervals; 0 means analysis.DefaultLevel.
	Level float64
	// Progress, if given, is told after each iteration of Newton's method how many
	// there were; nobody knows how many it will be.
	Progress func(iterations int)
}

// LMMResult is a fitted linear mixed model y = Xβ + Zb + e with b ~ N(0, G) for
// each group and e ~ N(0, σ²).
type LMMResult struct {
	Formula string
	// Estimator is "REML" or "ML".
	Estimator string
	// Rows entered, Excluded missed a value; Groups is the number of levels of
	// Group.
	Rows, Excluded int
	Group          string
	Groups         int
	// Coefficients are the fixed effects in the order of the formula, aliased
	// ones included.
	Coefficients []Coefficient
	// Random are the terms of random effects.
	Random []RandomTerm
	// Residual is σ².
	Residual analysis.Estimate
	// ICC is the share of the variance that lies between groups, for a random
	// intercept alone.
	ICC analysis.Estimate
	// Singular reports that the random effects have a direction without any
	// variance: a variance is 0, or a correlation ±1. The fixed effects are valid
	// nevertheless; the model asks for more variances than the data show.
	Singular bool
	// LogLikelihood is the restricted one under REML; Deviance is −2 times it
	// (the "REML criterion"). AIC and BIC count Parameters and, in BIC, the rows,
	// as lme4 does.
	LogLikelihood, Deviance, AIC, BIC analysis.Estimate
	// Parameters counts fixed effects, variances and covariances.
	Parameters int
	// Iterations of Newton's method, from all starts together.
	Iterations int
	Level      float64
	// Reason says why there is no fit; it is then that of every estimate.
	Reason analysis.Reason

	design *design.Design
	infer  *inference
	work   *lmmWork
}

// RandomTerm is the covariance matrix of the random effects of one term.
type RandomTerm struct {
	Names []string
	// Variance[i] is that of effect i; Covariance[i][j] and Correlation[i][j],
	// j < i, are those of two effects. A correlation with an effect of variance 0
	// does not exist.
	Variance    []analysis.Estimate
	Covariance  [][]analysis.Estimate
	Correlation [][]analysis.Estimate
}

// lmmWork is the fit in internal units.
type lmmWork struct {
	moments *moments
	zScale  []float64 // z was multiplied by it
	blocks  []int     // the term of each random effect
	s       []float64 // covariance of the scaled effects over the residual variance
	sigma2  float64   // residual variance in scaled units
}

// LMM fits a linear mixed model with random effects by one grouping, any number
// of them, by REML or ML.
//
// The residual variance is profiled out, and Newton's method with exact
// derivatives minimises over a factor of G/σ² until the Newton decrement is
// below 1e-18 in units of −2·log-likelihood; lme4's default tolerances stop some
// 1e-5 (relative) before that. The data are summed once per person, and people
// with the same pattern of Z share all further work.
//
// It fails for a design without random effects or with several groupings, and
// when ctx ends. What the data do not allow is a Reason of the result.
//
// Not estimable: everything with fewer than two groups (groups_lt_2), with fewer
// rows than the effects need (not_identified), where the effects fit every row
// (perfect_fit), or without convergence; aliased effects; Kenward–Roger by ML.
func LMM(ctx context.Context, d *design.Design, opt LMMOptions) (LMMResult, error) {
	z, blocks, err := randomColumns(d)
	if err != nil {
		return LMMResult{}, fmt.Errorf("mixed model %s: %w", d.Formula, err)
	}
	r := newLMMResult(d, opt)
	r.Parameters = len(d.X) + len(freeElements(blocks)) + 1
	if r.Reason == "" {
		if err := r.fit(ctx, z, blocks, opt); err != nil {
			return LMMResult{}, fmt.Errorf("mixed model %s: %w", d.Formula, err)
		}
	}
	r.describe(blocks, opt.ML)
	return r, nil
}

// newLMMResult says what went in, and what is wrong with it.
func newLMMResult(d *design.Design, opt LMMOptions) LMMResult {
	first := d.Random[0]
	r := LMMResult{
		Formula: d.Formula, Estimator: estimator(opt.ML), Rows: len(d.Y), Excluded: d.Excluded,
		Group: first.Group, Groups: len(first.Levels), Level: opt.Level, design: d, Reason: d.Reason,
	}
	if r.Level == 0 {
		r.Level = analysis.DefaultLevel
	}
	effects := 0
	for _, t := range d.Random {
		effects += len(t.Names)
	}
	switch {
	case !analysis.ValidLevel(r.Level):
		r.Level, r.Reason = 0, analysis.ReasonInvalidOption
	case r.Reason != "":
	case r.Groups < 2:
		r.Reason = analysis.ReasonGroupsTooFew2
	case r.Rows <= len(d.X):
		r.Reason = analysis.ReasonNotIdentified
	case r.Rows <= r.Groups*effects:
		r.Reason = analysis.ReasonNotIdentified
	}
	r.infer = &inference{level: r.Level, reason: r.Reason}
	return r
}

func estimator(ml bool) string {
	if ml {
		return "ML"
	}
	return "REML"
}

// randomColumns lists the columns of all random terms and the term of each.
func randomColumns(d *design.Design) (z [][]float64, blocks []int, err error) {
	if len(d.Random) == 0 {
		return nil, nil, ErrNoRandomEffects
	}
	for i, t := range d.Random {
		if t.Group != d.Random[0].Group {
			return nil, nil, fmt.Errorf("%w: %s and %s", ErrSeveralGroups, d.Random[0].Group, t.Group)
		}
		z = append(z, t.Z...)
		for range t.Z {
			blocks = append(blocks, i)
		}
	}
	if len(z) > maxRandom {
		return nil, nil, fmt.Errorf("%w: %d, at most %d", ErrTooManyEffects, len(z), maxRandom)
	}
	return z, blocks, nil
}

// freeElements lists the elements of a factor of the covariance of effects that
// are independent between terms.
func freeElements(blocks []int) [][2]int {
	var free [][2]int
	for a := range blocks {
		for b := range a + 1 {
			if blocks[a] == blocks[b] {
				free = append(free, [2]int{a, b})
			}
		}
	}
	return free
}

// fit sums the data and finds the optimum.
func (r *LMMResult) fit(ctx context.Context, z [][]float64, blocks []int, opt LMMOptions) error {
	resp := newResponse(r.design)
	r.infer.response, r.infer.beta = resp.lean(), resp.gamma
	w := &lmmWork{blocks: blocks}
	r.work = w
	if resp.exact {
		return r.stop(analysis.ReasonPerfectFit)
	}
	z, w.zScale = scaled(z)
	first := r.design.Random[0]
	w.moments = gatherRandom(z, resp.columns(), first.Codes, len(first.Levels))
	if reason := w.moments.identified(); reason != "" {
		return r.stop(reason)
	}
	f := &profiled{moments: w.moments, ml: opt.ML}
	layout := factored{m: len(z), free: freeElements(blocks)}
	f.structure = layout
	best, err := lowest(ctx, f, lmmStarts(f, layout), opt.Progress)
	if err != nil {
		return err
	}
	r.Iterations = best.iterations
	if !best.converged {
		r.infer.beta = nil
		return r.stop(analysis.ReasonNotConverged)
	}
	r.finish(f, layout, best)
	return nil
}

// stop ends a fit for a reason.
func (r *LMMResult) stop(reason analysis.Reason) error {
	r.Reason, r.infer.reason = reason, reason
	return nil
}
