package main

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"slices"

	"tidemark/analysis"
	"tidemark/survey/report/sheet"
)

const level = 0.95

// rows is the table, in its order. Files are in dir.
func rows(dir string) []row {
	table := []row{
		{
			id: "1a", work: "paired t test, 1,000,000 pairs",
			checks:  pairedChecks(),
			prepare: func(in *inputs) task { return pairedT(in.pairs()) },
		},
		{
			id: "1b", work: "1a and d_z with its noncentral-t interval",
			checks: append(pairedChecks(),
				near("d_z", 0.286679653131, 1e-11),
				check{"its lower end", 0.284679755519, 1e-11, 2e-8},
				check{"its upper end", 0.288679412762, 1e-11, 2e-8}),
			prepare: func(in *inputs) task { return pairedEffects(in.pairs()) },
		},
		{
			id: "2a", work: "alpha, standardised alpha, ASE, item statistics, frequencies, 26 × 100,000",
			checks: append(alphaChecks(),
				near("ASE", 0.000294321089, 1e-8)),
			prepare: func(in *inputs) task { return alpha(in.items()) },
		},
		{
			id: "2b", work: "alpha, alpha if deleted, item–rest r only",
			checks: alphaChecks(),
			prepare: func(in *inputs) task {
				all := alpha(in.items())
				return func(ctx context.Context) ([]float64, error) {
					v, err := all(ctx)
					return v[:3], err
				}
			},
		},
		{
			id: "3a", work: "signed-rank test, 100,000 pairs with ties and zeros",
			checks:  []check{near("V", 1452329723.5, 1e-15)},
			prepare: func(in *inputs) task { return signedRank(in.integers(), false) },
		},
		{
			id: "3b", work: "3a with Hodges–Lehmann and its interval",
			checks: []check{
				near("V", 1452329723.5, 1e-15),
				{"Hodges–Lehmann", -1, 0, 1e-3},
				{"its lower end", -1, 0, 1e-3},
				{"its upper end", -1, 0, 1e-3},
			},
			prepare: func(in *inputs) task { return signedRank(in.integers(), true) },
		},
	}
	table = append(table, resampledRows()...)
	table = append(table, mixedRows()...)
	return append(table, []row{
		{
			id: "7", work: "CSV of 1,000,000 rows from a file: n, mean, SD by arm and wave",
			checks: []check{
				near("number of cells", 40, 0),
				near("n of the first", 25_000, 0),
				near("its mean", 2.998436200, 1e-9),
				near("its SD", 0.695726188, 1e-8),
			},
			prepare: func(*inputs) task { return longFileByGroups(filepath.Join(dir, longFile)) },
		},
		{
			id: "8", work: "small report, n = 120: alpha of 12, t, d_z, signed rank, Shapiro–Wilk",
			checks: []check{
				near("alpha", 0.832063006, 1e-8),
				near("t", 9.06288377, 1e-8),
				// R gives this for sums of items. For means, it ranks rounding
				// errors and gives 2.00478e-12.
				{"corrected normal p of the signed ranks", 2.249617158e-12, 1e-8, 0.2},
				near("p of Shapiro–Wilk", 0.261339, 1e-5),
			},
			prepare: func(in *inputs) task { return smallReport(in.small()) },
		},
	}...)
}

func pairedChecks() []check {
	return []check{
		near("t", 286.679653131, 1e-11),
		near("lower end of the change", 1.99202047168, 1e-11),
		near("upper end of the change", 2.01944599432, 1e-11),
	}
}

func alphaChecks() []check {
	return []check{
		near("alpha", 0.935465534315, 1e-11),
		near("alpha without i1", 0.933068054579, 1e-11),
		near("r of i1 with the rest", 0.577103862833, 1e-11),
	}
}

func pairedT(p pairs) task {
	return func(context.Context) ([]float64, error) {
		r := analysis.PairedT(p.pre, p.post, level)
		return []float64{r.T.Value, r.CI.Low, r.CI.High}, nil
	}
}

func pairedEffects(p pairs) task {
	return func(context.Context) ([]float64, error) {
		r, e := analysis.PairedMeans(p.pre, p.post, level)
		return []float64{r.T.Value, r.CI.Low, r.CI.High, e.Dz.Value, e.DzCI.Low, e.DzCI.High}, nil
	}
}

func alpha(items [][]float64) task {
	return func(context.Context) ([]float64, error) {
		r := analysis.Alpha(items, analysis.AlphaOptions{})
		first := r.Items[0]
		return []float64{r.Alpha.Value, first.AlphaIfDeleted.Value, first.RestR.Value, r.ASE.Value}, nil
	}
}

func signedRank(p pairs, located bool) task {
	return func(context.Context) ([]float64, error) {
		r := analysis.Wilcoxon(p.pre, p.post, level)
		v := []float64{r.VPlus.Value}
		if located {
			v = append(v, r.HodgesLehmann.Value, r.CI.Low, r.CI.High)
		}
		return v, nil
	}
}

// means are the means of people over their items.
func means(items [][]float64) []float64 {
	out := make([]float64, len(items[0]))
	for p := range out {
		for _, x := range items {
			out[p] += x[p]
		}
		out[p] /= float64(len(items))
	}
	return out
}

func smallReport(s smallStudy) task {
	pre, post := means(s.pre), means(s.post)
	return func(context.Context) ([]float64, error) {
		a := analysis.Alpha(s.pre, analysis.AlphaOptions{})
		r := analysis.Paired(pre, post, level)
		return []float64{a.Alpha.Value, r.T.T.Value, r.Rank.PNormalCorrected.Value, r.Change.ShapiroWilk.P.Value}, nil
	}
}

// longFileByGroups reads every column, as the ways in R do: who a row is of is
// not needed here, but always in a study.
func longFileByGroups(path string) task {
	return func(context.Context) ([]float64, error) {
		f, err := os.Open(path)
		if err != nil {
			return nil, err
		}
		defer f.Close()
		t, err := sheet.ReadTable(f, sheet.Want{Labels: []string{"id", "arm", "wave"}, Numbers: []string{"score"}})
		if err != nil {
			return nil, err
		}
		groups := t.Groups(0, 1, 2)
		at := slices.IndexFunc(groups, func(g sheet.Group) bool { return g.Labels[0] == "blended" && g.Labels[1] == "0" })
		if at < 0 {
			return nil, errors.New("there is no wave 0 of the blended arm")
		}
		g := groups[at]
		return []float64{float64(len(groups)), float64(g.N), g.Mean, g.SD}, nil
	}
}
