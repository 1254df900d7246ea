package power_test

import (
	"fmt"

	"tidemark/analysis/power"
)

func ExampleTest_Power() {
	t := power.Test{Design: power.Paired, Effect: 0.5}
	fmt.Printf("34 pairs find dz = 0.5 with a chance of %.3f\n", t.Power(34).Value)
	// Output:
	// 34 pairs find dz = 0.5 with a chance of 0.808
}

func ExampleTest_PowerUnequal() {
	t := power.Test{Design: power.TwoSample, Effect: 0.6}
	fmt.Printf("40 against 20: %.3f\n", t.PowerUnequal(40, 20).Value)
	// Output:
	// 40 against 20: 0.577
}

func ExampleTest_SampleSize() {
	plain := power.Test{Design: power.TwoSample, Effect: 0.5}
	fmt.Println("per arm, score after only:", plain.SampleSize(0.8).Required)

	adjusted := power.Test{Design: power.Ancova, Effect: 0.5, R: 0.7}
	s := adjusted.SampleSize(0.8)
	fmt.Printf("per arm, adjusted: %d (Borm's approximation %.1f)\n", s.Required, s.Borm.Value)

	fmt.Println("too small to be found:", power.Test{Design: power.Paired}.SampleSize(0.8).Exact)
	// Output:
	// per arm, score after only: 64
	// per arm, adjusted: 34 (Borm's approximation 32.5)
	// too small to be found: not estimable: no number of people reaches the power
}

func ExampleTest_Detectable() {
	t := power.Test{Design: power.Ancova, R: 0.6}
	fmt.Printf("d = %.2f\n", t.Detectable(40, 0.8).Value)
	// Output:
	// d = 0.51
}

func ExampleTest_Curve() {
	for _, p := range (power.Test{Design: power.Paired, Effect: 0.4}).Curve([]int{20, 40, 80}) {
		fmt.Printf("n = %d: %.2f\n", p.N, p.Power.Value)
	}
	// Output:
	// n = 20: 0.40
	// n = 40: 0.69
	// n = 80: 0.94
}

func ExampleEquivalence() {
	e := power.Equivalence{Design: power.Paired, Low: -0.3, High: 0.3}
	fmt.Printf("%.3f with 100 pairs, %d pairs for 90 %%\n", e.Power(100).Value, e.SampleSize(0.9).Required)
	// Output:
	// 0.818 with 100 pairs, 122 pairs for 90 %
}

func ExampleTrial() {
	p := power.Trial{Course: 50, Control: 50, Attrition: 0.2, Effect: 0.5, R: 0.6}.Power()
	fmt.Printf("%d and %d remain; ANCOVA %.2f, change %.2f, after only %.2f; finds d = %.2f\n",
		p.Course, p.Control, p.Ancova.Value, p.ChangeScore.Value, p.PostOnly.Value, p.Detectable.Value)
	// Output:
	// 40 and 40 remain; ANCOVA 0.78, change 0.69, after only 0.60; finds d = 0.51
}

func ExampleEnrol() {
	fmt.Println(power.Enrol(34, 0.2))
	// Output:
	// 43
}
