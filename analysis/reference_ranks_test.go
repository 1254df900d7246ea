package analysis_test

import (
	"context"
	"fmt"

	"tidemark/analysis"
)

// refRankMethods are the tests on ranks and permutations of two groups.
func refRankMethods() map[string]refMethod {
	return map[string]refMethod{
		"mann_whitney":                 refMannWhitney,
		"permutation_paired_exact":     refPermutePairs,
		"permutation_two_sample_exact": refPermuteGroups,
	}
}

func refMannWhitney(c *refCase) (map[string]any, error) {
	x, y, err := c.two("x", "y")
	if err != nil {
		return nil, err
	}
	level, err := c.level()
	if err != nil {
		return nil, err
	}
	r := analysis.MannWhitney(x, y, level)
	return map[string]any{
		"n_x": r.NX, "n_y": r.NY, "has_ties": r.Ties,
		"u_x": r.UX, "u_y": r.UY,
		"p_exact_twice_min": r.PExactTwiceMin, "p_exact_distance": r.PExactDistance,
		"p_exact_less": r.PExactLess, "p_exact_greater": r.PExactGreater,
		"z": r.Z, "p_asym_two": r.PNormal, "z_cc": r.ZCorrected, "p_asym_cc_two": r.PNormalCorrected,
		"cliffs_delta": r.CliffsDelta, "prob_superiority": r.Superiority,
		"hl_shift": r.HodgesLehmann, "hl_ci_low": r.CI.LowEstimate(), "hl_ci_high": r.CI.HighEstimate(),
		"hl_ci_achieved_level": r.CILevel,
	}, nil
}

func refPermutePairs(c *refCase) (map[string]any, error) {
	pre, post, _, err := refPairs(c)
	if err != nil {
		return nil, err
	}
	if err := c.text("statistic", "mean difference"); err != nil {
		return nil, err
	}
	if err := c.text("sign_flips", "all 2^n"); err != nil {
		return nil, err
	}
	r, err := analysis.PermutePairs(context.Background(), pre, post, analysis.PermutationOptions{})
	if err == nil && r.Method != analysis.PermutationExact {
		err = fmt.Errorf("%d pairs were too many to count all signs", r.N)
	}
	if err != nil {
		return nil, err
	}
	return map[string]any{
		"n_pairs": r.N, "n_excluded": r.Excluded, "mean_diff": r.Difference,
		"p_two": r.P, "p_less": r.PLess, "p_greater": r.PGreater,
	}, nil
}

func refPermuteGroups(c *refCase) (map[string]any, error) {
	x, y, _, err := refGroups(c)
	if err != nil {
		return nil, err
	}
	if err := c.text("statistic", "difference of means"); err != nil {
		return nil, err
	}
	r, err := analysis.PermuteGroups(context.Background(), x, y, analysis.PermutationOptions{})
	if err == nil && r.Method != analysis.PermutationExact {
		err = fmt.Errorf("%d people were too many to count all groups", r.N)
	}
	if err != nil {
		return nil, err
	}
	return map[string]any{
		"n_x": r.NX, "n_y": r.NY, "diff": r.Difference,
		"p_two_distance": r.P, "p_two_twice_min": r.PTwiceMin, "p_less": r.PLess, "p_greater": r.PGreater,
	}, nil
}
