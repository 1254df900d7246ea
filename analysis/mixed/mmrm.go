package mixed

import (
	"context"
	"errors"
	"fmt"

	"gonum.org/v1/gonum/floats"

	"tidemark/analysis"
	"tidemark/analysis/design"
)

// Errors of marginal models that this package does not fit.
var (
	// ErrKeys: the design was not built with the person and the visit as keys.
	ErrKeys = errors.New("the design needs two keys, person and visit")
	// ErrRandomEffects: the formula of a marginal model has random effects.
	ErrRandomEffects = errors.New("a marginal model has no random effects")
	// ErrCovariance: not one of the structures.
	ErrCovariance = errors.New("unknown covariance structure")
	// ErrTooManyVisits: more visits than maxVisits.
	ErrTooManyVisits = errors.New("too many visits")
)

// maxVisits bounds the visits of a marginal model: an unstructured covariance of
// that many has over 800 parameters.
const maxVisits = 40

// MMRMOptions are the choices of a marginal model; the zero value is REML with an
// unstructured covariance and 95 % intervals, without fallback.
type MMRMOptions struct {
	// Covariance of the visits; empty means Unstructured.
	Covariance Covariance
	// Fallback lists structures to try, in order, when the data do not allow the
	// one asked for; Ladder gives the usual ones. The result says which was used.
	Fallback []Covariance
	// ML asks for maximum likelihood instead of REML.
	ML bool
	// Level of the intervals; 0 means analysis.DefaultLevel.
	Level float64
	// Progress, if given, is told after each iteration of Newton's method how many
	// there were for the structure that is being tried.
	Progress func(iterations int)
}

// Attempt is a covariance structure that was tried.
type Attempt struct {
	Covariance Covariance
	// Reason says why it could not be estimated; empty for the one used.
	Reason analysis.Reason
}

// MMRMResult is a fitted marginal model: y of a person is normal with mean Xβ and
// a covariance matrix that depends on the visits only.
type MMRMResult struct {
	Formula string
	// Estimator is "REML" or "ML".
	Estimator string
	// Rows entered, Excluded missed a value; People had at least one row;
	// Patterns counts the sets of visits that they attended.
	Rows, Excluded, People, Patterns int
	// Visits in their order.
	Visits []string
	// Covariance is the structure used, Attempts those tried up to it.
	Covariance Covariance
	Attempts   []Attempt
	// Coefficients are the fixed effects in the order of the formula, aliased
	// ones included.
	Coefficients []Coefficient
	// Covariances[a][b] is that of visits a ≥ b; Correlations likewise, a > b.
	Covariances, Correlations [][]analysis.Estimate
	// CovarianceParameters counts variances and covariances.
	CovarianceParameters int
	// LogLikelihood is the restricted one under REML. AIC and BIC count the
	// covariance parameters, under ML the fixed effects too, and BIC people, as
	// the R package mmrm does.
	LogLikelihood, Deviance, AIC, BIC analysis.Estimate
	// Iterations of Newton's method; 0 if the start was the solution, as it is for
	// complete data and the same effects at each visit.
	Iterations int
	Level      float64
	// Reason says why there is no fit; it is then that of every estimate.
	Reason analysis.Reason

	design  *design.Design
	infer   *inference
	moments *moments
	s       []float64 // covariance of the visits in scaled units
}

// MMRM fits a marginal model for repeated measures (Mallinckrodt and others
// 2008, Drug Information Journal 42, 303–319) by REML or ML. The design is built
// with the columns of person and visit as its keys, in this order:
//
//	d, err := design.Build("y ~ arm * visit", columns, "person", "visit")
//
// Visits may be missing; people with the same visits share all work after one
// pass over the rows. Newton's method with exact derivatives starts from the
// covariance of the least-squares residuals, which is the solution already for
// complete data with the same effects at each visit (multivariate least
// squares).
//
// It fails for a design without the keys or with random effects, for an unknown
// structure, and when ctx ends. What the data do not allow is a Reason.
//
// Not estimable: everything with fewer than two people, with two rows of a
// person at one visit, with fewer people than the effects need, where the effects
// fit every row, where a parameter of the structure has no data or its covariance
// is singular, or without convergence; aliased effects; Kenward–Roger by ML.
func MMRM(ctx context.Context, d *design.Design, opt MMRMOptions) (MMRMResult, error) {
	if opt.Covariance == "" {
		opt.Covariance = Unstructured
	}
	if err := checkMarginal(d, opt); err != nil {
		return MMRMResult{}, fmt.Errorf("marginal model %s: %w", d.Formula, err)
	}
	r := newMMRMResult(d, opt)
	if r.Reason == "" {
		if err := r.climb(ctx, opt); err != nil {
			return MMRMResult{}, fmt.Errorf("marginal model %s: %w", d.Formula, err)
		}
	}
	r.CovarianceParameters = r.Covariance.Parameters(len(r.Visits))
	r.describe(opt.ML)
	return r, nil
}

