package analysis_test

import (
	"fmt"
	"math"

	"tidemark/analysis"
)

func ExampleTwoByTwo() {
	r := analysis.TwoByTwo(analysis.Events{Yes: 24, Of: 40}, analysis.Events{Yes: 12, Of: 41}, 0.95)
	fmt.Printf("%.0f %% against %.0f %%, difference %.2f [%.2f, %.2f]\n",
		100*r.RateX.Value, 100*r.RateY.Value, r.RiskDifference.Value, r.Newcombe.Low, r.Newcombe.High)
	fmt.Printf("number needed to treat %.1f [%.1f, %.1f], Fisher p = %.3f\n",
		r.NNT.Value.Value, r.NNT.CI.Low, r.NNT.CI.High, r.FisherP.Value)
	// Output:
	// 60 % against 29 %, difference 0.31 [0.09, 0.49]
	// number needed to treat 3.3 [2.1, 11.0], Fisher p = 0.007
}

func ExampleTwoByTwo_throughInfinity() {
	n := analysis.TwoByTwo(analysis.Events{Yes: 18, Of: 40}, analysis.Events{Yes: 12, Of: 41}, 0.95).NNT
	fmt.Printf("number needed to treat %.1f (benefit %.1f to ∞ to harm %.0f)\n",
		n.Value.Value, n.Benefit.Value, -n.Harm.Value)
	// Output: number needed to treat 6.4 (benefit 2.9 to ∞ to harm 19)
}

func ExampleClopperPearson() {
	s := analysis.ClopperPearson(0, 20, 0.95)
	fmt.Printf("%.0f %% [%.0f, %.1f]\n", 100*s.Value.Value, 100*s.CI.Low, 100*s.CI.High)
	// Output: 0 % [0, 16.8]
}

func ExampleMcNemar() {
	r := analysis.McNemar(analysis.ChangeTable{YesYes: 10, YesNo: 5, NoYes: 15, NoNo: 20}, 0.95)
	fmt.Printf("from %.0f %% to %.0f %%, mid-p = %.4f, odds %.1f [%.1f, %.1f]\n",
		100*r.RatePre.Value, 100*r.RatePost.Value, r.MidP.Value, r.Odds.Value.Value, r.Odds.Low.Value, r.Odds.High.Value)
	// Output: from 30 % to 50 %, mid-p = 0.0266, odds 3.0 [1.0, 10.6]
}

func ExampleResponders() {
	pre := []float64{20, 18, 16, 15, 22, 12}
	post := []float64{12, 17, 5, math.NaN(), 16, 12}
	r := analysis.Responders(pre, post, analysis.ResponderOptions{Threshold: 6, Direction: analysis.LowerIsBetter})
	fmt.Printf("%d of %d, or %d of the %d we know about\n",
		r.Responders, r.IntentionToTreat.N, r.Responders, r.CompleteCases.N)
	// Output: 3 of 6, or 3 of the 5 we know about
}

func ExampleCompareResponders() {
	zero := make([]float64, 8)
	c := analysis.CompareResponders(zero, courseChange, zero, waitChange,
		analysis.ResponderOptions{Threshold: 4, Direction: analysis.HigherIsBetter})
	fmt.Printf("%d against %d of 8, difference %.2f\n",
		c.X.Responders, c.Y.Responders, c.IntentionToTreat.RiskDifference.Value)
	// Output: 6 against 2 of 8, difference 0.50
}
