package factor_test

import (
	"context"
	"fmt"
	"math/rand/v2"

	"tidemark/analysis/factor"
)

// answers simulates n people who answer items on a scale from 1 to 5; the k-th
// item hangs on what they share by a weight.
func answers(random *rand.Rand, shared []float64, weights ...float64) [][]float64 {
	items := make([][]float64, len(weights))
	for i, w := range weights {
		for _, f := range shared {
			v := 3 + w*f + 0.7*random.NormFloat64()
			items[i] = append(items[i], min(5, max(1, float64(int(v+0.5)))))
		}
	}
	return items
}

// people draws what n people have in common with their answers.
func people(random *rand.Rand, n int) []float64 {
	f := make([]float64, n)
	for i := range f {
		f[i] = random.NormFloat64()
	}
	return f
}

func ExampleOmega() {
	random := rand.New(rand.NewPCG(1, 1))
	items := answers(random, people(random, 200), 0.9, 0.5, 0.8, 0.7)
	r, err := factor.Omega(context.Background(), items, factor.OmegaOptions{Resamples: 1000, Seed: 3})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Printf("omega = %.2f [%.2f, %.2f], n = %d\n", r.Omega.Value, r.CI.Low, r.CI.High, r.N)
	// Output: omega = 0.75 [0.68, 0.80], n = 200
}

func ExampleOmegaHierarchical() {
	random := rand.New(rand.NewPCG(2, 2))
	all := people(random, 400)
	var items [][]float64
	for range 3 { // three facets of one trait
		own := people(random, 400)
		for i := range own {
			own[i] = 0.8*all[i] + 0.6*own[i]
		}
		items = append(items, answers(random, own, 0.9, 0.8, 0.7)...)
	}
	r, err := factor.OmegaHierarchical(context.Background(), items, 3, factor.Options{})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Printf("total %.2f, of which general %.2f\n", r.Total.Value, r.Hierarchical.Value)
	// Output: total 0.88, of which general 0.68
}

func ExampleCFA() {
	random := rand.New(rand.NewPCG(3, 3))
	items := answers(random, people(random, 300), 0.9, 0.5, 0.8, 0.7)
	r, err := factor.CFA(context.Background(), items, factor.Options{Names: []string{"kind", "calm", "clear", "warm"}})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Printf("χ²(%.0f) = %.2f, CFI %.3f, RMSEA %.3f [%.3f, %.3f], SRMR %.3f\n", r.Fit.DF.Value, r.Fit.ChiSquare.Value,
		r.Fit.CFI.Value, r.Fit.RMSEA.Value, r.Fit.RMSEACI.Low, r.Fit.RMSEACI.High, r.Fit.SRMR.Value)
	for _, i := range r.Items {
		fmt.Printf("%-5s %.2f (SE %.2f)\n", i.Name, i.Standardised.Value, i.StandardisedSE.Value)
	}
	// Output:
	// χ²(2) = 0.12, CFI 1.000, RMSEA 0.000 [0.000, 0.024], SRMR 0.004
	// kind  0.81 (SE 0.04)
	// calm  0.50 (SE 0.05)
	// clear 0.76 (SE 0.04)
	// warm  0.62 (SE 0.04)
}

func ExampleGroupInvariance() {
	random := rand.New(rand.NewPCG(4, 4))
	course, control := people(random, 200), people(random, 200)
	items := answers(random, append(course, control...), 0.9, 0.6, 0.8, 0.7)
	groups := make([]string, 400)
	for i := range groups {
		groups[i] = "course"
		if i >= 200 {
			groups[i] = "wait-list"
		}
	}
	r, err := factor.GroupInvariance(context.Background(), items, groups, factor.Options{})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Printf("loadings: ΔCFI %.3f, %s; intercepts: ΔCFI %.3f, %s\n",
		r.MetricTest.DeltaCFI.Value, r.MetricTest.Reading, r.ScalarTest.DeltaCFI.Value, r.ScalarTest.Reading)
	fmt.Println("held:", r.Held())
	// Output:
	// loadings: ΔCFI 0.000, holds; intercepts: ΔCFI 0.000, holds
	// held: scalar
}

func ExampleWaveInvariance() {
	random := rand.New(rand.NewPCG(5, 5))
	before := people(random, 300)
	after := people(random, 300)
	for i := range after { // the same people, half a standard deviation higher
		after[i] = 0.5 + 0.7*before[i] + 0.7*after[i]
	}
	waves := [][][]float64{answers(random, before, 0.9, 0.6, 0.8, 0.7), answers(random, after, 0.9, 0.6, 0.8, 0.7)}
	r, err := factor.WaveInvariance(context.Background(), waves, []string{"before", "after"}, factor.Options{})
	if err != nil {
		fmt.Println(err)
		return
	}
	change := r.LatentMeans[1]
	fmt.Printf("held: %s; latent change %.2f [%.2f, %.2f]\n", r.Held(), change.Mean.Value, change.CI.Low, change.CI.High)
	// Output: held: scalar; latent change 0.51 [0.37, 0.65]
}
