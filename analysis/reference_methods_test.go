package analysis_test

import (
	"fmt"
	"maps"

	"tidemark/analysis"
	"tidemark/analysis/dist"
)

// refMethod computes a case: it returns every field that an expectation may
// name.
type refMethod func(*refCase) (map[string]any, error)

// refMethods maps the method names of the reference format to our functions,
// one file and one map a topic.
func refMethods() map[string]refMethod {
	all := map[string]refMethod{}
	for _, topic := range []map[string]refMethod{
		refColumnMethods(),
		refRankMethods(),
		refBootstrapMethods(),
		refScoringMethods(),
		refResponderMethods(),
		refEvidenceMethods(),
		refCorrelationMethods(),
		refReliabilityMethods(),
		refMissingMethods(),
		refFactorMethods(),
		refMixedMethods(),
		refPowerMethods(),
		refModelMethods(),
	} {
		maps.Copy(all, topic)
	}
	return all
}

// refColumnMethods are the methods on one or two columns, reliability and
// reliable change.
func refColumnMethods() map[string]refMethod {
	return map[string]refMethod{
		"descriptives":            refDescriptives,
		"paired_t":                refPairedT,
		"wilcoxon_signed_rank":    refWilcoxon,
		"effect_size_paired":      refPairedEffects,
		"cronbach_alpha":          refAlpha,
		"reliable_change":         refReliableChange,
		"two_sample_t":            refTwoSampleT,
		"effect_size_independent": refIndependentEffects,
		"p_adjust":                refAdjust,
		"distribution":            refDistribution,
	}
}

func refDescriptives(c *refCase) (map[string]any, error) {
	x, err := c.column("x")
	if err != nil {
		return nil, err
	}
	level, err := c.level()
	if err != nil {
		return nil, err
	}
	d := analysis.Describe(x, level)
	return map[string]any{
		"n": d.N, "n_missing": d.Missing,
		"mean": d.Mean, "sd": d.SD, "variance": d.Variance, "se_mean": d.SE, "sum": d.Sum,
		"ci_low": d.MeanCI.LowEstimate(), "ci_high": d.MeanCI.HighEstimate(),
		"min": d.Min, "max": d.Max, "median": d.Median,
		"q25_type7": d.Q25, "q75_type7": d.Q75, "q25_type6": d.Q25Type6, "q75_type6": d.Q75Type6,
		"trimmed_mean_10": d.TrimmedMean10, "mad_1.4826": d.MAD,
		"skew_g1_type1": d.Skewness.Type1, "skew_G1_type2": d.Skewness.Type2, "skew_b1_type3": d.Skewness.Type3,
		"kurt_g2_type1": d.Kurtosis.Type1, "kurt_G2_type2": d.Kurtosis.Type2, "kurt_b2_type3": d.Kurtosis.Type3,
		"se_skew": d.Skewness.SE, "se_kurt": d.Kurtosis.SE,
		"shapiro_w": d.ShapiroWilk.W, "shapiro_p": d.ShapiroWilk.P,
	}, nil
}

// refPairs reads the columns and options that all paired methods share.
func refPairs(c *refCase) (pre, post []float64, level float64, err error) {
	if pre, post, err = c.two("pre", "post"); err != nil {
		return nil, nil, 0, err
	}
	if err = c.text("difference", "post - pre"); err != nil {
		return nil, nil, 0, err
	}
	level, err = c.level()
	return pre, post, level, err
}

func refPairedT(c *refCase) (map[string]any, error) {
	pre, post, level, err := refPairs(c)
	if err != nil {
		return nil, err
	}
	r := analysis.PairedT(pre, post, level)
	return map[string]any{
		"n_pairs": r.Pairs, "n_excluded": r.Excluded,
		"mean_pre": r.MeanPre, "mean_post": r.MeanPost, "sd_pre": r.SDPre, "sd_post": r.SDPost,
		"r_pre_post": r.R, "mean_diff": r.MeanChange, "sd_diff": r.SDChange, "se_diff": r.SEChange,
		"t": r.T, "df": r.DF, "p_two": r.P, "p_less": r.PLess, "p_greater": r.PGreater,
		"ci_low": r.CI.LowEstimate(), "ci_high": r.CI.HighEstimate(),
		"ci_low_greater": r.LowGreater, "ci_high_less": r.HighLess,
	}, nil
}

