package prose

import (
	"tidemark/survey"
	"tidemark/survey/plan"
	"tidemark/survey/report"
	"tidemark/survey/report/paper"
)

func (v english) methods(f *facts) []draft {
	return []draft{
		{"Design and participants", func(p *paragraphs) { v.design(p.begin(), f) }},
		{"Measures", func(p *paragraphs) { v.measures(p, f) }},
		{"Statistical analysis", func(p *paragraphs) {
			v.plan(p.begin(), f)
			v.estimator(p.begin(), f)
			v.missing(p.begin(), f)
			v.inference(p.begin(), f)
			v.change(p.begin(), f)
			v.varied(p.begin(), f)
			v.parts(p.begin(), f)
			v.software(p.begin(), f)
		}},
	}
}

func (v english) design(w *line, f *facts) {
	if arms := f.p.Flow.Arms; len(arms) > 1 {
		w.put("{} took part in one of {}", capital(people(f.p.Flow.Enrolled)), counted(len(arms), "group"))
		for i, a := range arms {
			w.more(w.n.joint(i, len(arms), ": ")+"{} (*n* = {})", v.group(a.Arm), w.n.count(a.Allocated))
		}
		w.more(".")
	} else {
		w.put("{} took part; there was no comparison group.", capital(people(f.p.Flow.Enrolled)))
	}
	v.allocated(w, f)
	if n := len(f.p.Runs); n > 1 {
		w.put("The course was held {}.", counted(n, "time"))
	}
	if n := f.p.Source.Meetings; n > 0 {
		w.put("It had {}.", counted(n, "meeting"))
	}
	if when := v.occasions(f); len(when) > 0 {
		w.put("Questionnaires were answered {}.", w.n.list(when))
	}
	if len(f.p.Flow.Arms) > 1 {
		w.put("The flow of people is reported after the CONSORT statement [schulz2010].")
	}
}

// occasions are the waves in order, the weekly ones together.
func (v english) occasions(f *facts) []string {
	var when []string
	weekly := false
	for _, wave := range f.p.Waves {
		switch {
		case wave.Kind != survey.WaveDuring:
			when = append(when, v.at(f, wave))
		case !weekly:
			weekly = true
			when = append(when, counted(f.weekly(), "time")+" during the course")
		}
	}
	return when
}

func (v english) plan(w *line, f *facts) {
	used := f.p.Plan
	if len(f.p.Outcomes) == 0 {
		return
	}
	if !used.Locked() {
		w.put("No plan had been locked, so all outcomes are exploratory.")
		w.put("The first of them is {}.", v.question(f, f.main()))
		return
	}
	w.put("Outcomes and methods were fixed in an analysis plan locked on {} (version {}; SHA-256 {} …).",
		w.n.date(used.LockedAt), w.n.count(used.Version), f.planHash())
	if !f.leads() {
		w.put("The data have no outcome that the plan calls primary; the first one reported is {}.", v.question(f, f.main()))
	} else {
		primary := []string{v.question(f, f.main())}
		for _, o := range f.standing(plan.Primary) {
			primary = append(primary, v.question(f, o))
		}
		w.put(plural(len(primary), "The primary outcome was {}.", "The primary outcomes were {}."), w.n.list(primary))
	}
	if n := f.family(plan.Secondary); n > 0 {
		w.put(plural(n, "{} secondary outcome was announced.", "{} secondary outcomes were announced."), capital(number(n)))
	}
	if len(f.standing(plan.Exploratory)) > 0 {
		w.put("Outcomes that the plan does not name are exploratory.")
	}
}

func plural(n int, one, many string) string {
	if n == 1 {
		return one
	}
	return many
}

// question is an outcome as a noun.
func (v english) question(f *facts, o *paper.Outcome) string {
	x := f.finding(o)
	subject := report.Within(label(o.Scale)) + " " + v.span(x)
	if o.Against != "" {
		return "the difference in the change of " + subject + " between " + v.group(o.Arm) + " and " + v.group(o.Against)
	}
	return "the change in " + subject + v.within(o)
}

func (v english) estimator(w *line, f *facts) {
	o := f.main()
	if o == nil {
		return
	}
	e := o.Primary()
	who := v.population(e.Population)
	switch e.Estimator {
	case plan.MixedModel:
		v.mixed(w, f, who)
	case plan.PairedChange:
		w.put("The primary estimates are the observed changes of {}, with the paired *t* test within a group and Welch’s *t* test between groups [welch1947].", who)
	case plan.ANCOVA:
		w.put("The primary estimates come from an analysis of covariance of {}: later scores by group, adjusted for the score before the course [vickers2001].", who)
	case plan.MultipleImputation:
		w.put("The primary estimates come from multiple imputation of everybody’s missing scores.")
		v.imputation(w, f)
	}
	v.covariates(w, f)
	w.put("*g* is the primary estimate divided by the standard deviation of everyone’s scores before the course, with the small-sample correction of <hedges1981>; " +
		"its interval takes that standard deviation as known.")
}

