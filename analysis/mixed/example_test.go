package mixed_test

import (
	"context"
	"fmt"
	"math"

	"tidemark/analysis/design"
	"tidemark/analysis/mixed"
)

// scores are four people, two an arm, at three weeks; one value is missing.
func scores() []design.Column {
	return []design.Column{
		design.Factor("person", []string{"a", "a", "a", "b", "b", "b", "c", "c", "c", "d", "d", "d"}),
		design.Factor("arm", []string{
			"wait", "wait", "wait", "wait", "wait", "wait", "course", "course", "course", "course", "course", "course",
		}, "wait", "course"),
		design.Numeric("week", []float64{0, 4, 8, 0, 4, 8, 0, 4, 8, 0, 4, 8}),
		design.Numeric("score", []float64{20, 22, 21, 15, 16, math.NaN(), 18, 22, 27, 24, 27, 31}),
	}
}

func ExampleLMM() {
	d, err := design.Build("score ~ week * arm + (1 | person)", scores())
	if err != nil {
		fmt.Println(err)
		return
	}
	r, err := mixed.LMM(context.Background(), d, mixed.LMMOptions{})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Printf("%s, %d people, %d rows, %d excluded\n", r.Estimator, r.Groups, r.Rows, r.Excluded)
	for _, c := range r.Coefficients {
		t := c.Satterthwaite
		fmt.Printf("%-15s %6.2f, 95 %% CI %6.2f to %6.2f, t(%.1f) = %.2f\n",
			c.Name, c.Estimate.Value, t.CI.Low, t.CI.High, t.DF.Value, t.T.Value)
	}
	fmt.Printf("variance between people %.1f, within %.2f\n", r.Random[0].Variance[0].Value, r.Residual.Value)
	// Output:
	// REML, 4 people, 11 rows, 1 excluded
	// (Intercept)      17.79, 95 % CI   7.12 to  28.46, t(2.1) = 6.90
	// week              0.16, 95 % CI  -0.15 to   0.47, t(5.0) = 1.29
	// armcourse         3.04, 95 % CI -12.06 to  18.14, t(2.1) = 0.83
	// week:armcourse    0.84, 95 % CI   0.45 to   1.24, t(5.0) = 5.47
	// variance between people 12.8, within 0.59
}

func ExampleLMMResult_Contrast() {
	d, err := design.Build("score ~ week * arm + (1 | person)", scores())
	if err != nil {
		fmt.Println(err)
		return
	}
	r, err := mixed.LMM(context.Background(), d, mixed.LMMOptions{})
	if err != nil {
		fmt.Println(err)
		return
	}
	points, err := d.At([]design.Column{
		design.Factor("arm", []string{"wait", "course"}), design.Numeric("week", []float64{8, 8}),
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	difference := make([]float64, len(d.X))
	for j := range difference {
		difference[j] = points[1].Weights[j] - points[0].Weights[j]
	}
	c := r.Contrast("course − wait at week 8", difference)
	fmt.Printf("%s: %.2f, SE %.2f\n", c.Name, c.Estimate.Value, c.Satterthwaite.SE.Value)
	// Output:
	// course − wait at week 8: 9.79, SE 3.67
}

func ExampleMMRM() {
	d, err := design.Build("score ~ arm * factor(week)", scores(), "person", "week")
	if err != nil {
		fmt.Println(err)
		return
	}
	r, err := mixed.MMRM(context.Background(), d, mixed.MMRMOptions{Fallback: mixed.Ladder()})
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, a := range r.Attempts { // four people are too few for six covariances
		if a.Reason == "" {
			fmt.Printf("%s: used\n", a.Covariance)
			continue
		}
		fmt.Printf("%s: %s\n", a.Covariance, a.Reason.Explain())
	}
	last := r.Coefficients[5]
	fmt.Printf("%s %.2f\n", last.Name, last.Estimate.Value)
	// Output:
	// us: the covariance matrix of the occasions is singular
	// toeph: the covariance matrix of the occasions is singular
	// ar1: used
	// armcourse:factor(week)8 7.45
}

func ExampleTrial_MMRM() {
	trial := mixed.Trial{
		Person: []string{"a", "a", "b", "b", "c", "c", "d", "d", "e", "e", "f", "f"},
		Arm:    []string{"wait", "wait", "wait", "wait", "wait", "wait", "course", "course", "course", "course", "course", "course"},
		Visit:  []string{"pre", "post", "pre", "post", "pre", "post", "pre", "post", "pre", "post", "pre", "post"},
		Y:      []float64{20, 21, 15, 17, 17, 16, 18, 24, 24, 29, 19, 24},
		Arms:   []string{"wait", "course"}, Visits: []string{"pre", "post"},
		EqualBaseline: true,
	}
	_, means, err := trial.MMRM(context.Background(), mixed.MMRMOptions{})
	if err != nil {
		fmt.Println(err)
		return
	}
	d := means.Differences[1]
	fmt.Printf("%s %s: difference %.2f, 95 %% CI %.2f to %.2f\n",
		d.Arm, d.Visit, d.Estimate.Value, d.Satterthwaite.CI.Low, d.Satterthwaite.CI.High)
	fmt.Println("at baseline:", means.Differences[0].Estimate)
	// Output:
	// course post: difference 5.03, 95 % CI 2.53 to 7.52
	// at baseline: not estimable: it is not defined for this model
}

func ExampleLadder() {
	fmt.Println(mixed.Ladder())
	// Output:
	// [toeph ar1 cs]
}
