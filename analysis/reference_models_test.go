package analysis_test

import (
	"slices"

	"tidemark/analysis"
)

// refModelMethods are analyses of variance, effects of a design with control,
// linear models and mediation.
func refModelMethods() map[string]refMethod {
	return map[string]refMethod{
		"oneway_anova":        refOneWay,
		"rm_anova_one_within": refRepeatedAnova,
		"morris_dppc":         refPrePostControl,
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
