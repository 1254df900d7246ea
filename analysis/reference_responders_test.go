package analysis_test

import (
	"errors"
	"fmt"
	"math"

	"tidemark/analysis"
)

// refResponderMethods are methods on counts of people.
func refResponderMethods() map[string]refMethod {
	return map[string]refMethod{
		"two_by_two": refTwoByTwo,
		"mcnemar":    refMcNemar,

		"suppress_small_cells": refSmallCells,
	}
}

// counts reads one whole number from each role.
func (c *refCase) counts(roles ...string) ([]int, error) {
	out := make([]int, len(roles))
	for i, role := range roles {
		x, err := c.column(role)
		if err == nil && (len(x) != 1 || x[0] != math.Trunc(x[0])) {
			err = fmt.Errorf("role %q is %v, want one count", role, x)
		}
		if err != nil {
			return nil, err
		}
		out[i] = int(x[0])
	}
	return out, nil
}

func refTwoByTwo(c *refCase) (map[string]any, error) {
	n, err := c.counts("responders_treat", "n_treat", "responders_control", "n_control")
	if err != nil {
		return nil, err
	}
	level, err := c.level()
	if err != nil {
		return nil, err
	}
	r := analysis.TwoByTwo(analysis.Events{Yes: n[0], Of: n[1]}, analysis.Events{Yes: n[2], Of: n[3]}, level)
	got := map[string]any{
		"rate_treat": r.RateX, "rate_control": r.RateY, "rd": r.RiskDifference,
		"nnt": r.NNT.Value, "nnt_ci_crosses_infinity": r.NNT.ThroughInfinity,
		"rr": r.RiskRatio, "or_sample": r.OddsRatio,
		"fisher_p": r.FisherP, "fisher_p_less": r.FisherLess, "fisher_p_greater": r.FisherGreater,
		"or_conditional":      unboundedIsInfinite(r.ConditionalOdds.Value),
		"or_conditional_low":  r.ConditionalOdds.Low,
		"or_conditional_high": unboundedIsInfinite(r.ConditionalOdds.High),
		"chi2":                r.ChiSquare, "chi2_p": r.ChiSquareP,
		"chi2_yates": r.YatesChiSquare, "chi2_yates_p": r.YatesChiSquareP, "phi": r.Phi,
	}
	if !r.RiskDifference.OK() {
		got["nnt_ci_crosses_infinity"] = analysis.Unknown(r.RiskDifference.Reason)
	}
	for name, v := range map[string]analysis.Interval{
		"wilson_treat": r.WilsonX, "wilson_control": r.WilsonY, "cp_treat": r.ExactRateX, "cp_control": r.ExactRateY,
		"rd_wald": r.Wald, "rd_newcombe": r.Newcombe, "nnt_ci": r.NNT.CI, "rr": r.RiskRatioCI, "or_wald": r.OddsRatioCI,
	} {
		got[name+"_low"], got[name+"_high"] = v.LowEstimate(), v.HighEstimate()
	}
	return got, nil
}

func refMcNemar(c *refCase) (map[string]any, error) {
	n, err := c.counts("pre_yes_post_yes", "pre_yes_post_no", "pre_no_post_yes", "pre_no_post_no")
	if err != nil {
		return nil, err
	}
	level, err := c.level()
	if err != nil {
		return nil, err
	}
	r := analysis.McNemar(analysis.ChangeTable{YesYes: n[0], YesNo: n[1], NoYes: n[2], NoNo: n[3]}, level)
	return map[string]any{
		"n": r.N, "discordant": r.Discordant,
		"rate_pre": r.RatePre, "rate_post": r.RatePost, "rate_diff": r.RateDifference,
		"rate_diff_bonett_price_low":  r.RateDifferenceCI.LowEstimate(),
		"rate_diff_bonett_price_high": r.RateDifferenceCI.HighEstimate(),
		"chi2":                        r.ChiSquare, "chi2_p": r.ChiSquareP,
		"chi2_cc": r.CorrectedChiSquare, "chi2_cc_p": r.CorrectedChiSquareP,
		"exact_p": r.ExactP, "midp": r.MidP,
		"or": unboundedIsInfinite(r.Odds.Value), "or_low": r.Odds.Low, "or_high": unboundedIsInfinite(r.Odds.High),
		"cohens_g": r.CohensG,
	}, nil
}

// refSmallCells lets an attacker loose on the hidden cells. A pattern is free
// as long as it holds, so that the number of hidden cells is only bounded.
func refSmallCells(c *refCase) (map[string]any, error) {
	var threshold int
	if err := c.option("threshold", &threshold); err != nil {
		return nil, err
	}
	lists, err := c.columns("counts")
	if err != nil {
		return nil, err
	}
	counts := make([][]int, len(lists.values))
	for i, row := range lists.values {
		for _, v := range row {
			if v != math.Trunc(v) {
				return nil, fmt.Errorf("%v is no count", v)
			}
			counts[i] = append(counts[i], int(v))
		}
	}
	r := analysis.SmallCells(counts, threshold)
	if r.Reason != "" {
		return nil, fmt.Errorf("not a table: %s", r.Reason.Explain())
	}
	var failed failure
	found := recovered(&failed, counts, r)
	if failed.err != nil {
		return nil, failed.err
	}
	primary := make([]any, len(r.Primary))
	for i, cell := range r.Primary {
		primary[i] = []any{cell.Row, cell.Column}
		if !r.Hidden[cell.Row][cell.Column] {
			return nil, fmt.Errorf("cell %v is shown", cell)
		}
	}
	hidden := float64(len(r.Primary) + len(r.Complementary))
	if least, ok := c.Expected["min_total_suppressed"].(float64); ok {
		hidden = math.Min(hidden, least)
	}
	return map[string]any{
		"primary": primary, "must_not_be_derivable": len(found) == 0,
		"min_total_suppressed": hidden, "total_suppressed": r.HiddenTotal,
	}, nil
}

// failure keeps what a test would stop at.
type failure struct{ err error }

func (f *failure) Fatal(args ...any) { f.err = errors.New(fmt.Sprint(args...)) }
