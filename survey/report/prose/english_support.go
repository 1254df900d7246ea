package prose

import (
	"tidemark/survey/plan"
	"tidemark/survey/report/paper"
)

func (v english) support(w *line, s *support) {
	better := "" // points are counted in the direction of benefit
	if s.turned() {
		better = " for the better"
	}
	switch n := len(s.others); {
	case s.verdict == nothing || n == 0:
		return
	case n == 1 && s.same == 1:
		w.put("The one other analysis of this question points in the same direction ({} points{})", w.n.decimal(s.low, s.places), better)
	case s.same == n:
		w.put("{} other analyses of this question point in the same direction (from {} to {} points{})",
			plural(n-1, "Both", "All "+number(n)), w.n.decimal(s.low, s.places), w.n.decimal(s.high, s.places), better)
	case n == 1:
		w.put("The one other analysis of this question does not point in the same direction ({} points{})", w.n.decimal(s.low, s.places), better)
	default:
		lead := "this one does not"
		if len(s.against) > 1 {
			lead = "these do not"
		}
		agree := number(s.same) + plural(s.same, " points", " point")
		if s.same == 0 {
			agree = "none points"
		}
		w.put("Of {} other analyses of this question, {} in the same direction (all: from {} to {} points{}); {}: {}",
			number(n), agree, w.n.decimal(s.low, s.places), w.n.decimal(s.high, s.places), better, lead, v.ways(w, s.against))
	}
	switch n := len(s.others); {
	case s.same == 0:
	case s.clear == n && n > 1:
		w.more(", and the interval of each leaves out zero")
	case s.clear == n:
		w.more(", and its interval leaves out zero")
	case s.clear == 0 && n > 1:
		w.more(", but the interval of none of them leaves out zero")
	case s.clear == 0:
		w.more(", but its interval does not leave out zero")
	default:
		w.more("; the interval of {} of them leaves out zero", number(s.clear))
	}
	if s.unknown > 0 {
		w.more("; {} more could not be estimated or {} not shown", number(s.unknown), plural(s.unknown, "is", "are"))
	}
	w.more(".")
}

func (v english) ways(w *line, estimates []*paper.Estimate) string {
	var names []string
	for _, e := range estimates {
		names = append(names, v.way(e))
	}
	return w.n.list(distinct(names))
}

// way names a way to an estimate inside a sentence.
func (v english) way(e *paper.Estimate) string {
	n := v.numerals()
	switch e.Sensitivity {
	case plan.DeltaAdjusted:
		return "imputed scores made worse by " + n.plain(e.Delta) + " SD"
	case plan.RankBased:
		return "the rank-based analysis"
	case plan.Permutation:
		return "the permutation test"
	case plan.RobustErrors:
		return "the ANCOVA with robust standard errors"
	case plan.MissingNoResponse:
		return "missing scores counted as no response"
	}
	who := " of " + v.population(e.Population)
	switch e.Estimator {
	case plan.MixedModel:
		return "the mixed model" + who
	case plan.PairedChange:
		return "the observed change" + who
	case plan.ANCOVA:
		return "the ANCOVA" + who
	case plan.MultipleImputation:
		return "multiple imputation"
	}
	return string(e.Estimator) + who
}

func (english) population(k plan.PopulationKind) string {
	switch k {
	case plan.Completers:
		return "those with both scores"
	case plan.PerProtocol:
		return "those who kept to the course"
	case plan.Everybody:
	}
	return "everybody"
}
