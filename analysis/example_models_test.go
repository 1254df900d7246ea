package analysis_test

import (
	"fmt"

	"tidemark/analysis"
)

func ExampleCorrelate() {
	minutes := []float64{20, 35, 50, 5, 80, 60, 15, 90}
	change := []float64{2, 1, 4, 0, 5, 3, 2.5, 4.5}
	r := analysis.Correlate(minutes, change, 0.95)
	fmt.Printf("r = %.2f [%.2f, %.2f], p = %.3f\n",
		r.Pearson.R.Value, r.Pearson.CI.Low, r.Pearson.CI.High, r.Pearson.P.Value)
	fmt.Printf("rho = %.2f, %s p = %.3f; tau = %.2f, %s p = %.3f\n",
		r.Spearman.R.Value, r.Spearman.Method, r.Spearman.PBest.Value,
		r.Kendall.TauB.Value, r.Kendall.Method, r.Kendall.PBest.Value)
	// Output:
	// r = 0.86 [0.38, 0.97], p = 0.007
	// rho = 0.86, exact p = 0.011; tau = 0.64, exact p = 0.031
}