func (v english) mixed(w *line, f *facts, who string) {
	t, ok := f.p.Trajectory(f.main().Scale.Key)
	if !ok {
		return
	}
	w.put("The primary estimates come from a linear mixed model of all scores of {} at all waves at which the scale was asked, with a mean for each group and wave ({}; restricted maximum likelihood)", who, t.Formula)
	switch t.Structure {
	case plan.RandomIntercept:
		w.more(" and random intercepts of people.")
	case plan.RandomSlope:
		w.more(" and random intercepts and slopes of people.")
	case plan.Unstructured:
		w.more(" and an unstructured covariance of the waves [mallinckrodt2008].")
	}
	w.put("Means given with these estimates are those of the model.")
	if t.Fallback != "" {
		w.put("The data did not allow the structure that was asked for; the next simpler one was fitted.")
	}
	switch t.DF {
	case plan.Satterthwaite:
		w.put("Degrees of freedom are Satterthwaite’s [kuznetsova2017].")
	case plan.KenwardRoger:
		w.put("Degrees of freedom and standard errors are those of <kenward1997>.")
	}
}

func (v english) covariates(w *line, f *facts) {
	var names []string
	for _, c := range f.p.Plan.Content.Covariates {
		switch c.Kind {
		case plan.CovariateRun:
			names = append(names, "the course run")
		case plan.CovariateScale:
			names = append(names, report.Within(f.scaleName(c.Key))+" before the course")
		case plan.CovariateColumn:
			names = append(names, c.Key)
		}
	}
	if len(names) > 0 {
		w.put("Models are adjusted for {}.", w.n.list(names))
	}
}

func (v english) missing(w *line, f *facts) {
	if f.main() == nil {
		return
	}
	switch f.p.Plan.Content.Missing.Strategy {
	case plan.Likelihood:
		w.put("People with missing later scores stay in the primary analysis; it is valid when what is missing depends only on what was observed [little2019].")
	case plan.Imputation:
		w.put("Missing scores were imputed in the primary analysis, which is valid when what is missing depends only on what was observed [little2019].")
	case plan.CompleteCases:
		w.put("The primary analysis leaves out people who lack a score it needs, which is valid when the loss has nothing to do with the outcome [little2019].")
	}
	if f.p.Missing.P.OK() {
		w.put("Whether scores are missing completely at random was examined by the test of <little1988>; whether the loss depends on what was not observed no test can show.")
	}
	if len(f.p.Baseline) > 0 {
		who := "Those lost and those who stayed"
		if len(f.p.Arms) > 1 {
			who = "The groups, and those lost and those who stayed,"
		}
		w.put("{} are compared before the course by standardised differences instead of tests [austin2009].", who)
	}
}

func (v english) inference(w *line, f *facts) {
	if f.main() == nil {
		return
	}
	w.put("Tests are two-sided at α = {}, intervals cover {}.", w.n.unit(f.p.Plan.Content.Alpha, 2), w.n.level(f.p.Level))
	m := f.p.Plan.Content.Multiplicity
	for _, family := range []struct {
		as   plan.Standing
		name string
		how  plan.Adjustment
	}{{plan.Primary, "primary", m.Primary}, {plan.Secondary, "secondary", m.Secondary}, {plan.Exploratory, "exploratory", m.Exploratory}} {
		n := f.family(family.as)
		if n < 2 {
			continue
		}
		switch family.how {
		case plan.Holm:
			w.put("*p* values of the {} {} outcomes are adjusted by the method of <holm1979>.", number(n), family.name)
		case plan.BenjaminiHochberg:
			w.put("*p* values of the {} {} outcomes are adjusted by the method of <benjamini1995>, which controls the expected share of false findings.", number(n), family.name)
		case plan.Unadjusted:
			w.put("*p* values of the {} {} outcomes are not adjusted for their number.", number(n), family.name)
		}
	}
	if f.p.Minimum > 1 {
		w.put("Results that rest on fewer than {} are not shown.", people(f.p.Minimum))
	}
}

func (v english) software(w *line, f *facts) {
	if f.p.Version != "" {
		w.put("The analysis was computed with Tidemark, version {}.", f.p.Version)
	}
}
