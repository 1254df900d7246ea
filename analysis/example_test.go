package analysis_test

import (
	"fmt"
	"math"

	"tidemark/analysis"
)

// Student (1908): hours of sleep gained with two drugs.
var (
	drug1 = []float64{0.7, -1.6, -0.2, -1.2, -0.1, 3.4, 3.7, 0.8, 0.0, 2.0}
	drug2 = []float64{1.9, 0.8, 1.1, 0.1, -0.1, 4.4, 5.5, 1.6, 4.6, 3.4}
)

func ExampleDescribe() {
	d := analysis.Describe([]float64{3, 4, math.NaN(), 5, 4, 2}, 0.95)
	fmt.Printf("n %d, missing %d, M %.2f (SD %.2f), 95 %% CI [%.2f, %.2f]\n",
		d.N, d.Missing, d.Mean.Value, d.SD.Value, d.MeanCI.Low, d.MeanCI.High)
	// Output: n 5, missing 1, M 3.60 (SD 1.14), 95 % CI [2.18, 5.02]
}

func ExampleShapiroWilk() {
	s := analysis.ShapiroWilk([]float64{148, 154, 158, 160, 161, 162, 166, 170, 182, 195, 236})
	fmt.Printf("W = %.3f, p = %.4f\n", s.W.Value, s.P.Value)
	fmt.Println(analysis.ShapiroWilk([]float64{4, 4, 4, 4}).W)
	// Output:
	// W = 0.789, p = 0.0067
	// not estimable: the values do not vary
}

func ExamplePaired() {
	r := analysis.Paired(drug1, drug2, 0.95)
	fmt.Printf("n = %d, M change %.2f [%.2f, %.2f], gav = %.2f [%.2f, %.2f], p = %.4f\n",
		r.T.Pairs, r.T.MeanChange.Value, r.T.CI.Low, r.T.CI.High,
		r.Effects.Gav.Value, r.Effects.GavCI.Low, r.Effects.GavCI.High, r.T.P.Value)
	// Output: n = 10, M change 1.58 [0.70, 2.46], gav = 0.76 [0.34, 1.18], p = 0.0028
}

func ExamplePairedMeans() {
	pre := []float64{2.1, 2.8, 1.9, 3.0, 2.4, 2.2}
	post := []float64{2.9, 3.1, 2.6, 3.2, 3.3, 2.4}
	t, effects := analysis.PairedMeans(pre, post, 0.95)
	fmt.Printf("t(%.0f) = %.2f, dz = %.2f\n", t.DF.Value, t.T.Value, effects.Dz.Value)
	// Output: t(5) = 3.97, dz = 1.62
}

func ExamplePairedT() {
	r := analysis.PairedT(drug1, drug2, 0.95)
	fmt.Printf("t(%.0f) = %.2f, p = %.4f, r = %.3f\n", r.DF.Value, r.T.Value, r.P.Value, r.R.Value)

	same := analysis.PairedT([]float64{1, 2, 3}, []float64{2, 3, 4}, 0.95)
	fmt.Println("everyone gained one point:", same.T)
	// Output:
	// t(9) = 4.06, p = 0.0028, r = 0.795
	// everyone gained one point: not estimable: the values do not vary
}

func ExampleWilcoxon() {
	r := analysis.Wilcoxon(drug1, drug2, 0.95)
	fmt.Printf("V = %.0f, %s p = %.4f, median change %.2f [%.2f, %.2f], rank-biserial %.2f\n",
		r.VPlus.Value, r.Method, r.P.Value, r.HodgesLehmann.Value, r.CI.Low, r.CI.High, r.RankBiserial.Value)
	// Output: V = 45, exact p = 0.0039, median change 1.40 [1.05, 2.95], rank-biserial 1.00
}

func ExamplePairedEffects() {
	e := analysis.PairedEffects(drug1, drug2, 0.95)
	fmt.Printf("dz  = %.2f [%.2f, %.2f]\n", e.Dz.Value, e.DzCI.Low, e.DzCI.High)
	fmt.Printf("gav = %.2f [%.2f, %.2f]\n", e.Gav.Value, e.GavCI.Low, e.GavCI.High)
	fmt.Printf("drm = %.2f, dpre = %.2f\n", e.Drm.Value, e.Dpre.Value)
	// Output:
	// dz  = 1.28 [0.41, 2.12]
	// gav = 0.76 [0.34, 1.18]
	// drm = 0.82, dpre = 0.88
}

func ExampleAlpha() {
	items := [][]float64{
		{1, 2, 4, 4, 5, 2, 3},
		{2, 2, 3, 5, 5, 1, 3},
		{5, 4, 2, 1, 1, 4, 3}, // worded the other way round
	}
	r := analysis.Alpha(items, analysis.AlphaOptions{
		Names: []string{"calm", "steady", "shaken"},
		Keys:  []int{1, 1, -1},
		Min:   1, Max: 5,
	})
	fmt.Printf("alpha = %.2f [%.2f, %.2f], n = %d\n", r.Alpha.Value, r.Feldt.Low, r.Feldt.High, r.Rows)
	for _, i := range r.Items {
		fmt.Printf("%-6s item-rest r %.2f, alpha without %.2f\n", i.Name, i.RestR.Value, i.AlphaIfDeleted.Value)
	}
	// Output:
	// alpha = 0.97 [0.87, 0.99], n = 7
	// calm   item-rest r 0.94, alpha without 0.95
	// steady item-rest r 0.88, alpha without 0.98
	// shaken item-rest r 0.97, alpha without 0.92
}

