package analysis_test

import "tidemark/analysis"

// refEvidenceMethods are equivalence tests and Bayes factors.
func refEvidenceMethods() map[string]refMethod {
	return map[string]refMethod{
		"tost_paired":    refEquivalencePairs,
		"tost_welch":     refEquivalenceGroups,
		"jzs_one_sample": refBayesFactorPairs,
		"jzs_two_sample": refBayesFactorGroups,
	}
}

func refEquivalenceOptions(c *refCase) (opt analysis.EquivalenceOptions, err error) {
	for name, v := range map[string]*float64{"low": &opt.Low, "high": &opt.High, "alpha": &opt.Alpha} {
		if err = c.option(name, v); err != nil {
			break
		}
	}
	return opt, err
}

func refEquivalence(r analysis.EquivalenceResult) map[string]any {
	got := map[string]any{
		"n": r.N, "n_x": r.NX, "n_y": r.NY, "n_excluded": r.Excluded,
		"mean_diff": r.Difference, "diff": r.Difference, "df": r.DF, "df_welch": r.DF,
		"t_lower": r.TLower, "p_lower": r.PLower, "t_upper": r.TUpper, "p_upper": r.PUpper,
		"p_tost": r.P, "ci_low": r.CI.LowEstimate(), "ci_high": r.CI.HighEstimate(), "equivalent": r.Equivalent,
	}
	if !r.P.OK() { // nothing can be said
		got["equivalent"] = analysis.Unknown(r.P.Reason)
	}
	return got
}

func refEquivalencePairs(c *refCase) (map[string]any, error) {
	pre, post, _, err := refPairs(c)
	if err != nil {
		return nil, err
	}
	opt, err := refEquivalenceOptions(c)
	if err != nil {
		return nil, err
	}
	return refEquivalence(analysis.EquivalencePairs(pre, post, opt)), nil
}

func refEquivalenceGroups(c *refCase) (map[string]any, error) {
	x, y, _, err := refGroups(c)
	if err != nil {
		return nil, err
	}
	opt, err := refEquivalenceOptions(c)
	if err != nil {
		return nil, err
	}
	return refEquivalence(analysis.EquivalenceGroups(x, y, opt)), nil
}

func refBayesFactor(r analysis.BayesFactorResult) map[string]any {
	return map[string]any{"log_bf10": r.LogBF10, "bf10": r.BF10, "t": r.T, "df": r.DF}
}

func refBayesFactorPairs(c *refCase) (map[string]any, error) {
	pre, post, _, err := refPairs(c)
	if err != nil {
		return nil, err
	}
	var scale float64
	if err := c.option("r", &scale); err != nil {
		return nil, err
	}
	return refBayesFactor(analysis.BayesFactorPairs(pre, post, scale)), nil
}

func refBayesFactorGroups(c *refCase) (map[string]any, error) {
	x, y, _, err := refGroups(c)
	if err != nil {
		return nil, err
	}
	var scale float64
	if err := c.option("r", &scale); err != nil {
		return nil, err
	}
	return refBayesFactor(analysis.BayesFactorGroups(x, y, scale)), nil
}