func checkMarginal(d *design.Design, opt MMRMOptions) error {
	if len(d.Keys) != 2 {
		return ErrKeys
	}
	if len(d.Random) > 0 {
		return ErrRandomEffects
	}
	for _, c := range append([]Covariance{opt.Covariance}, opt.Fallback...) {
		if !c.Valid() {
			return fmt.Errorf("%w %q", ErrCovariance, c)
		}
	}
	if n := len(d.Keys[1].Levels); n > maxVisits {
		return fmt.Errorf("%w: %d, at most %d", ErrTooManyVisits, n, maxVisits)
	}
	return nil
}

// newMMRMResult says what went in, and what is wrong with it.
func newMMRMResult(d *design.Design, opt MMRMOptions) MMRMResult {
	r := MMRMResult{
		Formula: d.Formula, Estimator: estimator(opt.ML), Rows: len(d.Y), Excluded: d.Excluded,
		People: len(d.Keys[0].Levels), Visits: d.Keys[1].Levels, Covariance: opt.Covariance,
		Level: opt.Level, design: d, Reason: d.Reason,
	}
	if r.Level == 0 {
		r.Level = analysis.DefaultLevel
	}
	r.infer = &inference{level: r.Level}
	switch {
	case !analysis.ValidLevel(r.Level):
		r.Level, r.infer.level, r.Reason = 0, 0, analysis.ReasonInvalidOption
	case r.Reason != "":
	case r.People < 2:
		r.Reason = analysis.ReasonGroupsTooFew2
	case r.Rows <= len(d.X):
		r.Reason = analysis.ReasonNotIdentified
	default:
		r.gather()
	}
	r.infer.reason = r.Reason
	return r
}

// gather sums the data.
func (r *MMRMResult) gather() {
	resp := newResponse(r.design)
	r.infer.response, r.infer.beta = resp.lean(), resp.gamma
	if resp.exact {
		r.Reason = analysis.ReasonPerfectFit
		return
	}
	person, visit := r.design.Keys[0], r.design.Keys[1]
	mo, ok := gatherVisits(resp.columns(), person.Codes, len(person.Levels), visit.Codes, len(visit.Levels))
	if !ok {
		r.Reason = analysis.ReasonDuplicateVisit
		r.infer.beta = nil
		return
	}
	r.moments, r.Patterns = mo, len(mo.classes)
}

// climb tries the structures one after the other.
func (r *MMRMResult) climb(ctx context.Context, opt MMRMOptions) error {
	for _, c := range append([]Covariance{opt.Covariance}, opt.Fallback...) {
		r.Covariance, r.Reason, r.infer.reason = c, "", ""
		if err := r.fit(ctx, c, opt); err != nil {
			return err
		}
		r.Attempts = append(r.Attempts, Attempt{Covariance: c, Reason: r.Reason})
		if r.Reason == "" {
			return nil
		}
	}
	// Nothing fits, and the estimates would depend on the covariance.
	r.infer.reason, r.infer.beta, r.infer.point = r.Reason, nil, nil
	return nil
}

// fit finds the optimum of one structure, or sets r.Reason.
func (r *MMRMResult) fit(ctx context.Context, c Covariance, opt MMRMOptions) error {
	mo := r.moments
	s, counts := mo.residualCovariance()
	if r.Reason = startable(c, s, counts, mo.m); r.Reason != "" {
		return nil
	}
	if !opt.ML {
		floats.Scale(float64(mo.rows)/float64(mo.rows-mo.k+1), s)
	}
	f := &full{moments: mo, ml: opt.ML}
	theta := layoutOf(f, c, mo.m, s)
	best, err := minimise(ctx, f, theta, opt.Progress)
	if err != nil {
		return err
	}
	r.Iterations = best.iterations
	s = f.structure.matrix(best.theta)
	if !best.converged {
		r.Reason = analysis.ReasonNotConverged
		if nearlySingular(s, mo.m) {
			r.Reason = analysis.ReasonSingularCovariance
		}
		return nil
	}
	r.finish(f, best.theta, s)
	return nil
}