func refWilcoxon(c *refCase) (map[string]any, error) {
	pre, post, level, err := refPairs(c)
	if err != nil {
		return nil, err
	}
	if err := c.text("zeros", "dropped (Wilcoxon); pratt_* keeps them in the ranking"); err != nil {
		return nil, err
	}
	r := analysis.Wilcoxon(pre, post, level)
	return map[string]any{
		"n_pairs": r.Pairs, "n_excluded": r.Excluded, "n_zero": r.Zeros, "n_used": r.Used, "has_ties": r.Ties,
		"v_plus": r.VPlus, "v_minus": r.VMinus,
		"p_exact_two": r.PExact, "p_exact_less": r.PExactLess, "p_exact_greater": r.PExactGreater,
		"z": r.Z, "p_asym_two": r.PNormal, "z_cc": r.ZCorrected, "p_asym_cc_two": r.PNormalCorrected,
		"pratt_v_plus": r.PrattVPlus, "pratt_z": r.PrattZ,
		"pratt_p_asym_two": r.PrattPNormal, "pratt_p_exact_two": r.PrattPExact,
		"rank_biserial": r.RankBiserial, "r_z_over_sqrt_n": r.REffect,
		"hl_nonzero": r.HodgesLehmann, "hl_all": r.HodgesLehmannAll,
		"hl_ci_low": r.CI.LowEstimate(), "hl_ci_high": r.CI.HighEstimate(), "hl_ci_achieved_level": r.CILevel,
	}, nil
}

func refPairedEffects(c *refCase) (map[string]any, error) {
	pre, post, level, err := refPairs(c)
	if err != nil {
		return nil, err
	}
	e := analysis.PairedEffects(pre, post, level)
	return map[string]any{
		"n_pairs": e.Pairs, "n_excluded": e.Excluded, "r_pre_post": e.R,
		"J_exact": e.JExact, "J_approx": e.JApprox,
		"dz": e.Dz, "dz_ci_low": e.DzCI.LowEstimate(), "dz_ci_high": e.DzCI.HighEstimate(), "se_dz_norm": e.DzSE,
		"gz": e.Gz, "gz_ci_low": e.GzCI.LowEstimate(), "gz_ci_high": e.GzCI.HighEstimate(),
		"d_av_rms": e.Dav, "g_av_rms": e.Gav, "se_d_av_bird": e.DavSE,
		"d_av_ci_low_bird": e.DavCI.LowEstimate(), "d_av_ci_high_bird": e.DavCI.HighEstimate(),
		"d_av_ci_low_scaled_nct":  e.DavCIScaled.LowEstimate(),
		"d_av_ci_high_scaled_nct": e.DavCIScaled.HighEstimate(),
		"d_av_mean_sd":            e.DavMeanSD, "g_av_mean_sd": e.GavMeanSD,
		"d_rm": e.Drm, "g_rm": e.Grm, "se_d_rm": e.DrmSE,
		"d_pre": e.Dpre, "g_pre": e.Gpre, "se_d_pre_becker": e.DpreSE,
		"cles_normal":        e.CommonLanguage,
		"cles_normal_ci_low": e.CommonLanguageCI.LowEstimate(), "cles_normal_ci_high": e.CommonLanguageCI.HighEstimate(),
		"prop_improved_plus_half_ties": e.ShareIncreased,
	}, nil
}

