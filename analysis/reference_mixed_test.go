package analysis_test

import (
	"context"
	"maps"
	"math"

	"tidemark/analysis"
	"tidemark/analysis/mixed"
)

// refMixedMethods are mixed models and marginal models of repeated measurements.
func refMixedMethods() map[string]refMethod {
	return map[string]refMethod{
		"lmm":  refLMM,
		"mmrm": refMMRM,
	}
}

func refLMM(c *refCase) (map[string]any, error) {
	d, err := c.design()
	if err != nil {
		return nil, err
	}
	reml := true
	if err := c.option("reml", &reml); err != nil {
		return nil, err
	}
	level, err := c.level()
	if err != nil {
		return nil, err
	}
	r, err := mixed.LMM(context.Background(), d, mixed.LMMOptions{ML: !reml, Level: level})
	if err != nil {
		return nil, err
	}
	got := refCoefficients(r.Coefficients)
	maps.Copy(got, map[string]any{
		"n_obs": r.Rows, "n_excluded": r.Excluded, "n_groups": r.Groups, "reml": r.Estimator == "REML", "singular": r.Singular,
		"loglik": r.LogLikelihood, "criterion": r.Deviance, "aic": r.AIC, "bic": r.BIC, "n_par": r.Parameters,
		"sigma": root(r.Residual), "var_residual": r.Residual, "icc": r.ICC, "reason": string(r.Reason),
	})
	var vcov []any
	for j := range d.X {
		for i := j; i < len(d.X); i++ {
			vcov = append(vcov, r.CoefficientCovariance(i, j))
		}
	}
	got["vcov_lower"] = vcov
	for _, t := range r.Random {
		for i, name := range t.Names {
			got["var_"+bare(name)] = t.Variance[i]
		}
		if len(t.Names) == 2 {
			got["cov_intercept_slope"], got["corr_intercept_slope"] = t.Covariance[1][0], t.Correlation[1][0]
		}
	}
	refPredictions(got, r)
	return got, nil
}

func refMMRM(c *refCase) (map[string]any, error) {
	var subject, visit, covariance string
	reml := true
	for name, v := range map[string]any{"subject": &subject, "visit": &visit, "covariance": &covariance, "reml": &reml} {
		if err := c.option(name, v); err != nil {
			return nil, err
		}
	}
	level, err := c.level()
	if err != nil {
		return nil, err
	}
	d, err := c.design(subject, visit)
	if err != nil {
		return nil, err
	}
	r, err := mixed.MMRM(context.Background(), d, mixed.MMRMOptions{Covariance: mixed.Covariance(covariance), ML: !reml, Level: level})
	if err != nil {
		return nil, err
	}
	got := refCoefficients(r.Coefficients)
	got["se_kr_linear"] = got["se_kr"]
	if r.Covariance == mixed.Unstructured {
		var se []any
		for j := range d.X {
			l := make([]float64, len(d.X))
			l[j] = 1
			se = append(se, r.SecondOrder(l).SE)
		}
		got["se_kr"] = se
	}
	var lower []any
	for b := range r.Visits {
		for a := b; a < len(r.Visits); a++ {
			lower = append(lower, r.Covariances[a][b])
		}
	}
	maps.Copy(got, map[string]any{
		"n_obs": r.Rows, "n_excluded": r.Excluded, "n_subjects": r.People, "reml": r.Estimator == "REML",
		"structure": string(r.Covariance), "loglik": r.LogLikelihood, "n_cov_par": r.CovarianceParameters,
		"aic_mmrm": r.AIC, "bic_mmrm": r.BIC, "cov_lower": lower, "reason": string(r.Reason),
	})
	return got, nil
}

// refPredictions adds the random effects, one list an effect.
func refPredictions(got map[string]any, r mixed.LMMResult) {
	lists := map[string][]any{}
	var groups []any
	last := ""
	for i, e := range r.RandomEffects() {
		if i == 0 || e.Level != last {
			groups = append(groups, e.Level)
			last = e.Level
		}
		effect := bare(e.Effect)
		lists["blup_"+effect] = append(lists["blup_"+effect], e.Value)
		lists["blup_sd_"+effect] = append(lists["blup_sd_"+effect], e.SD)
	}
	for name, list := range lists {
		got[name] = list
	}
	got["blup_group"] = groups
}

// refCoefficients turns a table of fixed effects into the lists of the format.
func refCoefficients(all []mixed.Coefficient) map[string]any {
	lists := map[string][]any{}
	put := func(name string, v any) { lists[name] = append(lists[name], v) }
	for _, k := range all {
		put("terms", k.Name)
		put("estimate", k.Estimate)
		put("se", k.Satterthwaite.SE)
		put("t", k.Satterthwaite.T)
		put("df_satterthwaite", k.Satterthwaite.DF)
		put("p_satterthwaite", k.Satterthwaite.P)
		put("ci_low", k.Satterthwaite.CI.LowEstimate())
		put("ci_high", k.Satterthwaite.CI.HighEstimate())
		put("se_kr", k.KenwardRoger.SE)
		put("t_kr", k.KenwardRoger.T)
		put("df_kr", k.KenwardRoger.DF)
		put("p_kr", k.KenwardRoger.P)
		put("ci_low_kr", k.KenwardRoger.CI.LowEstimate())
		put("ci_high_kr", k.KenwardRoger.CI.HighEstimate())
	}
	got := make(map[string]any, len(lists))
	for name, list := range lists {
		got[name] = list
	}
	return got
}

// bare is the name of an effect without R's parentheses.
func bare(name string) string {
	if name == "(Intercept)" {
		return "Intercept"
	}
	return name
}

// root is the square root of a variance.
func root(v analysis.Estimate) analysis.Estimate {
	return analysis.KnownUnless(v.Reason, math.Sqrt(v.Value))
}
