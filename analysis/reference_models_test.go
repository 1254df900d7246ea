package analysis_test

import (
	"slices"

	"tidemark/analysis"
)

// refModelMethods are analyses of variance, effects of a design with control,
// linear models and mediation.
func refModelMethods() map[string]refMethod {
	return map[string]refMethod{
		"oneway_anova":            refOneWay,
		"rm_anova_one_within":     refRepeatedAnova,
		"morris_dppc":             refPrePostControl,
		"ols":                     refLinearModel,
		"mediation_single":        refMediation,
		"ancova_and_change_score": refAncova,
	}
}

func refOneWay(c *refCase) (map[string]any, error) {
	y, err := c.column("y")
	if err != nil {
		return nil, err
	}
	labels, err := c.labels("group")
	if err != nil {
		return nil, err
	}
	var names []string
	var groups [][]float64
	for i, label := range labels {
		if label == "" {
			continue
		}
		g := slices.Index(names, label)
		if g < 0 {
			g, names, groups = len(names), append(names, label), append(groups, nil)
		}
		groups[g] = append(groups[g], y[i])
	}
	r := analysis.OneWay(groups)
	return map[string]any{
		"n": r.N, "k": r.K, "df1": r.DF1, "df2": r.DF2,
		"ss_between": r.SSBetween, "ss_within": r.SSWithin, "F": r.F, "p": r.P,
		"r2": r.Eta2, "omega2": r.Omega2, "resid_sd": r.ResidualSD,
		"welch_F": r.Welch.F, "welch_df2": r.Welch.DF2, "welch_p": r.Welch.P,
	}, nil
}

func refRepeatedAnova(c *refCase) (map[string]any, error) {
	if err := c.text("missing", "listwise"); err != nil {
		return nil, err
	}
	x, err := c.columns("columns")
	if err != nil {
		return nil, err
	}
	r := analysis.RepeatedAnova(x.values)
	return map[string]any{
		"n": r.People, "n_excluded": r.Excluded, "k": r.Occasions,
		"F": r.F, "df1": r.DF1, "df2": r.DF2, "p": r.P,
		"eps_gg": r.GreenhouseGeisser, "p_gg": r.PGG, "eps_hf": r.HuynhFeldt, "p_hf": r.PHF,
		"mauchly_W": r.MauchlyW, "mauchly_p": r.MauchlyP,
		"eta2_partial": r.Eta2Partial, "eta2_generalized": r.Eta2Generalized,
		"friedman_chi2": r.Friedman.ChiSquare, "friedman_p": r.Friedman.P, "kendall_w": r.Friedman.KendallW,
	}, nil
}

func refPrePostControl(c *refCase) (map[string]any, error) {
	preCourse, postCourse, err := c.two("pre_treat", "post_treat")
	if err != nil {
		return nil, err
	}
	preControl, postControl, err := c.two("pre_control", "post_control")
	if err != nil {
		return nil, err
	}
	level, err := c.level()
	if err != nil {
		return nil, err
	}
	r := analysis.PrePostControl(preCourse, postCourse, preControl, postControl, level)
	return map[string]any{
		"n_treat": r.Course, "n_control": r.Control,
		"change_treat": r.ChangeCourse, "change_control": r.ChangeControl, "pooled_r": r.PooledR,
		"d_ppc1": r.DPPC1, "d_ppc2": r.DPPC2, "var_d_ppc2": r.Variance, "d_ppc3": r.DPPC3,
	}, nil
}

