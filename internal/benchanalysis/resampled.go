package main

import (
	"context"

	"tidemark/analysis"
)

// resampledRows are bootstraps with 10,000 resamples. The ends depend on the
// random numbers: their own standard error is about 0.018 for 200 people and
// 0.006 for 2,000, so that two generators may differ by three times that.
func resampledRows() []row {
	small := []check{
		{"lower end", 1.25262945540, 0.05 / 1.25, 0.05 / 1.25},
		{"upper end", 3.08160332742, 0.05 / 3.08, 0.05 / 3.08},
	}
	large := []check{
		{"lower end", 1.72698764402, 0.02 / 1.72, 0.02 / 1.72},
		{"upper end", 2.35673323335, 0.02 / 2.35, 0.02 / 2.35},
	}
	prepare := func(n int) func(*inputs) task {
		return func(in *inputs) task { return bootstrapMean(in.change(n)) }
	}
	return []row{
		{id: "4a", work: "BCa of the mean, n = 200, jackknife acceleration", checks: small, prepare: prepare(200)},
		{id: "4b", work: "4a, in R with the acceleration that boot.ci takes by itself", checks: small, prepare: prepare(200)},
		{id: "4c", work: "BCa of the mean, n = 2,000, jackknife acceleration", checks: large, prepare: prepare(2000)},
		{id: "4d", work: "4c, in R with the acceleration that boot.ci takes by itself", checks: large, prepare: prepare(2000)},
	}
}

func bootstrapMean(x []float64) task {
	return func(ctx context.Context) ([]float64, error) {
		r, err := analysis.BootstrapMean(ctx, x, analysis.BootstrapOptions{Seed: 1})
		return []float64{r.BCa.Low, r.BCa.High}, err
	}
}
