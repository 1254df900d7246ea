package analysis_test

import (
	"tidemark/analysis"
)

// refReliabilityMethods are the methods on how well scores measure, beside
// alpha.
func refReliabilityMethods() map[string]refMethod {
	return map[string]refMethod{
		"icc_shrout_fleiss": refICC,
	}
}

func refICC(c *refCase) (map[string]any, error) {
	x, err := c.columns("columns")
	if err != nil {
		return nil, err
	}
	level, err := c.level()
	if err != nil {
		return nil, err
	}
	if err := c.text("missing", "listwise"); err != nil {
		return nil, err
	}
	r := analysis.ICC(x.values, level)
	got := map[string]any{
		"n": r.N, "k": r.K, "n_excluded": r.Excluded,
		"ms_between": r.MSBetween, "ms_occasion": r.MSOccasion, "ms_error": r.MSError, "ms_within": r.MSWithin,
		"sem_agreement": r.SEMAgreement, "sem_consistency": r.SEMConsistency, "sdc95": r.SDC95,
	}
	for name, i := range map[string]analysis.IntraclassCorrelation{
		"ICC1": r.OneWay, "ICC2": r.Agreement, "ICC3": r.Consistency,
		"ICC1k": r.OneWayMean, "ICC2k": r.AgreementMean, "ICC3k": r.ConsistencyMean,
	} {
		got[name+"_icc"], got[name+"_low"], got[name+"_high"] = i.Value, i.CI.LowEstimate(), i.CI.HighEstimate()
		got[name+"_F"], got[name+"_df1"], got[name+"_df2"], got[name+"_p"] = i.F, i.DF1, i.DF2, i.P
	}
	return got, nil
}
