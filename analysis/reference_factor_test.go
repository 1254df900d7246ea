package analysis_test

import (
	"context"
	"maps"

	"tidemark/analysis"
	"tidemark/analysis/factor"
)

// refFactorMethods are the methods on common factors.
func refFactorMethods() map[string]refMethod {
	return map[string]refMethod{
		"mcdonald_omega_one_factor": refOmega,
		"cfa_one_factor_ml":         refCFA,
		"invariance_one_factor":     refInvariance,
		"omega_schmid_leiman":       refHierarchical,
	}
}

// refScale reads the items and their options.
func refScale(c *refCase) ([][]float64, factor.Options, error) {
	items, err := c.columns("items")
	opt := factor.Options{Names: items.names}
	if err != nil {
		return nil, opt, err
	}
	for name, v := range map[string]any{"keys": &opt.Keys, "min": &opt.Min, "max": &opt.Max, "level": &opt.Level} {
		if err := c.option(name, v); err != nil {
			return nil, opt, err
		}
	}
	return items.values, opt, c.text("missing", "listwise")
}

func refOmega(c *refCase) (map[string]any, error) {
	items, opt, err := refScale(c)
	if err != nil {
		return nil, err
	}
	r, err := factor.Omega(context.Background(), items, factor.OmegaOptions{Options: opt})
	if err != nil {
		return nil, err
	}
	got := map[string]any{
		"n": r.N, "k": r.K,
		"omega_ml_cov": r.Omega, "omega_ml_std": r.OmegaStandardised, "omega_ml_obsvar": r.OmegaObserved,
		"omega_minres_std": r.OmegaMinres, "omega_psych_nf1": r.OmegaPsych,
	}
	var ml, minres []any
	for _, l := range r.Loadings {
		ml, minres = append(ml, l.ML), append(minres, l.Minres)
	}
	got["ml_std_loadings"], got["minres_std_loadings"] = ml, minres
	return got, nil
}

func refHierarchical(c *refCase) (map[string]any, error) {
	items, opt, err := refScale(c)
	if err != nil {
		return nil, err
	}
	var factors int
	if err := c.option("nfactors", &factors); err != nil {
		return nil, err
	}
	if err := c.text("rotation", "oblimin"); err != nil {
		return nil, err
	}
	r, err := factor.OmegaHierarchical(context.Background(), items, factors, opt)
	if err != nil {
		return nil, err
	}
	return map[string]any{"n": r.N, "k": r.K, "omega_total_sl": r.Total, "omega_h_sl": r.Hierarchical}, nil
}

func refCFA(c *refCase) (map[string]any, error) {
	items, opt, err := refScale(c)
	if err != nil {
		return nil, err
	}
	r, err := factor.CFA(context.Background(), items, opt)
	if err != nil {
		return nil, err
	}
	got := refFit("", r.Fit)
	got["n"] = r.N
	var loadings, standard, standardSE, loadingSE []any
	for _, i := range r.Items {
		loadings, loadingSE = append(loadings, i.Loading), append(loadingSE, i.SE)
		standard, standardSE = append(standard, i.Standardised), append(standardSE, i.StandardisedSE)
	}
	got["loadings"], got["loadings_se"] = loadings, loadingSE
	got["std_loadings"], got["std_loadings_se"] = standard, standardSE
	return got, nil
}

func refInvariance(c *refCase) (map[string]any, error) {
	items, opt, err := refScale(c)
	if err != nil {
		return nil, err
	}
	groups, err := c.labels("group")
	if err != nil {
		return nil, err
	}
	r, err := factor.GroupInvariance(context.Background(), items, groups, opt)
	if err != nil {
		return nil, err
	}
	got := map[string]any{
		"n":             r.N,
		"lrt_metric_p":  r.MetricTest.P,
		"lrt_scalar_p":  r.ScalarTest.P,
		"lrt_metric_df": r.MetricTest.DF, "lrt_scalar_df": r.ScalarTest.DF,
		"lrt_metric_chi2": r.MetricTest.DeltaChiSquare, "lrt_scalar_chi2": r.ScalarTest.DeltaChiSquare,
		"delta_cfi_metric": r.MetricTest.DeltaCFI, "delta_cfi_scalar": r.ScalarTest.DeltaCFI,
		"delta_rmsea_metric": r.MetricTest.DeltaRMSEA, "delta_rmsea_scalar": r.ScalarTest.DeltaRMSEA,
		"delta_srmr_metric": r.MetricTest.DeltaSRMR, "delta_srmr_scalar": r.ScalarTest.DeltaSRMR,
	}
	for prefix, fit := range map[string]factor.FitIndices{
		"configural_": r.Configural, "metric_": r.Metric, "scalar_": r.Scalar,
	} {
		maps.Copy(got, refFit(prefix, fit))
	}
	return got, nil
}

// refFit names the indices of a fit.
func refFit(prefix string, f factor.FitIndices) map[string]any {
	got := map[string]any{}
	for name, v := range map[string]analysis.Estimate{
		"chi2": f.ChiSquare, "df": f.DF, "p": f.P, "cfi": f.CFI, "tli": f.TLI, "rmsea": f.RMSEA,
		"rmsea_ci_low": f.RMSEACI.LowEstimate(), "rmsea_ci_high": f.RMSEACI.HighEstimate(), "rmsea_p_close": f.PClose,
		"srmr": f.SRMR, "loglik": f.LogLikelihood, "aic": f.AIC, "bic": f.BIC,
	} {
		got[prefix+name] = v
	}
	return got
}
