package analysis_test

import (
	"context"
	"fmt"
	"slices"

	"tidemark/analysis"
)

func ExampleBootstrapMean() {
	r, err := analysis.BootstrapMean(context.Background(), courseChange, analysis.BootstrapOptions{Seed: 1})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Printf("M = %.1f, BCa [%.1f, %.1f] from %d resamples, seed %d\n",
		r.Estimate.Value, r.BCa.Low, r.BCa.High, r.Resamples, r.Seed)
	// Output: M = 5.5, BCa [3.8, 7.0] from 10000 resamples, seed 1
}

func ExampleBootstrapChange() {
	r, err := analysis.BootstrapChange(context.Background(), drug1, drug2, analysis.BootstrapOptions{Level: 0.9})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Printf("M change = %.2f, SE %.1f, %.0f %% level\n", r.Estimate.Value, r.SE.Value, 100*r.BCa.Level)
	// Output: M change = 1.58, SE 0.4, 90 % level
}

func ExampleBootstrapDifference() {
	r, err := analysis.BootstrapDifference(context.Background(), courseChange, waitChange, analysis.BootstrapOptions{})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Printf("difference %.2f, the interval excludes 0: %v\n", r.Estimate.Value, r.BCa.Low > 0)
	// Output: difference 3.75, the interval excludes 0: true
}

func ExampleBootstrapDz() {
	r, err := analysis.BootstrapDz(context.Background(), drug1, drug2, analysis.BootstrapOptions{})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Printf("dz = %.2f; a skewed distribution: bias %.1f\n", r.Estimate.Value, r.Bias.Value)
	// Output: dz = 1.28; a skewed distribution: bias 0.4
}

func ExampleBootstrapDav() {
	r, err := analysis.BootstrapDav(context.Background(), drug1, drug2, analysis.BootstrapOptions{})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Printf("dav = %.2f, BCa [%.1f, %.1f]\n", r.Estimate.Value, r.BCa.Low, r.BCa.High)
	// Output: dav = 0.83, BCa [0.5, 1.4]
}

func ExampleBootstrap() {
	x := []float64{1, 1, 1, 2, 2, 3, 5, 9, 17, 40, 3}
	median := func(rows []int) float64 {
		values := make([]float64, len(rows))
		for i, row := range rows {
			values[i] = x[row]
		}
		slices.Sort(values)
		return values[len(values)/2]
	}
	r, err := analysis.Bootstrap(context.Background(), len(x), median, analysis.BootstrapOptions{Resamples: 2000})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Printf("median %.0f, percentile interval [%.0f, %.0f]\n", r.Estimate.Value, r.Percentile.Low, r.Percentile.High)
	// Output: median 3, percentile interval [1, 9]
}

func ExampleBootstrapGiven() {
	smallest := func(values []float64) float64 { return slices.Min(values) }
	r := analysis.BootstrapGiven([]float64{4, 2, 7}, [][]int{{0, 1, 1}, {2, 2, 0}, {2, 0, 0}, {1, 2, 2}}, smallest, 0.5)
	fmt.Printf("minimum %.0f; %d of %d replicates tie with it\n", r.Estimate.Value, r.Tied, r.Resamples)
	// Output: minimum 2; 2 of 4 replicates tie with it
}

func ExampleIdealBootstrapOfMean() {
	r := analysis.IdealBootstrapOfMean([]float64{1, 1, 1, 2, 2, 3, 5, 9, 17, 40})
	fmt.Printf("SE %.3f, acceleration %.3f\n", r.IdealSE.Value, r.Acceleration.Value)
	// Output: SE 3.686, acceleration 0.105
}