func refAlpha(c *refCase) (map[string]any, error) {
	items, err := c.columns("items")
	if err != nil {
		return nil, err
	}
	opt := analysis.AlphaOptions{Names: items.names}
	for name, v := range map[string]any{
		"keys": &opt.Keys, "min": &opt.Min, "max": &opt.Max, "missing": &opt.Missing, "level": &opt.Level,
	} {
		if err := c.option(name, v); err != nil {
			return nil, err
		}
	}
	r := analysis.Alpha(items.values, opt)
	got := map[string]any{
		"k": r.K, "n_rows": r.Rows, "n_complete": r.Complete, "dropped_items": anyList(r.Dropped),
		"alpha": r.Alpha, "alpha_std": r.AlphaStd, "mean_r": r.MeanR, "median_r": r.MedianR,
		"guttman_lambda6": r.Lambda6, "ase_duhachek": r.ASE,
		"feldt_low": r.Feldt.LowEstimate(), "feldt_high": r.Feldt.HighEstimate(),
		"duhachek_low": r.Duhachek.LowEstimate(), "duhachek_high": r.Duhachek.HighEstimate(),
		"bonett_low": r.Bonett.LowEstimate(), "bonett_high": r.Bonett.HighEstimate(),
		"scale_mean": r.ScaleMean, "scale_sd": r.ScaleSD, "sem": r.SEM,
	}
	lists := map[string][]any{}
	for _, i := range r.Items {
		lists["items"] = append(lists["items"], i.Name)
		lists["item_n"] = append(lists["item_n"], i.N)
		lists["item_mean"] = append(lists["item_mean"], i.Mean)
		lists["item_sd"] = append(lists["item_sd"], i.SD)
		lists["item_total_r"] = append(lists["item_total_r"], i.TotalR)
		lists["item_rest_r"] = append(lists["item_rest_r"], i.RestR)
		lists["alpha_if_deleted"] = append(lists["alpha_if_deleted"], i.AlphaIfDeleted)
	}
	for name, list := range lists {
		got[name] = list
	}
	return got, nil
}

func refReliableChange(c *refCase) (map[string]any, error) {
	pre, post, err := c.two("pre", "post")
	if err != nil {
		return nil, err
	}
	var opt analysis.ReliableChangeOptions
	var norms analysis.Norms
	for name, v := range map[string]any{
		"reliability": &opt.Reliability, "direction": &opt.Direction, "critical": &opt.Critical,
		"m_functional": &norms.Mean, "sd_functional": &norms.SD,
	} {
		if err := c.option(name, v); err != nil {
			return nil, err
		}
	}
	if _, ok := c.Options["sd_functional"]; ok {
		opt.Functional = &norms
	}
	r := analysis.ReliableChange(pre, post, opt)
	got := map[string]any{
		"n": r.Pairs, "n_excluded": r.Excluded,
		"m_pre": r.MeanPre, "m_post": r.MeanPost, "sd_pre": r.SDPre, "sd_post": r.SDPost,
		"sem": r.SEM, "s_diff": r.SDiff, "mdc95": r.MDC95, "se_prediction": r.SEPrediction, "HA_rdd": r.RDD,
	}
	for name, i := range map[string]analysis.ChangeIndex{"JT": r.JT, "GLN": r.GLN, "HLL": r.HLL, "EN": r.EN, "NK": r.NK, "HA": r.HA} {
		if !i.OK() {
			for _, field := range []string{"rci", "improved", "unchanged", "deteriorated"} {
				got[name+"_"+field] = analysis.Unknown(i.Reason)
			}
			continue
		}
		got[name+"_rci"] = anyList(i.Values)
		got[name+"_improved"], got[name+"_unchanged"], got[name+"_deteriorated"] = i.Improved, i.Unchanged, i.Deteriorated
	}
	for name, cut := range map[string]analysis.CutOff{"a": r.CutoffA, "b": r.CutoffB, "c": r.CutoffC} {
		got["cutoff_"+name] = cut.Value
		class := "class_" + name + "_"
		labels := make([]any, len(cut.Classes))
		for i, l := range cut.Classes {
			labels[i] = string(l)
		}
		got[class+"labels"] = labels
		got[class+"recovered"], got[class+"improved"], got[class+"unchanged"] = cut.Recovered, cut.Improved, cut.Unchanged
		got[class+"deteriorated"], got[class+"harmed"] = cut.Deteriorated, cut.Harmed
	}
	return got, nil
}

// refGroups reads the columns and options of two-sample methods.
func refGroups(c *refCase) (x, y []float64, level float64, err error) {
	if x, y, err = c.two("x", "y"); err != nil {
		return nil, nil, 0, err
	}
	if err = c.text("difference", "x - y"); err != nil {
		return nil, nil, 0, err
	}
	level, err = c.level()
	return x, y, level, err
}

