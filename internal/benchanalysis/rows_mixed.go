package main

import (
	"context"
	"math"

	"tidemark/analysis/design"
	"tidemark/analysis/mixed"
)

// mixedRows are the models of repeated measurements. Building the design is part
// of the work, as it is in R.
func mixedRows() []row {
	return []row{
		{
			id: "5a", work: "REML random intercept, y ~ week*arm, 2,000 × 10",
			checks:  interceptChecks(0.302458109091, 3.01292449968, 4.1078661268, -53419.431491482),
			prepare: func(in *inputs) task { return interceptModel(in.weekly(2000)) },
		},
		{
			id: "5b", work: "5a with Satterthwaite's degrees of freedom",
			checks: append(interceptChecks(0.302458109091, 3.01292449968, 4.1078661268, -53419.431491482),
				check{"df of week:arm", 17998, 1e-6, 1e-4}),
			prepare: func(in *inputs) task { return withDegrees(in.weekly(2000)) },
		},
		{
			id: "5c", work: "REML random intercept and slope, 2,000 × 10, no slope variance",
			checks: []check{
				{"week:arm", 0.302458109091, 1e-10, 1e-6},
				{"REML log-likelihood", -53419.4061798, 1e-11, 1e-8},
			},
			prepare: func(in *inputs) task { return slopeModel(in.weekly(2000)) },
		},
		{
			id: "5d", work: "as 5a, 20,000 × 10",
			checks:  interceptChecks(0.300834947879, 3.00093323077, 3.9680355109, -532753.52126377),
			prepare: func(in *inputs) task { return interceptModel(in.weekly(20000)) },
		},
		{
			id: "6a", work: "REML unstructured 6 × 6, y ~ visit*arm, 200 × 6, complete",
			checks:    visitChecks(),
			prepare:   func(in *inputs) task { return visitModel(in.visits()) },
			elsewhere: published{way: "mmrm", seconds: 0.138, beside: "nlme::gls", besideTook: 2.95},
		},
	}
}

func interceptChecks(effect, residual, level, logLik float64) []check {
	return []check{
		{"week:arm", effect, 1e-10, 1e-6},
		{"residual SD", residual, 1e-8, 1e-4},
		{"SD of intercepts", level, 1e-8, 1e-4},
		{"REML log-likelihood", logLik, 1e-12, 1e-8},
	}
}

func visitChecks() []check {
	return []check{
		{"arm at visit 6", 2.84199, 1e-9, 1e-4},
		{"its SE", 0.7929856159, 1e-9, 1e-4},
		{"REML log-likelihood", -3354.0882265532, 1e-12, 1e-7},
	}
}

func (w weekly) columns() []design.Column {
	person := make([]float64, len(w.person))
	for i, p := range w.person {
		person[i] = float64(p)
	}
	return []design.Column{
		design.Numeric("id", person), design.Numeric("arm", w.arm), design.Numeric("week", w.week), design.Numeric("y", w.y),
	}
}

// fitWeekly fits a formula to the weekly scores and returns what to check.
func fitWeekly(w weekly, formula string, values func(mixed.LMMResult) []float64) task {
	columns := w.columns()
	return func(ctx context.Context) ([]float64, error) {
		d, err := design.Build(formula, columns)
		if err != nil {
			return nil, err
		}
		r, err := mixed.LMM(ctx, d, mixed.LMMOptions{})
		if err != nil {
			return nil, err
		}
		return values(r), nil
	}
}

func interceptValues(r mixed.LMMResult) []float64 {
	return []float64{
		r.Coefficients[3].Estimate.Value, math.Sqrt(r.Residual.Value), math.Sqrt(r.Random[0].Variance[0].Value), r.LogLikelihood.Value,
	}
}

func interceptModel(w weekly) task {
	return fitWeekly(w, "y ~ week*arm + (1 | id)", interceptValues)
}

func withDegrees(w weekly) task {
	return fitWeekly(w, "y ~ week*arm + (1 | id)", func(r mixed.LMMResult) []float64 {
		return append(interceptValues(r), r.Coefficients[3].Satterthwaite.DF.Value)
	})
}

func slopeModel(w weekly) task {
	return fitWeekly(w, "y ~ week*arm + (week | id)", func(r mixed.LMMResult) []float64 {
		return []float64{r.Coefficients[3].Estimate.Value, r.LogLikelihood.Value}
	})
}

func visitModel(v visits) task {
	n := len(v.person)
	person, visit := make([]float64, n), make([]float64, n)
	for i := range n {
		person[i], visit[i] = float64(v.person[i]), float64(v.visit[i])
	}
	columns := []design.Column{
		design.Numeric("id", person), design.Numeric("visit", visit), design.Numeric("arm", v.arm), design.Numeric("y", v.y),
	}
	return func(ctx context.Context) ([]float64, error) {
		d, err := design.Build("y ~ factor(visit)*arm", columns, "id", "visit")
		if err != nil {
			return nil, err
		}
		r, err := mixed.MMRM(ctx, d, mixed.MMRMOptions{})
		if err != nil {
			return nil, err
		}
		last := r.Coefficients[11]
		return []float64{last.Estimate.Value, last.Satterthwaite.SE.Value, r.LogLikelihood.Value}, nil
	}
}
