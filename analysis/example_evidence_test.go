package analysis_test

import (
	"fmt"

	"tidemark/analysis"
)

func ExampleEquivalencePairs() {
	post := []float64{21, 18, 25, 30, 22, 19, 27, 24, 20, 26}
	later := []float64{20, 19, 25, 29, 23, 19, 26, 25, 20, 27}
	r := analysis.EquivalencePairs(post, later, analysis.EquivalenceOptions{Low: -2, High: 2})
	fmt.Printf("mean change %.1f, %.0f %% CI [%.2f, %.2f], p = %.1g, too small to matter: %v\n",
		r.Difference.Value, 100*r.CI.Level, r.CI.Low, r.CI.High, r.P.Value, r.Equivalent)
	// Output: mean change 0.1, 90 % CI [-0.41, 0.61], p = 4e-05, too small to matter: true
}

func ExampleEquivalenceGroups() {
	r := analysis.EquivalenceGroups(courseChange, waitChange, analysis.EquivalenceOptions{Low: -1, High: 1})
	fmt.Printf("difference %.2f, p = %.2f, too small to matter: %v\n", r.Difference.Value, r.P.Value, r.Equivalent)
	// Output: difference 3.75, p = 0.98, too small to matter: false
}

func ExampleBayesFactorPairs() {
	r := analysis.BayesFactorPairs(drug1, drug2, 0)
	fmt.Printf("the data are %.1f times as likely under an effect (t = %.2f, prior scale %.3f)\n",
		r.BF10.Value, r.T.Value, r.PriorScale)
	// Output: the data are 17.3 times as likely under an effect (t = 4.06, prior scale 0.707)
}

func ExampleBayesFactorGroups() {
	r := analysis.BayesFactorGroups(courseChange, waitChange, 0)
	fmt.Printf("BF10 = %.2f, log BF10 = %.3f\n", r.BF10.Value, r.LogBF10.Value)
	// Output: BF10 = 7.04, log BF10 = 1.952
}
