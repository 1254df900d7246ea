package analysis_test

import (
	"context"
	"maps"
	"math"
	"slices"

	"tidemark/analysis"
	"tidemark/analysis/design"
	"tidemark/analysis/missing"
)

// refMissingMethods are the methods on missing values and imputation.
func refMissingMethods() map[string]refMethod {
	return map[string]refMethod{
		"rubin_scalar":     refRubinScalar,
		"rubin_regression": refRubinRegression,
		"little_mcar":      refLittle,
	}
}

func refRubinScalar(c *refCase) (map[string]any, error) {
	estimates, variances, err := c.two("estimates", "variances")
	if err != nil {
		return nil, err
	}
	var people, coefficients float64
	var opt missing.PoolOptions
	for name, v := range map[string]any{"n": &people, "k": &coefficients, "level": &opt.Level} {
		if err := c.option(name, v); err != nil {
			return nil, err
		}
	}
	opt.DFComplete = people - coefficients
	if err := c.text("df", "Barnard-Rubin 1999"); err != nil {
		return nil, err
	}
	p := missing.PoolScalar(estimates, variances, opt)
	return map[string]any{
		"m": p.M, "qbar": p.Estimate, "ubar": p.Within, "b": p.Between, "t": p.Total, "se": p.SE,
		"riv": unboundedIsInfinite(p.RelativeIncrease), "lambda": p.Lambda, "fmi": p.FMI,
		"df_old": unboundedIsInfinite(p.DFOld), "df_barnard_rubin": unboundedIsInfinite(p.DF),
		"statistic": p.T, "p": p.P, "ci_low": p.CI.LowEstimate(), "ci_high": p.CI.HighEstimate(),
	}, nil
}

// unboundedIsInfinite translates into the notation of the format.
func unboundedIsInfinite(e analysis.Estimate) any {
	if e.Reason == analysis.ReasonUnbounded {
		return math.Inf(1)
	}
	return e
}

// refRubinRegression fits the formula to each completed data set of the table.
func refRubinRegression(c *refCase) (map[string]any, error) {
	imputation, err := c.column("imputation")
	if err != nil {
		return nil, err
	}
	table, err := c.table()
	if err != nil {
		return nil, err
	}
	var formula string
	opt := missing.PoolOptions{Level: analysis.DefaultLevel}
	for name, v := range map[string]any{"formula": &formula, "df_complete": &opt.DFComplete, "level": &opt.Level} {
		if err := c.option(name, v); err != nil {
			return nil, err
		}
	}
	rows := map[float64][]int{}
	for i, m := range imputation {
		rows[m] = append(rows[m], i)
	}
	var fits []missing.Fit
	for _, m := range slices.Sorted(maps.Keys(rows)) {
		var columns []design.Column
		for _, column := range table {
			columns = append(columns, keepRows(column, rows[m]))
		}
		fit, err := missing.Regress(formula, columns)
		if err != nil {
			return nil, err
		}
		fits = append(fits, fit)
	}
	got := map[string]any{}
	lists := map[string][]any{}
	for _, q := range missing.PoolFits(fits, opt) {
		for field, v := range map[string]any{
			"terms": q.Name, "estimate": q.Estimate, "se": q.SE, "df": q.DF, "p": q.P, "fmi": q.FMI,
			"statistic": q.T, "ci_low": q.CI.LowEstimate(), "ci_high": q.CI.HighEstimate(),
		} {
			lists[field] = append(lists[field], v)
		}
	}
	for field, list := range lists {
		got[field] = list
	}
	return got, nil
}

func refLittle(c *refCase) (map[string]any, error) {
	x, err := c.columns("columns")
	if err != nil {
		return nil, err
	}
	if err := c.text("covariance", "ML (EM); *_unbiased_cov uses n/(n-1)"); err != nil {
		return nil, err
	}
	r, err := missing.Little(context.Background(), x.values)
	if err != nil {
		return nil, err
	}
	return map[string]any{
		"n": r.N, "n_all_missing_rows": r.Empty, "n_patterns": r.Patterns,
		"d2": r.ChiSquare, "df": r.DF, "p": r.P,
		"d2_unbiased_cov": r.ChiSquareUnbiased, "p_unbiased_cov": r.PUnbiased,
		"em_loglik": r.Moments.LogLikelihood, "em_mean": anyList(r.Moments.Mean),
		"em_cov_lower": anyList(lowerTriangle(r.Moments.Covariance)),
	}, nil
}

// lowerTriangle lists the lower triangle of a symmetric matrix column by column.
func lowerTriangle(m [][]float64) []float64 {
	var list []float64
	for j := range m {
		for i := j; i < len(m); i++ {
			list = append(list, m[i][j])
		}
	}
	return list
}
