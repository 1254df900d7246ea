package analysis_test

import (
	"context"
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

func ExampleOneWay() {
	r := analysis.OneWay([][]float64{
		{4, 5, 3, 6}, // course in spring
		{5, 7, 6, 8}, // in summer
		{3, 4, 4, 5}, // in autumn
	})
	fmt.Printf("F(%.0f, %.0f) = %.2f, p = %.3f, Welch p = %.3f, η² = %.2f\n",
		r.DF1.Value, r.DF2.Value, r.F.Value, r.P.Value, r.Welch.P.Value, r.Eta2.Value)
	// Output:
	// F(2, 9) = 5.25, p = 0.031, Welch p = 0.059, η² = 0.54
}

func ExampleRepeatedAnova() {
	before := []float64{2.0, 2.5, 3.0, 1.5, 2.5, 3.5}
	after := []float64{3.0, 3.0, 3.5, 2.5, 3.5, 3.5}
	later := []float64{3.5, 2.5, 4.0, 3.0, 3.5, 4.0}
	r := analysis.RepeatedAnova([][]float64{before, after, later})
	fmt.Printf("F(%.0f, %.0f) = %.2f, p = %.4f\n", r.DF1.Value, r.DF2.Value, r.F.Value, r.P.Value)
	fmt.Printf("Greenhouse–Geisser ε = %.3f, p = %.4f; Mauchly W = %.3f, p = %.3f\n",
		r.GreenhouseGeisser.Value, r.PGG.Value, r.MauchlyW.Value, r.MauchlyP.Value)
	// Output:
	// F(2, 10) = 11.83, p = 0.0023
	// Greenhouse–Geisser ε = 0.800, p = 0.0053; Mauchly W = 0.750, p = 0.562
}

func ExampleFriedman() {
	r := analysis.Friedman([][]float64{{2, 3, 1, 4, 2}, {3, 4, 4, 4, 3}, {4, 3, 5, 5, 4}})
	fmt.Printf("χ²(%.0f) = %.2f, p = %.3f, W = %.2f\n", r.DF.Value, r.ChiSquare.Value, r.P.Value, r.KendallW.Value)
	// Output:
	// χ²(2) = 6.33, p = 0.042, W = 0.63
}

func ExamplePrePostControl() {
	r := analysis.PrePostControl(
		[]float64{2, 3, 4, 3, 2, 4}, []float64{4, 4, 5, 5, 3, 5},
		[]float64{3, 2, 4, 3, 3, 4}, []float64{3, 3, 4, 2, 3, 5}, 0.95)
	fmt.Printf("d_ppc2 = %.2f [%.2f, %.2f]\n", r.DPPC2.Value, r.CI.Low, r.CI.High)
	// Output:
	// d_ppc2 = 1.30 [0.26, 2.35]
}

func ExampleLinearModel() {
	change := []float64{2, 1, 4, 0, 5, 3, 2.5, 4.5}
	minutes := []float64{20, 35, 50, 5, 80, 60, 15, 90}
	before := []float64{30, 34, 28, 33, 25, 29, 31, 30}
	m := analysis.LinearModel(change, []analysis.Predictor{
		{Name: "minutes", Values: minutes}, {Name: "before", Values: before},
	}, analysis.LinearModelOptions{})
	for _, c := range m.Coefficients {
		fmt.Printf("%-12s %7.3f (SE %.3f, HC3 %.3f), p = %.3f\n",
			c.Name, c.Estimate.Value, c.SE.Value, c.RobustSE.Value, c.P.Value)
	}
	fmt.Printf("R² = %.3f, F(%.0f, %.0f) = %.2f\n", m.R2.Value, m.F.DF1.Value, m.F.DF2.Value, m.F.F.Value)
	// Output:
	// (Intercept)   11.231 (SE 3.689, HC3 4.686), p = 0.029
	// minutes        0.029 (SE 0.010, HC3 0.016), p = 0.037
	// before        -0.325 (SE 0.113, HC3 0.140), p = 0.034
	// R² = 0.899, F(2, 5) = 22.36
}

func ExampleAncova() {
	arm := []float64{1, 1, 1, 1, 1, 1, 0, 0, 0, 0, 0, 0}
	pre := []float64{2, 3, 4, 3, 2, 4, 3, 2, 4, 3, 3, 4}
	post := []float64{4, 4, 5, 5, 3, 5, 3, 3, 4, 2, 3, 5}
	r := analysis.Ancova(arm, pre, post, 0.95)
	fmt.Printf("adjusted difference %.2f [%.2f, %.2f], p = %.3f, HC3 SE %.2f, g = %.2f\n",
		r.Effect.Value, r.CI.Low, r.CI.High, r.P.Value, r.RobustSE.Value, r.G.Value)
	fmt.Printf("means %.2f and %.2f; slopes differ by %.2f, p = %.2f\n",
		r.MeanCourse.Mean.Value, r.MeanControl.Mean.Value, r.SlopeDifference.Value, r.SlopeP.Value)
	// Output:
	// adjusted difference 1.14 [0.27, 2.01], p = 0.016, HC3 SE 0.43, g = 1.13
	// means 4.40 and 3.26; slopes differ by -0.19, p = 0.73
}

func ExampleMediate() {
	minutes := []float64{1, 2, 3, 4, 5, 6, 7, 8}
	kindness := []float64{2, 1, 4, 3, 6, 5, 8, 6}
	resilience := []float64{1, 3, 3, 5, 4, 7, 7, 9}
	r := analysis.Mediate(minutes, kindness, resilience, 0.95)
	fmt.Printf("indirect %.2f [%.2f, %.2f] of %.2f in all\n",
		r.Indirect.Value, r.CI.Low, r.CI.High, r.Total.Estimate.Value)
	// Output:
	// indirect -0.46 [-0.80, -0.19] of 1.04 in all
}

func ExampleMediateBootstrap() {
	minutes := []float64{1, 2, 3, 4, 5, 6, 7, 8}
	kindness := []float64{2, 1, 4, 3, 6, 5, 8, 6}
	resilience := []float64{1, 3, 3, 5, 4, 7, 7, 9}
	r, err := analysis.MediateBootstrap(context.Background(), minutes, kindness, resilience,
		analysis.BootstrapOptions{Resamples: 1000, Seed: 1})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Printf("indirect %.2f, BCa holds 0: %v\n", r.Estimate.Value, r.BCa.Low < 0 && r.BCa.High > 0)
	// Output:
	// indirect -0.46, BCa holds 0: false
}

func ExampleDoseResponse() {
	minutes := []float64{20, 35, 50, 5, 80, 60, 15, 90}
	before := []float64{30, 34, 28, 33, 25, 29, 31, 30}
	after := []float64{32, 35, 32, 33, 30, 32, 33.5, 34.5}
	r := analysis.DoseResponse(minutes, before, after, analysis.DoseOptions{Points: 3})
	fmt.Printf("%.3f points a minute [%.3f, %.3f], rho = %.2f\n",
		r.Slope.Estimate.Value, r.Slope.CI.Low, r.Slope.CI.High, r.Correlation.Spearman.R.Value)
	for _, p := range r.Band {
		fmt.Printf("%.1f min: %.2f [%.2f, %.2f]\n", p.Dose, p.Change.Value, p.CI.Low, p.CI.High)
	}
	// Output:
	// 0.029 points a minute [0.003, 0.055], rho = 0.86
	// 5.0 min: 1.61 [0.42, 2.81]
	// 47.5 min: 2.84 [2.24, 3.44]
	// 90.0 min: 4.07 [2.73, 5.41]
}

func ExampleCombineRuns() {
	r := analysis.CombineRuns([]analysis.RunEffect{
		{Name: "spring", Effect: 0.42, SE: 0.15},
		{Name: "summer", Effect: 0.81, SE: 0.20},
		{Name: "autumn", Effect: 0.60, SE: 0.18},
		{Name: "winter", Effect: 0.02, SE: 0.22},
	}, analysis.CombineOptions{})
	fmt.Printf("mean effect %.2f [%.2f, %.2f], a new run [%.2f, %.2f]\n",
		r.Random.Effect.Value, r.Random.CI.Low, r.Random.CI.High, r.Prediction.Low, r.Prediction.High)
	fmt.Printf("Q = %.2f, p = %.3f, τ = %.2f, I² = %.0f %%\n",
		r.Q.Value, r.QP.Value, r.Tau.Value, 100*r.I2.Value)
	// Output:
	// mean effect 0.47 [-0.04, 0.98], a new run [-0.76, 1.70]
	// Q = 7.70, p = 0.053, τ = 0.24, I² = 63 %
}