func refLinearModel(c *refCase) (map[string]any, error) {
	level, err := c.level()
	if err != nil {
		return nil, err
	}
	d, err := c.design()
	if err != nil {
		return nil, err
	}
	opt := analysis.LinearModelOptions{Level: level, NoIntercept: true}
	var columns []analysis.Predictor
	for i, name := range d.Names {
		if name == analysis.InterceptName {
			opt.NoIntercept = false
			continue
		}
		columns = append(columns, analysis.Predictor{Name: name, Values: d.X[i]})
	}
	r := analysis.LinearModel(d.Y, columns, opt)
	fields := map[string]func(analysis.Coefficient) any{
		"terms":    func(c analysis.Coefficient) any { return c.Name },
		"estimate": func(c analysis.Coefficient) any { return c.Estimate },
		"se":       func(c analysis.Coefficient) any { return c.SE },
		"t":        func(c analysis.Coefficient) any { return c.T },
		"p":        func(c analysis.Coefficient) any { return c.P },
		"ci_low":   func(c analysis.Coefficient) any { return c.CI.LowEstimate() },
		"ci_high":  func(c analysis.Coefficient) any { return c.CI.HighEstimate() },
		"se_hc3":   func(c analysis.Coefficient) any { return c.RobustSE },
	}
	got := map[string]any{
		"n": r.N, "n_excluded": r.Excluded + d.Excluded, "df_resid": r.DF, "sigma": r.Sigma,
		"r2": r.R2, "adj_r2": r.AdjustedR2, "f": r.F.F, "f_p": r.F.P, "aliased": anyList(d.Aliased()),
	}
	for name, of := range fields {
		var list []any
		for _, effect := range d.Effects {
			if effect.Column < 0 {
				list = append(list, of(analysis.Coefficient{
					Name: effect.Name, Estimate: analysis.Unknown(effect.Reason), SE: analysis.Unknown(effect.Reason),
					T: analysis.Unknown(effect.Reason), P: analysis.Unknown(effect.Reason),
					CI: analysis.NoInterval(effect.Reason, level), RobustSE: analysis.Unknown(effect.Reason),
				}))
				continue
			}
			i := slices.IndexFunc(r.Coefficients, func(c analysis.Coefficient) bool { return c.Name == effect.Name })
			list = append(list, of(r.Coefficients[i]))
		}
		got[name] = list
	}
	return got, nil
}

func refAncova(c *refCase) (map[string]any, error) {
	if err := c.text("coding", "arm 0 = control, 1 = treatment; post ~ arm + pre"); err != nil {
		return nil, err
	}
	level, err := c.level()
	if err != nil {
		return nil, err
	}
	pre, post, err := c.two("pre", "post")
	if err != nil {
		return nil, err
	}
	arm, err := c.column("arm")
	if err != nil {
		return nil, err
	}
	r := analysis.Ancova(arm, pre, post, level)
	return map[string]any{
		"n": r.N, "n_treat": r.Course, "n_control": r.Control, "n_excluded": r.Excluded,
		"effect": r.Effect, "se": r.SE, "t": r.T, "df": r.DF, "p": r.P,
		"ci_low": r.CI.LowEstimate(), "ci_high": r.CI.HighEstimate(), "se_hc3": r.RobustSE,
		"slope_pre": r.Slope, "se_slope_pre": r.SlopeSE, "intercept": r.Intercept, "sigma": r.Sigma, "r2": r.R2,
		"adj_mean_control": r.MeanControl.Mean, "se_adj_mean_control": r.MeanControl.SE,
		"adj_mean_treat": r.MeanCourse.Mean, "se_adj_mean_treat": r.MeanCourse.SE,
		"partial_eta2": r.PartialEta2, "g_adj": r.G, "d_adj_post_sd": r.D, "g_adj_post_sd": r.G,
		"g_adj_pre_sd": r.GPre, "d_adj_resid": r.DResidual,
		"slopes_interaction": r.SlopeDifference, "slopes_interaction_p": r.SlopeP,
		"change_diff": r.Change.Difference, "change_welch_t": r.Change.Welch.T, "change_welch_df": r.Change.Welch.DF,
		"change_welch_p":   r.Change.Welch.P,
		"change_welch_low": r.Change.Welch.CI.LowEstimate(), "change_welch_high": r.Change.Welch.CI.HighEstimate(),
		"change_student_t": r.Change.Student.T, "change_student_p": r.Change.Student.P,
	}, nil
}

func refMediation(c *refCase) (map[string]any, error) {
	level, err := c.level()
	if err != nil {
		return nil, err
	}
	x, y, err := c.two("x", "y")
	if err != nil {
		return nil, err
	}
	m, err := c.column("m")
	if err != nil {
		return nil, err
	}
	r := analysis.Mediate(x, m, y, level)
	return map[string]any{
		"n": r.N, "n_excluded": r.Excluded,
		"a": r.A.Estimate, "se_a": r.A.SE, "b": r.B.Estimate, "se_b": r.B.SE,
		"c_total": r.Total.Estimate, "se_c": r.Total.SE, "c_direct": r.Direct.Estimate, "se_c_direct": r.Direct.SE,
		"indirect": r.Indirect, "sobel_se": r.SobelSE, "sobel_z": r.SobelZ, "sobel_p": r.SobelP, "aroian_se": r.AroianSE,
		"dop_ci_low": r.CI.LowEstimate(), "dop_ci_high": r.CI.HighEstimate(),
	}, nil
}