func ExampleNewScale() {
	scale, why := analysis.NewScale([][]float64{
		{1, 2, 4, math.NaN(), 5}, {5, 3, 2, 1, 1}, {3, 3, 3, 3, 3},
	}, analysis.AlphaOptions{Names: []string{"calm", "shaken", "same"}, Keys: []int{1, -1, 1}, Min: 1, Max: 5})
	fmt.Println(scale.Names, scale.Columns, scale.Dropped, scale.Excluded, why == "")
	// Output: [calm shaken] [[1 2 4 5] [1 3 4 5]] [same] 1 true
}

func ExampleICC() {
	// Two weeks apart, without a course in between.
	first := []float64{31, 24, 42, 28, 36, 39, 22, 33}
	second := []float64{33, 25, 40, 31, 35, 41, 25, 32}
	r := analysis.ICC([][]float64{first, second}, 0.95)
	fmt.Printf("ICC(A,1) = %.2f [%.2f, %.2f], n = %d\n",
		r.Agreement.Value.Value, r.Agreement.CI.Low, r.Agreement.CI.High, r.N)
	fmt.Printf("measurement error %.1f points, smallest detectable change %.1f\n", r.SEMAgreement.Value, r.SDC95.Value)
	// Output:
	// ICC(A,1) = 0.95 [0.80, 0.99], n = 8
	// measurement error 1.4 points, smallest detectable change 3.8
}

func ExampleReliableChange() {
	pre := []float64{20, 24, 18, 30, 22, 26}
	post := []float64{31, 25, 17, 33, 13, 40}
	r := analysis.ReliableChange(pre, post, analysis.ReliableChangeOptions{
		Reliability: 0.85,
		Direction:   analysis.HigherIsBetter,
		Functional:  &analysis.Norms{Mean: 38, SD: 5},
	})
	fmt.Printf("a change of %.1f points is reliable; cut-off %.1f\n", r.MDC95.Value, r.CutoffC.Value.Value)
	fmt.Println(r.CutoffC.Classes)
	// Output:
	// a change of 4.6 points is reliable; cut-off 30.1
	// [recovered unchanged unchanged unchanged deteriorated recovered]
}

func ExampleWelchT() {
	course := []float64{6, 9, 4, 7, 11, 5, 8}
	control := []float64{1, 3, -2, 4, 0, 2}
	r := analysis.WelchT(course, control, 0.95)
	fmt.Printf("difference in change %.2f [%.2f, %.2f], t(%.1f) = %.2f, p = %.4f\n",
		r.Difference.Value, r.Welch.CI.Low, r.Welch.CI.High, r.Welch.DF.Value, r.Welch.T.Value, r.Welch.P.Value)
	// Output: difference in change 5.81 [3.02, 8.60], t(11.0) = 4.58, p = 0.0008
}

func ExampleIndependentEffects() {
	course := []float64{6, 9, 4, 7, 11, 5, 8}
	control := []float64{1, 3, -2, 4, 0, 2}
	e := analysis.IndependentEffects(course, control, 0.95)
	fmt.Printf("g = %.2f [%.2f, %.2f]\n", e.G.Value, e.GCI.Low, e.GCI.High)
	// Output: g = 2.35 [0.92, 3.72]
}

func ExampleAdjustP() {
	for _, e := range analysis.AdjustP([]float64{0.01, 0.04, 0.03}, analysis.Hochberg) {
		fmt.Printf("%.2f ", e.Value)
	}
	// Output: 0.03 0.04 0.04
}

func ExampleHolmAdjust() {
	for _, e := range analysis.HolmAdjust([]float64{0.01, 0.04, 0.03}) {
		fmt.Printf("%.2f ", e.Value)
	}
	// Output: 0.03 0.06 0.06
}

func ExampleBenjaminiHochberg() {
	for _, e := range analysis.BenjaminiHochberg([]float64{0.01, 0.04, 0.03}) {
		fmt.Printf("%.2f ", e.Value)
	}
	// Output: 0.03 0.04 0.04
}

func ExampleWilson() {
	s := analysis.Wilson(15, 148, 0.95)
	fmt.Printf("%.1f %% [%.1f, %.1f]\n", 100*s.Value.Value, 100*s.CI.Low, 100*s.CI.High)
	// Output: 10.1 % [6.2, 16.0]
}

func ExampleNewPanel() {
	panel, err := analysis.NewPanel([]string{"course", "course", "wait-list"}, "baseline", "post")
	if err != nil {
		fmt.Println(err)
		return
	}
	copy(panel.Waves[0].Values, []float64{12, 15, 13})
	panel.Waves[1].Values[0] = 18 // the others have not answered yet
	changes, err := panel.Changes("course", "baseline", "post")
	fmt.Println(changes, err)
	// Output: [6 NaN] <nil>
}

func ExampleEstimate() {
	d := analysis.Describe([]float64{4}, 0.95)
	fmt.Println(d.Mean)
	fmt.Println(d.SD)
	// Output:
	// 4
	// not estimable: fewer than 2 values
}

func ExampleCriticalT() {
	const n, mean, sd = 16, 3.2, 0.8
	half := analysis.CriticalT(0.95, n-1) * sd / math.Sqrt(n)
	fmt.Printf("%.2f to %.2f\n", mean-half, mean+half)
	// Output: 2.77 to 3.63
}
