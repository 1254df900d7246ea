package main

import (
	"context"

	"tidemark/analysis"
)

// resampledRows are bootstraps with 10,000 resamples. The values are those that
// millions of resamples tend to. With 10,000 the ends have a standard error of
// their own, of 0.018 and 0.006; boot with its seed 1 gives 1.25263 and 3.08160,
// 1.72699 and 2.35673.
func resampledRows() []row {
	small := []check{near("lower end", 1.2418, 0.06/1.24), near("upper end", 3.0869, 0.06/3.09)}
	large := []check{near("lower end", 1.7291, 0.02/1.73), near("upper end", 2.3441, 0.02/2.34)}
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
