package missing

import (
	"context"
	"fmt"
	"math"
	"runtime"
	"slices"

	"tidemark/analysis"
	"tidemark/analysis/internal/parallel"
)

// Visit is the order in which columns are imputed.
type Visit string

// The orders.
const (
	// AsGiven visits columns from the first to the last, in the order of time if
	// they are waves. It is the default.
	AsGiven Visit = "as given"
	// FewestFirst visits the columns with the fewest missing values first.
	FewestFirst Visit = "fewest missing first"
)

// Valid reports whether v is a known order.
func (v Visit) Valid() bool { return v == AsGiven || v == FewestFirst }

// The defaults of ImputeOptions.
const (
	DefaultImputations = 20
	DefaultIterations  = 10
	DefaultDonors      = 5
)

// ImputeOptions steers Impute. The zero value is 20 imputations of 10 iterations
// with 5 donors, seed 0.
type ImputeOptions struct {
	// M is the number of imputations: at least the percentage of incomplete people
	// is advised (White, Royston & Wood 2011).
	M int
	// Iterations is how often a chain visits every column.
	Iterations int
	// Donors is how many observed values one is drawn from.
	Donors int
	Visit  Visit
	Seed   uint64
	// Arms has a label per person, or is empty. Arms enter the prediction of every
	// column; WithinArms imputes every arm from its own people instead, which lets
	// every relation differ between arms and needs more people.
	Arms       []string
	WithinArms bool
	// Progress, if given, is told after each imputation how many of all are done,
	// by one goroutine at a time.
	Progress func(done, total int)
}

// withDefaults fills in what is zero.
func (o ImputeOptions) withDefaults() ImputeOptions {
	for _, d := range []struct {
		value *int
		def   int
	}{{&o.M, DefaultImputations}, {&o.Iterations, DefaultIterations}, {&o.Donors, DefaultDonors}} {
		if *d.value == 0 {
			*d.value = d.def
		}
	}
	if o.Visit == "" {
		o.Visit = AsGiven
	}
	return o
}

// Imputations are M completed versions of columns. They keep only the imputed
// values; completed columns are made when asked for.
type Imputations struct {
	// N counts the people, Missing the missing values of each column.
	N       int
	Missing []int
	// What was asked for, defaults filled in.
	M, Iterations, Donors int
	Visit                 Visit
	Seed                  uint64
	WithinArms            bool
	// Trace shows how the chains moved.
	Trace Trace
	// Reason says why there are no imputations; Column is then the index of the
	// column at fault, or −1.
	Reason analysis.Reason
	Column int

	columns [][]float64
	arms    []string
	holes   [][]int       // rows with a missing value, by column
	values  [][][]float64 // by imputation and column, aligned with holes
	shifts  []shift
}

// Impute completes columns M times by chained equations with predictive mean
// matching, as mice does by default (van Buuren & Groothuis-Oudshoorn 2011): in
// turn every incomplete column is regressed on all others, coefficients are
// drawn from their posterior, and each missing value becomes the observed value
// of one of the Donors people whose prediction, by the estimated coefficients, is
// nearest to the person's, by the drawn ones (type 1 matching). So imputed
// values are always values that somebody has. It is valid where values are
// missing at random given the columns. Where most people at one end of a
// predictor are missing there are few donors for them: imputations are then drawn
// towards the middle and intervals cover less than they say, in mice too (with
// 120 people and three quarters of the low ones missing, 86 % for 95 %).
//
// Columns are one value per person, NaN where missing, of equal length; put in
// what predicts the missing values or missingness itself, above all the other
// waves of the outcome. A predictor that is a linear combination of others does
// not enter.
//
// Not estimable: everything with columns of different length or unusable
// options, infinite values, or an incomplete column with fewer than two observed
// values (in an arm, if within arms). The error is that of the context. Every imputation has random
// numbers of its own, so the result does not depend on the number of cores.
func Impute(ctx context.Context, columns [][]float64, opt ImputeOptions) (Imputations, error) {
	opt = opt.withDefaults()
	r := Imputations{
		M: opt.M, Iterations: opt.Iterations, Donors: opt.Donors, Visit: opt.Visit, Seed: opt.Seed,
		WithinArms: opt.WithinArms, Column: -1, columns: columns, arms: opt.Arms,
	}
	if r.Reason = r.look(opt); r.Reason != "" {
		return r, nil
	}
	plan, why := r.plan(opt)
	if r.Reason = why; why != "" {
		return r, nil
	}
	r.values = make([][][]float64, r.M)
	r.Trace = newTrace(r.Missing, r.Iterations, r.M)
	err := parallel.Do(ctx, r.M, 1, parallel.Watched(ctx, r.M, opt.Progress, func(from, to int) {
		for i := from; i < to; i++ {
			r.values[i] = plan.chain(ctx, i, &r.Trace)
		}
	}))
	if err != nil {
		return Imputations{}, fmt.Errorf("impute: %w", err)
	}
	return r, nil
}

