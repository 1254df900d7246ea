package paper

import (
	"strconv"

	"tidemark/survey/plan"
)

// Label names a way to an estimate and whose scores enter.
func (e *Estimate) Label() string {
	return e.how() + ", " + populationName(e.Population)
}

func (e *Estimate) how() string {
	switch e.Sensitivity {
	case plan.DeltaAdjusted:
		return "Imputed scores worse by " + number(e.Delta) + " SD"
	case plan.RankBased:
		return "Ranks (Hodges–Lehmann)"
	case plan.Permutation:
		return "Permutation test"
	case plan.RobustErrors:
		return "ANCOVA, robust errors"
	case plan.MissingNoResponse:
		return "Missing counted as no response"
	}
	switch e.Estimator {
	case plan.MixedModel:
		return "Mixed model"
	case plan.PairedChange:
		return "Observed change"
	case plan.ANCOVA:
		return "ANCOVA"
	case plan.MultipleImputation:
		return "Multiple imputation"
	}
	return string(e.Estimator)
}

func populationName(k plan.PopulationKind) string {
	switch k {
	case plan.Everybody:
		return "everybody"
	case plan.Completers:
		return "those with both scores"
	case plan.PerProtocol:
		return "those who kept to the course"
	}
	return string(k)
}

func number(v float64) string { return strconv.FormatFloat(v, 'g', 3, 64) }
