package prose

import (
	"tidemark/survey/plan"
	"tidemark/survey/report/paper"
)

// change says from where on the change of a person counts.
func (v english) change(w *line, f *facts) {
	said := false
	for _, o := range f.oncePerScale() {
		r := o.Change.Main().Reliable
		if !r.Threshold.OK() {
			continue
		}
		if !said {
			w.put("A person’s change counts as reliable when it exceeds 1.96 × *SD* × √2 × √(1 − reliability) [jacobson1991].")
			said = true
		}
		source := o.Change.Reliability.Source
		if fromSample(f.p, o) {
			source = "both of everyone who answered " + v.at(f, f.byShort(o.Pre))
		}
		w.put("For {} this is {} points (reliability {}, *SD* = {}", scaleWithin(o), w.n.bound(r.Threshold.Value, o.Places()),
			w.n.unit(r.Reliability.Value, 2), w.n.decimal(r.SD.Value, o.Places()))
		if source != "" {
			w.more("; {}", source)
		}
		w.more(").")
	}
	v.thresholds(w, f)
}

func (v english) thresholds(w *line, f *facts) {
	said := false
	for _, o := range f.oncePerScale() {
		if o.Responders == nil {
			continue
		}
		w.put("In {}, people responded when they changed for the better by at least {} points", scaleWithin(o), w.n.plain(o.Responders.Threshold))
		if o.Responders.Source != "" {
			w.more(" ({})", o.Responders.Source)
		}
		w.more("; those without a later score count as not having responded.")
		if !said {
			w.put("Shares have the interval of <wilson1927>")
			if o.Responders.Difference != nil {
				w.more(", their difference that of <newcombe1998>, and the number needed to treat that of <altman1998>")
			}
			w.more(".")
			said = true
		}
	}
}

// varied names the sensitivity analyses that were made.
func (v english) varied(w *line, f *facts) {
	var ways []string
	// Naming cites, so only what was made is named.
	add := func(made bool, name func() string) {
		if made {
			ways = append(ways, name())
		}
	}
	as := func(name string) func() string { return func() string { return name } }
	citing := func(name, keys string) func() string {
		return func() string { return name + " " + w.cites.cite(keys, true) }
	}
	first := f.primaryEstimator()
	second := func(e plan.Estimator) bool { return e != first && f.estimator(e) }
	population := func(k plan.PopulationKind) bool {
		return f.uses(func(e *paper.Estimate) bool { return e.Estimator == first && e.Population == k && e.Sensitivity == "" })
	}
	before := len(w.s)
	w.put("Sensitivity analyses are ")
	add(second(plan.MixedModel), as("a mixed model of all scores"))
	add(second(plan.PairedChange), func() string { return v.observed(f) })
	add(second(plan.ANCOVA), citing("an analysis of covariance of later scores adjusted for the score before the course", "vickers2001"))
	add(second(plan.MultipleImputation), func() string { return v.imputed(w, f) })
	add(first != plan.PairedChange && first != plan.ANCOVA && population(plan.Completers), as("the primary analysis of those with both scores"))
	add(population(plan.PerProtocol), func() string { return v.protocol(f) })
	add(f.sensitivity(plan.DeltaAdjusted), func() string {
		return "imputed later scores made worse by " + v.deltas(f) + " standard deviations of the scores before the course"
	})
	add(f.sensitivity(plan.RankBased), func() string { return v.ranks(w, f) })
	add(f.sensitivity(plan.Permutation), citing("a permutation test", "phipson2010"))
	add(f.sensitivity(plan.RobustErrors), citing("the analysis of covariance with standard errors that allow for unequal spread (HC3)", "mackinnon1985"))
	if len(ways) == 0 {
		w.s = w.s[:before]
		return
	}
	// The list has marks of its own, so it is a template; names in it are ours.
	w.more(w.n.listLong(ways) + ".")
}

func (english) observed(f *facts) string {
	if f.anyBetween() {
		return "the observed change of those with both scores (paired and, between groups, Welch’s *t* test)"
	}
	return "the observed change of those with both scores (paired *t* test)"
}

func (v english) protocol(f *facts) string {
	if n := f.sessions(); n > 0 {
		text := "the primary analysis of those who came to at least " + counted(n, "meeting")
		if f.anyBetween() {
			text += " and of the groups that have none"
		}
		return text
	}
	return "the primary analysis of those who kept to the course"
}

func (v english) deltas(f *facts) string {
	var names []string
	for _, d := range f.p.Plan.Content.Missing.Deltas {
		names = append(names, v.numerals().plain(d))
	}
	return v.numerals().list(names)
}

func (v english) ranks(w *line, f *facts) string {
	tests := "the test of " + w.cites.cite("wilcoxon1945", false)
	if f.anyBetween() {
		tests = "the tests of " + w.cites.cite("wilcoxon1945", false) + " and, between groups, of " + w.cites.cite("mann1947", false)
	}
	return tests + " with the estimate of " + w.cites.cite("hodges1963", false)
}

// imputed describes multiple imputation as one of several analyses.
func (v english) imputed(w *line, f *facts) string {
	m := f.p.Plan.Content.Missing
	return "multiple imputation (" + w.n.count(m.Imputations) + " imputations by chained equations with predictive mean matching, seed " +
		w.n.count(int(m.Seed)) + ") " + w.cites.cite("vanbuuren2018; white2011", true) + ", pooled by the rules of " + w.cites.cite("rubin1987", false) +
		" with the degrees of freedom of " + w.cites.cite("barnard1999", false)
}

// imputation describes it as the primary analysis.
func (v english) imputation(w *line, f *facts) {
	m := f.p.Plan.Content.Missing
	w.put("There were {} imputations by chained equations with predictive mean matching (seed {}) [vanbuuren2018; white2011], "+
		"pooled by the rules of <rubin1987> with the degrees of freedom of <barnard1999>.", w.n.count(m.Imputations), w.n.count(int(m.Seed)))
}