// look checks options and columns and finds the missing values.
func (r *Imputations) look(opt ImputeOptions) analysis.Reason {
	if opt.M < 1 || opt.Iterations < 1 || opt.Donors < 1 || !opt.Visit.Valid() {
		return analysis.ReasonInvalidOption
	}
	if len(r.columns) == 0 || len(r.columns[0]) == 0 {
		return analysis.ReasonNoData
	}
	r.N = len(r.columns[0])
	if len(r.arms) > 0 && len(r.arms) != r.N || r.WithinArms && len(r.arms) == 0 {
		return analysis.ReasonInvalidOption
	}
	r.holes, r.Missing = make([][]int, len(r.columns)), make([]int, len(r.columns))
	for j, x := range r.columns {
		r.Column = j
		if len(x) != r.N {
			return analysis.ReasonInvalidOption
		}
		for i, v := range x {
			switch {
			case math.IsNaN(v):
				r.holes[j] = append(r.holes[j], i)
			case math.IsInf(v, 0):
				return analysis.ReasonInfiniteInput
			case math.Abs(v) > 1e150: // whose squares are beyond double precision
				return analysis.ReasonOutOfRange
			}
		}
		r.Missing[j] = len(r.holes[j])
	}
	r.Column = -1
	return ""
}

// Completed returns the columns of imputation i, 0 ≤ i < M. Columns without
// missing values are the caller's own; the others are written to into, which is
// used again if it has room. Nothing of it may be changed by the caller. It
// returns nil if there are no imputations.
func (r *Imputations) Completed(i int, into [][]float64) [][]float64 {
	if r.Reason != "" || i < 0 || i >= len(r.values) {
		return nil
	}
	if len(into) != len(r.columns) {
		into = make([][]float64, len(r.columns))
	}
	for j, x := range r.columns {
		if len(r.holes[j]) == 0 {
			into[j] = x
			continue
		}
		if len(into[j]) != r.N || &into[j][0] == &x[0] {
			into[j] = make([]float64, r.N)
		}
		copy(into[j], x)
		for k, row := range r.holes[j] {
			into[j][row] = r.values[i][j][k]
		}
		r.applyShifts(j, into[j])
	}
	return into
}

// All runs through the completed columns, imputation by imputation. The columns
// are valid until the next one.
func (r *Imputations) All(yield func(i int, columns [][]float64) bool) {
	var into [][]float64
	for i := range r.values {
		into = r.Completed(i, into)
		if !yield(i, into) {
			return
		}
	}
}

// shift is an amount added to what was imputed in a column.
type shift struct {
	column int
	arm    string
	delta  float64
}

// Shift returns the same imputations with delta added to every value imputed in
// a column for the people of an arm (analysis.EveryArm for all): the outcomes of
// those who dropped out are supposed to be that much worse or better than those
// of similar people who stayed (delta adjustment; Cro et al. 2020). Shifted
// values can leave the range of the scale. Imputations without such a column
// get ReasonInvalidOption.
func (r *Imputations) Shift(column int, arm string, delta float64) Imputations {
	out := *r
	if r.Reason == "" && (column < 0 || column >= len(r.columns) || !analysis.Finite(delta)) {
		out.Reason, out.values = analysis.ReasonInvalidOption, nil
		return out
	}
	out.shifts = append(slices.Clip(r.shifts), shift{column, arm, delta})
	return out
}

func (r *Imputations) applyShifts(column int, x []float64) {
	for _, s := range r.shifts {
		if s.column != column {
			continue
		}
		for _, row := range r.holes[column] {
			if s.arm == analysis.EveryArm || len(r.arms) > 0 && r.arms[row] == s.arm {
				x[row] += s.delta
			}
		}
	}
}

// Pool runs an analysis on each completed data set and pools what it finds by
// Rubin's rules. analyse is called from several goroutines; it must neither
// change nor keep the columns. Its first error, by imputation, ends the work.
// Without imputations the result is one unnamed quantity that carries the reason.
func Pool(ctx context.Context, r *Imputations, opt PoolOptions, analyse func(columns [][]float64) (Fit, error)) ([]PooledQuantity, error) {
	if r.Reason != "" {
		if opt.Level == 0 {
			opt.Level = analysis.DefaultLevel
		}
		var q PooledQuantity
		q.withhold(r.Reason, opt.Level)
		return []PooledQuantity{q}, nil
	}
	fits, faults := make([]Fit, r.M), make([]error, r.M)
	piece := max(1, (r.M+runtime.GOMAXPROCS(0)-1)/runtime.GOMAXPROCS(0)/4)
	err := parallel.Do(ctx, r.M, piece, func(from, to int) {
		var into [][]float64
		for i := from; i < to && ctx.Err() == nil; i++ {
			into = r.Completed(i, into)
			fits[i], faults[i] = analyse(into)
		}
	})
	if err != nil {
		return nil, fmt.Errorf("pool imputations: %w", err)
	}
	for i, fault := range faults {
		if fault != nil {
			return nil, fmt.Errorf("analyse imputation %d: %w", i+1, fault)
		}
	}
	return PoolFits(fits, opt), nil
}
