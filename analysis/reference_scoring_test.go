package analysis_test

import "tidemark/analysis"

// refScoringMethods score scales.
func refScoringMethods() map[string]refMethod {
	return map[string]refMethod{"person_mean_prorating": refScoreScale}
}

func refScoreScale(c *refCase) (map[string]any, error) {
	items, err := c.columns("items")
	if err != nil {
		return nil, err
	}
	var opt analysis.ScaleOptions
	for name, v := range map[string]any{"keys": &opt.Keys, "min": &opt.Min, "max": &opt.Max, "min_answered": &opt.MinAnswered} {
		if err := c.option(name, v); err != nil {
			return nil, err
		}
	}
	r := analysis.ScoreScale(items.values, opt)
	return map[string]any{
		"n_rows": r.Rows, "n_scored": r.Scored, "n_unscored": r.Unscored,
		"person_mean": anyList(r.PersonMean), "prorated_sum": anyList(r.Sum), "n_answered": anyList(r.Answered),
		"scale_mean": r.Mean, "scale_sd": r.SD,
	}, nil
}
