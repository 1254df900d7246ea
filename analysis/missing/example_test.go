package missing_test

import (
	"context"
	"fmt"
	"math"

	"tidemark/analysis"
	"tidemark/analysis/design"
	"tidemark/analysis/missing"
)

// Nine people before a course, after it and half a year later.
var (
	before = []float64{12, 15, 9, 20, 14, 11, 17, 13, 10}
	after  = []float64{16, 18, 10, 25, math.NaN(), 15, 19, 17, math.NaN()}
	later  = []float64{15, 20, math.NaN(), 24, math.NaN(), 13, 20, math.NaN(), math.NaN()}
)

func ExamplePatterns() {
	m := missing.Patterns([][]float64{before, after, later})
	for _, p := range m.Patterns {
		fmt.Println(p, p.N)
	}
	fmt.Printf("complete %d of %d, drop-out only: %t\n", m.Complete, m.N, m.Monotone)
	// Output:
	// ●●● 5
	// ●●○ 2
	// ●○○ 2
	// complete 5 of 9, drop-out only: true
}

func ExampleLittle() {
	r, err := missing.Little(context.Background(), [][]float64{before, after, later})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Printf("d² = %.2f, df = %.0f, p = %.2f\n", r.ChiSquare.Value, r.DF.Value, r.P.Value)
	// Output: d² = 2.83, df = 3, p = 0.42
}

func ExampleMoments() {
	m, err := missing.Moments(context.Background(), [][]float64{before, after, later})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Printf("means %.1f\n", m.Mean)
	// Output: means [13.4 16.7 16.6]
}

func ExamplePoolScalar() {
	p := missing.PoolScalar([]float64{2.1, 2.4, 1.9, 2.2, 2.6}, []float64{0.25, 0.27, 0.24, 0.26, 0.25},
		missing.PoolOptions{DFComplete: 98})
	fmt.Printf("%.2f [%.2f, %.2f], df %.1f, p = %.4f; information missing %.0f %%\n",
		p.Estimate.Value, p.CI.Low, p.CI.High, p.DF.Value, p.P.Value, 100*p.FMI.Value)
	// Output: 2.24 [1.05, 3.43], df 32.9, p = 0.0005; information missing 30 %
}

func ExamplePoolFits() {
	// The same people, their later scores filled in twice.
	var fits []missing.Fit
	for _, filled := range [][]float64{
		{15, 20, 9, 24, 14, 13, 20, 15, 12},
		{15, 20, 12, 24, 18, 13, 20, 18, 10},
	} {
		fit, err := missing.Regress("later ~ before", []design.Column{
			design.Numeric("before", before), design.Numeric("later", filled),
		})
		if err != nil {
			fmt.Println(err)
			return
		}
		fits = append(fits, fit)
	}
	for _, q := range missing.PoolFits(fits, missing.PoolOptions{}) {
		fmt.Printf("%s %.2f (SE %.2f, df %.1f)\n", q.Name, q.Estimate.Value, q.SE.Value, q.DF.Value)
	}
	// Output:
	// (Intercept) -0.63 (SE 2.46, df 2.6)
	// before 1.25 (SE 0.15, df 4.8)
}

func ExampleRegress() {
	fit, err := missing.Regress("after ~ before", []design.Column{
		design.Numeric("before", before), design.Numeric("after", after),
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Printf("%s %.2f, df %.0f\n", fit.Names[1], fit.Estimates[1], fit.DF)
	// Output: before 1.16, df 5
}

func ExampleAttrition() {
	stayed := make([]bool, len(later))
	for i, v := range later {
		stayed[i] = !math.IsNaN(v)
	}
	row := missing.Attrition([][]float64{before}, stayed, 0.95)[0]
	fmt.Printf("completers %.1f (n = %d), drop-outs %.1f (n = %d), d = %.2f [%.2f, %.2f]\n",
		row.MeanCompleters.Value, row.NCompleters, row.MeanDropouts.Value, row.NDropouts,
		row.Standardised.Value, row.CI.Low, row.CI.High)
	// Output:
	// completers 15.0 (n = 5), drop-outs 11.5 (n = 4), d = 1.13 [-0.28, 2.55]
}

func ExampleImpute() {
	r, err := missing.Impute(context.Background(), [][]float64{before, after, later},
		missing.ImputeOptions{M: 3, Donors: 2, Seed: 1})
	if err != nil {
		fmt.Println(err)
		return
	}
	for i, columns := range r.All {
		fmt.Println(i+1, columns[2])
	}
	// Output:
	// 1 [15 20 13 24 20 13 20 15 15]
	// 2 [15 20 13 24 20 13 20 15 13]
	// 3 [15 20 13 24 15 13 20 15 15]
}

func ExamplePool() {
	ctx := context.Background()
	r, err := missing.Impute(ctx, [][]float64{before, after, later}, missing.ImputeOptions{M: 50, Donors: 3, Seed: 1})
	if err != nil {
		fmt.Println(err)
		return
	}
	// How large is the change at follow-up, and if drop-outs fared 3 points worse?
	change := func(columns [][]float64) (missing.Fit, error) {
		t := analysis.PairedT(columns[0], columns[2], 0.95)
		return missing.Fit{
			Names: []string{"change"}, Estimates: []float64{t.MeanChange.Value},
			Variances: []float64{t.SEChange.Value * t.SEChange.Value}, DF: t.DF.Value,
		}, nil
	}
	worse := r.Shift(2, analysis.EveryArm, -3)
	for _, imputations := range []missing.Imputations{r, worse} {
		q, err := missing.Pool(ctx, &imputations, missing.PoolOptions{}, change)
		if err != nil {
			fmt.Println(err)
			return
		}
		fmt.Printf("%s %.1f [%.1f, %.1f]\n", q[0].Name, q[0].Estimate.Value, q[0].CI.Low, q[0].CI.High)
	}
	// Output:
	// change 4.1 [0.7, 7.4]
	// change 2.7 [-0.6, 6.1]
}

func ExampleImputations_Shift() {
	arms := []string{"course", "course", "course", "course", "course", "wait", "wait", "wait", "wait"}
	r, err := missing.Impute(context.Background(), [][]float64{before, after},
		missing.ImputeOptions{M: 1, Arms: arms, Seed: 4})
	if err != nil {
		fmt.Println(err)
		return
	}
	worse := r.Shift(1, "course", -2)
	fmt.Println(r.Completed(0, nil)[1])
	fmt.Println(worse.Completed(0, nil)[1])
	// Output:
	// [16 18 10 25 16 15 19 17 18]
	// [16 18 10 25 14 15 19 17 18]
}

func ExampleTrace_RHat() {
	r, err := missing.Impute(context.Background(), [][]float64{before, after, later},
		missing.ImputeOptions{M: 20, Iterations: 20, Seed: 1})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Printf("%.2f\n", r.Trace.RHat(2).Value)
	// Output: 1.00
}
