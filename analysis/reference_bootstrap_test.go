package analysis_test

import (
	"fmt"
	"math"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"

	"tidemark/analysis"
)

// refBootstrapMethods are the bootstrap.
func refBootstrapMethods() map[string]refMethod {
	return map[string]refMethod{
		"bca_from_given_resamples": refBootstrapGiven,
		"bca_mean_closed_form":     refIdealBootstrap,
	}
}

// refStatistic finds the statistic of a column by its name in the format.
func refStatistic(name string) (func([]float64) float64, error) {
	mean := func(x []float64) float64 { return analysis.Describe(x, 0.95).Mean.Value }
	sd := func(x []float64) float64 {
		if d := analysis.Describe(x, 0.95); d.SD.OK() && d.SD.Value > 0 {
			return d.SD.Value
		}
		return math.NaN()
	}
	switch name {
	case "mean":
		return mean, nil
	case "sd":
		return sd, nil
	case "mean/sd":
		return func(x []float64) float64 { return mean(x) / sd(x) }, nil
	case "median":
		return func(x []float64) float64 { return analysis.Describe(x, 0.95).Median.Value }, nil
	}
	if m := regexp.MustCompile(`^(\d+)% trimmed mean$`).FindStringSubmatch(name); m != nil {
		percent, err := strconv.Atoi(m[1])
		return func(x []float64) float64 {
			s := slices.Sorted(slices.Values(x))
			cut := len(s) * percent / 100
			return mean(s[cut : len(s)-cut])
		}, err
	}
	return nil, fmt.Errorf("unsupported statistic %q", name)
}

// resamples reads a table of row numbers, a resample per line.
func (c *refCase) resamples(base int) ([][]int, error) {
	table, err := readTable(filepath.Join(c.dir, c.Data.Resamples))
	if err != nil {
		return nil, err
	}
	out := make([][]int, len(table[0].Values))
	for i := range out {
		for _, column := range table {
			if i >= len(column.Values) || column.Values[i] != math.Trunc(column.Values[i]) {
				return nil, fmt.Errorf("resample %d is no list of rows", i)
			}
			out[i] = append(out[i], int(column.Values[i])-base)
		}
	}
	return out, nil
}

func refBootstrapGiven(c *refCase) (map[string]any, error) {
	x, err := c.column("x")
	if err != nil {
		return nil, err
	}
	level, err := c.level()
	if err != nil {
		return nil, err
	}
	name, base := "mean", 1
	if err := c.option("statistic", &name); err != nil {
		return nil, err
	}
	if err := c.option("index_base", &base); err != nil {
		return nil, err
	}
	statistic, err := refStatistic(name)
	if err != nil {
		return nil, err
	}
	resamples, err := c.resamples(base)
	if err != nil {
		return nil, err
	}
	r := analysis.BootstrapGiven(x, resamples, statistic, level)
	return map[string]any{
		"n": r.N, "b": r.Resamples, "theta_hat": r.Estimate,
		"boot_mean": r.ReplicateMean, "boot_bias": r.Bias, "boot_se": r.SE,
		"n_below": r.Below, "n_tied": r.Tied, "acceleration": r.Acceleration, "z0": r.Z0, "z0_midtie": r.Z0MidTie,
		"alpha1": r.AlphaLow, "alpha2": r.AlphaHigh,
		"bca_low": r.BCa.LowEstimate(), "bca_high": r.BCa.HighEstimate(),
		"bca_low_quantile_type6": r.BCaType6.LowEstimate(), "bca_high_quantile_type6": r.BCaType6.HighEstimate(),
		"bca_midtie_low": r.BCaMidTie.LowEstimate(), "bca_midtie_high": r.BCaMidTie.HighEstimate(),
		"percentile_low": r.Percentile.LowEstimate(), "percentile_high": r.Percentile.HighEstimate(),
		"basic_low": r.Basic.LowEstimate(), "basic_high": r.Basic.HighEstimate(),
		"normal_low": r.Normal.LowEstimate(), "normal_high": r.Normal.HighEstimate(),
		"jackknife": anyList(r.Jackknife),
	}, nil
}

func refIdealBootstrap(c *refCase) (map[string]any, error) {
	x, err := c.column("x")
	if err != nil {
		return nil, err
	}
	r := analysis.IdealBootstrapOfMean(x)
	return map[string]any{
		"n": r.N, "theta_hat": r.Mean, "acceleration": r.Acceleration,
		"ideal_boot_se": r.IdealSE, "jackknife_se": r.JackknifeSE,
	}, nil
}
