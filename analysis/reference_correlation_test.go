package analysis_test

import "tidemark/analysis"

// refCorrelationMethods are the correlations of two columns.
func refCorrelationMethods() map[string]refMethod {
	return map[string]refMethod{"correlation": refCorrelation}
}

func refCorrelation(c *refCase) (map[string]any, error) {
	x, y, err := c.two("x", "y")
	if err != nil {
		return nil, err
	}
	level, err := c.level()
	if err != nil {
		return nil, err
	}
	r := analysis.Correlate(x, y, level)
	return map[string]any{
		"n": r.Pairs, "n_excluded": r.Excluded, "has_ties": r.Ties,
		"pearson_r": r.Pearson.R, "pearson_t": r.Pearson.T, "pearson_df": r.Pearson.DF, "pearson_p": r.Pearson.P,
		"pearson_ci_low": r.Pearson.CI.LowEstimate(), "pearson_ci_high": r.Pearson.CI.HighEstimate(),
		"spearman_rho": r.Spearman.R, "spearman_p_t": r.Spearman.P, "spearman_p_exact": r.Spearman.PExact,
		"spearman_ci_low_fisher": r.Spearman.CI.LowEstimate(), "spearman_ci_high_fisher": r.Spearman.CI.HighEstimate(),
		"kendall_tau_b": r.Kendall.TauB, "kendall_z": r.Kendall.Z,
		"kendall_p_asym": r.Kendall.PNormal, "kendall_p_exact": r.Kendall.PExact,
	}, nil
}