func refTwoSampleT(c *refCase) (map[string]any, error) {
	x, y, level, err := refGroups(c)
	if err != nil {
		return nil, err
	}
	r := analysis.WelchT(x, y, level)
	return map[string]any{
		"n_x": r.NX, "n_y": r.NY, "mean_x": r.MeanX, "mean_y": r.MeanY, "sd_x": r.SDX, "sd_y": r.SDY,
		"diff":    r.Difference,
		"t_welch": r.Welch.T, "df_welch": r.Welch.DF, "p_welch": r.Welch.P,
		"ci_low_welch": r.Welch.CI.LowEstimate(), "ci_high_welch": r.Welch.CI.HighEstimate(),
		"t_student": r.Student.T, "df_student": r.Student.DF, "p_student": r.Student.P,
		"ci_low_student": r.Student.CI.LowEstimate(), "ci_high_student": r.Student.CI.HighEstimate(),
		"levene_F_mean": r.Levene.F, "levene_p_mean": r.Levene.P,
		"levene_F_median": r.BrownForsythe.F, "levene_p_median": r.BrownForsythe.P,
	}, nil
}

func refIndependentEffects(c *refCase) (map[string]any, error) {
	x, y, level, err := refGroups(c)
	if err != nil {
		return nil, err
	}
	e := analysis.IndependentEffects(x, y, level)
	return map[string]any{
		"n_x": e.NX, "n_y": e.NY,
		"d_pooled": e.D, "d_ci_low": e.DCI.LowEstimate(), "d_ci_high": e.DCI.HighEstimate(),
		"J_exact": e.JExact, "J_approx": e.JApprox,
		"g": e.G, "g_ci_low": e.GCI.LowEstimate(), "g_ci_high": e.GCI.HighEstimate(),
		"glass_delta": e.GlassDelta, "d_avg_var": e.DAverage,
		"cles_normal": e.CommonLanguage, "cohens_u3": e.U3, "overlap": e.Overlap, "cliffs_delta": e.CliffsDelta,
	}, nil
}

func refAdjust(c *refCase) (map[string]any, error) {
	p, err := c.column("p")
	if err != nil {
		return nil, err
	}
	got := map[string]any{}
	for _, how := range []analysis.Adjustment{analysis.Bonferroni, analysis.Holm, analysis.Hochberg, analysis.Hommel, analysis.BH, analysis.BY} {
		got[string(how)] = anyList(analysis.AdjustP(p, how))
	}
	return got, nil
}

// refFunctions maps the distribution functions of the format to ours.
var refFunctions = map[string]func(a []float64) float64{
	"normal_cdf(x)":                         func(a []float64) float64 { return dist.NormalCDF(a[0]) },
	"t_upper_tail(t, df)":                   func(a []float64) float64 { return dist.StudentTail(a[0], a[1]) },
	"t_quantile(p, df)":                     func(a []float64) float64 { return dist.StudentQuantile(a[0], a[1]) },
	"chi2_upper_tail(x, df)":                func(a []float64) float64 { return dist.ChiSquareTail(a[0], a[1]) },
	"nct_quantile(p, df, ncp)":              func(a []float64) float64 { return dist.NoncentralTQuantile(a[0], a[1], a[2]) },
	"f_upper_tail(x, df1, df2)":             func(a []float64) float64 { _, upper := dist.FisherTails(a[0], a[1], a[2]); return upper },
	"beta_cdf(x, a, b)":                     func(a []float64) float64 { lower, _ := dist.BetaTails(a[0], 1-a[0], a[1], a[2]); return lower },
	"nct_cdf(t, df, ncp)":                   func(a []float64) float64 { lower, _ := dist.NoncentralT(a[0], a[1], a[2]); return lower },
	"ncp such that nct_cdf(t, df, ncp) = p": func(a []float64) float64 { return dist.Noncentrality(a[0], a[1], a[2]) },
}

func refDistribution(c *refCase) (map[string]any, error) {
	var function string
	var args []float64
	if err := c.option("function", &function); err != nil {
		return nil, err
	}
	if err := c.option("args", &args); err != nil {
		return nil, err
	}
	f, ok := refFunctions[function]
	if !ok {
		return nil, fmt.Errorf("unsupported function %q", function)
	}
	return map[string]any{"value": f(args)}, nil
}

// anyList turns a slice into what comparisons expect.
func anyList[T any](list []T) []any {
	out := make([]any, len(list))
	for i, v := range list {
		out[i] = v
	}
	return out
}
