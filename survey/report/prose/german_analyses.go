package prose

import (
	"tidemark/survey/plan"
	"tidemark/survey/report/paper"
)

func (v german) change(w *line, f *facts) {
	said := false
	for _, o := range f.oncePerScale() {
		r := o.Change.Main().Reliable
		if !r.Threshold.OK() {
			continue
		}
		if !said {
			w.put("Die Veränderung einer Person gilt als reliabel, wenn sie 1,96 × *SD* × √2 × √(1 − Reliabilität) übersteigt [jacobson1991].")
			said = true
		}
		w.put("Auf {} sind das {} Punkte (Reliabilität {}, *SD* = {}", v.scale(o.Scale), w.n.bound(r.Threshold.Value, o.Places()),
			w.n.unit(r.Reliability.Value, 2), w.n.decimal(r.SD.Value, o.Places()))
		switch source := o.Change.Reliability.Source; {
		case fromSample(f.p, o):
			w.more("; beides von allen, die {} antworteten", v.at(f, f.byShort(o.Pre)))
		case source != "":
			w.more("; Quelle: {}", source)
		}
		w.more(").")
	}
	v.thresholds(w, f)
}

func (v german) thresholds(w *line, f *facts) {
	said := false
	for _, o := range f.oncePerScale() {
		if o.Responders == nil {
			continue
		}
		w.put("Auf {} gilt als Ansprechen eine Veränderung zum Besseren um mindestens {} Punkte", v.scale(o.Scale), w.n.plain(o.Responders.Threshold))
		if o.Responders.Source != "" {
			w.more(" (Quelle: {})", o.Responders.Source)
		}
		w.more("; wessen späterer Wert fehlt, zählt als nicht ansprechend.")
		if !said {
			w.put("Anteile haben das Intervall von <wilson1927>")
			if o.Responders.Difference != nil {
				w.more(", ihre Differenz das von <newcombe1998> und die Number Needed to Treat das von <altman1998>")
			}
			w.more(".")
			said = true
		}
	}
}

func (v german) varied(w *line, f *facts) {
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
	add(second(plan.MixedModel), as("ein gemischtes Modell aller Werte"))
	add(second(plan.PairedChange), func() string { return v.observed(f) })
	add(second(plan.ANCOVA), citing("eine Kovarianzanalyse der späteren Werte, adjustiert für den Wert vor dem Kurs", "vickers2001"))
	add(second(plan.MultipleImputation), func() string { return v.imputed(w, f) })
	add(first != plan.PairedChange && first != plan.ANCOVA && population(plan.Completers), as("die primäre Auswertung mit allen, die beide Werte haben"))
	add(population(plan.PerProtocol), func() string { return v.protocol(f) })
	add(f.sensitivity(plan.DeltaAdjusted), func() string {
		return "imputierte spätere Werte, verschlechtert um " + v.deltas(f) + " Standardabweichungen der Werte vor dem Kurs"
	})
	add(f.sensitivity(plan.RankBased), func() string { return v.ranks(w, f) })
	add(f.sensitivity(plan.Permutation), citing("ein Permutationstest", "phipson2010"))
	add(f.sensitivity(plan.RobustErrors), citing("die Kovarianzanalyse mit Standardfehlern, die ungleiche Streuungen zulassen (HC3)", "mackinnon1985"))
	if len(ways) > 0 {
		w.put(plural(len(ways), "Als Sensitivitätsanalyse dient ", "Als Sensitivitätsanalysen dienen ") + w.n.listLong(ways) + ".")
	}
}

func (german) observed(f *facts) string {
	if f.anyBetween() {
		return "die beobachtete Veränderung aller, die beide Werte haben (*t*-Test für abhängige Stichproben, zwischen Gruppen Welchs *t*-Test)"
	}
	return "die beobachtete Veränderung aller, die beide Werte haben (*t*-Test für abhängige Stichproben)"
}

func (german) protocol(f *facts) string {
	n := f.sessions()
	switch {
	case n == 0:
		return "die primäre Auswertung mit allen, die am Kurs ausreichend teilnahmen"
	case f.anyBetween():
		return "die primäre Auswertung mit allen, die zu mindestens " + plural(n, "einem", zahl(n)) + " Treffen kamen, und den Gruppen ohne Treffen"
	}
	return "die primäre Auswertung mit allen, die zu mindestens " + plural(n, "einem", zahl(n)) + " Treffen kamen"
}

func (v german) deltas(f *facts) string {
	var names []string
	for _, d := range f.p.Plan.Content.Missing.Deltas {
		names = append(names, v.numerals().plain(d))
	}
	return v.numerals().list(names)
}

func (german) ranks(w *line, f *facts) string {
	tests := "der Test von " + w.cites.cite("wilcoxon1945", false)
	if f.anyBetween() {
		tests = "die Tests von " + w.cites.cite("wilcoxon1945", false) + " und, zwischen Gruppen, von " + w.cites.cite("mann1947", false)
	}
	return tests + " mit der Schätzung von " + w.cites.cite("hodges1963", false)
}

func (german) imputed(w *line, f *facts) string {
	m := f.p.Plan.Content.Missing
	return "multiple Imputation (" + w.n.count(m.Imputations) + " Imputationen durch verkettete Gleichungen mit Predictive Mean Matching, Startwert " +
		w.n.count(int(m.Seed)) + ") " + w.cites.cite("vanbuuren2018; white2011", true) + ", zusammengefasst nach den Regeln von " +
		w.cites.cite("rubin1987", false) + " mit den Freiheitsgraden von " + w.cites.cite("barnard1999", false)
}
