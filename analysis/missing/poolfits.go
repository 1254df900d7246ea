package missing

import (
	"fmt"
	"slices"

	"gonum.org/v1/gonum/floats"

	"tidemark/analysis"
	"tidemark/analysis/design"
)

// Fit is what an analysis of one completed data set gives to the pooling:
// quantities by name, each with its squared standard error.
type Fit struct {
	Names                []string
	Estimates, Variances []float64
	// DF are the residual degrees of freedom, 0 if the analysis has none.
	DF float64
	// Reason says why the analysis gave nothing, if it did not.
	Reason analysis.Reason
}

// PooledQuantity is a named quantity pooled over imputations.
type PooledQuantity struct {
	Name string
	Pooled
}

// PoolFits pools fits of the same model, quantity by quantity in the order of
// the first fit. The degrees of freedom of the first fit are those of the
// complete data unless the options say otherwise. Fits that differ in their
// quantities cannot be pooled and make every quantity not estimable, as does a
// fit without result.
func PoolFits(fits []Fit, opt PoolOptions) []PooledQuantity {
	if opt.Level == 0 {
		opt.Level = analysis.DefaultLevel
	}
	var names []string
	var why analysis.Reason
	for _, f := range fits {
		why = analysis.FirstReason(why, f.Reason)
		switch {
		case f.Reason != "":
		case names == nil:
			names = f.Names
		case !slices.Equal(names, f.Names):
			why = analysis.FirstReason(why, analysis.ReasonInvalidOption)
		}
		if len(f.Estimates) != len(f.Names) || len(f.Variances) != len(f.Names) {
			why = analysis.FirstReason(why, analysis.ReasonInvalidOption)
		}
	}
	if opt.DFComplete == 0 && why == "" && len(fits) > 0 {
		opt.DFComplete = fits[0].DF
	}
	pooled := make([]PooledQuantity, len(names))
	for k, name := range names {
		pooled[k].Name = name
		if why != "" {
			pooled[k].M = len(fits)
			pooled[k].withhold(why, opt.Level)
			continue
		}
		estimates, variances := make([]float64, len(fits)), make([]float64, len(fits))
		for i, f := range fits {
			estimates[i], variances[i] = f.Estimates[k], f.Variances[k]
		}
		pooled[k].Pooled = PoolScalar(estimates, variances, opt)
	}
	return pooled
}

// Regress fits a linear model by least squares, for pooling: the coefficients
// with their squared standard errors. The formula is that of package design,
// without random terms; the error is about formula and columns.
//
// Not estimable: everything without a complete row or residual degrees of
// freedom.
func Regress(formula string, columns []design.Column) (Fit, error) {
	d, err := design.Build(formula, columns)
	if err != nil {
		return Fit{}, fmt.Errorf("regress: %w", err)
	}
	if len(d.Random) > 0 {
		return Fit{}, fmt.Errorf("regress: %q has random terms", formula)
	}
	f := Fit{Names: d.Names, Reason: d.Reason}
	k := len(d.X)
	df := len(d.Y) - k
	if f.Reason == "" && df < 1 {
		f.Reason = analysis.ReasonTooFew2
	}
	if f.Reason != "" {
		return f, nil
	}
	f.DF = float64(df)
	q, r := d.Orthonormal()
	f.Estimates, f.Variances = make([]float64, k), make([]float64, k)
	residual := append([]float64(nil), d.Y...)
	for j, x := range q {
		f.Estimates[j] = floats.Dot(x, residual)
		floats.AddScaled(residual, -f.Estimates[j], x)
	}
	scale := floats.Dot(residual, residual) / float64(df)
	backSubstitute(r, f.Estimates)
	for c := range k {
		column := make([]float64, c+1) // of R⁻¹
		column[c] = 1
		backSubstitute(r[:c+1], column)
		for j, v := range column {
			f.Variances[j] += v * v * scale
		}
	}
	return f, nil
}

// backSubstitute solves R·x = b in place; r[j] is column j of R, j + 1 long.
func backSubstitute(r [][]float64, b []float64) {
	for j := len(b) - 1; j >= 0; j-- {
		b[j] /= r[j][j]
		for i := range j {
			b[i] -= r[j][i] * b[j]
		}
	}
}
